"""O2Ring-S, S8-AW and SHQO2Pro ("OxyII"): polled live values in A5 frames.

Runs in the monitor; pure but for the script. Opcode E3 wipes the ring and EE switches it off until it is charged:
neither is on the list. Its clock is left alone; the ring stores what it gets without a zone.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from devices.drivers import a5, generic
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.judge import FINGER_OFF, PULSE, SPO2, Finding, judged, sent
from devices.drivers.payload import short_uuid
from devices.drivers.said import Battery, Decoded, Noted, Wave
from devices.drivers.script import Context, Emit, ScriptLink, ask
from devices.reading import Oximetry, Quality

SERVICE = "e8fb0001-a14b-98f9-831b-4e2941d01248"
WRITE = "e8fb0002-a14b-98f9-831b-4e2941d01248"
NOTIFY = "e8fb0003-a14b-98f9-831b-4e2941d01248"
COMPANY = 0xF34E

LIVE, SETUP, CONFIG, AUTH = 0x04, 0x10, 0x00, 0xFF
ASK_LIVE = a5.request(LIVE, 3)
ASK_SETUP = a5.request(SETUP, 0, b"\x00")
ASK_CONFIG = a5.request(CONFIG)
ANY_AUTH = re.compile(rb"\xa5\xff\x00\x00\x00\x10\x00.{17}", re.DOTALL)
POLL_EVERY_S = 1.0

NUMBERS_SIZE = 24
NO_FINGER, MEASURING = 0x00, 0x01
WAVE_HZ = 100.0
_NOT_MEASURING = Finding(Quality.INVALID, "not measuring")


def auth(seconds: int) -> bytes:
    """The greeting that the maker's app sends: a fixed word mixed with the Unix time shifted by single bits."""
    word = hashlib.md5(b"lepucloud", usedforsecurity=False).digest()
    key = word[0:16:2] + b"0000" + bytes(seconds >> shift & 0xFF for shift in range(4))
    return a5.request(AUTH, 0, bytes(one ^ other for one, other in zip(key, word, strict=True)))


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One whole answer. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    command, payload = a5.answer(data)
    if command != LIVE:
        return Noted(f"answer {command:02x}")
    if len(payload) < NUMBERS_SIZE:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(payload)} bytes of numbers, {NUMBERS_SIZE} needed")
    return _numbers(payload)


def _numbers(payload: bytes) -> Oximetry:
    """Counter (2 bytes), state at 5, SpO2 at 6, motion, pulse at 8; 255 is none."""
    found = {MEASURING: [], NO_FINGER: [FINGER_OFF]}.get(payload[5], [_NOT_MEASURING])
    return Oximetry(
        spo2=judged(sent(payload[6], (0, 255)), SPO2, found),
        pulse=judged(sent(payload[8], (0, 255)), PULSE, found),
    )


def beside(_characteristic: str, frame: bytes) -> tuple[Decoded, ...]:
    """Battery and waveform samples of a live answer."""
    payload = frame[a5.OVERHEAD - 1 : -1]
    if frame[1] != LIVE or len(payload) < NUMBERS_SIZE:
        return ()
    samples = payload[26 : 26 + int.from_bytes(payload[24:26], "little")]
    wave = (Wave(tuple(samples), WAVE_HZ, full_scale=0xFF),) if samples else ()
    return (*wave, Battery(payload[13])) if payload[13] <= 100 else wave


async def run(link: ScriptLink, emit: Emit, context: Context) -> None:
    """Greet, ask once for the configuration, then for live values once a second."""
    seconds = int((context.local_time() - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001 - any number does
    await link.write(WRITE, auth(seconds))  # has no answer
    await ask(link, WRITE, ASK_SETUP)
    await ask(link, WRITE, ASK_CONFIG)
    while True:
        await ask(link, WRITE, ASK_LIVE)
        await link.pause(POLL_EVERY_S)


DRIVER = Driver(
    id="oxyii",
    kind="oximeter",
    title="O2Ring-S, S8-AW, SHQO2Pro",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    services=(SERVICE,),
    # the SHQO2Pro advertises the heart rate service too
    matches=(Match(70, name=r"(SHQO2Pro|S8-AW|O2Ring[ -]?S\b|Band-WU)"), Match(80, service=SERVICE)),
    beside=beside,
    framings={NOTIFY: a5.FRAMING},
    allowed_writes={WRITE: (ASK_LIVE, ASK_SETUP, ASK_CONFIG, ANY_AUTH)},
    script=run,
)
