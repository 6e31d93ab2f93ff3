"""What a device says that is not a measurement: itself, its battery, its waveform, the end of a memory procedure.

Frozen types only; used in the monitor between a driver and the link.
"""

from __future__ import annotations

import msgspec

from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure


class Described(msgspec.Struct, frozen=True):
    """One piece of a device's description; the field that was read is filled, the others are empty."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    hardware: str = ""
    software: str = ""
    features: str = ""


class Battery(msgspec.Struct, frozen=True):
    """Battery level, 0 to 100 %."""

    percent: int


class Procedure(msgspec.Struct, frozen=True):
    """An answer of the Record Access Control Point (0x2A52).

    count: number of stored records, None unless that was asked. request: opcode it answers, None with a count.
    outcome: "success", "no records found", ... as the service names it.
    """

    count: int | None = None
    request: int | None = None
    outcome: str = ""


class Wave(msgspec.Struct, frozen=True):
    """A piece of the pulse waveform (plethysmogram), in the device's own units.

    rate_hz: samples a second. beats: places in `samples` where the device heard a beat. usable: False where the
    device itself says that the samples mean nothing. full_scale: the most that a sample can carry.
    """

    samples: tuple[int, ...]
    rate_hz: float
    beats: tuple[int, ...] = ()
    usable: bool = True
    full_scale: int = 127


class Noted(msgspec.Struct, frozen=True):
    """A frame that is understood and carries no value for us, in a few words."""

    what: str


class ClockRead(msgspec.Struct, frozen=True):
    """The device's own clock, as it said it just now: ISO 8601 without zone, untrusted."""

    time: str


class ClockWritten(msgspec.Struct, frozen=True):
    """The device's clock was set by us; local time without zone, ISO 8601."""

    time: str


Decoded = (
    Oximetry
    | Pressure
    | CuffPressure
    | HeartRate
    | Described
    | Battery
    | Procedure
    | Wave
    | Noted
    | ClockRead
    | ClockWritten
)
