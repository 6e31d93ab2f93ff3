"""The open journal's pages: its entries, the choice of a prompt, one entry, what is shared of it, its end.

Belongs to the process that shows the journal. Each page sends signals; what follows from them is `ui.journal.book`'s.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.journal.entry import PROMPTS, Entry
from kiosk.text import clock_time
from kiosk.text import journal as words
from kiosk.text.aftercare import day_of
from kiosk.text.catalogue import _
from ui import theme
from ui.journal.editor import Editor
from ui.journal.page import Page, lines
from ui.kit import Column, Fixed, Row, Text, rescale
from ui.kit_button import Button, HoldButton

SHOWN = 5  # entries on a page, with the keys 1 to 5
SHARE_KEY = Qt.Key.Key_S  # of the button that shares
EDITOR_HEIGHT = 234.0  # so that letters on the screen have their place below it


def when(entry: Entry) -> str:
    """ "Sun 15 Nov, 23:31"."""
    day = day_of(entry.begun_utc_ns, entry.offset_min)
    return _("{day}, {time}").format(day=day, time=clock_time(entry.begun_utc_ns, entry.offset_min))


def heading(entry: Entry) -> str:
    """When, and under which prompt."""
    return f"{when(entry)} · {words.prompt_title(entry.prompt)}"


class Entries(Page):
    """The newest first, five at a time."""

    chosen, write, change, lock, left = Signal(str), Signal(), Signal(), Signal(), Signal()

    def __init__(self) -> None:
        super().__init__("journalEntries", _("Your journal"))
        self._entries, self._from = tuple[Entry, ...](), 0
        self.listed = Column(gap=8)
        beside = Fixed(lines(words.quiet(), 20, "ink2").add("stretch"), 380, upright=(None, None))
        row = Row(gap=30).turning()
        row.grow(self.listed)
        row.add(beside)
        self.body.grow(row)
        self.older = self.act(_("Older"), "↓", "", "olderEntries", lambda: self._go(SHOWN))
        self.newer = self.act(_("Newer"), "↑", "", "newerEntries", lambda: self._go(-SHOWN))
        self.buttons.show_buttons(
            [
                self.act(_("Write"), "N", "plus", "newEntry", self.write.emit, "primary"),
                self.newer,
                self.older,
                self.act(_("Another passphrase"), "C", "key-round", "changePassphrase", self.change.emit),
                self.act(_("Lock and leave"), "Esc", "lock", "lockJournal", self.lock.emit),
            ]
        )

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """All of them, the oldest first."""
        self._entries = tuple(reversed(entries))
        self._from = 0
        self._draw()

    def _go(self, by: int) -> None:
        self._from = max(0, min(self._from + by, (len(self._entries) - 1) // SHOWN * SHOWN))
        self._draw()

    def _draw(self) -> None:
        self.listed.clear()
        for place, entry in enumerate(self._entries[self._from : self._from + SHOWN], 1):
            sign = _("shared") if entry.is_shared else ""
            label = f"{heading(entry)}   {sign}".rstrip()
            button = Button(label, str(place), kind="raised", size=20, height=theme.BUTTON_ACT, fill_width=True)
            button.setObjectName(f"entry{place}")
            button.clicked.connect(lambda _checked=False, one=entry.id: self.chosen.emit(one))
            self.listed.add(button)
        if not self._entries:
            self.listed.add(Text(_("Nothing is written yet."), 24, 400, "ink2", wrap=True))
        self.listed.add("stretch")
        self.newer.setEnabled(self._from > 0)
        self.older.setEnabled(self._from + SHOWN < len(self._entries))
        rescale(self.listed, self.u)


class Choose(Page):
    """Which prompt to write to; none is asked for."""

    chosen, left = Signal(str), Signal()

    def __init__(self) -> None:
        super().__init__("journalPrompts", _("What would you like to write?"))
        for number, prompt in enumerate(PROMPTS, 1):
            row = Row(gap=16)
            button = Button(words.prompt_title(prompt), str(number), kind="raised", size=20, fill_width=True)
            button.setObjectName(f"prompt{number}")
            button.clicked.connect(lambda _checked=False, one=prompt: self.chosen.emit(one))
            row.add(Fixed(button, 330))
            row.grow(Text(words.prompt_question(prompt), 21, 400, "ink2", shrink=True))
            self.body.add(row)
        self.body.add("stretch")
        self.buttons.show_buttons([self.act(_("Back"), "Esc", "arrow-left", "journalBack", self.left.emit)])


class Write(Page):
    """One entry, in large type; it is saved as it is typed."""

    typed, left, share, delete = Signal(), Signal(), Signal(), Signal()

    def __init__(self) -> None:
        super().__init__("journalEntry", "")
        self.state = Text("", 18, 400, "ink2")
        self.question = Text("", 21, 400, "ink2", shrink=True)
        self.editor = Editor("journalText", _("What you write"))
        head = Row(gap=16)
        head.grow(self.question)
        head.add(self.state)
        self.body.add(head, Fixed(self.editor, height=EDITOR_HEIGHT), "stretch")
        self.editor.textChanged.connect(self.typed)
        self.sharing = self.act(_("Share this entry"), "F3", "send", "shareEntry", self.share.emit)
        self.buttons.show_buttons(
            [
                self.act(_("Done"), "Esc", "check", "entryDone", self.left.emit, "primary"),
                self.sharing,
                self.act(_("Delete"), "F4", "trash-2", "deleteEntry", self.delete.emit),
            ]
        )

    def first(self) -> QWidget:
        return self.editor

    def take_key(self, key: str) -> bool:
        return key != "Enter" and super().take_key(key)

    def show_entry(self, entry: Entry, can_share: bool) -> None:
        """Its words, the cursor behind them."""
        self.title = heading(entry)
        self.question.say(words.prompt_question(entry.prompt))
        self.sharing.setEnabled(can_share)
        self.editor.blockSignals(True)
        self.editor.setPlainText(entry.text)
        self.editor.blockSignals(False)
        cursor = self.editor.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.editor.setTextCursor(cursor)


class Share(Page):
    """What is shared, word for word, before it is."""

    wanted, left = Signal(), Signal()

    def __init__(self) -> None:
        super().__init__("journalShare", _("Share this entry?"))
        self.preview = Editor("sharePreview", _("What is shared"), 24, reads=True)
        self.means = Text(words.shared_with(), 20, 400, "ink1", wrap=True)
        self.body.add(self.means)
        self.body.grow(self.preview)
        self.hold = HoldButton(_("Share these words (hold 2 s)"), "send", "outline", name="shareIt", key="S")
        self.hold.held.connect(self.wanted)
        back = self.act(_("Keep it to myself"), "Esc", "arrow-left", "journalBack", self.left.emit, "primary")
        self.buttons.show_buttons([back, self.hold])


class Delete(Page):
    """An entry's end is held for two seconds."""

    wanted, left = Signal(), Signal()

    def __init__(self) -> None:
        super().__init__("journalDelete", _("Delete this entry?"))
        self.what, self.means = Text("", 24, 600, "ink0", shrink=True), Text("", 22, 400, "ink1", wrap=True)
        self.body.add(self.what, self.means, "stretch")
        self.hold = HoldButton(_("Delete it (hold 2 s)"), "trash-2", "outline", name="deleteIt", key="D")
        self.hold.held.connect(self.wanted)
        back = self.act(_("Keep it"), "Esc", "arrow-left", "journalBack", self.left.emit, "primary")
        self.buttons.show_buttons([back, self.hold])

    def show_entry(self, entry: Entry) -> None:
        """Which one, and what stays."""
        self.what.say(heading(entry))
        self.means.say(words.deleted_shared() if entry.shared_utc_ns else words.deleted())
