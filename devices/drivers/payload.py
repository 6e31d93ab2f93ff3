"""Reading a payload field by field, with one rule for length: too short is refused, a little too long is noted.

Runs in the monitor. Devices in the field append bytes of newer revisions, so up to `TOLERATED_TRAILING` bytes after
the last known field change no value and are only noted; anything longer is not the characteristic it claims to be.
"""

from __future__ import annotations

from devices.drivers.fault import DecodeError, Fault

TOLERATED_TRAILING = 20
"""Bytes after the last field that are ignored and noted: one whole notification at the smallest ATT MTU (23 - 3)."""

_BASE_TAIL = "-0000-1000-8000-00805f9b34fb"


def short_uuid(uuid: str) -> str:
    """The 4-digit form of a Bluetooth SIG UUID in lower case ("2a5f"); other UUIDs in full, lower case."""
    lowered = uuid.strip().lower()
    if lowered.startswith("0000") and lowered.endswith(_BASE_TAIL):
        return lowered[4:8]
    return lowered


def long_uuid(short: str) -> str:
    """The 128-bit form of a 4-digit UUID, lower case; longer ones unchanged."""
    return f"0000{short.lower()}{_BASE_TAIL}" if len(short) == 4 else short.lower()


class Payload:
    """A cursor over one payload. Each `take` raises DecodeError(TRUNCATED) where bytes are missing."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._at = 0

    def take(self, size: int) -> int:
        """The next `size` bytes as an unsigned little-endian number."""
        end = self._at + size
        if end > len(self.data):
            raise DecodeError(Fault.TRUNCATED, self.data, f"{len(self.data)} bytes, {end} needed")
        number = int.from_bytes(self.data[self._at : end], "little")
        self._at = end
        return number

    def words(self, count: int) -> list[int]:
        """The next `count` 16-bit words; like taking one after the other."""
        whole = self.take(2 * count)
        return [whole >> 16 * place & 0xFFFF for place in range(count)]

    def take_if(self, present: int, size: int) -> int | None:
        """Like `take` where a flag says that the field is there, else None."""
        return self.take(size) if present else None

    @property
    def at(self) -> int:
        """Bytes taken so far."""
        return self._at

    def finish(self) -> int:
        """Bytes left over; raises DecodeError(OVERSIZED) for more than `TOLERATED_TRAILING`."""
        trailing = len(self.data) - self._at
        if trailing > TOLERATED_TRAILING:
            raise DecodeError(Fault.OVERSIZED, self.data, f"{trailing} bytes after the last field")
        return trailing
