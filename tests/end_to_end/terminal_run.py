"""`kiosk monitor` as a process, read line by line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.end_to_end.room_run import ROOT, wait_until


class Terminal:
    """`kiosk monitor` with its JSON lines; every line so far in `lines`."""

    def __init__(self, *words: object, **env: str) -> None:
        self.lines: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "monitor", *map(str, words)],
            cwd=ROOT, env=os.environ | env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name="lines")
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def await_line(self, timeout_s: float = 30.0, **wanted: object) -> dict[str, Any]:
        """The first line with these fields."""

        def found() -> dict[str, Any] | None:
            return next((line for line in list(self.lines) if wanted.items() <= line.items()), None)

        return wait_until(found, timeout_s, str(wanted))

    def await_alarm(self, name: str) -> None:
        """Until this alarm is raised."""
        raised = {"kind": "alarm_raised"}.items()
        wait_until(
            lambda: [v for v in list(self.lines) if raised <= v.items() and v["data"]["alarm"] == name], 30, name
        )

    def await_more(self, line_type: str, count: int = 1) -> None:
        """Until this many lines of a type have come from now on."""
        seen = len(self.lines)
        wait_until(lambda: sum(v["type"] == line_type for v in self.lines[seen:]) >= count, 20, f"more {line_type}")

    def end(self) -> tuple[int, str]:
        """SIGTERM; exit code and stderr."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """Exit code and stderr once it has ended by itself."""
        assert self.process.stdout
        assert self.process.stderr
        code = self.process.wait(40)
        self._reader.join(5)
        with self.process.stdout, self.process.stderr as errors:
            return code, errors.read().decode()


@contextmanager
def terminal(*words: object, **env: str) -> Iterator[Terminal]:
    """A monitor on the terminal, always ended."""
    running = Terminal(*words, **env)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.wait()
