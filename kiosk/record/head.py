"""The end of a session's chain, from which the next row goes on: read when it is taken up again or extended."""

from __future__ import annotations

import json
from typing import Any

from devices.reading import Stamp
from kiosk.record import body, lying
from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError
from kiosk.record.timeline import Timeline

_FIRST = "SELECT body FROM chain WHERE session_id = :session AND chain_seq = 1"
_LATEST = "SELECT max(json_extract(body, '$.t_s')) FROM chain WHERE session_id = :session"
_PLACES = (*((table, "chain_seq") for table in lying.TABLES), ("stretch", "last_seq"))
"""Where rows lie, and the column that says up to which place."""
# The last of each table by its index: asked of the view, it would read all of a session's rows.
_LAST = """SELECT * FROM (SELECT {seq} AS chain_seq, hash FROM {table} WHERE session_id = :session
    ORDER BY {seq} DESC LIMIT 1)"""
_LASTS = " UNION ALL ".join(_LAST.format(seq=seq, table=table) for table, seq in _PLACES)
_END = f"SELECT chain_seq, hash FROM ({_LASTS}) ORDER BY chain_seq DESC LIMIT 1"  # noqa: S608 - the constants above
_AT_ITS_END = (
    f"(SELECT hash FROM {table} WHERE session_id = kept.session_id AND {seq} = kept.rows)"  # noqa: S608
    for table, seq in _PLACES
)
_BEHIND_IT = (
    f"NOT EXISTS (SELECT 1 FROM {table} WHERE session_id = kept.session_id AND {seq} > kept.rows)"  # noqa: S608
    for table, seq in _PLACES
)
IS_OF_THE_END = f"kept.hash = coalesce({', '.join(_AT_ITS_END)}) AND {' AND '.join(_BEHIND_IT)}"
"""SQL: whether `kept` is of the chain as `chain_end` finds it, for each row; without its sorting: 2 us instead of 4."""
_ENDED = "SELECT 1 FROM event WHERE session_id = :session AND kind = 'session_ended'"
_ANCHOR = """SELECT body FROM event WHERE session_id = :session AND kind = 'run_anchored'
    ORDER BY chain_seq DESC LIMIT 1"""


class Head:
    """Last row of a session's chain: seq and hash (of the empty chain: 0 and the first hash), and the clock rule."""

    def __init__(self, session_id: str, seq: int, digest: bytes, timeline: Timeline) -> None:
        self.session_id = session_id
        self.seq = seq
        self.hash = digest
        self.timeline = timeline


def chain_end(connection: Connection, session_id: str) -> tuple[int, bytes]:
    """seq and hash of the last row on the disk; 0 and the first hash where there is none."""
    found = connection.execute(_END, {"session": session_id}).fetchone()
    return (found[0], bytes(found[1])) if found else (0, body.first_hash(session_id))


def load_head(connection: Connection, session_id: str, *, ended: bool = False) -> Head:
    """Where a session stands. Raises RecordError where there is none of this id, or it has ended (has not ended)."""
    seq, digest = chain_end(connection, session_id)
    if seq == 0:
        raise RecordError(Reason.UNKNOWN_SESSION, session_id)
    named = {"session": session_id}
    if ended != bool(connection.execute(_ENDED, named).fetchone()):
        raise RecordError(Reason.UNKNOWN_SESSION, f"{session_id} has {'not ' if ended else ''}ended")
    first = json.loads(connection.execute(_FIRST, named).fetchone()[0])
    timeline = Timeline(_stamp(first))
    latest = connection.execute(_LATEST, named).fetchone()[0]
    anchor = connection.execute(_ANCHOR, named).fetchone()
    if anchor:
        run = json.loads(anchor[0])
        timeline.restore(run["data"]["boot_id"], _stamp(run), run["t_s"], latest)
    else:
        timeline.restore("", _stamp(first), 0.0, latest)
    return Head(session_id, seq, digest, timeline)


def _stamp(row: dict[str, Any]) -> Stamp:
    return Stamp(utc_ns=row["utc_ns"], boot_ns=row["boot_ns"])
