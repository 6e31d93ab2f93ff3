"""What an export is made from: one session's rows, and what is known only when all of them are: its end, withdrawn
values, alarms from raised to cleared.

The rows come from the record's reader or from a session file; either way they are the same typed rows, so that a
format made from the one can be compared byte for byte with the other. Nothing is kept but these few facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

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
    first: Row | None = None
    last_ns, end, withdrawn, alarms = 0, None, set[int](), Occurrences()
    for row in rows:
        first = first or row
        last_ns = row.stamp.utc_ns
        if isinstance(row.what, e.ValueWithdrawn):
            withdrawn.add(row.what.reading_seq)
        elif isinstance(row.what, e.SessionEnded):
            end = end or (row.stamp.utc_ns, row.what.how)
        else:
            alarms.take(row)
    if first is None or not isinstance(first.what, e.SessionOpened):
        raise ExchangeError(Reason.NO_SESSION)
    ended_ns, how = end or (None, None)
    return Whole(first.what, first.stamp.utc_ns, last_ns, ended_ns, how, frozenset(withdrawn), alarms.all())
