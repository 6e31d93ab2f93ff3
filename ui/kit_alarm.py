"""Marker and countdown: how urgent it is, and how long something stays quiet."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.kit import Part

SIGNS = {"high": 3, "medium": 2, "low": 1}


class Marker(QWidget, Part):
    """The alarm marker: signs and fill say the priority. Only this block ever flashes; steady once answered."""

    def __init__(self, severity: str = "high", size: float = theme.MARKER_SENTENCE, steady: bool = False) -> None:
        super().__init__()
        self.severity, self.size_u, self.steady = severity, size, steady
        self.still = False  # reduced motion
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.update)
        self.rescale(1.0)

    def set(self, severity: str, steady: bool) -> None:
        """What it shows; restarts the flash only when something changed."""
        if (severity, steady) != (self.severity, self.steady):
            self.severity, self.steady = severity, steady
            self._run()
            self.update()

    def lit(self) -> bool:
        """Whether the on half of the flash is shown now; all markers of a severity flash together."""
        hz = self._hz()
        return hz == 0 or (time.monotonic() * hz) % 1 < 0.5

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedSize(self.px(self.size_u), self.px(self.size_u))

    def keep_still(self, still: bool) -> None:
        """Reduced motion: the lit half alone; colour, count of strokes and the words beside it tell the priority."""
        self.still = still
        self._run()
        self.update()

    def _hz(self) -> float:
        return 0.0 if self.steady or self.still else theme.FLASH_HZ.get(self.severity, 0.0)

    def _run(self) -> None:
        hz = self._hz()
        if hz and self.isVisible():
            self._timer.start(round(1000 / hz / 8))
        else:
            self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_marker(QPainter(self), QRectF(self.rect()), self.severity, self.lit())


def keep_still(root: QWidget, still: bool) -> None:
    """Reduced motion for every marker in a widget."""
    for marker in root.findChildren(Marker):
        marker.keep_still(still)


def _marker_colours(severity: str, on: bool) -> tuple[QColor | None, QColor, QColor | None]:
    tone = theme.colour
    if severity == "high":
        return (tone("on_red"), tone("red"), None) if on else (tone("marker_off"), tone("on_red"), None)
    if severity == "medium":
        return (tone("yellow"), tone("on_yellow"), None) if on else (tone("yellow_dim"), tone("yellow"), tone("yellow"))
    return None, tone("yellow"), tone("yellow")


def draw_marker(painter: QPainter, rect: QRectF, severity: str, on: bool = True) -> None:
    """Paint a marker. Its signs are drawn strokes, not glyphs: the same weight at every size."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill, sign, border = _marker_colours(severity, on)
    width = max(1.5, rect.width() * 0.045)
    painter.setPen(QPen(border, width) if border else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    inset = width / 2 if border else 0
    radius = rect.width() * 0.12
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sign)
    count, gap = SIGNS.get(severity, 1), rect.width() * 0.20
    first = rect.center().x() - gap * (count - 1) / 2
    for i in range(count):
        _stroke(painter, first + i * gap, rect)


def _stroke(painter: QPainter, x: float, rect: QRectF) -> None:
    height, width, top = rect.height() * 0.44, rect.width() * 0.10, rect.center().y() - rect.height() * 0.30
    path = QPainterPath(QPointF(x - width * 0.62, top))
    path.lineTo(x + width * 0.62, top)
    path.lineTo(x + width * 0.34, top + height)
    path.lineTo(x - width * 0.34, top + height)
    path.closeSubpath()
    painter.drawPath(path)
    painter.drawEllipse(QPointF(x, top + height + width * 1.25), width * 0.62, width * 0.62)


class Countdown(QWidget, Part):
    """A ring that empties. It is never alone: the number stands beside it."""

    def __init__(self, size: float = 46, ink: str = "ink1", back: str = "line", width: float = 4) -> None:
        super().__init__()
        self.size_u, self.ink, self.back, self.width_u = size, ink, back, width
        self.share = 1.0
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedSize(self.px(self.size_u), self.px(self.size_u))

    def leave(self, share: float) -> None:
        """How much is left, 0..1."""
        self.share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.pf(self.width_u)
        ring = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter.setPen(QPen(theme.colour(self.back), width))
        painter.drawEllipse(ring)
        pen = QPen(theme.colour(self.ink), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, int(360 * 16 * self.share))
