"""What a simulated peripheral puts on the air: values to bytes, after the Bluetooth SIG's tables.

Pure. Owned by the air's process. Must never import `devices.drivers`: the decoder is written by another hand from
the same tables, so that one misreading cannot agree with itself.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

NAN, NRES, PLUS_INFINITY, MINUS_INFINITY, RESERVED = 0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801
SPECIALS = frozenset({NAN, NRES, PLUS_INFINITY, MINUS_INFINITY, RESERVED})


class CannotEncode(ValueError):  # noqa: N818 - reads as what it says
    """The value has no representation in 16 bits."""

    def __init__(self, value: Decimal) -> None:
        super().__init__(f"{value} does not fit an SFLOAT")
        self.value = value


class DeviceTime(NamedTuple):
    """A device's own clock, without zone. Zero in year, month or day means "unknown" on the wire."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @classmethod
    def of(cls, moment: datetime) -> DeviceTime:
        return cls(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)

    def to_bytes(self) -> bytes:
        return struct.pack("<HBBBBB", *self)


def sfloat(value: Decimal | None) -> bytes:
    """IEEE 11073 16-bit float, little endian; None is "not a number".

    The decimal's own exponent is kept: Decimal("98.0") is 980 x 10^-1 on the wire, Decimal("98") is 98 x 10^0.
    """
    if value is None:
        return struct.pack("<H", NAN)
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -8 <= exponent <= 7:
        raise CannotEncode(value)
    mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
    raw = ((exponent & 0xF) << 12) | (mantissa & 0xFFF)
    if not -2048 <= mantissa <= 2047 or raw in SPECIALS:
        raise CannotEncode(value)
    return struct.pack("<H", raw)


def _uint24(value: int) -> bytes:
    return value.to_bytes(3, "little")


Pair = tuple[Decimal | None, Decimal | None]


def plx_continuous(
    normal: Pair,
    *,
    fast: Pair | None = None,
    slow: Pair | None = None,
    measurement_status: int | None = None,
    sensor_status: int | None = None,
    amplitude: Decimal | None = None,
) -> bytes:
    """PLX continuous measurement (2A5F): pairs of SpO2 in % and pulse in beats per minute, amplitude index in %."""
    fields: Sequence[bytes | None] = (
        fast and sfloat(fast[0]) + sfloat(fast[1]),
        slow and sfloat(slow[0]) + sfloat(slow[1]),
        None if measurement_status is None else struct.pack("<H", measurement_status),
        None if sensor_status is None else _uint24(sensor_status),
        None if amplitude is None else sfloat(amplitude),
    )
    return _flagged(fields, sfloat(normal[0]) + sfloat(normal[1]))


def plx_spot_check(
    normal: Pair,
    *,
    time: DeviceTime | None = None,
    measurement_status: int | None = None,
    sensor_status: int | None = None,
    amplitude: Decimal | None = None,
) -> bytes:
    """PLX spot check (2A5E). Its status flags are one bit lower than those of the continuous measurement."""
    fields: Sequence[bytes | None] = (
        time and time.to_bytes(),
        None if measurement_status is None else struct.pack("<H", measurement_status),
        None if sensor_status is None else _uint24(sensor_status),
        None if amplitude is None else sfloat(amplitude),
    )
    return _flagged(fields, sfloat(normal[0]) + sfloat(normal[1]))


def _flagged(fields: Sequence[bytes | None], fixed: bytes) -> bytes:
    """Flags byte whose bit i says that field i follows, then the fixed fields, then those present."""
    flags = sum(1 << bit for bit, field in enumerate(fields) if field is not None)
    return bytes([flags]) + fixed + b"".join(field for field in fields if field is not None)


def plx_features(supported: int, measurement_mask: int, sensor_mask: int) -> bytes:
    """PLX features (2A60) of a device that supports both status fields (bits 0 and 1 of `supported`)."""
    return struct.pack("<HH", supported | 0x0003, measurement_mask) + _uint24(sensor_mask)


def blood_pressure(
    systolic: Decimal | None,
    diastolic: Decimal | None,
    mean: Decimal | None,
    *,
    kilopascal: bool = False,
    time: DeviceTime | None = None,
    pulse: Decimal | None = None,
    user: int | None = None,
    status: int | None = None,
) -> bytes:
    """Blood pressure measurement (2A35), and with it intermediate cuff pressure (2A36), which has the same layout."""
    fields: Sequence[bytes | None] = (
        time and time.to_bytes(),
        None if pulse is None else sfloat(pulse),
        None if user is None else bytes([user]),
        None if status is None else struct.pack("<H", status),
    )
    body = _flagged(fields, sfloat(systolic) + sfloat(diastolic) + sfloat(mean))
    return bytes([body[0] << 1 | kilopascal]) + body[1:]


def cuff_pressure(pressure: Decimal) -> bytes:
    """Intermediate cuff pressure (2A36) in mmHg; the two other slots are "not a number", as the standard asks."""
    return blood_pressure(pressure, None, None)
