"""A value in its states: solid when live, outlined when old, two bars when there is none to read."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.kit import Part

BARS = "--"  # how two bars are written where only text can go


class Numeral(QWidget, Part):
    """A number drawn to its cap height, at the right or `left`. It may shrink, it is never cut: 01 for 101 is wrong.

    outlined: the number is not live. "" draws nothing; `bars` draws two bars in the number's place.
    """

    def __init__(
        self,
        size: float,
        ink: str = "ink1",
        weight: int = 500,
        bar: tuple[float, float] = (78, 22),
        left: bool = False,
    ) -> None:
        super().__init__()
        self.size_u, self.ink, self.weight, self.bar_u, self.left = size, ink, weight, bar, left
        self.text, self.outlined, self.bars = "", False, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rescale(1.0)

    def set(self, text: str, ink: str, weight: int = 500, outlined: bool = False, bars: bool = False) -> None:
        """What stands in the value's place."""
        new = (text, ink, weight, outlined, bars)
        if new != (self.text, self.ink, self.weight, self.outlined, self.bars):
            self.text, self.ink, self.weight, self.outlined, self.bars = new
            self.updateGeometry()
            self.update()

    def grow_to(self, size: float) -> None:
        """Another size, in u."""
        if size != self.size_u:
            self.size_u = size
            self.rescale(self.u)

    def shown(self) -> str:
        return BARS if self.bars else self.text

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(int(self.px(self.size_u) * theme.CAP_HEIGHT) + self.px(4))

    def _advance(self, size: float) -> float:
        return QFontMetricsF(theme.font(size, self.weight, self.u)).horizontalAdvance(self.text)

    def drawn_size(self) -> float:
        """The size in u at which the whole text fits this widget's width."""
        size = self.size_u
        room = self.width() - self.pf(2)
        while self._advance(size) > room and size > 8:
            size -= 1
        return size

    def sizeHint(self) -> QSize:
        return QSize(int(self._advance(self.size_u)) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(int(self._advance(self.size_u) * 0.45), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.bars:
            self._paint_bars(painter)
            return
        size = self.drawn_size()
        chosen = theme.font(size, self.weight, self.u)
        wide = QFontMetricsF(chosen).horizontalAdvance(self.text)
        at = QPointF(0 if self.left else self.width() - wide, self.height() - self.pf(2))
        if not self.outlined:
            painter.setFont(chosen)
            painter.setPen(theme.colour(self.ink))
            painter.drawText(at, self.text)
            return
        path = QPainterPath()
        path.addText(at, chosen, self.text)
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1.4)))
        painter.drawPath(path)

    def _paint_bars(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self.ink))
        width, gap = self.px(self.bar_u[0]), self.px(self.bar_u[1])
        thick = self.px(max(6.0, self.bar_u[0] * 0.16))
        for i in range(2):
            x = i * (width + gap) if self.left else self.width() - (2 - i) * width - (1 - i) * gap
            painter.drawRoundedRect(QRectF(x, (self.height() - thick) / 2, width, thick), thick / 2, thick / 2)


class Hollow(QWidget, Part):
    """A small outlined number: the last value, which is not live."""

    def __init__(self, size: float = 40, ink: str = "ink2") -> None:
        super().__init__()
        self.size_u, self.ink, self.text = size, ink, ""
        self.rescale(1.0)

    def set(self, text: str, ink: str = "ink2") -> None:
        """The number to outline."""
        if (text, ink) != (self.text, self.ink):
            self.text, self.ink = text, ink
            self.rescale(self.u)
            self.update()

    def shown(self) -> str:
        return self.text

    def rescale(self, u: float) -> None:
        self.u = u
        width = QFontMetricsF(theme.font(self.size_u, 500, u)).horizontalAdvance(self.text)
        self.setFixedSize(round(width) + self.px(6), self.px(self.size_u * 0.86))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        at = QPointF(self.pf(2), self.height() - self.pf(self.size_u * 0.08))
        path.addText(at, theme.font(self.size_u, 500, self.u), self.text)
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1.4)))
        painter.drawPath(path)
