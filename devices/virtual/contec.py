"""Simulated Contec CMS50D-BT and EMAY SleepO2: the EB protocol, whose bytes have seven bits, and which stops without a
heartbeat.

Runs in the air's process. Shares nothing with the driver; its frames are checked against those of real devices.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from devices.virtual.beat import Beat
from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.streamer import Streamer
from devices.virtual.world import World

CMS50D = Identity(
    role="oximeter", name="CMS50D-BT SIM", address="F1:5E:55:10:00:11", service=0xFF12,
    model="SIM-EB", serial="SIM-EB-0001", battery=80,
)  # fmt: skip
SLEEPO2 = Identity(
    role="oximeter", name="SleepO2 SIM", address="F1:5E:55:10:00:13", service=0xFF12,
    model="SIM-EMAY", serial="SIM-EMAY-0001", battery=75,
)  # fmt: skip
START, START_WAVE, STOP, HEARTBEAT = b"\x9b\x01\x1c", b"\x9b\x00\x1b", b"\x9b\x7f\x1a", b"\x9a\x1a"
STOPPED = bytes.fromhex("EB7F6A")
LIVES_S = 30.0  # without a heartbeat; real ones end within a minute
SHORTEST_LIFE_S = 3.0  # real seconds: below this a busy computer alone is a missing heartbeat
WAVE_HZ, WAVES_AT_ONCE = 60, 10
NO_WAVE = (0x40, 0x60)
CONTEC_STATUS, EMAY_STATUS = 4, 5


def _closed(*body: int) -> bytes:
    return bytes((*body, sum(body) % 128))


def numbers(
    spo2: int | None, pulse: int, perfusion_hundredths: int | None = None, status: int = CONTEC_STATUS
) -> bytes:
    """The frame of one second. spo2 None: the finger is out."""
    perfusion = 127 if perfusion_hundredths is None else perfusion_hundredths
    high, low = divmod(pulse, 128)
    status += 2 * high
    return _closed(0xEB, 1, status, low, 127 if spo2 is None else spo2, perfusion % 128, perfusion // 128)


def wave(amplitude: int, bar: int, status: int = 0) -> bytes:
    """The frame of one sample."""
    return _closed(0xEB, 0, status, amplitude, bar)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Frames of real devices, which ours must equal byte for byte; those marked so are of the description."""
    yield "81 beats, 95 %", "EB0104515F7F001F", numbers(95, 81)
    yield "74 beats, 96 %", "EB01044A607F0019", numbers(96, 74)
    yield "64 beats, 99 %", "EB010440637F0012", numbers(99, 64)
    yield "140 beats, 95 % (described)", "EB01060C5F7F005C", numbers(95, 140)
    yield "finger out (described)", "EB0104007F7F006E", numbers(None, 0)
    yield "perfusion 6.80 % (described)", "EB01044861280546", numbers(97, 72, 680)
    yield "wave 39", "EB000627041C", wave(39, 4, 6)
    yield "wave 72", "EB000348093F", wave(72, 9, 3)
    yield "wave 60", "EB00433C0771", wave(60, 7, 0x43)
    yield "stopped", "EB7F6A", STOPPED


class Contec(Streamer):
    """is_started: it was told to stream, and kept alive since. heartbeats: how often it was."""

    def __init__(self, world: World, identity: Identity = CMS50D, status: int = CONTEC_STATUS) -> None:
        super().__init__(world.link, world.log, identity, notify="FF02", write="FF01")
        self._status, self._lives_s = status, max(LIVES_S / world.speed, SHORTEST_LIFE_S)
        self._alive_until = 0.0
        self._is_asked, self._has_wave = False, False
        self._beat = Beat()

    @property
    def is_started(self) -> bool:
        return self._is_asked and asyncio.get_running_loop().time() < self._alive_until

    @property
    def heartbeats(self) -> int:
        return self.orders.count(HEARTBEAT)

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if frame[1] == 1 else Owed.OTHER

    def linked(self) -> None:
        self._is_asked, self._has_wave = False, False

    async def answer(self, order: bytes) -> None:
        """What starts it, keeps it alive and stops it; it answers nothing else."""
        if order in (START, START_WAVE) or (order == HEARTBEAT and self.is_started):
            self._alive_until = asyncio.get_running_loop().time() + self._lives_s
        self._is_asked = self._is_asked or order == START
        self._has_wave = self._has_wave or order == START_WAVE
        if order == STOP:
            self.linked()
            await self.say(STOPPED)

    async def live(self, sample: Sample, second_s: float) -> None:
        """Numbers once a second, and sixty waveform frames if they were asked for, ten at a time."""
        await super().live(sample, second_s)
        if not self.is_started:
            return
        await self.say(self._numbers(sample))
        if self._has_wave:
            for _ in range(WAVE_HZ // WAVES_AT_ONCE):
                await self.say(*self._waves(sample))
                await asyncio.sleep(second_s * 0.9 * WAVES_AT_ONCE / WAVE_HZ)

    def _numbers(self, sample: Sample) -> bytes:
        shown = self.shown(sample)
        if shown.spo2 is None or (shown.finger_out and not self._has_wave):
            return numbers(None, 0, status=self._status)  # old numbers go on only where the waveform tells
        return numbers(shown.spo2, min(shown.pulse or 0, 254), shown.perfusion, self._status)

    def _waves(self, sample: Sample) -> list[bytes]:
        shown = self.shown(sample)
        if shown.finger_out:
            return [wave(*NO_WAVE)] * WAVES_AT_ONCE
        moments = self._beat.next(WAVES_AT_ONCE, WAVE_HZ, shown.pulse)
        return [wave(round(127 * one.level), round(15 * one.level)) for one in moments]


def emay(world: World) -> Contec:
    """A SleepO2: the same frames with another status."""
    return Contec(world, SLEEPO2, EMAY_STATUS)
