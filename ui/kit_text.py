"""Words and icons: what does not fit gets smaller before anything is left away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui import theme
from ui.kit_part import LEFT, Part


class Text(QLabel, Part):
    """Words in one style. shrink: a text that does not fit gets smaller, down to `least` of its size, then is elided
    with the whole text as its accessible name; without shrink the layout gives it its room. wrap breaks lines instead.
    """

    def __init__(
        self,
        text: str = "",
        size: float = 18,
        weight: int = 400,
        ink: str = "ink1",
        align: Qt.AlignmentFlag = LEFT,
        shrink: bool = False,
        wrap: bool = False,
        name: str = "",
        least: float = 0.6,
    ) -> None:
        super().__init__()
        self.size_u, self.weight, self.ink, self.shrinks, self.least = size, weight, ink, shrink, least
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align)
        self.setWordWrap(wrap)
        if name:
            self.setObjectName(name)
        if shrink:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.style_as(ink=ink)
        self.say(text)

    def say(self, text: str) -> None:
        """Show other words."""
        if text == self._words:
            return
        self._words = text
        self.setText(text)
        self.setAccessibleName(text)
        if self.shrinks:
            self.updateGeometry()
            self._fit()

    def style_as(self, ink: str | None = None, size: float | None = None, weight: int | None = None) -> None:
        """Other colour, size or weight."""
        before = (self.ink, self.size_u, self.weight)
        self.ink = self.ink if ink is None else ink
        self.size_u = self.size_u if size is None else size
        self.weight = self.weight if weight is None else weight
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour(self.ink))
        self.setPalette(palette)
        if before != (self.ink, self.size_u, self.weight) or ink is not None:
            self.setFont(theme.font(self.size_u, self.weight, self.u))
            self._fit()

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(self.size_u, self.weight, u))
        self._fit()

    def shown(self) -> str:
        return self._words

    def sizeHint(self) -> QSize:
        if not self.shrinks:
            return super().sizeHint()
        metrics = QFontMetricsF(theme.font(self.size_u, self.weight, self.u))
        return QSize(int(metrics.horizontalAdvance(self._words)) + 2, int(metrics.height()) + 1)

    def minimumSizeHint(self) -> QSize:
        if not self.shrinks:
            return super().minimumSizeHint()
        return QSize(self.px(20), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self.shrinks or not self.width():
            return
        size = self.size_u
        while size > self.size_u * self.least:
            metrics = QFontMetricsF(theme.font(size, self.weight, self.u))
            if metrics.horizontalAdvance(self._words) <= self.width():
                break
            size -= 0.5
        chosen = theme.font(size, self.weight, self.u)
        self.setFont(chosen)
        room = float(self.width())
        words = QFontMetricsF(chosen).elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        if words != self.text():
            self.setText(words)


class Icon(QLabel, Part):
    """A Lucide icon, coloured like its word."""

    def __init__(self, name: str, size: float = 22, ink: str = "ink2", stroke: float = 1.75) -> None:
        super().__init__()
        self.name, self.size_u, self.ink, self.stroke = name, size, ink, stroke
        self.rescale(1.0)

    def show_icon(self, name: str, ink: str | None = None) -> None:
        """Another icon or colour."""
        if (name, ink or self.ink) != (self.name, self.ink):
            self.name, self.ink = name, ink or self.ink
            self.rescale(self.u)

    def rescale(self, u: float) -> None:
        self.u = u
        side = self.px(self.size_u)
        ratio = self.devicePixelRatioF()
        self.setPixmap(theme.icon(self.name, side, theme.colour(self.ink), self.stroke, ratio))
        self.setFixedSize(side, side)
