"""Choosing by looking: the device is connected, its number stands at the terminal, a person compares it with its own.

Runs in `kiosk devices add`. Nothing of it is recorded. A number is shown exactly as the device vouches for it; where it
has none, the reason stands there and nobody is asked.
"""

from __future__ import annotations

import asyncio
import sys
import time

import msgspec

from devices.adapter import AdapterError, AdapterFault
from devices.links import Chosen, Links
from devices.pairing import ANSWER_WITHIN_S, Answer, AnyQuestion, PairingError
from devices.reading import (
    AdapterChanged,
    CuffPressure,
    DeviceRecognised,
    HeartRate,
    Measurement,
    Oximetry,
    Paired,
    PairingFailed,
    Pressure,
    Quality,
    Reading,
    Report,
    Stamp,
    Value,
)
from kiosk.command.asking import Terminal
from kiosk.settings import ChosenDevice
from kiosk.text import number
from kiosk.text.pairing import filled

LOOK_WITHIN_S = 120.0
PREPARE = {
    "oximeter": "Put the oximeter on your own finger.",
    "cuff": "Put the cuff on and start a measurement on it now.",
    "strap": "Put the strap on.",
}


class Looked(msgspec.Struct, frozen=True):
    """What came of it. same: the person's answer; serial, bonded: what the device is known by."""

    same: bool
    serial: str = ""
    bonded: bool = False


async def look(spec: str, chosen: ChosenDevice, within_s: float = LOOK_WITHIN_S) -> Looked:
    """Connect, show what it measures, and ask. spec as in `Adapter.open`; within_s: until the first number.

    Raises TimeoutError where no number came, PairingError, AdapterError.
    """
    terminal = Terminal(f"the {chosen.role}")
    looking = Looking(chosen.role)
    async with asyncio.timeout(within_s) as limit:

        async def asked(_device: str, question: AnyQuestion) -> Answer:
            limit.reschedule(asyncio.get_running_loop().time() + ANSWER_WITHIN_S + within_s)
            return await terminal.ask(question)

        device = Chosen(chosen.address, chosen.driver, chosen.role, chosen.name)
        links = Links(spec, [device], False, _now, looking.hear, ask=asked)
        _say(PREPARE[chosen.role] + "\n")
        work = asyncio.ensure_future(links.run())
        try:
            await looking.came
            limit.reschedule(None)
            same = (await terminal.line()).lower() in ("y", "yes")
        finally:
            work.cancel()
            await asyncio.wait({work})
    return Looked(same, looking.serial, looking.is_bonded)


class Looking:
    """What is known of the device so far. came: resolved by its first number, or failed by what stands against it."""

    def __init__(self, role: str) -> None:
        self.serial, self.is_bonded = "", False
        self.came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._role, self._shown = role, ""

    def hear(self, report: Report) -> None:
        """Everything that the link tells."""
        match report:
            case DeviceRecognised(serial=serial, is_bonded=is_bonded):
                self.serial, self.is_bonded = serial, self.is_bonded or is_bonded
            case Paired():
                self.is_bonded = True
            case PairingFailed(fault=fault, detail=detail):
                self._fail(PairingError(fault, detail))
            case AdapterChanged(state=state, detail=detail) if state != "on":
                self._fail(AdapterError(AdapterFault(state), detail))
            case Reading(measurement=measurement):
                self._show(*shown(measurement))
            case _:
                pass

    def _fail(self, error: Exception) -> None:
        if not self.came.done():
            self.came.set_exception(error)

    def _show(self, words: str, can_be_compared: bool) -> None:
        """Over the line before, with the question as soon as there is a number."""
        if not self.came.done() and can_be_compared:
            self.came.set_result(None)
        if not words or words == self._shown:
            return
        self._shown = words
        question = filled("  The same on {device}'s own display? [y/N] ", f"the {self._role}")
        _say(f"\r\x1b[K{words}" + (question if self.came.done() else ""))


def shown(measurement: Measurement) -> tuple[str, bool]:
    """A measurement in one line, and whether it is one that a device shows itself."""
    match measurement:
        case Oximetry(spo2=spo2, pulse=pulse):
            return f"SpO2 {_number(spo2)} %, pulse {_number(pulse)}{_why(spo2)}", spo2.number is not None
        case Pressure(systolic=systolic, diastolic=diastolic):
            words = f"{_number(systolic)}/{_number(diastolic)} mmHg{_why(systolic)}"
            return words, systolic.number is not None
        case CuffPressure(pressure=pressure):
            return f"The cuff is at {_number(pressure)} mmHg", False
        case HeartRate(pulse=pulse):
            return f"Pulse {_number(pulse)}{_why(pulse)}", pulse.number is not None


def _number(value: Value) -> str:
    return number(value.number) or "--"


def _why(value: Value) -> str:
    """Why a number is none, or not of now."""
    return f" ({value.reasons[0]})" if value.quality is not Quality.VALID and value.reasons else ""


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _now() -> Stamp:
    return Stamp(time.time_ns(), time.monotonic_ns())
