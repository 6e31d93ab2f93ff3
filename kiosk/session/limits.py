"""The provider's limits: what is judged, how long it must last, and the words that say who set it.

Pure. Every threshold of an alarm is here or it does not alarm: an absent limit is None, shown as "no limit set".
It never supplies a limit that the plan does not name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

AGEING_S, GONE_S, HIGH_S = 5.0, 15.0, 60.0  # ages of a value; the plan may only shorten them
LONGEST_DELAY_S = 60.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the plan's limits."""


class Delayed(_Part, frozen=True):
    """Beyond `value` for `delay_s` seconds. %, or beats per minute."""

    value: Decimal
    delay_s: float = 15.0


class Hard(_Part, frozen=True):
    """The low value that hardly waits: two seconds keep one stray sample from sounding."""

    value: Decimal
    delay_s: float = 2.0


class Area(_Part, frozen=True):
    """Desaturation area below `spo2_low`: points (%) times seconds, which fill up below it and drain away inside.

    It catches what dips again and again, each time too short for the delay. violations: the safety net, so many
    falls below the limit within `within_s` seconds alarm whatever their area.
    """

    points_s: Decimal
    violations: int = 3
    within_s: float = 60.0


class Bound(_Part, frozen=True):
    """Breaths per minute, of a count by the sitter; the limit itself is inside."""

    value: Decimal


class Differ(_Part, frozen=True):
    """Two sources of one value disagree when they are further apart than this for `for_s` seconds.

    spo2: %; two oximeters that are each right within 4 % (ISO 80601-2-61) may be 6 apart. pulse: beats per minute.
    """

    spo2: Decimal = Decimal(6)
    pulse: Decimal = Decimal(20)
    for_s: float = 30.0


class Tiered(_Part, frozen=True):
    """mmHg: at `value` or higher a medium alarm, at `hard` or higher a high one."""

    value: Decimal
    hard: Decimal | None = None


class Stale(_Part, frozen=True):
    """Seconds without a usable value: grey, gone (medium), high."""

    ageing_s: float = AGEING_S
    gone_s: float = GONE_S
    high_s: float = HIGH_S


class Clear(_Part, frozen=True):
    """A value alarm clears when the value is more than `margin` inside its limit for `hold_s` seconds."""

    margin: Decimal = Decimal(2)
    hold_s: float = 5.0


class Limits(_Part, frozen=True):
    """All limits of a plan, who set them and when. None: no limit set, no alarm."""

    author: str = ""
    set_on: date | None = None
    spo2_low: Delayed | None = None
    spo2_hard: Hard | None = None
    pulse_low: Delayed | None = None
    pulse_high: Delayed | None = None
    systolic_high: Tiered | None = None
    diastolic_high: Tiered | None = None
    spo2_area: Area | None = None
    breaths_low: Bound | None = None
    breaths_high: Bound | None = None
    differ: Differ = Differ()
    stale: Stale = Stale()
    clear: Clear = Clear()

    @property
    def who(self) -> str:
        """ "Dr. Okafor, 3 Nov 2026", as far as the plan says it."""
        day = f"{self.set_on.day} {_MONTHS[self.set_on.month - 1]} {self.set_on.year}" if self.set_on else ""
        return ", ".join(part for part in (self.author, day) if part)

    def text(self, alarm: str, hard: bool = False) -> str:
        """The limit behind an alarm in words, with who set it and when; "" if the alarm has no limit."""
        words = _words(self, alarm, hard)
        return f"{words}, set by {self.who}" if words and self.who else words

    def sentences(self) -> tuple[str, ...]:
        """One sentence a limit, for the record's first event; an absent one is said to be absent."""
        return tuple(self.text(alarm) or f"No limit set for {name}" for alarm, name in _NAMED)


_NAMED = (
    ("spo2_low", "low SpO2"),
    ("spo2_very_low", "very low SpO2"),
    ("pulse_low", "low pulse"),
    ("pulse_high", "high pulse"),
    ("pressure_high", "blood pressure"),
    ("spo2_area", "repeated dips of SpO2"),
    ("breaths_low", "slow breathing"),
    ("breaths_high", "fast breathing"),
)


LIMITS = tuple(alarm for alarm, _ in _NAMED)
"""The alarms of `Limits.sentences`, in its order."""


def _words(limits: Limits, alarm: str, hard: bool) -> str:
    delayed = {
        "spo2_low": ("SpO2 below", limits.spo2_low),
        "spo2_very_low": ("SpO2 below", limits.spo2_hard),
        "pulse_low": ("Pulse below", limits.pulse_low),
        "pulse_high": ("Pulse above", limits.pulse_high),
    }
    if alarm == "pressure_high":
        return _pressure_words(limits, hard)
    counted = {
        "breaths_low": ("fewer than", limits.breaths_low),
        "breaths_high": ("more than", limits.breaths_high),
    }
    if alarm in counted:
        words, bound = counted[alarm]
        return f"Breathing {words} {bound.value} times a minute" if bound else ""
    if alarm == "spo2_area":
        return _area_words(limits)
    words, limit = delayed.get(alarm, ("", None))
    return f"{words} {limit.value} for {limit.delay_s:g} s" if limit else ""


def _area_words(limits: Limits) -> str:
    area, low = limits.spo2_area, limits.spo2_low
    if area is None or low is None:
        return ""
    net = f"or {area.violations} times in {area.within_s:g} s"
    return f"SpO2 below {low.value} by {area.points_s} points × seconds, {net}"


def _pressure_words(limits: Limits, hard: bool) -> str:
    pair = (limits.systolic_high, limits.diastolic_high)
    systolic, diastolic = (None if t is None else t.hard if hard else t.value for t in pair)
    if systolic is not None and diastolic is not None:
        return f"Blood pressure {systolic}/{diastolic} or higher"
    if systolic is not None:
        return f"Systolic pressure {systolic} or higher"
    return f"Diastolic pressure {diastolic} or higher" if diastolic is not None else ""


def contradictions(limits: Limits) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the types cannot say: each (path below [limits], sentence)."""
    yield from _ranges(limits)
    yield from _orders(limits)
    yield from _ages(limits.stale)
    yield from _area(limits)
    yield from _differ(limits.differ)
    if not 0 <= limits.clear.margin <= 10:
        yield ("clear", "margin"), f"{limits.clear.margin} must be from 0 to 10"
    if not 0 <= limits.clear.hold_s <= 30:
        yield ("clear", "hold_s"), f"{limits.clear.hold_s:g} must be from 0 to 30 s"
    if any(getattr(limits, f) for f in _RANGES) and not limits.author:
        yield ("author",), "is missing: every limit shows who set it"


_RANGES = {  # limits outside could not be meant, or could never alarm
    "spo2_low": (50, 100),
    "spo2_hard": (50, 100),
    "pulse_low": (20, 120),
    "pulse_high": (60, 250),
    "systolic_high": (90, 260),
    "diastolic_high": (50, 160),
    "breaths_low": (4, 20),
    "breaths_high": (12, 60),
}


def _ranges(limits: Limits) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, (low, high) in _RANGES.items():
        limit: Delayed | Hard | Tiered | Bound | None = getattr(limits, name)
        if limit is None:
            continue
        if not low <= limit.value <= high:
            yield (name, "value"), f"{limit.value} must be from {low} to {high}"
        if isinstance(limit, Delayed | Hard) and not 0 <= limit.delay_s <= LONGEST_DELAY_S:
            yield (name, "delay_s"), f"{limit.delay_s:g} must be from 0 to {LONGEST_DELAY_S:g} s"
        if isinstance(limit, Tiered) and limit.hard is not None and limit.hard <= limit.value:
            yield (name, "hard"), f"{limit.hard} must be above value {limit.value}"


def _orders(limits: Limits) -> Iterator[tuple[tuple[str, ...], str]]:
    if limits.spo2_low and limits.spo2_hard and limits.spo2_hard.value >= limits.spo2_low.value:
        yield ("spo2_hard", "value"), f"{limits.spo2_hard.value} must be below spo2_low {limits.spo2_low.value}"
    if limits.pulse_low and limits.pulse_high and limits.pulse_low.value >= limits.pulse_high.value:
        yield ("pulse_low", "value"), f"{limits.pulse_low.value} must be below pulse_high {limits.pulse_high.value}"
    if limits.breaths_low and limits.breaths_high and limits.breaths_low.value >= limits.breaths_high.value:
        yield ("breaths_low", "value"), f"{limits.breaths_low.value} must be below breaths_high"


def _area(limits: Limits) -> Iterator[tuple[tuple[str, ...], str]]:
    area = limits.spo2_area
    if area is None:
        return
    if limits.spo2_low is None:
        yield ("spo2_area",), "needs spo2_low: the area is counted below it"
    rows = (("points_s", area.points_s, 10, 1000), ("violations", area.violations, 2, 20))
    for name, value, low, high in (*rows, ("within_s", area.within_s, 10, 300)):
        if not low <= value <= high:
            yield ("spo2_area", name), f"{value} must be from {low} to {high}"


def _differ(differ: Differ) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value, low, high in (
        ("spo2", differ.spo2, 2, 20),
        ("pulse", differ.pulse, 5, 60),
        ("for_s", differ.for_s, 5, 60),
    ):
        if not low <= value <= high:
            yield ("differ", name), f"{value} must be from {low} to {high}"


def _ages(stale: Stale) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, longest in (("ageing_s", AGEING_S), ("gone_s", GONE_S), ("high_s", HIGH_S)):
        if not 0 < getattr(stale, name) <= longest:
            yield ("stale", name), f"{getattr(stale, name):g} must be above 0 and at most {longest:g} s (only shorter)"
    if not stale.ageing_s <= stale.gone_s <= stale.high_s:
        yield ("stale",), "must be in the order ageing_s, gone_s, high_s"
