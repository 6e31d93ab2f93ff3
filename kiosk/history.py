"""What the record holds of one patient's earlier sessions: which had a dose, and which questions were answered.

Used by the monitor at the opening of a session, and by commands. Reads only; a session that is still open is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from kiosk.record.reader import Reader, SessionLine
from kiosk.session import events as e
from kiosk.session.state import State

DOSE_KINDS = ("session_opened", "dose_marked", "event_withdrawn", "event_corrected", "session_ended")


def history(record: Path, patient_id: str, kind: str = "patient", apart_from: str = "") -> e.SeriesRead:
    """Of all sessions of this patient and kind in that record, oldest first; without a zone. Raises RecordError.

    apart_from: id of a session that is left out, the one in hand.
    """
    if not record.exists() or not patient_id:
        return e.SeriesRead(())
    with Reader(record) as reader:
        lines = [s for s in reader.sessions() if s.patient_id == patient_id and s.kind == kind]
        lines = [line for line in lines if line.session_id != apart_from]
        found = [_earlier(reader, line) for line in lines]
        taken = [one for line in lines for one in _taken(reader, line.session_id)]
    return e.SeriesRead(
        tuple(sorted((s for s in found if s), key=lambda s: s.dose_utc_ns)),
        tuple(sorted(taken, key=lambda t: t.utc_ns)),
    )


def thoughts_since(record: Path, last: e.Earlier) -> tuple[e.ThoughtsReported, ...]:
    """Thoughts of self-harm that were reported behind a session's end: no start has been held for them yet.

    Raises RecordError.
    """
    found: list[e.ThoughtsReported] = []
    has_ended = False
    with Reader(record) as reader:
        for row in reader.events(last.session_id, ("session_ended", "thoughts_reported")):
            has_ended = has_ended or isinstance(row.what, e.SessionEnded)
            if has_ended and isinstance(row.what, e.ThoughtsReported):
                found.append(msgspec.structs.replace(row.what, about=row.what.about or last.session_id))
    return tuple(found)


def _taken(reader: Reader, session_id: str) -> Iterator[e.Taken]:
    """The sets of questions that were gone through, the newest of each."""
    newest = {
        (row.what.form, row.what.about): e.Taken(
            row.what.form, row.what.about or session_id, row.stamp.utc_ns, row.what.total
        )
        for row in reader.events(session_id, ("score_taken",))
        if isinstance(row.what, e.ScoreTaken)
    }
    yield from newest.values()


def _earlier(reader: Reader, line: SessionLine) -> e.Earlier | None:
    """The session as it counts in a series; None without a dose. A dose that was taken back is none."""
    state, end_utc_ns = State(), 0
    for row in reader.events(line.session_id, DOSE_KINDS):
        state = state.apply(row.what, row.seq, row.stamp, row.t_s)  # pyright: ignore[reportArgumentType]
        if isinstance(row.what, e.SessionEnded):
            end_utc_ns = row.stamp.utc_ns
    if state.dose is None:
        return None
    last = reader.last_row(line.session_id) if not end_utc_ns else None
    end_utc_ns = end_utc_ns or (last.stamp.utc_ns if last else state.dose.at_utc_ns)
    return e.Earlier(line.session_id, state.dose.at_utc_ns, end_utc_ns, line.utc_offset_min)
