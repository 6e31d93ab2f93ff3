"""From chunks to whole frames: survives fragments, merged frames, garbage before and between, and a start mid-frame.

Runs in the monitor, one framer a characteristic and connection. Must never hold more than one longest frame, never
repair a frame, and never hand out one whose checksum is wrong: a byte that begins no frame is dropped, and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Framing(NamedTuple):
    """How a family's frames are told apart.

    heads: bytes that a frame can begin with. longest: bytes of the longest frame. size: bytes of the frame that these
    bytes begin with, 0 while not known yet, negative if they begin none. whole: whether a complete frame is
    believed, by its checksum or its marks.
    """

    heads: frozenset[int]
    longest: int
    size: Callable[[bytes], int]
    whole: Callable[[bytes], bool]


class Framer:
    """feed() chunks; take_dropped() after each. dropped: bytes that belonged to no frame, over the whole connection."""

    def __init__(self, framing: Framing) -> None:
        self.dropped = 0
        self._framing = framing
        self._buffer = bytearray()
        self._dropped_now = bytearray()

    @property
    def held(self) -> int:
        """Bytes waiting for the rest of their frame; always less than the longest frame."""
        return len(self._buffer)

    def feed(self, chunk: bytes) -> list[bytes]:
        """The frames that `chunk` completes, in order."""
        frames: list[bytes] = []
        step = self._framing.longest
        if self._buffer and chunk and self._whole_size(chunk[:step]) > 0:
            # a chunk that is a frame by itself: what waits was cut short, and eight bits could take both for one
            self._drop(len(self._buffer))
        for at in range(0, len(chunk), step):
            self._buffer += chunk[at : at + step]
            self._cut(frames)
        return frames

    def take_dropped(self) -> bytes:
        """What was dropped since the last call."""
        dropped = bytes(self._dropped_now)
        self._dropped_now.clear()
        return dropped

    def _cut(self, frames: list[bytes]) -> None:
        while self._buffer:
            start, size = self._next()
            self._drop(start)
            if not size:
                return
            frames.append(bytes(self._buffer[:size]))
            del self._buffer[:size]

    def _drop(self, count: int) -> None:
        self._dropped_now += self._buffer[:count]
        self.dropped += count
        del self._buffer[:count]

    def _whole_size(self, held: bytes) -> int:
        """Bytes of the believed frame at the beginning of `held`, 0 while it may become one, negative if never."""
        framing = self._framing
        if held[0] not in framing.heads:
            return -1
        size = framing.size(held)
        if 0 < size <= len(held):
            return size if framing.whole(held[:size]) else -1
        return 0 if 0 <= size <= framing.longest else -1

    def _next(self) -> tuple[int, int]:
        """Start and size of the first whole frame; size 0: start of what may become one.

        Looks behind a frame that waits for its rest, so that one cut short does not swallow the next.
        """
        held, waiting = bytes(self._buffer), len(self._buffer)
        for start in range(len(held)):
            size = self._whole_size(held[start : start + self._framing.longest])
            if size > 0:
                return start, size
            if size == 0:
                waiting = min(waiting, start)
        return waiting, 0
