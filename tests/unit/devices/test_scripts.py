"""The families' scripts, against a link that refuses what is not listed and answers as the reference says."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest

from devices.catalog import DRIVERS, Driver
from devices.drivers import ClockWritten, Decoded, aa55, eb, masimo, oxyii, viatom
from devices.drivers.script import Context, Script

NOW = datetime(2026, 11, 5, 14, 30)
INFO = bytes.fromhex("77140163101F00030100170010E6000000F600000018")


class Ended(Exception):  # noqa: N818
    """Enough was seen."""


class Answering:
    """A link whose device answers each write at once by `answer`; ends the script after so many writes."""

    def __init__(self, driver: Driver, answer: Callable[[bytes], bytes | None], writes: int) -> None:
        self.driver, self.answer, self.left = driver, answer, writes
        self.written: list[bytes] = []
        self.waiting: list[bytes] = []
        self.shown: dict[str, bytes] = {}
        self.under_way = 0
        self.paused_s = 0.0

    def has(self, characteristic_uuid: str) -> bool:
        return characteristic_uuid in self.driver.allowed_writes

    async def read(self, characteristic_uuid: str) -> bytes | None:
        return self.shown.get(characteristic_uuid)

    async def write(self, characteristic_uuid: str, data: bytes) -> None:
        assert self.driver.may_write(characteristic_uuid, data), data.hex()
        if self.left == 0:
            raise Ended
        self.left -= 1
        self.written.append(data)
        if (frame := self.answer(data)) is not None:
            self.waiting.append(frame)

    async def frame(self, within_s: float) -> bytes | None:
        return self.waiting.pop(0) if self.waiting else None

    def forget(self) -> None:
        self.waiting.clear()

    async def pause(self, seconds: float) -> None:
        self.paused_s += seconds


def play(
    driver: Driver, answer: Callable[[bytes], bytes | None], writes: int, name: str = "", script: Script | None = None
) -> tuple[Answering, list[Decoded]]:
    link, said = Answering(driver, answer, writes), []
    run = script or driver.script
    assert run is not None

    async def until_enough() -> None:
        try:
            await run(link, said.append, Context(name, lambda: NOW))
        except Ended:
            pass

    asyncio.run(until_enough())
    return link, said


def test_a_ring_is_asked_who_it_is_and_then_for_numbers_once_a_second() -> None:
    link, _ = play(viatom.DRIVER, lambda _request: b"\x55", 4)
    assert [data.hex().upper() for data in link.written] == ["AA14EB00000000C6", *["AA17E8000000001B"] * 3]
    assert link.paused_s == 3


def test_a_ring_that_does_not_answer_is_asked_again() -> None:
    link, _ = play(viatom.DRIVER, lambda _request: None, 5)
    assert len(link.written) == 5


def test_an_oxyii_ring_is_greeted_and_polled() -> None:
    link, _ = play(oxyii.DRIVER, lambda _request: b"\xa5", 5)
    assert [data[1] for data in link.written] == [0xFF, 0x10, 0x00, 0x04, 0x04]
    assert link.written[3].hex().upper() == "A504FB000300002E"


def test_the_greeting_is_the_published_one() -> None:
    assert oxyii.auth(1700000000).hex().upper() == "A5FF00000010000068158872091CB098C8C7DAC4C375D37B"
    assert oxyii.ASK_SETUP.hex().upper() == "A510EF000001000007"
    assert oxyii.ASK_CONFIG.hex().upper() == "A500FF00000000B8"


@pytest.mark.parametrize(("name", "start"), [("SleepO2_1", eb.START_EMAY), ("CMS50D-BT", eb.START_CONTEC)])
def test_a_contec_is_started_and_its_heart_kept_beating(name: str, start: tuple[bytes, ...]) -> None:
    link, _ = play(eb.DRIVER, lambda _request: None, len(start) + 3, name)
    assert link.written == [*start, *[eb.HEARTBEAT] * 3]
    assert link.paused_s == pytest.approx(len(start) * 0.5 + 9)


def test_a_mightysat_is_enabled_with_its_own_mask() -> None:
    link, _ = play(masimo.DRIVER, lambda request: INFO if request == masimo.ASK_INFO else None, 2)
    assert link.written == [masimo.ASK_INFO, masimo.ENABLE_SEEN]


def test_an_oximeter_that_streams_by_itself_is_asked_nothing() -> None:
    link = Answering(aa55.DRIVER, lambda _request: None, 2)
    link.waiting = [b"\xaa"] * 3
    link.has = lambda _uuid: False  # type: ignore[method-assign]

    async def until_enough() -> None:
        with pytest.raises(Ended):
            await aa55.run(link, lambda _said: None, Context("", lambda: NOW))

    asyncio.run(until_enough())
    assert not link.waiting
    assert link.written == [aa55.ENABLE_NUMBERS, aa55.ENABLE_WAVE]


@pytest.mark.parametrize("family", ["and", "nipro"])
def test_a_cuff_that_expects_the_time_gets_it_before_the_dump(family: str) -> None:
    driver = DRIVERS[family]
    link, said = play(driver, lambda _request: None, 1, script=driver.prepare)
    assert [data.hex().upper() for data in link.written] == ["EA070B050E1E00"]
    assert said == [ClockWritten("2026-11-05T14:30:00")]


LATE, RIGHT, NEVER_SET = "EA070B0502000004 0000", "EA070B050E1D3B04 0000", "0000000000000000 0000"


@pytest.mark.parametrize(("shown", "is_set"), [(LATE, True), (RIGHT, False), (NEVER_SET, True), ("EA07", True)])
def test_a_standard_cuff_whose_clock_can_be_read_gets_the_time_only_if_its_own_is_wrong(
    shown: str, is_set: bool
) -> None:
    link, said = Answering(DRIVERS["bls"], lambda _request: None, 2), []
    link.shown["2a2b"] = bytes.fromhex(shown)
    asyncio.run(DRIVERS["bls"].prepare(link, said.append, Context("", lambda: NOW)))  # type: ignore[arg-type, misc]
    assert [data.hex().upper() for data in link.written] == (["EA070B050E1E00040001"] if is_set else [])
    assert said == ([ClockWritten("2026-11-05T14:30:00")] if is_set else [])


@pytest.mark.parametrize(
    ("frames", "is_set"),
    [
        (["EA070B050E1D3B04 0000"], False),
        (["EA070B050E153B04 0000"], False),
        (["EA070B050E133B04 0000"], True),
        (["147A004F00FF073D000000", LATE], True),
        ([], False),
    ],
    ids=["right", "eight minutes", "ten minutes and a second", "after a reading", "never said"],
)
def test_an_omron_gets_the_time_after_it_has_said_its_own_and_only_if_that_is_far_off(
    frames: list[str], is_set: bool
) -> None:
    link, said = Answering(DRIVERS["omron"], lambda _request: None, 2), []
    link.waiting = [bytes.fromhex(frame) for frame in frames]
    asyncio.run(DRIVERS["omron"].script(link, said.append, Context("", lambda: NOW)))  # type: ignore[arg-type, misc]
    assert [data.hex().upper() for data in link.written] == (["EA070B050E1E00040001"] if is_set else [])


def test_a_bp2_is_only_looked_at() -> None:
    link, _ = play(DRIVERS["bp2"], lambda _request: b"\xa5", 4)
    assert [data[1] for data in link.written] == [0xE1, 0x08, 0x08, 0x08]
