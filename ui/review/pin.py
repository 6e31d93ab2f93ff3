"""The sitter's PIN before anything of a room's own record is shown. It compares nothing and keeps nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from kiosk.line.screen import PinAnswer
from kiosk.text import review_window as words
from kiosk.text import room
from ui import theme
from ui.kit import CENTRE, Column, Row, Text
from ui.kit_button import Button
from ui.review.shelf import Field


class PinPage(Column):
    """`typed` carries the PIN, once."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=14)
        self.setObjectName("pinPage")
        self.title = Text(room.pin_title(), 30, 600, "ink0", CENTRE)
        self.why = Text(words.pin_why(), 16, 400, "ink2", CENTRE, wrap=True)
        self.field = Field(room.pin_title(), "pinField", 220)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMaxLength(12)
        self.open = Button(
            words.pin_open(), "Enter", "check", "primary", 15, theme.BUTTON_DAY, padding=14, name="openReview"
        )
        self.says = Text("", 16, 600, "ink0", CENTRE, wrap=True, name="pinMessage")
        middle = Row("stretch", self.field, self.open, "stretch", gap=10)
        self.add("stretch", self.title, self.why, 8.0, middle, self.says, "stretch")
        self.open.clicked.connect(self._submit)
        self.field.returnPressed.connect(self._submit)

    def show_answer(self, answer: PinAnswer) -> None:
        """What became of it."""
        self.field.setEnabled(True)
        self.field.clear()
        if answer.ok:
            self.says.say("")
        elif answer.locked_s > 0:
            self.says.say(room.pin_locked(answer.locked_s))
        elif answer.tries_left:
            self.says.say(room.pin_wrong(answer.tries_left))
        else:
            self.says.say(room.pin_unusable())
        self.field.setFocus()

    def _submit(self) -> None:
        pin = self.field.text()
        if pin:
            self.field.clear()
            self.field.setEnabled(False)
            self.says.say(room.pin_checking())
            self.typed.emit(pin)
