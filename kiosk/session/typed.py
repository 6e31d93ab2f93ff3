"""Values read off a device and typed by the sitter: what cannot be is refused, what hardly can is asked back once.

Pure. It never repairs, rounds or completes a number: what was not typed stays unknown.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from devices.reading import Measurement, Oximetry, Pressure, Quality, Stamp, Value
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.verdict import Ask, Decision, Refused, Typed, Why, instant


class Band(msgspec.Struct, frozen=True):
    """possible: outside it is refused. plausible: outside it is asked back. Both ends included."""

    possible_low: Decimal
    plausible_low: Decimal
    plausible_high: Decimal
    possible_high: Decimal


def _band(*ends: int) -> Band:
    return Band(*(Decimal(end) for end in ends))


BANDS = {  # possible as for devices (`devices.drivers.judge`); plausible: what a lying adult may show
    "systolic": _band(40, 80, 200, 300),
    "diastolic": _band(20, 40, 120, 200),
    "spo2": _band(1, 70, 100, 100),
    "pulse": _band(1, 35, 180, 300),
}


def pressure(command: c.TypePressure, now: Stamp) -> Decision:
    """A blood pressure as typed; its mean is never computed."""
    typed = {"systolic": command.systolic, "diastolic": command.diastolic, "pulse": command.pulse}
    doubt = _doubt(typed, command.confirmed)
    if doubt is not None:
        return doubt
    if command.diastolic >= command.systolic:
        return Refused(Why.IMPOSSIBLE, "diastolic")
    pulse = None if command.pulse is None else Value(command.pulse)
    mean = Value(None, Quality.INVALID, ("not typed",))
    pressure = Pressure(Value(command.systolic), Value(command.diastolic), mean, pulse)
    return _typed(pressure, command, now)


def oximetry(command: c.TypeOximetry, now: Stamp) -> Decision:
    """SpO2, pulse or both as typed."""
    if command.spo2 is None and command.pulse is None:
        return Refused(Why.EMPTY, "spo2")
    doubt = _doubt({"spo2": command.spo2, "pulse": command.pulse}, command.confirmed)
    return doubt if doubt is not None else _typed(Oximetry(_value(command.spo2), _value(command.pulse)), command, now)


def _value(number: Decimal | None) -> Value:
    return Value(None, Quality.INVALID, ("not typed",)) if number is None else Value(number)


def _typed(measurement: Measurement, command: c.TypePressure | c.TypeOximetry, now: Stamp) -> Decision:
    when = instant(command.utc_ns, now)
    if isinstance(when, Refused):
        return when
    withdrawn = () if command.corrects is None else (e.ValueWithdrawn(command.corrects),)
    return Typed(measurement, when, withdrawn, command.corrects)


def _doubt(typed: dict[str, Decimal | None], confirmed: bool) -> Refused | Ask | None:
    """Refuses what cannot be, asks back what hardly can; the first such field."""
    given = {name: number for name, number in typed.items() if number is not None}
    for name, number in given.items():
        band = BANDS[name]
        if not number.is_finite() or not band.possible_low <= number <= band.possible_high:
            return Refused(Why.IMPOSSIBLE, name)
    for name, number in given.items():
        band = BANDS[name]
        if not confirmed and not band.plausible_low <= number <= band.plausible_high:
            return Ask(name, number, band.plausible_low, band.plausible_high)
    return None
