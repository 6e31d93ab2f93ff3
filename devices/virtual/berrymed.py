"""A simulated BerryMed BM1000: the BCI protocol, a hundred packets of five bytes a second, unasked and unchecked.

Runs in the air's process. Shares nothing with the driver; no real device's bytes were ever published, so its packets
are checked against the maker's table only.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import MappingProxyType

from devices.virtual.beat import Beat
from devices.virtual.ledger import Frame, Owed
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.streamer import Streamer
from devices.virtual.world import World

IDENTITY = Identity(
    role="oximeter", name="BerryMed", address="F1:5E:55:10:00:31", service="49535343-FE7D-4AE5-8FA9-9FAFD205E455",
    model="SIM-BCI", serial="SIM-BCI-0001", battery=80, shown=False,
)  # fmt: skip
NOTIFY = "49535343-1E4D-4BD9-BA61-23C647249616"
PACKETS_A_SECOND = 100
PACKETS_A_NOTIFICATION = 4
NO_SPO2, NO_PULSE = 127, 255


def packet(
    spo2: int | None,
    pulse: int | None,
    pleth: int,
    bar: int,
    strength: int,
    *,
    beep: bool = False,
    no_signal: bool = False,
    no_finger: bool = False,
) -> bytes:
    """A hundredth of a second. The pulse's highest bit has its place in the third byte."""
    beats = NO_PULSE if pulse is None else pulse
    head = 128 + 64 * beep + 16 * no_signal + strength
    return bytes(
        (head, pleth, 64 * (beats // 128) + 16 * no_finger + bar, beats % 128, NO_SPO2 if spo2 is None else spo2)
    )


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Packets composed after the maker's table, which ours must equal byte for byte."""
    yield "97 %, 72 beats", "8532054861", packet(97, 72, 50, 5, 5)
    yield "97 %, 140 beats", "8532450C61", packet(97, 140, 50, 5, 5)
    yield "no finger", "9000107F7F", packet(None, 127, 0, 0, 0, no_signal=True, no_finger=True)
    yield "no finger, no pulse", "9000507F7F", packet(None, None, 0, 0, 0, no_signal=True, no_finger=True)


class BerryMed(Streamer):
    """Streams to whoever subscribes; its service is not advertised, as in its older firmware."""

    impossible = MappingProxyType(
        {"flips": "its packets have no checksum, so a wrong bit ends at the link's own check"}
    )

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify=NOTIFY)
        self._beat = Beat()
        self._said: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
        self._awaits_beat = False

    def owed(self, frame: bytes) -> Owed:
        """A hundred packets a second are one reading, and another as soon as the numbers or the flags change.

        Without a beat since the finger came back no number is believed yet, so that a change of it may go unsaid.
        """
        flags, numbers = (frame[0] & 0x30, frame[2] & 0x30), (frame[2] & 0x40, *frame[3:])
        (flags_before, numbers_before), self._said = self._said, (flags, numbers)
        self._awaits_beat = (self._awaits_beat or bool(frame[2] & 0x10)) and not frame[0] & 0x40
        if flags != flags_before or (numbers != numbers_before and not self._awaits_beat):
            return Owed.VALUE
        return Owed.REPEAT

    async def live(self, sample: Sample, second_s: float) -> None:
        """A second, in notifications of four packets."""
        self.sample = sample
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in range(0, PACKETS_A_SECOND, PACKETS_A_NOTIFICATION):
            await self.say(*(self._packet(sample) for _ in range(PACKETS_A_NOTIFICATION)))
            await asyncio.sleep(begun + second_s * 0.9 * number / PACKETS_A_SECOND - loop.time())

    def _packet(self, sample: Sample) -> bytes:
        shown = self.shown(sample)
        (moment,) = self._beat.next(1, PACKETS_A_SECOND, None if shown.finger_out else shown.pulse)
        pleth, bar = round(moment.level * 100), round(moment.level * 15)
        if shown.finger_out or shown.spo2 is None:
            return packet(shown.spo2, shown.pulse, 0, 0, 0, no_finger=True)
        return packet(shown.spo2, shown.pulse, pleth, bar, 5, beep=moment.beats)

    async def say(self, *frames: bytes | Frame) -> bool:
        """What nobody hears has not been said."""
        heard = self.connection is not None and self.subscribed(self.stream)
        if not heard:
            self._said = ((), ())
        return await super().say(*frames)
