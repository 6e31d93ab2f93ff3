"""Contec CMS50D-BT, EMAY SleepO2, Pulox: the protocol whose answers begin with EB.

Runs in the monitor; pure but for the script. Its bytes have seven bits: a pulse of 128 and more is carried by a status
bit, and without it 140 beats would read as 12. The stream dies without a heartbeat from us.
"""

from __future__ import annotations

from devices.drivers import generic
from devices.drivers.checksum import sum7
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.framing import Framing
from devices.drivers.judge import FINGER_OFF, PERFUSION, PULSE, SPO2, judged, sent
from devices.drivers.payload import short_uuid
from devices.drivers.said import Decoded, Noted, Wave
from devices.drivers.script import Context, Emit, ScriptLink
from devices.reading import Oximetry

SERVICE, WRITE, NOTIFY = "ff12", "ff01", "ff02"

NUMBERS, WAVE, STOPPED = 0x01, 0x00, 0x7F
SIZES = {NUMBERS: 8, WAVE: 6, STOPPED: 3}
PULSE_IS_128_MORE = 0x02
FINGER_OUT = 0x7F
NO_PERFUSION = 0x7F  # both bytes 7F 00; a true 1.27 % cannot be told from it, so it is not shown
WAVE_HZ = 60.0

HEARTBEAT = bytes.fromhex("9A1A")
START_CONTEC = tuple(bytes.fromhex(row) for row in ("8101", "8202", "9A1A", "9B001B", "9B011C"))
START_EMAY = tuple(bytes.fromhex(row) for row in ("8909", "8E0513", "9B011C", "8606"))
HEARTBEAT_EVERY_S = 3.0
BETWEEN_S = 0.5


def _size(data: bytes) -> int:
    if data[0] != 0xEB or any(byte & 0x80 for byte in data[1 : SIZES.get(data[1], 2) if len(data) > 1 else 1]):
        return -1
    return SIZES.get(data[1], -1) if len(data) > 1 else 0


def _whole(frame: bytes) -> bool:
    return sum7(frame[:-1]) == frame[-1]


FRAMING = Framing(frozenset({0xEB}), max(SIZES.values()), _size, _whole)


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One whole frame. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    size = _size(data) if data else 0
    if size < 0 or (size > 0 and len(data) > size):
        raise DecodeError(Fault.NOT_A_FRAME, data, f"{len(data)} bytes")
    if size == 0 or len(data) < size:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(data)} bytes")
    if not _whole(data):
        raise DecodeError(Fault.BAD_CHECKSUM, data)
    if data[1] == NUMBERS:
        return _numbers(data)
    return _wave(data) if data[1] == WAVE else Noted("stopped")


def _numbers(data: bytes) -> Oximetry:
    status, spo2 = data[2], data[4]
    pulse = data[3] + (128 if status & PULSE_IS_128_MORE else 0)
    found = [FINGER_OFF] if spo2 in (0, FINGER_OUT) else []
    perfusion = data[5] | data[6] << 7
    return Oximetry(
        spo2=judged(sent(spo2, (0, FINGER_OUT)), SPO2, found),
        pulse=judged(sent(pulse, (0, 255)), PULSE, found),
        perfusion=None if perfusion == NO_PERFUSION else judged(sent(perfusion, (), -2), PERFUSION, found),
    )


def _wave(data: bytes) -> Wave:
    """A finger that is out shows as amplitude 0x40 with a bar of 0x60."""
    return Wave((data[3],), WAVE_HZ, usable=(data[3], data[4]) != (0x40, 0x60))


async def run(link: ScriptLink, emit: Emit, context: Context) -> None:
    """Start numbers and waveform in the order that the maker's own app uses, then keep the stream alive."""
    is_emay = context.name.lower().startswith(("sleepo2", "emay"))
    for request in START_EMAY if is_emay else START_CONTEC:
        await link.write(WRITE, request)
        await link.pause(BETWEEN_S)
    while True:
        await link.write(WRITE, HEARTBEAT)
        await link.pause(HEARTBEAT_EVERY_S)


DRIVER = Driver(
    id="eb",
    kind="oximeter",
    title="Contec CMS50D-BT, EMAY SleepO2, Pulox",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    # the service is shared with oximeters of another protocol: asked
    matches=(Match(60, name=r"(?i)(SleepO2|EMAY|CMS50|SpO2\d)"), Match(10, service=SERVICE)),
    framings={NOTIFY: FRAMING},
    allowed_writes={WRITE: tuple(dict.fromkeys((*START_CONTEC, *START_EMAY)))},
    script=run,
    question=(WRITE, bytes.fromhex("9B011C")),
    tested_by="public capture",
)
