"""The pages that ask for a passphrase: the journal is set up, opened, given another one.

Belongs to the process that shows the journal. What is typed here goes to the journal's thread and nowhere else.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.text import journal as words
from kiosk.text.catalogue import _
from ui.journal.editor import Secret
from ui.journal.page import Page, lines
from ui.kit import Fixed, Row


def _row(*fields: Secret) -> Row:
    row = Row(gap=12)
    for field in fields:
        row.add(Fixed(field, 420))
    return row.add("stretch")


class SetUp(Page):
    """The first time: what has to be known, and the passphrase twice."""

    wanted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__("journalSetUp", _("A journal of your own"))
        self.one, self.two = Secret("newPassphrase", _("Passphrase")), Secret("samePassphrase", _("The same again"))
        self.body.add(lines(words.set_up()), 6.0, _row(self.one), _row(self.two), "stretch")
        make = self.act(_("Set it up"), "Enter", "check", "makeJournal", self._make, "primary")
        back = self.act(_("Back"), "Esc", "arrow-left", "journalBack", self.left.emit)
        self.buttons.show_buttons([make, back])

    def first(self) -> QWidget:
        return self.one

    def take_key(self, key: str) -> bool:
        if key == "Enter" and self.one.hasFocus():
            self.two.setFocus()
            return True
        return super().take_key(key)

    def _make(self) -> None:
        one, two = self.one.take(), self.two.take()
        self.one.setFocus()
        if one != two:
            self.message.say(words.differ())
        else:
            self.wanted.emit(one)


class Door(Page):
    """Open it with the passphrase."""

    wanted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__("journalDoor", _("Your journal"))
        self.one = Secret("passphrase", _("Passphrase"))
        self.body.add(lines((words.set_up()[0],)), 6.0, _row(self.one), "stretch")
        opens = self.act(_("Open"), "Enter", "check", "openWithPassphrase", self._open, "primary")
        back = self.act(_("Back"), "Esc", "arrow-left", "journalBack", self.left.emit)
        self.buttons.show_buttons([opens, back])

    def first(self) -> QWidget:
        return self.one

    def _open(self) -> None:
        typed = self.one.take()
        if typed:
            self.message.say(_("A moment …"))
            self.wanted.emit(typed)


class Change(Page):
    """Another passphrase: the old one once, the new one twice."""

    wanted = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__("journalChange", _("Another passphrase"))
        self.old = Secret("oldPassphrase", _("The passphrase until now"))
        self.one, self.two = Secret("newPassphrase", _("The new one")), Secret("samePassphrase", _("The new one again"))
        self.body.add(lines(words.set_up()[1:2]), 6.0, _row(self.old), _row(self.one), _row(self.two), "stretch")
        change = self.act(_("Change it"), "Enter", "check", "changeIt", self._change, "primary")
        back = self.act(_("Back"), "Esc", "arrow-left", "journalBack", self.left.emit)
        self.buttons.show_buttons([change, back])

    def first(self) -> QWidget:
        return self.old

    def take_key(self, key: str) -> bool:
        for field, after in ((self.old, self.one), (self.one, self.two)):
            if key == "Enter" and field.hasFocus():
                after.setFocus()
                return True
        return super().take_key(key)

    def _change(self) -> None:
        old, one, two = self.old.take(), self.one.take(), self.two.take()
        self.old.setFocus()
        if one != two:
            self.message.say(words.differ())
        else:
            self.message.say(_("A moment …"))
            self.wanted.emit(old, one)
