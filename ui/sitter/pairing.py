"""A device that is being paired: one action at the left, six large digits at the right, and how long it waits.

Owned by the screen process. It stands in front of the checks until it is answered. What agrees acts only after a
moment, so that a key meant for the check before pairs nothing; two numbers are never confirmed by Enter.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.line.pane import Button as Asked
from kiosk.line.prepare import Pairing
from kiosk.session.commands import AnswerPairing
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import CENTRE, Column, Fixed, Part, Row, Text, rounded
from ui.kit_alarm import Countdown
from ui.kit_button import Button
from ui.sitter.asking import icon_of
from ui.sitter.flow import Flow
from ui.sitter.instruction import Instruction
from ui.sitter.prepare_fields import DigitField, Keypad
from ui.sitter.prepare_parts import Plate
from ui.sitter.press import press, press_primary
from ui.sitter.sentence import minutes

AGREE_QUIET_S = 1.0  # longer than it takes to notice that another question stands there
DIGITS = 6
SIZE, HEIGHT = 104, 112


class Typed(QWidget, Part):
    """How many of six digits were typed on the device: filled places."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = 0
        self.rescale(1.0)

    def show_entered(self, entered: int) -> None:
        """So many."""
        if entered != self.entered:
            self.entered = entered
            self.setAccessibleName(_("{n} of {of} digits typed").format(n=entered, of=DIGITS))
            self.update()

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, gap = self.pf(44), self.pf(12)
        left = (self.width() - DIGITS * wide - (DIGITS - 1) * gap) / 2
        for place in range(DIGITS):
            box = QRectF(left + place * (wide + gap), 1, wide, self.height() - 2)
            done = place < self.entered
            border = None if done else theme.colour("ink3")
            rounded(painter, box, self.pf(4), theme.colour("ink1") if done else None, border, self.pf(1.25))


class PairingPage(Row):
    """`used` carries the command of the button that was pressed, with what was typed."""

    used = Signal(object)

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(gap=20)
        self.setObjectName("pairingPage")
        self._now = now
        self._asked: Pairing | None = None
        self._shown_at_s = float("-inf")
        self.instruction = Instruction(name="pairingSay")
        self.message = Text("", 19, 600, "ink0", shrink=True, name="pairingMessage")
        self.buttons = Flow()
        self.number = Text("", SIZE, 600, "ink0", CENTRE, shrink=True, name="pairingNumber")
        self.entered = Typed()
        self.field = DigitField("", "pairingPasskey", _("The six digits on the device"), DIGITS, SIZE, HEIGHT)
        self.pad, self.ring = Keypad(), Countdown(46)
        self.left = Text("", 30, 600, "ink1", name="pairingLeft")
        self.wait = Row(self.ring, self.left, Text(_("until it is given up"), 19, 400, "ink2"), "stretch", gap=14)
        self.plate_here = Plate()
        self.plate_here.plate("panel")
        self.plate_here.add("stretch", self.number, self.field, 14.0, self.entered, "stretch")
        self.panel = Fixed(self.plate_here, height=190)
        self.grow(Column(40.0, self.instruction, 8.0, Fixed(self.message, height=30), self.buttons, "stretch", gap=0))
        right = Column(40.0, self.panel, 14.0, self.pad, 20.0, self.wait, "stretch", gap=0)
        self.add(20.0, Fixed(right, 526))
        self.field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.field.textEdited.connect(self._typed)

    # --- what the view says ---

    @property
    def is_open(self) -> bool:
        """Whether anything is asked or told."""
        return self._asked is not None

    def show_pairing(self, asked: Pairing | None) -> bool:
        """Draw it; True when it is another question than before, or none any more: nothing typed is kept."""
        before, self._asked = self._asked, asked
        if asked is None:
            return before is not None
        is_new = before is None or before.key != asked.key
        if is_new:
            self._shown_at_s = self._now()
            self.message.say("")
            self.field.clear()
        self.instruction.show_words(asked.say, asked.detail)
        self.number.say(asked.digits)
        self.number.setVisible(bool(asked.digits))
        self.field.setVisible(asked.types)
        self.pad.setVisible(asked.types)
        self.panel.setVisible(bool(asked.digits) or asked.types)
        self.entered.setVisible(bool(asked.digits) and len(asked.buttons) == 1)
        self.entered.show_entered(asked.entered)
        self.wait.setVisible(asked.left_s is not None)
        self.count_on(0.0)
        if is_new or before is None or before.buttons != asked.buttons:
            self.buttons.show_buttons([self._button(one) for one in asked.buttons])
        self._allow()
        return is_new

    def count_on(self, since_s: float) -> None:
        """The time that is left goes on between two views."""
        if self._asked is None or self._asked.left_s is None:
            return
        left = max(0.0, self._asked.left_s - since_s)
        self.left.say(minutes(left))
        self.ring.leave(left / self._asked.of_s if self._asked.of_s else 0.0)

    def say(self, sentence: str) -> None:
        """What became of an answer."""
        self.message.say(sentence)

    def focus_field(self) -> bool:
        """Give the keys to the digits; False when none are asked for."""
        if self._asked is None or not self._asked.types:
            return False
        self.field.setFocus()
        return True

    def take_key(self, key: str) -> bool:
        """Nothing else can be pressed meanwhile but what helps; Esc is the answer that pairs nothing."""
        if press("X" if key == "Esc" else key, self) or (key == "Enter" and press_primary(self)):
            return True
        if key.isdigit() and self.focus_field():
            self.field.insert(key)
            self.field.textEdited.emit(self.field.text())
            return True
        return key in ("Enter", "Esc")

    # --- what a person does ---

    def _button(self, asked: Asked) -> Button:
        kind = {"primary": "primary", "plain": "plain", "outline": "outline", "call": "outline"}[asked.kind]
        weight = 600 if asked.kind == "primary" else 500
        answer = asked.command.answer if isinstance(asked.command, AnswerPairing) else type(asked.command).__name__
        name = f"pairing_{answer}"
        button = Button(asked.label, asked.key, icon_of(asked), kind, 20, theme.BUTTON_ACT, weight, name=name)
        button.clicked.connect(lambda: self._use(asked))
        return button

    def _use(self, asked: Asked) -> None:
        command = asked.command
        declines = isinstance(command, AnswerPairing) and command.answer == "no"
        if not declines and self._now() - self._shown_at_s < AGREE_QUIET_S:
            return
        if isinstance(command, AnswerPairing) and not declines and self._asked is not None and self._asked.types:
            command = msgspec.structs.replace(command, untrusted_passkey=self.field.text())
        self.used.emit(command)

    def _typed(self) -> None:
        self.message.say("")
        self._allow()

    def _allow(self) -> None:
        """The button that needs the digits is "not yet" until there are six."""
        whole = self._asked is None or not self._asked.types or len(self.field.text()) == DIGITS
        for button in self.buttons.buttons:
            if button.kind == "primary":
                button.setEnabled(whole)
