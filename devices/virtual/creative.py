"""Simulated PC-60FW, OxySmart (Nordic UART) and SP-20 (FFF0): the AA 55 protocol.

The first two stream by themselves; the SP-20 is silent until its numbers are switched on. With the finger out the
waveform is flat at once, and the flag comes two seconds later, beside the old numbers. Runs in the air's process.
Shares nothing with the driver; its frames are checked against those of real devices.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from devices.virtual.beat import Beat, Moment
from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.streamer import Streamer
from devices.virtual.world import World

UART = "6E400001-B5A3-F393-E0A9-E50E24DCCA9E"
UART_NOTIFY, UART_WRITE = "6E400003-B5A3-F393-E0A9-E50E24DCCA9E", "6E400002-B5A3-F393-E0A9-E50E24DCCA9E"
SP20 = Identity(
    role="oximeter", name="SP-20 SIM", address="F1:5E:55:10:00:12", service=0xFFF0,
    model="SIM-AA55", serial="SIM-AA55-0001", battery=80,
)  # fmt: skip
PC60FW = Identity(
    role="oximeter", name="PC-60FW SIM", address="F1:5E:55:10:00:14", service=UART,
    model="SIM-PC60", serial="SIM-PC60-0001", battery=66,
)  # fmt: skip
OXYSMART = Identity(
    role="oximeter", name="OxySmart SIM", address="F1:5E:55:10:00:15", service=UART,
    model="SIM-OXYSMART", serial="SIM-OXYSMART-0001", battery=33,
)  # fmt: skip
NUMBERS_ON, WAVE_ON = bytes.fromhex("AA550F038401E0"), bytes.fromhex("AA550F03850124")
NAME_ASKED = bytes.fromhex("AA550F028377")
OXIMETRY, DEVICE = 0x0F, 0xF0
CONTINUOUS_IDLE = b"\x02\x00\x00\x00"
PROBE_OFF, SEARCHING = 2, 4
WAVE_HZ, IN_A_FRAME, FRAMES_A_SECOND = 50, 5, 10
FLAG_AFTER_S = 2
BATTERY_EVERY_S = 10


def _crc(data: bytes) -> int:
    """Maxim's, bit by bit: x^8 + x^5 + x^4 + 1, lowest bit first."""
    register = 0
    for byte in data:
        for bit in range(8):
            feedback = (register ^ byte >> bit) & 1
            register >>= 1
            register ^= 0x8C * feedback
    return register


def _closed(token: int, kind: int, payload: bytes) -> bytes:
    body = b"\xaa\x55" + bytes((token, len(payload) + 2, kind)) + payload
    return body + bytes((_crc(body),))


def numbers(spo2: int, pulse: int, perfusion_tenths: int, flags: int = 0, last: int = 0) -> bytes:
    """The frame of one second; real ones go on with old numbers while `PROBE_OFF` is set."""
    return _closed(OXIMETRY, 1, bytes((spo2, pulse % 256, pulse // 256, perfusion_tenths, flags, last)))


def wave(*samples: int) -> bytes:
    """The frame of a tenth of a second; 128 more marks a beat."""
    return _closed(OXIMETRY, 2, bytes(samples))


def battery(thirds: int) -> bytes:
    """How full it is, 0 to 3."""
    return _closed(DEVICE, 3, bytes((thirds,)))


def state(working: bytes = CONTINUOUS_IDLE) -> bytes:
    """What it is doing: mode, step and two parameters."""
    return _closed(OXIMETRY, 0x21, working)


def name(text: str, version: bytes = b"\x20\x10") -> bytes:
    """Version and name, as asked for."""
    return _closed(OXIMETRY, 3, version + text.encode())


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Frames of real devices, which ours must equal byte for byte."""
    yield "98 %, 82 beats", "AA550F08016252006A00406E", numbers(98, 82, 106, last=0x40)
    yield "97 %, 72 beats", "AA550F08016148005C0040F9", numbers(97, 72, 92, last=0x40)
    yield "probe off, numbers still there", "AA550F0801614E00700240DB", numbers(97, 78, 112, PROBE_OFF, 0x40)
    yield "95 %, 71 beats", "AA550F08015F470081001878", numbers(95, 71, 129, last=0x18)
    yield "flat", "AA550F0702000000000028", wave(0, 0, 0, 0, 0)
    yield "beat on the fourth", "AA550F0702000000800007", wave(0, 0, 0, 128, 0)
    yield "wave", "AA550F0702565F625F59A1", wave(86, 95, 98, 95, 89)
    yield "beat on the second", "AA550F070251C9413A36E9", wave(81, 201, 65, 58, 54)
    yield "battery", "AA55F00303014A", battery(1)
    yield "working", "AA550F06210200000045", state()
    yield "name", "AA550F0B03201050432D36304E579E", name("PC-60NW")


class Creative(Streamer):
    """is_started: it sends numbers. by_itself: without being asked."""

    def __init__(
        self,
        world: World,
        identity: Identity = SP20,
        notify: str = "FFF1",
        write: str = "FFF2",
        by_itself: bool = False,
    ) -> None:
        super().__init__(world.link, world.log, identity, notify=notify, write=write)
        self._by_itself = by_itself
        self._beat = Beat()
        self._finger_out_s, self._second = 0, 0
        self.is_started, self._has_wave = by_itself, by_itself

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if (frame[2], frame[4]) == (OXIMETRY, 1) else Owed.OTHER

    def linked(self) -> None:
        self.is_started, self._has_wave = self._by_itself, self._by_itself

    async def answer(self, order: bytes) -> None:
        """Numbers and waveform are switched on; it says its name."""
        self.is_started = self.is_started or order == NUMBERS_ON
        self._has_wave = self._has_wave or order == WAVE_ON
        if order == NAME_ASKED:
            await self.say(name(self.identity.name.removesuffix(" SIM")))

    async def live(self, sample: Sample, second_s: float) -> None:
        """Numbers once a second, ten frames of waveform, the battery now and then."""
        await super().live(sample, second_s)
        shown = self.shown(sample)
        self._finger_out_s = self._finger_out_s + 1 if shown.finger_out else 0
        self._second += 1
        if self.is_started:
            about = [battery(self.identity.battery // 33)] if self._second % BATTERY_EVERY_S == 0 else []
            await self.say(*about, state(), self._numbers(sample))
        if self._has_wave:
            pulse = None if shown.finger_out else shown.pulse
            for _ in range(FRAMES_A_SECOND):
                await self.say(wave(*map(_sample, self._beat.next(IN_A_FRAME, WAVE_HZ, pulse))))
                await asyncio.sleep(second_s * 0.9 / FRAMES_A_SECOND)

    def _numbers(self, sample: Sample) -> bytes:
        shown = self.shown(sample)
        flags = PROBE_OFF if self._finger_out_s > FLAG_AFTER_S or shown.spo2 is None else 0
        tenths = round((shown.perfusion or 0) / 10)
        return numbers(shown.spo2 or 0, shown.pulse or 0, min(tenths, 255), flags, self.identity.battery // 33 << 6)


def _sample(moment: Moment) -> int:
    return round(100 * moment.level) + 128 * moment.beats


def pc60fw(world: World) -> Creative:
    """Streams as soon as somebody listens."""
    return Creative(world, PC60FW, UART_NOTIFY, UART_WRITE, by_itself=True)


def oxysmart(world: World) -> Creative:
    """The same under another name."""
    return Creative(world, OXYSMART, UART_NOTIFY, UART_WRITE, by_itself=True)
