"""One spelling of a UUID for bumble's objects, bleak and the log: 128 bits, lower case."""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from bumble.core import UUID

SIG_SUFFIX = "-0000-1000-8000-00805f9b34fb"


def uuid_text(uuid: UUID) -> str:
    """bumble writes "UUID-16:1822 (Pulse Oximeter)"; bleak and the record want all 128 bits."""
    digits = bytes(reversed(uuid.uuid_bytes)).hex()
    if len(digits) < 32:
        return digits.rjust(8, "0") + SIG_SUFFIX
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
