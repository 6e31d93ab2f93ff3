"""The patient's journal as one widget: which page is shown, when it is saved, when it locks itself.

Belongs to the process that shows it, the room's screen or `kiosk journal`. It holds the open journal; every slow thing
is done by the clerk. It must never keep the key when nobody is there, and never lose a word that was typed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.journal import dump, store
from kiosk.journal.entry import Entry, begin
from kiosk.journal.fault import JournalError, Reason
from kiosk.journal.sealed import Cost
from kiosk.session.commands import ShareEntry
from kiosk.text import clock_time
from kiosk.text import journal as words
from kiosk.text.catalogue import _
from ui.journal.clerk import Clerk
from ui.journal.doors import Change, Door, SetUp
from ui.journal.editor import clear_secrets
from ui.journal.page import Page
from ui.journal.reading import SHARE_KEY, Choose, Delete, Entries, Share, Write
from ui.kit import Column

LOCK_AFTER_S = 300.0
SAVE_AFTER_MS, AGAIN_AFTER_MS = 2000, 5000
_TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)


class Book(Column):
    """closed: it was locked and left. turned: another page is shown. sharing(ShareEntry): the patient said so.

    can_share: whether there is a record to share into; `shared` tells what became of it. utc_ns: the wall clock.
    """

    closed, turned, sharing = Signal(), Signal(), Signal(object)

    def __init__(
        self,
        path: Path,
        cost: Cost | None = None,
        can_share: bool = True,
        now: Callable[[], float] = time.monotonic,
        utc_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(gap=0)
        self._path, self._cost, self._now, self._utc_ns = path, cost or Cost(), now, utc_ns
        self.can_share = can_share
        self._clerk = Clerk()
        self._journal: store.Journal | None = None
        self._entry: Entry | None = None  # the one in hand, as it was last given to the disk
        self._on_disk: str | None = None  # its words there, None: it is not there
        self._leaves, self._sharing, self._shared_at_ns = False, "", 0  # _sharing: id of the entry that is on its way
        self._touched_at_s = now()
        self._make_pages()
        self._saving, self._idle = QTimer(self), QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.timeout.connect(self._save)
        self._idle.timeout.connect(self._each_second)
        self._idle.start(1000)
        self.page: Page = self.door
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def _make_pages(self) -> None:
        self.set_up, self.door, self.change = SetUp(), Door(), Change()
        self.entries, self.choose, self.write = Entries(), Choose(), Write()
        self.share, self.delete = Share(), Delete()
        for page in (
            self.set_up,
            self.door,
            self.change,
            self.entries,
            self.choose,
            self.write,
            self.share,
            self.delete,
        ):
            page.hide()
            self.grow(page)
        self.set_up.wanted.connect(lambda typed: self._open(lambda: store.create(self._path, typed, self._cost)))
        self.door.wanted.connect(lambda typed: self._open(lambda: store.unlock(self._path, typed, self._cost)))
        self.change.wanted.connect(self._change)
        for page in (self.set_up, self.door):
            page.left.connect(self.closed)
        for page in (self.change, self.choose):
            page.left.connect(self._to_entries)
        self.entries.chosen.connect(self._read)
        self.entries.write.connect(lambda: self._show(self.choose))
        self.entries.change.connect(lambda: self._show(self.change))
        self.entries.lock.connect(self.lock)
        self.choose.chosen.connect(self._begin)
        self.write.typed.connect(self._typed)
        self.write.left.connect(self._done)
        self.write.share.connect(self._preview)
        self.write.delete.connect(self._ask_delete)
        self.share.left.connect(lambda: self._show(self.write))
        self.share.wanted.connect(self._share)
        self.delete.left.connect(lambda: self._show(self.write))
        self.delete.wanted.connect(self._delete)

    # --- what its host asks ---

    def open(self) -> None:
        """It is wanted: set up the first time, else its door; where it was left open it goes on there."""
        self._touched_at_s = self._now()
        if self._journal is not None:
            self._show(self.page)
        else:
            self._show(self.door if store.exists(self._path) else self.set_up)

    @property
    def is_open(self) -> bool:
        """Whether the key is held."""
        return self._journal is not None

    def lock(self) -> None:
        """Save what was typed, forget the key, and leave; what cannot be saved keeps it open and is said."""
        self._leaves = True
        self._save()
        self._clerk.do(lambda: None, lambda _nothing: self._lock_now())

    def end(self) -> None:
        """The process ends: save what was typed, forget the key."""
        for timer in (self._saving, self._idle):
            timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        entry, journal = self._unsaved(), self._journal
        self._journal = None
        if journal is not None:
            if entry is not None:
                self._clerk.do(lambda: journal.put(entry), lambda _result: None)
            self._clerk.do(journal.close, lambda _result: None)
        self._clerk.end()
        dump.allow_dumps(True)

    def shared(self, is_stored: bool, sentence: str = "") -> None:
        """What became of the last sharing; meanwhile another entry may be in hand, or that one deleted."""
        if not is_stored:
            self.page.message.say(sentence or _("It was not shared. Try again."))
            return
        self.page.message.say(sentence or _("Shared. The record has these words."))
        journal, entry_id, at_ns = self._journal, self._sharing, self._shared_at_ns
        if self._entry is not None and self._entry.id == entry_id:
            self._entry = self._entry.as_shared(at_ns)
        if journal is not None:
            self._clerk.do(lambda: journal.mark_shared(entry_id, at_ns), self._marked)

    def share_by(self, work: Callable[[], tuple[bool, str]]) -> None:
        """Have the entry shared by work, which may wait; `shared` is told what it gives."""
        self._clerk.do(work, lambda result: self.shared(*result))

    def take_key(self, key: str) -> bool:
        """A key that no field took."""
        return self.page.take_key(key)

    def first(self) -> QWidget | None:
        """What takes the focus."""
        return self.page.first()

    # --- pages ---

    def _show(self, page: Page) -> None:
        before, self.page = self.page, page
        for other in (
            self.set_up,
            self.door,
            self.change,
            self.entries,
            self.choose,
            self.write,
            self.share,
            self.delete,
        ):
            other.setVisible(other is page)
        if before is not page:
            clear_secrets(self)
        page.opened()
        self.turned.emit()
        field = page.first()
        if field is not None:
            field.setFocus()

    def _to_entries(self) -> None:
        self._entry, self._on_disk = None, None
        self.write.editor.blockSignals(True)
        self.write.editor.setPlainText("")
        self.write.editor.blockSignals(False)
        self.share.preview.setPlainText("")
        if self._journal is not None:
            self.entries.show_entries(self._journal.entries)
        self._show(self.entries)

    def _open(self, work: Callable[[], store.Journal]) -> None:
        self._clerk.do(work, self._opened)

    def _opened(self, result: store.Journal | JournalError) -> None:
        if isinstance(result, JournalError):
            self.page.message.say(words.why_not(result))
            if result.reason is Reason.THERE_ALREADY:
                self._show(self.door)
            return
        dump.allow_dumps(False)
        self._journal = result
        self._touched_at_s = self._now()
        self._to_entries()

    def _change(self, old: str, new: str) -> None:
        journal = self._journal
        if journal is not None:
            self._clerk.do(lambda: journal.change_passphrase(old, new), self._changed)

    def _changed(self, result: JournalError | None) -> None:
        if result is not None:
            self.change.message.say(words.why_not(result))
            return
        self._to_entries()
        self.entries.message.say(_("The passphrase is another one now."))

    # --- one entry ---

    def _begin(self, prompt: str) -> None:
        now_ns = self._utc_ns()
        offset = datetime.fromtimestamp(now_ns / 1e9).astimezone().utcoffset()
        self._turn_to(begin(prompt, now_ns, round(offset.total_seconds() / 60) if offset else 0), None)

    def _read(self, entry_id: str) -> None:
        entry = next((e for e in self._journal.entries if e.id == entry_id), None) if self._journal else None
        if entry is not None:
            self._turn_to(entry, entry.text)

    def _turn_to(self, entry: Entry, on_disk: str | None) -> None:
        self._entry, self._on_disk = entry, on_disk
        self.write.show_entry(entry, self.can_share)
        self.write.state.say(_("shared") if entry.is_shared else "")
        self._show(self.write)

    def _unsaved(self) -> Entry | None:
        """The entry as it is typed, where that is not on the disk; an empty one was never begun."""
        if self._entry is None:
            return None
        typed = self.write.editor.toPlainText()
        if typed == self._on_disk or (self._on_disk is None and not typed.strip()):
            return None
        return self._entry.with_text(typed, self._utc_ns())

    def _typed(self) -> None:
        self.write.state.say(_("not saved yet"))
        if not self._saving.isActive():
            self._saving.start(SAVE_AFTER_MS)

    def _save(self) -> None:
        entry = self._unsaved()
        if entry is not None:
            self._keep(entry)

    def _keep(self, entry: Entry) -> None:
        journal = self._journal
        if journal is None:
            return
        self._entry = entry
        self._clerk.do(lambda: journal.put(entry), lambda result: self._kept(entry, result))

    def _kept(self, entry: Entry, result: Any) -> None:
        if isinstance(result, JournalError):
            self._leaves = False
            self.write.state.say(_("NOT SAVED"))
            self.write.message.say(words.why_not(result))
            self._saving.start(AGAIN_AFTER_MS)
            return
        if self._entry is not None and self._entry.id == entry.id:
            self._on_disk = entry.text
            time_now = clock_time(self._utc_ns(), entry.offset_min)
            self.write.state.say(_("shared") if entry.is_shared else _("saved {time}").format(time=time_now))

    def _marked(self, result: Any) -> None:
        if isinstance(result, JournalError):
            self.page.message.say(words.why_not(result))
        elif self.page is self.entries and self._journal is not None:
            self.entries.show_entries(self._journal.entries)
        elif self._entry is not None and self._entry.is_shared:
            self.write.state.say(_("shared"))

    def _done(self) -> None:
        self._save()
        self._clerk.do(lambda: None, self._leave_entry)

    def _leave_entry(self, _nothing: object) -> None:
        """Behind the save: what could not be saved stays on the page."""
        if self._unsaved() is None and self._journal is not None:
            self._to_entries()

    def _preview(self) -> None:
        self._save()
        self.share.preview.setPlainText(self.write.editor.toPlainText())
        if self.share.preview.toPlainText().strip():
            self._show(self.share)
        else:
            self.write.message.say(_("Nothing is written yet."))

    def _share(self) -> None:
        entry = self._entry
        self._show(self.write)
        self.write.editor.ignore_until_quiet(SHARE_KEY)
        if entry is not None:
            self.write.message.say(_("A moment …"))
            self._sharing, self._shared_at_ns = entry.id, self._utc_ns()
            self.sharing.emit(ShareEntry(self.share.preview.toPlainText(), entry.prompt, entry.begun_utc_ns))

    def _ask_delete(self) -> None:
        if self._entry is not None:
            self.delete.show_entry(self._entry)
            self._show(self.delete)

    def _delete(self) -> None:
        entry, journal = self._entry, self._journal
        if entry is None or journal is None:
            return
        self._saving.stop()
        self._clerk.do(lambda: journal.delete(entry.id), self._deleted)

    def _deleted(self, result: Any) -> None:
        if isinstance(result, JournalError):
            self.delete.message.say(words.why_not(result))
            return
        self._to_entries()
        self.entries.message.say(_("It is gone."))

    # --- locking ---

    def _lock_now(self) -> None:
        if not self._leaves or self._unsaved() is not None:
            return
        self._leaves = False
        self._forget()
        self.closed.emit()

    def _forget(self) -> None:
        journal, self._journal = self._journal, None
        self._to_entries()
        self.entries.show_entries(())
        self.write.editor.document().clearUndoRedoStacks()
        self._show(self.door)
        if journal is not None:
            self._clerk.do(journal.close, lambda _result: dump.allow_dumps(True))

    def _each_second(self) -> None:
        if self._journal is not None and self._now() - self._touched_at_s >= LOCK_AFTER_S:
            self.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched_at_s = self._now()
        return False
