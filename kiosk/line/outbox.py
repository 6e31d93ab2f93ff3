"""What waits to be written to one child. Bounded, so that a slow child never costs the monitor memory or time.

Pure, owned by the parent's end of a line. State replaces state of its type; when too much waits, what is of the moment
only goes first, then droppable messages (the child gets its history anew later). Order is kept. A child that leaves
even the rest unread is `hopeless`.
"""

from __future__ import annotations

from collections import deque

import msgspec

from kiosk.line.codec import Beat, encode

LIMIT_BYTES = 4 * 1024 * 1024
LIMIT_LINES = 4096
LIMIT_PERISHABLE = 10


class Outbox:
    """replaceable: types of which only the newest matters. droppable: types that can be asked for again.

    perishable: types that are worth nothing later; a few wait, the oldest is thrown away for the newest.
    """

    def __init__(
        self,
        replaceable: tuple[type[msgspec.Struct], ...] = (),
        droppable: tuple[type[msgspec.Struct], ...] = (),
        perishable: tuple[type[msgspec.Struct], ...] = (),
        limit_bytes: int = LIMIT_BYTES,
        limit_lines: int = LIMIT_LINES,
    ) -> None:
        self.hopeless = False
        self._replaceable, self._droppable = (*replaceable, Beat), droppable
        self._perishable = perishable
        self._limit_bytes, self._limit_lines = limit_bytes, limit_lines
        self._waiting: deque[tuple[type[msgspec.Struct], bytes]] = deque()
        self._bytes = 0
        self._dropped = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: msgspec.Struct) -> None:
        """Queue a message; a Beat goes first. Raises LineError(TOO_LONG), then nothing is queued."""
        kind, line = type(message), encode(message)
        if kind in self._replaceable:
            self._remove((kind,))
        if kind in self._perishable:
            self._remove_oldest(kind)
        if self._too_much(line):
            self._remove(self._perishable)
            if kind in self._perishable:
                return
        if self._too_much(line):
            self._dropped |= self._remove(self._droppable)
            if kind in self._droppable:
                self._dropped = True
                return
        self.hopeless = self.hopeless or self._too_much(line)
        if not self.hopeless:
            self._bytes += len(line)
            add = self._waiting.appendleft if kind is Beat else self._waiting.append
            add((kind, line))

    def take(self) -> bytes | None:
        """The next line to write, None when nothing waits."""
        if not self._waiting:
            return None
        _, line = self._waiting.popleft()
        self._bytes -= len(line)
        return line

    def has_gap(self) -> bool:
        """True once after droppable messages were dropped and everything else is written: send the history now."""
        gap = self._dropped and not self._waiting
        if gap:
            self._dropped = False
        return gap

    def _too_much(self, line: bytes) -> bool:
        return self._bytes + len(line) > self._limit_bytes or len(self._waiting) >= self._limit_lines

    def _remove_oldest(self, kind: type[msgspec.Struct]) -> None:
        """Room for one more of this perishable kind."""
        places = [place for place, entry in enumerate(self._waiting) if entry[0] is kind]
        for place in reversed(places[: max(0, len(places) - LIMIT_PERISHABLE + 1)]):
            self._bytes -= len(self._waiting[place][1])
            del self._waiting[place]

    def _remove(self, kinds: tuple[type[msgspec.Struct], ...]) -> bool:
        kept = deque(entry for entry in self._waiting if entry[0] not in kinds)
        removed = len(kept) < len(self._waiting)
        if removed:
            self._waiting = kept
            self._bytes = sum(len(line) for _, line in kept)
        return removed
