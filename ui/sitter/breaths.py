"""Looking at the person: the breath counter and the response check.

The counter says how many taps came in how many seconds. It computes no rate and judges nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer

from kiosk.line.screen import Begin
from kiosk.session.commands import RecordBreaths, RecordResponse
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Row, Text
from ui.kit_alarm import Countdown
from ui.kit_button import Button
from ui.sitter.drawer import Drawer

COUNT_FOR_S = 30.0
RESPONSES = (
    ("normal voice", _("To normal voice"), ""),
    ("loud voice", _("To loud voice"), ""),
    ("touch", _("To touch"), ""),
    ("not at all", _("Not at all: call"), "phone"),
)


class Breaths(Drawer):
    """Space, or a touch, for every breath during 30 s from the moment it is opened; then it is saved by a person."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__("breathDrawer", _("Breath counter"))
        self.answers = Row(gap=12)
        self._now = now
        self._count, self._from_s, self._over_s = 0, 0.0, 0.0
        self.say = Text("", 46, 600, "ink0", shrink=True)
        self.ring, self.left = Countdown(46), Text("", 26, 600, "ink1")
        words = Row(gap=18)
        words.grow(Column("stretch", self.say, "stretch", gap=0))
        words.add(Column("stretch", Row(self.ring, self.left, gap=10), "stretch", gap=0))
        self.tap = Button(
            _("Breath"), "Space", "wind", "primary", 21, theme.BUTTON_ACT, 600, fill_width=True, name="breath"
        )
        self.tap.clicked.connect(self._breath)
        self.save = Button(_("Save"), "Enter", "check", "primary", 21, theme.BUTTON_ACT, 600, name="saveBreaths")
        self.save.clicked.connect(self._save)
        self.again = Button(_("Again"), "K", "refresh-cw", "raised", 20, theme.BUTTON_ACT)
        self.again.clicked.connect(self.opened)
        self.none = Button(_("Not breathing: call"), "4", "phone", "outline", 20, theme.BUTTON_ACT)
        self.none.clicked.connect(lambda: self.opens.emit("card"))
        self.answers.add(self.tap, self.save, self.again, self.none, self.back)
        self.grow(words)
        self.add(self.answers)
        self._tick = QTimer(self)
        self._tick.setInterval(200)
        self._tick.timeout.connect(self.count_on)

    def opened(self) -> None:
        super().opened()
        self._count, self._from_s, self._over_s = 0, self._now(), 0.0
        self._tick.start()
        self.count_on()

    def leave(self) -> None:
        self._tick.stop()
        self.closed.emit()

    def running(self) -> bool:
        """Whether the 30 s are not over."""
        return self._over_s == 0.0

    def count_on(self) -> None:
        """Show the seconds left; at the end, what was counted."""
        spent = self._now() - self._from_s
        if spent >= COUNT_FOR_S and self.running():
            self._over_s = COUNT_FOR_S
            self._tick.stop()
        left = max(0.0, COUNT_FOR_S - spent)
        self.ring.leave(left / COUNT_FOR_S)
        self.left.say(f"0:{int(left + 0.5):02d}")
        self.tap.setVisible(self.running())
        self.save.setVisible(not self.running())
        self.again.setVisible(not self.running())
        if self.running():
            self.say.say(_("Tap once for every breath."))
            self.message.say(_("{count} so far").format(count=self._count) if self._count else "")
        else:
            self.message.say("")
            self.say.say(_("{count} breaths in {s} s").format(count=self._count, s=int(COUNT_FOR_S)))

    def take_key(self, key: str) -> bool:
        """Space is a breath wherever the focus is; it is not counted any more when the time is over."""
        if key != "Space":
            return False
        if self.running():
            self._breath()
        return True

    def _breath(self) -> None:
        self._count += 1
        self.count_on()

    def _save(self) -> None:
        self.asked.emit(RecordBreaths(self._count, self._over_s))
        self.closed.emit()


class Response(Drawer):
    """Four answers; "Not at all" also opens the emergency card."""

    def __init__(self) -> None:
        super().__init__("responseDrawer", _("Response check"))
        self.answers = Row(gap=12)
        self.say = Text("", 46, 600, "ink0", shrink=True)
        self.detail = Text(
            _("First in a normal voice, then loudly, then touch the shoulder."), 22, 400, "ink1", shrink=True
        )
        for number, (answer, words, icon) in enumerate(RESPONSES, 1):
            kind = "outline" if icon else "raised"
            button = Button(words, str(number), icon, kind, 19, theme.BUTTON_ACT, 600, padding=8, fill_width=True)
            button.clicked.connect(lambda _checked=False, a=answer: self._answer(a))
            self.answers.add(button)
        self.head.add(self.back)
        self.add("stretch", self.say, self.detail, "stretch", self.answers)

    def begin(self, begin: Begin) -> None:
        """Whose name to say."""
        self.say.say(_("Say “{name}!” What happens?").format(name=begin.patient))

    def _answer(self, answer: str) -> None:
        self.asked.emit(RecordResponse(answer))  # type: ignore[arg-type]
        self.closed.emit()
        if answer == "not at all":
            self.opens.emit("card")
