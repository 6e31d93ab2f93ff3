"""Viatom and Wellue rings (O2Ring, SleepU, Checkme O2, WearO2, Oxylink ...): requests `AA`, answers `55`.

Runs in the monitor; pure but for the script. An answer does not say what it answers, so there is never more than one
request under way. Opcode 18 resets the ring, 16 changes its settings: neither can be sent from here.
"""

from __future__ import annotations

import json
from typing import Any

from devices.drivers import generic
from devices.drivers.checksum import crc8_ccitt
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.framing import Framing
from devices.drivers.judge import DISPLACED, FINGER_OFF, PERFUSION, PULSE, SEARCHING, SPO2, judged, sent
from devices.drivers.payload import short_uuid
from devices.drivers.said import Battery, Decoded, Described, Noted
from devices.drivers.script import Context, Emit, ScriptLink, ask
from devices.reading import Oximetry

SERVICE = "14839ac4-7d7e-415c-9a42-167340cf2339"
WRITE = "8b00ace7-eb0b-49b0-bbe9-9aee0a26e1a3"
NOTIFY = "0734594a-a8e7-4b1a-a6b1-cd5243059a57"

INFO = bytes.fromhex("AA14EB00000000C6")
NUMBERS = bytes.fromhex("AA17E8000000001B")
POLL_EVERY_S = 1.0

OVERHEAD = 8  # head, status twice, block, length, checksum
LONGEST = 1024
NUMBERS_SIZES = (12, 13)
LEAD_ON = 0x01


def _size(data: bytes) -> int:
    if data[0] != 0x55 or (len(data) > 2 and data[1] ^ data[2] != 0xFF):
        return -1
    return OVERHEAD + int.from_bytes(data[5:7], "little") if len(data) >= OVERHEAD - 1 else 0


def _whole(frame: bytes) -> bool:
    return crc8_ccitt(frame[:-1]) == frame[-1]


FRAMING = Framing(frozenset({0x55}), LONGEST, _size, _whole)


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One whole answer. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    payload = _payload(data)
    if data[1] != 0:
        return Noted(f"request refused, status {data[1]:#04x}")
    if payload[:1] == b"{":
        return _described(data, payload)
    return _numbers(payload) if len(payload) in NUMBERS_SIZES else Noted(f"answer of {len(payload)} bytes")


def _payload(data: bytes) -> bytes:
    size = _size(data) if data else 0
    if size < 0 or 0 < size < len(data):
        raise DecodeError(Fault.NOT_A_FRAME, data, f"{len(data)} bytes")
    if size == 0 or len(data) < size:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(data)} bytes")
    if not _whole(data):
        raise DecodeError(Fault.BAD_CHECKSUM, data)
    return data[OVERHEAD - 1 : -1]


def _numbers(payload: bytes) -> Oximetry:
    """SpO2, pulse (16 bits), steps (32), battery, charging, motion, perfusion in tenths, lead with its countdown."""
    spo2, pulse, lead = payload[0], int.from_bytes(payload[1:3], "little"), payload[11]
    found = [] if lead & LEAD_ON else [FINGER_OFF]
    found += [SEARCHING] if (spo2, pulse) == (0xFF, 0xFFFF) else []
    found += [DISPLACED] if lead & 0xF0 else []
    return Oximetry(
        spo2=judged(sent(spo2, (0, 0xFF)), SPO2, found),
        pulse=judged(sent(pulse, (0, 0xFFFF)), PULSE, found),
        perfusion=judged(sent(payload[10], (), -1), PERFUSION, found),
    )


def _described(data: bytes, payload: bytes) -> Described:
    try:
        said: Any = json.loads(payload.rstrip(b"\0").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DecodeError(Fault.NOT_TEXT, data, "not JSON") from error
    texts = {key: str(value) for key, value in said.items() if isinstance(value, str | int)}
    known = {field: _clean(texts.get(key, "")) for field, key in _FIELDS.items()}
    return Described(**known)


_FIELDS = {"model": "Model", "serial": "SN", "firmware": "SoftwareVer"}


def _clean(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[: generic.LONGEST_TEXT]


def beside(_characteristic: str, frame: bytes) -> tuple[Decoded, ...]:
    """The battery, in percent, from an answer with numbers."""
    payload = frame[OVERHEAD - 1 : -1]
    is_numbers = len(payload) in NUMBERS_SIZES and frame[1] == 0 and payload[:1] != b"{"
    return (Battery(payload[7]),) if is_numbers and payload[7] <= 100 else ()


async def run(link: ScriptLink, emit: Emit, context: Context) -> None:
    """Ask who it is, then for numbers once a second."""
    await ask(link, WRITE, INFO)
    while True:
        await ask(link, WRITE, NUMBERS)
        await link.pause(POLL_EVERY_S)


DRIVER = Driver(
    id="viatom",
    kind="oximeter",
    title="Viatom and Wellue rings: O2Ring, SleepU, Checkme O2, WearO2, Oxylink, KidsO2",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    matches=(
        Match(60, name=r"(O2Ring|O2BAND|SleepU|WearO2|Oxylink|KidsO2|BabyO2N?|Oxyfit|O2M|O2NCI|O2)(?![A-Za-z-])"),
        Match(60, name=r"(OxyRing|OxyU|CMRing|Checkme O2)"),
        Match(70, service=SERVICE, name=r"(O2|SleepO2|SleepU|WearO2|Oxy|KidsO2|BabyO2|CMRing|Checkme O2)"),
        # shared with the same maker's cuffs and ECGs: asked
        Match(10, service=SERVICE),
    ),
    beside=beside,
    framings={NOTIFY: FRAMING},
    allowed_writes={WRITE: (INFO, NUMBERS)},
    script=run,
    question=(WRITE, INFO),
    tells_serial=True,
    tested_by="public capture",
)
