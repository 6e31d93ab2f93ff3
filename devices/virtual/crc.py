"""The checksum that the makers of the rings and of the MightySat use, worked out bit by bit.

Runs in the air's process. Shares nothing with the drivers' tables.
"""

from __future__ import annotations


def crc8(data: bytes) -> int:
    """x^8 + x^2 + x + 1, highest bit first, begun with 0: "123456789" gives 0xF4."""
    register = 0
    for byte in data:
        for bit in range(7, -1, -1):
            feedback = (register >> 7 ^ byte >> bit) & 1
            register = (register << 1 & 0xFF) ^ 0x07 * feedback
    return register
