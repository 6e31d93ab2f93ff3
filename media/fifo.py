"""Decoded frames between the decoder's thread and the mixer: one writes at the end, the other reads at the front.

No lock: a deque's ends are safe, and everything else belongs to the reader. Frames run out only when the decoder is
too slow; then the sound fades, and comes back when there is enough again.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from media.frames import Frames
from media.pulse import CHANNELS, RATE_HZ

ENOUGH = int(0.3 * RATE_HZ)
KEPT = RATE_HZ
FADE = int(0.02 * RATE_HZ)


class Fifo:
    """16-bit stereo in, float frames out, in order and without loss."""

    def __init__(self, gain_db: float = 0.0) -> None:
        """gain_db: what the whole piece is made louder or softer by."""
        self._scale = np.float32(10 ** (gain_db / 20) / 32768)
        self.read_frames = 0
        self.arrived = 0
        self.complete = False
        self._blocks: deque[bytes] = deque()
        self._rest: Frames = np.zeros((0, CHANNELS), np.float32)
        self._read: deque[Frames] = deque()  # what was read last, `KEPT` frames at least
        self._starved = False

    def push(self, block: bytes) -> None:
        """Decoder's side: more frames."""
        self._blocks.append(block)
        self.arrived += len(block) // (2 * CHANNELS)

    def finish(self) -> None:
        """Decoder's side: nothing follows."""
        self.complete = True

    @property
    def queued(self) -> int:
        """Frames that wait to be read."""
        return self.arrived - self.read_frames

    @property
    def ready(self) -> bool:
        """Enough to begin with."""
        return self.queued >= ENOUGH or self.complete

    @property
    def empty(self) -> bool:
        """The last frame has been read."""
        return self.complete and self.queued == 0

    def read(self, count: int) -> Frames:
        """The next frames: fewer than `count` only at the very end, silence while the decoder is behind."""
        if self._starved and not self.ready:
            return np.zeros((count, CHANNELS), np.float32)
        last = self.complete
        frames = self._take(count)
        if self._starved and len(frames):
            self._starved = False
            _fade(frames, rising=True)
        if len(frames) == count or last:
            return frames
        self._starved = True
        _fade(frames, rising=False)
        return np.concatenate([frames, np.zeros((count - len(frames), CHANNELS), np.float32)])

    def _take(self, count: int) -> Frames:
        parts, have = [self._rest], len(self._rest)
        while have < count and self._blocks:
            raw = np.frombuffer(self._blocks.popleft(), "<i2").reshape(-1, CHANNELS)
            parts.append(raw.astype(np.float32) * self._scale)
            have += len(raw)
        frames = np.concatenate(parts)
        self._rest = frames[count:]
        self._keep(frames[:count])
        return frames[:count].copy()

    def _keep(self, frames: Frames) -> None:
        self.read_frames += len(frames)
        self._read.append(frames)
        while sum(map(len, self._read)) - len(self._read[0]) >= KEPT:
            self._read.popleft()

    def unread(self, count: int) -> None:
        """Give back the last `count` frames that were read, at most `KEPT`: they come again."""
        frames = np.concatenate([np.zeros((0, CHANNELS), np.float32), *self._read])
        count = min(count, len(frames))
        self._read = deque([frames[: len(frames) - count]])
        self._rest = np.concatenate([frames[len(frames) - count :], self._rest])
        self.read_frames -= count


def _fade(frames: Frames, *, rising: bool) -> None:
    span = min(FADE, len(frames))
    ramp = np.linspace(0, 1, span, dtype=np.float32)[:, None]
    if rising:
        frames[:span] *= ramp
    elif span:
        frames[-span:] *= ramp[::-1]
