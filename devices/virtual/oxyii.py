"""A simulated ring of the newer kind (O2Ring-S, S8-AW, SHQO2Pro): asked and answering in A5 frames.

Built from a description only: no capture of a real one is public. It shows its waveform with each answer, and says its
serial only after a greeting. Runs in the air's process. Shares nothing with the driver.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import struct
from collections.abc import Iterator

from devices.virtual import lepu
from devices.virtual.beat import Beat
from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.streamer import Shown, Streamer
from devices.virtual.world import World

SERVICE = "E8FB0001-A14B-98F9-831B-4E2941D01248"
NOTIFY, WRITE = "E8FB0003-A14B-98F9-831B-4E2941D01248", "E8FB0002-A14B-98F9-831B-4E2941D01248"
RING = Identity(
    role="oximeter", name="SHQO2Pro SIM", address="F1:5E:55:10:00:22", service=SERVICE, also=(0x180D,),
    model="SIM-OXYII", serial="SIM-OXYII-0001", battery=88, company=0xF34E,
)  # fmt: skip
CONFIG, LIVE, SETUP, CLOCK, INFO, BATTERY, GREETING = 0x00, 0x04, 0x10, 0xC0, 0xE1, 0xE4, 0xFF
HARMFUL = frozenset({0xE3, 0xEE})  # wipes it; switches it off until it is charged
NO_FINGER, MEASURING, NOTHING = 0, 1, 255
WAVE_HZ = 100


def numbers(
    spo2: int, pulse: int, state: int = MEASURING, *, battery: int, sequence: int, count: int = 0, wave: bytes = b""
) -> bytes:
    """The answer to `LIVE`. count: of the answers so far; wave: the samples since the last one."""
    head = struct.pack("<H3xBBBB4xB10x", count % 65536, state, spo2, 0, pulse, battery)
    return lepu.answered(LIVE, head + len(wave).to_bytes(2, "little") + wave, sequence)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """From the description; no real ring's bytes are known."""
    expected = "A504FB01031A00000000000001610040000000005800000000000000000000000012"
    yield "97 %, 64 beats (described)", expected, numbers(97, 64, battery=88, sequence=3)


class OxyRing(Streamer):
    """Answers what it is asked. harmed: harmful opcodes that somebody sent."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, RING, notify=NOTIFY, write=WRITE)
        self.harmed: list[int] = []
        self._greeted = False
        self._count = 0
        self._beat = Beat()

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if frame[1] == LIVE else Owed.OTHER

    def linked(self) -> None:
        self._greeted = False

    async def answer(self, order: bytes) -> None:
        """One whole request; the greeting has no answer, and without it there is no serial."""
        if (asked := lepu.read(order)) is None:
            return
        if asked.command in HARMFUL:
            self.harmed.append(asked.command)
        self._greeted = self._greeted or asked.command == GREETING
        if asked.command == LIVE:
            await self.say(self._numbers(asked.sequence, self.shown(self.sample)))
        elif (payload := self._about(asked.command)) is not None:
            await self.say(lepu.answered(asked.command, payload, asked.sequence))

    def _about(self, command: int) -> bytes | None:
        serial = bytes(37) + self.identity.serial.encode().ljust(23, b"\0")
        return {
            SETUP: b"",
            CLOCK: b"",
            CONFIG: bytes(40),
            BATTERY: bytes((0, self.identity.battery, 0, 0)),
            INFO: serial if self._greeted else None,
        }.get(command)

    def _numbers(self, sequence: int, shown: Shown) -> bytes:
        out = shown.finger_out or shown.spo2 is None
        moments = self._beat.next(WAVE_HZ, WAVE_HZ, None if out else shown.pulse)
        self._count += 1
        return numbers(
            NOTHING if shown.spo2 is None else shown.spo2,
            NOTHING if shown.pulse is None else min(shown.pulse, 254),
            NO_FINGER if out else MEASURING,
            battery=self.identity.battery,
            sequence=sequence,
            count=self._count,
            wave=bytes(round(200 * one.level) for one in moments),
        )
