"""What the hours after are drawn from: six cards, what comes next, when to call.

Owned by the screen process. Words come from the view; nothing here is chosen or worked out.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.text.care import Care
from kiosk.text.catalogue import _
from ui.kit import Column, Icon, Part, Row, Text, rescale, take_out

COLUMNS = 2


class CareCard(Row):
    """A sign, one sentence, one small line. size: of the sentence, in u."""

    def __init__(self, care: Care, size: float = 24, plate: bool = True) -> None:
        super().__init__(gap=14, margin=(16, 6, 10, 6) if plate else (0, 4, 0, 4))
        if plate:
            self.plate("panel")
        words = Column("stretch", Text(care.say, size, 600, "ink1", shrink=True), gap=2)
        if care.detail:
            words.add(Text(care.detail, max(17.0, size * 0.62), 400, "ink2", shrink=True))
        words.add("stretch")
        self.add(Icon(care.icon, size * 1.4, "ink2"))
        self.grow(words)
        self.setAccessibleName(f"{care.say} {care.detail}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)


class Cares(QWidget, Part):
    """The cards, two beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cares")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._shown: tuple[Care, ...] | None = None

    def show_cares(self, cares: tuple[Care, ...]) -> None:
        """The cards of a view."""
        if cares == self._shown:
            return
        self._shown = cares
        take_out(self._grid)
        for at, care in enumerate(cares):
            self._grid.addWidget(CareCard(care), at // COLUMNS, at % COLUMNS)
        rescale(self, self.u)

    def shown(self) -> str:
        return " ".join(f"{care.say} {care.detail}".strip() for care in self._shown or ())

    def rescale(self, u: float) -> None:
        self.u = u
        self._grid.setVerticalSpacing(self.px(13))
        self._grid.setHorizontalSpacing(self.px(13))


def fill_beside(column: Column, following: tuple[Care, ...], call_title: str, signs: tuple[str, ...]) -> None:
    """The right column: what comes next, and when to call at once."""
    column.clear()
    if following:
        column.add(Text(_("Next"), 18, 600, "ink3"), 10.0)
        for care in following:
            words = Column(Text(care.say, 20, 500, "ink1", shrink=True), gap=2)
            if care.detail:
                words.add(Text(care.detail, 18, 400, "ink2", shrink=True))
            row = Row(Icon(care.icon, 24, "ink2"), gap=14)
            column.add(row.grow(words), 10.0)
        column.add(8.0)
    column.add(Text(call_title, 20, 600, "ink0", shrink=True, name="callTitle"), 10.0)
    for sign in signs:
        column.add(Text(sign, 19, 400, "ink1", shrink=True), 7.0)
    column.add("stretch")
