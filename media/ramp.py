"""Loudness that never jumps: a value that walks to its target, sample by sample. Pure."""

from __future__ import annotations

import numpy as np

from media.frames import Frames
from media.pulse import RATE_HZ


class Ramp:
    """A slider position 0..1 on its way; loudness is its cube, so that an even walk sounds even."""

    def __init__(self, position: float) -> None:
        self.position = position
        self.target = position
        self._step = 0.0

    @property
    def settled(self) -> bool:
        return self.position == self.target

    def go(self, target: float, seconds: float) -> None:
        """Walk to `target` in `seconds`; a second call turns round from wherever it is."""
        self.target = target
        self._step = (target - self.position) / max(1.0, seconds * RATE_HZ)

    def put(self, position: float) -> None:
        """Be there at once. Only while nothing sounds."""
        self.position = self.target = position

    def take(self, count: int) -> Frames:
        """Gains of the next `count` frames, shape (count, 1); of one that has arrived (1, 1), which goes for all."""
        if self.settled:
            return np.full((1, 1), self.position**3, np.float32)
        walk = self.position + self._step * np.arange(1, count + 1)
        low, high = sorted((self.position, self.target))
        walk = np.clip(walk, low, high)
        self.position = self.target if abs(walk[-1] - self.target) < 1e-9 else float(walk[-1])
        return (walk**3).astype(np.float32)[:, None]


def crossing(begin: float, count: int, per_frame: float) -> tuple[Frames, Frames]:
    """Equal-power gains of leaving and coming track from progress `begin` (0..1) on, shape (count, 1) each."""
    progress = np.clip(begin + per_frame * np.arange(count), 0, 1) * np.pi / 2
    return np.cos(progress).astype(np.float32)[:, None], np.sin(progress).astype(np.float32)[:, None]


def limit(frames: Frames) -> Frames:
    """Full scale is never passed: what lies beyond 0.85 is bent, not cut. Below that nothing is touched."""
    if not len(frames) or float(np.abs(frames).max()) <= 0.85:
        return frames
    beyond = np.maximum(np.abs(frames) - 0.85, 0)
    bent = np.minimum(np.abs(frames), 0.85) + 0.14 * np.tanh(beyond / 0.14)
    return np.copysign(bent, frames).astype(np.float32)
