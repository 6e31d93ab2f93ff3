"""What else the hours after hold, each a page of its own: how the patient feels now, and the calendar of the series.

Owned by the screen process. It draws what the view says and sends what a person answers.
"""

from __future__ import annotations

import time

from PySide6.QtCore import Signal

from kiosk.line.screen import Answer, View
from kiosk.session.commands import AnswerItem
from kiosk.text.catalogue import _
from ui.kit import Column, Row
from ui.kit_button import Button
from ui.sitter.calendar import CalendarPage
from ui.sitter.lower import Lower
from ui.sitter.press import press, press_primary
from ui.sitter.question import QuestionStep

QUIET_S = 0.3  # the second half of a double press must not answer the next question


class AfterMore(Column):
    """`asked` carries an `AnswerItem`; `closed`: back to the cards."""

    asked = Signal(object)
    closed = Signal()

    def __init__(self, below: Lower) -> None:
        super().__init__(gap=0)
        self.what = ""  # "feel", "calendar", or "" while neither is open
        self._turned_at_s = float("-inf")
        self.questions, self.calendar = QuestionStep(below), CalendarPage()
        self.back = Button(_("Back"), "Esc", "arrow-left", "raised", 20, 62, name="afterBack")
        self.back.clicked.connect(self._back)
        self.questions.used.connect(self._send)
        self.questions.turned.connect(self._turn)
        self.questions.gone_through.connect(self.close_page)
        self.grow(self.questions).grow(self.calendar)
        self.add(8.0, Row(self.back, "stretch"), 8.0)

    def open_for(self, what: str) -> None:
        """Open one of the two."""
        self.what = what
        self._turn()
        self.questions.setVisible(what == "feel")
        self.calendar.setVisible(what == "calendar")

    def close_page(self) -> None:
        """Back to the cards."""
        self.what = ""
        self.closed.emit()

    def show_view(self, view: View) -> None:
        """Take a view."""
        if view.feel is not None:
            self.questions.show_form(view.feel)
        if view.calendar is not None:
            self.calendar.show_calendar(view.calendar)

    def answer(self, answer: Answer, command: AnswerItem) -> None:
        """On to the next question once one was taken."""
        question = self.questions.question
        if answer.state in ("refused", "failed"):
            self.questions.say(answer.sentence)
        elif question is not None and question.key == command.item:
            self.questions.taken()

    def focus_field(self) -> None:
        """Give the keys to what is typed into."""
        if self.what == "feel":
            self.questions.focus_field()

    def take_key(self, key: str) -> bool:
        """Keys of the open page."""
        if self.what == "feel" and self.questions.take_key(key):
            return True
        return press(key, self) or (key == "Enter" and press_primary(self))

    def _send(self, command: object) -> None:
        if time.monotonic() - self._turned_at_s >= QUIET_S:
            self.asked.emit(command)

    def _turn(self) -> None:
        self._turned_at_s = time.monotonic()

    def _back(self) -> None:
        if self.what != "feel" or not self.questions.escape():
            self.close_page()
