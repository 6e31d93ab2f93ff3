"""Parts of the keypad: the dots that stand for digits, and the key that is held while the keypad is locked."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.text import room
from ui import theme
from ui.kit import Part, rounded
from ui.kit_button import Button

HOLD_S = 3
DOTS_UNKNOWN = 6  # drawn while the PIN's length is not known; more digits bring more dots


class Dots(QWidget, Part):
    """How many digits are typed, never which."""

    def __init__(self) -> None:
        super().__init__()
        self.length, self.typed = DOTS_UNKNOWN, 0
        self.show_typed(0, DOTS_UNKNOWN)

    def show_typed(self, typed: int, length: int) -> None:
        """Filled for a digit, outlined for one to come."""
        self.typed, self.length = typed, max(typed, length)
        self.setAccessibleName(room.pin_typed(typed, self.length))
        self.rescale(self.u)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedSize(self.px(self.length * 40), self.px(28))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("ink3"), self.pf(2)))
        for i in range(self.length):
            painter.setBrush(theme.colour("ink2") if i < self.typed else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(self.pf(i * 40 + 10), self.pf(4), self.pf(20), self.pf(20)))


class HoldKey(Button):
    """Acts after three seconds; the key F2 holds it from everywhere. Fills from the left meanwhile."""

    held = Signal()

    def __init__(self) -> None:
        super().__init__(room.pin_hold(HOLD_S), "F2", kind="outline", name="holdOpen")
        self._since, self._tick = QElapsedTimer(), QTimer(self)
        self._told = True
        self._tick.setInterval(50)
        self._tick.timeout.connect(self._advance)
        self.pressed.connect(lambda: self.begin())
        self.released.connect(self.stop)

    def begin(self, told: bool = True) -> None:
        """Held from now on. told False: only drawn, somebody else counts (the key F2 works from everywhere)."""
        self._told = told
        if not self._tick.isActive():
            self._since.start()
            self._tick.start()

    def stop(self) -> None:
        """Let go."""
        self._tick.stop()
        self.update()

    def _advance(self) -> None:
        self.update()
        if self._since.elapsed() >= HOLD_S * 1000:
            self.stop()
            if self._told:
                self.held.emit()

    def _paint_under(self, painter: QPainter, plate: QRectF) -> None:
        if self._tick.isActive():
            share = min(1.0, self._since.elapsed() / (HOLD_S * 1000))
            done = QRectF(plate.left(), plate.top(), plate.width() * share, plate.height())
            rounded(painter, done, self.pf(8), theme.colour("line"))
