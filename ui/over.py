"""On one display: what lies over the rest screen, without a PIN, while anything is signalled or the patient calls.

Belongs to the screen process. The sentence with its buttons, the one action with its answers, the emergency card's
button; nothing else, so that no vital sign beyond the alarm's own is read off by chance. A press in its first moments
is a call: the finger was on its way before the buttons were there.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.line.pane import Button as Asked
from kiosk.line.screen import View
from kiosk.text import room
from ui import keys, theme
from ui.kit import Part, Row, reflow, rescale, settle
from ui.kit_button import Button
from ui.sitter.panel import ActionPanel
from ui.sitter.sentence import SentenceSlot

SHIELD_MS = 400


class Shield(QWidget):
    """Over the buttons while they are new: whoever hits it meant to call."""

    called = Signal(str)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.called.emit("touch" if event.pointingDevice().pointerType().name == "Finger" else "click")


class OverRest(QWidget, Part):
    """Emits `asked` (a command), `card_wanted`, `pane_wanted` and `called` (a press that was meant as a call)."""

    asked = Signal(object)
    card_wanted = Signal()
    pane_wanted = Signal()
    called = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overRest")
        self.text = 1.0  # how much larger small words are written
        self._only_sentence, self._one_display = False, True
        self._view: View | None = None
        self.sentence, self.panel = SentenceSlot(), ActionPanel()
        self.card = Button(
            room.emergency_card(), "E", "phone", "outline", weight=600, padding=14, height=64, name="emergencyCard"
        )
        self.pane = Button(room.to_pin(), "F2", padding=14, height=64, name="toPin")
        self.pane.clicked.connect(self.pane_wanted)
        self.bar, self.shield = Row(self.pane, "stretch", self.card), Shield()
        for part in (self.sentence, self.panel, self.bar, self.shield):
            part.setParent(self)
        self.sentence.used.connect(self._use)
        self.panel.used.connect(self._use)
        self.panel.chosen.connect(self._choose)
        self.card.clicked.connect(self.card_wanted)
        self.shield.called.connect(self.called)
        self._open = QTimer(self)
        self._open.setSingleShot(True)
        self._open.timeout.connect(self.shield.hide)

    def show_view(self, view: View, only_sentence: bool, one_display: bool) -> None:
        """Take a view. only_sentence: over the keypad there is room for the sentence alone. one_display: else the
        pane has a display of its own and is not reached from here."""
        view = msgspec.structs.replace(view, stage="live")  # starting a session is not offered here
        self._view, self._only_sentence, self._one_display = view, only_sentence, one_display
        self.sentence.show_view(view)
        self.panel.setVisible(view.panel is not None and not only_sentence)
        if view.panel is not None:
            self.panel.show_panel(view.panel, view.silences)
        self.bar.setVisible(not only_sentence)
        self.pane.setVisible(one_display)
        self._place()
        settle()

    def press(self, event: QKeyEvent) -> bool:
        """Use the button whose key this is. False: no button has it."""
        name = keys.name_of(event)
        if event.isAutoRepeat() or not name or self._view is None or self._open.isActive():
            return False
        panel = self._view.panel if self.panel.isVisibleTo(self) else None
        for asked in (*self._view.sentence.buttons, *(panel.buttons if panel else ())):
            if asked.key == name:
                self._use(asked)
                return True
        return False

    def texts(self) -> dict[str, str]:
        """Object name to the words shown now."""
        return {"alarmBanner": self.sentence.shown()}

    def resizeEvent(self, event: QResizeEvent) -> None:
        reflow(self, theme.is_upright(self.width(), self.height()))
        rescale(self, theme.unit(self.width(), self.height(), self.text))
        if self._view is not None:
            self.show_view(self._view, self._only_sentence, self._one_display)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        self.shield.show()
        self.shield.raise_()
        self._open.start(SHIELD_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        # the plate of a calm or call sentence has no fill of its own: words need the ground beneath them
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("ground"))
        radius = self.pf(10)
        for part in (self.sentence, self.pane, self.card):
            if part.isVisibleTo(self):
                place = part.rect().translated(part.mapTo(self, part.rect().topLeft()))
                painter.drawRoundedRect(place, radius, radius)

    def _use(self, asked: Asked) -> None:
        if asked.command is not None:
            self.asked.emit(asked.command)
        if asked.opens == "card":
            self.card_wanted.emit()

    def _choose(self, command: object) -> None:
        if command is not None:
            self.asked.emit(command)

    def _place(self) -> None:
        wide, margin = self.width() - 2 * self.px(theme.MARGIN), self.px(theme.MARGIN)
        upright = theme.is_upright(self.width(), self.height())
        sentence_height = theme.UPRIGHT_SENTENCE if upright else theme.SENTENCE_HEIGHT
        panel_height = theme.UPRIGHT_PANEL if upright else theme.PANEL_HEIGHT
        self.sentence.setGeometry(margin, self.px(theme.SENTENCE_TOP), wide, self.px(sentence_height))
        panel_width = min(wide, self.px(theme.COLUMN_LEFT))
        top = self.height() - self.px(theme.BASE_HEIGHT - 388 - theme.PANEL_HEIGHT + panel_height)
        self.panel.setGeometry(margin, top, panel_width, self.px(panel_height))
        self.bar.setGeometry(margin, self.height() - self.px(78), wide, self.px(theme.BAR_HEIGHT))
        self.shield.setGeometry(self.rect())
        layout = self.bar.layout()
        if layout is not None:
            layout.activate()
        # only its own parts take touches: everything beside them still calls the sitter
        region = QRegion()
        for part in (self.sentence, self.panel, self.pane, self.card):
            if part.isVisibleTo(self):
                region += part.rect().translated(part.mapTo(self, part.rect().topLeft()))
        if not region.isEmpty():
            self.setMask(region)
