"""PC-60FW, OxySmart and SP-20 over real GATT: asked for nothing or switched on, and what a finger that is out shows."""

from pathlib import Path

import pytest

from devices.reading import DecodeFailed, Quality
from devices.virtual import creative
from tests.unit.devices.family_air import UNHURRIED, family_air, kept, until


@pytest.mark.parametrize("name", ["pc60fw", "oxysmart"])
async def test_one_that_streams_by_itself_is_written_nothing(name: str, tmp_path: Path) -> None:
    async with family_air(tmp_path, name) as air, kept(air, name, pace=UNHURRIED):
        await air.play(name, 5)
        await until(lambda: len(air.measured(name)) == 5)
        assert air.device(name).orders == []
        assert {one.spo2.quality for one in air.measured(name)} == {Quality.VALID}


async def test_an_sp20_is_switched_on(tmp_path: Path) -> None:
    async with family_air(tmp_path, "sp20") as air, kept(air, "sp20"):
        await air.play("sp20", 3)
        await until(lambda: len(air.measured("sp20")) == 3)
        assert set(air.device("sp20").orders) == {creative.NUMBERS_ON, creative.WAVE_ON}


async def test_numbers_beside_the_probe_s_flag_are_not_believed_and_a_wrong_bit_costs_its_frame(tmp_path: Path) -> None:
    async with family_air(tmp_path, "pc60fw") as air, kept(air, "pc60fw", pace=UNHURRIED):
        device = air.device("pc60fw")
        await device.say(creative.wave(9, 20, 60, 190, 50), creative.numbers(97, 78, 112))
        await device.say(creative.numbers(97, 78, 112, creative.PROBE_OFF))
        await air.fault("pc60fw", flips=1)
        await device.say(creative.numbers(96, 80, 90))
        await device.say(creative.numbers(95, 80, 90))
        await until(lambda: len(air.measured("pc60fw")) == 3)
        shown = [(one.spo2.number, one.spo2.quality) for one in air.measured("pc60fw")]
        assert shown == [(97, Quality.VALID), (None, Quality.INVALID), (95, Quality.VALID)]
        assert len(b"".join(one.raw for one in air.of(DecodeFailed, "pc60fw"))) == 12
        assert (await air.account()).same


async def test_with_the_finger_out_the_old_numbers_go_on_and_none_is_believed_once_the_flag_comes(
    tmp_path: Path,
) -> None:
    async with family_air(tmp_path, "pc60fw") as air, kept(air, "pc60fw", pace=UNHURRIED):
        await air.play("pc60fw", 3)
        await air.fault("pc60fw", finger_out=True)
        await air.play("pc60fw", 6)
        await until(lambda: len(air.measured("pc60fw")) == 9)
        sent = [one.raw for one in air.reports if getattr(one, "raw", b"")[4:5] == b"\x01"]
        assert len({frame[5:8] for frame in sent[-6:]}) == 1  # the same numbers to the end
        flagged = air.measured("pc60fw")[-4:]
        assert [(one.spo2.number, one.pulse.number) for one in flagged] == [(None, None)] * 4
        assert all("finger off" in one.spo2.reasons for one in flagged)
