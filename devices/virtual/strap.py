"""A simulated heart-rate strap after service 0x180D: once a second a rate, with the intervals between beats.

Runs in the air's process. Shares nothing with the driver; its payloads are checked against the standard's table.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from devices.virtual.notifier import Notifier
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.world import World

IDENTITY = Identity(
    role="strap", name="SIM Strap", address="F1:5E:55:10:00:34", service=0x180D,
    model="SIM-HR", serial="SIM-HR-0001", battery=95,
)  # fmt: skip
WIDE, CONTACT, TELLS_CONTACT, ENERGY, INTERVALS = (1 << bit for bit in range(5))


def rate(
    beats: int, *, contact: bool | None = None, energy_kj: int | None = None, intervals: Sequence[int] = ()
) -> bytes:
    """contact None: it cannot tell. intervals in 1/1024 s."""
    flags = WIDE if beats > 255 else 0
    flags |= 0 if contact is None else TELLS_CONTACT | (CONTACT if contact else 0)
    flags |= (0 if energy_kj is None else ENERGY) | (INTERVALS if intervals else 0)
    parts = [struct.pack("<H" if beats > 255 else "<B", beats)]
    parts += [] if energy_kj is None else [struct.pack("<H", energy_kj)]
    return bytes((flags,)) + b"".join(parts) + b"".join(struct.pack("<H", each) for each in intervals)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Payloads of the standard's table, which ours must equal byte for byte."""
    yield "72 beats", "0048", rate(72)
    yield "72 beats, on the skin", "0648", rate(72, contact=True)
    yield "72 beats, off the skin", "0448", rate(72, contact=False)
    yield "72 beats, one second apart", "10480004", rate(72, intervals=[1024])
    yield "300 beats", "012C01", rate(300)


class Strap(Notifier):
    """Without skin contact it goes on with the last rate, and says so."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify="2A37")

    def payload(self, sample: Sample) -> bytes:
        shown = self.shown(sample)
        beats = shown.pulse or 0
        intervals = [round(60 * 1024 / beats)] if beats and not shown.finger_out else []
        return rate(beats, contact=not shown.finger_out, intervals=intervals)
