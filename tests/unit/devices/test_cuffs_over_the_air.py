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

from devices.catalog import DRIVERS
from devices.connection import LinkError
from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import (
    CuffPressure,
    DecodeFailed,
    DeviceClock,
    LinkChanged,
    LinkState,
    Paired,
    PairingFailed,
    Pressure,
    Quality,
    Reading,
    Report,
    Source,
    Stamp,
)
from devices.virtual import control, family, qardio
from devices.virtual.encoding import DeviceTime
from devices.virtual.memory_cuff import MemoryCuff
from devices.virtual.scenario import CuffRun, Story
from devices.virtual.sent import SentLog
from devices.virtual.stage import Line, Stage
from kiosk.airlog import AirLog
from kiosk.compare import Taken, compare_taken
from tests.unit.devices.family_air import DRIVER_OF as STREAMING

WITHIN_S = 30.0
SPEED = 10.0
HASTE = Pace(silent_after_s=100, back_off_s=(0.5, 1), speed=SPEED)
DRIVER_OF = {
    "beurer": "bls", "silvercrest": "bls", "nipro": "nipro", "omron": "omron", "aand": "and", "qardio": "qardio",
}  # fmt: skip
RUN = CuffRun(0, 1, 127, 81, 96, 64)
DUMPING = ("beurer", "silvercrest", "nipro", "omron", "aand")


class CuffAir:
    """One cuff, a monitor's links to it, and the log. settled: how often all had to be stored."""

    def __init__(self, stage: Stage, port: int, log: Path, name: str) -> None:
        self.stage, self.name, self.log = stage, name, log
        device = stage.devices[name]
        assert isinstance(device, MemoryCuff)
        self.cuff: Any = device
        self.reports: list[Report] = []
        self.settled = 0
        chosen = [Chosen(device.address, DRIVER_OF[name], "cuff")]
        self.links = Links(
            f"virtual:127.0.0.1:{port}", chosen, False, self.now, self.reports.append, pace=HASTE, settle=self.settle
        )

    def settle(self) -> None:
        self.settled += 1

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
    monkeypatch.setattr(family.FAMILIES[request.param], "pairs", True, raising=False)  # without its button
    async with cuff_air(tmp_path, request.param) as opened:
        yield opened


of = lambda *names: pytest.mark.parametrize("air", names, indirect=True)  # noqa: E731


def test_every_driver_has_a_simulated_device() -> None:
    assert {*STREAMING.values(), *DRIVER_OF.values(), "plx"} == set(DRIVERS)


@of(*DUMPING)
async def test_a_measurement_of_now_is_current_and_the_cuff_s_hanging_up_is_its_normal_end(air: CuffAir) -> None:
    assert air.cuff.measure(RUN)
    await air.finished()
    assert air.pressures() == [(127, Quality.VALID, Source.DEVICE)]
    assert LinkState.LOST not in air.states()
    assert air.settled == len(air.pressures())


@of(*DUMPING)
async def test_what_it_kept_of_other_days_is_stored_and_never_current(air: CuffAir) -> None:
    for days, systolic in ((3, 151), (2, 152), (1, 153)):
        air.cuff.remember(air.stored_at(timedelta(days=days), systolic))
    air.cuff.remember(air.stored_at(timedelta(minutes=11), 154), air.stored_at(timedelta(minutes=9), 155))
    assert air.cuff.offer()
    await air.finished()
    old = [(systolic, Quality.STORED, Source.STORED) for systolic in (151, 152, 153, 154)]
    assert air.pressures() == [*old, (155, Quality.VALID, Source.DEVICE)]


@of("beurer", "silvercrest")
async def test_a_cuff_that_repeats_everything_at_each_link_is_heard_once(air: CuffAir) -> None:
    air.cuff.remember(air.stored_at(timedelta(days=1), 151), air.stored_at(timedelta(minutes=5), 126))
    for round_ in range(1, 4):
        assert air.cuff.offer()
        await air.finished(round_)
    assert [systolic for systolic, _, _ in air.pressures()] == [151, 126]
    assert air.settled == 6  # asked for before each confirmation, repeated or not


@of(*DUMPING)
async def test_a_dump_out_of_order_with_doubles_is_judged_one_by_one(air: CuffAir) -> None:
    now, old = air.stored_at(timedelta(minutes=2), 131), air.stored_at(timedelta(days=400), 99)
    air.cuff.remember(now, old, now, old)
    assert air.cuff.offer()
    await air.finished()
    assert air.pressures() == [(131, Quality.VALID, Source.DEVICE), (99, Quality.STORED, Source.STORED)]


@of(*DUMPING)
async def test_a_link_lost_before_a_confirmation_loses_and_doubles_nothing(air: CuffAir) -> None:
    air.cuff.remember(*(air.stored_at(timedelta(days=9 - day), 140 + day) for day in range(5)))
    await air.order(control.Fault(air.name, break_off=True))
    assert air.cuff.offer()
    await until(lambda: not air.cuff.busy)
    assert [systolic for systolic, _, _ in air.pressures()] == [140, 141, 142, 143, 144]
    assert air.states().count(LinkState.CONNECTING) >= 2


@of("omron", "aand", "nipro")
async def test_a_cuff_that_forgets_what_it_handed_over_has_nothing_left(air: CuffAir) -> None:
    air.cuff.remember(*(air.stored_at(timedelta(days=9 - day), 140 + day) for day in range(5)))
    assert air.cuff.offer()
    await air.finished()
    assert air.cuff.stored == []
    assert len(air.pressures()) == 5


@of(*DUMPING)
async def test_a_cuff_whose_clock_was_never_set_gives_readings_of_an_unknown_time(air: CuffAir) -> None:
    await air.order(control.SetClock(air.name, None))
    assert air.cuff.measure(RUN)
    await air.finished()
    (found, *rest) = air.of(DeviceClock)
    assert found.ahead_s is None
    if air.name in ("beurer", "silvercrest"):  # nothing there to set it by
        assert rest == []
        assert air.pressures() == [(127, Quality.QUESTIONABLE, Source.DEVICE)]
    else:
        assert [one.set_to[:4] for one in rest] == [found.set_to or str(datetime.now().year)]
        assert air.cuff.clock.off_s is not None
        assert abs(air.cuff.clock.off_s) < 60


@of("omron", "aand", "nipro")
async def test_a_wrong_clock_is_said_set_and_its_reading_doubted_until_the_next(air: CuffAir) -> None:
    await air.order(control.SetClock(air.name, 86_400))
    assert air.cuff.measure(RUN)
    await air.finished()
    wrong, was_set = air.of(DeviceClock)
    assert abs(wrong.ahead_s - 86_400) < 120
    assert was_set.set_to
    ((systolic, quality, source),) = air.pressures()
    assert (systolic, quality, source) == (127, Quality.QUESTIONABLE, Source.DEVICE)
    assert air.cuff.measure(CuffRun(0, 1, 128, 82, 97, 64))
    await air.finished(2)
    assert air.pressures()[1] == (128, Quality.VALID, Source.DEVICE)
    assert len(air.of(DeviceClock)) == 2


@of("omron")
async def test_an_omron_a_few_minutes_wrong_is_left_alone(air: CuffAir) -> None:
    await air.order(control.SetClock("omron", 300))
    assert air.cuff.measure(RUN)
    await air.finished()
    assert air.cuff.orders == []
    assert [one.set_to for one in air.of(DeviceClock)] == [""]


@of("aand")
async def test_an_aand_is_sent_the_time_and_nothing_else(air: CuffAir) -> None:
    air.cuff.remember(air.stored_at(timedelta(days=1), 150))
    assert air.cuff.offer()
    await air.finished()
    assert [len(order) for order in air.cuff.orders] == [7]
    assert not air.cuff.is_harmed


@of("qardio")
async def test_a_qardio_is_never_told_to_inflate_and_its_partial_results_are_cuff_pressures(air: CuffAir) -> None:
    await until(lambda: air.cuff.subscribed(air.cuff.finished) and air.cuff.subscribed(air.cuff.control))
    assert air.cuff.measure(RUN)  # by its maker's app, or by the air's order
    await until(lambda: air.pressures())
    kinds = [type(reading.measurement) for reading in air.of(Reading)]
    assert kinds == [CuffPressure] * 8 + [Pressure]
    assert air.pressures() == [(127, Quality.VALID, Source.DEVICE)]
    assert air.cuff.orders == []


@of("qardio")
async def test_a_qardio_that_is_told_to_start_by_hand_can_be_cancelled(air: CuffAir) -> None:
    """The driver's list has the cancel and not the start; the start is sent past it, as by another program."""
    await until(lambda: air.cuff.subscribed(air.cuff.finished))
    air.cuff._obey(qardio.START)
    await until(lambda: any(isinstance(reading.measurement, CuffPressure) for reading in air.of(Reading)))
    link = air.links.link(air.cuff.address)
    with pytest.raises(LinkError):
        await link.write(qardio.CONTROL, qardio.START)
    await link.write(qardio.CONTROL, qardio.CANCEL)
    await until(lambda: not air.cuff.busy)
    assert air.pressures() == []
    assert air.cuff.orders == [qardio.START, qardio.CANCEL]


async def test_an_aand_pairs_only_while_its_button_is_held_and_gets_the_time_with_its_bond(tmp_path: Path) -> None:
    async with cuff_air(tmp_path, "aand") as air:
        air.cuff.remember(air.stored_at(timedelta(minutes=3), 133))
        assert air.cuff.offer()
        await until(lambda: air.of(PairingFailed) and LinkState.REFUSED in air.states())
        assert (air.cuff.orders, air.pressures()) == ([], [])
        await air.order(control.HoldButton("aand"))
        await until(lambda: air.pressures())
        await until(lambda: air.of(Paired))
        assert [len(order) for order in air.cuff.orders] == [7]
        assert air.pressures() == [(133, Quality.VALID, Source.DEVICE)]
        await until(lambda: not air.cuff.busy)
        air.cuff._pairs_until_s = 0.0  # long after: the bond holds without the button
        assert air.cuff.measure(RUN)
        await until(lambda: len(air.pressures()) == 2)
        assert len(air.of(Paired)) == 1


@pytest.mark.parametrize("name", ["beurer", "omron"])
async def test_a_cuff_that_wants_a_bond_is_paired_once_and_read_at_each_link(name: str, tmp_path: Path) -> None:
    async with cuff_air(tmp_path, name) as air:
        for times, systolic in ((1, 127), (2, 128)):
            assert air.cuff.measure(CuffRun(0, 1, systolic, 81, 96, 64))
            await air.finished(times)
        assert [systolic for systolic, _, _ in air.pressures()] == [127, 128]
        assert len(air.of(Paired)) == 1
