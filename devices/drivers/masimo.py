"""Masimo MightySat Rx by its own service: frames `77 length op payload checksum`, live once it is enabled.

Runs in the monitor; pure but for the script. Known from one firmware: what its status does not call fine is not valid.
"""

from __future__ import annotations

import re

from devices.drivers import generic
from devices.drivers.checksum import crc8_ccitt
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.framing import Framing
from devices.drivers.judge import FINGER_OFF, PERFUSION, PULSE, SPO2, Finding, judged, sent
from devices.drivers.payload import short_uuid
from devices.drivers.said import Decoded, Noted
from devices.drivers.script import Context, Emit, ScriptLink, ask
from devices.reading import Oximetry, Quality

SERVICE = "54c21000-a720-4b4f-11e4-9fe20002a5d5"
WRITE = "54c21001-a720-4b4f-11e4-9fe20002a5d5"
NOTIFY = "54c21002-a720-4b4f-11e4-9fe20002a5d5"
COMPANY = 0x0243

INFO, ENABLE, LIVE = 0x01, 0x03, 0x05
ASK_INFO = bytes.fromhex("77020107")
ENABLE_SEEN = bytes.fromhex("7705031F0003D6")
ANY_ENABLE = re.compile(rb"\x77\x05\x03.{4}", re.DOTALL)
SILENT_S = 3.0

LIVE_SIZE, INFO_MASK = 19, slice(5, 8)
LONGEST = 64
NOT_AVAILABLE = 0x04
_NO_FINGER = 0x20
_STATUS = Finding(Quality.INVALID, "invalid measurement")
_UNVERIFIED = Finding(Quality.QUESTIONABLE, "questionable measurement")


def _size(data: bytes) -> int:
    if data[0] != 0x77:
        return -1
    return 0 if len(data) < 2 else data[1] + 2 if 2 <= data[1] <= LONGEST - 2 else -1


def _whole(frame: bytes) -> bool:
    return crc8_ccitt(frame[2:-1]) == frame[-1]


FRAMING = Framing(frozenset({0x77}), LONGEST, _size, _whole)


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One whole frame. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    size = _size(data) if data else 0
    if size < 0 or 0 < size < len(data):
        raise DecodeError(Fault.NOT_A_FRAME, data, f"{len(data)} bytes")
    if size == 0 or len(data) < size:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(data)} bytes")
    if not _whole(data):
        raise DecodeError(Fault.BAD_CHECKSUM, data)
    if data[2] != LIVE:
        return Noted(f"frame {data[2]:02x}")
    if len(data) != LIVE_SIZE:
        raise DecodeError(Fault.UNKNOWN_FRAME, data, f"live frame of {len(data)} bytes")
    return _numbers(data)


def _numbers(data: bytes) -> Oximetry:
    """Status 3-6; then a flag before each value: SpO2 at 8, pulse at 10, perfusion in hundredths at 14."""
    found = [_STATUS] if any(data[3:7]) else []
    found += [FINGER_OFF] if data[5] & _NO_FINGER else []
    spo2_found = [*found, *([_UNVERIFIED] if data[7] else [])]
    # a high byte of the pulse has never been seen; where it would be, the number is doubted
    pulse_found = [*found, *([_UNVERIFIED] if data[9] or data[10] > 250 else [])]
    perfusion = int.from_bytes(data[14:16], "little")
    return Oximetry(
        spo2=judged(sent(_shown(data[7], data[8]), (0, 0xFF)), SPO2, spo2_found),
        pulse=judged(sent(_shown(data[9], data[10]), (0, 0xFF)), PULSE, pulse_found),
        perfusion=judged(sent(perfusion, (0xFFFF,), -2), PERFUSION, found),
    )


def _shown(flag: int, number: int) -> int:
    return 0xFF if flag & NOT_AVAILABLE else number


def enable(info: bytes) -> bytes:
    """Enable the live stream with the mask that the device's own information names."""
    body = bytes((ENABLE,)) + info[INFO_MASK]
    return b"\x77\x05" + body + bytes((crc8_ccitt(body),))


async def run(link: ScriptLink, emit: Emit, context: Context) -> None:
    """Ask for the information and enable the stream; again whenever it stands still."""
    while True:
        info = await ask(link, WRITE, ASK_INFO, lambda frame: frame[2] == INFO and len(frame) >= INFO_MASK.stop)
        if info is not None:
            await link.write(WRITE, enable(info))
            while await link.frame(SILENT_S) is not None:
                pass


DRIVER = Driver(
    id="masimo",
    kind="oximeter",
    title="Masimo MightySat Rx",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    services=(SERVICE,),
    matches=(Match(60, name=r"(?i)(MightySat|MSat)"), Match(60, company=COMPANY, name=r"(?i)M")),
    framings={NOTIFY: FRAMING},
    allowed_writes={WRITE: (ASK_INFO, ANY_ENABLE)},
    script=run,
    tested_by="public capture",
)
