"""What a scene of the guest says while it runs, and how it ends: 0 when everything was shown.

Part of the run against a real BlueZ.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

LOOK_EVERY_S = 0.05
START_S = time.monotonic()


class NotShownError(AssertionError):
    """Something that must be shown was not; the text says what."""


def show(text: str) -> None:
    """One line of what was seen, with the seconds since the start."""
    print(f"{time.monotonic() - START_S:7.2f} s  {text}", flush=True)


def check(what: str, holds: bool) -> None:
    """Say what was shown, or fail with it."""
    if not holds:
        raise NotShownError(what)
    show(f"ok: {what}")


async def until(what: str, is_so: Callable[[], bool], within_s: float) -> float:
    """Wait until `is_so`; the seconds that it took. Raises NotShownError after `within_s`."""
    start_s = time.monotonic()
    while not is_so():
        if time.monotonic() - start_s > within_s:
            raise NotShownError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(LOOK_EVERY_S)
    return time.monotonic() - start_s


def run(play: Callable[[], Awaitable[None]]) -> int:
    """Play a scene; its exit code."""

    async def whole() -> None:
        await play()

    try:
        asyncio.run(whole())
    except (NotShownError, TimeoutError) as failed:
        show(f"FAILED: {failed or 'no answer in time'}")
        return 1
    return 0
