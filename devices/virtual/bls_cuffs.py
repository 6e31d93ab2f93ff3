"""Simulated cuffs of the standard service, each with its own way: Beurer, Silvercrest, Nipro, Omron.

Runs in the air's process. Shares nothing with the drivers. Of these only Beurer's layout is known from published
bytes; the manners of the others are built from description.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator

from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from devices.virtual.encoding import DeviceTime
from devices.virtual.ledger import Owed
from devices.virtual.memory_cuff import MemoryCuff
from devices.virtual.peripheral import Identity
from devices.virtual.scenario import CuffRun
from devices.virtual.uuid import uuid_text
from devices.virtual.world import World

BEURER_FLAGS = 0x56
WRITE_REFUSED = 0x80
OFF_BY_S = 600
MANUAL = 1

_properties = Characteristic.Properties


def beurer(
    systolic: int, diastolic: int, time: DeviceTime, pulse: int, user: int, status: int = 0, mean: int = 0
) -> bytes:
    """The layout of BM48, BM59 and BM85: a user that no flag announces, pulse and status with the high byte first."""
    pressures = struct.pack("<BHHH", BEURER_FLAGS, systolic, diastolic, mean)
    return pressures + time.to_bytes() + struct.pack(">HBH", pulse, user, status)


def plain(run: CuffRun, time: DeviceTime) -> bytes:
    """Silvercrest SBM69: where the standard has its floats, plain numbers; up to 300 they look the same."""
    flags, numbers = 0x1E, (run.systolic, run.diastolic, run.mean)
    return struct.pack("<BHHH", flags, *numbers) + time.to_bytes() + struct.pack("<HBH", run.pulse, 1, run.status)


def current_time(time: DeviceTime, weekday: int, reason: int) -> bytes:
    """Current Time (0x2A2B): weekday 1 is Monday."""
    return time.to_bytes() + bytes((weekday, 0, reason))


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Payloads of real devices and of the tables, which ours must equal byte for byte."""
    evening = DeviceTime(2026, 8, 11, 18, 31, 0)
    yield "Beurer 106/71", "566A0047000000EA07080B121F00003F000000", beurer(106, 71, evening, 63, 0)
    later = evening._replace(hour=20, minute=56)
    yield "Beurer 113/73, user 1", "56710049000000EA07080B1438000041010000", beurer(113, 73, later, 65, 1)
    between = evening._replace(hour=20, minute=27)
    yield "Beurer, irregular", "56760050000000EA07080B141B00003C000004", beurer(118, 80, between, 60, 0, status=4)
    thursday = DeviceTime(2026, 11, 5, 14, 30, 0)
    yield "current time", "EA070B050E1E00040001", current_time(thursday, 4, MANUAL)
    spring = DeviceTime(0, 4, 17, 20, 41, 59)
    run = CuffRun(0, 0, 138, 88, 120, 60, 0x27)
    yield "138/88 in plain numbers", "1E8A00580078000000041114293B3C00012700", plain(run, spring)


class Beurer(MemoryCuff):
    """Hands over everything that it keeps, at each link."""

    bonds = True
    forgets = False

    def __init__(self, world: World) -> None:
        identity = Identity(
            role="cuff", name="BM85", address="F2:5E:55:10:00:41", service=0x1810, model="BM85",
            serial="SIM-BM-0001", battery=70, company=0x0611, manufacturer="Beurer (simulated)",
        )  # fmt: skip
        super().__init__(world, identity)

    def encode(self, run: CuffRun, time: DeviceTime) -> bytes:
        return beurer(run.systolic, run.diastolic, time, run.pulse, 0, run.status)


class Silvercrest(MemoryCuff):
    """Repeats what it keeps."""

    forgets = False

    def __init__(self, world: World) -> None:
        identity = Identity(
            role="cuff", name="SBM69", address="F2:5E:55:10:00:42", service=0x1810, model="SBM69",
            serial="SIM-SBM-0001", battery=50, manufacturer="Silvercrest (simulated)",
        )  # fmt: skip
        super().__init__(world, identity)

    def encode(self, run: CuffRun, time: DeviceTime) -> bytes:
        return plain(run, time)


class Nipro(MemoryCuff):
    """Says nothing before it was told the time."""

    def __init__(self, world: World) -> None:
        identity = Identity(
            role="cuff", name="NBP-1 SIM", address="F2:5E:55:10:00:43", service=0x1810, model="NBP-1",
            serial="SIM-NBP-0001", battery=60, manufacturer="Nipro (simulated)",
        )  # fmt: skip
        self._told_by: object = None
        time = CharacteristicValue[bytes](
            read=lambda _connection: self.clock.now().to_bytes(), write=lambda _connection, value: self._set(value)
        )
        permissions = Characteristic.READABLE | Characteristic.WRITEABLE
        clock = Characteristic("2A08", _properties.READ | _properties.WRITE, permissions, time)
        super().__init__(world, identity, more=[clock])

    async def until_subscribed(self, characteristic: Characteristic) -> None:
        while True:
            await super().until_subscribed(characteristic)
            if self._told_by is self.connection:
                return
            self._changed.clear()
            await self._changed.wait()

    def _set(self, time: bytes) -> None:
        self.orders.append(bytes(time))
        self.clock.set(bytes(time))
        self._told_by = self.connection
        self._changed.set()


class Omron(MemoryCuff):
    """Forgets what it has handed over. Its time can be set after it has said it, if it is more than ten minutes off."""

    bonds = True

    def __init__(self, world: World) -> None:
        identity = Identity(
            role="cuff", name="BLESmart_00000000SIM", address="F2:5E:55:10:00:44", service=0x1810, model="X4 Smart",
            serial="SIM-X4-0001", battery=80, company=0x020E, manufacturer="Omron (simulated)",
        )  # fmt: skip
        self._said_to: object = None
        value = CharacteristicValue[bytes](
            read=lambda _connection: self._now(), write=lambda connection, value: self._set(connection, value)
        )
        properties = _properties.READ | _properties.WRITE | _properties.NOTIFY
        permissions = Characteristic.READABLE | Characteristic.WRITEABLE
        self.time = Characteristic("2A2B", properties, permissions, value)
        super().__init__(world, identity, beside=[Service(UUID.from_16_bits(0x1805), [self.time])])
        world.log.owes(self.address, uuid_text(self.time.uuid), Owed.OTHER)
        self.time.on(Characteristic.EVENT_SUBSCRIPTION, lambda _bearer, notify, _indicate: self._subscribed(notify))

    def _now(self) -> bytes:
        return current_time(self.clock.now(), 0, 0)

    def _subscribed(self, notify: bool) -> None:
        if notify:
            self._say_time = asyncio.ensure_future(self._tell_time())

    async def _tell_time(self) -> None:
        if await self.send(self.time, self._now()):
            self._said_to = self.connection

    def _set(self, connection: Connection, value: bytes) -> None:
        self.orders.append(bytes(value))
        off_s = self.clock.off_s
        if self._said_to is not connection or (off_s is not None and abs(off_s) <= OFF_BY_S):
            raise ATT_Error(WRITE_REFUSED)
        self.clock.set(bytes(value))
