"""The foot of the preparation: one check back or on, all of them, and leaving before anything has begun.

Owned by the screen process. While a device is being paired nothing here can be pressed but the emergency card.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.text.catalogue import _
from ui.kit import Row
from ui.kit_button import Button, HoldButton


class PrepareFoot(Row):
    """`wants` carries back, all, later or leave. undo, card: buttons that stand here and belong to every page."""

    wants = Signal(str)

    def __init__(self, undo: QWidget, card: QWidget) -> None:
        super().__init__(gap=8)
        self.back = Button(_("Back"), "Esc", "arrow-left", name="prepareBack")
        self.to_all = Button(_("All checks"), "L", "list-checks", name="toAllChecks")
        self.onward = Button(_("Later"), "→", "arrow-right", name="laterCheck")
        # a person may change their mind: the room can be left before anything has begun
        self.leave = HoldButton(_("No session today (hold 2 s)"), "square", "plain", name="leaveRoom", key="Q")
        for button, what in ((self.back, "back"), (self.to_all, "all"), (self.onward, "later")):
            button.clicked.connect(lambda _checked=False, what=what: self.wants.emit(what))
        self.leave.held.connect(lambda: self.wants.emit("leave"))
        steps = Row(self.back, self.to_all, self.onward, self.leave, undo, "stretch", gap=10)
        self.turning().grow(steps).add(Row("stretch", card))

    def show_for(self, mode: str, pairs: bool) -> None:
        """What can be done on a page of this mode."""
        self.back.setVisible(not pairs)
        self.to_all.setVisible(mode != "all" and not pairs)
        self.onward.setVisible(mode == "step" and not pairs)
        self.leave.setVisible(mode == "all" and not pairs)
