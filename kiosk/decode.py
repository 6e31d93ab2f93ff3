"""What a driver makes of raw bytes, as rows for `kiosk decode`: for support, and for tests by hand.

Pure; runs in the command's own process. Never opens a radio.
"""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import Any

import msgspec

from devices.catalog import DRIVERS, Driver
from devices.drivers import DecodeError, plx
from devices.drivers.payload import long_uuid, short_uuid
from devices.reading import QUALITY_ORDER, CuffPressure, HeartRate, Measurement, Oximetry, Pressure, Value
from kiosk.failure import Reason, Refusal


class DecodeRefused(Refusal):
    """The question itself was wrong: no such driver, or not hexadecimal digits."""


def decode_payloads(driver_id: str, hexes: list[str], characteristic: str | None = None) -> list[dict[str, Any]]:
    """One row a payload: the measurement's numbers, quality and reasons, or "error" and "detail".

    hexes: hex digits, blanks allowed; "2A5E:0061..." names the characteristic of that one. characteristic: for all
    the others; None takes the driver's usual one. Raises DecodeRefused for an unknown driver or bad digits.
    """
    driver = _driver(driver_id)
    return [_row(driver, *_parsed(text, characteristic or driver.main)) for text in hexes]


def _driver(driver_id: str) -> Driver:
    driver = DRIVERS.get(driver_id.lower())
    if driver is None:
        close = difflib.get_close_matches(driver_id.lower(), DRIVERS, n=1, cutoff=0.3)
        hint = f"did you mean {close[0]!r}?" if close else f"known drivers: {', '.join(DRIVERS)}"
        raise DecodeRefused(Reason.NOT_FOUND, f"There is no driver {driver_id!r}; {hint}")
    return driver


def _parsed(text: str, characteristic: str) -> tuple[str, bytes]:
    named, _, digits = text.rpartition(":")
    try:
        return short_uuid(named or characteristic), bytes.fromhex(digits.removeprefix("0x"))
    except ValueError as error:
        raise DecodeRefused(
            Reason.NOT_FOUND, f"{text!r} is not a row of hexadecimal bytes; write it like 0061004800"
        ) from error


def _row(driver: Driver, characteristic: str, data: bytes) -> dict[str, Any]:
    head = {"driver": driver.id, "characteristic": long_uuid(characteristic), "hex": data.hex()}
    try:
        decoded = driver.decode(characteristic, data)
    except DecodeError as error:
        return {**head, "error": str(error.fault), "detail": error.detail}
    if isinstance(decoded, Oximetry | Pressure | CuffPressure | HeartRate):
        return {**head, **measured(decoded), **_averages(characteristic, data)}
    facts = {key: value for key, value in msgspec.structs.asdict(decoded).items() if value not in ("", None)}
    return {**head, "kind": type(decoded).__name__.lower(), **facts}


def measured(measurement: Measurement) -> dict[str, Any]:
    """Numbers by field name, then the reading's quality (its worst value's), its reasons, and each value's own."""
    fields = msgspec.structs.asdict(measurement)
    values = {name: value for name, value in fields.items() if isinstance(value, Value)}
    main = max(_first_values(measurement), key=lambda value: QUALITY_ORDER.index(value.quality))
    others = {name: value for name, value in fields.items() if name not in values and value is not None}
    return {
        "kind": msgspec.to_builtins(measurement)["type"],
        **{name: _number(value.number) for name, value in values.items()},
        **others,
        "quality": str(main.quality),
        "reasons": list(main.reasons),
        "values": {name: {"quality": str(v.quality), "reasons": list(v.reasons)} for name, v in values.items()},
    }


def _first_values(measurement: Measurement) -> tuple[Value, ...]:
    """Those that decide about the whole reading; a cuff without a mean is a good reading all the same."""
    if isinstance(measurement, Oximetry):
        return (measurement.spo2, measurement.pulse)
    if isinstance(measurement, Pressure):
        return (measurement.systolic, measurement.diastolic)
    return (measurement.pulse,) if isinstance(measurement, HeartRate) else (measurement.pressure,)


def _averages(characteristic: str, data: bytes) -> dict[str, Any]:
    if characteristic != plx.CONTINUOUS:
        return {}
    names = ("spo2_fast", "pulse_fast", "spo2_slow", "pulse_slow")
    pairs = zip(names, plx.decode_averages(data), strict=True)
    return {name: _number(value) for name, value in pairs if isinstance(value, Decimal)}


def _number(number: Decimal | None) -> int | float | None:
    """JSON has no decimals: whole numbers as such, others as the shortest text that reads back the same."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
