"""What a device says that is not a measurement: itself, its battery, the end of a memory procedure.

Frozen types only; used in the monitor between a driver and the link.
"""

from __future__ import annotations

import msgspec

from devices.reading import CuffPressure, Oximetry, Pressure


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


Decoded = Oximetry | Pressure | CuffPressure | Described | Battery | Procedure
