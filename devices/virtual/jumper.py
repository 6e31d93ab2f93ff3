"""A simulated Jumper JPD-500F ("My Oximeter"): four bytes a second, and others between that mean nothing to us.

Runs in the air's process. Shares nothing with the driver; no real device's bytes were ever published, so its payloads
are checked against the description only.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from collections.abc import Iterator

from devices.virtual.ledger import Owed
from devices.virtual.notifier import Notifier
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import Sample
from devices.virtual.world import World

IDENTITY = Identity(
    role="oximeter", name="My Oximeter", address="F1:5E:55:10:00:33", service="CDEACB80-5235-4C07-8846-93A37EE6B86D",
    model="SIM-JPD", serial="SIM-JPD-0001", battery=70,
)  # fmt: skip
NOTIFY = "CDEACB81-5235-4C07-8846-93A37EE6B86D"
NUMBERS, WAVE = 0x81, 0x80
NO_SPO2, NO_PULSE = 127, 255


def numbers(spo2: int | None, pulse: int | None, perfusion_tenths: int) -> bytes:
    """One measurement; None: the device has none."""
    return bytes((NUMBERS, NO_PULSE if pulse is None else pulse, NO_SPO2 if spo2 is None else spo2, perfusion_tenths))


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Payloads composed after the description, which ours must equal byte for byte."""
    yield "97 %, 72 beats", "8148610A", numbers(97, 72, 10)
    yield "no finger", "81FF7F00", numbers(None, None, 0)


class Jumper(Notifier):
    """It has no word for "finger out" but numbers that are none."""

    def __init__(self, world: World) -> None:
        super().__init__(world.link, world.log, IDENTITY, notify=NOTIFY)

    def owed(self, frame: bytes) -> Owed:
        return Owed.VALUE if frame[0] == NUMBERS else Owed.OTHER

    def payload(self, sample: Sample) -> bytes:
        shown = self.shown(sample)
        if shown.finger_out:
            return numbers(None, None, 0)
        return numbers(shown.spo2, shown.pulse, (shown.perfusion or 0) // 10)

    async def live(self, sample: Sample, second_s: float) -> None:
        await self.say(bytes((WAVE, *range(10))))
        await super().live(sample, second_s)
