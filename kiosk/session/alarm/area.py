"""Desaturation area: what dips again and again below the low limit, each time too short for its delay.

Pure. Points below the limit times seconds fill an area that drains away inside the limit; a full one alarms, and so do
several falls below the limit within a minute, whatever their area. It gives way to the limits with a delay: one dip
is one alarm.
"""

from __future__ import annotations

from decimal import Decimal

from kiosk.session.alarm.condition import Rule, Threshold
from kiosk.session.events import Severity
from kiosk.session.limits import Area, Limits

DRAINS_AT_LEAST = 1.0  # points a second inside the limit, so that a value at the limit does not keep its area


class Dips(Threshold):
    """The area of one session. `is_true`, `severity` and the end are those of any other threshold."""

    gives_way = True
    __slots__ = ("_area", "_at_s", "_depth", "_is_below", "_starts_s", "points")

    def __init__(self, rule: Rule, area: Area) -> None:
        self._area = area
        super().__init__(rule)

    def _start_over(self) -> None:
        super()._start_over()
        self.points = 0.0
        self._depth = 0.0
        self._at_s: float | None = None
        self._is_below = False
        self._starts_s: list[float] = []

    @property
    def falls(self) -> int:
        """How often it fell below the limit lately."""
        return len(self._starts_s)

    def take(self, number: Decimal, is_valid: bool, now_s: float) -> None:
        """One usable sample of the stream."""
        self.is_held = False
        self._flow(now_s)
        self._depth = float(self.rule.value - number)
        if self.rule.is_beyond(number):
            self._fall(is_valid, now_s)
        elif number > self.rule.value:
            self._is_below = False
            self.since_s = self.since_s if self.is_true else None
        if not self.is_true:
            self._judge(now_s)
        elif self.rule.is_well_inside(number):
            self._inside(now_s)
        else:
            self.back_s = None

    def _fall(self, is_valid: bool, now_s: float) -> None:
        if not self._is_below:
            self._is_below = True
            self._starts_s.append(now_s)
        self.is_doubted = self.is_doubted and not is_valid
        self.since_s = now_s if self.since_s is None else self.since_s
        self.is_true, self.at_once = self.is_true or self.at_once, False

    def _flow(self, now_s: float) -> None:
        """The newest depth has lasted until now."""
        for_s = 0.0 if self._at_s is None else now_s - self._at_s
        self._at_s = now_s
        if self._depth > 0:
            self.points += self._depth * for_s
        elif self.points:
            self.points = max(0.0, self.points - max(-self._depth, DRAINS_AT_LEAST) * for_s)
        if self._starts_s and now_s - self._starts_s[0] >= self._area.within_s:
            self._starts_s = [s for s in self._starts_s if now_s - s < self._area.within_s]
        if not self.points and not self._starts_s and not self.is_true:
            self.is_doubted = True

    def _judge(self, now_s: float) -> None:
        if not self._is_below:
            return
        is_full = self.points >= float(self._area.points_s) or self.falls >= self._area.violations
        self.is_true = self.is_true or is_full

    def wait(self, now_s: float) -> None:
        """Time passes between two samples: the area goes on filling."""
        if not self.is_true and self._at_s is not None:
            self._flow(now_s)
            self._judge(now_s)

    def take_single(self, value: object, number: Decimal, now_s: float) -> None:
        """A value that stands alone has no area."""

    def give_way(self) -> None:
        """A limit with a delay alarms for this dip: what follows is counted anew."""
        self.is_true = False
        self._start_over()


def dips(limits: Limits) -> tuple[Dips, ...]:
    """The area of these limits, () when the plan sets none."""
    if limits.spo2_area is None or limits.spo2_low is None:
        return ()
    clear = limits.clear
    rule = Rule("spo2_area", limits.spo2_low.value, True, 0.0, Severity.HIGH, clear.margin, clear.hold_s)
    return (Dips(rule, limits.spo2_area),)
