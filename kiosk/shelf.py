"""Looks for the person's own music without the monitor's waiting: names and what is known of them, in a thread.

Owned by the monitor. Two thousand files are two thousand looks at a disk, which may sleep, be far away or hang; the
monitor's tick goes on meanwhile, and after five seconds it is told to play something else until an answer comes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from media import collection
from media.error import MediaError
from media.library import Found

WAIT_S = 5.0
Answer = Found | MediaError


class Shelf:
    """place: a folder or list, "" for none. told: what was found, why nothing could be; None: not yet, after 5 s."""

    def __init__(self, place: str, cache: Path, told: Callable[[Answer | None], object]) -> None:
        self._place, self._cache, self._told = place, cache, told
        self._is_looking = self._again = False
        self._impatience: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Begin to look; where a look is under way, another one follows it."""
        if not self._place:
            return
        if self._is_looking:
            self._again = True
            return
        self._is_looking = True
        loop = asyncio.get_running_loop()
        self._impatience = self._impatience or loop.call_later(WAIT_S, self._told, None)
        # a daemon: a disk that hangs must not hold up the end of the process
        Thread(target=self._open, args=(loop,), name="own music", daemon=True).start()

    def end(self) -> None:
        """Whatever is found from now on is not wanted."""
        self._place = ""
        if self._impatience:
            self._impatience.cancel()

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Top of the thread."""
        try:
            answer: Answer = collection.open_place(Path(self._place), self._cache)
        except MediaError as error:
            answer = error
        with contextlib.suppress(RuntimeError):  # the owner's loop has closed
            loop.call_soon_threadsafe(self._answered, answer)

    def _answered(self, answer: Answer) -> None:
        self._is_looking = False
        if not self._place:
            return
        if self._impatience:
            self._impatience.cancel()
        self._told(answer)
        if self._again:
            self._again = False
            self.look()
