"""The points of the chart, a column a field: some 27 bytes a point, where objects took ten times as much.

A day at 1 Hz is 2 MiB, so that a room may run for days. Kept by the monitor; `None` stays `None`.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator

from kiosk.line.chart import Point


class Points:
    """Grows at its end; iterated as `Point`s in the order in which they came."""

    def __init__(self, points: Iterable[Point] = ()) -> None:
        self._t_s, self._spo2, self._pulse = array("d"), array("d"), array("d")
        self._spo2_quality, self._pulse_quality, self._typed = bytearray(), bytearray(), bytearray()
        self._words: list[str] = []  # each quality once; its place stands in the columns
        for point in points:
            self.append(point)

    def append(self, point: Point) -> None:
        """One more. What is no number on the way in is none on the way out."""
        self._t_s.append(point.t_s)
        self._spo2.append(math.nan if point.spo2 is None else point.spo2)
        self._pulse.append(math.nan if point.pulse is None else point.pulse)
        self._spo2_quality.append(self._place(point.spo2_quality))
        self._pulse_quality.append(self._place(point.pulse_quality))
        self._typed.append(point.typed)

    def __len__(self) -> int:
        """How many."""
        return len(self._t_s)

    def __getitem__(self, n: int) -> Point:
        """The nth; from the end where n is negative."""
        return self._point(range(len(self))[n])

    def __iter__(self) -> Iterator[Point]:
        """All of them."""
        return map(self._point, range(len(self)))

    def since(self, t_s: float) -> list[int]:
        """Places of those from this session second on."""
        return [n for n, at_s in enumerate(self._t_s) if at_s >= t_s]

    def at(self, places: Iterable[int]) -> tuple[Point, ...]:
        """Those in these places."""
        return tuple(map(self._point, places))

    def _place(self, word: str) -> int:
        if word not in self._words:
            self._words.append(word)
        return self._words.index(word)

    def _point(self, n: int) -> Point:
        spo2, pulse = self._spo2[n], self._pulse[n]
        return Point(
            self._t_s[n],
            None if math.isnan(spo2) else spo2,
            self._words[self._spo2_quality[n]],
            None if math.isnan(pulse) else pulse,
            self._words[self._pulse_quality[n]],
            bool(self._typed[n]),
        )
