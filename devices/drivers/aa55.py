"""The `AA 55` family: PC-60FW, OxySmart, POD, PF-10/20, S5W, AP-20 (Nordic UART); SP-20, PC-66B/68B, PC-60NW (FFF0).

Runs in the monitor; pure but for the script. The numbers stand still for seconds after the finger is out: first the
waveform goes flat, later the flag comes, and 97 % is still sent with it. No number is believed against either.
"""

from __future__ import annotations

from devices.drivers import generic
from devices.drivers.checksum import crc8_maxim
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.framing import Framing
from devices.drivers.judge import DISPLACED, FINGER_OFF, PERFUSION, PULSE, SEARCHING, SPO2, Flag, flagged, judged, sent
from devices.drivers.payload import short_uuid
from devices.drivers.said import Decoded, Described, Noted, Wave
from devices.drivers.script import Context, Emit, ScriptLink
from devices.reading import Oximetry

NORDIC = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
NORDIC_WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NORDIC_NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
SERVICE, NOTIFY, WRITE = "fff0", "fff1", "fff2"

ENABLE_NUMBERS = bytes.fromhex("AA550F038401E0")
ENABLE_WAVE = bytes.fromhex("AA550F03850124")
WAVE_HZ = 50.0
STREAMS_BY_ITSELF_S = 3.0

OVERHEAD = 4  # head, token and length
LONGEST = 64
FLAGS = (Flag(1, FINGER_OFF), Flag(2, SEARCHING), Flag(3, DISPLACED))


def _size(data: bytes) -> int:
    if not b"\xaa\x55".startswith(data[:2]):
        return -1
    if len(data) > 2 and data[2] not in (0x0F, 0xF0):
        return -1
    if len(data) < OVERHEAD:
        return 0
    return OVERHEAD + data[3] if data[3] >= 2 else -1


def _whole(frame: bytes) -> bool:
    return crc8_maxim(frame[:-1]) == frame[-1]


FRAMING = Framing(frozenset({0xAA}), LONGEST, _size, _whole)


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One whole frame. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) not in (NORDIC_NOTIFY, NOTIFY):
        return generic.decode(characteristic_uuid, data)
    size = _size(data)
    if size <= 0 or size != len(data):
        raise DecodeError(Fault.TRUNCATED if size >= 0 else Fault.NOT_A_FRAME, data, f"{len(data)} bytes")
    if not _whole(data):
        raise DecodeError(Fault.BAD_CHECKSUM, data)
    return _said(data, data[2], data[4], data[5:-1])


def _said(data: bytes, token: int, kind: int, payload: bytes) -> Decoded:
    if (token, kind) == (0x0F, 0x01):
        return _numbers(data, payload)
    if (token, kind) == (0x0F, 0x02):
        beats = tuple(place for place, sample in enumerate(payload) if sample & 0x80)
        return Wave(tuple(sample & 0x7F for sample in payload), WAVE_HZ, beats)
    if (token, kind) == (0x0F, 0x21):
        return Noted(f"working state {payload.hex()}")
    if (token, kind) == (0xF0, 0x03) and payload:
        return Noted(f"battery {payload[0]} of 3")
    if (token, kind) in ((0x0F, 0x03), (0xF0, 0x01), (0xF0, 0x02)):
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else " " for byte in payload)
        return Described(features=" ".join(text.split()))
    return Noted(f"frame {token:02x} {kind:02x}")


def _numbers(data: bytes, payload: bytes) -> Oximetry:
    """SpO2, pulse (16 bits, low byte first), perfusion in tenths, flags, and a byte with the battery's level."""
    if len(payload) < 6:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(payload)} bytes of numbers, 6 needed")
    found = flagged(payload[4], FLAGS)
    return Oximetry(
        spo2=judged(sent(payload[0], (0,)), SPO2, found),
        pulse=judged(sent(payload[1] | payload[2] << 8, (0,)), PULSE, found),
        perfusion=judged(sent(payload[3], (), -1), PERFUSION, found),
    )


async def run(link: ScriptLink, emit: Emit, context: Context) -> None:
    """Most stream by themselves; where nothing comes, ask for numbers and waveform."""
    while True:
        if await link.frame(STREAMS_BY_ITSELF_S) is None:
            write = WRITE if link.has(WRITE) else NORDIC_WRITE
            await link.write(write, ENABLE_NUMBERS)
            await link.write(write, ENABLE_WAVE)


DRIVER = Driver(
    id="aa55",
    kind="oximeter",
    title="PC-60FW, OxySmart, SP-20 and relatives",
    streams=(NORDIC_NOTIFY, NOTIFY),
    live=(NORDIC_NOTIFY, NOTIFY),
    main=NORDIC_NOTIFY,
    decode=decode,
    matches=(
        Match(60, name=r"(?i)(PC-60|OxySmart|POD-\d|PF-[12]0|S[5-7]W|AP-20|SP-20|PC-6[68]B)"),
        # both are anybody's: asked by listening for a whole frame
        Match(10, service=NORDIC),
        Match(10, service=SERVICE),
    ),
    framings={NORDIC_NOTIFY: FRAMING, NOTIFY: FRAMING},
    allowed_writes={NORDIC_WRITE: (ENABLE_NUMBERS, ENABLE_WAVE), WRITE: (ENABLE_NUMBERS, ENABLE_WAVE)},
    script=run,
    tested_by="public capture",
)
