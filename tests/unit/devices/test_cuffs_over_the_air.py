"""Cuffs with a memory over real GATT and real bleak: what is of now, what is old, what was said before, whose clock.

At the end what was reported is held against the air's own log, both ways.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import (
    DecodeFailed,
    LinkChanged,
    LinkState,
    Pressure,
    Quality,
    Reading,
    Report,
    Source,
    Stamp,
)
from devices.virtual import control, family
from devices.virtual.encoding import DeviceTime
from devices.virtual.memory_cuff import MemoryCuff
from devices.virtual.scenario import CuffRun, Story
from devices.virtual.sent import SentLog
from devices.virtual.stage import Line, Stage
from kiosk.airlog import AirLog
from kiosk.compare import Taken, compare_taken

WITHIN_S = 30.0
SPEED = 10.0
HASTE = Pace(silent_after_s=100, back_off_s=(0.5, 1), speed=SPEED)
DRIVER_OF = {
    "beurer": "bls", "silvercrest": "bls", "nipro": "nipro", "omron": "omron", "aand": "and", "qardio": "qardio",
}  # fmt: skip
RUN = CuffRun(0, 1, 127, 81, 96, 64)
DUMPING = ("beurer", "silvercrest", "nipro", "omron", "aand")


class CuffAir:
    """One cuff, a monitor's links to it, and the log. persisted: how often the monitor was asked to store all."""

    def __init__(self, stage: Stage, port: int, log: Path, name: str) -> None:
        self.stage, self.name, self.log = stage, name, log
        device = stage.devices[name]
        assert isinstance(device, MemoryCuff)
        self.cuff: Any = device
        self.reports: list[Report] = []
        chosen = [Chosen(device.address, DRIVER_OF[name], "cuff")]
        self.links = Links(f"virtual:127.0.0.1:{port}", chosen, False, self.now, self.reports.append, pace=HASTE)

    @staticmethod
    def now() -> Stamp:
        return Stamp(time.time_ns(), time.monotonic_ns())

    def stored_at(self, ago: timedelta, systolic: int) -> bytes:
        """A reading of some time ago, as this cuff keeps it."""
        then = DeviceTime.of(datetime(*self.cuff.clock.now()) - ago)
        return self.cuff.encode(CuffRun(0, 1, systolic, 81, 96, 64), then)

    def of(self, kind: type) -> list[Any]:
        return [report for report in self.reports if isinstance(report, kind)]

    def pressures(self) -> list[tuple[int | None, Quality, Source]]:
        """(systolic, quality, source) of each reading."""
        mine = [r for r in self.of(Reading) if isinstance(r.measurement, Pressure)]
        return [(v.number and int(v.number), v.quality, r.source) for r in mine for v in [r.measurement.systolic]]

    def states(self) -> list[LinkState]:
        return [report.state for report in self.of(LinkChanged)]

    async def finished(self, times: int = 1) -> None:
        await until(lambda: self.states().count(LinkState.FINISHED) >= times)

    async def order(self, order: control.Order) -> None:
        await self.stage.obey(order)


async def until(wanted: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not wanted():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def cuff_air(folder: Path, name: str) -> AsyncIterator[CuffAir]:
    log = SentLog(folder / "air.jsonl")
    stage = Stage(Story("calm", 3600, 1), SPEED, log, datetime.now(UTC), [name])
    await stage.obey(control.Hold())
    await stage.start()
    server = await asyncio.get_running_loop().create_server(lambda: Line(stage), "127.0.0.1", 0)
    air = CuffAir(stage, server.sockets[0].getsockname()[1], folder / "air.jsonl", name)
    work = asyncio.create_task(air.links.run())
    try:
        yield air
    finally:
        work.cancel()
        await asyncio.wait({work}, timeout=WITHIN_S)
        server.close()
        await stage.stop()
        log.close()
    assert work.cancelled(), work
    hold_against_the_log(air)


def hold_against_the_log(air: CuffAir) -> None:
    rows = [
        Taken(report.device, report.characteristic, report.raw.hex(), isinstance(report, Reading))
        for report in air.reports
        if isinstance(report, Reading | DecodeFailed)
    ]
    comparison = compare_taken(AirLog.read(air.log), rows)
    assert comparison.same, comparison


@pytest.fixture
async def air(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CuffAir]:
    """A cuff without its bond: what it does behind that is the matter here."""
    monkeypatch.setattr(family.FAMILIES[request.param], "bonds", False)
    async with cuff_air(tmp_path, request.param) as opened:
        yield opened


of = lambda *names: pytest.mark.parametrize("air", names, indirect=True)  # noqa: E731


@of(*DUMPING)
async def test_a_measurement_of_now_is_current_and_the_cuff_s_hanging_up_is_its_normal_end(air: CuffAir) -> None:
    assert air.cuff.measure(RUN)
    await air.finished()
    assert air.pressures() == [(127, Quality.VALID, Source.DEVICE)]
    assert LinkState.LOST not in air.states()
