"""The music's one output: a stream that stays open at it, and the reason when it cannot.

Used by the sound child's main thread only. It reconnects to a server that comes back and to the *same* output; it
never goes to another one, because music that moves from headphones to a loudspeaker is worse than none.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from media.error import MediaError
from media.frames import Frames
from media.message import MusicReason, Output
from media.outputs import OutputWatch
from media.pulse import LinkState, Server, Stream

BUFFER_S, LATENCY_S = 1.0, 0.06
"""What may be given ahead, which can be taken back; what the output itself holds, which cannot."""
RETRY_S = 0.5
STALLED_AFTER_S = 2.0


class Speaker:
    """One output at a time, by name. While it opens there is no trouble and nothing is wanted."""

    def __init__(self, program: str, now: Callable[[], float] = time.monotonic) -> None:
        self.output: str | None = None
        self._program = program
        self._now = now
        self._watch = OutputWatch(program)
        self._server: Server | None = None
        self._stream: Stream | None = None
        self._retry_at = 0.0
        self._moved_at = now()
        self._taken: int = 0

    @property
    def outputs(self) -> tuple[Output, ...]:
        newest = self._watch.newest
        return newest.outputs if newest else ()

    @property
    def tried(self) -> bool:
        """Whether the server has answered or refused."""
        return self._watch.tried

    @property
    def trouble(self) -> MusicReason | None:
        """Why nothing can be heard at this moment."""
        if not self._watch.tried:
            return None
        newest = self._watch.newest
        if newest is None:
            return MusicReason.NO_SERVER
        if self.output is None or newest.output(self.output) is None:
            return MusicReason.OUTPUT_GONE
        stalled = self._now() - self._moved_at > STALLED_AFTER_S
        return MusicReason.NO_AUDIO if stalled else None

    @property
    def ahead(self) -> int:
        """Frames that were given and are not drawn yet."""
        return self._stream.ahead if self._stream else 0

    @property
    def is_timed(self) -> bool:
        """Whether the output plays, so that what is given can be taken back."""
        return self._stream is not None and self._stream.is_timed

    def wanted(self, ahead: int) -> int:
        """Frames that are missing to be so many ahead."""
        if self._stream is None or self._stream.state is not LinkState.READY:
            return 0
        return max(0, ahead - self._stream.ahead)

    def take_back(self, most: int) -> int:
        """Take back what was given last and is not about to be drawn; how many frames. Others are to follow at once."""
        return self._stream.take_back(most) if self._stream else 0

    def choose(self, name: str | None) -> None:
        """Use this output from now on; None: the server's default, kept once it is known."""
        if name is None or name != self.output:
            self.output = name
            self._drop_stream()
            self._retry_at, self._moved_at = 0.0, self._now()

    def write(self, frames: Frames) -> None:
        if self._stream:
            self._stream.write(frames.astype("<f4", copy=False).tobytes())

    def turn(self, wait_s: float) -> None:
        """Talk to the server; open what is not open."""
        if self._server is None:
            time.sleep(wait_s)
        else:
            self._server.turn(wait_s)
            if self._server.state is LinkState.CLOSED:
                self._drop_server()
        self._open()
        if self._stream:
            self._look_at(self._stream)

    def flush(self) -> None:
        """Let go what was given: the next turn may be far."""
        if self._server:
            self._server.turn(0)

    def _look_at(self, stream: Stream) -> None:
        if stream.taken != self._taken:
            self._taken, self._moved_at = stream.taken, self._now()
        stream.ask_taken()

    def forgive(self) -> None:
        """Our own process was held up: what looks like a stall is ours."""
        self._moved_at = self._now()

    def close(self) -> None:
        self._drop_server()
        self._watch.stop()

    def _open(self) -> None:
        if self._stream and self._stream.state is LinkState.CLOSED:
            self._drop_stream()
        newest = self._watch.newest
        if self.output is None and newest:
            self.output = newest.default
        if self._stream or self._now() < self._retry_at:
            return
        if self._server is None:
            self._retry_at = self._now() + RETRY_S
            self._connect()
        elif self._server.state is LinkState.READY and newest and self.output and newest.output(self.output):
            self._retry_at = self._now() + RETRY_S
            what = {"title": "Music", "role": "music"}
            self._stream = Stream(self._server, self.output, **what, buffer_s=BUFFER_S, latency_s=LATENCY_S)
            self._moved_at, self._taken = self._now(), 0

    def _connect(self) -> None:
        try:
            self._server = Server(self._program)
        except MediaError:
            self._server = None

    def _drop_stream(self) -> None:
        if self._stream:
            self._stream.close()
            self._stream = None

    def _drop_server(self) -> None:
        self._drop_stream()
        if self._server:
            self._server.close()
            self._server = None
