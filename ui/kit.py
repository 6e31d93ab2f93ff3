"""The parts that every screen is built from: a part knows its sizes in u and is told how many pixels a u has.

Owned by the screen process. A part draws what it is given, sends a signal when used, and reaches for no parent. It
must never cut a value: what does not fit shrinks.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme

Margins = float | tuple[float, float, float, float]
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


class Part:
    """Mixed into a QWidget: sizes in u. `rescale` gets the pixels of one u and applies every size again."""

    u: float = 1.0

    def px(self, size_u: float) -> int:
        """Whole pixels of a size in u; a size above 0 never vanishes."""
        whole = round(size_u * self.u)
        return max(1, whole) if size_u > 0 else whole

    def pf(self, size_u: float) -> float:
        """Pixels of a size in u, for pens and paths."""
        return size_u * self.u

    def rescale(self, u: float) -> None:
        """Take the new scale. Overridden by parts that hold pixel sizes."""
        self.u = u

    def shown(self) -> str:
        """The text that a person reads on this part now."""
        return ""


def rescale(root: QWidget, u: float) -> None:
    """Give a new scale to a widget and everything in it."""
    if isinstance(root, Part):
        root.rescale(u)
    for child in root.findChildren(QWidget):
        if isinstance(child, Part):
            child.rescale(u)


def rounded(
    painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, border: QColor | None = None, width: float = 0
) -> None:
    """A rounded plate; the border lies inside the rectangle."""
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    half = width / 2 if border is not None else 0
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


class Stack(QWidget, Part):
    """A row or a column of parts; gap and margin in u. An optional plate is painted behind them."""

    def __init__(self, layout: QBoxLayout, gap: float = 8, margin: Margins = 0) -> None:
        super().__init__()
        self.fill: str | None = None
        self.border: str | None = None
        self.radius, self.border_width = 10.0, 2.0
        self._gap, self._margin = gap, (margin,) * 4 if isinstance(margin, int | float) else margin
        self._spaces: list[tuple[int, float]] = []
        self.setLayout(layout)
        self._apply()

    def _box(self) -> QBoxLayout:
        layout = self.layout()
        assert isinstance(layout, QBoxLayout)
        return layout

    def _apply(self) -> None:
        box = self._box()
        box.setSpacing(self.px(self._gap))
        left, top, right, bottom = (self.px(m) for m in self._margin)
        box.setContentsMargins(left, top, right, bottom)
        for index, size in self._spaces:
            item = box.itemAt(index)
            if item is not None and item.spacerItem() is not None:
                vertical = box.direction() == QBoxLayout.Direction.TopToBottom
                fixed = QSizePolicy.Policy.Fixed
                item.spacerItem().changeSize(
                    0 if vertical else self.px(size),
                    self.px(size) if vertical else 0,
                    QSizePolicy.Policy.Minimum if vertical else fixed,
                    fixed if vertical else QSizePolicy.Policy.Minimum,
                )
        box.invalidate()

    def rescale(self, u: float) -> None:
        self.u = u
        self._apply()
        self.update()

    def margins(self, margin: tuple[float, float, float, float]) -> None:
        """Other margins, in u: left, top, right, bottom."""
        self._margin = margin
        self._apply()

    def add(self, *parts: QWidget | str | float, align: Qt.AlignmentFlag | None = None) -> Stack:
        """Append parts; "stretch" is free room, a number is room in u. Returns itself."""
        box = self._box()
        for part in parts:
            if isinstance(part, QWidget):
                box.addWidget(part, 0, align) if align is not None else box.addWidget(part)
                self._show_now(part)
            elif isinstance(part, str):
                box.addStretch(1)
            else:
                self._spaces.append((box.count(), part))
                box.addSpacing(self.px(part))
        return self

    def grow(self, part: QWidget, share: int = 1) -> Stack:
        """Append a part that takes the free room."""
        self._box().addWidget(part, share)
        self._show_now(part)
        return self

    def _show_now(self, part: QWidget) -> None:
        """Qt shows a new part one turn later; an alarm's button must work, and be drawn, in the same one."""
        if self.isVisible() and not part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            part.show()

    def clear(self) -> None:
        """Remove and delete every part."""
        box = self._box()
        self._spaces.clear()
        while box.count():
            item = box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def plate(self, fill: str | None, border: str | None = None, width: float = 2) -> None:
        """The surface behind the parts."""
        if (fill, border, width) != (self.fill, self.border, self.border_width):
            self.fill, self.border, self.border_width = fill, border, width
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.fill is None and self.border is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = theme.colour(self.fill) if self.fill else None
        border = theme.colour(self.border) if self.border else None
        rounded(painter, QRectF(self.rect()), self.pf(self.radius), fill, border, self.pf(self.border_width))


class Row(Stack):
    """Parts side by side."""

    def __init__(self, *parts: QWidget | str | float, gap: float = 8, margin: Margins = 0) -> None:
        super().__init__(QHBoxLayout(), gap, margin)
        self.add(*parts)


class Column(Stack):
    """Parts below each other."""

    def __init__(self, *parts: QWidget | str | float, gap: float = 8, margin: Margins = 0) -> None:
        super().__init__(QVBoxLayout(), gap, margin)
        self.add(*parts)


class Text(QLabel, Part):
    """Words in one style. shrink: a text that does not fit gets smaller, down to 60 %, then is elided with the whole
    text as its accessible name; without shrink the layout gives it the room it needs. wrap breaks lines instead."""

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
    ) -> None:
        super().__init__()
        self.size_u, self.weight, self.ink, self.shrinks = size, weight, ink, shrink
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
        while size > self.size_u * 0.6:
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


class Rule(QWidget, Part):
    """A hairline, horizontal or vertical."""

    def __init__(self, vertical: bool = False, ink: str = "line") -> None:
        super().__init__()
        self.vertical, self.ink = vertical, ink
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedWidth(self.px(1)) if self.vertical else self.setFixedHeight(self.px(1))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour(self.ink))


class Fixed(QWidget, Part):
    """Holds one part at a fixed width and/or height in u."""

    def __init__(self, inner: QWidget, width: float | None = None, height: float | None = None) -> None:
        super().__init__()
        self.inner, self.width_u, self.height_u = inner, width, height
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inner)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        if self.width_u is not None:
            self.setFixedWidth(self.px(self.width_u))
        if self.height_u is not None:
            self.setFixedHeight(self.px(self.height_u))
