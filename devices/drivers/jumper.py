"""Jumper JPD-500F, "My Oximeter", PLS-01BT: four bytes a measurement.

Runs in the monitor; pure. No checksum: the link's own CRC protects it. Nothing is written to it.
"""

from __future__ import annotations

from devices.drivers import generic
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.judge import FINGER_OFF, PERFUSION, PULSE, SPO2, judged, noted, sent
from devices.drivers.payload import Payload, short_uuid
from devices.drivers.said import Decoded, Noted
from devices.reading import Oximetry

SERVICE = "cdeacb80-5235-4c07-8846-93a37ee6b86d"
NOTIFY = "cdeacb81-5235-4c07-8846-93a37ee6b86d"
NUMBERS, WAVE = 0x81, 0x80
NO_SPO2, NO_PULSE = 127, 255


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One packet. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    payload = Payload(data)
    kind = payload.take(1)
    if kind == NUMBERS:
        return _numbers(payload)
    if kind == WAVE:
        return Noted("waveform")
    raise DecodeError(Fault.UNKNOWN_FRAME, data, f"{kind:#04x}")


def _numbers(payload: Payload) -> Oximetry:
    """Pulse, SpO2, perfusion in tenths."""
    pulse, spo2, perfusion = (payload.take(1) for _ in range(3))
    trailing = payload.finish()
    found = [FINGER_OFF] if spo2 in (0, NO_SPO2) else []
    return Oximetry(
        spo2=noted(judged(sent(spo2, (0, NO_SPO2)), SPO2, found), trailing),
        pulse=judged(sent(pulse, (0, NO_PULSE)), PULSE, found),
        perfusion=judged(sent(perfusion, (), -1), PERFUSION, found),
    )


DRIVER = Driver(
    id="jumper",
    kind="oximeter",
    title="Jumper JPD-500F, My Oximeter, PLS-01BT",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    services=(SERVICE,),
    matches=(Match(60, name=r"(?i)(My Oximeter|JPD-500|PLS[-_]01BT)"),),
)
