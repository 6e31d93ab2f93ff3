"""Standing up: sit, stand, walk, ready; why it is allowed now, and the values beside those before.

Owned by the screen process. "Steady" is "not yet" until the view's countdown is over; no step is skipped by one press,
and the end of the session is held for two seconds here too.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from kiosk.line.pane import Button as Asked
from kiosk.line.pane import Step
from kiosk.line.screen import View
from kiosk.line.stand import Stand
from kiosk.session.commands import AnswerStand, EndSession, LookIn, MarkReady, Release
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Icon, Row, Rule, Text, rescale
from ui.kit_alarm import Countdown
from ui.kit_button import Button, HoldButton
from ui.sitter.asking import icon_of
from ui.sitter.bar import ACTIONS
from ui.sitter.flow import Flow
from ui.sitter.front import Front
from ui.sitter.instruction import Instruction
from ui.sitter.panel import StepChip
from ui.sitter.press import press, press_primary
from ui.sitter.sentence import minutes
from ui.sitter.standing_parts import Nearness, Stairs, reasons
from ui.sitter.strip import Strip

QUIET_S = 0.3
NAMES = {AnswerStand: "", MarkReady: "markReady", Release: "release", EndSession: "endSession"}


class StandScreen(Front):
    """Shows `View.stand`; `asked` carries commands."""

    def __init__(self, parent: QWidget | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__("standScreen", _("Standing up"), parent, now)
        self.strip, self.chips = Strip(), Row(gap=6)
        self.instruction = Instruction(name="standSay", height=118)
        self.ring, self.left = Countdown(64, width=6), Text("", 44, 600, "ink1", name="steadyIn")
        self.until = Text(_("until “Steady” can be pressed"), 19, 400, "ink2", shrink=True)
        self.wait = Row(self.ring, self.left, gap=16)
        self.wait.grow(self.until)
        self.stairs, self.buttons = Stairs(), Flow()
        self.message = Text("", 18, 600, "ink0", shrink=True, name="standMessage")
        self.why, self.near = Column(gap=10), Nearness()
        self.rules, self.notes = Text("", 17, 400, "ink3", wrap=True), Column(gap=6)
        self._drawn: dict[str, object] = {}
        self._wait_s = self._wait_of_s = 0.0
        self._changed_at_s = float("-inf")
        chips = Column(22.0, self.chips, "stretch", gap=0)
        body = Row(gap=0).turning()
        body.grow(self._left_side(), 820)
        self.beside = Fixed(self._right_side(), 466, upright=(None, None))
        body.add(40.0, self.beside)
        self.put_together(self.strip, chips, body, self._foot())

    def _left_side(self) -> Column:
        room = Fixed(self.wait, height=70)
        self.free = Column(room, 12.0, gap=0)
        self.free.grow(self.stairs)
        self.free.add(3.0, Fixed(self.message, height=24), 3.0, self.buttons, 8.0)
        left = Column(2.0, self.instruction, gap=0)
        left.grow(self.free)
        return left.add(self.below)

    def _right_side(self) -> Column:
        column = Column(gap=0)
        column.add(self.why, 14.0, Rule(), 12.0, self.near, 12.0, Rule(), 12.0)
        return column.add(self.rules, 10.0, self.notes, "stretch")

    def _foot(self) -> Row:
        foot = Row(gap=10)
        for opened, words, key, _name in ACTIONS[:4]:
            button = Button(words, key, padding=14, name=f"stand_{opened}")
            button.clicked.connect(lambda _checked=False, what=opened: self.open(what))
            foot.add(button)
        more = Row(gap=10)
        for opened, words, key in (("happenings", _("It happened"), "H"), ("list", _("List"), "L")):
            button = Button(words, key, padding=14, name=f"stand_{opened}")
            button.clicked.connect(lambda _checked=False, what=opened: self.open(what))
            more.add(button)
        more.add(self.undo, "stretch", self.card)
        return Row(foot.add("stretch"), gap=8).turning().grow(more)

    # --- what the view says ---

    def draw(self, view: View) -> None:
        stand = view.stand
        if stand is None:
            return
        self.strip.show_view(view)
        self.instruction.show_words(stand.say, stand.detail)
        self._draw("chips", stand.rungs, lambda: self._draw_chips(stand))
        self.stairs.show_rungs(stand.rungs)
        self._draw("why", stand.why, lambda: self._draw_why(stand))
        self.near.show_compared(stand.compared)
        self.rules.say(stand.rules)
        self._draw("notes", stand.notes, lambda: self._draw_notes(stand))
        self._wait_s, self._wait_of_s = stand.wait_s, stand.wait_of_s
        self._draw("buttons", stand.buttons, lambda: self._draw_buttons(stand))
        self.count_on(0.0)
        self.arrange()

    def arrange(self) -> None:
        tall = self.below.tall()
        self.below.setVisible(tall)
        self.free.setVisible(not tall)
        self.beside.setVisible(not (tall and self._is_upright))  # below each other there is room for one of them

    def count_on(self, since_s: float) -> None:
        super().count_on(since_s)
        left = max(0.0, self._wait_s - since_s)
        self.wait.setVisible(left > 0)
        self.left.say(minutes(left))
        if self._wait_of_s:
            self.ring.leave(left / self._wait_of_s)
        steady = self.buttons.findChild(Button, "steady")
        if steady is not None:
            steady.setEnabled(left <= 0)

    def _draw(self, part: str, now: object, draw: Callable[[], None]) -> None:
        if self._drawn.get(part) != (now, self._u):
            self._drawn[part] = (now, self._u)
            draw()

    def _draw_chips(self, stand: Stand) -> None:
        self.chips.clear()
        for number, rung in enumerate(stand.rungs, 1):
            self.chips.add(StepChip(number, Step(rung.label, rung.state)))
        self.chips.add("stretch")
        rescale(self.chips, self._u)

    def _draw_why(self, stand: Stand) -> None:
        reasons(self.why, stand.why)
        rescale(self.why, self._u)

    def _draw_notes(self, stand: Stand) -> None:
        self.notes.clear()
        for icon, words in stand.notes:
            row = Row(Icon(icon, 22, "ink3"), gap=12)
            row.grow(Text(words, 18, 400, "ink2", shrink=True))
            self.notes.add(row)
        rescale(self.notes, self._u)

    def _draw_buttons(self, stand: Stand) -> None:
        self._changed_at_s = self._now()
        self.message.say("")
        self.buttons.show_buttons([self._button(asked) for asked in stand.buttons])

    def _button(self, asked: Asked) -> Button:
        if isinstance(asked.command, EndSession):
            words = _("{what} (hold 2 s)").format(what=asked.label)
            hold = HoldButton(words, "square", "outline", name="endSession", key=asked.key)
            hold.held.connect(lambda: self.asked.emit(asked.command))
            return hold
        kind = "primary" if asked.kind == "primary" else "raised"
        button = Button(asked.label, asked.key, icon_of(asked), kind, 20, theme.BUTTON_ACT, 600, name=_name(asked))
        button.clicked.connect(lambda: self._use_own(asked))
        return button

    # --- what a person does ---

    def open(self, what: str) -> None:
        if what == "look_in":
            self.asked.emit(LookIn())
        else:
            super().open(what)

    def answer(self, answer: object, command: object) -> None:
        if isinstance(command, AnswerStand | MarkReady | Release):
            self.message.say(getattr(answer, "sentence", ""))
        else:
            super().answer(answer, command)  # type: ignore[arg-type]

    def own_key(self, key: str) -> bool:
        if press(key, self.free, self) or (key == "Enter" and press_primary(self.free)):
            return True
        opened = {"M": "music", "K": "breaths", "O": "acts"}.get(key)
        if opened is None:
            return False
        self.open(opened)
        return True

    def _use_own(self, asked: Asked) -> None:
        # the second half of a double press must not answer the next rung
        if self._now() - self._changed_at_s >= QUIET_S:
            self._use(asked)


def _name(asked: Asked) -> str:
    if isinstance(asked.command, AnswerStand):
        return {"steady": "steady", "dizzy": "dizzy"}.get(asked.command.outcome, "backToBed")
    return NAMES.get(type(asked.command), "") if asked.command is not None else ""
