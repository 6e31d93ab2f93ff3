"""What an export is made from: one session's rows, and what is known only when all of them are: its end, withdrawn
values, alarms from raised to cleared.

The rows come from the record's reader or from a session file; either way they are the same typed rows, so that a
format made from the one can be compared byte for byte with the other. Nothing is kept but these few facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from devices.reading import Reading
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.record.occurrence import Occurrence, Occurrences
from kiosk.record.reader import Reader, Row, WaveformRow
from kiosk.session import events as e


class Source(msgspec.Struct, frozen=True):
    """Rows of one session, in order, as often as they are asked for."""

    rows: Callable[[], Iterator[Row]]
    waveforms: Callable[[], Iterator[WaveformRow]]


def of_record(reader: Reader, session_id: str) -> Source:
    """A session of a record; the reader stays open for as long as the source is used."""
    return Source(lambda: reader.rows(session_id), lambda: reader.waveforms(session_id))


class Whole(msgspec.Struct, frozen=True):
    """The session as a whole. ended_ns, ended_how: None while it was not ended; last_ns: its last row."""

    opened: e.SessionOpened
    opened_ns: int
    last_ns: int
    ended_ns: int | None
    ended_how: str | None
    withdrawn: frozenset[int]
    alarms: tuple[Occurrence, ...]


def whole(rows: Iterable[Row]) -> Whole:
    """Looks at every row once. Raises ExchangeError NO_SESSION where they do not begin with a session's opening."""
    found = Gathering()
    for row in rows:
        found.take(row)
    return found.whole()


class Gathering:
    """Becomes a `Whole`, row by row."""

    def __init__(self) -> None:
        self._first: Row | None = None
        self._last_ns = 0
        self._end: tuple[int | None, str | None] = (None, None)
        self._withdrawn = set[int]()
        self._alarms = Occurrences()

    def take(self, row: Row) -> None:
        """The next row."""
        self._first = self._first or row
        self._last_ns = row.stamp.utc_ns
        if isinstance(row.what, Reading):
            return
        if isinstance(row.what, e.ValueWithdrawn):
            self._withdrawn.add(row.what.reading_seq)
        elif isinstance(row.what, e.SessionEnded):
            self._end = (row.stamp.utc_ns, row.what.how) if self._end[0] is None else self._end
        else:
            self._alarms.take(row)

    def whole(self) -> Whole:
        """After the last row. Raises ExchangeError NO_SESSION."""
        first = self._first
        if first is None or not isinstance(first.what, e.SessionOpened):
            raise ExchangeError(Reason.NO_SESSION)
        rest = (*self._end, frozenset(self._withdrawn), self._alarms.all())
        return Whole(first.what, first.stamp.utc_ns, self._last_ns, *rest)
