"""From pieces back to frames: what a receiver of a cut or merged stream must have, and what it must never have.

Runs in the air's process, beside the log. A stream's frames are entered before they are cut into notifications; each
notification that reached the monitor, or did not, takes its bytes off again.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import NamedTuple


class Owed(StrEnum):
    """What a correct receiver makes of a frame that reached it whole."""

    VALUE = "value"  # exactly one reading
    REPEAT = "repeat"  # one reading or none: it says again what was said
    OTHER = "other"  # no reading: a waveform, an answer about itself
    BROKEN = "broken"  # no reading ever, its bytes are refused
    CUT = "cut"  # the beginning of a frame whose link was lost: no reading, refused or forgotten


class Frame(NamedTuple):
    """Bytes that belong together."""

    data: bytes
    owed: Owed = Owed.VALUE


class Ended(NamedTuple):
    """A frame whose last byte was taken or lost. delivered: every byte of it was taken."""

    frame: Frame
    delivered: bool


class Ledger:
    """The frames of one stream that are under way, oldest first."""

    def __init__(self) -> None:
        self._open: deque[Frame] = deque()
        self._taken = 0
        self._delivered = True

    def enter(self, frame: Frame) -> None:
        """The next frame; empty ones are nothing."""
        if frame.data:
            self._open.append(frame)

    def take(self, count: int, delivered: bool) -> list[Ended]:
        """So many bytes of the stream were taken by the monitor, or lost; the frames that end with them."""
        ended: list[Ended] = []
        while count and self._open:
            step = min(count, len(self._open[0].data) - self._taken)
            self._taken, count = self._taken + step, count - step
            self._delivered = self._delivered and delivered
            if self._taken == len(self._open[0].data):
                ended.append(Ended(self._open.popleft(), self._delivered))
                self._taken, self._delivered = 0, True
        return ended

    def abandon(self) -> list[Ended]:
        """The link is gone: nothing of what is still open has reached anybody as a whole."""
        ended = [Ended(frame, False) for frame in self._open]
        self._open.clear()
        self._taken, self._delivered = 0, True
        return ended
