"""A simulated Nonin 3230 by its own service: one packet of ten bytes a second, high byte first.

Runs in the air's process. Shares nothing with the driver; no real device's bytes were ever published, so its packet is
checked against the description only.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import struct
from collections.abc import Iterator

from devices.virtual.notifier import Notifier
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.world import World

IDENTITY = Identity(
    role="oximeter", name="Nonin3230_SIM00001", address="F1:5E:55:10:00:32",
    service="46A970E0-0D5F-11E2-8B5E-0002A5D5C51B", model="3230", serial="SIM00001", battery=90,
)  # fmt: skip
NOTIFY = "0AAD7EA0-0D60-11E2-8E3C-0002A5D5C51B"
SYNCED, SEARCHING, MISPLACED = 0x01, 0x08, 0x10
NO_SPO2, NO_PULSE = 127, 511
BATTERY_TENTHS = 30


def packet(spo2: int | None, pulse: int | None, amplitude: int, counter: int, status: int = SYNCED) -> bytes:
    """amplitude in hundredths of a percent; counter counts packets."""
    numbers = (NO_SPO2 if spo2 is None else spo2, NO_PULSE if pulse is None else pulse)
    return struct.pack(">BBBHHBH", 9, status, BATTERY_TENTHS, amplitude, counter, *numbers)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """The packet composed after the description, which ours must equal byte for byte."""
    yield "97 %, 72 beats", "09011E00FA0001610048", packet(97, 72, 250, 1)


class Nonin(Notifier):
    """Wants a bond before it says a word."""

    bonds = True

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify=NOTIFY)
        self._counter = 0

    def payload(self, sample: Sample) -> bytes:
        shown = self.shown(sample)
        self._counter = (self._counter + 1) % 0x10000
        status = MISPLACED | SEARCHING if shown.finger_out else SYNCED
        return packet(shown.spo2, shown.pulse, shown.perfusion or 0, self._counter, status)
