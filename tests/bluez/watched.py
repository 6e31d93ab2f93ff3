"""One `kiosk monitor` as a child of the scenario: its JSON lines as they come, and how it ends.

Part of the run against a real BlueZ. It reads what a person at a terminal would read, and nothing behind it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from shown import NotShownError, until


class Watched:
    """A running monitor. readings and events: its lines so far; began_s: when it was started, monotonic."""

    def __init__(self, process: Process, capture: Path) -> None:
        self.began_s = time.monotonic()
        self.readings: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.first_reading_s: float | None = None
        self._process = process
        self._capture = capture
        self._reader = asyncio.ensure_future(self._read())

    @classmethod
    async def start(cls, data_dir: Path, logs: Path, name: str, *more: str) -> Watched:
        """The command of the README, in a process of its own; its lines and stderr are kept in `logs`.

        more: further options, e.g. "--any", "--yes"; without them the chosen devices are read.
        """
        command = ["-m", "kiosk", "monitor", "--json", "--seconds", "1200", "--data-dir", str(data_dir), *more]
        with (logs / f"{name}.stderr").open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE, stderr=stderr)
        return cls(process, logs / f"{name}.jsonl")

    def told(self, kind: str, **data: object) -> int:
        """How many events of this kind, with this data, were told so far."""
        return sum(
            event["kind"] == kind and all(event["data"].get(key) == value for key, value in data.items())
            for event in self.events
        )

    async def more_readings(self, count: int, within_s: float) -> float:
        """Wait for so many readings more than there are now."""
        wanted = len(self.readings) + count
        return await until(f"{count} more readings", lambda: self._lives() and len(self.readings) >= wanted, within_s)

    async def kill(self) -> None:
        """SIGKILL: no farewell to anybody."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        await self._reader

    async def end(self, within_s: float) -> int:
        """Ask it to end, as Ctrl+C does; its exit code."""
        self._process.send_signal(signal.SIGINT)
        async with asyncio.timeout(within_s):
            await self._reader
            return await self._process.wait()

    def _lives(self) -> bool:
        if self._process.returncode is not None:
            raise NotShownError(f"the monitor ended by itself with {self._process.returncode}")
        return True

    async def _read(self) -> None:
        assert self._process.stdout is not None
        with self._capture.open("wb") as capture:
            async for line in self._process.stdout:
                capture.write(line)
                capture.flush()
                self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        match line["type"]:
            case "reading":
                self.first_reading_s = self.first_reading_s or time.monotonic()
                self.readings.append(line)
            case "event":
                self.events.append(line)
            case _:
                pass
