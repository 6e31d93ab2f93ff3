"""The child that writes one shared entry of the journal behind the end of the last session that is over.

Runs as `kiosk _child sharing`, because the process that shows the journal must know no record. It is told this one
entry, writes it, answers and ends; it beats only by its answer.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

from kiosk import datadir
from kiosk.failure import Reason, Refusal
from kiosk.later import add_later
from kiosk.launch import record_sentence
from kiosk.line.sharing import FromSharing, NotShared, SharedLater, ShareLater
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader, SessionLine
from kiosk.session import aftercare
from kiosk.session import events as e
from kiosk.session.state import State


class Line(Protocol):
    """The child's end."""

    def get(self, timeout_s: float | None = None) -> Any:
        """The next message."""
        ...

    def send(self, message: Any) -> None:
        """Say something."""
        ...


def main(line: Line) -> int:
    """One entry."""
    wanted = line.get()
    if isinstance(wanted, ShareLater):
        line.send(share(wanted))
    return 0


def share(wanted: ShareLater) -> FromSharing:
    """The entry as an event of that session, signed; or why nothing was written."""
    folder = Path(wanted.folder)
    decided = aftercare.share(State(), wanted.entry)
    if not isinstance(decided, list):
        return NotShared("empty")
    try:
        session = last_over(folder / datadir.RECORD)
        if session is None:
            return NotShared("no session")
        add_later(folder, session.session_id, cast("list[e.AnyEvent]", decided))
    except RecordError as error:
        return NotShared("record", record_sentence(error))
    except Refusal as refusal:
        return NotShared("room") if refusal.reason is Reason.IN_USE else NotShared("record", refusal.sentence)
    started = datetime.fromisoformat(session.started_utc)
    return SharedLater(session.session_id, round(started.timestamp()) * 10**9, session.utc_offset_min)


def last_over(record: Path) -> SessionLine | None:
    """The patient's newest session that had a dose and is over; where there is none, the newest of all that are over.

    Raises RecordError.
    """
    if not record.exists():
        return None
    with Reader(record) as reader:
        over = [line for line in reader.sessions() if line.ended_how is not None]
        dosed = reader.dosed_sessions()
    own = [line for line in over if line.kind == "patient" and line.session_id in dosed]
    return (own or over or [None])[-1]
