"""The trend: phases, marks, SpO2, pulse and pressure on one time axis whose values never rescale.

Owned by the screen process. It redraws at most twice a second, and only the columns in which something changed: the
stretch of time that is shown moves in steps (`axis.steady`). It must never join across a gap.
"""

from __future__ import annotations

import math
from functools import cached_property

from PySide6.QtCore import QElapsedTimer, QLineF, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from kiosk.line.chart import Bar, Span, Trend
from kiosk.line.screen import Begin, View
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed
from ui.sitter import axis
from ui.sitter.lanes import MarkLane, PhaseLane, TimeLane
from ui.sitter.plot import Plot
from ui.sitter.series import Readings, columns

REDRAW_MS = 500  # views and readings both come once a second
UNCHANGED = float("inf")


class SpO2Plot(Plot):
    """SpO2 with a bracket where the cuff was tight on the probe's arm."""

    def __init__(self) -> None:
        super().__init__("SpO2", "%", 70, 100.9, (80, 90), 150, 2)
        self.grows = True
        self.cuff: list[Span] = []

    def show_cuff(self, cuff: list[Span]) -> None:
        """Take the spans in which the cuff was tight."""
        if cuff != self.cuff:
            self.cuff = cuff
            self.update()

    def brackets(self, name_width: float) -> list[tuple[float, float, bool]]:
        """Left and right end of each, and whether its name fits in before the next one."""
        lefts = [self.x_of(c.start_s) for c in self.cuff]
        rights = [max(self.x_of(c.end_s), left + self.pf(8)) for c, left in zip(self.cuff, lefts, strict=True)]
        nexts = [*lefts, math.inf][1:]
        parts = zip(lefts, rights, nexts, strict=True)
        return [(left, right, right + name_width <= after) for left, right, after in parts]

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.font(14, 400, self.u))
        name, gap = _("cuff"), self.pf(4)
        for left, right, is_named in self.brackets(painter.fontMetrics().horizontalAdvance(name) + 2 * gap):
            y = area.bottom() - self.pf(5)
            painter.setPen(QPen(theme.colour("ink2"), self.pf(1.5)))
            up = QPointF(0, -self.pf(5))
            painter.drawPolyline([QPointF(left, y) + up, QPointF(left, y), QPointF(right, y), QPointF(right, y) + up])
            if is_named:
                painter.setPen(theme.colour("ink3"))
                painter.drawText(QPointF(right + gap, y + self.pf(1)), name)


class PressurePlot(Plot):
    """Bars from systolic to diastolic with the device's mean; the window of the next measurement dashed."""

    def __init__(self) -> None:
        super().__init__(_("Pressure"), "mmHg", 50, 200, (60, 100), 104, 2)
        self.bars: list[Bar] = []
        self.due: tuple[float, float, str] | None = None
        self.late = False
        self.labels_all = False  # else the latest alone

    def show_bars(self, bars: list[Bar]) -> None:
        """Take the measurements that are seen."""
        if bars != self.bars:
            self.bars = bars
            self.update()

    def show_due(self, due: tuple[float, float, str] | None, late: bool) -> None:
        """Take the window of the next measurement."""
        if (due, late) != (self.due, self.late):
            self.due, self.late = due, late
            self.update()

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        if self.due is not None:
            self._draw_due(painter, area, self.due)
        for name, bars in (
            (self.ink, [b for b in self.bars if not b.high]),
            ("red_line", [b for b in self.bars if b.high]),
        ):
            self._draw_bars(painter, bars, theme.colour(name))
        self._draw_labels(painter)

    def _draw_due(self, painter: QPainter, area: QRectF, due: tuple[float, float, str]) -> None:
        start_s, end_s, words = due
        box = QRectF(self.x_of(start_s), self.pf(4), self.x_of(end_s) - self.x_of(start_s), area.height() - self.pf(8))
        pen = QPen(theme.colour("yellow" if self.late else "ink3"), self.pf(1.25))
        pen.setDashPattern(list(theme.DASH_PLANNED))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, self.pf(4), self.pf(4))
        painter.setFont(theme.font(14, 400, self.u))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_bars(self, painter: QPainter, bars: list[Bar], ink: QColor) -> None:
        half, pen = self.pf(5.5), QPen(ink, self.pf(2.25))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines: list[QLineF] = []
        means: list[QPointF] = []
        for bar in bars:
            x, top, low = self.x_of(bar.t_s), self.y_of(bar.systolic), self.y_of(bar.diastolic)
            if bar.typed:
                painter.drawRect(QRectF(x - half, top, 2 * half, low - top))
            else:
                lines.append(QLineF(x, top, x, low))
                lines += (QLineF(x - half, y, x + half, y) for y in (top, low))
            if bar.mean is not None:
                means.append(QPointF(x, self.y_of(bar.mean)))
        painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for mean in means:
            painter.drawEllipse(mean, self.pf(3.4), self.pf(3.4))

    def _draw_labels(self, painter: QPainter) -> None:
        """The last one's, and with labels_all those that have room."""
        painter.setPen(theme.colour("ink1"))
        painter.setFont(theme.font(16, 500, self.u))
        for i, bar in enumerate(self.bars):
            x, is_last = self.x_of(bar.t_s), i == len(self.bars) - 1
            if is_last or (self.labels_all and self.x_of(self.bars[i + 1].t_s) - x > self.pf(74)):
                painter.drawText(QPointF(x + self.pf(10), self.y_of(bar.systolic) + self.pf(8)), bar.label)


class Chart(Column):
    """All rows of the trend. `short`: pulse and pressure make room for the action panel; SpO2 stays."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(gap=0)
        self.setObjectName("chart")
        self.setAccessibleName(_("Trend of SpO2, pulse and blood pressure"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.phases, self.marks, self.times = PhaseLane(), MarkLane(), TimeLane()
        self.spo2, self.pressure = SpO2Plot(), PressurePlot()
        self.pulse = Plot(_("Pulse"), _("/min"), 36, 154, (50, 90), 90, 1.75)
        self.pulse_gap, self.pressure_gap = (Fixed(Column(), height=6) for _i in range(2))
        self.add(self.phases, self.marks)
        self.grow(self.spo2)
        self.add(self.pulse_gap, self.pulse, self.pressure_gap, self.pressure, self.times)
        self.reach: axis.Window = "60"
        self._changed_s = UNCHANGED
        self.bars: list[Bar] = []
        self.cuff: list[Span] = []
        self._begin: Begin | None = None
        self._view: View | None = None
        self._since_s, self._is_upright = 0.0, False
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._redraw_due)
        self._is_covered = False
        self._last = QElapsedTimer()

    # Empty until something is measured or drawn: only then numpy is loaded (`ui.array`).

    @cached_property
    def spo2_readings(self) -> Readings:
        """What the upper plot draws."""
        return columns(())

    @cached_property
    def pulse_readings(self) -> Readings:
        """What the pulse's draws."""
        return columns(())

    @cached_property
    def other_pulse(self) -> Readings:
        """Of a source that is compared and not judged."""
        return columns(())

    def begin(self, begin: Begin) -> None:
        """Take the session's origin, zone and whether it is simulated."""
        self._begin = begin
        self.spo2.show_word(_("Simulated") if begin.simulated else "")

    def short(self, short: bool) -> None:
        """Show SpO2 alone, or all three; in an upright window the lanes above make room as well."""
        for part in (self.pulse_gap, self.pulse, self.pressure_gap, self.pressure):
            part.setVisible(not short)
        for lane in (self.phases, self.marks):
            lane.setVisible(not (short and self._is_upright))

    def reflow(self, upright: bool) -> None:
        self._is_upright = upright

    def show_view(self, view: View) -> None:
        """Take phases, marks, limits and the next pressure of a view."""
        self._view, self._since_s = view, 0.0
        self.phases.show_phases(view.phases)
        self.marks.show_marks(view.marks)
        for plot, name in ((self.spo2, "spo2"), (self.pulse, "pulse"), (self.pressure, "pressure")):
            plot.show_limits([i for i in view.limits if i.plot == name])
        self.pressure.show_due(view.due, view.pressure.state == "late")
        self.redraw_soon()

    def count_on(self, since_s: float) -> None:
        """Time goes on between two views: the window moves and a gap grows."""
        self._since_s = since_s
        self.redraw_soon()

    def add_trend(self, trend: Trend) -> None:
        """Take new points, bars and cuff spans; a reset forgets the old ones first."""
        if trend.reset:
            for readings in ("spo2_readings", "pulse_readings", "other_pulse"):
                vars(self).pop(readings, None)
            self.bars, self.cuff = [], []
        if trend.points:
            self._add(self.spo2_readings, columns(trend.points))
            self._add(self.pulse_readings, columns(trend.points, pulse=True))
        if trend.others:
            self._add(self.other_pulse, columns(trend.others, pulse=True))
        if trend.bars:
            self.bars = sorted({b.t_s: b for b in (*self.bars, *trend.bars)}.values(), key=lambda b: b.t_s)
        if trend.cuff:
            self.cuff = sorted({c.start_s: c for c in (*self.cuff, *trend.cuff)}.values(), key=lambda c: c.start_s)
        if not trend.more and self.isVisible():  # behind the rest screen the view that comes with the pane does it
            self.redraw_soon()

    def _add(self, readings: Readings, later: Readings) -> None:
        readings.add(later)
        seconds = [*later.t[:1].tolist(), *(t_s for t_s, _value in later.typed)]
        self._changed_s = min(self._changed_s, *seconds)

    def step_window(self, by: int) -> None:
        """A wider (+1) or narrower (-1) window."""
        at = axis.WINDOWS.index(self.reach) + by
        self.choose_window(axis.WINDOWS[min(max(at, 0), len(axis.WINDOWS) - 1)])

    def choose_window(self, window: axis.Window) -> None:
        """10, 30 or 60 minutes, or the whole session."""
        self.reach = window
        self.redraw()

    def redraw_soon(self) -> None:
        """Redraw at the next turn, at most twice a second; more requests until then cost nothing."""
        if not self._due.isActive():
            spent_ms = self._last.elapsed() if self._last.isValid() else REDRAW_MS
            self._due.start(max(0, REDRAW_MS - spent_ms))

    def cover(self, is_covered: bool) -> None:
        """A page lies in front of it: nothing is drawn until that goes, and then at once."""
        was_covered, self._is_covered = self._is_covered, is_covered
        if was_covered and not is_covered:
            self.redraw()

    def _redraw_due(self) -> None:
        if not self._is_covered:
            self.redraw()

    def redraw(self) -> None:
        """Draw everything as of now."""
        if self._begin is None or self._view is None:
            return
        self._last.start()
        now_s = self._view.t_s + self._since_s
        first = float(self.spo2_readings.t[0]) if self.spo2_readings.t.size else 0.0
        shown = axis.steady(axis.span(self.reach, now_s, first))
        ticks = axis.ticks(shown, self._begin.origin_utc_ms, self._begin.offset_min)
        for lane in (self.phases, self.marks, self.times):
            lane.show_span(shown)
        self.times.show_ticks(ticks)
        for plot in (self.spo2, self.pulse, self.pressure):
            plot.show_axis(shown, ticks)
        self._show_readings(self._begin.gone_after_s)
        self.spo2.show_cuff([c for c in self.cuff if c.end_s >= shown.start_s])
        self.pressure.show_bars([b for b in self.bars if b.t_s >= shown.start_s])
        self.changed.emit()

    def _show_readings(self, stale_after_s: float) -> None:
        self.pulse.show_other(self.other_pulse)
        for plot, readings in ((self.spo2, self.spo2_readings), (self.pulse, self.pulse_readings)):
            plot.show_readings(readings, stale_after_s, self._changed_s)
        self._changed_s = UNCHANGED
