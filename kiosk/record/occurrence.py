"""Alarms of a session, each from raised to cleared: folded from the rows, for tables, report and review alike.

Pure. Severity is the highest that the occurrence reached; nothing is guessed for what never happened.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.events import Severity


class Occurrence(msgspec.Struct, frozen=True):
    """One alarm from raised to cleared. severity: the highest it reached. offset_min: zone when it was raised.

    Times are nanoseconds of UTC, None for what never happened; raised_s, cleared_s are session seconds.
    data: the facts of its sentence when it was raised.
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
    raised_s: float = 0.0
    cleared_s: float | None = None


class Occurrences:
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
                self._all.append(msgspec.structs.replace(made, seq=row.seq, data=v.data, raised_s=row.t_s))
            case e.AlarmStepped() as v:
                self._change(v.alarm, lambda o: {"severity": max(o.severity, Severity(v.severity))})
            case e.AlarmAcknowledged() as v:
                self._change(v.alarm, lambda o: {"acknowledged_ns": o.acknowledged_ns or row.stamp.utc_ns})
            case e.AlarmCleared() as v:
                self._change(v.alarm, lambda o: {} if o.cleared_ns else _end(row))
            case _:
                pass

    def _change(self, alarm: str, change: Callable[[Occurrence], dict[str, object]]) -> None:
        at = self._newest.get(alarm)
        if at is not None:
            self._all[at] = msgspec.structs.replace(self._all[at], **change(self._all[at]))


def _end(row: Row) -> dict[str, object]:
    return {"cleared_ns": row.stamp.utc_ns, "cleared_s": row.t_s}
