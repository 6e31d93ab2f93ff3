"""A hard limit around one operation of a radio library, which is called off and waited for when it takes too long.

Used by everything that talks to bleak; no state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

CALL_OFF_LIMIT_S = 5.0
T = TypeVar("T")


async def bounded(action: Coroutine[Any, Any, T], limit_s: float, is_excused: Callable[[], bool] = bool) -> T:
    """Await `action` for at most `limit_s`, then call it off and wait for its end; raises TimeoutError.

    In a task of its own: a radio library cancels waiters when a link drops, and that must not look as if we were
    cancelled; and a cancelled operation must come to its end before the next one begins. is_excused: asked when the
    time is over; while it says yes there is as much time again.
    """
    task = asyncio.ensure_future(action)
    task.add_done_callback(_seen)
    try:
        await asyncio.wait({task}, timeout=limit_s)
        while not task.done() and is_excused():
            await asyncio.wait({task}, timeout=limit_s)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=CALL_OFF_LIMIT_S)
    if task.cancelled():
        raise TimeoutError(f"no answer within {limit_s:g} s")
    if not task.done():
        raise TimeoutError(f"does not end, {limit_s:g} s and {CALL_OFF_LIMIT_S:g} s more")
    return task.result()


def _seen(task: asyncio.Task[Any]) -> None:
    """Whoever awaited it may be cancelled before it fails; then nobody else asks for its error."""
    if not task.cancelled():
        task.exception()
