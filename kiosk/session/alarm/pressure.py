"""Blood pressure beyond its limits: single values, each judged at once, true until the next one.

Pure. Only measured or typed values that are valid or questionable count; a cuff's stored readings never do, and an
older value never replaces a newer one. No delay and no margin: there is no stream to wait for.
"""

from __future__ import annotations

from decimal import Decimal

from devices.reading import Pressure, Quality, Value
from kiosk.session.alarm.condition import lower
from kiosk.session.events import Severity
from kiosk.session.limits import Limits, Tiered

_USABLE = (Quality.VALID, Quality.QUESTIONABLE)


class PressureJudge:
    """The newest usable pressure and its severity."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.severity = Severity.NONE
        self.newest: Pressure | None = None
        self.newest_s = 0.0
        self.is_doubted = False
        self._taken_utc_ns = 0

    def take(self, pressure: Pressure, taken_utc_ns: int, now_s: float, is_judged: bool) -> None:
        """One measurement; taken_utc_ns orders values that arrive or are typed late."""
        usable = [v for v in (pressure.systolic, pressure.diastolic) if v.number is not None and v.quality in _USABLE]
        if len(usable) < 2 or taken_utc_ns < self._taken_utc_ns:
            return
        self.newest, self.newest_s, self._taken_utc_ns = pressure, now_s, taken_utc_ns
        self.is_doubted = any(v.quality is Quality.QUESTIONABLE for v in usable)
        self.severity = severity_of(pressure, self._limits) if is_judged else Severity.NONE

    def withdraw(self, taken_utc_ns: int) -> None:
        """The value taken then was a mistake; what replaces it is judged whatever its time."""
        if taken_utc_ns == self._taken_utc_ns:
            self.severity, self.newest, self._taken_utc_ns = Severity.NONE, None, 0

    @property
    def is_hard(self) -> bool:
        """Whether the newest pressure is beyond the hard limit, doubted or not."""
        return self.newest is not None and _tier(self.newest, self._limits) is Severity.HIGH


def severity_of(pressure: Pressure, limits: Limits) -> Severity:
    """MEDIUM at a limit or above, HIGH at a hard one, one step lower if the device doubts the value."""
    tier = _tier(pressure, limits)
    doubted = Quality.QUESTIONABLE in (pressure.systolic.quality, pressure.diastolic.quality)
    return lower(tier) if doubted and tier else tier


def _tier(pressure: Pressure, limits: Limits) -> Severity:
    return max(_of(pressure.systolic, limits.systolic_high), _of(pressure.diastolic, limits.diastolic_high))


def _of(value: Value, limit: Tiered | None) -> Severity:
    number: Decimal | None = value.number
    if limit is None or number is None:
        return Severity.NONE
    if limit.hard is not None and number >= limit.hard:
        return Severity.HIGH
    return Severity.MEDIUM if number >= limit.value else Severity.NONE
