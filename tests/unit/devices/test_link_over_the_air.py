"""Links against the simulated air in a process of its own: real GATT, real bleak, real loss."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.adapter import AdapterError, AdapterFault
from devices.connection import LinkError, LinkFault
from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import (
    AdapterChanged,
    BatteryRead,
    CuffPressure,
    DecodeFailed,
    DeviceDescribed,
    LinkChanged,
    LinkState,
    Oximetry,
    Pressure,
    Quality,
    Reading,
    Report,
    Stamp,
)
from devices.scan import scan

WITHIN_S = 20.0
HASTE = Pace(silent_after_s=1.5, back_off_s=(0.05, 0.1, 0.2))
ROOT = Path(__file__).parents[3]


def now() -> Stamp:
    return Stamp(time.time_ns(), time.monotonic_ns())


class AirProcess:
    """The air, and orders to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.port = 0
        self.oximeter = self.cuff = ""

    async def line(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(await asyncio.wait_for(self.process.stdout.readline(), WITHIN_S))

    async def order(self, do: str, **data: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **data}).encode() + b"\n")
        answer = await self.line()
        assert answer == {"did": do}, answer

    async def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        await asyncio.wait_for(self.process.wait(), WITHIN_S)


async def open_air(*arguments: str) -> AirProcess:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "devices.virtual.air", *arguments)
    air = AirProcess(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT))
    hello = await air.line()
    air.port, air.oximeter, air.cuff = hello["port"], hello["oximeter"].lower(), hello["cuff"].lower()
    return air


@pytest.fixture
async def held_air() -> AsyncIterator[AirProcess]:
    """An air that sends nothing by itself."""
    air = await open_air("--hold")
    yield air
    await air.end()


class Heard:
    """Everything reported, with waiting for what a test needs."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self._news = asyncio.Event()

    def take(self, report: Report) -> None:
        self.reports.append(report)
        self._news.set()

    async def until(self, wanted: Callable[[Report], bool], after: int = 0) -> int:
        """The index of the first report that is wanted, from index `after` on."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                self._news.clear()
                for index, report in enumerate(self.reports[after:], after):
                    if wanted(report):
                        return index
                await self._news.wait()

    async def state(self, state: LinkState, after: int = 0, device: str = "") -> int:
        return await self.until(lambda r: is_state(r, state) and device in ("", r.device), after)  # type: ignore[union-attr]

    def of(self, kind: type) -> list[Any]:
        return [report for report in self.reports if isinstance(report, kind)]

    def states(self, device: str) -> list[LinkState]:
        return [report.state for report in self.of(LinkChanged) if report.device == device]


def is_state(report: Report, state: LinkState) -> bool:
    return isinstance(report, LinkChanged) and report.state is state


def is_oximetry(report: Report) -> bool:
    return isinstance(report, Reading) and isinstance(report.measurement, Oximetry)


@asynccontextmanager
async def kept(air: AirProcess, *devices: Chosen, any_device: bool = False) -> AsyncIterator[tuple[Heard, Links]]:
    """Links at work; on the way out they are cancelled, and no task of theirs may be left."""
    before = asyncio.all_tasks()
    heard = Heard()
    links = Links(f"virtual:127.0.0.1:{air.port}", devices, any_device, now, heard.take, pace=HASTE)
    work = asyncio.create_task(links.run())
    try:
        yield heard, links
    finally:
        work.cancel()
        await asyncio.wait({work}, timeout=WITHIN_S)
        assert work.cancelled(), work
        assert not asyncio.all_tasks() - before - {work}


def oximeter(air: AirProcess) -> Chosen:
    return Chosen(air.oximeter, "plx", "oximeter")


def cuff(air: AirProcess) -> Chosen:
    return Chosen(air.cuff, "bls", "cuff")


async def test_an_oximeter_streams_and_says_who_it_is(held_air: AirProcess) -> None:
    async with kept(held_air, oximeter(held_air)) as (heard, _):
        await heard.state(LinkState.STREAMING)
        await held_air.order("send", device="oximeter", hex="0061004800")
        index = await heard.until(is_oximetry)
        reading = heard.reports[index]
        assert isinstance(reading, Reading)
        assert (reading.device, reading.raw.hex()) == (held_air.oximeter, "0061004800")
        assert reading.characteristic == "00002a5f-0000-1000-8000-00805f9b34fb"
        assert isinstance(reading.measurement, Oximetry)
        assert reading.measurement.spo2.number == 97
        await heard.until(lambda r: isinstance(r, DeviceDescribed) and bool(r.serial))
        await heard.until(lambda r: isinstance(r, BatteryRead))
        assert [report.state for report in heard.of(AdapterChanged)] == ["on"]
        assert heard.states(held_air.oximeter) == [LinkState.SEARCHING, LinkState.CONNECTING, LinkState.STREAMING]


async def test_every_payload_becomes_one_report_in_order(held_air: AirProcess) -> None:
    payloads = [f"00{spo2:02x}004800" for spo2 in range(70, 100)]
    payloads[7], payloads[20] = "00", "ff" * 60
    async with kept(held_air, oximeter(held_air)) as (heard, _):
        await heard.state(LinkState.STREAMING)
        for payload in payloads:
            await held_air.order("send", device="oximeter", hex=payload)
        await heard.until(lambda r: isinstance(r, Reading) and r.raw.hex() == payloads[-1])
        taken = [report for report in heard.reports if isinstance(report, Reading | DecodeFailed)]
        assert [report.raw.hex() for report in taken] == payloads
        assert [report.reason for report in heard.of(DecodeFailed)] == ["truncated", "oversized"]


async def test_a_lost_link_is_found_again(held_air: AirProcess) -> None:
    async with kept(held_air, oximeter(held_air)) as (heard, _):
        at = 0
        for spo2 in ("60", "5f", "5e"):
            at = await heard.state(LinkState.STREAMING, at)
            await held_air.order("send", device="oximeter", hex=f"00{spo2}004800")
            at = await heard.until(is_oximetry, at)
            await held_air.order("drop", device="oximeter")
            at = await heard.state(LinkState.LOST, at)
            lost = heard.reports[at]
            assert isinstance(lost, LinkChanged)
            assert lost.retry_s == HASTE.back_off_s[0]
        await heard.state(LinkState.STREAMING, at)
        assert len(heard.of(Reading)) == 3


async def test_a_silent_oximeter_is_recycled(held_air: AirProcess) -> None:
    async with kept(held_air, oximeter(held_air)) as (heard, _):
        at = await heard.state(LinkState.STREAMING)
        at = await heard.state(LinkState.SILENT, at)
        at = await heard.state(LinkState.LOST, at)
        await heard.state(LinkState.STREAMING, at)
        assert heard.states(held_air.oximeter)[:6] == [
            LinkState.SEARCHING,
            LinkState.CONNECTING,
            LinkState.STREAMING,
            LinkState.SILENT,
            LinkState.LOST,
            LinkState.SEARCHING,
        ]


async def test_a_cuff_inflates_hands_over_and_finishes(held_air: AirProcess) -> None:
    async with kept(held_air, cuff(held_air)) as (heard, _):
        await heard.state(LinkState.SEARCHING)
        await held_air.order("measure", systolic=131, diastolic=84, mean=100, inflate_s=3)
        at = await heard.state(LinkState.FINISHED)
        await heard.state(LinkState.SEARCHING, at)
        readings = heard.of(Reading)
        measurements = [reading.measurement for reading in readings]
        assert any(isinstance(measurement, CuffPressure) for measurement in measurements)
        (pressure,) = [measurement for measurement in measurements if isinstance(measurement, Pressure)]
        assert (pressure.systolic.number, pressure.diastolic.number) == (131, 84)
        assert pressure.systolic.quality is Quality.VALID
        assert LinkState.LOST not in heard.states(held_air.cuff)


async def test_a_reading_from_another_day_is_stored_and_never_current(held_air: AirProcess) -> None:
    old = "0278005000FF07" + "E80701020A1E00"
    async with kept(held_air, cuff(held_air)) as (heard, _):
        await heard.state(LinkState.SEARCHING)
        await held_air.order("measure", hex=old, inflate_s=1)
        await heard.state(LinkState.FINISHED)
        (reading,) = [report for report in heard.of(Reading) if isinstance(report.measurement, Pressure)]
        assert reading.source == "stored"
        assert reading.measurement.systolic.reasons == ("from memory",)


async def test_only_chosen_devices_are_connected(held_air: AirProcess) -> None:
    await held_air.order("measure", inflate_s=3)
    async with kept(held_air, oximeter(held_air)) as (heard, _):
        await heard.state(LinkState.STREAMING)
        await held_air.order("send", device="oximeter", hex="0061004800")
        await heard.until(is_oximetry)
        assert heard.states(held_air.cuff) == []


async def test_any_takes_every_supported_device(held_air: AirProcess) -> None:
    async with kept(held_air, any_device=True) as (heard, _):
        await heard.state(LinkState.STREAMING, device=held_air.oximeter)
        await held_air.order("measure", inflate_s=3)
        await heard.state(LinkState.FINISHED, device=held_air.cuff)


async def test_a_new_link_can_be_asked_for(held_air: AirProcess) -> None:
    async with kept(held_air, oximeter(held_air)) as (heard, links):
        at = await heard.state(LinkState.STREAMING)
        links.restart(held_air.oximeter.upper())
        links.restart("00:00:00:00:00:00")
        at = await heard.state(LinkState.LOST, at)
        await heard.state(LinkState.STREAMING, at)


async def test_what_is_not_on_the_list_is_not_written(held_air: AirProcess) -> None:
    async with kept(held_air, oximeter(held_air)) as (heard, links):
        await heard.state(LinkState.STREAMING)
        with pytest.raises(LinkError) as caught:
            await links.link(held_air.oximeter).write("2a52", b"\x02\x01")
        assert caught.value.fault is LinkFault.WRITE_NOT_ALLOWED


async def test_a_radio_that_goes_and_comes_back_is_taken_up_again() -> None:
    air = await open_air("--hold")
    async with kept(air, oximeter(air)) as (heard, _):
        at = await heard.state(LinkState.STREAMING)
        await air.end()
        gone = await heard.until(lambda r: isinstance(r, AdapterChanged) and r.state == "missing", at)
        await heard.state(LinkState.LOST, at)
        again = await open_air("--hold", "--port", str(air.port))
        try:
            at = await heard.until(lambda r: isinstance(r, AdapterChanged) and r.state == "on", gone)
            await heard.state(LinkState.STREAMING, at)
        finally:
            await again.end()


async def test_a_scan_lists_what_is_in_range(held_air: AirProcess) -> None:
    seen = await scan(f"virtual:127.0.0.1:{held_air.port}", 1.0)
    assert [(one.address, one.driver_id, one.services) for one in seen] == [(held_air.oximeter, "plx", ("1822",))]
    assert seen[0].name


async def test_a_scan_without_a_radio_says_so(unused_tcp_port: int) -> None:
    with pytest.raises(AdapterError) as caught:
        await scan(f"virtual:127.0.0.1:{unused_tcp_port}", 0.1)
    assert caught.value.fault is AdapterFault.MISSING
