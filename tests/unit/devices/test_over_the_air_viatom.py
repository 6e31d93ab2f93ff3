"""Rings of both kinds over real GATT: what they are asked, what they say of themselves, and what nobody ever sends."""

from pathlib import Path

import pytest

from devices.catalog import DRIVERS
from devices.probe import probe
from devices.reading import BatteryRead, DeviceDescribed, Quality, Reading
from tests.unit.devices.family_air import family_air, kept, until


async def test_a_ring_is_asked_who_it_is_and_for_numbers_and_nothing_else(tmp_path: Path) -> None:
    async with family_air(tmp_path, "o2ring") as air, kept(air, "o2ring"):
        await air.play("o2ring", 10)
        await until(lambda: len(air.measured("o2ring")) >= 5)
        written = [order.hex().upper() for order in air.device("o2ring").orders]
        assert written[0] == "AA14EB00000000C6"
        assert set(written[1:]) == {"AA17E8000000001B"}
        assert air.device("o2ring").resets == 0
        assert {one.spo2.quality for one in air.measured("o2ring")[1:]} == {Quality.VALID}
        described = [one for one in air.of(DeviceDescribed, "o2ring") if one.serial]
        assert {(one.model, one.serial) for one in described} == {("1641", "SIM-RING-0001")}


async def test_an_oxyii_ring_is_greeted_and_polled_and_never_wiped(tmp_path: Path) -> None:
    async with family_air(tmp_path, "oxyii") as air, kept(air, "oxyii"):
        await air.play("oxyii", 10)
        await until(lambda: len(air.measured("oxyii")) >= 5)
        assert [order[1] for order in air.device("oxyii").orders[:3]] == [0xFF, 0x10, 0x00]
        assert {order[1] for order in air.device("oxyii").orders[3:]} == {0x04}
        assert air.device("oxyii").harmed == []
        assert 88 in [one.percent for one in air.of(BatteryRead, "oxyii")]


@pytest.mark.parametrize("name", ["o2ring", "oxyii"])
async def test_numbers_that_go_on_without_a_finger_are_not_believed(name: str, tmp_path: Path) -> None:
    async with family_air(tmp_path, name) as air, kept(air, name):
        await air.play(name, 4)
        await until(lambda: air.measured(name))
        await air.fault(name, finger_out=True)
        await air.play(name, 4)
        await until(lambda: air.measured(name)[-1].spo2.quality is Quality.INVALID)
        assert air.measured(name)[-1].spo2.number is None
        assert "finger off" in air.measured(name)[-1].spo2.reasons
        numbers = air.of(Reading, name)[-1].raw[7 if name == "o2ring" else 13]
        assert 90 <= numbers <= 100  # still on the wire
        assert (await air.account()).same


@pytest.mark.parametrize(("name", "driver"), [("o2ring", "viatom"), ("bp2", "bp2")])
async def test_a_ring_and_a_cuff_of_one_service_are_told_apart_by_asking_what_harms_neither(
    name: str, driver: str, tmp_path: Path
) -> None:
    async with family_air(tmp_path, name) as air:
        device = air.device(name)
        assert await probe(air.spec, device.address, [DRIVERS["viatom"], DRIVERS["bp2"]]) is DRIVERS[driver]
        assert {order.hex().upper() for order in device.orders} <= {"AA14EB00000000C6", "A5E11E0000000069"}
        assert getattr(device, "harmed", []) == []
