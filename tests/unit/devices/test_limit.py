"""An operation with a time limit: called off, waited for, and quiet when nobody waits any more."""

import asyncio
import gc

import pytest

from devices.limit import bounded


async def test_an_error_that_comes_after_its_caller_was_cancelled_is_told_to_nobody() -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["message"]))

    async def fails_when_called_off() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise OSError("the link is gone") from None

    waiting = asyncio.create_task(bounded(fails_when_called_off(), 60))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    del waiting
    gc.collect()
    assert told == []


async def test_what_takes_too_long_is_called_off_and_has_ended() -> None:
    ended: list[bool] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    with pytest.raises(TimeoutError):
        await bounded(slow(), 0.01)
    assert ended == [True]
