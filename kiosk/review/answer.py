"""What the window is told when it asks, made in the reading thread: messages, whole, from a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from kiosk.line import review as m
from kiosk.record import remark
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import SessionLine
from kiosk.record.seal import load_signer
from kiosk.review import page, seal
from kiosk.review import series as series_page
from kiosk.review.collection import Collection
from kiosk.review.entries import entry, numbers
from kiosk.review.study import Study, study
from kiosk.review.trial import tried, typed_limits
from kiosk.session import events as e
from kiosk.session.limits import Limits
from kiosk.session.plan import Plan, PlanError
from kiosk.text import review as words

__all__ = ["add_note", "plain", "remarked", "series", "session", "summed", "trials", "tried", "wave"]

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


def summed(
    collection: Collection, line: SessionLine, places: Mapping[str, int], lines: Sequence[SessionLine]
) -> m.Entry:
    """A line of the list, with what happened in its session."""
    is_named = len({one.patient_id for one in lines}) > 1
    return entry(line, places[line.session_id], collection.summary(line.session_id), is_named)


def plain(line: SessionLine, places: Mapping[str, int], lines: Sequence[SessionLine]) -> m.Entry:
    """A line of the list before anything is known of what happened."""
    return entry(line, places[line.session_id], None, len({one.patient_id for one in lines}) > 1)


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
    return [view, *(series_page.curve(part, patient_id, zero, limits) for part in found.parts)]


def _ready(collection: Collection, session_id: str, dose_s: float | None) -> str:
    rows = collection.events(session_id, e.ReadyMarked)
    return words.since(rows[-1].t_s - dose_s, True) if rows and dose_s is not None else ""


def _limits(collection: Collection, session_id: str) -> Limits:
    """Those of the session's plan; none where its plan cannot be read any more."""
    opened = next((r.what for r in collection.events(session_id, e.SessionOpened)), None)
    try:
        return Plan.from_toml(opened.plan_toml).limits if isinstance(opened, e.SessionOpened) else Limits()
    except PlanError:
        return Limits()


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
