"""Where a second and a value lie on paper. The scale is fixed and grows by whole steps only if a value lies outside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LEFT, RIGHT = 21.0, 17.0  # mm: for names and numbers, and for the words of the limits
_STEPS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120)
_MOST_TICKS = 13
COLUMN_MM = 0.1
"""What paper can tell apart across."""


class Span(NamedTuple):
    """The seconds that one chart shows, on this many mm from x. zero_s: what its minutes are counted from."""

    from_s: float
    to_s: float
    x: float
    width: float
    zero_s: float

    def x_of(self, t_s: float) -> float:
        """Where a second lies."""
        return self.x + self.width * (t_s - self.from_s) / (self.to_s - self.from_s)

    def holds(self, t_s: float) -> bool:
        """Whether a second is shown."""
        return self.from_s <= t_s <= self.to_s

    def inside(self, from_s: float, to_s: float) -> tuple[float, float] | None:
        """The part of a stretch that is shown, None where none is."""
        start, end = max(from_s, self.from_s), min(to_s, self.to_s)
        return (start, end) if start < end else None

    @property
    def column_s(self) -> float:
        """Seconds within which nothing can be told apart."""
        return (self.to_s - self.from_s) * COLUMN_MM / self.width

    def ticks(self) -> Iterator[tuple[float, int]]:
        """(second, minute) of the lines across."""
        minutes = (self.to_s - self.from_s) / 60
        step = next((s for s in _STEPS_MIN if minutes / s <= _MOST_TICKS), _STEPS_MIN[-1])
        first = math.ceil((self.from_s - self.zero_s) / 60 / step)
        last = math.floor((self.to_s - self.zero_s) / 60 / step)
        for n in range(first, last + 1):
            yield self.zero_s + n * step * 60, n * step


class Scale(NamedTuple):
    """The values of one plot, from low at the foot to high at the top."""

    low: float
    high: float
    y: float
    height: float
    step: float

    def y_of(self, value: float) -> float:
        """Where a value lies."""
        return self.y + self.height * (self.high - value) / (self.high - self.low)

    def ticks(self) -> Iterator[float]:
        """Values with a number beside them."""
        value = math.ceil(self.low / self.step) * self.step
        while value <= self.high:
            yield value
            value += self.step


def scale(low: float, high: float, step: float, y: float, height: float, values: Iterable[float]) -> Scale:
    """The usual scale, or one with as many more steps as the values need."""
    for value in values:
        while value < low:
            low -= step
        while value > high:
            high += step
    return Scale(low, high, y, height, step)
