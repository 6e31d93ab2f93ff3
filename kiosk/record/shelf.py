"""What the provider's window reads: the sessions of a record or library, one of them whole, a series of one patient.

Read only, any number at once. The chain is the truth: what a library kept of a session (`summary`) only spares reading
its rows for a list, counts only for the chain as it ends now, and `problems` makes it again. Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from devices.reading import Reading
from kiosk.line.chart import Trend
from kiosk.record import remark, summary
from kiosk.record.fault import Reason, RecordError
from kiosk.record.hindsight import Result, judged
from kiosk.record.occurrence import Occurrence, Occurrences
from kiosk.record.reader import Problem, Reader, Row, SessionLine, WaveformRow
from kiosk.record.remark import Read
from kiosk.record.summary import Minutes, Summary, summed
from kiosk.record.view import BOOKKEEPING
from kiosk.session import events as e
from kiosk.session.limits import Limits
from kiosk.session.plan import Plan, PlanError
from kiosk.session.state import State
from kiosk.trace import Trace, is_high


class Entry(msgspec.Struct, frozen=True):
    """One session of the list: its line of `v_sessions` (verified: known, unknown, changed; None in a record) and what
    its rows come to. remarks: of the provider's, that count."""

    line: SessionLine
    summary: Summary
    remarks: int


class Session(msgspec.Struct, frozen=True):
    """One session as a whole. state: the fold of all its events. rows: events and readings in the chain's order.

    plan: as it was; None where its text is none that this program reads. pages: for the sitter's chart.
    """

    line: SessionLine
    summary: Summary
    state: State
    plan: Plan | None
    rows: tuple[Row, ...]
    alarms: tuple[Occurrence, ...]
    pages: tuple[Trend, ...]

    @property
    def story(self) -> tuple[Row, ...]:
        """The events that a person reads, as `v_story` has them: all but the program's bookkeeping."""
        return tuple(row for row in self.rows if row.text and row.kind not in BOOKKEEPING)


class Part(msgspec.Struct, frozen=True):
    """One session of a series. minutes: by zero ("opened", "started", "dose"), as far as the session has them."""

    line: SessionLine
    summary: Summary
    minutes: Minutes


class Series(msgspec.Struct, frozen=True):
    """Sessions of one patient, the oldest first. left_out: simulated and trial sessions of the same patient_id."""

    patient_id: str
    parts: tuple[Part, ...]
    left_out: int


class Shelf:
    """A record or library, open for reading; a context manager. home, RecordError: as for `Reader`."""

    def __init__(self, path: Path, home: Path | None = None) -> None:
        self.path = path
        self._reader = Reader(path, home)
        self._made: dict[tuple[str, str], tuple[Summary, Minutes]] = {}  # what the file did not keep, by id and head
        self._judged: dict[tuple[str, str, Limits], Result] = {}

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()

    @property
    def reader(self) -> Reader:
        """For who goes through the rows themselves, as a format does."""
        return self._reader

    def summary(self, session_id: str) -> Summary:
        """What one session's rows come to."""
        return self.kept(session_id).get(session_id) or self._from_rows(session_id)[0]

    def kept(self, session_id: str = "") -> dict[str, Summary]:
        """The summaries of all sessions, or of one, that need no row to be read, by session."""
        found: dict[str, Summary] = {}
        for one in self._reader.kept(session_id, minutes=False):
            if one.form == summary.FORM:
                with suppress(msgspec.MsgspecError):  # somebody wrote into it: made from the chain, told by `problems`
                    found[one.session_id] = summary.decode(one.summary)
        return found

    def entries(self) -> tuple[Entry, ...]:
        """All sessions, the newest first."""
        told, _ = self.remarks()
        said = [one.remark.session_id for one in told if one.counts]
        kept = self.kept()
        return tuple(
            Entry(
                line,
                kept.get(line.session_id) or self._from_rows(line.session_id)[0],
                said.count(line.session_id),
            )
            for line in reversed(self._reader.sessions())
        )

    def session(self, session_id: str) -> Session:
        """One session. Raises RecordError UNKNOWN_SESSION, UNREADABLE_ROW."""
        line = self._line(session_id)
        rows = tuple(self._reader.rows(session_id))
        state, alarms = State(), Occurrences()
        for row in rows:
            if not isinstance(row.what, Reading):
                state = state.apply(row.what, row.seq, row.stamp, row.t_s)
                alarms.take(row)
        plan = _plan(state)
        made = summed(rows).summary()
        return Session(line, made, state, plan, rows, alarms.all(), tuple(_pages(rows, plan)))

    def waveforms(self, session_id: str) -> Iterator[WaveformRow]:
        """Its blocks of waveform, as they are asked for."""
        yield from self._reader.waveforms(session_id)

    def series(self, patient_id: str) -> Series:
        """The sessions of a patient; simulated ones and trials only where there are no others."""
        lines = self._reader.sessions(patient_id=patient_id) if patient_id else []
        chosen = [line for line in lines if not line.simulated and line.kind == "patient"] or lines
        parts = tuple(Part(line, *self._summed(line.session_id)) for line in chosen)
        return Series(patient_id, parts, len(lines) - len(chosen))

    def judged(self, session_id: str, limits: Limits) -> Result:
        """The alarms that these limits would have raised on a session; the second time at once."""
        key = (session_id, self._reader.chain_end(session_id)[1], limits)
        rows = () if key in self._judged else tuple(self._reader.rows(session_id))
        if key not in self._judged:
            if not rows:
                raise RecordError(Reason.UNKNOWN_SESSION, session_id)
            self._judged[key] = judged(rows, limits)
        return self._judged[key]

    def remarks(self, session_id: str = "") -> tuple[list[Read], list[str]]:
        """The provider's remarks, of one session or of all, and what is wrong with any of them."""
        found, problems = remark.read(self._reader.remarks())
        return [one for one in found if session_id in ("", one.remark.session_id)], problems

    def problems(self, session_id: str) -> list[Problem]:
        """What is wrong with a session's chain, and where what was kept of it is not what its rows come to."""
        found = self._reader.verify_chain(session_id)
        for kept in self._reader.kept(session_id) if not found else ():
            made = summary.encode(summed(self._reader.rows(session_id)))
            if kept.form == summary.FORM and made != (kept.summary, kept.minutes):
                found.append(Problem(0, "the summary is not what the rows come to"))
        return found

    def _line(self, session_id: str) -> SessionLine:
        for line in self._reader.sessions(session_id) if session_id else ():
            return line
        raise RecordError(Reason.UNKNOWN_SESSION, session_id)

    def _summed(self, session_id: str) -> tuple[Summary, Minutes]:
        kept = next(self._reader.kept(session_id), None)
        if kept and kept.form == summary.FORM:
            try:
                return summary.decode(kept.summary), summary.decode_minutes(kept.minutes)
            except msgspec.MsgspecError:
                pass  # as in `kept`
        return self._from_rows(session_id)

    def _from_rows(self, session_id: str) -> tuple[Summary, Minutes]:
        key = (session_id, self._reader.chain_end(session_id)[1])
        if key not in self._made:
            made = summed(self._reader.rows(session_id))
            self._made[key] = made.summary(), made.minutes()
        return self._made[key]


def _plan(state: State) -> Plan | None:
    try:
        return Plan.from_toml(state.opened.plan_toml) if state.opened else None
    except PlanError:
        return None


def _pages(rows: tuple[Row, ...], plan: Plan | None) -> Iterator[Trend]:
    limits = plan.limits if plan else Limits()
    trace = Trace(lambda pressure: is_high(pressure, limits))
    for row in rows:
        if isinstance(row.what, Reading):
            trace.take(row.what, row.t_s, row.seq)
        elif isinstance(row.what, e.ValueWithdrawn):
            trace.withdraw_seq(row.what.reading_seq)
    return trace.pages()
