"""A room that is ended while it begins."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from kiosk.room import Room

WITHIN_S = 5.0


def test_what_waits_for_the_pane_is_called_off_also_in_the_moment_in_which_the_pane_stands() -> None:
    async def ends() -> bool:
        stands = asyncio.Event()
        stands.set()

        async def begin() -> None:
            await Room.standing(cast(Any, SimpleNamespace(_stands=stands)))
            await asyncio.Event().wait()  # the radio

        begun = asyncio.create_task(begin())
        await asyncio.sleep(0)
        begun.cancel()
        done, _ = await asyncio.wait({begun}, timeout=WITHIN_S)
        begun.cancel()
        return begun in done

    assert asyncio.run(ends())
