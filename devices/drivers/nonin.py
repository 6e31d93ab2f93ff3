"""Nonin 3230, 3240 and 3150 by their own service: one packet of ten bytes a second.

Runs in the monitor; pure. No checksum: the link's own CRC protects it. Nothing is written to it.
"""

from __future__ import annotations

from devices.drivers import generic
from devices.drivers.declaration import Driver, Match
from devices.drivers.judge import (
    DISPLACED,
    PERFUSION,
    POOR_SIGNAL,
    PULSE,
    SEARCHING,
    SPO2,
    Flag,
    flagged,
    judged,
    noted,
    sent,
)
from devices.drivers.payload import Payload, short_uuid
from devices.drivers.said import Decoded
from devices.reading import Oximetry

SERVICE = "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b"
NOTIFY = "0aad7ea0-0d60-11e2-8e3c-0002a5d5c51b"
STATUS = (Flag(3, SEARCHING), Flag(4, DISPLACED), Flag(1, POOR_SIGNAL))
NO_SPO2, NO_PULSE = 127, 511


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One packet. Raises DecodeError; any bytes give one or the other."""
    return (
        decode_packet(data) if short_uuid(characteristic_uuid) == NOTIFY else generic.decode(characteristic_uuid, data)
    )


def decode_packet(data: bytes) -> Oximetry:
    """Length (not insisted on), status, battery, amplitude in 0.01 %, counter, SpO2, pulse; high byte first."""
    payload = Payload(data)
    payload.take(1)
    found = flagged(payload.take(1), STATUS)
    payload.take(1)
    amplitude = _big(payload)
    payload.take(2)
    spo2, pulse = payload.take(1), _big(payload)
    return Oximetry(
        spo2=noted(judged(sent(spo2, (0, NO_SPO2)), SPO2, found), payload.finish()),
        pulse=judged(sent(pulse, (0, NO_PULSE)), PULSE, found),
        perfusion=judged(sent(amplitude, (), -2), PERFUSION, found),
    )


def _big(payload: Payload) -> int:
    return payload.take(1) << 8 | payload.take(1)


DRIVER = Driver(
    id="nonin",
    kind="oximeter",
    title="Nonin 3230, 3240, 3150",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    services=(SERVICE,),
    matches=(Match(60, name=r"(?i)Nonin_?3(230|240|150)"),),
    needs_bond=True,
    note="Units that show the standard oximeter service are read by that. The 3150 takes a new bond only within two "
    "minutes after its batteries were put in.",
)
