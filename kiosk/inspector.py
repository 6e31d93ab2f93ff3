"""Has the record looked through by a child of its own, for the monitor, which never waits for it.

Owned by the room. Once a run, and only when the session has had its start; of a child that ends without an answer
nothing is told, for nothing is known then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.child import Child, ChildEnd
from kiosk.crew import child_argv
from kiosk.line.inspection import FromInspection, Inspect, Inspected
from kiosk.vault import known
from kiosk.vault.fault import VaultError

AFTER_S = 90.0  # what a start needs goes first, and the generated music
WITHIN_S = 30 * 60.0  # years of sessions on a slow disk


class Inspector:
    """told(answer): on the event loop, once."""

    def __init__(self, told: Callable[[Inspected], object]) -> None:
        self._told = told
        self._child: Child | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start_later(self, record: Path, leave_out: Callable[[], str], after_s: float = AFTER_S) -> None:
        """Look when this time has passed. leave_out: the session that goes on then."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(after_s, lambda: self.start(record, leave_out()))

    def start(self, record: Path, leave_out: str) -> None:
        """Look now; nothing where the record is locked, or not made yet."""
        try:
            key = known.key_of(record.parent).secret.hex() if known.has_key(record.parent) else ""
        except VaultError:
            return
        if not record.exists():
            return
        self._child = Child(
            "inspection", child_argv("inspection"), FromInspection, self._take, self._ended, start_within_s=WITHIN_S
        )
        self._child.start()
        self._child.send(Inspect(str(record), key, leave_out))

    async def end(self) -> None:
        """Wherever it is."""
        if self._timer:
            self._timer.cancel()
        if self._child:
            await self._child.end()

    def _take(self, message: Any) -> None:
        if isinstance(message, Inspected):
            self._told(message)

    def _ended(self, how: ChildEnd) -> None:
        self._child = None
