"""The keypad over the dunes, on one display: the sitter's way to the pane. Everything beside the keypad still calls.

Belongs to the screen process. It compares nothing: the PIN goes to the monitor and is forgotten here at once. It must
never show a value while locked and calm, and never stand in the way of an alarm or of the emergency card.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.line.screen import PinAnswer
from kiosk.text import room
from ui import keys, theme
from ui.kit import CENTRE, Column, Part, Row, Text, rescale
from ui.kit_button import Button
from ui.pin_parts import DOTS_UNKNOWN, Dots, HoldKey

DIGITS_LEAST, DIGITS_MOST = 4, 12
ANSWER_WITHIN_S = 5.0


class PinScreen(QWidget, Part):
    """Emits `typed` (the PIN, once), `called` (touch beside the keypad), `left`, `card_wanted` and `held`."""

    typed = Signal(str)
    called = Signal(str)
    left = Signal()
    card_wanted = Signal()
    held = Signal()

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setObjectName("pinScreen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._clock, self._digits, self._length = clock, "", 0
        self._sitter = self._sitter_label = self._patient = ""
        self._locked_until_s = self._asked_at_s = float("-inf")
        self._waiting = self._top_taken = self._unusable = False
        self.clock_text, self.returns = Text("", 20, 600, "ink2"), Text("", 17, 400, "ink3")
        self.title = Text(room.pin_title(), 44, 600, "ink1", CENTRE, name="pinTitle")
        self.said = Text("", 20, 400, "ink2", CENTRE, name="pinMessage")
        self.dots, self.hold = Dots(), HoldKey()
        self.call_key = Button(room.call_button(""), "Space", "hand", weight=600, name="callSitter")
        self.back = Button(room.back_to_rest(), "Esc", name="backToRest")
        self.card = Button(room.emergency_card(), "E", "phone", "outline", weight=600, padding=14, name="emergencyCard")
        self._strip = self._child(Row(self.clock_text, "stretch", self.returns, gap=12))
        self._head = self._child(Column(self.title, 4.0, self.said, "stretch", gap=0))
        self._dot_row = self._child(Row("stretch", self.dots, "stretch", gap=0))
        self._hold_row = self._child(Row("stretch", self.hold, "stretch", gap=0))
        self._pad = self._child(self._keypad())
        self._bar = self._child(Row(self.call_key, self.back, "stretch", self.card, gap=10))
        self._wire()

    def name_people(self, patient: str, sitter: str, pin_digits: int = 0) -> None:
        """Labels of the plan; pin_digits: the PIN's length, 0 when not known."""
        self._patient, self._sitter_label = room.first_name(patient), sitter
        self._length = pin_digits
        self.call_key.relabel(room.call_button(room.first_name(sitter)))
        self._say("")
        self._show_digits()

    def show_clock(self, clock: str) -> None:
        """Time of day."""
        self.clock_text.say(clock)

    def show_returns(self, left_s: float | None) -> None:
        """Seconds until the rest screen comes back by itself, None when it does not."""
        self.returns.say(room.returns_in(self._patient, left_s) if left_s is not None else "")

    def show_answer(self, answer: PinAnswer) -> None:
        """What the monitor said to the PIN."""
        self._waiting = False
        self._clear()
        locked = not answer.ok and answer.locked_s > 0
        self._locked_until_s = self._clock() + answer.locked_s if locked else float("-inf")
        self._pad.setEnabled(True)
        if answer.ok:
            self._say("")
        elif not locked and answer.tries_left:
            self._say(room.pin_wrong(answer.tries_left), "ink0")
        elif not locked:
            self._say(room.pin_unusable(), "ink0")
        self._unusable = not answer.ok and not locked and not answer.tries_left
        self._lock_or_not()

    def make_room(self, top_taken: bool) -> None:
        """An alarm has the top slot: the heading gives way to it."""
        self._top_taken = top_taken
        self.title.setVisible(not top_taken)
        self._place_head()

    @property
    def locked(self) -> bool:
        """Whether no try is taken now."""
        return self._clock() < self._locked_until_s

    @property
    def may_hold(self) -> bool:
        """Whether the sitter may come in without a PIN, by holding the key: locked out, or no PIN can be checked."""
        return self.locked or self._unusable

    def texts(self) -> dict[str, str]:
        """Object name to the words shown now."""
        return {"pinTitle": self.title.text(), "pinMessage": self.said.text()}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, name = event.key(), keys.name_of(event)
        if event.isAutoRepeat():
            event.accept()
        elif name.isdigit():
            self._digit(name)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._undo()
        elif key in keys.ENTER_KEYS:
            self._submit(DIGITS_LEAST)
        elif key == Qt.Key.Key_Escape:
            self._leave()
        elif key == Qt.Key.Key_F2 and self.may_hold:
            self.hold.begin(told=False)
        elif keys.calls_sitter(key):
            self.called.emit("key")
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and not event.isAutoRepeat():
            self.hold.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Beside the keypad and the keys: a call, also for fingers (Qt gives them as a mouse here)."""
        finger = event.pointingDevice().pointerType().name == "Finger"
        self.called.emit("touch" if finger else "click")

    def resizeEvent(self, event: QResizeEvent) -> None:
        u = theme.unit(self.width(), self.height())
        self.u = u
        rescale(self, u)
        self._pad_layout.setSpacing(self.px(12))
        wide, down = self.width() - 2 * self.px(theme.MARGIN), (self.height() - self.px(theme.BASE_HEIGHT)) // 2
        middle = self.width() // 2
        self._strip.setGeometry(self.px(theme.MARGIN), self.px(12), wide, self.px(32))
        self._place_head()
        self._dot_row.setGeometry(middle - self.px(300), down + self.px(190), self.px(600), self.px(32))
        self._hold_row.setGeometry(middle - self.px(300), down + self.px(178), self.px(600), self.px(58))
        self._pad.setGeometry(middle - self.px(198), down + self.px(244), self.px(396), self.px(372))
        bar = QRect(self.px(theme.MARGIN), self.height() - self.px(78), wide, self.px(56))
        self._bar.setGeometry(bar)

    def _place_head(self) -> None:
        down = (self.height() - self.px(theme.BASE_HEIGHT)) // 2
        top, height = (146, 34) if self._top_taken else (84, 96)
        self._head.setGeometry(self.width() // 2 - self.px(300), down + self.px(top), self.px(600), self.px(height))

    def showEvent(self, event: QShowEvent) -> None:
        self._clear()
        self._lock_or_not()
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ticker.stop()
        self.hold.stop()
        self._clear()

    def _child(self, part: QWidget) -> QWidget:
        part.setParent(self)
        return part

    def _keypad(self) -> QWidget:
        pad = QWidget()
        self._pad_layout = QGridLayout(pad)
        self._pad_layout.setContentsMargins(0, 0, 0, 0)
        self.enter = Button("", "", "check", "plain", 32, 84)
        self.delete = Button("", "", "delete", "plain", 27, 84)
        self.delete.setAccessibleName(room.pin_delete())
        self.digit_keys = {d: Button(d, "", "", "plain", 32, 84) for d in "1234567890"}
        order = (*(self.digit_keys[d] for d in "123456789"), self.enter, self.digit_keys["0"], self.delete)
        for i, key in enumerate(order):
            policy = key.sizePolicy()
            policy.setHorizontalPolicy(policy.Policy.Expanding)
            policy.setRetainSizeWhenHidden(True)
            key.setSizePolicy(policy)
            self._pad_layout.addWidget(key, i // 3, i % 3)
        for column in range(3):
            self._pad_layout.setColumnStretch(column, 1)
        self.enter.setAccessibleName("Enter")
        return pad

    def _wire(self) -> None:
        for digit, key in self.digit_keys.items():
            key.clicked.connect(lambda _checked=False, digit=digit: self._digit(digit))
        self.delete.clicked.connect(self._undo)
        self.enter.clicked.connect(lambda: self._submit(DIGITS_LEAST))
        self.back.clicked.connect(self._leave)
        self.call_key.clicked.connect(lambda: self.called.emit("click"))
        self.card.clicked.connect(self.card_wanted)
        self.hold.held.connect(self.held)
        self._ticker = QTimer(self)
        self._ticker.setInterval(250)
        self._ticker.timeout.connect(self._lock_or_not)
        self._clear()
        self._lock_or_not()

    def _digit(self, digit: str) -> None:
        if self.locked or self._waiting or len(self._digits) >= DIGITS_MOST:
            return
        if not self._digits:
            self._say("")
        self._digits += digit
        self._show_digits()
        if self._length and len(self._digits) == self._length:
            self._submit(1)

    def _undo(self) -> None:
        self._digits = self._digits[:-1]
        self._show_digits()

    def _submit(self, least: int) -> None:
        if self.locked or self._waiting or len(self._digits) < least:
            return
        pin, self._waiting, self._asked_at_s = self._digits, True, self._clock()
        self._say(room.pin_checking())
        self._digits = ""
        self.typed.emit(pin)

    def _leave(self) -> None:
        self._clear()
        self.left.emit()

    def _clear(self) -> None:
        self._digits = ""
        self._show_digits()

    def _show_digits(self) -> None:
        self.dots.show_typed(len(self._digits), self._length or DOTS_UNKNOWN)
        self.enter.setVisible(not self._length and len(self._digits) >= DIGITS_LEAST)

    def _say(self, words: str, ink: str = "ink2") -> None:
        self.said.style_as(ink)
        self.said.say(words or room.pin_owner(self._sitter_label))

    def _lock_or_not(self) -> None:
        if self._waiting and self._clock() - self._asked_at_s > ANSWER_WITHIN_S:
            self._waiting = False  # no answer: let the sitter try again
            self._say("")
        locked = self.locked
        if locked:
            self._say(room.pin_locked(self._locked_until_s - self._clock()), "ink0")
        elif not self._pad.isEnabled():
            self._say("")
        self._pad.setEnabled(not locked)
        self._dot_row.setVisible(not self.may_hold)
        self._hold_row.setVisible(self.may_hold)
