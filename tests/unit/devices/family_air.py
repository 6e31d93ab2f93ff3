"""Simulated devices of any families in this process, real links to them, and the account: what the air sent, what came.

The virtual radio, GATT and bleak are the real ones; only the clock is faster.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import DecodeFailed, LinkChanged, LinkState, Oximetry, Reading, Report, Stamp
from devices.virtual import control
from devices.virtual.scenario import Story
from devices.virtual.sent import SentLog
from devices.virtual.stage import Line, Stage
from devices.virtual.streamer import Streamer
from kiosk.airlog import AirLog
from kiosk.compare import Comparison, Taken, compare_taken

WITHIN_S = 30.0
HEARD_WITHIN_S = 2.0
SPEED = 100.0
HASTE = Pace(silent_after_s=3000, back_off_s=(1, 2), speed=SPEED)
UNHURRIED = Pace(silent_after_s=30, back_off_s=(0.05,))
"""For devices whose driver waits for seconds, and for waveforms, which stand still between two played seconds."""

DRIVER_OF = {
    "contec": "eb", "emay": "eb", "sp20": "aa55", "pc60fw": "aa55", "oxysmart": "aa55",
    "o2ring": "viatom", "oxyii": "oxyii", "bp2": "bp2",
    "berrymed": "bci", "nonin": "nonin", "mightysat": "masimo", "jumper": "jumper", "strap": "strap",
}  # fmt: skip
"""Which driver reads which simulated device: the one thing that tests know and neither side does."""
POLLED = {"o2ring", "oxyii", "bp2"}


def clock(pace: Pace) -> Callable[[], Stamp]:
    """Session time, as much faster as the links' pace."""
    return lambda: Stamp(time.time_ns(), round(time.monotonic_ns() * pace.speed))


@dataclass
class FamilyAir:
    """A stage whose script stands still, so that a test plays the seconds. reports: what the links said."""

    stage: Stage
    spec: str
    log: Path
    reports: list[Report] = field(default_factory=list)
    second: int = 0

    def device(self, name: str) -> Any:
        device = self.stage.devices[name]
        assert isinstance(device, Streamer)
        return device

    async def order(self, order: control.Order) -> None:
        await self.stage.obey(order)

    async def fault(self, name: str, **faults: Any) -> None:
        await self.order(control.Fault(name, **faults))

    async def mend(self, name: str) -> None:
        await self.order(control.Mend(name))

    async def play(self, name: str, seconds: int = 1) -> None:
        """So many seconds of the story for one device; of one that only answers each second is asked for and told."""
        device = self.device(name)
        await until(lambda: getattr(device, "is_started", True))
        for _ in range(seconds):
            asked = len(device.orders)
            await device.live(self.stage.player.story.sample(self.second), 0)
            self.second += 1
            if name in POLLED:
                await until(lambda asked=asked: len(device.orders) > asked and not device.is_answering)
            else:
                await asyncio.sleep(0)

    async def linked(self, name: str, times: int = 1) -> None:
        device = self.device(name)

        def is_linked() -> bool:
            states = [r.state for r in self.of(LinkChanged, name)]
            return states.count(LinkState.STREAMING) >= times and device.subscribed(device.stream)

        await until(is_linked)

    def of(self, kind: type, name: str) -> list[Any]:
        address = self.stage.devices[name].address
        return [report for report in self.reports if isinstance(report, kind) and report.device == address]

    def measured(self, name: str, kind: type = Oximetry) -> list[Any]:
        """The device's measurements of one kind."""
        return [r.measurement for r in self.of(Reading, name) if isinstance(r.measurement, kind)]

    async def account(self) -> Comparison:
        """The reports against the air's log, both ways, once nothing is on its way.

        The radio says "sent" some turns of the loop before the link hears it: that is waited for, and nothing else.
        """
        await self.stage.log.settled(WITHIN_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARD_WITHIN_S):
                while not self._compared().same:
                    await asyncio.sleep(0.005)
        return self._compared()

    def _compared(self) -> Comparison:
        return compare_taken(AirLog.read(self.log), [one for one in map(taken, self.reports) if one])


def taken(report: Report) -> Taken | None:
    match report:
        case Reading() | DecodeFailed():
            is_reading = isinstance(report, Reading)
            return Taken(report.device, report.characteristic, report.raw.hex(), is_reading)
        case _:
            return None


async def until(wanted: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not wanted():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def family_air(folder: Path, *names: str, scenario: str = "calm") -> AsyncIterator[FamilyAir]:
    """An air with these devices; nothing is sent by itself."""
    log = folder / "air.jsonl"
    sent = SentLog(log)
    stage = Stage(Story(scenario, 3600, 1), SPEED, sent, datetime.now(UTC), names)
    await stage.obey(control.Hold())
    server = await asyncio.get_running_loop().create_server(lambda: Line(stage), "127.0.0.1", 0)
    await stage.start()
    try:
        yield FamilyAir(stage, f"virtual:127.0.0.1:{server.sockets[0].getsockname()[1]}", log)
    finally:
        server.close()
        await stage.stop()
        sent.close()


@asynccontextmanager
async def kept(air: FamilyAir, *names: str, pace: Pace = HASTE) -> AsyncIterator[Links]:
    """Links to these devices, each by its driver; hung up on the way out."""
    chosen = [Chosen(air.stage.devices[name].address, DRIVER_OF[name]) for name in names]
    links = Links(air.spec, chosen, False, clock(pace), air.reports.append, pace=pace)
    work = asyncio.create_task(links.run())
    try:
        for name in names:
            await air.linked(name)
        yield links
    finally:
        work.cancel()
        await asyncio.wait({work}, timeout=WITHIN_S)
        assert work.cancelled(), work
