"""Whose device: two of one name over real GATT, known by bond, serial number or address; a change is held and asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from devices.links import Chosen, Links
from devices.reading import (
    DeviceDoubted,
    DeviceGlimpsed,
    DeviceRecognised,
    LinkChanged,
    LinkState,
    Reading,
    Report,
)
from devices.virtual import contec, control, wellue
from devices.virtual.streamer import Streamer
from devices.virtual.world import World
from devices.whose import Whose
from tests.unit.devices.family_air import HASTE, SPEED, FamilyAir, clock, family_air, until

NAME = contec.CMS50D.name
LOOKS = 5  # at one device: what is wanted is taken at the first
OURS, THEIRS = "F1:5E:55:10:00:A1", "F1:5E:55:10:00:A2"


class TwoAir:
    """An air with two oximeters of one name and make; `reports` are those of the links."""

    def __init__(self, air: FamilyAir, ours: Streamer, theirs: Streamer) -> None:
        self.air, self.ours, self.theirs = air, ours, theirs
        self.reports: list[Report] = []

    def of(self, kind: type) -> list:
        return [report for report in self.reports if isinstance(report, kind)]

    def states(self) -> list[LinkState]:
        return [report.state for report in self.of(LinkChanged)]

    async def speak(self, device: Streamer, pulse: int) -> None:
        """Until a link to this device takes a value."""
        await until(lambda: device.subscribed(device.stream))
        await device.say(contec.numbers(97, pulse))

    @asynccontextmanager
    async def kept(self, serial: str = "", address: str = OURS, name: str = NAME, bonded: bool = False, driver="eb"):
        chosen = [Chosen(address, driver, "oximeter", name, serial, bonded)]
        links = Links(self.air.spec, chosen, False, clock(HASTE), self.reports.append, pace=HASTE)
        work = asyncio.create_task(links.run())
        try:
            yield links
        finally:
            work.cancel()
            await asyncio.wait({work}, timeout=20)
            assert work.cancelled(), work


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[TwoAir]:
    async with family_air(tmp_path) as air:
        world = World(air.stage.link, air.stage.log, air.stage.device_time, SPEED)
        ours, theirs = (
            contec.Contec(world, msgspec.structs.replace(contec.CMS50D, address=address, serial=serial))
            for address, serial in ((OURS, "1111-OURS"), (THEIRS, "2222-THEIRS"))
        )
        for device in (ours, theirs):
            await device.start()
            device.advertise(True)
        yield TwoAir(air, ours, theirs)
        for device in (ours, theirs):
            await device.stop()


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Address of a device of another address each time that a search has weighed it, whatever came of it."""
    seen: list[str] = []
    is_alike = Whose.is_alike

    def weigh(whose: Whose, address: str, name: str) -> bool:
        found = is_alike(whose, address, name)
        seen.append(address)
        return found

    monkeypatch.setattr(Whose, "is_alike", weigh)
    return seen


async def dropped(device: Streamer) -> None:
    device.drop()
    await until(lambda: device.connection is None)


async def test_a_device_is_known_by_the_serial_number_that_it_says_after_each_connect(two: TwoAir) -> None:
    async with two.kept("1111-OURS"):
        await two.speak(two.ours, 81)
        await until(lambda: two.of(Reading))
        await dropped(two.ours)
        await until(lambda: len(two.of(DeviceRecognised)) == 2)
        await two.speak(two.ours, 82)
        await until(lambda: len(two.of(Reading)) == 2)
    assert [(one.by, one.serial) for one in two.of(DeviceRecognised)] == [("serial", "1111-OURS")] * 2
    assert not two.of(DeviceDoubted)
    assert not two.theirs.orders


async def test_one_that_nobody_has_asked_before_is_known_by_its_address_and_from_then_on_by_its_number(
    two: TwoAir,
) -> None:
    async with two.kept():
        await two.speak(two.ours, 81)
        await until(lambda: two.of(Reading))
        two.ours.say_serial("3333-OTHER")
        await dropped(two.ours)
        await until(lambda: two.of(DeviceDoubted))
    assert [(one.by, one.serial) for one in two.of(DeviceRecognised)] == [("address", "1111-OURS")]
    assert [(one.serial, one.expected) for one in two.of(DeviceDoubted)] == [("3333-OTHER", "1111-OURS")]


async def test_another_serial_number_at_the_same_address_is_held_until_a_person_has_looked(two: TwoAir) -> None:
    async with two.kept("9999-BEFORE") as links:
        await two.speak(two.ours, 81)
        await until(lambda: two.of(DeviceGlimpsed))
        assert two.states()[-1] is LinkState.HELD
        assert not two.of(Reading)
        await dropped(two.ours)
        await two.speak(two.ours, 82)
        await until(lambda: len(two.of(DeviceGlimpsed)) == 2)
        assert not two.of(Reading)
        assert len(two.of(DeviceDoubted)) == 1  # asked once, not at each connect
        links.answer(OURS, is_chosen=True)
        await until(lambda: two.of(DeviceRecognised))
        await two.speak(two.ours, 83)
        await until(lambda: two.of(Reading))
    assert [reading.measurement.pulse.number for reading in two.of(Reading)] == [83]
    assert two.of(DeviceRecognised)[-1].serial == "1111-OURS"


async def test_one_that_a_person_says_is_another_is_not_even_looked_at_and_is_taken_again_when_it_is_the_chosen_one(
    two: TwoAir,
) -> None:
    async with two.kept("9999-BEFORE") as links:
        await two.speak(two.ours, 81)
        await until(lambda: two.of(DeviceGlimpsed))
        links.answer(OURS, is_chosen=False)
        await until(lambda: LinkState.REFUSED in two.states())
        before = len(two.of(DeviceGlimpsed))
        two.ours.orders.clear()
        await until(lambda: two.states().count(LinkState.CONNECTING) >= 4)
        assert not two.ours.orders  # nothing is written to it
        two.ours.say_serial("9999-BEFORE")
        await until(lambda: two.of(DeviceRecognised))
        await two.speak(two.ours, 84)
        await until(lambda: two.of(Reading))
    assert len(two.of(DeviceGlimpsed)) == before
    assert len(two.of(DeviceDoubted)) == 1


async def test_the_same_serial_number_at_a_new_address_is_followed_and_held_until_a_person_has_looked(
    two: TwoAir,
) -> None:
    two.theirs.say_serial("1111-OURS")
    two.ours.advertise(False)
    async with two.kept("1111-OURS") as links:
        await until(lambda: two.of(DeviceDoubted))
        (doubt,) = two.of(DeviceDoubted)
        assert (doubt.device, doubt.address, doubt.serial) == (OURS.lower(), THEIRS.lower(), "1111-OURS")
        assert not two.theirs.orders
        assert not two.theirs.subscribed(two.theirs.stream)
        links.answer(OURS, is_chosen=True)
        await two.speak(two.theirs, 85)
        await until(lambda: two.of(Reading))
    (reading,) = two.of(Reading)
    assert (reading.device, reading.measurement.pulse.number) == (OURS.lower(), 85)
    (known,) = two.of(DeviceRecognised)
    assert (known.by, known.address) == ("serial", THEIRS.lower())


async def test_one_of_the_same_name_and_another_number_is_asked_once_and_never_taken(
    two: TwoAir, weighed: list[str]
) -> None:
    two.ours.advertise(False)
    linked = []
    two.theirs._device.on("connection", linked.append)
    async with two.kept("1111-OURS"):
        await until(lambda: linked)
        await until(lambda: two.theirs.connection is None)
        two.ours.advertise(True)
        await two.speak(two.ours, 86)
        await until(lambda: two.of(Reading))
        two.ours.advertise(False)
        weighed.clear()
        await dropped(two.ours)
        await until(lambda: len(weighed) >= LOOKS)
    assert len(linked) == 1
    assert not two.of(DeviceDoubted)
    assert not two.theirs.orders
    assert [reading.measurement.pulse.number for reading in two.of(Reading)] == [86]


@pytest.mark.parametrize(
    "how", [{"serial": ""}, {"serial": "1111-OURS", "name": ""}, {"serial": "1111-OURS", "bonded": True}]
)
async def test_a_name_alone_is_never_followed(two: TwoAir, weighed: list[str], how: dict) -> None:
    two.ours.advertise(False)
    two.theirs.say_serial("1111-OURS")
    linked = []
    two.theirs._device.on("connection", linked.append)
    async with two.kept(**how):
        await until(lambda: len(weighed) >= LOOKS)
    assert not linked


async def test_a_ring_without_device_information_tells_its_number_when_asked_as_its_family_is(two: TwoAir) -> None:
    world = World(two.air.stage.link, two.air.stage.log, two.air.stage.device_time, SPEED)
    ring = wellue.Ring(world)
    says_nothing = ring.characteristic("2A25")
    assert says_nothing
    says_nothing.properties = type(says_nothing.properties)(0)
    await ring.start()
    ring.advertise(True)
    try:
        async with two.kept(ring.identity.serial, ring.address, ring.identity.name, driver="viatom"):
            await until(lambda: two.of(Reading))
        assert [(one.by, one.serial) for one in two.of(DeviceRecognised)] == [("serial", ring.identity.serial)]
        two.reports.clear()
        async with two.kept("another", ring.address, ring.identity.name, driver="viatom"):
            await until(lambda: two.of(DeviceGlimpsed))
        assert not two.of(Reading)
        (doubt,) = two.of(DeviceDoubted)
        assert (doubt.serial, doubt.expected) == (ring.identity.serial, "another")
    finally:
        await ring.stop()


async def test_a_doubted_cuff_is_not_even_subscribed_so_that_its_reading_waits_for_the_answer(two: TwoAir) -> None:
    cuff = two.air.stage.cuff
    async with two.kept("another", cuff.address, "SIM Cuff", driver="bls") as links:
        await two.air.order(control.Measure(inflate_s=1))
        await until(lambda: LinkState.REFUSED in two.states())
        assert len(two.of(DeviceDoubted)) == 1
        assert '"subscribed"' not in two.air.log.read_text()
        assert not two.of(Reading)
        links.answer(cuff.address, is_chosen=True)
        await until(lambda: two.of(Reading))
