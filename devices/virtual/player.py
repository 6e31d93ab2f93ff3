"""Moves the simulated devices through a story, second by second.

Runs in the air's process. The script's clock starts with the first monitor, stands while held, and runs `speed`
times as fast as the wall's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from devices.virtual.cuff import Cuff
from devices.virtual.oximeter import Oximeter
from devices.virtual.peripheral import Peripheral
from devices.virtual.scenario import CuffRun, Sample, Story

STOOD_STILL_S = 1.0


class Player:
    """One story under way. `second` is the next script second to be played."""

    def __init__(self, story: Story, oximeter: Oximeter, cuff: Cuff, speed: float, more: Sequence[Peripheral]) -> None:
        """more: devices of other families; they go through the same story."""
        self.oximeter, self.cuff = oximeter, cuff
        self._live = (oximeter, *more)
        self._speed = speed
        self._going = asyncio.Event()
        self._cuff_runs_done = 0
        self.play(story)

    def play(self, story: Story) -> None:
        """Begin a story at its first second."""
        self.story, self.second = story, 0
        for device in self._live:
            device.advertise(device.always_on)

    def resume(self) -> None:
        self._going.set()

    def hold(self) -> None:
        """Stop the scripted values; links and a measurement under way go on."""
        self._going.clear()

    @property
    def sample(self) -> Sample:
        """What the oximeter measures now."""
        return self.story.sample(self.second)

    def next_cuff_run(self) -> CuffRun:
        """The story's next measurement, to start now."""
        return self.story.cuff_run(self._cuff_runs_done, self.second)

    def measure(self, run: CuffRun, raw: bytes | None = None) -> bool:
        """Start the cuff. False while it measures already."""
        started = self.cuff.measure(run, raw)
        self._cuff_runs_done += started
        return started

    async def run(self) -> None:
        """Play until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if not self._going.is_set():
                await self._going.wait()
                due = loop.time()
            if loop.time() - due > STOOD_STILL_S:
                due = loop.time()  # what this process missed, the devices did not send
            await self._play_second()
            due += 1 / self._speed
            await asyncio.sleep(due - loop.time())

    async def _play_second(self) -> None:
        second, self.second = self.second, self.second + 1
        self._keep_reach(second)
        for run in self.story.cuff_runs():
            if run.start_s == second:
                self.measure(self.story.cuff_run(self._cuff_runs_done, second))
        sample = self.story.sample(second)
        await asyncio.gather(*(device.live(sample, 1 / self._speed) for device in self._live))

    def _keep_reach(self, second: int) -> None:
        away = self.story.absent(second)
        if away != (second > 0 and self.story.absent(second - 1)):
            for device in self._live:
                device.advertise(device.always_on and not away)
                if away:
                    device.drop()
