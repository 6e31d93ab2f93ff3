"""What every page of the journal has: words at the top, buttons below with their keys, one line of what became of it.

Belongs to the process that shows the journal.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui import theme
from ui.kit import Column, Fixed, Text
from ui.kit_button import Button
from ui.sitter.flow import Flow
from ui.sitter.press import press, press_primary


class Page(Column):
    """title: what stands above all of it. `body` takes the free room."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(gap=0)
        self.setObjectName(name)
        self.title = title
        self.body = Column(gap=10)
        self.message = Text("", 19, 600, "ink0", shrink=True, name=f"{name}Message")
        self.buttons = Flow()
        self.grow(self.body)
        self.add(4.0, Fixed(self.message, height=26), 4.0, self.buttons, 6.0)

    def act(self, words: str, key: str, icon: str, name: str, do: Callable[[], None], kind: str = "raised") -> Button:
        """A button of this page."""
        weight = 600 if kind == "primary" else 500
        button = Button(words, key, icon, kind, 20, theme.BUTTON_ACT, weight, name=name)
        button.clicked.connect(lambda _checked=False: do())
        return button

    def opened(self) -> None:
        """It is shown now."""
        self.message.say("")

    def first(self) -> QWidget | None:
        """What takes the focus when it is shown."""
        return None

    def take_key(self, key: str) -> bool:
        """A key that its buttons show; Enter is the filled one's."""
        return press(key, self) or (key == "Enter" and press_primary(self))


def lines(words: tuple[str, ...], size: float = 22, ink: str = "ink1") -> Column:
    """Some sentences below each other."""
    column = Column(gap=8)
    for line in words:
        column.add(Text(line, size, 400, ink, wrap=True))
    return column
