"""Heart-rate straps (service 0x180D): a second source to compare the oximeter's pulse with, never a source of SpO2.

Runs in the monitor; pure. Nothing is written to it.
"""

from __future__ import annotations

from devices.drivers import generic
from devices.drivers.declaration import Driver
from devices.drivers.judge import PULSE, Finding, judged, noted, sent
from devices.drivers.payload import Payload, short_uuid
from devices.drivers.said import Decoded
from devices.reading import HeartRate, Quality

SERVICE, MEASUREMENT = "180d", "2a37"
_NO_CONTACT = Finding(Quality.INVALID, "no skin contact")
IS_WIDE, CONTACT, KNOWS_CONTACT, HAS_ENERGY, HAS_INTERVALS = 0x01, 0x02, 0x04, 0x08, 0x10


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One payload. Raises DecodeError; any bytes give one or the other."""
    is_rate = short_uuid(characteristic_uuid) == MEASUREMENT
    return decode_rate(data) if is_rate else generic.decode(characteristic_uuid, data)


def decode_rate(data: bytes) -> HeartRate:
    """Flags, rate in 8 or 16 bits, energy, intervals between beats in 1/1024 s (read over)."""
    payload = Payload(data)
    flags = payload.take(1)
    rate = payload.take(2 if flags & IS_WIDE else 1)
    payload.take_if(flags & HAS_ENERGY, 2)
    intervals = max(1, (len(data) - payload.at + 1) // 2) if flags & HAS_INTERVALS else 0
    for _ in range(intervals):
        payload.take(2)
    found = [_NO_CONTACT] if flags & KNOWS_CONTACT and not flags & CONTACT else []
    return HeartRate(noted(judged(sent(rate, (0,)), PULSE, found), payload.finish()))


DRIVER = Driver(
    id="strap",
    kind="strap",
    title="Heart-rate strap (Bluetooth service 0x180D)",
    streams=(MEASUREMENT,),
    live=(MEASUREMENT,),
    main=MEASUREMENT,
    decode=decode,
    services=(SERVICE,),
)
