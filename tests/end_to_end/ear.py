"""What one output plays, heard with the machine's clock: when a tone began, how loud it was in a stretch of time."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from tests.end_to_end.room_run import wait_until
from tests.sound import RATE_HZ, SoundServer

WINDOW = RATE_HZ // 100
WINDOW_NS = 10_000_000
FRESH_NS = 200_000_000
BYTES = 4
HEARD_DB, QUIET_DB = -50.0, -60.0


class Ear:
    """Levels of a sink, each 10 ms, by when they could be heard at the latest: late by the capture's own 20 ms."""

    def __init__(self, server: SoundServer, sink: str) -> None:
        self.sink = sink
        words = ["parec", "-d", f"{sink}.monitor", "--format=float32le", f"--rate={RATE_HZ}", "--channels=1", "--raw"]
        self._process = subprocess.Popen(
            [*words, "--latency-msec=20"], env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._levels: list[tuple[int, float]] = []  # end of a window by the machine's clock, dB of full scale
        self._thread = threading.Thread(target=self._listen, name=f"ear {sink}")
        self._thread.start()
        wait_until(lambda: self._levels, 10, f"sound of {sink}")

    def _listen(self) -> None:
        assert self._process.stdout
        left = b""
        while chunk := os.read(self._process.stdout.fileno(), 1 << 16):
            now_ns = time.time_ns()
            whole = left + chunk
            count = len(whole) // BYTES // WINDOW
            samples = np.frombuffer(whole[: count * WINDOW * BYTES], "<f4").reshape(count, WINDOW)
            left = whole[count * WINDOW * BYTES :]
            power = np.mean(np.square(samples, dtype=np.float64), axis=1)
            behind_ns = len(left) // BYTES * 1_000_000_000 // RATE_HZ
            for i, level in enumerate(10 * np.log10(np.maximum(power, 1e-20))):
                self._levels.append((now_ns - behind_ns - (count - 1 - i) * WINDOW_NS, float(level)))

    def onset_ns(self, after_ns: int, within_s: float = 20.0) -> int:
        """When something was first heard after an instant; an AssertionError if nothing is in time."""

        def heard() -> int | None:
            return next((at - WINDOW_NS for at, db in self._since(after_ns) if db > HEARD_DB), None)

        return wait_until(heard, within_s, f"a tone at {self.sink}")

    def loudest_db(self, after_ns: int, until_ns: int | None = None) -> float:
        """The loudest hundredth of a second since an instant, or between two."""
        return max((db for at, db in self._since(after_ns) if until_ns is None or at <= until_ns), default=-200.0)

    @property
    def until_ns(self) -> int:
        """Up to when it has listened."""
        return self._levels[-1][0]

    def is_silent(self, for_s: float) -> bool:
        """Whether nothing was heard for so long, up to now."""
        until_ns = self.until_ns
        return time.time_ns() - until_ns < FRESH_NS and self.loudest_db(until_ns - round(for_s * 1e9)) < QUIET_DB

    def _since(self, after_ns: int) -> Iterator[tuple[int, float]]:
        known = self._levels[:]
        first = next((i for i in range(len(known), 0, -1) if known[i - 1][0] <= after_ns), 0)
        yield from known[first:]

    def stop(self) -> None:
        """End the capture."""
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(5)
        assert self._process.stdout
        self._process.stdout.close()


@contextmanager
def ear(server: SoundServer, sink: str) -> Iterator[Ear]:
    """An ear at this sink, always taken away."""
    listening = Ear(server, sink)
    try:
        yield listening
    finally:
        listening.stop()
