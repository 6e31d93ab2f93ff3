"""A blood-pressure cuff that must be paired, with a display or a key, and hands over what it has stored.

Part of the run against a real BlueZ. It uses nothing of `devices`, as `radio` does not. Its holder is the scenario,
which reads its display and presses its key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from bumble import hci
from bumble.att import Attribute
from bumble.controller import Controller
from bumble.core import AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
    Descriptor,
    Service,
)
from bumble.host import Host
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink
from radio import Air

MEASUREMENT = "00002a35-0000-1000-8000-00805f9b34fb"
EVERY_MS = 100
RESTS_S = 1.0  # between the last confirmation and hanging up
ENCRYPTION_KEY = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
ABLE = PairingDelegate.IoCapability
WAYS = {
    "just works": ABLE.NO_OUTPUT_NO_INPUT,
    "shows": ABLE.DISPLAY_OUTPUT_ONLY,
    "types": ABLE.KEYBOARD_INPUT_ONLY,
    "compares": ABLE.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
}


class Holder(PairingDelegate):
    """The cuff's display and keys. shown: the number on it, None for none; typed: what its holder types."""

    def __init__(self, way: str) -> None:
        super().__init__(WAYS[way], ENCRYPTION_KEY, ENCRYPTION_KEY)
        self.shown: int | None = None
        self.typed: asyncio.Queue[int] = asyncio.Queue()

    async def generate_passkey(self) -> int:
        """bumble takes 0 for none."""
        return await super().generate_passkey() or 1

    async def display_number(self, number: int, digits: int) -> None:
        self.shown = number

    async def compare_numbers(self, number: int, digits: int) -> bool:
        self.shown = number
        return True

    async def get_number(self) -> int | None:
        return await self.typed.get()


class Manner(NamedTuple):
    """way: how it is paired, a key of WAYS. begins: it asks for security itself as soon as it is connected."""

    address: str
    name: str
    way: str
    begins: bool = False


class Cuff:
    """handed_over: every reading that was confirmed, in hex. It can be found after `wake`, until it has hung up."""

    def __init__(self, link: Air, manner: Manner, on_change: Callable[[str], None]) -> None:
        self.manner, self.holder = manner, Holder(manner.way)
        self.stored: list[bytes] = []
        self.handed_over: list[str] = []
        self.connection: Connection | None = None
        self.links = 0
        self._on_change = on_change
        self._dumping: asyncio.Task[None] | None = None
        controller = Controller(manner.name, link=link)
        address = hci.Address(manner.address.upper())
        self._device = Device(host=Host(controller, AsyncPipeSink(controller)), name=manner.name, address=address)
        self._measure = Characteristic("2A35", Characteristic.Properties.INDICATE, Characteristic.Permissions(0), b"")
        permissions = Attribute.Permissions
        needed = permissions.WRITE_REQUIRES_ENCRYPTION
        if manner.way != "just works":
            needed |= permissions.WRITE_REQUIRES_AUTHENTICATION
        self._measure.descriptors = [
            Descriptor(
                GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
                permissions.READABLE | permissions.WRITEABLE | needed,
                self._device.gatt_server.make_descriptor_value(self._measure),
            )
        ]
        self._measure.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)
        self._device.add_service(Service("1810", [self._measure]))
        self._device.pairing_config_factory = lambda _connection: PairingConfig(
            sc=True, mitm=manner.way != "just works", bonding=True, delegate=self.holder
        )
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)

    async def start(self) -> None:
        """Switch it on; nobody can find it yet."""
        await self._device.power_on()
        self._device.advertising_data = bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, b"\x06"),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, self.manner.name.encode()),
                    (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, (0x1810).to_bytes(2, "little")),
                ]
            )
        )

    async def wake(self, *readings: bytes) -> None:
        """It has measured, or its button was held: it can be found, with these readings more in its memory."""
        self.stored += readings
        await self._device.start_advertising(
            auto_restart=True, advertising_interval_min=EVERY_MS, advertising_interval_max=EVERY_MS
        )

    async def sleep(self) -> None:
        """It cannot be found any more, and hangs up."""
        await self._device.stop_advertising()
        if self.connection is not None:
            await self.connection.disconnect()

    async def forget(self) -> None:
        """Lose every key, as one does that keeps a single bond and was paired with a telephone."""
        assert self._device.keystore is not None
        await self._device.keystore.delete_all()

    def _on_connection(self, connection: Connection) -> None:
        self.connection = connection
        self.links += 1
        self._on_change(f"link {self.links} is up")
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        if self.manner.begins:
            connection.request_pairing()

    def _on_disconnection(self, reason: int) -> None:
        self.connection = None
        if self._dumping is not None:
            self._dumping.cancel()
        self._on_change(f"link {self.links} is down: {hci.HCI_Constant.error_name(reason)}")

    def _on_subscription(self, _bearer: object, _notify: bool, indicate: bool) -> None:
        if indicate and self.connection is not None:
            self._dumping = asyncio.ensure_future(self._dump(self.connection))

    async def _dump(self, connection: Connection) -> None:
        """Oldest first, each confirmed before the next; then it hangs up and sleeps."""
        while self.stored:
            await self._device.gatt_server.indicate_subscriber(connection, self._measure, self.stored[0])
            self.handed_over.append(self.stored.pop(0).hex())
        await asyncio.sleep(RESTS_S)
        await self.sleep()


def reading(number: int, time: tuple[int, int, int, int, int, int]) -> bytes:
    """A finished measurement: flags (time, pulse), 100+number over 70 mmHg, mean 85, its time, pulse 60+number."""
    year, *rest = time
    pressures = b"".join(value.to_bytes(2, "little") for value in (100 + number, 70, 85))
    return b"\x06" + pressures + year.to_bytes(2, "little") + bytes(rest) + (60 + number).to_bytes(2, "little")
