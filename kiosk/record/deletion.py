"""Deletes a session from a record: the file is written anew without it, and a line says that there was one.

The record is append-only, so nothing is taken out of it: no trigger is passed by, and no free page keeps anything.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Deleted, Reader
from kiosk.record.rewrite import leave_out
from kiosk.record.schema import bring_up


def delete_session(path: Path, session_id: str, who: str, now_utc_ns: int) -> Deleted:
    """Delete it for good; what stands there instead. The caller holds the data folder's lock.

    Raises RecordError: A_LIBRARY (its remarks are one chain over all sessions), UNKNOWN_SESSION, SESSION_OPEN, IN_USE,
    COPY_FAILED (then it is all still there).
    """
    bring_up(path)
    with Reader(path) as reader:
        if reader.is_library():
            raise RecordError(Reason.A_LIBRARY, str(path))
        line = next((one for one in reader.sessions() if one.session_id == session_id), None)
        if line is None:
            raise RecordError(Reason.UNKNOWN_SESSION, session_id)
        if line.ended_utc is None:
            raise RecordError(Reason.SESSION_OPEN, session_id)
        rows, head = reader.chain_end(session_id)

    def change(connection: Connection) -> None:
        made = (session_id, now_utc_ns, who, rows, bytes.fromhex(head))
        connection.execute("INSERT INTO deleted VALUES (?, ?, ?, ?, ?)", made)

    leave_out(path, session_id, change)
    with Reader(path) as reader:
        return next(one for one in reader.deleted() if one.session_id == session_id)
