"""Every simulated family, its real driver, real bleak and GATT between them, and each fault in turn.

The account must hold both ways: each value that reached the computer whole is one reading, and there is no other.
"""

import asyncio
import json
from pathlib import Path

import pytest

from devices.catalog import DRIVERS
from devices.reading import DecodeFailed, LinkChanged, LinkState, Reading
from devices.virtual import control
from devices.virtual.family import FAMILIES
from devices.virtual.family import vectors as family_vectors
from devices.virtual.streamer import Streamer
from tests.unit.devices.family_air import (
    DRIVER_OF,
    HASTE,
    POLLED,
    UNHURRIED,
    WITHIN_S,
    FamilyAir,
    family_air,
    kept,
    until,
)

VECTORS = list(family_vectors())
PAYLOADS = Path(__file__).parents[2] / "data" / "payloads" / "families.jsonl"
SILENCE = HASTE.__class__(silent_after_s=10, back_off_s=(1, 2), speed=HASTE.speed)
every_family = pytest.mark.parametrize("name", sorted(DRIVER_OF))


@pytest.mark.parametrize(("what", "expected", "written"), VECTORS, ids=[f"{w}-{e[:16]}" for w, e, _ in VECTORS])
def test_a_simulated_device_writes_the_bytes_of_real_ones(what: str, expected: str, written: bytes) -> None:
    assert written.hex().upper() == expected, what


def test_every_public_frame_of_a_streaming_device_is_written_by_its_simulator() -> None:
    written = {frame.hex().upper() for _, _, frame in VECTORS}
    known = [json.loads(line) for line in PAYLOADS.read_text().splitlines()]
    wanted = {row["hex"] for row in known if row["driver"] in DRIVER_OF.values()}
    assert not wanted - written


async def test_every_device_that_streams_is_held_against_its_driver_here(tmp_path: Path) -> None:
    async with family_air(tmp_path, *FAMILIES) as air:
        streaming = {name for name, device in air.stage.devices.items() if isinstance(device, Streamer)}
    assert streaming == set(DRIVER_OF)
    assert set(DRIVER_OF.values()) <= set(DRIVERS)


async def some_seconds(air: FamilyAir, name: str, seconds: int) -> None:
    if name == "bp2":
        # each another result: at this pace an inflation may lie between two questions, and the same one be said again
        systolic = 118 + air.second % 20
        await air.order(control.Measure("bp2", systolic=systolic, diastolic=82, mean=97, pulse=72, inflate_s=seconds))
    await air.play(name, seconds)


FAULTS: tuple[tuple[dict[str, object], int], ...] = (
    ({"fragment": 1}, 4),
    ({"fragment": 7}, 4),
    ({"at_every_boundary": True}, 40),
    ({"merge": 4}, 8),
    ({"flips": 12}, 16),
    ({"finger_out": True}, 6),
)
"""Each with so many seconds."""


@every_family
async def test_through_every_fault_there_is_a_reading_for_each_whole_value_and_no_other(
    name: str, tmp_path: Path
) -> None:
    # a hundred packets are one reading by the clock, which would run away from the played seconds
    pace = UNHURRIED if name == "berrymed" else HASTE
    async with family_air(tmp_path, name) as air, kept(air, name, pace=pace):
        impossible = air.device(name).impossible.keys()
        possible = [(wrong, seconds) for wrong, seconds in FAULTS if not impossible & wrong.keys()]
        await some_seconds(air, name, 3)
        for wrong, seconds in possible:
            await air.fault(name, **wrong)
            await some_seconds(air, name, seconds)
            await air.mend(name)
            await some_seconds(air, name, 2)
        account = await air.account()
        assert account.same, account
        assert account.recorded >= 10
        assert bool(account.refused) is ("flips" not in impossible)


@every_family
async def test_a_link_lost_within_a_frame_costs_that_frame_and_nothing_after_it(name: str, tmp_path: Path) -> None:
    async with family_air(tmp_path, name) as air, kept(air, name):
        for times in range(2, 4):
            await some_seconds(air, name, 3)
            if "break_off" in air.device(name).impossible:
                await air.order(control.Drop(name))
            else:
                await air.fault(name, break_off=True)
                await some_seconds(air, name, 1)
            await air.linked(name, times)
        await some_seconds(air, name, 3)
        async with asyncio.timeout(WITHIN_S):
            while len(air.of(Reading, name)) < 3:  # the first questions on a new link may be who it is
                await some_seconds(air, name, 1)
        account = await air.account()
        assert account.same, account


@pytest.mark.parametrize("name", ["contec", "o2ring"])
async def test_a_device_that_is_linked_and_says_nothing_is_linked_anew(name: str, tmp_path: Path) -> None:
    async with family_air(tmp_path, name) as air, kept(air, name, pace=SILENCE):
        await some_seconds(air, name, 1)
        await air.fault(name, silent=True)
        await until(lambda: LinkState.SILENT in [r.state for r in air.of(LinkChanged, name)])
        await air.mend(name)
        await air.linked(name, times=2)
        before = len(air.of(Reading, name))
        await some_seconds(air, name, 2)
        await until(lambda: len(air.of(Reading, name)) > before)
        assert (await air.account()).same


async def test_all_families_at_once_are_as_many_devices(tmp_path: Path) -> None:
    names = sorted(DRIVER_OF)
    async with family_air(tmp_path, *names) as air, kept(air, *names):
        await asyncio.gather(*(some_seconds(air, name, 5) for name in names))
        await until(lambda: all(air.of(Reading, name) for name in names))
        account = await air.account()
        assert account.same, account
        assert not [report for report in air.reports if isinstance(report, DecodeFailed)]
        assert set(names) >= POLLED
