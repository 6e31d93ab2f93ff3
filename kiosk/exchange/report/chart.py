"""SpO2, pulse and blood pressure with phases, alarms, events and notes on one time axis, as lines on paper.

Black, greys, shapes and weights only: printed without colour it says the same. A hole is hatched and never crossed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import msgspec

from kiosk.exchange.block import Block
from kiosk.exchange.flow import Span as Words
from kiosk.exchange.pdf import Document
from kiosk.exchange.report import curve
from kiosk.exchange.report.axis import LEFT, RIGHT, Scale, Span, scale
from kiosk.exchange.report.case import Case
from kiosk.exchange.report.lane import Lane, phases, row, shape
from kiosk.exchange.report.letter import Letters
from kiosk.exchange.report.mark import Mark
from kiosk.exchange.report.trace import Trace
from kiosk.session import trend
from kiosk.session.bedside import Taken
from kiosk.session.limits import Delayed, Hard, Limits
from kiosk.text import report_list as words

_PT = 7.5
_LANE, _GAP, _AXIS = 5.2, 2.5, 9.0  # mm
_SHARES = {"spo2": 0.44, "pulse": 0.28, "pressure": 0.28}
_GRID, _HATCH, _AREA = 0.86, 0.55, 0.72  # greys
_LINE, _THICK = 0.18, 0.55  # mm


class Limit(msgspec.Struct, frozen=True):
    """A line across a plot."""

    value: float
    label: str
    is_low: bool


class Plot(msgspec.Struct, frozen=True):
    """One plot: what it shows, its usual scale, its limits and the holes of its trace."""

    key: str
    trace: Trace
    low: float
    high: float
    step: float
    limits: tuple[Limit, ...]
    holes: tuple[trend.Span, ...] = ()
    other: Trace | None = None


class Chart(msgspec.Struct, frozen=True, dict=True):
    """What every chart of one report shows, whichever part of the time."""

    case: Case
    marks: tuple[Mark, ...]
    letters: Letters

    def block(self, doc: Document, width: float, height: float, from_s: float, to_s: float) -> Block:
        """A chart of these seconds."""

        def draw(x: float, y: float) -> None:
            _Drawing(self, doc, (x, y), (width, height), (from_s, to_s)).draw()

        return Block(height, draw)

    @cached_property
    def plots(self) -> tuple[Plot, ...]:
        """From top to bottom."""
        case, limits = self.case, self.case.plan.limits if self.case.plan else Limits()
        started_s = case.state.started_s

        def holes(trace: Trace) -> tuple[trend.Span, ...]:
            return tuple(trend.gaps(trace.usable(), case.end_s, case.stale_s, started_s))

        spo2 = (_limit("low", limits.spo2_low, True), _limit("hard", limits.spo2_hard, True))
        pulse = (_limit("low", limits.pulse_low, True), _limit("high", limits.pulse_high, False))
        upper = limits.systolic_high
        pressure = () if upper is None else (_at("high", upper.value, False), _at("hard", upper.hard, False))
        return (
            Plot("spo2", case.spo2, 70, 100, 10, _set(spo2), holes(case.spo2)),
            Plot("pulse", case.pulse, 40, 150, 50, _set(pulse), holes(case.pulse), case.strap),
            Plot("pressure", Trace(), 50, 200, 50, _set(pressure)),
        )


def _limit(name: str, limit: Delayed | Hard | None, is_low: bool) -> Limit | None:
    return None if limit is None else _at(name, limit.value, is_low)


def _at(name: str, value: Decimal | None, is_low: bool) -> Limit | None:
    if value is None:
        return None
    return Limit(float(value), words.limit_names()[name].format(v=_plain(value)), is_low)


def _set(limits: Iterable[Limit | None]) -> tuple[Limit, ...]:
    return tuple(limit for limit in limits if limit is not None)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


class Bar(NamedTuple):
    """Where a pressure was drawn."""

    x: float
    top: float
    foot: float
    is_high: bool


class Box(NamedTuple):
    """A piece of paper."""

    left: float
    top: float
    right: float
    foot: float

    def meets(self, other: Box) -> bool:
        """Whether they lie over each other."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.foot and other.top < self.foot


class _Drawing:
    """One chart in the making."""

    def __init__(
        self, chart: Chart, doc: Document, at: tuple[float, float], size: tuple[float, float], time: tuple[float, float]
    ) -> None:
        self.chart, self.case, self.doc = chart, chart.case, doc
        zero_s = self.case.state.dose.t_s if self.case.state.dose else self.case.state.started_s or 0.0
        self.span = Span(*time, at[0] + LEFT, size[0] - LEFT - RIGHT, zero_s)
        self.left, self.y, self.height = at[0], at[1], size[1]
        self.right = at[0] + size[0]

    def draw(self) -> None:
        """From top to bottom."""
        for name, drawn in phases(self.case, self.span):
            self._lane(name, lambda lane, drawn=drawn: drawn(lane, self.doc, self.chart.letters))
        for name in ("alarms", "events", "notes"):
            mine = [mark for mark in self.chart.marks if mark.lane == name and self.span.holds(mark.t_s)]
            self._lane(name, lambda lane, mine=mine: row(lane, self.doc, mine))
        left = self.height - 5 * _LANE - _AXIS - 3 * _GAP
        for plot in self.chart.plots:
            self.y += _GAP
            self._plot(plot, left * _SHARES[plot.key])
        self._times()

    def _lane(self, name: str, draw: Callable[[Lane], None]) -> None:
        self._words(self.left, self.y + 0.7 * _LANE, words.lanes()[name])
        draw(Lane(self.span, self.y, _LANE))
        self.y += _LANE

    def _words(self, x: float, baseline: float, text: str, *, heavy: bool = False, grey: float = 0.3) -> None:
        self.doc.line(x, baseline, (Words(text, heavy),), _PT, grey)

    # --- plots ------------------------------------------------------------------------------------------------------

    def _plot(self, plot: Plot, height: float) -> None:
        values = list(plot.trace.extent)
        shown = [p for p in self.case.pressures if self.span.holds(p.t_s)] if plot.key == "pressure" else []
        values += [float(n) for p in shown for n in (p.systolic, p.diastolic)] + [limit.value for limit in plot.limits]
        area = scale(plot.low, plot.high, plot.step, self.y, height, values)
        self._grid(plot, area)
        for hole in plot.holes:
            self._hatch(area, hole)
        self._limits(plot, area)
        if plot.other is not None:
            self._curve(plot.other, area, (), 0.1)
        self._curve(plot.trace, area, plot.limits, _LINE)
        self._bars(shown, area, plot.limits)
        if self.case.opened.simulated and plot.key == "spo2":  # where no curve is
            text = words.simulated_word()
            wide = self.doc.measure(text, True, _PT)
            self._words(self.span.x + self.span.width - wide - 1, area.y + height - 1, text, heavy=True, grey=0.45)
        self.y += height

    def _grid(self, plot: Plot, area: Scale) -> None:
        right, foot = self.span.x + self.span.width, area.y + area.height
        name, unit = words.plots()[plot.key]
        self._words(self.left, area.y + 2.6, name, heavy=True, grey=0.0)
        self._words(self.left, area.y + 5.6, unit)
        for value in area.ticks():
            y = area.y_of(value)
            self.doc.rule(self.span.x, y, right, y, 0.12, _GRID)
            text = f"{value:g}"
            if y > area.y + 7 or y < area.y + 0.5:  # not over the name
                self._words(self.span.x - 1 - self.doc.measure(text, False, _PT), min(y + 0.9, foot), text)
        for t_s, _ in self.span.ticks():
            x = self.span.x_of(t_s)
            self.doc.rule(x, area.y, x, foot, 0.12, _GRID)
        for y in (area.y, foot):
            self.doc.rule(self.span.x, y, right, y, 0.15, 0.5)
        for x in (self.span.x, right):
            self.doc.rule(x, area.y, x, foot, 0.15, 0.5)

    def _hatch(self, area: Scale, hole: trend.Span) -> None:
        """Lines that rise to the right between two upright ones."""
        part = self.span.inside(*hole)
        if part is None:
            return
        x, x2 = (self.span.x_of(t_s) for t_s in part)
        top, foot = area.y, area.y + area.height
        self.doc.box(x, top, max(x2 - x, 0.1), area.height, fill=0.95)
        reach = x - area.height
        start = reach - reach % 1.6
        while start < x2:
            start += 1.6
            left, right = max(x, start), min(x2, start + area.height)
            if left < right:
                self.doc.rule(left, foot - (left - start), right, foot - (right - start), 0.1, _HATCH)
        for edge in (x, x2):
            self.doc.rule(edge, top, edge, foot, 0.15, 0.35)

    def _limits(self, plot: Plot, area: Scale) -> None:
        for limit in plot.limits:
            y, right = area.y_of(limit.value), self.span.x + self.span.width
            with self.doc.dashed(1.4, 1.0):
                self.doc.rule(self.span.x, y, right, y, 0.2, 0.25)
            self._words(right + 1, y + 0.9, limit.label, grey=0.0)

    def _curve(self, trace: Trace, area: Scale, limits: Sequence[Limit], mm: float) -> None:
        span = self.span
        for run in curve.stretches(trace, self.case.stale_s, span.from_s, span.to_s):
            line = curve.drawn(run, span.column_s)
            for limit in limits:
                for part in curve.beyond(line, limit.value, limit.is_low):
                    self._beyond(part, area, limit.value)
            points = [(span.x_of(t), area.y_of(v)) for t, v in line]
            points = points if len(points) > 1 else [points[0], (points[0][0] + 0.15, points[0][1])]
            self.doc.curve(points, mm)
        for t, v in curve.dots(trace, 8 * span.column_s, span.from_s, span.to_s):
            self.doc.disc(span.x_of(t), area.y_of(v), 0.4, fill=1.0, mm=0.15)
        for t, typed in trace.typed:
            if span.holds(t):
                shape(self.doc, "square", span.x_of(t), area.y_of(float(typed)), 1.0, 1.0)

    def _beyond(self, part: Sequence[curve.Point], area: Scale, level: float) -> None:
        points = [(self.span.x_of(t), area.y_of(v)) for t, v in part]
        y = area.y_of(level)
        if len(points) > 1:
            self.doc.shape([(points[0][0], y), *points, (points[-1][0], y)], fill=_AREA, mm=0)
            self.doc.curve(points, _THICK)

    def _bars(self, shown: Sequence[Taken], area: Scale, limits: Sequence[Limit]) -> None:
        """From systolic to diastolic, a dot at the mean; typed ones as boxes."""
        bars = [self._bar(taken, area, limits) for taken in shown]
        used: list[Box] = []
        for taken, bar in zip(shown, bars, strict=True):
            label = taken.text + ("?" if taken.doubted else "")
            wide = self.doc.measure(label, bar.is_high, _PT)
            left = max(bar.x - wide / 2, self.span.x + 0.8)
            for baseline in (max(bar.top - 1, area.y + 2.4), min(bar.foot + 3.2, area.y + area.height - 0.5)):
                box = Box(left - 0.6, baseline - 2.2, left + wide + 0.6, baseline + 0.4)
                others = (Box(b.x - 1.2, b.top, b.x + 1.2, b.foot) for b in bars if b is not bar)
                if not any(box.meets(other) for other in (*used, *others)):
                    self.doc.box(left - 0.3, baseline - 2.2, wide + 0.6, 2.7, fill=1.0)
                    self._words(left, baseline, label, heavy=bar.is_high, grey=0.0)
                    used.append(box)
                    break

    def _bar(self, taken: Taken, area: Scale, limits: Sequence[Limit]) -> Bar:
        x, top, foot = self.span.x_of(taken.t_s), area.y_of(float(taken.systolic)), area.y_of(float(taken.diastolic))
        is_high = any(float(taken.systolic) >= limit.value for limit in limits)
        mm = 0.6 if is_high else 0.3
        if taken.typed:
            self.doc.box(x - 0.9, top, 1.8, foot - top, mm=mm)
        else:
            self.doc.rule(x, top, x, foot, mm)
            for y in (top, foot):
                self.doc.rule(x - 1.2, y, x + 1.2, y, mm)
        if taken.mean is not None:
            self.doc.disc(x, area.y_of(float(taken.mean)), 0.6, mm=0)
        return Bar(x, top, foot, is_high)

    # --- time -------------------------------------------------------------------------------------------------------

    def _times(self) -> None:
        """Minutes, and the clock below."""
        self._words(self.left, self.y + 3.4, words.axis(self.case.state.dose is not None))
        self._words(self.left, self.y + 6.6, words.clock_axis())
        for t_s, minute in self.span.ticks():
            x = self.span.x_of(t_s)
            for text, y, heavy in ((_minute(minute), 3.4, True), (self.case.clock(self.case.utc_ns(t_s)), 6.6, False)):
                wide = self.doc.measure(text, heavy, _PT)
                self._words(x - wide / 2, self.y + y, text, heavy=heavy, grey=0.0 if heavy else 0.3)


def _minute(minute: int) -> str:
    return f"−{-minute}" if minute < 0 else str(minute)
