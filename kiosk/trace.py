"""What the chart shows, point by point: a projection of the readings, kept by the monitor and sent in pages.

A point without a valid number stays a point without a number: the chart draws a gap there, never a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from devices.reading import CuffPressure, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.line.screen import Bar, Point, Span, Trend
from kiosk.text import number

PAGE_POINTS = 2000  # about 100 KiB a line, well under the line's limit
CUFF_PAUSE_S = 5.0  # cuff pressures further apart than this are two inflations


class Trace:
    """All points, pressure bars and cuff spans of the session so far, in session seconds."""

    def __init__(self, is_high: Callable[[Pressure], bool]) -> None:
        self._is_high = is_high
        self.points: list[Point] = []
        self.bars: list[Bar] = []
        self.cuff: list[Span] = []
        self._typed_at: dict[int, float] = {}  # seq of a typed value -> its place on the chart

    def take(self, reading: Reading, t_s: float, seq: int = 0) -> Trend | None:
        """Add one reading; returns what the screen needs to add, None if nothing is drawn of it."""
        measurement, typed = reading.measurement, reading.source is Source.TYPED
        if reading.source is Source.STORED:
            return None
        if typed:
            self._typed_at[seq] = t_s
        match measurement:
            case Oximetry():
                point = Point(t_s, *_drawn(measurement.spo2), *_drawn(measurement.pulse), typed)
                self.points.append(point)
                return Trend(points=(point,))
            case Pressure():
                bar = self._bar(measurement, t_s, typed)
                if bar is None:
                    return None
                self.bars.append(bar)
                return Trend(bars=(bar,))
            case CuffPressure():
                return Trend(cuff=(self._inflate(t_s),))
            case _:
                return None  # a second source of the pulse is compared, not drawn

    def _bar(self, pressure: Pressure, t_s: float, typed: bool) -> Bar | None:
        systolic, diastolic, mean = pressure.systolic.number, pressure.diastolic.number, pressure.mean.number
        if systolic is None or diastolic is None:
            return None
        label = f"{number(systolic)}/{number(diastolic)}"
        shown_mean = None if mean is None else float(mean)
        return Bar(t_s, float(systolic), float(diastolic), shown_mean, typed, self._is_high(pressure), label)

    def _inflate(self, t_s: float) -> Span:
        if self.cuff and t_s - self.cuff[-1].end_s <= CUFF_PAUSE_S:
            self.cuff[-1] = Span(self.cuff[-1].start_s, t_s)
        else:
            self.cuff.append(Span(t_s, t_s))
        return self.cuff[-1]

    def withdraw_seq(self, seq: int) -> None:
        """The typed value of row `seq` no longer counts: it leaves the chart (it stays in the record)."""
        t_s = self._typed_at.pop(seq, None)
        self.points = [p for p in self.points if not (p.typed and p.t_s == t_s)]
        self.bars = [b for b in self.bars if not (b.typed and b.t_s == t_s)]

    def pages(self, since_s: float = 0.0) -> Iterator[Trend]:
        """The whole trace from `since_s` on, in pages; the first resets the chart, the last has more=False."""
        points = [p for p in self.points if p.t_s >= since_s]
        bars = tuple(b for b in self.bars if b.t_s >= since_s)
        chunks = [points[i : i + PAGE_POINTS] for i in range(0, len(points), PAGE_POINTS)] or [[]]
        for i, chunk in enumerate(chunks):
            last = i == len(chunks) - 1
            yield Trend(
                points=tuple(chunk),
                bars=bars if last else (),
                cuff=tuple(self.cuff) if last else (),
                reset=i == 0,
                more=not last,
            )


def _drawn(value: Value) -> tuple[float | None, str]:
    shown = value.number is not None and value.quality in (Quality.VALID, Quality.QUESTIONABLE)
    return (float(value.number) if shown and value.number is not None else None), str(value.quality)
