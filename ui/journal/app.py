"""`kiosk journal`: the patient's journal in a window of its own, on any day, without the room.

A process of its own that holds the key only while the journal is open. It knows no monitor and no record: one entry
that is shared goes to whoever `main` was given for it.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.journal.sealed import Cost
from kiosk.session.commands import ShareEntry
from kiosk.text import journal as words
from kiosk.text.catalogue import _
from ui import theme
from ui.app import make_application
from ui.curtain import keep_to_the_desktops_bus
from ui.journal.book import Book
from ui.keyboard import Keyboard
from ui.kit import Column, Text, reflow, rescale
from ui.sitter.pane_keys import named
from ui.sitter.press import release

SIZE = (1100, 768)
Sharing = Callable[[ShareEntry], tuple[bool, str]]  # may wait; whether it is in the record, and the sentence on it
WAKE_MS = 200  # Python sees a signal only between two turns of Qt's loop


class JournalWindow(QWidget):
    """The book, with letters on the screen for a hand without a keyboard. left: it was closed.

    sharing: puts an entry into the record of the last session; without it nothing is shared.
    """

    def __init__(
        self, path: Path, left: Callable[[], None], cost: Cost | None = None, sharing: Sharing | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("journalWindow")
        self.setWindowTitle(_("Journal"))
        self._left, self._u, self._is_upright = left, 0.0, False
        self.book = Book(path, cost, can_share=sharing is not None)
        if sharing is not None:
            self.book.share.means.say(words.shared_later_with())
            self.book.sharing.connect(lambda entry: self.book.share_by(lambda: sharing(entry)))
        self.title = Text("", theme.TYPE["say_step"][0] * 0.8, 600, "ink0", shrink=True, name="journalSay")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.book.turned.connect(self._turned)
        self.book.closed.connect(self._closed)
        page = Column(self.title, 10.0, gap=0, margin=(28, 20, 28, 20))
        page.grow(self.book)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(page)
        self._page, self.keyboard = page, Keyboard(self)
        self.resize(*SIZE)
        self.book.open()

    def _turned(self) -> None:
        self.title.say(self.book.page.title)
        if self.book.first() is None:
            self.setFocus()

    def _closed(self) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()
        self._left()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = named(event)
        if not key or not self.book.take_key(key):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        release(named(event), self)
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        upright = theme.is_upright(self.width(), self.height())
        u = theme.unit(self.width(), self.height())
        if (u, upright) != (self._u, self._is_upright):
            self._u, self._is_upright = u, upright
            reflow(self._page, upright)
            rescale(self._page, u)
        self.keyboard.place(QRect(0, round(70 * u), self.width(), self.height() - round(70 * u)), u)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))


def main(path: Path, sharing: Sharing) -> int:
    """Show the journal until it is left, or SIGTERM; what was typed is saved then. The exit code."""
    keep_to_the_desktops_bus()
    app = make_application()
    before = sys.excepthook
    window = JournalWindow(path, lambda: app.exit(0), sharing=sharing)
    waking = QTimer()
    waking.timeout.connect(lambda: None)
    waking.start(WAKE_MS)
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: app.exit(0))

    def failed(kind: type[BaseException], error: BaseException, trace: object) -> None:
        before(kind, error, trace)  # type: ignore[arg-type] - leaves the crash file, places only
        app.exit(70)

    sys.excepthook = failed
    window.show()
    code = app.exec()
    window.book.end()
    sys.excepthook = before
    return code
