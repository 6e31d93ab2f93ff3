"""One plot with fixed axes: pyqtgraph draws the curves, this file draws grid, gaps, limits, bars and words around them.

Owned by the screen process. Built once (each closed plot would leak memory) and fed again. It must never draw a line
across a gap, rescale its axis, or smooth.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip

from kiosk.line.screen import LimitLine
from ui import theme
from ui.kit import Part
from ui.sitter.axis import Span
from ui.sitter.series import Curve

WIDGET_MOST_PX = 16_777_215  # Qt's own greatest size
MIDDLE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def hatch(painter: QPainter, box: QRectF, ink: str, step: float, width: float) -> None:
    """Nothing known: 45 degree lines over the box."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(theme.colour(ink), width))
    # the lines hang on multiples of the step, so that they stand still while a gap grows
    x = np.floor((box.left() - box.height()) / step) * step
    while x < box.right():
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += step
    painter.restore()


class Plot(pg.PlotWidget, Part):
    """A plot of one quantity. low/high: the fixed axis; marked: the values named in the gutter."""

    def __init__(
        self, title: str, sub: str, low: float, high: float, marked: tuple[int, ...], height: float, width: float
    ) -> None:
        super().__init__()
        self.title_words, self.sub_words = title, sub
        self.low, self.high, self.marked, self.height_u, self.width_u = low, high, marked, height, width
        self.grows = False
        self.word = ""  # "Simulated" in the corner
        self.shown_span = Span(-36 * 60, 19 * 60, 0)
        self.ticks: list[tuple[float, str]] = []
        self.gaps: list[tuple[float, float]] = []
        self.limits: tuple[LimitLine, ...] = ()
        self.typed: list[tuple[float, float]] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackground(theme.colour("ground"))
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._bare()
        self.beyond_fills: list[pg.FillBetweenItem] = []
        self.curve = pg.PlotDataItem(connect="finite", antialias=True)
        self.curve.setDownsampling(auto=True, method="peak")
        self.curve.setClipToView(True)
        self.doubtful = pg.ScatterPlotItem(brush=None)
        self.over = {side: self._beyond_items() for side in ("low", "high")}
        self.plotItem.addItem(self.curve)
        self.plotItem.addItem(self.doubtful)
        self.rescale(1.0)

    def _bare(self) -> None:
        item = self.plotItem
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(False, False)
        for side in ("left", "bottom"):
            item.hideAxis(side)
        item.vb.setDefaultPadding(0)
        item.vb.disableAutoRange()
        item.setYRange(self.low, self.high, padding=0)

    def _beyond_items(self) -> tuple[pg.PlotDataItem, pg.PlotCurveItem, pg.PlotCurveItem]:
        """Heavy curve beyond a limit, and the two edges of the area between it and the limit."""
        heavy = pg.PlotDataItem(connect="finite", antialias=True)
        edge, limit = pg.PlotCurveItem(), pg.PlotCurveItem()
        fill = pg.FillBetweenItem(edge, limit, brush=theme.colour("red_line", theme.BEYOND_ALPHA))
        fill.setZValue(1)
        heavy.setZValue(2)
        for part in (fill, heavy):
            self.plotItem.addItem(part)
        self.beyond_fills.append(fill)
        return heavy, edge, limit

    def rescale(self, u: float) -> None:
        self.u = u
        if self.grows:
            self.setMinimumHeight(self.px(self.height_u * 0.6))
            self.setMaximumHeight(WIDGET_MOST_PX)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        else:
            self.setFixedHeight(self.px(self.height_u))
        self.plotItem.layout.setContentsMargins(self.px(theme.CHART_GUTTER), 0, self.px(theme.CHART_RIGHT), 0)
        self.curve.setPen(pg.mkPen(theme.colour("ink1"), width=self.pf(self.width_u)))
        self.doubtful.setPen(pg.mkPen(theme.colour("ink1"), width=self.pf(1)))
        self.doubtful.setSize(self.pf(4.2))
        for heavy, _edge, _limit in self.over.values():
            heavy.setPen(pg.mkPen(theme.colour("red_line"), width=self.pf(3)))

    def area(self) -> QRectF:
        """The data area in the viewport's pixels."""
        left = self.px(theme.CHART_GUTTER)
        width = self.viewport().width() - left - self.px(theme.CHART_RIGHT)
        return QRectF(left, 0, max(1, width), self.viewport().height())

    def x(self, t_s: float) -> float:
        """The pixel of a session second."""
        area = self.area()
        return area.left() + self.shown_span.share(t_s) * area.width()

    def y(self, value: float) -> float:
        """The pixel of a value."""
        area = self.area()
        return area.bottom() - (value - self.low) / (self.high - self.low) * area.height()

    def show_span(self, shown: Span, ticks: list[tuple[float, str]]) -> None:
        """Take another stretch of time."""
        self.shown_span, self.ticks = shown, ticks
        self.plotItem.setXRange(shown.start_s, shown.end_s, padding=0)

    def show_curve(self, curve: Curve) -> None:
        """Take the curve, its doubtful dots, its typed values, its gaps and what lies beyond a limit."""
        self.gaps, self.typed = curve.gaps, curve.typed
        self.curve.setData(curve.t, curve.values)
        self.doubtful.setData(curve.doubtful_t, curve.doubtful)
        for side, (heavy, edge, limit) in self.over.items():
            t, values, level = curve.beyond.get(side, (np.empty(0), np.empty(0), 0.0))
            heavy.setData(t, values)
            flat = np.full(t.size, level)
            edge.setData(t, np.where(np.isfinite(values), values, level))
            limit.setData(t, flat)
        self.viewport().update()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawBackground(painter, rect)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        painter.setPen(QPen(theme.colour("grid"), self.px(1)))
        for value in self.marked:
            painter.drawLine(QPointF(area.left(), self.y(value)), QPointF(area.right(), self.y(value)))
        for t_s, _words in self.ticks:
            painter.drawLine(QPointF(self.x(t_s), area.top()), QPointF(self.x(t_s), area.bottom()))
        painter.setPen(QPen(theme.colour("line"), self.pf(1)))
        now = self.x(self.shown_span.now_s)
        painter.drawLine(QPointF(now, area.top()), QPointF(now, area.bottom()))
        painter.setClipRect(area.adjusted(0, 0, 1, 0))
        for start_s, end_s in self.gaps:
            self._draw_gap(painter, area, start_s, end_s)
        painter.restore()

    def _draw_gap(self, painter: QPainter, area: QRectF, start_s: float, end_s: float) -> None:
        left, right = self.x(start_s), self.x(end_s)
        if right < area.left() or left > area.right():
            return
        left = max(left, area.left())
        box = QRectF(left, area.top(), max(right - left, self.pf(2)), area.height())
        painter.fillRect(box, theme.colour("ground"))
        hatch(painter, box, "line", self.pf(theme.HATCH_STEP), self.pf(1))
        painter.setPen(QPen(theme.colour("ink3"), self.pf(1)))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.topRight(), box.bottomRight())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        self._draw_gutter(painter, area)
        for limit in self.limits:
            self._draw_limit(painter, area, limit)
        painter.setClipRect(area)
        self._draw_typed(painter)
        self.draw_more(painter, area)
        if self.word:
            painter.setFont(theme.font(15, 500, self.u))
            painter.setPen(theme.colour("ink2"))
            corner = area.adjusted(0, 0, -self.pf(6), -self.pf(5))
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self.word)
        painter.restore()

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        """What this kind of plot has beside curves."""

    def _draw_gutter(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.font(16, 600, self.u))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(QPointF(0, self.pf(14)), self.title_words)
        painter.setPen(theme.colour("ink3"))
        painter.setFont(theme.font(14, 400, self.u))
        painter.drawText(QPointF(0, self.pf(32)), self.sub_words)
        painter.setFont(theme.font(15, 400, self.u))
        for value in self.marked:
            box = QRectF(0, self.y(value) - self.pf(10), area.left() - self.pf(8), self.pf(20))
            painter.drawText(box, MIDDLE_RIGHT, str(value))

    def _draw_limit(self, painter: QPainter, area: QRectF, limit: LimitLine) -> None:
        font = theme.font(15, 400, self.u)
        words = QFontMetricsF(font).horizontalAdvance(limit.text) + self.pf(8)
        y = self.y(limit.value)
        pen = QPen(theme.colour("ink3"), self.pf(1.25))
        pen.setDashPattern(list(theme.DASH_LIMIT))
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right() - words, y))
        painter.setFont(font)
        painter.setPen(theme.colour("ink3"))
        box = QRectF(area.right() - words, y - self.pf(9.3), words, self.pf(18.6))
        painter.fillRect(box, theme.colour("ground"))
        painter.drawText(box, MIDDLE_RIGHT, limit.text)

    def _draw_typed(self, painter: QPainter) -> None:
        """Values typed by hand: an outlined square each, never joined to the curve."""
        painter.setPen(QPen(theme.colour("ink1"), self.pf(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = self.pf(4)
        for t_s, value in self.typed:
            painter.drawRect(QRectF(self.x(t_s) - half, self.y(value) - half, 2 * half, 2 * half))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = [i for i in self.limits if abs(self.y(i.value) - event.pos().y()) <= self.px(8)]
            QToolTip.showText(event.globalPos(), "\n".join(f"{i.text}: {i.author}" for i in near), self)
            return True
        return super().viewportEvent(event)
