"""What every part of a screen is: a widget that knows its sizes in u, and is told how many pixels a u has.

Owned by the screen process. Nothing here knows which window asks.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QLayout, QWidget

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SETTLE_ROUNDS = 6


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

    def reflow(self, upright: bool) -> None:
        """An upright window has room downwards. Overridden by parts that then stand otherwise; before `rescale`."""

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


def reflow(root: QWidget, upright: bool) -> None:
    """Tell a widget and everything in it whether the window is upright; `rescale` must follow."""
    if isinstance(root, Part):
        root.reflow(upright)
    for child in root.findChildren(QWidget):
        if isinstance(child, Part):
            child.reflow(upright)


def rounded(
    painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, border: QColor | None = None, width: float = 0
) -> None:
    """A rounded plate; the border lies inside the rectangle."""
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    half = width / 2 if border is not None else 0
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


def take_out(layout: QLayout) -> None:
    """Remove and delete every widget of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()  # else one that Qt was about to show becomes a window of its own
            widget.setParent(None)
            widget.deleteLater()


def settle() -> None:
    """Give every part the size that it has asked for, now: else a frame is painted first in which a new part stands
    where the old one has left room, and its lower edge, an answer's button, is cut off."""
    for _round in range(SETTLE_ROUNDS):  # a layout asks its parent's in the next round
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
