"""A simulated Contec CMS50D-BT: the EB protocol, whose bytes have seven bits, and which stops without a heartbeat.

Runs in the air's process. Shares nothing with the driver; its frames are checked against those of real devices.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from collections.abc import Iterator

from devices.virtual.ledger import Owed
from devices.virtual.peripheral import Identity
from devices.virtual.streamer import Streamer
from devices.virtual.world import World

IDENTITY = Identity(
    role="oximeter", name="CMS50D-BT SIM", address="F1:5E:55:10:00:11", service=0xFF12,
    model="SIM-EB", serial="SIM-EB-0001", battery=80,
)  # fmt: skip
START, HEARTBEAT = b"\x9b\x01\x1c", b"\x9a\x1a"


def _closed(*body: int) -> bytes:
    return bytes((*body, sum(body) % 128))


def numbers(spo2: int | None, pulse: int, perfusion_hundredths: int | None = None, status: int = 4) -> bytes:
    """The frame of one second. spo2 None: the finger is out."""
    perfusion = 127 if perfusion_hundredths is None else perfusion_hundredths
    high, low = divmod(pulse, 128)
    status += 2 * high
    return _closed(0xEB, 1, status, low, 127 if spo2 is None else spo2, perfusion % 128, perfusion // 128)


def wave(amplitude: int, bar: int, status: int = 0) -> bytes:
    """The frame of one sample."""
    return _closed(0xEB, 0, status, amplitude, bar)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Frames of real devices, which ours must equal byte for byte."""
    yield "81 beats, 95 %", "EB0104515F7F001F", numbers(95, 81)
    yield "74 beats, 96 %", "EB01044A607F0019", numbers(96, 74)
    yield "64 beats, 99 %", "EB010440637F0012", numbers(99, 64)
    yield "140 beats, 95 %", "EB01060C5F7F005C", numbers(95, 140)
    yield "finger out", "EB0104007F7F006E", numbers(None, 0)
    yield "perfusion 6.80 %", "EB01044861280546", numbers(97, 72, 680)
    yield "wave 39", "EB000627041C", wave(39, 4, 6)
    yield "wave 72", "EB000348093F", wave(72, 9, 3)
    yield "wave 60", "EB00433C0771", wave(60, 7, 0x43)


class Contec(Streamer):
    """is_started: it was told to stream. heartbeats: how often it was kept alive."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify="FF02", write="FF01")

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if frame[1] == 1 else Owed.OTHER

    @property
    def is_started(self) -> bool:
        return START in self.orders

    @property
    def heartbeats(self) -> int:
        return self.orders.count(HEARTBEAT)
