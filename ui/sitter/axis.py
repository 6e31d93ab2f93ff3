"""The chart's time axis: which stretch of the session is shown, where its ticks stand. Pure, no widget."""

from __future__ import annotations

from math import ceil, floor, log2
from typing import Literal

import msgspec

Window = Literal["10", "30", "60", "whole"]
WINDOWS: tuple[Window, ...] = ("10", "30", "60", "whole")
_SPANS = {"10": (7, 3), "30": (20, 10), "60": (36, 19)}  # minutes back, minutes ahead
_STEPS_MIN = (1, 2, 5, 10, 20, 30, 60, 120, 180)
MOST_TICKS = 7


class Span(msgspec.Struct, frozen=True):
    """The shown stretch in session seconds, and now."""

    start_s: float
    end_s: float
    now_s: float

    def is_same_stretch(self, other: Span) -> bool:
        """Whether both show the same; now may be another."""
        return (self.start_s, self.end_s) == (other.start_s, other.end_s)

    def share(self, t_s: float) -> float:
        """Where an instant lies: 0 at the left edge, 1 at the right one."""
        return (t_s - self.start_s) / (self.end_s - self.start_s)


STEPS = 100  # at least so many in a window: about 8 px each


def steady(shown: Span) -> Span:
    """The stretch on a grid of a hundredth of its width or finer, so that the picture stands still between two steps.

    The grid is a power of two in seconds: it stays the same while a window grows, and so does the scale on it.
    """
    wide_s = shown.end_s - shown.start_s
    step_s = 2.0 ** floor(log2(wide_s / STEPS))
    start_s = shown.start_s // step_s * step_s
    return Span(start_s, start_s + ceil(wide_s / step_s) * step_s, shown.now_s)


def span(window: Window, now_s: float, first_s: float = 0.0) -> Span:
    """36 min back and 19 ahead, or another window; a young session keeps the same window."""
    if window == "whole":
        start = min(first_s, now_s - 36 * 60)
        return Span(start, now_s + max(19 * 60, (now_s - start) * 0.1), now_s)
    back, ahead = _SPANS[window]
    return Span(now_s - back * 60, now_s + ahead * 60, now_s)


def ticks(shown: Span, origin_utc_ms: int, offset_min: int) -> list[tuple[float, str]]:
    """Session second and local time ("21:50") of every tick, on round minutes of the local clock."""
    step_s = next((m for m in _STEPS_MIN if (shown.end_s - shown.start_s) / 60 / m <= MOST_TICKS), 360) * 60
    local_s = origin_utc_ms / 1000 + offset_min * 60
    first = -(-(local_s + shown.start_s) // step_s) * step_s
    found: list[tuple[float, str]] = []
    while first - local_s <= shown.end_s - (shown.end_s - shown.start_s) * 0.02:
        minute = int(first // 60)
        found.append((first - local_s, f"{minute // 60 % 24:02d}:{minute % 60:02d}"))
        first += step_s
    return found


def minute_ticks(shown: Span, zero_s: float, zero: str) -> list[tuple[float, str]]:
    """Ticks on round minutes before and after zero_s: "−20 min", the word `zero`, "+20 min"; "s" in a narrow window."""
    wide_s = shown.end_s - shown.start_s
    step_s = next((s for s in (10, 20, 30) if wide_s / s <= MOST_TICKS), 0)
    step_s = step_s or next((m for m in _STEPS_MIN if wide_s / 60 / m <= MOST_TICKS), 360) * 60
    first = -(-(shown.start_s - zero_s) // step_s) * step_s
    found: list[tuple[float, str]] = []
    while first + zero_s <= shown.end_s:
        minutes, seconds = divmod(int(abs(first)), 60)
        sign = "+" if first > 0 else "−"
        words = f"{sign}{minutes} min" if not seconds else f"{sign}{minutes}:{seconds:02d}"
        found.append((first + zero_s, words if first else zero))
        first += step_s
    return found
