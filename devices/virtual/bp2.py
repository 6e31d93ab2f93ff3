"""A simulated BP2 cuff: it shows its pressure while it inflates, then the result, until the next measurement.

Built from a description only: no capture of a real one is public. A measurement begins by an order to the air alone,
as by the button on the cuff; opcodes that would start or wipe it are counted and not obeyed. Runs in the air's process.
Shares nothing with the driver.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator

from devices.virtual import lepu
from devices.virtual.cuff import pressures
from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import CuffRun, Sample
from devices.virtual.streamer import Streamer
from devices.virtual.wellue import NOTIFY, SERVICE, WRITE
from devices.virtual.world import World

CUFF = Identity(
    role="cuff", name="BP2 SIM", address="F2:5E:55:10:00:23", service=SERVICE,
    model="SIM-BP2", serial="SIM-BP2-0001", battery=80, company=0xF34E,
)  # fmt: skip
INFO, LIVE, CONFIG, BATTERY = 0xE1, 0x08, 0x00, 0x30
HARMFUL = frozenset({0x04, 0x09, 0x0A, 0x13, 0x24, 0x25, 0x39, 0xE2, 0xE3, 0xEE})
READY, MEASURING, MEASURED = 3, 4, 5
INFLATION, RESULT = 0, 1
MILLIVOLT = 3900
SHOWN_S = 20  # how long the result stays on its display


def live(state: int, kind: int, data: bytes, battery: int, after: bytes = b"\0\0") -> bytes:
    """The answer to `LIVE`: what the cuff does, then 20 bytes of it."""
    head = struct.pack("<BBBHBBHB", state, 0, battery, MILLIVOLT, 0, 0, 0, kind)
    return lepu.answered(LIVE, head + data.ljust(20, b"\0") + after)


def inflating(hundredths: int, pulse: int, battery: int, *, falling: bool = False) -> bytes:
    """The pressure in the cuff, in 0.01 mmHg."""
    return live(MEASURING, INFLATION, struct.pack("<BhBHB", 0, hundredths, 0, pulse, falling), battery)


def result(run: CuffRun, battery: int) -> bytes:
    """What was measured; the status of the run is its result code."""
    numbers = (run.systolic, run.diastolic, run.mean, run.pulse)
    return live(MEASURED, RESULT, struct.pack("<BhHHHHB", 1, 0, *numbers, run.status), battery)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """From the description; no real cuff's bytes are known."""
    expected = "A508F7010020000400503C0F000000000000393000480000000000000000000000000000000000AE"
    yield "123.45 mmHg (described)", expected, inflating(12345, 72, 80)
    expected = "A508F7010020000500503C0F0000000001010000800052006100480000000000000000000000007F"
    yield "128/82 (described)", expected, result(CuffRun(0, 0, 128, 82, 97, 72), 80)


class Bp2(Streamer):
    """Answers what it is asked. harmed: harmful opcodes that somebody sent."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, CUFF, notify=NOTIFY, write=WRITE)
        self.harmed: list[int] = []
        self._run: CuffRun | None = None
        self._pressures: list[int] = []
        self._left_s, self._told = 0, False
        self._telling = asyncio.Lock()  # of two questions at once the second is answered when it is known what was told

    def owed(self, frame: bytes) -> Owed:
        """The result is said again with each answer, until the next measurement."""
        if frame[1] != LIVE or frame[7] not in (MEASURING, MEASURED):
            return Owed.OTHER
        return Owed.REPEAT if frame[7] == MEASURED and self._told else Owed.VALUE

    def measure(self, run: CuffRun, raw: bytes | None = None) -> bool:
        """Inflate. raw is for cuffs that store."""
        if self._pressures:
            return False
        self._run, self._pressures, self._left_s, self._told = run, pressures(run), SHOWN_S, False
        return True

    async def live(self, sample: Sample, second_s: float) -> None:
        """Two steps of pressure a second; afterwards the result stays for a while."""
        await super().live(sample, second_s)
        if self._pressures:
            del self._pressures[:2]
        elif self._left_s:
            self._left_s -= 1

    async def answer(self, order: bytes) -> None:
        """One whole request; a harmful one is counted and gets no answer."""
        if (asked := lepu.read(order)) is None:
            return
        if asked.command in HARMFUL:
            self.harmed.append(asked.command)
        elif asked.command == LIVE:
            async with self._telling:
                await self._say_live()
        elif (payload := self._about(asked.command)) is not None:
            await self.say(lepu.answered(asked.command, payload, asked.sequence))

    async def _say_live(self) -> None:
        battery = self.identity.battery
        if self._pressures and self._run:
            falling = self._pressures[0] > self._pressures[-1]
            await self.say(inflating(100 * self._pressures[0], self._run.pulse, battery, falling=falling))
        elif self._left_s and self._run:
            is_sound = not self.faults.flips
            said = await self.say(result(self._run, battery))
            self._told = self._told or (said and is_sound)
        else:
            await self.say(live(READY, INFLATION, b"", battery))

    def _about(self, command: int) -> bytes | None:
        volt = bytes((0, self.identity.battery)) + MILLIVOLT.to_bytes(2, "little")
        return {INFO: bytes(60), CONFIG: bytes(39) + bytes((READY,)), BATTERY: volt}.get(command)
