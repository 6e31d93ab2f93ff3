"""One plot with fixed axes: grid, gaps, curve, what lies beyond a limit, limits and words.

Owned by the screen process. The widget is a plain one, because a graphics scene that is
deleted with its window ends the process (docs/decisions). It must never draw across a gap, rescale its axis, or smooth.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip

from kiosk.line.screen import LimitLine
from ui import theme
from ui.path import path_through
from ui.sitter.axis import Span
from ui.sitter.lanes import Lane
from ui.sitter.series import Curve, per_pixel

WIDGET_MOST_PX = 16_777_215  # Qt's own greatest size
PIECE_POINTS = 40
THIN_U = 1.0
MIDDLE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def hatch(painter: QPainter, box: QRectF, ink: str, step: float, width: float) -> None:
    """Nothing known: 45 degree lines over the box."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(theme.colour(ink), width))
    # the lines hang on multiples of the step, so that they stand still while a gap grows
    x = float(np.floor((box.left() - box.height()) / step) * step)
    while x < box.right():
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += step
    painter.restore()


def pieces(size: int) -> Iterator[slice]:
    """A curve of so many points in stretches that share their ends: one long wide path costs Qt far more."""
    return (slice(first, first + PIECE_POINTS + 1) for first in range(0, max(1, size - 1), PIECE_POINTS))


class Plot(Lane):
    """A plot of one quantity. low/high: the fixed axis; marked: the values named in the gutter; width: of the curve."""

    def __init__(
        self, title: str, sub: str, low: float, high: float, marked: tuple[int, ...], height: float, width: float
    ) -> None:
        self.grows = False
        super().__init__(height)
        self.title_words, self.sub_words = title, sub
        self.low, self.high, self.marked, self.width_u = low, high, marked, width
        self.word = ""  # "Simulated" in the corner
        self.ink, self.paper, self.hole = "ink1", "ground", "ground"  # of the curve, behind words, of a gap
        self.ticks: list[tuple[float, str]] = []
        self.limits: tuple[LimitLine, ...] = ()
        self.curve: Curve | None = None
        self.other: tuple[np.ndarray, np.ndarray] = np.empty(0), np.empty(0)
        """A source that is compared and not judged: thin, beneath the curve."""
        self.setAccessibleName(title)

    def rescale(self, u: float) -> None:
        super().rescale(u)
        if self.grows:
            self.setMinimumHeight(self.px(self.height_u * 0.6))
            self.setMaximumHeight(WIDGET_MOST_PX)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def y_of(self, value: float) -> float:
        """The pixel of a value."""
        return self.height() - (value - self.low) / (self.high - self.low) * self.height()

    def show_axis(self, shown: Span, ticks: list[tuple[float, str]]) -> None:
        """Take another stretch of time."""
        self.ticks = ticks
        self.show_span(shown)

    def show_curve(self, curve: Curve) -> None:
        """Take the curve, its doubtful dots, its typed values, its gaps and what lies beyond a limit."""
        self.curve = curve
        self.update()

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        self._draw_grid(painter, area)
        painter.setClipRect(area.adjusted(0, 0, 1, 0))
        if self.curve is not None:
            self._draw_curve(painter, area, self.curve)
        painter.setClipping(False)
        self._draw_gutter(painter, area)
        for limit in self.limits:
            self._draw_limit(painter, area, limit)
        painter.setClipRect(area)
        self.draw_more(painter, area)
        if self.word:
            painter.setFont(theme.font(15, 500, self.u))
            painter.setPen(theme.colour("ink2"))
            corner = area.adjusted(0, 0, -self.pf(6), -self.pf(5))
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self.word)

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        """What this kind of plot has beside curves."""

    def _draw_grid(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(theme.colour("grid"), self.px(1)))
        for value in self.marked:
            painter.drawLine(QPointF(area.left(), self.y_of(value)), QPointF(area.right(), self.y_of(value)))
        for t_s, _words in self.ticks:
            painter.drawLine(QPointF(self.x_of(t_s), 0), QPointF(self.x_of(t_s), area.bottom()))
        self._now_line(painter)

    def _draw_curve(self, painter: QPainter, area: QRectF, curve: Curve) -> None:
        for start_s, end_s in curve.gaps:
            self._draw_gap(painter, area, start_s, end_s)
        for t, values, level in curve.beyond.values():
            self._fill_beyond(painter, t, values, level)
        self._stroke(painter, *self.other, "ink3", THIN_U)
        self._stroke(painter, curve.t, curve.values, self.ink, self.width_u)
        for t, values, _level in curve.beyond.values():
            self._stroke(painter, t, values, "red_line", self.width_u + 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1)))
        for t_s, value in zip(curve.doubtful_t.tolist(), curve.doubtful.tolist(), strict=True):
            painter.drawEllipse(QPointF(self.x_of(t_s), self.y_of(value)), self.pf(2.1), self.pf(2.1))
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1.5)))
        half = self.pf(4)
        for t_s, value in curve.typed:
            # typed by hand: an outlined square, never joined to the curve
            painter.drawRect(QRectF(self.x_of(t_s) - half, self.y_of(value) - half, 2 * half, 2 * half))

    def pixels(self, t: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where these points lie; a line through them ends at a NaN and begins again after it."""
        area, shown = self.area(), self.shown_span
        x = area.left() + (t - shown.start_s) / (shown.end_s - shown.start_s) * area.width()
        inside = (x >= area.left() - self.px(40)) & (x <= area.right() + self.px(40))
        x, y = per_pixel(x[inside], values[inside])
        return x, self.height() - (y - self.low) / (self.high - self.low) * self.height()

    def _stroke(self, painter: QPainter, t: np.ndarray, values: np.ndarray, ink: str, width: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(ink), self.pf(width)))
        x, y = self.pixels(t, values)
        for part in pieces(x.size) if x.size > 1 else ():
            painter.drawPath(path_through(x[part], y[part]))

    def _fill_beyond(self, painter: QPainter, t: np.ndarray, values: np.ndarray, level: float) -> None:
        """The area between the limit and the curve: its size is depth times time."""
        x, y = self.pixels(t, np.where(np.isfinite(values), values, level))
        if x.size < 2:
            return
        base = self.y_of(level)
        closed_x, closed_y = np.append(x, [x[-1], x[0]]), np.append(y, [base, base])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("red_line", theme.BEYOND_ALPHA))
        painter.drawPath(path_through(closed_x, closed_y))

    def _draw_gap(self, painter: QPainter, area: QRectF, start_s: float, end_s: float) -> None:
        left, right = self.x_of(start_s), self.x_of(end_s)
        if right < area.left() or left > area.right():
            return
        left = max(left, area.left())
        box = QRectF(left, 0, max(right - left, self.pf(2)), area.height())
        painter.fillRect(box, theme.colour(self.hole))
        hatch(painter, box, "line", self.pf(theme.HATCH_STEP), self.pf(1))
        painter.setPen(QPen(theme.colour("ink3"), self.pf(1)))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.topRight(), box.bottomRight())

    def _draw_gutter(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.font(16, 600, self.u))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(QPointF(0, self.pf(14)), self.title_words)
        painter.setPen(theme.colour("ink3"))
        painter.setFont(theme.font(14, 400, self.u))
        painter.drawText(QPointF(0, self.pf(32)), self.sub_words)
        painter.setFont(theme.font(15, 400, self.u))
        for value in self.marked:
            box = QRectF(0, self.y_of(value) - self.pf(10), area.left() - self.pf(8), self.pf(20))
            painter.drawText(box, MIDDLE_RIGHT, str(value))

    def _draw_limit(self, painter: QPainter, area: QRectF, limit: LimitLine) -> None:
        font = theme.font(15, 400, self.u)
        words = QFontMetricsF(font).horizontalAdvance(limit.text) + self.pf(8)
        y = self.y_of(limit.value)
        pen = QPen(theme.colour("ink3"), self.pf(1.25))
        pen.setDashPattern(list(theme.DASH_LIMIT))
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right() - words, y))
        painter.setFont(font)
        painter.setPen(theme.colour("ink3"))
        box = QRectF(area.right() - words, y - self.pf(9.3), words, self.pf(18.6))
        painter.fillRect(box, theme.colour(self.paper))
        painter.drawText(box, MIDDLE_RIGHT, limit.text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = [i for i in self.limits if abs(self.y_of(i.value) - event.pos().y()) <= self.px(8)]
            QToolTip.showText(event.globalPos(), "\n".join(f"{i.text}: {i.author}" for i in near), self)
            return True
        return super().event(event)
