"""Battery level (0x2A19), device information (0x180A) and the device's clock: the same in every family of devices.

Runs in the monitor; pure. Text from a device is untrusted: control characters are dropped, lengths are bounded.
"""

from __future__ import annotations

from devices.drivers.fault import DecodeError, Fault
from devices.drivers.moment import take_date_time
from devices.drivers.payload import Payload, short_uuid
from devices.drivers.said import Battery, ClockRead, Decoded, Described

BATTERY_LEVEL = "2a19"
DATE_TIME, CURRENT_TIME = "2a08", "2a2b"
CLOCK_SIZES = {DATE_TIME: 7, CURRENT_TIME: 10}
LONGEST_TEXT = 512
"""Bytes: the longest attribute value that ATT allows."""

TEXT_FIELDS = {
    "2a29": "manufacturer",
    "2a24": "model",
    "2a25": "serial",
    "2a26": "firmware",
    "2a27": "hardware",
    "2a28": "software",
}


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """Battery, clock or a piece of device information; raises DecodeError for anything else."""
    short = short_uuid(characteristic_uuid)
    if short == BATTERY_LEVEL:
        return decode_battery(data)
    if size := CLOCK_SIZES.get(short):
        return decode_clock(data, size)
    if field := TEXT_FIELDS.get(short):
        return Described(**{field: decode_text(data)})
    raise DecodeError(Fault.UNKNOWN_CHARACTERISTIC, data, characteristic_uuid)


def decode_battery(data: bytes) -> Battery:
    """One byte, percent; above 100 is refused."""
    payload = Payload(data)
    percent = payload.take(1)
    payload.finish()
    if percent > 100:
        raise DecodeError(Fault.OUT_OF_RANGE, data, f"battery {percent} %")
    return Battery(percent)


def decode_clock(data: bytes, size: int) -> ClockRead:
    """Date and time in seven bytes; Current Time adds the day of the week, fractions and the reason of a change."""
    payload = Payload(data)
    time = take_date_time(payload)
    payload.take(size - payload.at)
    payload.finish()
    return ClockRead(time)


def decode_text(data: bytes) -> str:
    """UTF-8 without NULs, control characters and surrounding blanks."""
    if len(data) > LONGEST_TEXT:
        raise DecodeError(Fault.OVERSIZED, data, f"{len(data)} bytes of text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DecodeError(Fault.NOT_TEXT, data, f"byte {error.start}") from error
    return "".join(letter for letter in text if letter.isprintable()).strip()
