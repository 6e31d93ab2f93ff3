"""One plot with fixed axes: grid, gaps, curve, what lies beyond a limit, limits and words.

Owned by the screen process. The widget is a plain one, because a graphics scene that is deleted with its window ends
the process (docs/decisions). It must never draw across a gap, rescale its axis, or smooth. It paints the part that Qt
asks for from the readings themselves: nothing is kept that could be older than they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip

from kiosk.line.chart import LimitLine
from ui import theme
from ui.array import np
from ui.sitter.axis import Span
from ui.sitter.lanes import Lane
from ui.sitter.series import Readings
from ui.sitter.strokes import Strokes

WIDGET_MOST_PX = 16_777_215  # Qt's own greatest size
THIN_U = 1.0
DOT_U, DOT_EVERY_U = 2.1, 6.5
EDGE_U = 6.0  # what is drawn at a second reaches no farther from it
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
        self.readings: Readings | None = None
        self.other: Readings | None = None  # compared and not judged: thin, beneath the curve
        self.stale_after_s = 0.0
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
        if ticks != self.ticks:
            self.ticks = ticks
            self.update()
        self.show_span(shown)

    def show_limits(self, limits: Sequence[LimitLine]) -> None:
        """Take the limits in force."""
        if tuple(limits) != self.limits:
            self.limits = tuple(limits)
            self.update()

    def show_word(self, word: str) -> None:
        """Take the word in the corner."""
        if word != self.word:
            self.word = word
            self.update()

    def show_readings(self, readings: Readings | None, stale_after_s: float, changed_s: float = float("-inf")) -> None:
        """Take what the curve is drawn from; a value stands no longer than stale_after_s.

        changed_s: what was painted up to the last known value before it is still true.
        """
        is_other = readings is not self.readings or stale_after_s != self.stale_after_s
        self.readings, self.stale_after_s = readings, stale_after_s
        if readings is None or is_other:
            self.update()
        else:
            drawn = (readings,) if self.other is None else (readings, self.other)
            self._repaint_from(min(one.known_before(changed_s) for one in drawn), readings)

    def show_other(self, other: Readings) -> None:
        """Take the source that is compared; `show_readings` says from when on it changed."""
        if other is not self.other:
            self.other = other
            self.update()

    def _repaint_from(self, t_s: float, readings: Readings) -> None:
        area, last_s = self.area(), float(readings.t[-1]) if readings.t.size else self.shown_span.now_s
        left = max(area.left(), self.x_of(t_s) - self.px(EDGE_U)) if t_s > self.shown_span.start_s else area.left()
        right = min(area.right(), self.x_of(max(last_s, self.shown_span.now_s)) + self.px(EDGE_U)) + 1
        if left < right:
            self.update(QRect(floor(left), 0, ceil(right) - floor(left), self.height()))

    def gaps(self, start_s: float, end_s: float) -> list[tuple[float, float]]:
        """The gaps that touch this stretch."""
        if self.readings is None:
            return []
        return self.readings.gaps(start_s, end_s, self.shown_span.now_s, self.stale_after_s)

    def paint(self, painter: QPainter, part: QRectF | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        part = area if part is None else part
        self._draw_grid(painter, area)
        painter.setClipRect(area.adjusted(0, 0, 1, 0))
        self.draw_curves(painter, part)
        painter.setClipping(False)
        if part.left() <= area.left():
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

    def draw_curves(self, painter: QPainter, part: QRectF) -> None:
        """What was measured, and where nothing is known."""
        readings = self.readings
        if readings is None:
            return
        start_s, end_s = self.second_at(part.left() - self.px(EDGE_U)), self.second_at(part.right() + self.px(EDGE_U))
        for gap_start_s, gap_end_s in self.gaps(start_s, end_s):
            self._draw_gap(painter, self.area(), gap_start_s, gap_end_s)
        strokes = Strokes(self, painter, part)
        shape, limits = strokes.envelope(readings, self.stale_after_s), self._first_limits()
        for is_low, level in limits:
            strokes.fill_beyond(shape, is_low, level)
        if self.other is not None:
            strokes.draw(strokes.envelope(self.other, self.stale_after_s), "ink3", THIN_U)
        strokes.draw(shape, self.ink, self.width_u)
        for is_low, level in limits:
            strokes.draw_beyond(shape, is_low, level, self.width_u + 1)
        self._draw_points(painter, readings, start_s, end_s)

    def _first_limits(self) -> list[tuple[bool, float]]:
        """Whether it is a lower one, and the value: of the limits that are met first on each side."""
        low = [i.value for i in self.limits if i.side == "low"]
        high = [i.value for i in self.limits if i.side == "high"]
        return ([(True, max(low))] if low else []) + ([(False, min(high))] if high else [])

    def _draw_points(self, painter: QPainter, readings: Readings, start_s: float, end_s: float) -> None:
        """Doubtful values as dots, typed ones as outlined squares; neither is ever joined to the curve."""
        area, shown = self.area(), self.shown_span
        every_s = (shown.end_s - shown.start_s) / area.width() * self.pf(DOT_EVERY_U)
        dots_t, dots = readings.dots(start_s, end_s, every_s)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1)))
        for t_s, value in zip(dots_t.tolist(), dots.tolist(), strict=True):
            painter.drawEllipse(QPointF(self.x_of(t_s), self.y_of(value)), self.pf(DOT_U), self.pf(DOT_U))
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1.5)))
        half = self.pf(4)
        for t_s, value in readings.typed:
            painter.drawRect(QRectF(self.x_of(t_s) - half, self.y_of(value) - half, 2 * half, 2 * half))

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
