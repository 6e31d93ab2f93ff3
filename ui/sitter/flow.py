"""Buttons side by side, on as many lines as they need: none is cut, whatever the language."""

from __future__ import annotations

from ui.kit import Column, Row, rescale
from ui.kit_button import Button


class Flow(Column):
    """Buttons side by side, on as many lines as they need."""

    def __init__(self, gap: float = 12) -> None:
        super().__init__(gap=gap)
        self.gap_u = gap
        self.buttons: list[Button] = []

    def show_buttons(self, buttons: list[Button]) -> None:
        """Other buttons."""
        self.clear()
        self.buttons = buttons
        for button in buttons:
            button.rescale(self.u)
        room, line = max(self.width(), self.px(400)), Row(gap=self.gap_u)
        used = 0
        for button in buttons:
            wide = button.sizeHint().width()
            if used and used + wide > room:
                self.add(line.add("stretch"))
                line, used = Row(gap=self.gap_u), 0
            line.add(button)
            used += wide + self.px(self.gap_u)
        self.add(line.add("stretch"))
        rescale(self, self.u)
