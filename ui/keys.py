"""Which key means what on the patient's screen and everywhere: calling, the sitter's way in, the emergency card.

Belongs to the screen process. Pure functions of a key: no widget, no state. Must never let a key that the patient
may hit go unheard: whatever is not named here calls the sitter.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

Key = Qt.Key
Modifier = Qt.KeyboardModifier

LET_GO_MS = 150  # a busy machine can tear a repeated key into release and press
CARD_KEYS = (Key.Key_E, Key.Key_F1)
SITTER_KEYS = (Key.Key_F2, Key.Key_Return, Key.Key_Enter)
ENTER_KEYS = (Key.Key_Return, Key.Key_Enter)
FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)

_NAMES = {
    Key.Key_Return: "Enter",
    Key.Key_Enter: "Enter",
    Key.Key_Escape: "Esc",
    Key.Key_Space: "Space",
    Key.Key_Backspace: "Backspace",
}


def calls_sitter(key: int, leave_by_escape: bool = False) -> bool:
    """Whether this key calls on the rest screen: all but Enter, F1, F2, E, and Escape where it leaves."""
    if key == Key.Key_Escape:
        return not leave_by_escape
    return key not in CARD_KEYS and key not in SITTER_KEYS


def name_of(event: QKeyEvent) -> str:
    """The key's name as buttons show it: "A", "1", "Enter", "F2"; "" for keys without one."""
    key = Key(event.key())
    if key in _NAMES:
        return _NAMES[key]
    if Key.Key_F1 <= key <= Key.Key_F35:
        return f"F{key - Key.Key_F1 + 1}"
    return chr(key) if 0x20 < key < 0x7F else ""


def typing_in(widget: QWidget | None) -> bool:
    """Whether letters belong to a text field now."""
    return isinstance(widget, FIELDS)


def opens_card(event: QKeyEvent, focus: QWidget | None) -> bool:
    """E or F1, everywhere; in a text field E needs Alt."""
    if event.isAutoRepeat() or event.key() not in CARD_KEYS:
        return False
    if event.key() == Key.Key_F1:
        return True
    alt = bool(event.modifiers() & Modifier.AltModifier)
    other = bool(event.modifiers() & (Modifier.ControlModifier | Modifier.MetaModifier))
    return not other and (alt or not typing_in(focus))
