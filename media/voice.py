"""The tone's stream at one output: always open, silence between bursts, and proof of what the server took.

Used by the tone child's main thread only. It never decides what sounds; `media.tone` does.
"""

from __future__ import annotations

from array import array

import msgspec

from media.burst import Pattern, Samples
from media.message import Severity
from media.pulse import CHANNELS, FRAME_BYTES, RATE_HZ, LinkState, Server, Stream

BUFFER_S, LATENCY_S = 1.0, 0.05
"""What is given ahead, silence and burst, and taken back for what comes at once; what the output itself holds."""
UNTIMED_S = 0.25
"""What is given before the server has said how much it draws: of that nothing can be taken back."""
LEAST_S, MOST_S, SOUNDING_MOST_S = 0.04, 0.3, 0.1
"""At a time: what a socket takes at once; a burst is made while it sounds, its beginning does not wait for the rest."""
FULL_S = 0.6
ASK_EVERY_S = 0.2
CUT_S = 0.005
SETTLED_FRAMES = RATE_HZ // 2


class Burst(msgspec.Struct):
    """A burst on its way. begins: frame of the stream at which it starts, -1 until the server asked for it."""

    id: str
    severity: Severity
    samples: Samples
    amplitude: float
    first_pulse: int
    given: int = 0
    begins: int = -1
    reported: bool = False


class Voice:
    """One output. `next_at`: when `media.tone` lets it sound again (its own clock's seconds)."""

    def __init__(self, server: Server, output: str, now: float) -> None:
        self.output = output
        self.next_at = 0.0
        self.burst: Burst | None = None
        self.begun_at = 0.0
        self._stream = Stream(server, output, title="Alarm tones", role="alarm", buffer_s=BUFFER_S, latency_s=LATENCY_S)
        self._silent_from = 0
        self._sounds: list[Burst] = []  # that may still be heard: of a tone without a pause two
        self._tail: list[float] = []
        self._moved_at = now
        self._asked_at = 0.0
        self._taken = 0

    @property
    def state(self) -> LinkState:
        return self._stream.state

    @property
    def index(self) -> int | None:
        """The server's number of this stream; None until it has played a moment.

        PipeWire puts a new stream at another level first, which is no level that anybody chose.
        """
        settled = self._taken >= SETTLED_FRAMES
        return self._stream.index if settled and self.state is LinkState.READY else None

    @property
    def is_full(self) -> bool:
        """Whether it plays, and enough is given to look at it a few times a second."""
        return self._stream.is_timed and self._stream.ahead >= FULL_S * RATE_HZ

    @property
    def sounding(self) -> bool:
        """Whether part of a burst is still to be handed over."""
        return self.burst is not None and self.burst.given < len(self.burst.samples)

    def stalled(self, now: float, after_s: float) -> bool:
        """The output has taken no frame for so long, silence included: asleep, suspended or stuck."""
        return now - self._moved_at > after_s

    def forgive(self, now: float) -> None:
        """Our own process was held up: what looks like a stall is ours."""
        self._moved_at = now

    def begin(self, pattern: Pattern, severity: Severity, burst_id: str, amplitude: float, now: float) -> None:
        """Start a burst behind what sounds, in the place of silence."""
        self._stream.take_back(self._stream.written - self._silent_from)
        self._sounds = [one for one in self._sounds if one.begins + one.given > self._taken]
        self.burst = Burst(burst_id, severity, pattern.samples, amplitude, pattern.first_pulse)
        self._sounds.append(self.burst)
        self.begun_at = now + self._stream.ahead / RATE_HZ

    def hush(self) -> None:
        """Silence at once, without a click."""
        sounds = [one for one in self._sounds if one.begins >= 0]
        self._sounds, self.burst = [], None
        if not sounds:
            return
        self._stream.take_back(self._stream.written - sounds[0].begins)
        self._silent_from, cut = self._stream.written, int(CUT_S * RATE_HZ)
        for one in sounds:
            at = self._silent_from - one.begins
            if 0 <= at < len(one.samples):
                rest = one.samples[at : at + cut]
                self._tail = [value * one.amplitude * (1 - place / cut) for place, value in enumerate(rest)]

    def pump(self, now: float) -> None:
        """Keep the server filled."""
        if self.state is LinkState.READY:
            wanted = round((BUFFER_S if self._stream.is_timed else UNTIMED_S) * RATE_HZ) - self._stream.ahead
            wanted = min(wanted, round((SOUNDING_MOST_S if self.sounding or self._tail else MOST_S) * RATE_HZ))
            if wanted >= LEAST_S * RATE_HZ:
                self._stream.write(self._render(wanted))
        if now - self._asked_at >= ASK_EVERY_S:
            self._asked_at = now
            self._stream.ask_taken()
        if self._stream.taken != self._taken:
            self._taken = self._stream.taken
            self._moved_at = now

    def taken_of_burst(self) -> int:
        """Frames of the present burst that the output has drawn."""
        if self.burst is None or self.burst.begins < 0:
            return 0
        return min(max(0, self._taken - self.burst.begins), self.burst.given)

    def close(self) -> None:
        self._stream.close()

    def _render(self, count: int) -> bytes:
        """The next frames: silence, or the end of what was cut, or a burst, or both at once."""
        burst = self.burst
        if not self._tail and not self.sounding:
            return bytes(count * FRAME_BYTES)
        mono = [*self._tail[:count], *[0.0] * (count - len(self._tail))]
        sounds = min(count, len(self._tail))
        self._tail = self._tail[count:]
        if burst and self.sounding:
            if burst.begins < 0:
                burst.begins = self._stream.written
            part = burst.samples[burst.given : burst.given + count]
            mono[: len(part)] = [under + value * burst.amplitude for under, value in zip(mono, part, strict=False)]
            burst.given += len(part)
            sounds = max(sounds, len(part))
        self._silent_from = self._stream.written + sounds
        frames = array("f", [0.0]) * (count * CHANNELS)
        for channel in range(CHANNELS):
            frames[channel::CHANNELS] = array("f", mono)
        return frames.tobytes()
