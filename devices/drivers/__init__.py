"""Pure decoders, a family a file: bytes in, a typed measurement or `DecodeError` out.

They run in the monitor, inside the link's callback. No I/O, no clock, no bleak; they never guess a value and never
import `devices.virtual`, so that one author's misreading cannot agree with itself.
"""

from devices.drivers.fault import DecodeError, Fault
from devices.drivers.said import Battery, ClockRead, ClockWritten, Decoded, Described, Noted, Procedure, Wave

__all__ = [
    "Battery",
    "ClockRead",
    "ClockWritten",
    "DecodeError",
    "Decoded",
    "Described",
    "Fault",
    "Noted",
    "Procedure",
    "Wave",
]
