"""Keeps the scanner of the person's own music running until all of it is known, then lets it go.

Owned by the monitor, which never waits for it. A scanner that dies is started again and passes over the file at which
it died (`media.scanner`); it says how far it is, and can be told to leave it at that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.child import Child, ChildEnd, Keeper
from kiosk.crew import child_argv
from media.message import FromLibrary, Scan, Scanned, Scanning, StopScan


class Librarian:
    """known(answer): once, when all is known, or as much as will be. far(scanning): how far it is, at each file."""

    def __init__(
        self,
        place: str,
        cache: Path,
        known: Callable[[Scanned], object],
        far: Callable[[Scanning], object] = lambda scanning: None,
    ) -> None:
        self._scan = Scan(place, str(cache))
        self._known, self._far = known, far
        self._keeper = Keeper(self._make) if place else None
        self._ending: asyncio.Task[ChildEnd | None] | None = None

    def start(self) -> None:
        """Begin; without a place there is nothing to do."""
        if self._keeper:
            self._keeper.start()

    def stop(self) -> None:
        """Leave it at what is known; answered by `known` as well."""
        if self._keeper:
            self._keeper.send(StopScan())

    async def end(self) -> None:
        """End the scanner, wherever it is."""
        if self._ending:
            await self._ending
        elif self._keeper:
            await self._keeper.end()

    def _make(self) -> Child:
        return Child(
            "library",
            child_argv("library"),
            FromLibrary,
            self._take,
            on_start=lambda pid: self._keeper.send(self._scan) if self._keeper else None,
        )

    def _take(self, message: Any) -> None:
        match message:
            case Scanning():
                self._far(message)
            case Scanned() if self._keeper and not self._ending:
                self._ending = asyncio.get_running_loop().create_task(self._keeper.end(), name="librarian")
                self._known(message)
            case _:
                pass
