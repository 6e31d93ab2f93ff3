"""Rows on their way to the disk, and how many of them are put into their tables at once.

Used by the recorder and its thread. Why many by one statement: each costs as much as its row again, and behind each
the thread has to wait for Python's lock anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec

from kiosk.record.driver import Connection

MOST_AT_ONCE = 64
"""Rows of one statement: each number of them is prepared once, and the driver keeps it."""


class Ticket(msgspec.Struct, eq=False, gc=False):
    """One accepted row: its place and session seconds are known at once, stored_utc_ns when it is on the disk."""

    seq: int
    t_s: float
    stored_utc_ns: int | None = None

    @property
    def stored(self) -> bool:
        """Whether the row has been committed."""
        return self.stored_utc_ns is not None


class Row(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A row as it will be written. previous, hash: the chain's hashes before it and with it.

    opened_utc_ns: only on the row that opens a session.
    """

    session_id: str
    table: str
    kind: str
    text: str
    ticket: Ticket
    previous: bytes
    hash: bytes
    opened_utc_ns: int | None


_run = attrgetter("session_id", "table")


def insert(connection: Connection, rows: Sequence[Row], stored_utc_ns: int) -> None:
    """Put the rows into their tables, in this order; the transaction is the caller's."""
    for (session_id, table), run in groupby(rows, _run):
        values = list(run)
        if values[0].opened_utc_ns is not None:
            connection.execute("INSERT INTO session VALUES (?, ?)", (session_id, values[0].opened_utc_ns))
        for first in range(0, len(values), MOST_AT_ONCE):
            part = values[first : first + MOST_AT_ONCE]
            connection.execute(_statement(table, len(part)), _parameters(part, session_id, stored_utc_ns))


def _parameters(rows: list[Row], session_id: str, stored_utc_ns: int) -> list[Any]:
    found: list[Any] = [session_id, stored_utc_ns]
    for row in rows:
        found += (row.ticket.seq, row.kind, row.text, row.hash)
    return found


@cache
def _statement(table: str, size: int) -> str:
    """Session and stamp are the same in all rows; a kind stands in `event` only."""
    kind = "?{1}, " if table == "event" else ""
    line = f"(?1, ?{{0}}, {kind}?{{2}}, ?{{3}}, ?2)"
    lines = (line.format(*range(first, first + 4)) for first in range(3, 3 + 4 * size, 4))
    return f"INSERT INTO {table} VALUES {', '.join(lines)}"  # noqa: S608 - one of three words
