"""What an export is made from: one session's rows, and what is known only when all of them are: its end, withdrawn
values, alarms from raised to cleared.

The rows come from the record's reader or from a session file; either way they are the same typed rows, so that a
format made from the one can be compared byte for byte with the other. Nothing is kept but these few facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.record.reader import Reader, Row, WaveformRow
from kiosk.session import events as e
from kiosk.session.events import Severity


class Source(msgspec.Struct, frozen=True):
    """Rows of one session, in order, as often as they are asked for."""

    rows: Callable[[], Iterator[Row]]
    waveforms: Callable[[], Iterator[WaveformRow]]


def of_record(reader: Reader, session_id: str) -> Source:
    """A session of a record; the reader stays open for as long as the source is used."""
    return Source(lambda: reader.rows(session_id), lambda: reader.waveforms(session_id))


class Occurrence(msgspec.Struct, frozen=True):
    """One alarm from raised to cleared. severity: the highest it reached. offset_min: zone when it was raised.

    Times are nanoseconds of UTC, None for what never happened. data: the facts of its sentence when it was raised.
    """

    name: str
    severity: Severity
    raised_ns: int
    offset_min: int
    limit_text: str
    acknowledged_ns: int | None = None
    cleared_ns: int | None = None
    seq: int = 0
    data: dict[str, str] = {}


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
    last_ns, end, withdrawn, alarms = 0, None, set[int](), _Alarms()
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


class _Alarms:
    """Folds alarm events into occurrences; one lasts until the same alarm is raised again."""

    def __init__(self) -> None:
        self._all: list[Occurrence] = []
        self._newest: dict[str, int] = {}
        self._offset_min = 0

    def all(self) -> tuple[Occurrence, ...]:
        """In the order in which they were raised."""
        return tuple(self._all)

    def take(self, row: Row) -> None:
        """One row, of whatever kind."""
        match row.what:
            case e.SessionOpened() | e.RunAnchored():
                self._offset_min = row.what.utc_offset_min
            case e.AlarmRaised() as v:
                self._newest[v.alarm] = len(self._all)
                made = Occurrence(v.alarm, Severity(v.severity), row.stamp.utc_ns, self._offset_min, v.limit_text)
                self._all.append(msgspec.structs.replace(made, seq=row.seq, data=v.data))
            case e.AlarmStepped() as v:
                self._change(v.alarm, lambda o: {"severity": max(o.severity, Severity(v.severity))})
            case e.AlarmAcknowledged() as v:
                self._change(v.alarm, lambda o: {"acknowledged_ns": o.acknowledged_ns or row.stamp.utc_ns})
            case e.AlarmCleared() as v:
                self._change(v.alarm, lambda o: {"cleared_ns": o.cleared_ns or row.stamp.utc_ns})
            case _:
                pass

    def _change(self, alarm: str, change: Callable[[Occurrence], dict[str, object]]) -> None:
        at = self._newest.get(alarm)
        if at is not None:
            self._all[at] = msgspec.structs.replace(self._all[at], **change(self._all[at]))
