"""A simulated QardioArm: no button of its own, so it inflates when it is told to, and by the air's order.

Runs in the air's process. Shares nothing with the driver; its manners are built from description only. While it
inflates its results are partial: no diastolic pressure, no status.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator

from bumble.gatt import Characteristic, CharacteristicValue

from devices.virtual.encoding import NAN, DeviceTime
from devices.virtual.ledger import Owed
from devices.virtual.memory_cuff import MemoryCuff
from devices.virtual.peripheral import NO_DATA, Identity
from devices.virtual.scenario import CuffRun, Sample
from devices.virtual.uuid import uuid_text
from devices.virtual.world import World

CONTROL = "583CB5B3-875D-40ED-9098-C39EB0C1983D"
START, CANCEL = b"\xf1\x01", b"\xf1\x02"
INFLATING, DONE, CANCELLED = b"\xf2\x01", b"\xf2\x02", b"\xf2\x03"
ITS_OWN = CuffRun(0, 4, 122, 79, 93, 61)
STEPS = 8


def partial(pressure: int) -> bytes:
    """The cuff's momentary pressure in the place of a result."""
    return struct.pack("<BHHH", 0, pressure, 0, NAN)


def final(run: CuffRun) -> bytes:
    """The result: with its pulse, and with the status field that says that it is one."""
    return struct.pack("<BHHHHH", 0x14, run.systolic, run.diastolic, NAN, run.pulse, run.status)


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Payloads composed after the description, which ours must equal byte for byte."""
    yield "120 mmHg on the way", "0078000000FF07", partial(120)
    yield "122/79", "147A004F00FF073D000000", final(ITS_OWN)


class Qardio(MemoryCuff):
    """starts: how often it was told over the link to inflate. It can be found all the time."""

    always_on = True
    bonds = True

    def __init__(self, world: World) -> None:
        identity = Identity(
            role="cuff", name="QardioARM", address="F2:5E:55:10:00:46", service=0x1810, model="A100",
            serial="SIM-QA-0001", battery=90, manufacturer="Qardio (simulated)",
        )  # fmt: skip
        properties = Characteristic.Properties
        order = CharacteristicValue[bytes](write=lambda _connection, value: self._obey(bytes(value)))
        self.control = Characteristic(
            CONTROL, properties.WRITE | properties.NOTIFY, NO_DATA | Characteristic.WRITEABLE, order
        )
        super().__init__(world, identity, more=[self.control])
        world.log.owes(self.address, uuid_text(self.control.uuid), Owed.OTHER)

    @property
    def starts(self) -> int:
        return self.orders.count(START)

    def encode(self, run: CuffRun, time: DeviceTime) -> bytes:
        return final(run)

    async def live(self, sample: Sample, second_s: float) -> None:
        """It never measures by itself."""

    def _obey(self, order: bytes) -> None:
        self.orders.append(order)
        if order == START:
            self.measure(ITS_OWN)
        elif order == CANCEL and self._run:
            self._run.cancel()

    async def _measure(self, run: CuffRun, raw: bytes | None) -> None:
        self._log.event("measuring", device=self.address)
        try:
            await self.send(self.control, INFLATING)
            for step in range(1, STEPS + 1):
                await self.send(self.finished, partial((run.systolic + 20) * step // STEPS))
                await asyncio.sleep(run.inflate_s / STEPS / self._speed)
        except asyncio.CancelledError:
            self._log.event("cancelled", device=self.address)
            raise
        await self.send(self.finished, raw if raw is not None else final(run))
        await self.send(self.control, DONE)
