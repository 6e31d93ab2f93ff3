"""BerryMed BM1000 and clones: the BCI protocol, a hundred packets of five bytes a second.

Runs in the monitor; pure. No checksum: the top bit of the first byte of each packet is the only mark, the link's own
CRC protects the rest. Bit 7 of the pulse sits in another byte; without it 140 beats would read as 12.
"""

from __future__ import annotations

from devices.drivers import generic
from devices.drivers.declaration import Driver, Match
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.framing import Framing
from devices.drivers.judge import FINGER_OFF, PULSE, SEARCHING, SPO2, Finding, Flag, flagged, judged, sent
from devices.drivers.payload import short_uuid
from devices.drivers.said import Decoded, Wave
from devices.reading import Oximetry, Quality

SERVICE = "49535343-fe7d-4ae5-8fa9-9fafd205e455"
NOTIFY = "49535343-1e4d-4bd9-ba61-23c647249616"

SIZE = 5
WAVE_HZ = 100.0
SYNC, BEAT = 0x80, 0x40
NO_STRENGTH = 0x0F
_UNPLUGGED = Finding(Quality.INVALID, "sensor disconnected")
_NO_SIGNAL = Finding(Quality.INVALID, "no signal")
_WEAK = Finding(Quality.QUESTIONABLE, "poor signal")
FIRST_FLAGS = (Flag(5, _UNPLUGGED), Flag(4, _NO_SIGNAL))
THIRD_FLAGS = (Flag(4, FINGER_OFF), Flag(5, SEARCHING))


def _size(data: bytes) -> int:
    return SIZE if data[0] & SYNC and not any(byte & SYNC for byte in data[1:SIZE]) else -1


def _whole(frame: bytes) -> bool:
    return _size(frame) == SIZE


FRAMING = Framing(frozenset(range(0x80, 0x100)), SIZE, _size, _whole)


def decode(characteristic_uuid: str, data: bytes) -> Decoded:
    """One packet. Raises DecodeError; any bytes give one or the other."""
    if short_uuid(characteristic_uuid) != NOTIFY:
        return generic.decode(characteristic_uuid, data)
    if len(data) < SIZE:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(data)} bytes, {SIZE} needed")
    if len(data) > SIZE or _size(data) < 0:
        raise DecodeError(Fault.NOT_A_FRAME, data, f"{len(data)} bytes")
    found = [*flagged(data[2], THIRD_FLAGS), *flagged(data[0], FIRST_FLAGS)]
    weak = [_WEAK] if data[0] & 0x0F in (0, NO_STRENGTH) else []
    return Oximetry(
        spo2=judged(sent(data[4], (0, 127)), SPO2, [*found, *weak]),
        pulse=judged(sent(data[3] | (data[2] & 0x40) << 1, (0, 255)), PULSE, [*found, *weak]),
    )


def beside(_characteristic: str, frame: bytes) -> tuple[Decoded, ...]:
    """The packet's one sample, 0 where the device has none."""
    return (Wave((frame[1],), WAVE_HZ, (0,) if frame[0] & BEAT else (), usable=frame[1] != 0),)


DRIVER = Driver(
    id="bci",
    kind="oximeter",
    title="BerryMed BM1000 and relatives",
    streams=(NOTIFY,),
    live=(NOTIFY,),
    main=NOTIFY,
    decode=decode,
    # older firmware does not advertise its service; and that is a module's, in other makers' things too: asked
    matches=(Match(60, name=r"(?i)BerryMed"), Match(10, service=SERVICE)),
    beside=beside,
    framings={NOTIFY: FRAMING},
    report_every_s=1.0,
    frames_to_believe=50,  # no checksum
)
