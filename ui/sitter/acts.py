"""What a sitter does with one tap: happenings, the session's next acts, and taking the last one back.

Owned by the screen process. What is offered, and with which key, is the view's; an act that needs more than a tap
(a reason, a name, a second look) opens its form. Undo stands at the foot of every page while the view offers it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal

from kiosk.line.pane import Choice
from kiosk.line.screen import View
from kiosk.session.commands import TestSound, Undo
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Row, Text, rescale
from ui.kit_button import Button
from ui.sitter.drawer import Drawer

TONES = (("low", _("Low")), ("medium", _("Medium")), ("high", _("High")), ("call", _("Call")))
A_ROW = 4


class UndoAct(Button):
    """Takes the newest act back within its seconds; what it was stands in the strip. `asked` carries an `Undo`."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Undo"), "U", "undo-2", "raised", padding=14, name="undoAct")
        self.clicked.connect(lambda: self.asked.emit(Undo(self._seq)))
        self._seq = 0
        self.hide()

    def show_undo(self, seq: int, text: str) -> None:
        """The act that can be taken back now; seq 0 for none."""
        self._seq = seq
        self.setAccessibleName(_("Undo: {act}").format(act=text))
        self.setVisible(bool(seq))


class Choices(Drawer):
    """A menu: every entry a button with its key. `chosen` carries a `Choice`."""

    chosen = Signal(object)

    def __init__(self, name: str, title: str, a_row: int) -> None:
        super().__init__(name, title)
        self._a_row = a_row
        self.rows: list[Row] = []
        self.buttons: list[Button] = []
        self._drawn: object = None
        self.menu = Column(gap=8)
        self.back.height_u = theme.BUTTON
        self.add(self.menu)

    def show_choices(self, choices: tuple[Choice, ...]) -> None:
        """Other entries; the same ones stay under the hand."""
        if self._drawn == (choices, self.u):
            return
        self._drawn = (choices, self.u)
        for row in self.rows:
            row.clear()
            row.hide()
        self.buttons = []
        while len(self.rows) * self._a_row < len(choices):
            self.rows.append(Row(gap=10))
            self.menu.add(self.rows[-1])
        for at, choice in enumerate(choices):
            button = self._entry(choice)
            self.buttons.append(button)
            row = self.rows[at // self._a_row]
            row.grow(button)
            row.show()
        for _filler in range(-len(choices) % self._a_row if len(choices) > self._a_row else 0):
            self.rows[(len(choices) - 1) // self._a_row].grow(Column())
        rescale(self, self.u)

    def _entry(self, choice: Choice) -> Button:
        outline = "card" in choice.hint
        button = Button(
            choice.label, choice.key, "phone" if outline else "", "outline" if outline else "raised", 17,
            theme.BUTTON, 600 if outline else 500, padding=8, fill_width=True, name=f"choice_{choice.key}",
        )  # fmt: skip
        if choice.hint:
            button.setToolTip(choice.hint)
            button.setAccessibleDescription(f"{choice.key}, {choice.hint}")
        button.clicked.connect(lambda: self.chosen.emit(choice))
        return button


class Happenings(Choices):
    """ "It happened": one tap records it; its guidance comes by itself in the action panel."""

    def __init__(self) -> None:
        super().__init__("happeningsDrawer", _("It happened now"), A_ROW)
        self.head.add(self.back)

    def show_view(self, view: View) -> None:
        """The one-tap events of a view."""
        self.show_choices(view.happenings)


class Acts(Choices):
    """The session's further acts, each with what it will ask; and the test of each tone."""

    def __init__(self) -> None:
        super().__init__("actsDrawer", _("Next in the session"), 3)
        self.label = Text(_("Test the sound"), 17, 500, "ink2", shrink=True)
        self.tones: list[Button] = []
        line = Row(gap=10)
        for i, (tone, words) in enumerate(TONES, 1):
            button = Button(words, str(i), "volume-2", "raised", 17, padding=10, name=f"test_{tone}")
            button.clicked.connect(lambda _checked=False, t=tone: self.asked.emit(TestSound(t)))  # type: ignore[arg-type]
            self.tones.append(button)
            line.add(button)
        self.line = Row(self.label, gap=10).turning().grow(line.add("stretch", self.back))
        self.none = Text(_("Nothing can be done here before the session has started."), 18, 400, "ink2", shrink=True)
        self.hints = Text("", 16, 400, "ink2", shrink=True)
        self.add(self.none, "stretch", self.hints, self.line)

    def show_view(self, view: View) -> None:
        """The acts of a view."""
        self.none.setVisible(not view.acts)
        self.label.setVisible(theme.text_of(self.u) <= 1)
        self.show_choices(view.acts)
        self.hints.say(" · ".join(f"{c.key} {c.hint}" for c in view.acts if c.hint))
