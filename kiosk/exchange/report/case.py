"""One session as the report needs it, from one look at each row: events folded, readings as plain curves.

Only what a chart may show as the patient's: live and typed values. What came out of a device's memory or of a test
mode is counted and left out, because whose it is is not known.
"""

from __future__ import annotations

from functools import cached_property

import msgspec

from devices.reading import HeartRate, Oximetry, Pressure, Quality, Reading
from devices.reading import Source as From
from kiosk.exchange.fhir import case
from kiosk.exchange.fhir.case import Case as Told
from kiosk.exchange.report.trace import NS, USABLE, Clocks, Trace
from kiosk.exchange.source import Source, Whole
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.bedside import Taken
from kiosk.session.limits import GONE_S
from kiosk.session.plan import Plan
from kiosk.session.state import State
from kiosk.text import Names, clock_time


class Case(msgspec.Struct, frozen=True, dict=True):
    """One session. told: what its events come to. clocks: of every row. last_seq: of the last one.

    left_out: readings out of a device's memory or of a test mode. strap: heart rate of a second source.
    """

    told: Told
    spo2: Trace
    pulse: Trace
    strap: Trace
    pressures: tuple[Taken, ...]
    left_out: int
    clocks: Clocks
    last_seq: int

    @property
    def whole(self) -> Whole:
        """The session as a whole."""
        return self.told.whole

    @property
    def state(self) -> State:
        """The fold of its events."""
        return self.told.state

    @property
    def plan(self) -> Plan | None:
        """None where this program cannot read its plan any more."""
        return self.told.plan

    @property
    def events(self) -> tuple[Row, ...]:
        """Every row that is no reading."""
        return self.told.events

    @property
    def opened(self) -> e.SessionOpened:
        """The session's first event."""
        return self.told.opened

    @cached_property
    def why_cleared(self) -> dict[tuple[str, int], str]:
        """(alarm, when it cleared) -> why: "recovered", "data stopped", "session ended"."""
        found = [(row.what, row.stamp.utc_ns) for row in self.events if isinstance(row.what, e.AlarmCleared)]
        return {(v.alarm, utc_ns): v.why for v, utc_ns in found}

    @cached_property
    def names(self) -> Names:
        """What the two people and the devices are called, for sentences."""
        return msgspec.structs.replace(self.told.names, roles=self.state.roles)

    @property
    def stale_s(self) -> float:
        """From which age on there is no signal."""
        return self.plan.limits.stale.gone_s if self.plan else GONE_S

    @cached_property
    def end_s(self) -> float:
        """Session second of the end; while it had not ended, of the last row."""
        ended_s = self.state.ended_s
        return ended_s if ended_s is not None else self.clocks.t_s[-1]

    @property
    def until_ns(self) -> int:
        """When observation ended: the release, else the end, else the last row."""
        return self.state.ladder.released_utc_ns or self.whole.ended_ns or self.whole.last_ns

    @property
    def until_s(self) -> float:
        """The same as session second."""
        return min(self.second(self.until_ns), self.end_s)

    def minute(self, utc_ns: int) -> float | None:
        """Minutes after the dose, negative before it; None without a dose."""
        dose = self.state.dose
        return None if dose is None else (utc_ns - dose.at_utc_ns) / NS / 60

    def clock(self, utc_ns: int, with_seconds: bool = False) -> str:
        """Local time of an instant."""
        return clock_time(utc_ns, self.told.offset_min(utc_ns), with_seconds)

    def day(self, utc_ns: int) -> str:
        """Local date of an instant."""
        return self.told.time(utc_ns)[:10]

    def utc_ns(self, t_s: float) -> int:
        """The instant of a session second."""
        return self.clocks.utc_at(t_s)

    def second(self, utc_ns: int) -> float:
        """The session second of an instant."""
        return self.clocks.second_at(utc_ns)


def of(source: Source) -> Case:
    """Reads the rows once. Raises ExchangeError NO_SESSION, RecordError."""
    told, found = case.Gathering(), Gathering()
    for row in source.rows():
        told.take(row)
        found.take(row)
    return found.case(told.case())


class Gathering:
    """Becomes a `Case`, row by row. Of a reading it keeps time and numbers: some 80 bytes."""

    def __init__(self) -> None:
        self._spo2, self._pulse, self._strap = Trace(), Trace(), Trace()
        self._pressures: list[Taken] = []
        self._left_out = 0
        self._clocks = Clocks()
        self._last_seq = 0

    def take(self, row: Row) -> None:
        """The next row."""
        self._clocks.take(row)
        self._last_seq = row.seq
        if isinstance(row.what, Reading):
            self._measured(row, row.what)

    def case(self, told: Told) -> Case:
        """After the last row. told: of the same rows."""
        withdrawn = told.whole.withdrawn
        return Case(
            told,
            self._spo2.finished(withdrawn),
            self._pulse.finished(withdrawn),
            self._strap.finished(withdrawn),
            tuple(taken for taken in self._pressures if taken.seq not in withdrawn),
            self._left_out,
            self._clocks.finished(),
            self._last_seq,
        )

    def _measured(self, row: Row, reading: Reading) -> None:
        is_typed = reading.source is From.TYPED
        match reading.measurement:
            case (Oximetry() | Pressure()) as m if reading.source is From.STORED or _is_foreign(m):
                self._left_out += 1
            case Oximetry() as m:
                self._spo2.take(row.seq, row.t_s, m.spo2, is_typed)
                self._pulse.take(row.seq, row.t_s, m.pulse, is_typed)
            case Pressure() as m:
                self._pressed(row, m, is_typed)
            case HeartRate() as m:
                self._strap.take(row.seq, row.t_s, m.pulse, is_typed)
            case _:
                pass  # a cuff's momentary pressure

    def _pressed(self, row: Row, m: Pressure, is_typed: bool) -> None:
        upper, lower = m.systolic, m.diastolic
        if upper.number is None or lower.number is None or not {upper.quality, lower.quality} <= {*USABLE}:
            return
        mean = m.mean.number if m.mean.quality in USABLE else None
        pulse = m.pulse.number if m.pulse is not None and m.pulse.quality in USABLE else None
        doubted = Quality.QUESTIONABLE in (upper.quality, lower.quality)
        at_ns, number, other = row.stamp.utc_ns, upper.number, lower.number
        self._pressures.append(Taken(row.seq, row.t_s, at_ns, number, other, mean, pulse, is_typed, doubted))


_FOREIGN = (Quality.STORED, Quality.TEST)


def _is_foreign(m: Oximetry | Pressure) -> bool:
    """Whether the device itself says that these are stored, or of a test."""
    first, second = (m.spo2, m.pulse) if isinstance(m, Oximetry) else (m.systolic, m.diastolic)
    return first.quality in _FOREIGN or second.quality in _FOREIGN
