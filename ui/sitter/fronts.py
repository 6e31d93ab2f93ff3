"""Which page stands in front of the pane: the preparation before the start, the ladder while somebody stands up, the
hours after from the release on, and there the patient's journal.

Owned by the screen process. The emergency card lies over all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.line.screen import Begin, View
from ui.kit_alarm import keep_still
from ui.sitter.after import AfterScreen
from ui.sitter.front import Front
from ui.sitter.prepare import PrepareScreen
from ui.sitter.standing import StandScreen

if TYPE_CHECKING:
    from ui.sitter.journal import JournalScreen


PREPARE_MS = 1500
AnyFront = TypeVar("AnyFront", bound=Front)


class Fronts(QObject):
    """`asked` carries commands, `opens` what the pane opens itself ("card"); `changed`: another page is in front."""

    asked = Signal(object)
    opens = Signal(str)
    changed = Signal()

    def __init__(self, pane: QWidget, now: Callable[[], float]) -> None:
        super().__init__(pane)
        self._pane, self._now_s = pane, now
        self._pages: tuple[Front, ...] = ()
        self.journal: JournalScreen | None = None  # built when it is wanted: it is most of what is slow to import
        self._wants_journal = False
        self._preparing = QTimer(self)
        self._preparing.setSingleShot(True)
        self._preparing.setInterval(PREPARE_MS)
        self._preparing.timeout.connect(self._prepare_journal)
        self.now: Front | None = None
        self._begin: Begin | None = None
        self._view: View | None = None
        self._text = 1.0

    # Each is built when it is wanted: all three at once are a quarter of what the pane's first picture waits for.

    @cached_property
    def prepare(self) -> PrepareScreen:
        """Before the start."""
        return self._built(PrepareScreen(self._pane, self._now_s))

    @cached_property
    def stand(self) -> StandScreen:
        """The ladder."""
        return self._built(StandScreen(self._pane, self._now_s))

    @cached_property
    def after(self) -> AfterScreen:
        """The hours after."""
        page = self._built(AfterScreen(self._pane, self._now_s))
        page.journal.clicked.connect(self.open_journal)
        return page

    def _built(self, page: AnyFront) -> AnyFront:
        page.hide()
        page.setGeometry(self._pane.rect())  # it is scaled once, in the size that it will have
        page.lower()  # the emergency card and the keyboard may be open already, and lie over it
        page.asked.connect(self.asked)
        page.opens.connect(self.opens)
        if self._begin is not None:
            page.begin(self._begin)
            keep_still(page, self._begin.reduced_motion)
        page.enlarge(self._text)
        self._pages = (*self._pages, page)
        return page

    def begin(self, begin: Begin) -> None:
        """Names and zone for the forms."""
        self._begin = begin
        for page in self._pages:
            page.begin(begin)

    def enlarge(self, text: float) -> None:
        """How much larger small words are written."""
        self._text = text
        for page in self._pages:
            page.enlarge(text)

    def show_view(self, view: View, room: QRect) -> bool:
        """Show what the view asks for; True when another page, or none, is in front now."""
        before, self._view = self.now, view
        if view.after is None:
            self._leave_journal()
        self.now = self._wanted(view)
        if self.now is not None:
            self.now.setGeometry(room)
            self.now.show_view(view)
        for page in self._pages:
            page.setVisible(page is self.now)
        if view.after is not None and self.now is self.after and before is not self.after:
            self._preparing.start()
        return self.now is not before

    def _wanted(self, view: View) -> Front | None:
        if view.prepare is not None:
            return self.prepare
        if view.after is not None:
            return self.journal if self._wants_journal else self.after
        return self.stand if view.stand is not None else None

    def place(self, room: QRect) -> None:
        """The pane has another size."""
        if self.now is not None:
            self.now.setGeometry(room)

    # --- the patient's journal ---

    @property
    def is_private(self) -> bool:
        """Whether the patient's journal is in front: no picture is taken of it."""
        return self._wants_journal

    def open_journal(self) -> None:
        """Show the patient's journal; nothing where this room has none."""
        if self._begin is None or not self._begin.journal or self._view is None:
            return
        if self.journal is None:
            self._build_journal(Path(self._begin.journal))
        assert self.journal is not None
        self._wants_journal = True
        self.changed.emit()
        self.journal.book.open()

    def _prepare_journal(self) -> None:
        """Build it a little at a time before it is wanted: a busy computer's screen must go on beating."""
        is_after = self._view is not None and self._view.after is not None and self.now is self.after
        if self._begin is None or not self._begin.journal or self._view is None or not is_after:
            return
        if self.journal is None:
            self._build_journal(Path(self._begin.journal))
            self._preparing.start()
        else:
            self.journal.setGeometry(self.after.geometry())
            self.journal.show_view(self._view)

    def _build_journal(self, path: Path) -> None:
        from ui.sitter.journal import JournalScreen

        self.journal = self._built(JournalScreen(path, self._pane, self._now_s))
        self.journal.closed.connect(self._journal_closed)

    def _journal_closed(self) -> None:
        self._wants_journal = False
        self.changed.emit()

    def _leave_journal(self) -> None:
        """The session ended, or the patient went back to bed."""
        if self._wants_journal and self.journal is not None:
            self._wants_journal = False
            self.journal.book.lock()

    def end(self) -> None:
        """The process ends: what the patient typed is saved."""
        if self.journal is not None:
            self.journal.book.end()
