"""What the audio server's outputs are doing: name, level, mute; and the same of our own streams.

A thread of the sound children that reads and never writes. It is apart from the thread that plays because a mixer
question to a frozen server does not return, and a tone must not wait for it: the last answer is kept with its age.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pulsectl  # pyright: ignore[reportMissingTypeStubs]

from media.message import Output

FRESH_FOR_S = 2.0
POLL_S = 1.0
RETRY_S = 1.0


class Snapshot(msgspec.Struct, frozen=True):
    """One answer of the server. at: monotonic seconds; streams: (level_percent, muted) by the server's number;
    asleep: names of outputs that the server has suspended."""

    at: float
    outputs: tuple[Output, ...]
    streams: dict[int, tuple[int, bool]]
    asleep: frozenset[str] = frozenset()

    def output(self, name: str) -> Output | None:
        return next((output for output in self.outputs if output.name == name), None)

    @property
    def default(self) -> str | None:
        """The output that the desktop uses when nobody chooses; the first one if it names none that exists."""
        names = [output.name for output in self.outputs if output.default]
        names += [output.name for output in self.outputs]
        return names[0] if names else None


class OutputWatch:
    """Keeps the newest `Snapshot`. None: the server does not answer (or never did)."""

    def __init__(self, program: str, now: Callable[[], float] = time.monotonic) -> None:
        self._program = program
        self._now = now
        self._newest: Snapshot | None = None
        self._tried = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="output watch", daemon=True)
        self._thread.start()

    @property
    def tried(self) -> bool:
        """Whether the first question has been answered or refused."""
        return self._tried.is_set()

    @property
    def newest(self) -> Snapshot | None:
        """The last answer, however old; None after the server closed the connection."""
        return self._newest

    @property
    def fresh(self) -> Snapshot | None:
        """The last answer if it is younger than `FRESH_FOR_S`."""
        newest = self._newest
        return newest if newest and self._now() - newest.at < FRESH_FOR_S else None

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(POLL_S * 4)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with pulsectl.Pulse(self._program, threading_lock=False) as pulse:
                    self._follow(pulse)
            except (pulsectl.PulseError, pulsectl.PulseDisconnected, OSError):
                self._newest = None
            self._tried.set()
            self._stopping.wait(RETRY_S)

    def _follow(self, pulse: Any) -> None:
        pulse.event_mask_set("sink", "sink_input", "server")
        pulse.event_callback_set(_stop_listening)
        while not self._stopping.is_set():
            self._newest = self._ask(pulse)
            self._tried.set()
            pulse.event_listen(timeout=POLL_S)

    def _ask(self, pulse: Any) -> Snapshot:
        default = pulse.server_info().default_sink_name
        sinks = pulse.sink_list()
        outputs = tuple(
            Output(sink.name, sink.description, sink.name == default, _percent(sink.volume.value_flat), bool(sink.mute))
            for sink in sinks
        )
        streams = {
            stream.index: (_percent(stream.volume.value_flat), bool(stream.mute)) for stream in pulse.sink_input_list()
        }
        asleep = frozenset(sink.name for sink in sinks if sink.state == "suspended")
        return Snapshot(self._now(), outputs, streams, asleep)


def _percent(level: float) -> int:
    return round(level * 100)


def _stop_listening(event: object) -> None:
    raise pulsectl.PulseLoopStop
