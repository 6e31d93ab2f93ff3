"""A simulated SP-20: the AA 55 protocol over the FFF0 service, silent until its numbers are switched on.

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
    role="oximeter", name="SP-20 SIM", address="F1:5E:55:10:00:12", service=0xFFF0,
    model="SIM-AA55", serial="SIM-AA55-0001", battery=80,
)  # fmt: skip
NUMBERS_ON = bytes.fromhex("AA550F038401E0")
PROBE_OFF = 2


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
    return _closed(0x0F, 1, bytes((spo2, pulse % 256, pulse // 256, perfusion_tenths, flags, last)))


def wave(*samples: int) -> bytes:
    """The frame of a tenth of a second; 128 more marks a beat."""
    return _closed(0x0F, 2, bytes(samples))


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


class Creative(Streamer):
    """is_started: its numbers were switched on."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify="FFF1", write="FFF2")

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if (frame[2], frame[4]) == (0x0F, 1) else Owed.OTHER

    @property
    def is_started(self) -> bool:
        return NUMBERS_ON in self.orders
