"""Keeps the library child running until the person's own music is known and the generated pieces are made.

Owned by the monitor, which never waits for it. A scanner that dies is started again and passes over the file at which
it died (`media.scanner`); it says how far it is, and can be told to leave it at that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from kiosk.child import Child, ChildEnd, Keeper
from kiosk.crew import child_argv
from media.message import Compose, Composed, FromLibrary, Scan, Scanned, Scanning, StopScan, Track


class Librarian:
    """place: own music, "" for none. known(answer): once, when all of it is known, or as much as will be.

    far(scanning): how far it is, at each file. composed(track): for each generated piece; None makes none.
    """

    def __init__(
        self,
        place: str,
        cache: Path,
        known: Callable[[Scanned], object],
        far: Callable[[Scanning], object] = lambda scanning: None,
        composed: Callable[[Track], object] | None = None,
    ) -> None:
        self._wanted: list[msgspec.Struct] = [Scan(place, str(cache))] if place else []
        self._wanted += [Compose(str(cache))] if composed else []
        self._known, self._far, self._composed = known, far, composed
        self._keeper = Keeper(self._make) if self._wanted else None
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
            on_start=lambda pid: self._ask(),
        )

    def _ask(self) -> None:
        """The next thing to do; a new child is asked again what the last one did not finish."""
        if self._keeper and self._wanted:
            self._keeper.send(self._wanted[0])

    def _take(self, message: Any) -> None:
        match message:
            case Scanning():
                self._far(message)
            case Scanned() if self._wanted:
                self._done()
                self._known(message)
            case Composed(track=Track() as track) if self._composed:
                self._composed(track)
            case Composed() if self._wanted:
                self._done()
            case _:
                pass

    def _done(self) -> None:
        del self._wanted[0]
        if self._wanted:
            self._ask()
        elif self._keeper and not self._ending:
            self._ending = asyncio.get_running_loop().create_task(self._keeper.end(), name="librarian")
