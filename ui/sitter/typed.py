"""Values read off a device by hand: blood pressure, or SpO2 and pulse, with the time they were taken.

What is implausible is asked back by the monitor (`Answer.state == "ask"`), never corrected here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator

from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import TypeOximetry, TypePressure
from kiosk.text.catalogue import _
from ui.kit import Row, Text
from ui.kit_button import Button
from ui.sitter.drawer import Drawer, Field

NUMBER, CLOCK = "[0-9]{0,3}", "[0-2]?[0-9]?(:[0-5]?[0-9]?)?"
FUTURE_ALLOWED_S = 60  # a minute typed as it turns; anything later was yesterday


def clock_to_utc_ns(clock: str, now_utc_ms: int, offset_min: int) -> int | None:
    """The latest instant not after now whose local time reads `clock` ("21:43"); None when it is no time of day."""
    hour, _colon, minute = clock.partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and len(minute) == 2):
        return None
    shift = timedelta(minutes=offset_min)
    local_now = datetime.fromtimestamp(now_utc_ms / 1000, UTC) + shift
    at = local_now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if (at - local_now).total_seconds() > FUTURE_ALLOWED_S:
        at -= timedelta(days=1)
    return int((at - shift).timestamp()) * 1_000_000_000


def _number_field(width: float, said: str, name: str, pattern: str = NUMBER) -> Field:
    field = Field(width, name=name, said=said)
    field.setValidator(QRegularExpressionValidator(QRegularExpression(pattern)))
    return field


class Typed(Drawer):
    """Two lines of fields; Tab goes through them. The time stands ready and can be corrected."""

    def __init__(self) -> None:
        super().__init__("typedDrawer", _("Type in what the device shows"))
        self.systolic = _number_field(104, _("Systolic, mmHg"), "typedSystolic")
        self.diastolic = _number_field(104, _("Diastolic, mmHg"), "typedDiastolic")
        self.pressure_pulse = _number_field(104, _("Pulse at the cuff, per minute"), "typedPressurePulse")
        self.spo2 = _number_field(104, _("SpO2, percent"), "typedSpo2")
        self.pulse = _number_field(104, _("Pulse, per minute"), "typedPulse")
        self.clock = _number_field(104, _("Time, hours:minutes"), "typedClock", CLOCK)
        self.add(self._pressure_line(), self._oximetry_line())
        self.save = Button(_("Save"), "Enter", "check", "primary", 21, weight=600, name="saveTyped")
        self.save.clicked.connect(self._send)
        self.add("stretch", Row(self.save, self.back, "stretch", gap=12))
        self._asked: TypePressure | TypeOximetry | None = None
        self._question = False
        self._ready_clock, self._now_ms, self._offset_min = "", 0, 0
        for field in self.findChildren(Field):
            field.textEdited.connect(self._changed)

    def _pressure_line(self) -> Row:
        return Row(
            Text(_("Blood pressure"), 18, 500, "ink1"), "stretch",
            self.systolic, Text("/", 22, 500, "ink2"), self.diastolic, Text("mmHg", 17, 400, "ink3"), 8.0,
            Text(_("pulse"), 17, 400, "ink3"), self.pressure_pulse, gap=8,
        )  # fmt: skip

    def _oximetry_line(self) -> Row:
        return Row(
            Text(_("or oximeter"), 18, 500, "ink1"), "stretch",
            Text("SpO2", 17, 400, "ink3"), self.spo2, Text("%", 17, 400, "ink3"), 8.0,
            Text(_("pulse"), 17, 400, "ink3"), self.pulse, 16.0,
            Text(_("at"), 17, 400, "ink3"), self.clock, gap=8,
        )  # fmt: skip

    def begin(self, begin: Begin) -> None:
        """The local zone's offset, for the typed time of day."""
        self._offset_min = begin.offset_min

    def show_view(self, view: View) -> None:
        """Now, for the time of day that stands ready."""
        self._now_ms = view.at_utc_ms
        if self.clock.text() == self._ready_clock:
            self._ready_clock = view.clock
            self.clock.setText(view.clock)

    def leave(self) -> None:
        self._clear()
        self.closed.emit()

    def half_typed(self) -> bool:
        """Whether numbers would be lost."""
        return any(f.text() for f in self._numbers())

    def answer(self, answer: Answer) -> None:
        if self._asked is None:
            return
        if answer.state == "ask":
            self._question = True
            self.message.say(answer.sentence)
            self.save.relabel(_("Yes, it is right"))
        elif answer.state in ("refused", "failed"):
            self.message.say(answer.sentence or _("NOT SAVED"))
        else:
            self._clear()
            self.closed.emit()

    def _numbers(self) -> tuple[Field, ...]:
        return self.systolic, self.diastolic, self.pressure_pulse, self.spo2, self.pulse

    def _clear(self) -> None:
        for field in self._numbers():
            field.clear()
        self.clock.setText(self._ready_clock)
        self._changed("")

    def _changed(self, _words: str) -> None:
        self._asked, self._question = None, False
        self.message.say("")
        self.save.relabel(_("Save"))

    def _taken_at(self) -> tuple[bool, int | None]:
        """Whether the time is a time of day, and the instant; None for now."""
        if self.clock.text() == self._ready_clock:
            return True, None
        at = clock_to_utc_ns(self.clock.text(), self._now_ms, self._offset_min)
        return at is not None, at

    def _send(self) -> None:
        if self._question and self._asked is not None:
            self._asked = msgspec.structs.replace(self._asked, confirmed=True)
            self.asked.emit(self._asked)
            return
        good, at_ns = self._taken_at()
        command = self._command(at_ns)
        if not good:
            self.message.say(_("Type the time as hours:minutes."))
        elif command is None:
            self.message.say(_("Type both pressures, or SpO2 or pulse."))
        else:
            self._asked = command
            self.asked.emit(command)

    def _command(self, at_ns: int | None) -> TypePressure | TypeOximetry | None:
        value = {f: Decimal(f.text()) if f.text() else None for f in self._numbers()}
        systolic, diastolic = value[self.systolic], value[self.diastolic]
        if systolic is not None and diastolic is not None:
            return TypePressure(systolic, diastolic, value[self.pressure_pulse], at_ns)
        if systolic is None and diastolic is None and (value[self.spo2] or value[self.pulse]):
            return TypeOximetry(value[self.spo2], value[self.pulse], at_ns)
        return None
