"""One session as the report needs it, from one look at each row: events folded, readings as plain curves.

Only what a chart may show as the patient's: live and typed values. What came out of a device's memory or of a test
mode is counted and left out, because whose it is is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

import msgspec

from devices.reading import HeartRate, Oximetry, Pressure, Quality, Reading, Value
from devices.reading import Source as From
from kiosk.exchange.fhir import case
from kiosk.exchange.fhir.case import Case as Told
from kiosk.exchange.source import Source, Whole
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session.bedside import Taken
from kiosk.session.limits import GONE_S
from kiosk.session.plan import Plan
from kiosk.session.state import State
from kiosk.text import Names, clock_time

NS = 1_000_000_000
_USABLE = (Quality.VALID, Quality.QUESTIONABLE)


class Trace(msgspec.Struct, dict=True):
    """One quantity over time, as columns. number: None where the device vouched for none; doubted: questionable.

    typed: (second, number) of what a person typed, apart.
    """

    t_s: list[float] = []
    number: list[Decimal | None] = []
    doubted: list[bool] = []
    typed: list[tuple[float, Decimal]] = []

    def take(self, t_s: float, value: Value, is_typed: bool) -> None:
        """One value."""
        number = value.number
        usable = number is not None and number.is_finite() and value.quality in _USABLE
        if is_typed:
            if usable and number is not None:
                self.typed.append((t_s, number))
            return
        self.t_s.append(t_s)
        self.number.append(number if usable else None)
        self.doubted.append(value.quality is Quality.QUESTIONABLE)

    def usable(self, valid_only: bool = False) -> Iterator[tuple[float, bool]]:
        """(second, whether there is a number), for `kiosk.session.trend`."""
        for t_s, number, doubted in zip(self.t_s, self.number, self.doubted, strict=True):
            yield t_s, number is not None and not (valid_only and doubted)

    @cached_property
    def extent(self) -> tuple[float, ...]:
        """Lowest and highest of everything that is drawn; () for nothing."""
        numbers = [*(number for number in self.number if number is not None), *(number for _, number in self.typed)]
        return (float(min(numbers)), float(max(numbers))) if numbers else ()


class Case(msgspec.Struct, frozen=True, dict=True):
    """One session. told: what its events come to. at: (second, utc_ns) of every row. last_seq: of the last one.

    left_out: readings out of a device's memory or of a test mode. strap: heart rate of a second source.
    """

    told: Told
    spo2: Trace
    pulse: Trace
    strap: Trace
    pressures: tuple[Taken, ...]
    left_out: int
    at: list[tuple[float, int]]
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
        return ended_s if ended_s is not None else max(t_s for t_s, _ in self.at)

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

    def utc_ns(self, t_s: float) -> int:
        """The instant of a session second, by the row before it."""
        near_s, near_ns = self.at[max(0, bisect_right(self.at, t_s, key=lambda row: row[0]) - 1)]
        return near_ns + round((t_s - near_s) * NS)

    def second(self, utc_ns: int) -> float:
        """The session second of an instant, by the row before it; exact for a row's own."""
        near_s, near_ns = self._by_utc[max(0, bisect_right(self._by_utc, utc_ns, key=lambda row: row[1]) - 1)]
        return near_s + (utc_ns - near_ns) / NS

    @cached_property
    def _by_utc(self) -> list[tuple[float, int]]:
        return sorted(self.at, key=lambda row: row[1])


def of(source: Source) -> Case:
    """Reads the rows once. Raises ExchangeError NO_SESSION, RecordError."""
    told, found = case.Gathering(), Gathering()
    for row in source.rows():
        told.take(row)
        found.take(row)
    return found.case(told.case())


class Gathering:
    """Becomes a `Case`, row by row. Of a reading it keeps time and numbers."""

    def __init__(self) -> None:
        self._pressures: list[Taken] = []
        self._left_out = 0
        self._at: list[tuple[float, int]] = []
        self._last_seq = 0
        self._oximetry: list[tuple[int, float, Oximetry, bool]] = []
        self._strap = Trace()

    def take(self, row: Row) -> None:
        """The next row."""
        self._at.append((row.t_s, row.stamp.utc_ns))
        self._last_seq = row.seq
        if isinstance(row.what, Reading):
            self._measured(row, row.what)

    def case(self, told: Told) -> Case:
        """After the last row. told: of the same rows."""
        withdrawn = told.whole.withdrawn
        pressures = tuple(taken for taken in self._pressures if taken.seq not in withdrawn)
        rest = (self._left_out, sorted(self._at), self._last_seq)
        return Case(told, *self._curves(withdrawn), pressures, *rest)

    def _measured(self, row: Row, reading: Reading) -> None:
        is_typed = reading.source is From.TYPED
        match reading.measurement:
            case (Oximetry() | Pressure()) as m if reading.source is From.STORED or _is_foreign(m):
                self._left_out += 1
            case Oximetry() as m:
                self._oximetry.append((row.seq, row.t_s, m, is_typed))
            case Pressure() as m:
                self._pressed(row, m, is_typed)
            case HeartRate() as m:
                self._strap.take(row.t_s, m.pulse, is_typed)
            case _:
                pass  # a cuff's momentary pressure

    def _pressed(self, row: Row, m: Pressure, is_typed: bool) -> None:
        upper, lower = m.systolic, m.diastolic
        if upper.number is None or lower.number is None or not {upper.quality, lower.quality} <= {*_USABLE}:
            return
        mean = m.mean.number if m.mean.quality in _USABLE else None
        pulse = m.pulse.number if m.pulse is not None and m.pulse.quality in _USABLE else None
        doubted = Quality.QUESTIONABLE in (upper.quality, lower.quality)
        at_ns, number, other = row.stamp.utc_ns, upper.number, lower.number
        self._pressures.append(Taken(row.seq, row.t_s, at_ns, number, other, mean, pulse, is_typed, doubted))

    def _curves(self, withdrawn: frozenset[int]) -> tuple[Trace, Trace, Trace]:
        """SpO2, pulse and strap without what was taken back."""
        spo2, pulse = Trace(), Trace()
        for seq, t_s, m, is_typed in sorted(self._oximetry, key=lambda one: one[1]):
            if seq not in withdrawn:
                spo2.take(t_s, m.spo2, is_typed)
                pulse.take(t_s, m.pulse, is_typed)
        return spo2, pulse, self._strap


def _is_foreign(m: Oximetry | Pressure) -> bool:
    """Whether the device itself says that these are stored, or of a test."""
    values = (m.spo2, m.pulse) if isinstance(m, Oximetry) else (m.systolic, m.diastolic)
    return any(value.quality in (Quality.STORED, Quality.TEST) for value in values)
