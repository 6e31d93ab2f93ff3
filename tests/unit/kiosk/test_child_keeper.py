"""A kept child comes back, later and later; a steady one starts afresh. Time is a parameter."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from kiosk.child import BACK_OFF_S, Child, ChildEnd, Keeper, keep
from tests.children.messages import FromTest, Leave, Word
from tests.children.wait import ROOT, alive, until


class FakeChild:
    """Ends at once, after having "lived" for a given time."""

    def __init__(self, lived_s: float):
        self.lived_s = lived_s

    def start(self) -> None:
        pass

    async def ended(self) -> ChildEnd:
        return ChildEnd("fake", "exit 1", lived_s=self.lived_s)


async def pauses_of(lives_s: list[float]) -> list[float]:
    pauses: list[float] = []
    children = [FakeChild(lived_s) for lived_s in lives_s]
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if not children:
            enough.set()
            await asyncio.Event().wait()

    keeper = Keeper(lambda: children.pop(0), sleep=sleep)
    keeper.start()
    await asyncio.wait_for(enough.wait(), 10)
    await keeper.end()
    return pauses


async def test_each_further_start_waits_longer_up_to_5_s():
    assert await pauses_of([1] * 7) == [*BACK_OFF_S, 5.0, 5.0]


async def test_a_child_that_lived_over_a_minute_starts_the_waiting_afresh():
    assert await pauses_of([1, 1, 61, 1]) == [0.1, 0.5, 0.1, 0.5]


async def test_a_killed_child_is_back_and_the_kept_one_leaves_at_the_end():
    got: list[object] = []
    started: list[int] = []

    def make() -> Child:
        argv = [sys.executable, "-m", "tests.children.actor", "echo"]
        env = {"PYTHONPATH": str(ROOT)}
        return Child("echo", argv, FromTest, got.append, env=env, ask=Leave(), on_ready=started.append)

    keeper = keep(make)
    await until(lambda: len(started) == 1)
    os.kill(started[0], signal.SIGSEGV)
    await until(lambda: len(started) == 2)
    keeper.send(Word("back"))
    await until(lambda: Word("back") in got)
    end = await keeper.end()
    assert end is not None
    assert end.how == "exit 0"
    assert not any(alive(pid) for pid in started)


async def test_the_end_stops_a_keeper_that_is_waiting_to_try_again():
    starts = 0

    def make() -> Child:
        nonlocal starts
        starts += 1
        return Child("none", ["/no/such/program"], FromTest, print)

    keeper = keep(make, back_off_s=(60.0,))
    await until(lambda: starts == 1 and keeper.child is None)
    assert await keeper.end() is None
    assert starts == 1
