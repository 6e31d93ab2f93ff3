"""What a person opened by a key: a form in the lower left, where the panel of an alarm also stands.

Owned by the screen process. A drawer never hides the sentence, the numbers or the emergency card, and an alarm's panel
takes the place back; what was half typed is kept for the next time it is opened.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from kiosk.line.screen import Answer, Begin, View
from kiosk.text.catalogue import _
from ui import keys, theme
from ui.kit import Column, Part, Row, Text
from ui.kit_button import Button


class Field(QLineEdit, Part):
    """A text field. Enter, Esc, F-keys and Alt+letter are not its own: they go on to the pane."""

    def __init__(self, width: float | None = None, hint: str = "", name: str = "", said: str = "") -> None:
        super().__init__()
        self.width_u = width
        self.first_refusal: Callable[[str], bool] | None = None  # a key that is an answer while nothing is typed
        self.setPlaceholderText(hint)
        self.setAccessibleName(said or hint)
        if name:
            self.setObjectName(name)
        palette = self.palette()
        for role, tone in (
            (QPalette.ColorRole.Base, "raised"),
            (QPalette.ColorRole.Text, "ink0"),
            (QPalette.ColorRole.PlaceholderText, "ink3"),
            (QPalette.ColorRole.Highlight, "fill"),
            (QPalette.ColorRole.HighlightedText, "on_fill"),
        ):
            palette.setColor(role, theme.colour(tone))
        self.setPalette(palette)
        self.setFrame(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(22, 500, u))
        self.setFixedHeight(self.px(theme.BUTTON))
        self.setTextMargins(self.px(12), 0, self.px(12), 0)
        if self.width_u is not None:
            self.setFixedWidth(self.px(self.width_u))

    def shown(self) -> str:
        return self.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        passed_on = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if passed_on or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            return
        if self.first_refusal is not None and self.first_refusal(keys.name_of(event)):
            return
        super().keyPressEvent(event)


class Drawer(Column):
    """A titled form with its buttons. `asked` carries a command, `closed` says it is done, `opens` another thing."""

    asked = Signal(object)
    closed = Signal()
    opens = Signal(str)

    def __init__(self, name: str, title: str) -> None:
        super().__init__(gap=10, margin=(16, 14, 16, 14))
        self.setObjectName(name)
        self.plate("panel")
        self.title = Text(title, 20, 600, "ink1", shrink=True)
        self.message = Text("", 18, 500, "ink0", shrink=True)
        self.head = Row(self.title, gap=16)
        self.head.grow(self.message)
        self.back = Button(_("Back"), "Esc", "arrow-left", "raised", height=theme.BUTTON_ACT)
        self.back.clicked.connect(self.leave)
        self.add(self.head)

    def begin(self, begin: Begin) -> None:
        """Names and zone."""

    def show_view(self, view: View) -> None:
        """Take a view."""

    def half_typed(self) -> bool:
        """Whether words or numbers would be lost."""
        return False

    def opened(self) -> None:
        """A person opened it now."""
        self.message.say("")

    def leave(self) -> None:
        """Esc or Back: close, or ask first when something would be lost."""
        self.closed.emit()

    def take_key(self, key: str) -> bool:
        """A key that no button shows; True when it was used."""
        return False

    def answer(self, answer: Answer) -> None:
        """What became of the command that this drawer sent."""
        if answer.sentence:
            self.message.say(answer.sentence)

    def first_field(self) -> QWidget | None:
        """What takes the focus when the drawer opens."""
        return self.findChild(Field)


class Confirm(Drawer):
    """One sentence, Enter does it: for the dose and the next phase, which must not follow from one stray key."""

    def __init__(self) -> None:
        super().__init__("confirm", "")
        self.answers = Row(gap=12)
        self.sentence = Text("", 46, 600, "ink0", shrink=True)
        self.detail = Text("", 22, 400, "ink1", shrink=True)
        self.do = Button(_("Mark it"), "Enter", "check", "primary", 21, theme.BUTTON_ACT, 600, name="confirmIt")
        self.do.clicked.connect(self._do)
        self.answers.add(self.do, self.back, "stretch")
        self.add("stretch", self.sentence, self.detail, "stretch", self.answers)
        self._command: object = None

    def ask(self, title: str, sentence: str, detail: str, command: object) -> None:
        """What Enter will do."""
        self.title.say(title)
        self.sentence.say(sentence)
        self.detail.say(detail)
        self._command = command

    def _do(self) -> None:
        self.asked.emit(self._command)
        self.closed.emit()
