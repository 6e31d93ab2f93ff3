"""What the window is told when it asks, made in the reading thread: messages, whole, from a collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from kiosk.line import review as m
from kiosk.record import remark
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import SessionLine
from kiosk.record.seal import load_signer
from kiosk.record.shelf import Part
from kiosk.review import page, seal
from kiosk.review import series as series_page
from kiosk.review.collection import Collection
from kiosk.review.entries import entry, numbers
from kiosk.review.score import score_facts
from kiosk.review.study import Study, study
from kiosk.review.trial import tried, typed_limits
from kiosk.session import events as e
from kiosk.session.course import local
from kiosk.session.limits import Limits
from kiosk.session.plan import Plan, PlanError
from kiosk.session.series import Series
from kiosk.text import review as words

__all__ = ["add_note", "listed", "remarked", "series", "session", "summed", "trials", "tried", "wave"]

Trial = tuple[Literal["planned", "trial"], str, Limits]


class Made(NamedTuple):
    """A session that was read, and its messages in order."""

    study: Study
    line: SessionLine
    messages: list[msgspec.Struct]


def session(collection: Collection, session_id: str, known: m.Seal) -> Made:
    """One session: heading first, then curves, then lines."""
    lines = collection.sessions()
    line = next((one for one in lines if one.session_id == session_id), None)
    if line is None:
        raise RecordError(Reason.UNKNOWN_SESSION, session_id)
    made = study(collection.source(session_id))
    remarks = collection.remarks(session_id)
    of = sum(one.patient_id == line.patient_id for one in lines)
    view = page.session_view(made, line, numbers(lines)[session_id], of, known, remarks)
    return Made(made, line, [view, *page.curves(made), *page.lines(made, remarks)])


class Listed(NamedTuple):
    """The list: its entries, the oldest first, and the places of those in it of which nothing is known yet."""

    lines: list[SessionLine]
    entries: list[m.Entry]
    unread: list[int]
    is_named: bool


def listed(collection: Collection) -> Listed:
    """All sessions, with what happened in each as far as that is known without reading its rows."""
    lines, kept = collection.sessions(), collection.kept()
    places, is_named = numbers(lines), len({one.patient_id for one in lines}) > 1
    found = [entry(line, places[line.session_id], kept.get(line.session_id), is_named) for line in lines]
    return Listed(lines, found, [n for n, line in enumerate(lines) if line.session_id not in kept], is_named)


def summed(collection: Collection, shown: Listed, place: int) -> m.Entry:
    """One of them, with what happened in its session."""
    line, number = shown.lines[place], shown.entries[place].number
    return entry(line, number, collection.summary(line.session_id), shown.is_named)


def remarked(collection: Collection, made: Study) -> list[msgspec.Struct]:
    """A session once more, because a note was added; its seal is that of its own chain, which no note touches."""
    shown = session(collection, made.opened.session_id, seal.CHECKING)
    looked = m.Sealed(made.opened.session_id, collection.seal(shown.line))
    return [*shown.messages, looked]


def wave(collection: Collection, made: Study, asked: m.AskWave) -> m.Wave:
    """The waveform of a stretch."""
    behind = made.seq_before(asked.from_s - 5)
    rows = collection.waveforms(asked.session_id, behind)
    return m.Wave(asked.session_id, asked.from_s, asked.to_s, page.wave_runs(rows, asked.from_s, asked.to_s))


def series(collection: Collection, folder: Path, patient_id: str, zero: m.Zero) -> list[msgspec.Struct]:
    """All sessions of a patient: the table, then the curves of each."""
    found = collection.series(patient_id)
    if not found.parts:
        raise RecordError(Reason.UNKNOWN_SESSION, patient_id)
    limits = _limits(collection, found.parts[-1].line.session_id)
    seals = [seal.of_line(part.line, folder) for part in found.parts]
    ready = [_ready(collection, part.line.session_id, part.summary.dose_s) for part in found.parts]
    view = series_page.series_view(found, limits, seals, ready)
    view = msgspec.structs.replace(view, scores=tuple(_scores(collection, found.parts)))
    return [view, *(series_page.curve(part, patient_id, zero, limits) for part in found.parts)]


def _scores(collection: Collection, parts: Sequence[Part]) -> Iterator[m.Fact]:
    """What the patient answered, session by session, and the doses that the newest plan has left."""
    kinds = (e.ScoreTaken, e.ThoughtsReported)
    rows = [(part.line.session_id, collection.events(part.line.session_id, *kinds)) for part in parts]
    found = [(one, [row.what for row in events if isinstance(row.what, e.Event)]) for one, events in rows]
    return score_facts(found, _doses(collection, parts))


def _doses(collection: Collection, parts: Sequence[Part]) -> tuple[int, int] | None:
    """How many the newest plan counts, and how many sessions with a dose there were from that day on."""
    plan = _plan(collection, parts[-1].line.session_id)
    series = plan.series if plan else Series()
    if series.doses is None or series.doses_on is None:
        return None
    dosed = [part.line for part in parts if part.summary.dose_s is not None]
    marked = [(line, row.what) for line in dosed for row in collection.events(line.session_id, e.DoseMarked)[-1:]]
    days = [local(v.at_utc_ns, line.utc_offset_min).date() for line, v in marked if isinstance(v, e.DoseMarked)]
    return series.doses, sum(day >= series.doses_on for day in days)


def _ready(collection: Collection, session_id: str, dose_s: float | None) -> str:
    rows = collection.events(session_id, e.ReadyMarked)
    return words.since(rows[-1].t_s - dose_s, True) if rows and dose_s is not None else ""


def _limits(collection: Collection, session_id: str) -> Limits:
    """Those of the session's plan; none where its plan cannot be read any more."""
    plan = _plan(collection, session_id)
    return plan.limits if plan else Limits()


def _plan(collection: Collection, session_id: str) -> Plan | None:
    opened = next((r.what for r in collection.events(session_id, e.SessionOpened)), None)
    try:
        return Plan.from_toml(opened.plan_toml) if isinstance(opened, e.SessionOpened) else None
    except PlanError:
        return None


def trials(collection: Collection, asked: m.TryLimits) -> list[Trial]:
    """What has to be judged, in order: the plan's own limits and what was typed, on each session."""
    ids = [part.line.session_id for part in collection.series(asked.patient_id).parts]
    planned = _limits(collection, ids[-1]) if ids else Limits()
    typed = typed_limits(planned, asked.rules)
    names: tuple[tuple[Literal["planned", "trial"], Limits], ...] = (("planned", planned), ("trial", typed))
    return [(name, session_id, limits) for session_id in ids for name, limits in names]


def add_note(collection: Collection, folder: Path, note: m.AddNote, now_utc_ns: int) -> None:
    """Write a provider's note, signed with this data folder's key. Raises RecordError."""
    if collection.note_why:
        raise RecordError(Reason.NOT_A_LIBRARY, collection.path.name)
    signer = load_signer(folder)
    remark.write(
        collection.path, signer, note.author, note.text, note.session_id, now_utc_ns, note.t_s, home=collection.home
    )
