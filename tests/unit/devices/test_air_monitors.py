"""Monitors come, freeze, are killed and come back; the air goes on, and its log says what each of them really took."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.uuids import normalize_uuid_16 as sig
from bumble.device import Connection

from devices.virtual.radio import attach
from tests.unit.devices.airchild import LIMIT_S, ROOT, AirChild, air, until

RECONNECTS = 60  # run with 1000 by hand: the same


class Monitor:
    """A monitor in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.values: list[str] = []

    async def hear(self, count: int) -> None:
        assert self.process.stdout
        async with asyncio.timeout(LIMIT_S):
            for _ in range(count):
                self.values.append((await self.process.stdout.readline()).decode().strip())

    async def kill(self) -> None:
        """SIGKILL; afterwards `values` has everything that it ever printed."""
        assert self.process.stdout
        self.process.kill()
        self.values += (await self.process.stdout.read()).decode().split()
        await self.process.wait()


@asynccontextmanager
async def monitor(child: AirChild) -> AsyncIterator[Monitor]:
    program = [sys.executable, str(Path(__file__).with_name("air_monitor.py")), child.address]
    environment = {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE, env=environment)
    try:
        yield Monitor(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("before", [None, signal.SIGSTOP])
async def test_a_killed_or_frozen_monitor_costs_only_its_own_links(
    tmp_path: Path, before: signal.Signals | None
) -> None:
    async with air(tmp_path / "air.jsonl", "--speed", "20", "--length", "3600") as child:
        async with monitor(child) as first:
            await first.hear(10)
            if before:
                first.process.send_signal(before)
                for number in range(5):  # these wait in the socket of a process that stands still
                    await child.do("send", device="oximeter", hex=f"f{number}")
                assert "f4" not in [line["hex"] for line in child.values()]
            await first.kill()
        await until(lambda: child.events("gone"))
        async with monitor(child) as second:
            await second.hear(10)
            await second.kill()
        await until(lambda: len(child.events("gone")) == 2)
        lines = child.values()
    taken = [line["hex"] for line in lines if line["delivered"]]
    swallowed = [line["hex"] for line in lines if not line["delivered"]]
    assert _is_ordered_part(taken, first.values + second.values)
    assert len(first.values + second.values) - len(taken) <= 2  # printed, and killed before the packet was confirmed
    assert not before or "f4" in swallowed
    assert [event["reason"] for event in child.events("dropped")[:2]] == ["CONNECTION_TIMEOUT_ERROR"] * 2


def _is_ordered_part(part: list[str], whole: list[str]) -> bool:
    """Everything in `part` stands in `whole`, in the same order."""
    rest = iter(whole)
    return all(value in rest for value in part)


async def test_reconnects_leave_nothing_behind(tmp_path: Path) -> None:
    async with air(tmp_path / "air.jsonl", "--hold") as child:
        radio = await attach(child.address)
        try:
            device = await BleakScanner.find_device_by_address(
                child.ready["oximeter"], timeout=LIMIT_S, backend=radio.scanner_backend
            )
            assert device
            counts: list[int] = []
            for number in range(RECONNECTS):
                await _one_link(child, BleakClient(device, timeout=LIMIT_S, backend=radio.client_backend), number)
                if number in (9, RECONNECTS - 1):
                    gc.collect()
                    counts.append(sum(isinstance(each, Connection) for each in gc.get_objects()))
            assert counts[1] <= counts[0] + 2
        finally:
            await radio.detach()
        assert len(child.events("connected")) == RECONNECTS
        assert [line["hex"] for line in child.values() if line["delivered"]] == [
            f"{number:08x}" for number in range(RECONNECTS)
        ]


async def _one_link(child: AirChild, client: BleakClient, number: int) -> None:
    """Connect, get one value, lose the link (by turns from either side)."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    await client.connect()
    await client.start_notify(sig(0x2A5F), lambda _, data: heard.put_nowait(bytes(data)))
    await child.do("send", device="oximeter", hex=f"{number:08x}")
    assert await asyncio.wait_for(heard.get(), LIMIT_S) == number.to_bytes(4, "big")
    if number % 2:
        await client.disconnect()
    else:
        await child.do("drop", device="oximeter")
        await until(lambda: not client.is_connected)


@pytest.mark.parametrize(
    ("scenario", "seen"),
    [("desaturation", "1c5200"), ("dropout", "0cff07ff07"), ("garbage", "deadbeef"), ("hypertension", "16a8006800")],
)
async def test_a_minute_of_a_scenario_arrives_in_a_few_seconds_at_a_higher_speed(
    tmp_path: Path, scenario: str, seen: str
) -> None:
    """The script alone runs faster; everything that the log says was delivered has been heard, in order."""
    heard: dict[str, list[str]] = {"oximeter": [], "cuff": []}
    async with air(tmp_path / "air.jsonl", "--speed", "20", "--scenario", scenario) as child:
        radio = await attach(child.address)
        try:
            links = [asyncio.create_task(_follow(radio, child.ready[role], heard[role])) for role in heard]
            await until(lambda: len(heard["oximeter"]) >= 60 and len(heard["cuff"]) >= 1)
            await child.do("hold")
            await until(lambda: any(value.startswith(seen) for values in heard.values() for value in values))
        finally:
            for link in links:
                link.cancel()
            await asyncio.wait(links)
            await radio.detach()
        await until(lambda: child.events("gone"))
        for role, values in heard.items():
            sent = [line for line in child.values() if line["device"] == child.ready[role] and line["delivered"]]
            assert [line["hex"] for line in sent] == values


async def _follow(radio: object, address: str, heard: list[str]) -> None:
    """Link again and again with one device, and listen to all that it measures."""
    while True:
        client = BleakClient(address.upper(), timeout=LIMIT_S, backend=radio.client_backend)  # type: ignore[attr-defined]
        await client.connect()
        for uuid in (0x2A5F, 0x2A35, 0x2A36):
            if client.services.get_characteristic(sig(uuid)):
                await client.start_notify(sig(uuid), lambda _, data: heard.append(bytes(data).hex()))
        while client.is_connected:
            await asyncio.sleep(0.01)
