"""The frame `A5 command ~command direction sequence length payload checksum`, shared by OxyII rings and BP2 cuffs.

Runs in the monitor; pure. The same opcode means other things in the two families (04 is a ring's live values and a
cuff's factory reset), so who may send what stands in each family's own list.
"""

from __future__ import annotations

from typing import NamedTuple

from devices.drivers.checksum import crc8_ccitt
from devices.drivers.fault import DecodeError, Fault
from devices.drivers.framing import Framing

OVERHEAD = 8
LONGEST = 1024


class Answer(NamedTuple):
    """One answer of a device."""

    command: int
    payload: bytes


def request(command: int, sequence: int = 0, payload: bytes = b"") -> bytes:
    """A request to a device, with its checksum."""
    length = len(payload).to_bytes(2, "little")
    frame = bytes((0xA5, command, command ^ 0xFF, 0, sequence)) + length + payload
    return frame + bytes((crc8_ccitt(frame),))


def size(data: bytes) -> int:
    """As `Framing.size`."""
    if data[0] != 0xA5 or (len(data) > 2 and data[1] ^ data[2] != 0xFF):
        return -1
    return OVERHEAD + int.from_bytes(data[5:7], "little") if len(data) >= OVERHEAD - 1 else 0


def is_whole(frame: bytes) -> bool:
    """As `Framing.whole`."""
    return crc8_ccitt(frame[:-1]) == frame[-1]


FRAMING = Framing(frozenset({0xA5}), LONGEST, size, is_whole)


def answer(data: bytes) -> Answer:
    """The command and payload of one whole frame; raises DecodeError."""
    needed = size(data) if data else 0
    if needed < 0 or 0 < needed < len(data):
        raise DecodeError(Fault.NOT_A_FRAME, data, f"{len(data)} bytes")
    if needed == 0 or len(data) < needed:
        raise DecodeError(Fault.TRUNCATED, data, f"{len(data)} bytes")
    if not is_whole(data):
        raise DecodeError(Fault.BAD_CHECKSUM, data)
    return Answer(data[1], data[OVERHEAD - 1 : -1])
