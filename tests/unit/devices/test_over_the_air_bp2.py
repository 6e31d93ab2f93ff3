"""A BP2 cuff over real GATT: watched while it inflates, its result once, and never made to measure by us."""

from pathlib import Path

from devices.reading import CuffPressure, Pressure, Quality, Reading, Source
from devices.virtual import control
from tests.unit.devices.family_air import FamilyAir, family_air, kept, until

RUN = control.Measure("bp2", systolic=128, diastolic=82, mean=97, pulse=72, inflate_s=8)


async def measured(air: FamilyAir) -> None:
    """A whole measurement, and some seconds of its result on the display."""
    await air.order(RUN)
    await air.play("bp2", 14)
    await until(lambda: air.measured("bp2", Pressure))


async def test_it_inflates_by_its_own_button_only(tmp_path: Path) -> None:
    async with family_air(tmp_path, "bp2") as air, kept(air, "bp2"):
        await air.play("bp2", 10)
        assert not air.of(Reading, "bp2")
        assert {order[1] for order in air.device("bp2").orders} == {0xE1, 0x08}
        assert air.device("bp2").harmed == []


async def test_the_cuff_s_pressure_is_seen_while_it_rises_and_falls_and_the_result_is_read_once(tmp_path: Path) -> None:
    async with family_air(tmp_path, "bp2") as air, kept(air, "bp2"):
        await measured(air)
        await air.play("bp2", 4)
        rising = [one.pressure.number for one in air.measured("bp2", CuffPressure)]
        assert max(rising) > 128
        assert rising[-1] < max(rising)
        (result,) = air.measured("bp2", Pressure)
        assert (result.systolic.number, result.diastolic.number, result.mean.number) == (128, 82, 97)
        assert result.systolic.quality is Quality.VALID
        assert (await air.account()).same


async def test_the_same_result_over_a_new_link_is_out_of_its_memory(tmp_path: Path) -> None:
    async with family_air(tmp_path, "bp2") as air, kept(air, "bp2"):
        await measured(air)
        await air.order(control.Drop("bp2"))
        await air.linked("bp2", times=2)
        await air.play("bp2", 3)
        await until(lambda: len(air.measured("bp2", Pressure)) == 2)
        again = [one for one in air.of(Reading, "bp2") if isinstance(one.measurement, Pressure)][-1]
        assert again.source is Source.STORED
        assert again.measurement.systolic.quality is Quality.STORED
        assert (await air.account()).same


async def test_two_measurements_of_equal_numbers_are_two(tmp_path: Path) -> None:
    async with family_air(tmp_path, "bp2") as air, kept(air, "bp2"):
        await measured(air)
        await measured(air)
        await until(lambda: len(air.measured("bp2", Pressure)) == 2)
        assert [one.systolic.quality for one in air.measured("bp2", Pressure)] == [Quality.VALID] * 2
        assert (await air.account()).same
