"""One session folded for looking at: the same fold and the same projections as at the bedside, over its whole length.

Pure but for the rows that it is given. Nothing here fills a gap or decides what was true: alarms, marks and limits are
those that were recorded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from devices.reading import Reading
from kiosk.desk import Desk
from kiosk.exchange.source import Source
from kiosk.line.chart import LimitLine, Phase
from kiosk.record.fault import Reason, RecordError
from kiosk.record.occurrence import Occurrence, Occurrences
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session import schedule
from kiosk.session.limits import Limits
from kiosk.session.plan import Contacts, Medication, Patient, Plan, PlanError, Sitter
from kiosk.story import Line, Story
from kiosk.text import number
from kiosk.text.catalogue import _
from kiosk.view.values import limit_lines


class Told(msgspec.Struct, frozen=True):
    """One line of the story with its session second and the event behind it, None for a reading."""

    t_s: float
    line: Line
    event: e.Event | None


class Study(msgspec.Struct, frozen=True):
    """A session that was read whole. rows: all but waveforms; seqs, times_s: of these rows, to find a waveform's place.

    plan: the session's own, without limits where this program cannot read it any more (`is_plan_read`).
    """

    opened: e.SessionOpened
    opened_ns: int
    rows: tuple[Row, ...]
    desk: Desk
    plan: Plan
    is_plan_read: bool
    alarms: tuple[Occurrence, ...]
    told: tuple[Told, ...]
    start_s: float
    end_s: float
    has_wave: bool

    @property
    def zero_s(self) -> float:
        """The session second from which the provider counts: the dose, else the start, else the first row."""
        anchor = schedule.anchor_s(self.desk.state)
        return self.start_s if anchor is None else anchor

    @property
    def has_dose(self) -> bool:
        """Whether that is the dose."""
        return self.desk.state.dose is not None

    def seq_before(self, t_s: float) -> int:
        """The last row before a session second: waveforms behind it are at most a block older."""
        at = bisect_right([row.t_s for row in self.rows], t_s)
        return self.rows[at - 1].seq if at else 0


def study(source: Source) -> Study:
    """Read and fold a session. Raises RecordError; UNKNOWN_SESSION where the rows do not begin with an opening."""
    rows = tuple(source.rows())
    if not rows or not isinstance(rows[0].what, e.SessionOpened):
        raise RecordError(Reason.UNKNOWN_SESSION)
    opened = rows[0].what
    plan, is_read = _plan_of(opened)
    desk = Desk(plan, {}, opened.utc_offset_min)
    desk.story = Story(keeps=None)
    desk.begin(rows[0].stamp)
    told = tuple(_fold(desk, rows))
    alarms = Occurrences()
    for row in rows:
        alarms.take(row)
    ended = [row.t_s for row in rows if isinstance(row.what, e.SessionEnded)]
    return Study(
        opened=opened,
        opened_ns=rows[0].stamp.utc_ns,
        rows=rows,
        desk=desk,
        plan=plan,
        is_plan_read=is_read,
        alarms=alarms.all(),
        told=told,
        start_s=rows[0].t_s,
        end_s=ended[-1] if ended else max(row.t_s for row in rows),
        has_wave=next(source.waveforms(), None) is not None,
    )


def _plan_of(opened: e.SessionOpened) -> tuple[Plan, bool]:
    try:
        return Plan.from_toml(opened.plan_toml), True
    except PlanError:  # of an older program: what was recorded stands, no limit is drawn
        dose = Decimal(opened.dose_mg) if opened.dose_mg is not None else None
        medication = Medication(opened.medication, opened.route, dose)  # pyright: ignore[reportArgumentType]
        patient, sitter = Patient(opened.patient_id, opened.patient_label), Sitter(opened.sitter_label)
        return Plan(patient, sitter, medication, Contacts("", "")), False


def _fold(desk: Desk, rows: Sequence[Row]) -> Iterable[Told]:
    lines = desk.story.lines
    for row in rows:
        before = len(lines)
        desk.fold(row)
        event = None if isinstance(row.what, Reading) else row.what
        if len(lines) > before:
            yield Told(row.t_s, lines[-1], event)


def planned(study: Study) -> tuple[Phase, ...]:
    """The plan's phases, from the dose; none before the dose was marked."""
    state = study.desk.state
    if state.dose is None or not study.is_plan_read:
        return ()
    blocks = schedule.planned(study.plan, study.zero_s)
    before = (Phase(_("Preparation"), study.start_s, study.zero_s, False),)
    return (*before, *(Phase(b.name, b.start_s, b.end_s, False) for b in blocks))


def marked(study: Study) -> tuple[Phase, ...]:
    """What happened: preparation up to the first marked phase, then each phase as it was marked."""
    blocks = [b for b in schedule.lane(study.plan, study.desk.state, study.end_s) if b.marked]
    first_s = blocks[0].start_s if blocks else study.end_s
    before = (Phase(_("Preparation"), study.start_s, first_s, True),) if first_s > study.start_s else ()
    return (*before, *(Phase(b.name, b.start_s, b.end_s, True) for b in blocks))


def limits(of: Limits) -> tuple[LimitLine, ...]:
    """The sitter's lines, and the hard one below them."""
    drawn = limit_lines(of)
    if of.spo2_hard is None:
        return drawn
    words = f"{_('hard')} {number(of.spo2_hard.value)}"
    return (*drawn, LimitLine("spo2", float(of.spo2_hard.value), "low", words, of.who))
