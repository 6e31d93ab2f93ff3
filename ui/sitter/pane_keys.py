"""What a key means on the sitter's pane: first the card, then the page in front, an open form, what is signalled.

Owned by the screen process. Every button shows its key; the few keys here that have no button open something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui import keys
from ui.sitter.press import press, press_primary

if TYPE_CHECKING:
    from ui.sitter.pane import SitterPane

_ARROWS = {Qt.Key.Key_Right: "→", Qt.Key.Key_Up: "↑", Qt.Key.Key_Down: "↓"}
_OPENED = {
    "D": "dose",
    "→": "phase",
    "M": "music",
    "L": "list",
    "T": "pressure",
    "H": "happenings",
    "O": "acts",
    "S": "skip",
}
_FALL_THROUGH = ("Enter", "Esc", "Space")  # never reach what lies behind an open drawer


def named(event: QKeyEvent) -> str:
    """The key as the pane's buttons show it, arrows included; "" for what it does not take."""
    if event.isAutoRepeat() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return ""
    return _ARROWS.get(Qt.Key(event.key())) or keys.name_of(event)


def take(pane: SitterPane, key: str) -> bool:
    """Do what a key stands for; False when it means nothing here."""
    if key == "F1":
        key = "E"
    if pane.card.isVisible():
        return pane.card.take_key(key)
    if key == "E":
        pane.open_card()
        return True
    if pane.fronts.now is not None:
        return pane.fronts.now.take_key(key)
    drawer = pane.below.drawer
    if drawer is not None:
        if drawer.take_key(key) or press(key, drawer):
            return True
        if key == "Esc":
            drawer.leave()
            return True
        if key in _FALL_THROUGH or key.isdigit():
            return False
    if press(key, pane.strip, pane.sentence, pane.below, pane.bar):
        return True
    if key == "Enter":
        return press_primary(pane.below, pane.sentence)
    return _other(pane, key)


def _other(pane: SitterPane, key: str) -> bool:
    if key in _OPENED:
        pane.open(_OPENED[key])
    elif key == "W":
        pane.chart.choose_window("whole" if pane.chart.reach != "whole" else "60")
    elif key in ("[", "]"):
        pane.chart.step_window(-1 if key == "[" else 1)
    else:
        return False
    return True
