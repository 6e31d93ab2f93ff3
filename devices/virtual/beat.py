"""The simulated pulse itself: a waveform whose beats follow the pulse that the numbers say.

Runs in the air's process; pure. One shape for every family; each puts it into its own units.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Moment(NamedTuple):
    """One sample. level: 0 to 1, flat without a pulse; beats: whether a beat begins here."""

    level: float
    beats: bool


class Beat:
    """Goes on where the last call ended, so that a device's waveform has no seams."""

    def __init__(self) -> None:
        self._phase = 0.0

    def next(self, count: int, rate_hz: float, pulse: int | None) -> list[Moment]:
        """The next samples at this rate; pulse in beats per minute, None for a finger that is out."""
        if not pulse:
            return [Moment(0.0, beats=False)] * count
        return [self._one(pulse / 60 / rate_hz) for _ in range(count)]

    def _one(self, step: float) -> Moment:
        before, self._phase = self._phase, (self._phase + step) % 1
        first = math.sin(math.pi * min(self._phase / 0.4, 1)) ** 2
        second = 0.25 * math.sin(math.pi * max(self._phase - 0.4, 0) / 0.6) ** 2
        return Moment(0.05 + 0.9 * max(first, second), beats=self._phase < before)
