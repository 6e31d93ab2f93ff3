"""Why a driver refuses bytes: one typed error, so that a bad payload can never become an IndexError or a number.

Runs in the monitor, inside the link's callback. Must never do I/O.
"""

from __future__ import annotations

from enum import StrEnum

from devices.error import DeviceError


class Fault(StrEnum):
    """What is wrong with a payload; the word goes into the record as `DecodeFailed.reason`."""

    TRUNCATED = "truncated"
    OVERSIZED = "oversized"
    RESERVED = "reserved"
    OUT_OF_RANGE = "out of range"
    NOT_TEXT = "not text"
    UNKNOWN_CHARACTERISTIC = "unknown characteristic"
    BAD_CHECKSUM = "bad checksum"
    NOT_A_FRAME = "not a frame"
    UNKNOWN_FRAME = "unknown frame"


class DecodeError(DeviceError):
    """A payload that means nothing to its driver. data: the exact bytes; detail: the fact, for support."""

    def __init__(self, fault: Fault, data: bytes, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.data = data
        self.detail = detail
