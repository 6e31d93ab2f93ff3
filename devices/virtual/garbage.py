"""Payloads that no sound oximeter sends: cut short, promising more than they hold, or impossible.

None of them may decode to a believable number; a decoder that makes one of it is wrong.
"""

from __future__ import annotations

BROKEN = (
    b"",
    bytes.fromhex("00"),
    bytes.fromhex("006100"),
    bytes.fromhex("00610048"),
    bytes.fromhex("1C61004800A000"),  # status words and amplitude announced, not there
    bytes.fromhex("1F6100480060004900"),  # every field announced
    bytes.fromhex("FF"),
    bytes.fromhex("00E703E703"),  # 999 %, 999 bpm
    bytes.fromhex("0061FFF6FF"),  # negative numbers
    bytes([0xAA]) * 20,
    bytes([0x55]) * 7,
    bytes.fromhex("DEADBEEF"),
)


def garbage(number: int) -> bytes:
    """The broken payload of this number; they follow each other in a ring."""
    return BROKEN[number % len(BROKEN)]
