"""How long the other end of a line has been silent, counted in our own steps: our own freeze is not held against it.

Pure, time is a parameter (seconds, any origin). Used at both ends. While the other end beats, a step is as long as the
pause between two beats: each process of a room would wake twice as often for nothing.
"""

from __future__ import annotations

from kiosk.line.codec import BEAT_EVERY_S

NEAR_STEP_S = 0.25  # once a beat is missing


class Silence:
    """`hear` each beat, `step` after each `step_s`. Both ends of a pipe may run in threads of their own."""

    def __init__(self, now_s: float) -> None:
        self.silent_s = 0.0
        self._heard_s = self._stepped_s = now_s

    @property
    def step_s(self) -> float:
        """How long the next step is."""
        return BEAT_EVERY_S if self.silent_s < BEAT_EVERY_S else NEAR_STEP_S

    def hear(self, now_s: float) -> None:
        """The other end lives."""
        self._heard_s = now_s

    def step(self, now_s: float) -> float:
        """One of our steps is over: seconds of silence so far. One that took longer was our own freeze."""
        passed_s = min(now_s - self._stepped_s, self.step_s)
        self._stepped_s = now_s
        self.silent_s = min(self.silent_s + passed_s, now_s - self._heard_s)
        return self.silent_s
