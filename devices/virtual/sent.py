"""The truth that tests compare with: one line for every value that left a simulated device, and for link events.

Owned by the air's process; the monitor never reads it. A value's line says whether it was delivered, by this rule:
the monitor's host confirms each packet with the HCI command Host Number Of Completed Packets after its callback has
run (a host that does not offer this is taken to have a notification once it is handed over, an indication once it
is confirmed). Lines are written in the order of these confirmations, which is the order of the monitor's callbacks.
A value that a dying link or monitor swallowed is written with `"delivered": false`: it may or may not have been seen.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TextIO

import msgspec


class SentValue(msgspec.Struct, frozen=True):
    """One value handed to a monitor's adapter. utc_ns: when it was handed over, by the machine's clock."""

    utc_ns: int
    device: str
    characteristic: str
    hex: str
    kind: str  # "notification" or "indication"


class SentLog:
    """Writes `air.jsonl`, each line flushed. A new air begins a new log: the comparison is with one run."""

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = path.open("w", encoding="utf-8") if path else None
        self._count = 0
        self._open = 0
        self._settled = asyncio.Event()
        self._settled.set()

    def began(self) -> None:
        """A value is on its way; its line follows."""
        self._open += 1
        self._settled.clear()

    def ended(self, value: SentValue, delivered: bool) -> None:
        """What became of it."""
        self._count += 1
        self._open -= 1
        if not self._open:
            self._settled.set()
        self._write({"n": self._count, **msgspec.structs.asdict(value), "delivered": delivered})

    def event(self, event: str, **data: object) -> None:
        """A link event ("connected", "dropped", "subscribed", ...) with what belongs to it."""
        self._write({"event": event, "utc_ns": time.time_ns(), **data})

    async def settled(self, within_s: float) -> None:
        """Wait until nothing is on its way, for at most `within_s`."""
        try:
            await asyncio.wait_for(self._settled.wait(), within_s)
        except TimeoutError:
            self.event("unsettled", values=self._open)

    def _write(self, line: dict[str, object]) -> None:
        if self._file:
            self._file.write(msgspec.json.encode(line).decode() + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
