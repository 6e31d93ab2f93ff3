"""Acts that need words: skipping a blood pressure, handing over, another time for what was done. Nothing is filled in.

Owned by the screen process. An earlier entry is never changed: its correction is a new one, with a reason.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.line.pane import EventLine
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import Correct, HandOver, SkipPressure, TestSound, UnlockRecord
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Row, Text
from ui.kit_button import Button
from ui.sitter.drawer import Drawer, Field
from ui.sitter.prepare_fields import ClockField, ClockSteps, NameField
from ui.sitter.typed import clock_to_utc_ns

CONFIRMED = (  # word of the record, words on the button, key
    ("present", _("Here to the end"), "F5"),
    ("sober", _("Sober"), "F6"),
    ("briefed", _("Briefed"), "F7"),
    ("sound", _("Heard the alarm sound"), "F8"),
)


class Form(Drawer):
    """A drawer that sends one command and closes when it was taken; else it says why not."""

    def __init__(self, name: str, title: str, words: str, button: str) -> None:
        super().__init__(name, title)
        self.send = Button(words, "Enter", "check", "primary", 21, theme.BUTTON_ACT, 600, name=button)
        self.send.clicked.connect(self._send)
        self._sent: object = None

    def answer(self, answer: Answer) -> None:
        if self._sent is None:
            return
        if answer.state in ("refused", "failed", "ask"):
            self.message.say(answer.sentence or _("NOT SAVED"))
            self._sent = None
        else:
            self._sent = None
            self.empty()
            self.closed.emit()

    def opened(self) -> None:
        super().opened()
        self._sent = None

    def leave(self) -> None:
        self.empty()
        self.closed.emit()

    def empty(self) -> None:
        """Forget what was typed."""
        for field in self.findChildren(Field):
            field.clear()

    def half_typed(self) -> bool:
        """Whether words would be lost."""
        return any(field.text().strip() for field in self.findChildren(Field))

    def command(self) -> object:
        """What Enter sends; None while something is missing, which `message` then says."""
        raise NotImplementedError

    def _send(self) -> None:
        command = self.command()
        if command is not None:
            self._sent = command
            self.asked.emit(command)


class SkipForm(Form):
    """Why the blood pressure that is due is left out."""

    def __init__(self) -> None:
        super().__init__("skipDrawer", _("Skip this blood pressure"), _("Skip it"), "skipIt")
        self.reason = Field(hint=_("Reason, in your words"), name="skipReason", said=_("Reason"))
        say = Text(_("Why is it left out?"), 32, 600, "ink0", shrink=True)
        note = Text(_("It stays on the chart as missed, with this reason."), 18, 400, "ink2", shrink=True)
        self.add("stretch", say, note, self.reason, "stretch", Row(self.send, self.back, "stretch", gap=12))

    def command(self) -> SkipPressure | None:
        reason = self.reason.text().strip()
        if not reason:
            self.message.say(_("Write the reason first."))
            return None
        return SkipPressure(reason)


class UnlockForm(Form):
    """The passphrase or recovery code of the record. What was typed is shown as dots and gone when it was sent."""

    def __init__(self) -> None:
        super().__init__("unlockDrawer", _("Unlock the record"), _("Unlock"), "unlockRecord")
        self.secret = Field(hint=_("Passphrase or recovery code"), name="recordSecret", said=_("Passphrase"))
        self.secret.setEchoMode(Field.EchoMode.Password)
        self.secret.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        say = Text(_("What opens the record?"), 32, 600, "ink0", shrink=True)
        note = Text(_("All is watched meanwhile. What waits is written then."), 18, 400, "ink2", shrink=True)
        self.add("stretch", say, note, self.secret, "stretch", Row(self.send, self.back, "stretch", gap=12))

    def command(self) -> UnlockRecord | None:
        secret = self.secret.text().strip()
        if not secret:
            self.message.say(_("Type it first."))
            return None
        self.secret.clear()
        self.message.say(_("A moment …"))
        return UnlockRecord(secret)


class HandOverForm(Form):
    """The new sitter's name, and what they say themselves: here, sober, briefed, heard the sound."""

    def __init__(self) -> None:
        super().__init__("handOverDrawer", _("Hand over to another sitter"), _("Hand over"), "handOver")
        self.name = NameField("handOverName", _("Name of the new sitter"), 330)
        self.name.setPlaceholderText(_("Who takes over?"))
        self.confirmed: set[str] = set()
        self._heard = False
        self.buttons: dict[str, Button] = {}
        line = Row(gap=10)
        for word, words, key in CONFIRMED:
            button = Button(words, key, "square", "raised", 17, theme.BUTTON, padding=8, fill_width=True)
            button.setObjectName(f"confirm_{word}")
            button.clicked.connect(lambda _checked=False, w=word: self._toggle(w))
            self.buttons[word] = button
            line.add(button)
        self.play = Button(_("Play the tone"), "F4", "volume-2", "raised", 18, name="handOverTone")
        self.play.clicked.connect(lambda: self.asked.emit(TestSound("high")))
        self.note = Text("", 17, 400, "ink2", shrink=True, name="handOverNote")
        heard = Row(self.play, gap=14)
        heard.grow(self.note)
        who = Row(self.name, gap=14).turning()
        who.grow(heard)
        self.unheard = Button(_("Not heard"), "F10", "bell-off", "raised", 18, padding=10, name="handOverUnheard")
        self.unheard.clicked.connect(self._take_on)
        self.reason = Field(hint=_("Reason, ten characters or more"), name="handOverReason", said=_("Reason"))
        self.reason.hide()
        foot = Row(self.send, self.back, self.unheard, gap=12)
        foot.grow(Column(self.reason))
        self.add("stretch", who, line, "stretch", foot)
        self._show()

    def show_view(self, view: View) -> None:
        """What came of the tone that the new sitter must hear."""
        told = view.hand_over
        self._heard = told is not None and told.heard
        if not self._heard:
            self.confirmed.discard("sound")
        self.note.say(told.words if told and told.words else _("They say each one themselves."))
        self._show()

    def empty(self) -> None:
        super().empty()
        self.confirmed.clear()
        self.reason.hide()
        self._show()

    def half_typed(self) -> bool:
        return super().half_typed() or bool(self.confirmed)

    def command(self) -> HandOver | None:
        if not self.name.value():
            self.message.say(_("Write the name first."))
            return None
        confirmed = tuple(word for word, _words, _key in CONFIRMED if word in self.confirmed)
        return HandOver(self.name.value(), confirmed, "" if "sound" in confirmed else self.reason.text().strip())

    def _toggle(self, word: str) -> None:
        self.confirmed ^= {word}
        if word == "sound" and word in self.confirmed:
            self.reason.hide()
        self._show()

    def _take_on(self) -> None:
        """No tone was heard: the new sitter says why they go on all the same."""
        self.confirmed.discard("sound")
        self.reason.show()
        self.reason.setFocus()
        self._show()

    def _show(self) -> None:
        for word, words, _key in CONFIRMED:
            on, button = word in self.confirmed, self.buttons[word]
            button.relabel(words, icon="check" if on else "square", kind="outline" if on else "raised")
            button.setAccessibleName(f"{words}: {_('yes') if on else _('not yet')}")
        self.buttons["sound"].setEnabled(self._heard)
        self.unheard.setVisible("sound" not in self.confirmed and self.reason.isHidden())


class CorrectForm(Form):
    """Another time for one entry, with the reason; the entry itself stays as it was written."""

    def __init__(self) -> None:
        super().__init__("correctDrawer", "", _("Correct it"), "correctIt")
        self.title.setObjectName("correctWhat")
        self.clock = ClockField("correctClock", _("Right time"), 40, 56)
        self.steps = ClockSteps((-10, -1, 1, 10))
        self.steps.stepped.connect(self._step)
        self.reason = Field(hint=_("Reason, in your words"), name="correctReason", said=_("Reason"))
        line = Row(Text(_("Right time"), 20, 600, "ink1"), Fixed(self.clock, 130), gap=14)
        line.grow(self.steps)
        self.add("stretch", line, self.reason, "stretch", Row(self.send, self.back, "stretch", gap=12))
        self._seq, self._now_ms, self._offset_min, self._at = 0, 0, 0, ""

    def _step(self, by_min: int) -> None:
        self.clock.step(by_min, self._at)

    def begin(self, begin: Begin) -> None:
        """The local zone's offset, for the typed time of day."""
        self._offset_min = begin.offset_min

    def show_view(self, view: View) -> None:
        """Now, to place the time of day."""
        self._now_ms = view.at_utc_ms

    def correct(self, event: EventLine) -> None:
        """Which entry is meant."""
        if event.seq != self._seq:
            self.empty()
        self._seq, self._at = event.seq, event.at
        self.title.say(_("Another time for: {at}  {event}").format(at=event.at, event=event.text))

    def command(self) -> Correct | None:
        at_ns = clock_to_utc_ns(self.clock.value(), self._now_ms, self._offset_min)
        if at_ns is None:
            self.message.say(_("Type the time as hours:minutes."))
        elif not self.reason.text().strip():
            self.message.say(_("Write the reason first."))
        else:
            return Correct(self._seq, at_ns, self.reason.text().strip())
        return None
