"""The monitor's ticks: never late for its clock, at once for news, and no more of them than a run can bear."""

from __future__ import annotations

import asyncio

from kiosk.ticks import EVERY_S, Ticks


async def is_due(ticks: Ticks) -> bool:
    """Whether the next tick is due now: what waits for the clock is still waiting after the loop has turned."""
    waiting = asyncio.create_task(ticks.due())
    for _turn in range(5):
        await asyncio.sleep(0)
    done = waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    return done


def test_without_news_a_tick_waits_for_the_clock() -> None:
    async def run() -> None:
        ticks = Ticks(lambda: 10.0)
        assert not await is_due(ticks)
        await ticks.due()  # and comes by itself

    asyncio.run(run())


def test_news_bring_the_next_tick_at_once_and_one_tick_for_all_of_them() -> None:
    async def run() -> None:
        ticks = Ticks(lambda: 10.0)
        ticks.hurry()
        ticks.hurry()
        assert await is_due(ticks)
        assert not await is_due(ticks)

    asyncio.run(run())


def test_a_flood_of_news_hurries_one_tick_in_a_tenth_of_a_second() -> None:
    async def run() -> None:
        now_s = [10.0]
        ticks = Ticks(lambda: now_s[0])
        hurried = 0
        for step in range(1000):  # two seconds of five hundred values each
            now_s[0] = 10 + step / 500
            ticks.hurry()
            hurried += await is_due(ticks)
        assert hurried <= 2 / EVERY_S + 1

    asyncio.run(run())


def test_the_end_is_not_waited_for() -> None:
    async def run() -> None:
        ticks = Ticks()
        ticks.hurry()
        await ticks.due()
        ticks.end()
        assert await is_due(ticks)

    asyncio.run(run())
