"""When the monitor's next tick is due: a tenth of a second after the last one, or at once when there is news.

A value or a person's touch that waited for the next tick would be on the display, and in the tone, up to a tenth of a
second later. A flood of news hurries no more than one tick in a tenth of a second: the alarms' clock is never delayed,
and a run at high speed costs no more than twice the ticks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

EVERY_S = 0.1


class Ticks:
    """For one loop. now: a monotonic clock."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._news = asyncio.Event()
        self._hurried_s = float("-inf")

    def hurry(self) -> None:
        """There is news: the next tick is due now, unless another was hurried just before."""
        if self._now() - self._hurried_s >= EVERY_S:
            self._hurried_s = self._now()
            self._news.set()

    def end(self) -> None:
        """No more ticks are waited for."""
        self._hurried_s = float("inf")
        self._news.set()

    async def due(self) -> None:
        """Wait until the next tick is due."""
        clock = asyncio.get_running_loop().call_later(EVERY_S, self._news.set)
        try:
            await self._news.wait()
        finally:
            clock.cancel()
        self._news.clear()
