"""The crosshair over all rows of a chart, and a box that says what was recorded there."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.kit import Part, rounded


class Said(NamedTuple):
    """time; values in bold; marks: labels of what stands there."""

    time: str
    values: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is read out."""
        return ". ".join(part for part in (self.time, *self.values, *self.marks) if part)


class Cross(QWidget, Part):
    """Lies over a chart and takes no mouse."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.below = 0.0  # the pixel over which the box stands
        self._x, self._said, self._is_shown = 0.0, Said("", (), ()), False

    def show_said(self, x: float, said: Said, is_shown: bool) -> None:
        """Stand at pixel x."""
        if (x, said, is_shown) != (self._x, self._said, self._is_shown):
            self._x, self._said, self._is_shown = x, said, is_shown
            self.raise_()
            self.update()

    def shown(self) -> str:
        return self._said.text if self._is_shown else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), self.pf(1.25)))
        painter.drawLine(QPointF(self._x, self.pf(60)), QPointF(self._x, self.height() - self.pf(27)))
        self._draw_box(painter)

    def _draw_box(self, painter: QPainter) -> None:
        light, bold = theme.font(14, 400, self.u), theme.font(14, 600, self.u)
        rows = [(self._said.time, light), *((words, bold) for words in (*self._said.values, *self._said.marks))]
        line = QFontMetricsF(bold).height() * 1.1
        wide = max(QFontMetricsF(font).horizontalAdvance(words) for words, font in rows) + self.pf(20)
        high = line * len(rows) + self.pf(12)
        left = self._x + self.pf(12)
        if left + wide > self.width() - self.pf(6):
            left = self._x - self.pf(12) - wide
        box = QRectF(left, max(self.pf(60), self.below - self.pf(8) - high), wide, high)
        rounded(painter, box, self.pf(6), theme.colour("panel"), theme.colour("accent"), self.pf(1))
        top = box.top() + self.pf(6)
        for words, font in rows:
            painter.setFont(font)
            painter.setPen(theme.colour("ink2" if font is light else "ink1"))
            place = QRectF(box.left() + self.pf(10), top, wide, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            top += line
