"""Families with frames and scripts over real GATT and real bleak, against simulated devices in this process."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from devices.catalog import DRIVERS
from devices.links import Chosen, Links
from devices.pace import Pace
from devices.probe import probe
from devices.reading import DecodeFailed, LinkChanged, LinkState, Oximetry, Quality, Reading, Report, Stamp
from devices.virtual import contec, control, creative
from devices.virtual.scenario import Story
from devices.virtual.sent import SentLog
from devices.virtual.stage import Line, Stage
from devices.virtual.streamer import Streamer

WITHIN_S = 30.0
HASTE = Pace(silent_after_s=30, back_off_s=(0.05, 0.1, 0.2), speed=10)


@pytest.mark.parametrize("family", [contec, creative], ids=["contec", "creative"])
def test_a_simulated_device_sends_what_real_ones_sent(family) -> None:
    for name, expected, written in family.vectors():
        assert written.hex().upper() == expected, name


class Air:
    """Two simulated oximeters, a port to attach at, and what links report."""

    def __init__(self, stage: Stage, port: int) -> None:
        self.spec = f"virtual:127.0.0.1:{port}"
        devices = stage.devices["contec"], stage.devices["sp20"]
        assert isinstance(devices[0], contec.Contec)
        assert isinstance(devices[1], creative.Creative)
        self.contec, self.creative = devices
        self.reports: list[Report] = []
        self._news = asyncio.Event()

    def take(self, report: Report) -> None:
        self.reports.append(report)
        self._news.set()

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not wanted():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.05)
                except TimeoutError:
                    continue

    def oximetries(self, device: Streamer) -> list[Oximetry]:
        mine = [r for r in self.reports if isinstance(r, Reading) and r.device == device.address]
        return [r.measurement for r in mine if isinstance(r.measurement, Oximetry)]

    async def linked(self, device: Streamer, times: int = 1) -> None:
        def is_linked() -> bool:
            states = [r.state for r in self.reports if isinstance(r, LinkChanged) and r.device == device.address]
            return states.count(LinkState.STREAMING) >= times and device.subscribed(device.stream)

        await self.until(is_linked)


@pytest.fixture
async def air() -> AsyncIterator[Air]:
    stage = Stage(Story("calm", 60, 1), 1.0, SentLog(None), datetime.now(UTC), ["contec", "sp20"])
    await stage.obey(control.Hold())
    server = await asyncio.get_running_loop().create_server(lambda: Line(stage), "127.0.0.1", 0)
    opened = Air(stage, server.sockets[0].getsockname()[1])
    await stage.start()
    yield opened
    server.close()
    await stage.stop()


@asynccontextmanager
async def kept(air: Air, *devices: tuple[Streamer, str]) -> AsyncIterator[None]:
    chosen = [Chosen(device.address, driver, "oximeter") for device, driver in devices]
    clock = lambda: Stamp(time.time_ns(), time.monotonic_ns())  # noqa: E731
    work = asyncio.create_task(Links(air.spec, chosen, False, clock, air.take, pace=HASTE).run())
    try:
        yield
    finally:
        work.cancel()
        await asyncio.wait({work}, timeout=WITHIN_S)
        assert work.cancelled()


async def test_a_contec_is_started_kept_alive_and_read_through_fragments_and_a_fast_pulse(air: Air) -> None:
    device = air.contec
    async with kept(air, (device, "eb")):
        await air.linked(device)
        await air.until(lambda: device.is_started and device.heartbeats >= 3)
        for device.faults.fragment in range(1, 9):
            await device.say(contec.wave(40, 4), contec.numbers(95, 120 + 2 * device.faults.fragment))
        await air.until(lambda: len(air.oximetries(device)) == 8)
    pulses = [oximetry.pulse.number for oximetry in air.oximetries(device)]
    assert pulses == [120 + 2 * fragment for fragment in range(1, 9)]
    assert not [report for report in air.reports if isinstance(report, DecodeFailed)]


async def test_an_sp20_is_switched_on_and_its_numbers_are_not_believed_with_the_probe_off(air: Air) -> None:
    device = air.creative
    async with kept(air, (device, "aa55")):
        await air.linked(device)
        await air.until(lambda: device.is_started)
        await device.say(creative.wave(9, 20, 60, 190, 50), creative.numbers(97, 78, 112))
        await device.say(creative.numbers(97, 78, 112, creative.PROBE_OFF))
        flipped = bytearray(creative.numbers(96, 80, 90))
        flipped[5] ^= 0x08
        await device.say(bytes(flipped), creative.numbers(95, 80, 90))
        await air.until(lambda: len(air.oximetries(device)) == 3)
    shown = [(o.spo2.number, o.spo2.quality) for o in air.oximetries(device)]
    assert shown == [(97, Quality.VALID), (None, Quality.INVALID), (95, Quality.VALID)]
    assert b"".join(r.raw for r in air.reports if isinstance(r, DecodeFailed)) == bytes(flipped)


async def test_a_frame_cut_by_a_lost_link_is_forgotten_and_the_next_connection_reads_on(air: Air) -> None:
    device = air.contec
    async with kept(air, (device, "eb")):
        await air.linked(device)
        await device.say(contec.numbers(95, 81)[:5])
        device.drop()
        await air.linked(device, times=2)
        await device.say(contec.numbers(95, 81)[5:])
        await device.say(contec.numbers(96, 74))
        await air.until(lambda: bool(air.oximetries(device)))
    assert [o.pulse.number for o in air.oximetries(device)] == [74]


async def test_two_families_at_once_are_two_devices(air: Air) -> None:
    async with kept(air, (air.contec, "eb"), (air.creative, "aa55")):
        await air.linked(air.contec)
        await air.linked(air.creative)
        await air.contec.say(contec.numbers(95, 81))
        await air.creative.say(creative.numbers(98, 82, 106))
        await air.until(lambda: bool(air.oximetries(air.contec) and air.oximetries(air.creative)))
    assert air.oximetries(air.contec)[0].pulse.number == 81
    assert air.oximetries(air.creative)[0].pulse.number == 82


async def test_a_stranger_is_asked_and_believed_by_its_checksum(air: Air) -> None:
    device = air.contec

    async def answer() -> None:
        await air.until(lambda: device.is_started)
        await device.say(b"\xeb\x01\x02", contec.numbers(95, 81))

    answering = asyncio.ensure_future(answer())
    found = await probe(air.spec, device.address, [DRIVERS["aa55"], DRIVERS["eb"]])
    await answering
    assert found is DRIVERS["eb"]
    assert device.orders == [DRIVERS["eb"].question[1]]  # type: ignore[index]
