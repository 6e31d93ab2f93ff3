"""Which page stands in front of the pane: the preparation before the start, the ladder while somebody stands up, the
hours after from the release on.

Owned by the screen process. The emergency card lies over both.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from kiosk.line.screen import Begin, View
from ui.sitter.after import AfterScreen
from ui.sitter.front import Front
from ui.sitter.prepare import PrepareScreen
from ui.sitter.standing import StandScreen


class Fronts(QObject):
    """`asked` carries commands, `opens` what the pane opens itself ("card")."""

    asked = Signal(object)
    opens = Signal(str)

    def __init__(self, pane: QWidget, now: Callable[[], float]) -> None:
        super().__init__(pane)
        self.prepare, self.stand, self.after = PrepareScreen(pane, now), StandScreen(pane, now), AfterScreen(pane, now)
        self._pages: tuple[Front, ...] = (self.prepare, self.stand, self.after)
        self.now: Front | None = None
        for page in self._pages:
            page.hide()
            page.asked.connect(self.asked)
            page.opens.connect(self.opens)

    def begin(self, begin: Begin) -> None:
        """Names and zone for the forms."""
        for page in self._pages:
            page.begin(begin)

    def enlarge(self, text: float) -> None:
        """How much larger small words are written."""
        for page in self._pages:
            page.enlarge(text)

    def show_view(self, view: View, room: QRect) -> bool:
        """Show what the view asks for; True when another page, or none, is in front now."""
        before = self.now
        self.now = self._wanted(view)
        if self.now is not None:
            self.now.setGeometry(room)
            self.now.show_view(view)
        for page in self._pages:
            page.setVisible(page is self.now)
        return self.now is not before

    def _wanted(self, view: View) -> Front | None:
        if view.prepare is not None:
            return self.prepare
        if view.after is not None:
            return self.after
        return self.stand if view.stand is not None else None

    def place(self, room: QRect) -> None:
        """The pane has another size."""
        if self.now is not None:
            self.now.setGeometry(room)
