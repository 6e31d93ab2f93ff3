"""BerryMed, Nonin, MightySat, Jumper and a strap over real GATT and real bleak, with everything that goes wrong.

At the end what was reported is held against the air's own log, both ways: nothing lost, nothing invented.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import (
    DeviceDescribed,
    HeartRate,
    LinkChanged,
    LinkState,
    Oximetry,
    Quality,
    Reading,
    Report,
    Stamp,
    Value,
)
from devices.virtual import control, family
from devices.virtual.ledger import Owed
from devices.virtual.scenario import Story
from devices.virtual.sent import SentLog
from devices.virtual.stage import Line, Stage
from devices.virtual.streamer import Streamer

WITHIN_S = 30.0
SPEED = 10.0
HASTE = Pace(silent_after_s=10, back_off_s=(0.05, 0.1, 0.2), speed=SPEED)
Numbers = tuple[int | None, int | None]


class Family(NamedTuple):
    """driver: who reads it. name: in the air. numbers: SpO2 and pulse as they stand in one of its frames."""

    driver: str
    name: str
    numbers: Callable[[bytes], Numbers]


FAMILIES = (
    Family("bci", "berrymed", lambda frame: (frame[4], frame[3] | frame[2] << 1 & 0x80)),
    Family("nonin", "nonin", lambda frame: (frame[7], frame[9] + 256 * frame[8])),
    Family("masimo", "mightysat", lambda frame: (frame[8], frame[10])),
    Family("jumper", "jumper", lambda frame: (frame[2], frame[1])),
    Family("strap", "strap", lambda frame: (None, frame[1])),
)
by_family = pytest.mark.parametrize("of", FAMILIES, ids=[one.driver for one in FAMILIES])


@by_family
def test_a_simulated_device_writes_the_known_bytes(of: Family) -> None:
    module = __import__(family.FAMILIES[of.name].__module__, fromlist=["vectors"])
    known = list(module.vectors())
    assert known
    for name, expected, written in known:
        assert written.hex().upper() == expected, name


class Air:
    """One device of a family, a monitor's links to it, and the log."""

    def __init__(self, stage: Stage, port: int, log: Path, of: Family) -> None:
        self.stage, self.of, self.log = stage, of, log
        device = stage.devices[of.name]
        assert isinstance(device, Streamer)
        self.device = device
        self.reports: list[Report] = []
        self._news = asyncio.Event()
        chosen = [Chosen(device.address, of.driver, "oximeter")]
        spec = f"virtual:127.0.0.1:{port}"
        self.links = Links(spec, chosen, False, self._now, self.take, pace=HASTE)

    @staticmethod
    def _now() -> Stamp:
        return Stamp(time.time_ns(), time.monotonic_ns())

    def take(self, report: Report) -> None:
        self.reports.append(report)
        self._news.set()

    async def until(self, wanted: Callable[[], object]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not wanted():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.05)
                except TimeoutError:
                    continue

    def readings(self) -> list[Reading]:
        return [report for report in self.reports if isinstance(report, Reading)]

    def states(self) -> list[LinkState]:
        return [report.state for report in self.reports if isinstance(report, LinkChanged)]

    async def more(self, count: int = 3) -> list[Reading]:
        """The next readings."""
        before = len(self.readings())
        await self.until(lambda: len(self.readings()) >= before + count)
        return self.readings()[before:]

    async def fault(self, **faults: object) -> None:
        await self.stage.obey(control.Fault(self.of.name, **faults))  # type: ignore[arg-type]

    async def mend(self) -> None:
        await self.stage.obey(control.Mend(self.of.name))


@pytest.fixture
async def air(of: Family, tmp_path: Path) -> AsyncIterator[Air]:
    log = SentLog(tmp_path / "air.jsonl")
    stage = Stage(Story("calm", 60, 1), SPEED, log, datetime.now(UTC), [of.name])
    await stage.start()
    server = await asyncio.get_running_loop().create_server(lambda: Line(stage), "127.0.0.1", 0)
    player = asyncio.create_task(stage.player.run())
    opened = Air(stage, server.sockets[0].getsockname()[1], tmp_path / "air.jsonl", of)
    work = asyncio.create_task(opened.links.run())
    yield opened
    player.cancel()
    work.cancel()
    await asyncio.gather(work, player, return_exceptions=True)
    server.close()
    await stage.stop()
    log.close()
    compare(opened)


def compare(air: Air) -> None:
    """Each frame that was delivered against the readings, in order; then no reading may be left."""
    lines = [json.loads(line) for line in air.log.read_text().splitlines()]
    frames = [line for line in lines if line.get("kind") == "frame"]
    left, counts = air.readings(), Counter[str]()
    for frame in frames:
        is_next = bool(left) and left[0].raw.hex() == frame["hex"]
        owed = Owed(frame["owed"])
        if owed is Owed.VALUE and frame["delivered"]:
            assert is_next, (frame, left[:1])
        if is_next:
            assert owed in (Owed.VALUE, Owed.REPEAT), frame
            check_numbers(air.of, left.pop(0))
            counts["readings"] += 1
        counts[owed] += 1
    assert left == []
    print(f"{air.of.driver}: {dict(counts)}")
    assert counts["readings"] > 0


def check_numbers(of: Family, reading: Reading) -> None:
    """A number that we show is the one in the frame."""
    spo2, pulse = of.numbers(reading.raw)
    for value, number in ((spo2_of(reading), spo2), (pulse_of(reading), pulse)):
        assert value is None or value.number is None or value.number == number, reading


def spo2_of(reading: Reading) -> Value | None:
    return reading.measurement.spo2 if isinstance(reading.measurement, Oximetry) else None


def pulse_of(reading: Reading) -> Value:
    assert isinstance(reading.measurement, Oximetry | HeartRate)
    return reading.measurement.pulse


@by_family
async def test_its_numbers_arrive_with_its_identity(air: Air, of: Family) -> None:
    readings = await air.more(5)
    await air.until(lambda: any(isinstance(report, DeviceDescribed) for report in air.reports))
    described = next(report for report in air.reports if isinstance(report, DeviceDescribed))
    assert described.serial == air.device.identity.serial
    assert described.driver == of.driver
    assert all(pulse_of(reading).quality is Quality.VALID for reading in readings)


@by_family
async def test_finger_out_with_the_numbers_still_sent_is_never_a_value(air: Air, of: Family) -> None:
    await air.more(2)
    await air.fault(finger_out=True)
    await air.until(lambda: pulse_of(air.readings()[-1]).quality is Quality.INVALID)
    out = await air.more(3)
    await air.mend()
    await air.until(lambda: pulse_of(air.readings()[-1]).quality is Quality.VALID)
    for reading in out:
        assert pulse_of(reading).number is None
        assert spo2_of(reading) is None or spo2_of(reading).number is None  # type: ignore[union-attr]


@by_family
async def test_cut_merged_and_half_sent_frames_cost_nothing_or_one_frame(air: Air, of: Family) -> None:
    """What cannot happen to a family is refused by its simulator, with the reason."""
    await air.more(2)
    for faults in ({"fragment": 1}, {"fragment": 3}, {"at_every_boundary": True}, {"merge": 4}, {"flips": 5}):
        if any(name in air.device.impossible for name in faults):
            with pytest.raises(control.Refused):
                await air.fault(**faults)
        else:
            await air.fault(**faults)
            await air.more(4)
            await air.mend()
    if "break_off" not in air.device.impossible:
        before = air.states().count(LinkState.STREAMING)
        await air.fault(break_off=True)
        await air.until(lambda: air.states().count(LinkState.STREAMING) > before)
        await air.more(2)


@by_family
async def test_silence_is_recycled_and_a_lost_link_comes_back(air: Air, of: Family) -> None:
    await air.more(2)
    await air.fault(silent=True)
    await air.until(lambda: LinkState.SILENT in air.states())
    await air.mend()
    await air.more(2)
    air.device.drop()
    await air.until(lambda: air.states()[-1] is LinkState.STREAMING and air.states().count(LinkState.LOST) >= 2)
    await air.more(2)
