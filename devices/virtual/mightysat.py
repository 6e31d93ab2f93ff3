"""A simulated Masimo MightySat Rx: frames `77 length op payload checksum`, silent until its stream is enabled.

Runs in the air's process. Shares nothing with the driver; its frames are checked against those of a real device.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from collections.abc import Iterator

from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.streamer import Streamer
from devices.virtual.world import World

IDENTITY = Identity(
    role="oximeter", name="MightySat SIM", address="F1:5E:55:10:00:35",
    service="54C21000-A720-4B4F-11E4-9FE20002A5D5", model="MightySat Rx", serial="SIM-MS-0001", battery=60,
    company=0x0243,
)  # fmt: skip
WRITE, NOTIFY = "54C21001-A720-4B4F-11E4-9FE20002A5D5", "54C21002-A720-4B4F-11E4-9FE20002A5D5"
INFO, ENABLE, LIVE, DONE = 1, 3, 5, 0xFE
ABOUT = bytes.fromhex("63101F00030100170010E6000000F6000000")
MASK = ABOUT[2:5]
NOTHING, LOST_FINGER = b"\x04\xff", bytes.fromhex("0000200004FF04FF04FF0CFFFF04FF")


def _remainder(data: bytes) -> int:
    """x^8 + x^2 + x + 1, highest bit first: the remainder of long division."""
    number = int.from_bytes(data, "big") << 8
    for bit in range(8 * len(data) + 7, 7, -1):
        if number >> bit & 1:
            number ^= 0x107 << bit - 8
    return number


def frame(op: int, payload: bytes) -> bytes:
    """A frame with its length and checksum."""
    body = bytes((op,)) + payload
    return bytes((0x77, len(body) + 1)) + body + bytes((_remainder(body),))


def live(
    spo2: int, pulse: int, perfusion: int, *, flag: int = 0x10, pvi: bytes = b"\x14\x00", rest: bytes = b"\x10\x16"
) -> bytes:
    """A second's values: perfusion in hundredths; pvi (2 bytes) and rest (flag, breaths) as given."""
    numbers = bytes((0, spo2, 0, pulse, flag)) + pvi + perfusion.to_bytes(2, "little")
    return frame(LIVE, bytes(4) + numbers + rest)


def no_finger() -> bytes:
    """What it says without a finger."""
    return frame(LIVE, LOST_FINGER)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Frames of a real device, which ours must equal byte for byte."""
    settled = live(98, 72, 0x0226, rest=b"\x00\x10")
    yield "98 %, 72 beats", "7711050000000000620048101400260200100E", settled
    acquiring = live(98, 74, 0x0271, flag=0x14, pvi=b"\xff\x20", rest=b"\x11\x14")
    yield "acquiring", "771105000000000062004A14FF20710211146C", acquiring
    warming = live(98, 74, 0x0258, pvi=b"\x16\x00", rest=NOTHING)
    yield "warming up", "771105000000000062004A101600580204FF5B", warming
    yield "no finger", "7711050000200004FF04FF04FF0CFFFF04FF8C", no_finger()
    yield "about itself", "77140163101F00030100170010E6000000F600000018", frame(INFO, ABOUT)
    yield "enabled", "7703FE02CC", frame(DONE, b"\x02")
    yield "asked about itself", "77020107", frame(INFO, b"")
    yield "asked for its stream", "7705031F0003D6", frame(ENABLE, MASK)


class MightySat(Streamer):
    """is_started: its stream was enabled over this link; a new link must ask again."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify=NOTIFY, write=WRITE)
        self._enabled_on: object = None

    @property
    def is_started(self) -> bool:
        return self._enabled_on is not None and self._enabled_on is self.connection

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if frame[2] == LIVE else Owed.OTHER

    async def answer(self, order: bytes) -> None:
        """It knows two requests; another is not answered."""
        if order == frame(INFO, b""):
            await self.say(frame(INFO, ABOUT))
        elif order == frame(ENABLE, MASK):
            self._enabled_on = self.connection
            await self.say(frame(DONE, b"\x02"))

    async def live(self, sample: Sample, second_s: float) -> None:
        self.sample = sample
        if not self.is_started:
            return
        shown = self.shown(sample)
        if shown.finger_out or shown.spo2 is None or shown.pulse is None:
            await self.say(no_finger())
        else:
            await self.say(live(shown.spo2, shown.pulse, shown.perfusion or 0))
