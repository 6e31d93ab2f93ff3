"""One display: what lies over the rest screen while something is signalled. No PIN, no values.

Owned by the screen process. It holds the same sentence as the pane, its acknowledge and pause, and the emergency card's
button; nothing else, so that a locked screen shows nothing that must stay private.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.line.screen import Button as Asked
from kiosk.line.screen import View
from kiosk.text.catalogue import _
from ui import keys, theme
from ui.kit import Column, Fixed, Row, rescale
from ui.kit_button import Button
from ui.sitter.press import press
from ui.sitter.sentence import SentenceSlot


class AlarmOverlay(QWidget):
    """Child of the rest screen; keeps itself at its top. `asked` carries commands, `card` wants the emergency card."""

    asked = Signal(object)
    card = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("alarmOverlay")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.sentence = SentenceSlot()
        self.sentence.used.connect(self._use)
        self.help = Button(_("Emergency card"), "E", "phone", "outline", weight=600, padding=14, name="emergencyCard")
        self.help.clicked.connect(self.card)
        body = Column(Fixed(self.sentence, height=90), Row("stretch", self.help), gap=8, margin=(20, 48, 20, 12))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # u follows the window, never vice versa
        layout.addWidget(body)
        self._body = body
        parent.installEventFilter(self)
        self._fit(parent)
        self.hide()

    def show_view(self, view: View) -> None:
        """Take a view; shows itself exactly while the monitor says so."""
        self.sentence.show_view(view)
        self.setVisible(view.alarm_over_rest)
        if view.alarm_over_rest:
            self.raise_()

    def take_key(self, event: QKeyEvent) -> bool:
        """A, P and Alt+A, Alt+P; True when a button was pressed. E and F1 belong to the app."""
        return not event.isAutoRepeat() and press(keys.name_of(event), self.sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fit(watched)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))

    def _fit(self, parent: QWidget) -> None:
        u = theme.unit(parent.width(), parent.height())
        rescale(self._body, u)
        self.setGeometry(0, 0, parent.width(), round((48 + 90 + 8 + theme.BUTTON + 12) * u))

    def _use(self, asked: Asked) -> None:
        if asked.command is not None:
            self.asked.emit(asked.command)
        if asked.opens == "card":
            self.card.emit()
