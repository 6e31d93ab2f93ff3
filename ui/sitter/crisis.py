"""Thoughts of self-harm were reported: what to do now and whom to call, in type that can be read across the bed.

Owned by the screen process; stands in the preparation and in the hours after. It is shown at once and hides neither
what is signalled nor the emergency card.
"""

from __future__ import annotations

from PySide6.QtCore import Signal

from kiosk.line.prepare import Crisis
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import RIGHT, Column, Fixed, Icon, Row, Text, rescale
from ui.kit_button import Button
from ui.sitter.instruction import Instruction
from ui.sitter.lower import Lower
from ui.sitter.prepare_parts import Plate

MOST = 5


class CrisisStep(Row):
    """`wants` carries "override" (go on with a reason) and "next" (the questions that are left)."""

    wants = Signal(str)

    def __init__(self, below: Lower) -> None:
        super().__init__(gap=20)
        self.setObjectName("crisisPage")
        self.below = below
        self.instruction = Instruction(54, "crisisSay", 190)
        self.told = Text("", 20, 500, "ink1", wrap=True, name="crisisTold")
        self.decided = Text("", 18, 400, "ink2", wrap=True, name="crisisDecided")
        self.next = Button(_("On with the questions"), "Enter", "arrow-right", "raised", 20, 62, name="crisisNext")
        self.override = Button(_("Start all the same, with a reason"), "S", kind="raised", size=20, height=62)
        self.override.setObjectName("crisisOverride")
        self.message = Text("", 19, 600, "ink0", shrink=True)
        self.next.clicked.connect(lambda: self.wants.emit("next"))
        self.override.clicked.connect(lambda: self.wants.emit("override"))
        self.contacts = Column(gap=12)
        self._drawn: object = None
        self.turning()
        self.free = Column(self.told, self.decided, "stretch", self.message, Row(self.next, "stretch"), gap=12)
        self.free.add(Row(self.override, "stretch"), 16.0)
        self.left_side = Column(36.0, self.instruction, gap=0)
        self.grow(self.left_side.grow(self.free))
        self.add(Fixed(Column(36.0, self.contacts, "stretch", gap=0), 600, upright=(None, None)))

    def show_crisis(self, crisis: Crisis, can_override: bool, decided: tuple[str, ...] = ()) -> None:
        """Draw it. decided: reason, who, when, where somebody has answered for going on."""
        self.instruction.show_words(crisis.say, crisis.detail)
        self.told.say(crisis.told)
        self.decided.say(f"“{decided[0]}” {', '.join(decided[1:])}" if decided else "")
        self.override.setVisible(can_override)
        if self._drawn != (crisis.contacts, self.u):
            self._drawn = (crisis.contacts, self.u)
            self._draw(crisis.contacts)
        self.arrange()

    def host(self) -> None:
        """Let the alarm's panel and the open forms stand on this page."""
        self.left_side.add(self.below)

    def arrange(self) -> None:
        """An alarm's panel takes the place of the buttons; the numbers stay."""
        tall, large = self.below.tall(), theme.text_of(self.u) > 1
        self.instruction.grow_to(128 if large else 190)
        self.told.style_as(size=17 if large else 20)
        self.below.setVisible(tall)
        self.free.setVisible(not tall)

    def _draw(self, contacts: tuple[tuple[str, str, str], ...]) -> None:
        self.contacts.clear()
        for place, (name, role, number) in enumerate(contacts[:MOST]):
            row = Plate((20, 10, 20, 10))
            row.plate("panel", "ink2" if place == 0 else None, 1.5)
            line = Row(Icon("phone", 24, "ink1"), gap=14)
            who = Column(Text(name, 22, 600, "ink1", shrink=True), Text(role, 17, 400, "ink2", shrink=True), gap=0)
            line.grow(who)
            line.add(Text(number, 34, 600, "ink0", RIGHT, name=f"crisisNumber{place}"))
            row.add(line)
            self.contacts.add(row)
        rescale(self.contacts, self.u)
