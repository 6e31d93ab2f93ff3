"""The frame of the maker's newer devices, `A5 command ~command flag sequence length payload checksum`, as they answer.

Runs in the air's process. Shares nothing with the driver.
"""

from __future__ import annotations

from typing import NamedTuple

from devices.virtual.crc import crc8

FROM_DEVICE = 1


class Asked(NamedTuple):
    """One request of a monitor."""

    command: int
    sequence: int
    payload: bytes


def read(order: bytes) -> Asked | None:
    """The request, None for bytes that are none."""
    size = int.from_bytes(order[5:7], "little") + 8
    if len(order) != size or order[0] != 0xA5 or order[1] + order[2] != 0xFF or crc8(order[:-1]) != order[-1]:
        return None
    return Asked(order[1], order[4], order[7:-1])


def answered(command: int, payload: bytes, sequence: int = 0) -> bytes:
    """One answer with its checksum; a device repeats the sequence of the request."""
    head = bytes((0xA5, command, 0xFF - command, FROM_DEVICE, sequence))
    body = head + len(payload).to_bytes(2, "little") + payload
    return body + bytes((crc8(body),))
