"""A titled plate with lines of facts, in the right column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from kiosk.line.review import Fact
from ui import theme
from ui.kit import RIGHT, Column, Part, Row, Text, rescale, take_out


class Card(Column):
    """A plate with a title."""

    def __init__(self, title: str, name: str = "") -> None:
        super().__init__(gap=4, margin=(14, 9, 14, 9))
        self.plate("panel", "line", 1)
        self.radius = 8.0
        if name:
            self.setObjectName(name)
        self.title = Text(title, 15, 600, "ink1")
        self.head = Row(self.title)
        self.add(self.head)


class Grid(QWidget, Part):
    """Cells in rows; the first column takes the free room. Made anew with other cells."""

    def __init__(self, gap: float = 8, between: float = 3) -> None:
        super().__init__()
        self.gap_u, self.between_u = gap, between
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def rescale(self, u: float) -> None:
        self.u = u
        self.grid.setHorizontalSpacing(self.px(self.gap_u))
        self.grid.setVerticalSpacing(self.px(self.between_u))

    def show_cells(self, rows: Sequence[Sequence[QWidget]], wide: int = 0) -> None:
        """Other cells; wide: the column that takes the free room."""
        take_out(self.grid)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                self.grid.addWidget(cell, i, j)
        for column in range(max((len(row) for row in rows), default=0)):
            self.grid.setColumnStretch(column, 1 if column == wide else 0)
        rescale(self, self.u)


class Facts(Card):
    """Labels and values; each pair is read out as one."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, name)
        self.grid = Grid()
        self.add(self.grid)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Other ones."""
        self.grid.show_cells([self._row(fact) for fact in facts])
        self.setVisible(bool(facts))

    def _row(self, fact: Fact) -> tuple[Text, Text]:
        label = Text(fact.label, 14, 400, "ink2")
        value = Text(fact.value, 14, 600, "red" if fact.tone == "red" else "ink1", RIGHT, wrap=True)
        value.setAccessibleName(f"{fact.label}: {fact.value}")
        return label, value


class Scroll(QScrollArea):
    """Scrolls a column downwards, on the window's ground."""

    def __init__(self, inner: QWidget, title: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        self.setAccessibleName(title)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("ground"))
        self.setPalette(palette)
