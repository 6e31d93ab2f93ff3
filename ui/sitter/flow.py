"""Buttons side by side, on as many lines as they need: none is cut, whatever the language."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent

from ui.kit import Column, Row, rescale
from ui.kit_button import Button

_SAID = Qt.WidgetAttribute.WA_WState_ExplicitShowHide


class Flow(Column):
    """The same buttons stay the same objects when the width changes: only their lines do."""

    def __init__(self, gap: float = 12) -> None:
        super().__init__(gap=gap)
        self.gap_u = gap
        self.buttons: list[Button] = []
        self._lines: list[Row] = []
        self._split: list[int] = []

    def show_buttons(self, buttons: list[Button]) -> None:
        """Other buttons."""
        self.clear()
        self.buttons, self._lines, self._split = buttons, [], []
        for button in buttons:
            button.rescale(self.u)
        self._flow()

    def rescale(self, u: float) -> None:
        super().rescale(u)
        self._flow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._let_paint()

    def _let_paint(self) -> None:
        """Lines made while Qt brings hidden widgets to their size inherit its hold on painting, and would keep it."""
        for line in self._lines:
            line.setUpdatesEnabled(True)

    def _line_of_each(self) -> list[int]:
        lines, line, used = list[int](), 0, 0
        for button in self.buttons:
            if button.isHidden() and button.testAttribute(_SAID):  # one without a parent is hidden, too
                lines.append(line)
                continue
            wide = button.sizeHint().width()
            if used and used + wide > self.width():
                line, used = line + 1, 0
            lines.append(line)
            used += wide + self.px(self.gap_u)
        return lines

    def fit(self) -> None:
        """Other words on a button, or one that is hidden or shown now."""
        self._flow()

    def _flow(self) -> None:
        split = self._line_of_each()
        if split == self._split and self._lines:
            return
        self._split = split
        lines = [Row(gap=self.gap_u) for _line in range(max(split, default=0) + 1)]
        for button, line in zip(self.buttons, split, strict=True):
            lines[line].add(button)
        self.clear()
        self._lines = lines
        self.add(*[line.add("stretch") for line in lines])
        for line in lines:
            rescale(line, self.u)
