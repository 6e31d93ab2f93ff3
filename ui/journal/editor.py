"""Where the patient writes. Nothing leaves by copying, cutting, dragging or selecting: the clipboard is everybody's.

Belongs to the process that shows the journal.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from kiosk.journal.entry import LONGEST
from ui import theme
from ui.kit import Part
from ui.sitter.drawer import Field

_PASSED_ON = (Qt.Key.Key_Escape, *(Qt.Key(Qt.Key.Key_F1 + n) for n in range(12)))
QUIET_S = 0.4  # a key that is held comes some thirty times a second
_TAKEN_OUT = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut)


class Editor(QPlainTextEdit, Part):
    """Large type. Esc, F-keys and Alt+letter go on to the page. reads: it only shows."""

    def __init__(
        self, name: str, said: str, size: float = 29, reads: bool = False, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self.size_u = size
        self._down = set[int]()  # keys that went down here
        self._held, self._held_at_s, self._now = 0, 0.0, now
        self.setObjectName(name)
        self.setAccessibleName(said)
        self.setReadOnly(reads)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        if reads:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        palette = self.palette()
        for role, tone in (
            (QPalette.ColorRole.Base, "panel"),
            (QPalette.ColorRole.Text, "ink0"),
            (QPalette.ColorRole.PlaceholderText, "ink3"),
            (QPalette.ColorRole.Highlight, "fill"),
            (QPalette.ColorRole.HighlightedText, "on_fill"),
        ):
            palette.setColor(role, theme.colour(tone))
        self.setPalette(palette)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(self.size_u, 400, u))
        self.document().setDocumentMargin(self.px(14))

    def shown(self) -> str:
        return ""  # pictures and tests of the room ask every part for its words; these are nobody's

    def createMimeDataFromSelection(self) -> QMimeData:
        return QMimeData()  # X11 hands every selection to whoever asks

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection():  # else the press would begin to drag it away
            cursor.clearSelection()
            self.setTextCursor(cursor)
        super().mousePressEvent(event)

    def ignore_until_quiet(self, key: Qt.Key) -> None:
        """A key that was held on the page before writes nothing here before it has been quiet for a moment.

        Not every repetition comes marked as one: X11 sends a release and a press, and Qt guesses.
        """
        self._held, self._held_at_s = key, self._now()

    def _is_still_held(self, key: int) -> bool:
        if key != self._held:
            return False
        before_s, self._held_at_s = self._held_at_s, self._now()
        if self._held_at_s - before_s < QUIET_S:
            return True
        self._held = 0
        return False

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._down.discard(event.key())
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._down.clear()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_still_held(event.key()) or (event.isAutoRepeat() and event.key() not in self._down):
            event.accept()
            return
        self._down.add(event.key())
        if any(event.matches(taken) for taken in _TAKEN_OUT):
            event.accept()
            return
        if event.key() in _PASSED_ON or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            return
        if event.text().isprintable() and event.text() and len(self.toPlainText()) >= LONGEST:
            event.accept()
            return
        super().keyPressEvent(event)


class Secret(Field):
    """A passphrase: never shown, never copied, forgotten as soon as it was used."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(name=name, said=said, hint=said)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)

    def shown(self) -> str:
        return ""

    def take(self) -> str:
        """What was typed; the field is empty then."""
        words = self.text()
        self.setText("")
        return words


def clear_secrets(root: QWidget) -> None:
    """Empty every passphrase field."""
    for field in root.findChildren(Secret):
        field.setText("")
