"""The patient's journal within the room: in front of the pane, behind whatever is signalled, with the emergency card.

Owned by the screen process, which opens the journal's file itself: no word of it crosses the line but an entry that
the patient shares. It is built when it is wanted, and forgets its key when the page behind it goes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.line.screen import Answer, View
from kiosk.session.commands import Command, ShareEntry
from kiosk.text.catalogue import _
from ui import theme
from ui.journal.book import Book
from ui.kit import Column, Row, Text
from ui.sitter.front import Front
from ui.sitter.strip import Strip


class JournalScreen(Front):
    """closed: the patient left it, or nobody touched it for minutes."""

    closed = Signal()

    def __init__(self, path: Path, parent: QWidget | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__("journalScreen", _("Journal"), parent, now)
        self.strip, self.book = Strip(), Book(path, now=now)
        self.title = Text("", theme.TYPE["say_step"][0] * 0.8, 600, "ink0", shrink=True, name="journalSay")
        self.book.sharing.connect(self.asked)
        self.book.closed.connect(self.closed)
        self.book.turned.connect(self._turned)
        body = Column(2.0, gap=0)
        body.grow(self.book)
        body.add(self.below)
        self.put_together(self.strip, Row(self.title, gap=0), body, Row("stretch", self.card, gap=10))
        self.undo.hide()

    def draw(self, view: View) -> None:
        self.strip.show_view(view)
        self.undo.hide()
        self.arrange()

    def arrange(self) -> None:
        tall = self.below.tall()
        self.below.setVisible(tall)
        self.book.setVisible(not tall)

    def refocus(self) -> None:
        field = self.book.first()
        if field is not None:
            field.setFocus()

    def own_key(self, key: str) -> bool:
        return self.book.isVisible() and self.book.take_key(key)

    def answer(self, answer: Answer, command: Command | None) -> None:
        if not isinstance(command, ShareEntry):
            super().answer(answer, command)
        elif answer.state in ("saved", "failed", "refused"):
            self.book.shared(answer.state == "saved", answer.sentence)

    def _turned(self) -> None:
        self.title.say(self.book.page.title)
        parent = self.parentWidget()
        if self.book.first() is None and parent is not None:
            parent.setFocus()
