"""BerryMed, Nonin, MightySat, Jumper and a strap over the air: each number shown is the one in its frame.

That nothing is lost or invented through every fault is held in `test_families_over_the_air`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from devices.pace import Pace
from devices.reading import (
    DeviceDescribed,
    HeartRate,
    LinkChanged,
    LinkState,
    Oximetry,
    Quality,
    Reading,
    Value,
)
from devices.virtual import control
from tests.unit.devices.family_air import DRIVER_OF, HASTE, UNHURRIED, FamilyAir, family_air, kept, until

Numbers = tuple[int | None, int | None]
SILENCE = Pace(silent_after_s=1, back_off_s=(0.05,))


class Family(NamedTuple):
    """name: in the air. numbers: SpO2 and pulse as they stand in one of its frames."""

    name: str
    numbers: Callable[[bytes], Numbers]


FAMILIES = (
    Family("berrymed", lambda frame: (frame[4], frame[3] | frame[2] << 1 & 0x80)),
    Family("nonin", lambda frame: (frame[7], frame[9] + 256 * frame[8])),
    Family("mightysat", lambda frame: (frame[8], frame[10])),
    Family("jumper", lambda frame: (frame[2], frame[1])),
    Family("strap", lambda frame: (None, frame[1])),
)
by_family = pytest.mark.parametrize("of", FAMILIES, ids=[one.name for one in FAMILIES])


def values(reading: Reading) -> list[Value]:
    """SpO2 and pulse, or a strap's pulse alone."""
    measurement = reading.measurement
    assert isinstance(measurement, Oximetry | HeartRate)
    return [measurement.spo2, measurement.pulse] if isinstance(measurement, Oximetry) else [measurement.pulse]


async def played(air: FamilyAir, of: Family, seconds: int) -> list[Reading]:
    """The readings of so many seconds."""
    before = len(air.of(Reading, of.name))
    await air.play(of.name, seconds)
    await air.stage.log.settled(10)
    await until(lambda: len(air.of(Reading, of.name)) > before)
    return air.of(Reading, of.name)[before:]


def pace_of(of: Family) -> Pace:
    return UNHURRIED if of.name == "berrymed" else HASTE


@by_family
async def test_each_valid_number_is_the_one_in_its_frame_and_its_device_is_known(of: Family, tmp_path: Path) -> None:
    async with family_air(tmp_path, of.name) as air, kept(air, of.name, pace=pace_of(of)):
        readings = await played(air, of, 12)
        for reading in readings:
            *spo2, pulse = of.numbers(reading.raw)
            wanted = [pulse] if isinstance(reading.measurement, HeartRate) else [*spo2, pulse]
            assert [(value.number, value.quality) for value in values(reading)] == [
                (number, Quality.VALID) for number in wanted
            ]
        await until(lambda: air.of(DeviceDescribed, of.name))
        described = air.of(DeviceDescribed, of.name)[0]
    assert len({reading.raw for reading in readings}) >= 5
    assert (described.driver, described.serial) == (DRIVER_OF[of.name], air.device(of.name).identity.serial)
    assert described.known_by == ("public capture" if of.name == "mightysat" else "built from description only")


@by_family
async def test_with_the_finger_out_the_numbers_that_go_on_are_never_values(of: Family, tmp_path: Path) -> None:
    async with family_air(tmp_path, of.name) as air, kept(air, of.name, pace=pace_of(of)):
        await played(air, of, 2)
        await air.fault(of.name, finger_out=True)
        out = await played(air, of, 4)
        await air.mend(of.name)
        back = await played(air, of, 3)
        assert (await air.account()).same
    assert {value.quality for reading in out for value in values(reading)} == {Quality.INVALID}
    assert {value.number for reading in out for value in values(reading)} == {None}
    assert values(back[-1])[-1].quality is Quality.VALID


@by_family
async def test_a_fault_that_cannot_happen_to_a_family_is_refused_with_the_reason(of: Family, tmp_path: Path) -> None:
    async with family_air(tmp_path, of.name) as air:
        for name in air.device(of.name).impossible:
            with pytest.raises(control.Refused, match=r"checksum|whole measurements"):
                await air.fault(of.name, **{name: 2 if name in ("fragment", "merge", "flips") else True})
    assert ("flips" in air.device(of.name).impossible) == (of.name != "mightysat")


@pytest.mark.parametrize(
    "of", [one for one in FAMILIES if one.name in ("nonin", "mightysat")], ids=lambda one: one.name
)
async def test_a_device_that_says_nothing_is_linked_anew_and_started_again(of: Family, tmp_path: Path) -> None:
    """The one wants its bond each time, the other its stream enabled."""
    async with family_air(tmp_path, of.name) as air, kept(air, of.name, pace=SILENCE):
        await played(air, of, 1)
        await air.fault(of.name, silent=True)
        await until(lambda: LinkState.SILENT in [report.state for report in air.of(LinkChanged, of.name)])
        await air.mend(of.name)
        await air.linked(of.name, times=2)
        assert await played(air, of, 2)
        assert (await air.account()).same
