"""What the chart shows, point by point: a projection of the readings, kept by the monitor and sent in pages.

A point without a valid number stays a point without a number: the chart draws a gap there, never a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.line.chart import Bar, Point, Span, Trend
from kiosk.points import Points
from kiosk.session.limits import Limits
from kiosk.text import number

PAGE_POINTS = 1500  # of two sources about 150 KiB a line, under the line's limit
CUFF_PAUSE_S = 5.0  # cuff pressures further apart than this are two inflations


class Trace:
    """All points, pressure bars and cuff spans of the session so far, in session seconds."""

    def __init__(self, is_high: Callable[[Pressure], bool]) -> None:
        self._is_high = is_high
        self.points = Points()
        self.others = Points()  # a second source of the pulse: compared, not judged
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
            case HeartRate():
                other = Point(t_s, None, "", *_drawn(measurement.pulse))
                self.others.append(other)
                return Trend(others=(other,))
            case _:
                return None

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
        self.points = Points(p for p in self.points if not (p.typed and p.t_s == t_s))
        self.bars = [b for b in self.bars if not (b.typed and b.t_s == t_s)]

    def pages(self, since_s: float = 0.0) -> Iterator[Trend]:
        """The whole trace from `since_s` on, in pages; the first resets the chart, the last has more=False."""
        points, others = self.points.since(since_s), self.others.since(since_s)
        bars = tuple(b for b in self.bars if b.t_s >= since_s)
        longest = max(len(points), len(others))
        starts = range(0, longest, PAGE_POINTS) or range(1)
        for start in starts:
            last = start == starts[-1]
            yield Trend(
                points=self.points.at(points[start : start + PAGE_POINTS]),
                others=self.others.at(others[start : start + PAGE_POINTS]),
                bars=bars if last else (),
                cuff=tuple(self.cuff) if last else (),
                reset=start == 0,
                more=not last,
            )


def _drawn(value: Value) -> tuple[float | None, str]:
    shown = value.number is not None and value.quality in (Quality.VALID, Quality.QUESTIONABLE)
    return (float(value.number) if shown and value.number is not None else None), str(value.quality)


def is_high(pressure: Pressure, limits: Limits) -> bool:
    """Whether the upper or the lower pressure is at its limit or above."""
    pairs = ((pressure.systolic, limits.systolic_high), (pressure.diastolic, limits.diastolic_high))
    return any(v.number is not None and limit is not None and v.number >= limit.value for v, limit in pairs)
