"""The trend: phases, marks, SpO2, pulse and pressure on one time axis that never rescales.

Owned by the screen process. It redraws at most once a second and with new points. It must never join across a gap.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from kiosk.line.screen import Bar, Begin, Span, Trend, View
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed
from ui.sitter import axis
from ui.sitter.lanes import MarkLane, PhaseLane, TimeLane
from ui.sitter.plot import Plot
from ui.sitter.series import columns, curve, steps

REDRAW_MS = 500  # views and readings both come once a second


class SpO2Plot(Plot):
    """SpO2 with a bracket where the cuff was tight on the probe's arm."""

    def __init__(self) -> None:
        super().__init__("SpO2", "%", 70, 100.9, (80, 90), 150, 2)
        self.grows = True
        self.cuff: list[Span] = []

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.font(14, 400, self.u))
        for tight in self.cuff:
            left, right = self.x_of(tight.start_s), max(self.x_of(tight.end_s), self.x_of(tight.start_s) + self.pf(8))
            y = area.bottom() - self.pf(5)
            painter.setPen(QPen(theme.colour("ink2"), self.pf(1.5)))
            up = QPointF(0, -self.pf(5))
            painter.drawPolyline([QPointF(left, y) + up, QPointF(left, y), QPointF(right, y), QPointF(right, y) + up])
            painter.setPen(theme.colour("ink3"))
            painter.drawText(QPointF(right + self.pf(4), y + self.pf(1)), _("cuff"))


class PressurePlot(Plot):
    """Bars from systolic to diastolic with the device's mean; the window of the next measurement dashed."""

    def __init__(self) -> None:
        super().__init__(_("Pressure"), "mmHg", 50, 200, (60, 100), 104, 2)
        self.bars: list[Bar] = []
        self.due: tuple[float, float, str] | None = None
        self.late = False
        self.labels_all = False  # else the latest alone

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        if self.due is not None:
            self._draw_due(painter, area, self.due)
        for i, bar in enumerate(self.bars):
            is_last = i == len(self.bars) - 1
            room = (
                self.labels_all and not is_last and self.x_of(self.bars[i + 1].t_s) - self.x_of(bar.t_s) > self.pf(74)
            )
            self._draw_bar(painter, bar, labelled=is_last or room)

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

    def _draw_bar(self, painter: QPainter, bar: Bar, labelled: bool) -> None:
        ink = theme.colour("red_line" if bar.high else self.ink)
        x, top, low, half = self.x_of(bar.t_s), self.y_of(bar.systolic), self.y_of(bar.diastolic), self.pf(5.5)
        pen = QPen(ink, self.pf(2.25))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if bar.typed:
            painter.drawRect(QRectF(x - half, top, 2 * half, low - top))
        else:
            painter.drawLine(QPointF(x, top), QPointF(x, low))
            for y in (top, low):
                painter.drawLine(QPointF(x - half, y), QPointF(x + half, y))
        if bar.mean is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(x, self.y_of(bar.mean)), self.pf(3.4), self.pf(3.4))
        if labelled:
            painter.setPen(theme.colour("ink1"))
            painter.setFont(theme.font(16, 500, self.u))
            painter.drawText(QPointF(x + self.pf(10), top + self.pf(8)), bar.label)


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
        self.spo2_readings, self.pulse_readings, self.other_pulse = columns(()), columns(()), columns(())
        self.bars: list[Bar] = []
        self.cuff: list[Span] = []
        self._begin: Begin | None = None
        self._view: View | None = None
        self._since_s, self._is_upright = 0.0, False
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.redraw)
        self._last = QElapsedTimer()

    def begin(self, begin: Begin) -> None:
        """Take the session's origin, zone and whether it is simulated."""
        self._begin = begin
        self.spo2.word = _("Simulated") if begin.simulated else ""

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
            plot.limits = tuple(i for i in view.limits if i.plot == name)
        self.pressure.due, self.pressure.late = view.due, view.pressure.state == "late"
        self.redraw_soon()

    def count_on(self, since_s: float) -> None:
        """Time goes on between two views: the window moves and a gap grows."""
        self._since_s = since_s
        self.redraw_soon()

    def add_trend(self, trend: Trend) -> None:
        """Take new points, bars and cuff spans; a reset forgets the old ones first."""
        if trend.reset:
            self.spo2_readings, self.pulse_readings, self.other_pulse = columns(()), columns(()), columns(())
            self.bars, self.cuff = [], []
        if trend.points:
            self.spo2_readings = self.spo2_readings.joined(columns(trend.points))
            self.pulse_readings = self.pulse_readings.joined(columns(trend.points, pulse=True))
        if trend.others:
            self.other_pulse = self.other_pulse.joined(columns(trend.others, pulse=True))
        self.bars = sorted({b.t_s: b for b in (*self.bars, *trend.bars)}.values(), key=lambda b: b.t_s)
        self.cuff = sorted({c.start_s: c for c in (*self.cuff, *trend.cuff)}.values(), key=lambda c: c.start_s)
        if not trend.more:
            self.redraw_soon()

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

    def redraw(self) -> None:
        """Draw everything as of now."""
        if self._begin is None or self._view is None:
            return
        self._last.start()
        now_s = self._view.t_s + self._since_s
        first = float(self.spo2_readings.t[0]) if self.spo2_readings.t.size else 0.0
        shown = axis.span(self.reach, now_s, first)
        ticks = axis.ticks(shown, self._begin.origin_utc_ms, self._begin.offset_min)
        for lane in (self.phases, self.marks, self.times):
            lane.show_span(shown)
        self.times.show_ticks(ticks)
        for plot in (self.spo2, self.pulse, self.pressure):
            plot.show_axis(shown, ticks)
        self._draw_curves(shown, self._begin.gone_after_s)
        self.spo2.cuff = [c for c in self.cuff if c.end_s >= shown.start_s]
        self.pressure.bars = [b for b in self.bars if b.t_s >= shown.start_s]
        self.pressure.update()
        self.changed.emit()

    def _draw_curves(self, shown: axis.Span, stale_after_s: float) -> None:
        other = self.other_pulse.since(shown.start_s)
        self.pulse.other = steps(other.t, other.number, stale_after_s)
        every_s = (shown.end_s - shown.start_s) / max(1.0, self.spo2.area().width()) * self.pf(6.5)
        for plot, readings in ((self.spo2, self.spo2_readings), (self.pulse, self.pulse_readings)):
            if plot.isVisibleTo(self):
                seen = readings.since(shown.start_s)
                plot.show_curve(curve(seen, plot.limits, shown.now_s, stale_after_s, every_s, shown.start_s))
