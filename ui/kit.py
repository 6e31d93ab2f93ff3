"""The parts that every screen is built from: a part knows its sizes in u and is told how many pixels a u has.

Owned by the screen process. A part draws what it is given, sends a signal when used, and reaches for no parent. It
must never cut a value: what does not fit shrinks.
"""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from ui import theme
from ui.kit_part import CENTRE, LEFT, RIGHT, Part, reflow, rescale, rounded, settle, take_out
from ui.kit_text import Icon, Text

__all__ = [
    "CENTRE",
    "LEFT",
    "RIGHT",
    "Column",
    "Fixed",
    "Icon",
    "Part",
    "Row",
    "Rule",
    "Stack",
    "Text",
    "reflow",
    "rescale",
    "rounded",
    "settle",
]

FREE = 16_777_215  # Qt's largest size: no limit
Margins = float | tuple[float, float, float, float]


class Stack(QWidget, Part):
    """A row or a column of parts; gap and margin in u. An optional plate is painted behind them."""

    def __init__(self, layout: QBoxLayout, gap: float = 8, margin: Margins = 0) -> None:
        super().__init__()
        self.fill: str | None = None
        self.border: str | None = None
        self.radius, self.border_width = 10.0, 2.0
        self._gap, self._margin = gap, (margin,) * 4 if isinstance(margin, int | float) else margin
        self._spaces: list[tuple[int, float]] = []
        self.upright: QBoxLayout.Direction | None = None  # how its parts stand in an upright window, if otherwise
        self._usual = layout.direction()
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
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                self._space(spacer, size)
        box.invalidate()

    def _space(self, spacer: QSpacerItem, size: float) -> None:
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum
        if self._box().direction() in (QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.BottomToTop):
            spacer.changeSize(0, self.px(size), free, fixed)
        else:
            spacer.changeSize(self.px(size), 0, fixed, free)

    def rescale(self, u: float) -> None:
        self.u = u
        self._apply()
        self.update()

    def turning(self, last_first: bool = False) -> Self:
        """Let a row stand as a column in an upright window; last_first: from below. Returns itself."""
        self.upright = QBoxLayout.Direction.BottomToTop if last_first else QBoxLayout.Direction.TopToBottom
        return self

    def reflow(self, upright: bool) -> None:
        if self.upright is not None:
            self._box().setDirection(self.upright if upright else self._usual)

    def margins(self, margin: tuple[float, float, float, float]) -> None:
        """Other margins, in u: left, top, right, bottom."""
        self._margin = margin
        self._apply()

    def add(self, *parts: QWidget | str | float, align: Qt.AlignmentFlag | None = None) -> Self:
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

    def grow(self, part: QWidget, share: int = 1) -> Self:
        """Append a part that takes the free room."""
        self._box().addWidget(part, share)
        self._show_now(part)
        return self

    def at_bottom(self, part: QWidget) -> Self:
        """Let a part of this row stand on its lower edge."""
        self._box().setAlignment(part, Qt.AlignmentFlag.AlignBottom)
        return self

    def _show_now(self, part: QWidget) -> None:
        """Qt shows a new part one turn later; an alarm's button must work, and be drawn, in the same one."""
        if self.isVisible() and not part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            part.show()

    def clear(self) -> None:
        """Remove and delete every part."""
        box = self._box()
        self._spaces.clear()
        take_out(box)

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
    """Holds one part at a fixed width and/or height in u. upright: both in an upright window, where they differ."""

    def __init__(
        self,
        inner: QWidget,
        width: float | None = None,
        height: float | None = None,
        upright: tuple[float | None, float | None] | None = None,
    ) -> None:
        super().__init__()
        self.inner, self.width_u, self.height_u = inner, width, height
        self._usual, self._upright = (width, height), upright
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inner)
        self.rescale(1.0)

    def reflow(self, upright: bool) -> None:
        if self._upright is not None:
            self.width_u, self.height_u = self._upright if upright else self._usual

    def rescale(self, u: float) -> None:
        self.u = u
        if self.width_u is not None:
            self.setFixedWidth(self.px(self.width_u))
        elif self._upright is not None:
            self.setMinimumWidth(0)
            self.setMaximumWidth(FREE)
        if self.height_u is not None:
            self.setFixedHeight(self.px(self.height_u))
        elif self._upright is not None:
            self.setMinimumHeight(0)
            self.setMaximumHeight(FREE)
