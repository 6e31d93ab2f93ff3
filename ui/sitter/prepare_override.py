"""Going on although a required check failed: a reason in the sitter's words, and who says so. Nothing is proposed.

Owned by the screen process. It stands on the report's first page; without both it cannot be sent.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy

from kiosk.line.prepare import CheckPage
from kiosk.session.commands import OverrideCheck
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Fixed, Part, Row, Text
from ui.kit_button import Button
from ui.sitter.prepare_fields import NameField
from ui.sitter.prepare_parts import Plate, StateMark

SHORTEST_REASON = 10


class ReasonField(QPlainTextEdit, Part):
    """A few lines of words. Enter, Esc and Alt with a letter go on to the pane."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(said)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour("raised"))
        palette.setColor(QPalette.ColorRole.Text, theme.colour("ink0"))
        self.setPalette(palette)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(22, 500, u))
        self.setFixedHeight(self.px(100))
        self.document().setDocumentMargin(self.pf(10))

    def shown(self) -> str:
        return self.toPlainText()

    def value(self) -> str:
        """The words without spaces around them."""
        return " ".join(self.toPlainText().split())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        passed_on = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if passed_on or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class OverrideForm(Plate):
    """`asked` carries an `OverrideCheck`; `left` says that nothing is overridden."""

    asked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__((24, 20, 24, 20))
        self.setObjectName("overrideForm")
        self.plate("yellow_dim", "yellow", 1.5)
        self._key = ""
        self.head = Text(_("Go on although this is not met?"), 20, 600, "yellow", shrink=True)
        self.title = Text("", 38, 600, "ink0", shrink=True)
        self.found = Text("", 20, 400, "ink1", wrap=True)
        self.reason = ReasonField("overrideReason", _("Reason, in your words"))
        self.name = NameField("overrideName", _("Name of who decides"), 420)
        self.count = Text("", 17, 500, "ink1", name="overrideCount")
        self.message = Text("", 18, 600, "ink0", shrink=True, name="overrideMessage")
        self.known = Button("", "1", "user-round", "raised", 18, name="overrideKnown")
        self.known.clicked.connect(self.name.take_known)
        self.send = Button(_("Go on, I answer for it"), "Enter", "check", "primary", 20, 62, 600, name="overrideIt")
        self.back = Button(_("Back"), "Esc", "arrow-left", "raised", 20, 62)
        self._lay_out()
        self.reason.textChanged.connect(self._changed)
        self.name.textChanged.connect(self._changed)
        self.send.clicked.connect(self._send)
        self.back.clicked.connect(self.left)

    def _lay_out(self) -> None:
        head = Row(StateMark("overridden", 26), gap=12)
        head.grow(self.head)
        words = Row(Text(_("Reason"), 18, 600, "ink1"), "stretch", self.count, gap=12)
        who = Row(self.name, self.known, "stretch", gap=12)
        note = Text(_("The report begins with it: reason, name and time."), 17, 400, "ink2", shrink=True)
        self.add(head, 8.0, self.title, 2.0, self.found, 8.0, words, 4.0, self.reason, 12.0)
        self.add(Text(_("Name"), 18, 600, "ink1"), 4.0, who, "stretch", Fixed(self.message, height=28))
        answers = Row(self.send, self.back, "stretch", gap=12)
        self.add(Row(answers, gap=20).turning().grow(note))

    def open_for(self, page: CheckPage, known: str) -> None:
        """Begin for a check; words typed for the same check are kept."""
        if page.key != self._key:
            self._key = page.key
            self.reason.clear()
            self.name.clear()
        self.title.say(page.title)
        self.found.say(page.result or page.value or page.detail)
        self.name.known = known
        self.known.setVisible(bool(known))
        self.known.relabel(known)
        self.message.say("")
        self._changed()
        self.reason.setFocus()

    def say(self, sentence: str) -> None:
        """What became of it."""
        self.message.say(sentence)

    def half_typed(self) -> bool:
        """Whether words would be lost."""
        return bool(self.reason.value() or self.name.value())

    def empty(self) -> None:
        """It was taken: nothing of it stands ready for another check."""
        self._key = ""
        self.reason.clear()
        self.name.clear()

    def _changed(self) -> None:
        typed = len(self.reason.value())
        self.count.say(_("{n} of at least {least} characters").format(n=typed, least=SHORTEST_REASON))
        self.count.style_as("ink1" if typed >= SHORTEST_REASON else "ink3")
        self.send.setEnabled(typed >= SHORTEST_REASON and bool(self.name.value()))

    def _send(self) -> None:
        self.asked.emit(OverrideCheck(self._key, self.reason.value(), self.name.value()))
