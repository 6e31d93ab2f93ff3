"""A few views of which one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from ui import theme
from ui.kit import Row, rounded
from ui.kit_button import Button


class Tab(Button):
    """One of them; the chosen one stands on a plate."""

    def __init__(self, text: str, size: float, name: str) -> None:
        super().__init__(text, kind="bare", size=size, height=size + 15, padding=size - 4, name=name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _paint_under(self, painter: QPainter, plate: QRectF) -> None:
        if self.isChecked():
            rounded(painter, plate, self.pf(8), theme.colour("panel"), theme.colour("line"), self.pf(1))


class Tabs(Row):
    """`chosen` carries the name of the view that a person chose."""

    chosen = Signal(str)

    def __init__(self, views: Sequence[tuple[str, str]], small: bool = False) -> None:
        super().__init__(gap=4)
        self.name = views[0][0]
        self.tabs = {name: Tab(words, 14 if small else 16, f"tab_{name}") for name, words in views}
        for name, tab in self.tabs.items():
            tab.clicked.connect(lambda _checked=False, name=name: self.choose(name))
            self.add(tab)
        self.show_chosen(self.name)

    def show_chosen(self, name: str) -> None:
        """This one is shown; nobody is told."""
        self.name = name
        for other, tab in self.tabs.items():
            tab.setChecked(other == name)

    def choose(self, name: str) -> None:
        """As if it were pressed."""
        self.show_chosen(name)
        self.chosen.emit(name)
