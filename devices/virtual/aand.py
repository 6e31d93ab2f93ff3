"""A simulated A&D UA-651BLE: pairs only while its button is held, wants the time at each link, has harmful orders too.

Runs in the air's process. Shares nothing with the driver; its manners are built from the maker's description.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bumble.core import UUID, AdvertisingData
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.pairing import PairingConfig, PairingDelegate

from devices.virtual.encoding import DeviceTime
from devices.virtual.memory_cuff import MemoryCuff
from devices.virtual.peripheral import Identity
from devices.virtual.world import World

PAIRS_FOR_S = 60.0
DELETE_ALL, UNPAIR = bytes.fromhex("020112"), bytes.fromhex("020110")
ORDERS_SERVICE, ORDERS = "233BF000-5A34-1B6D-975C-000D5690ABE4", "233BF001-5A34-1B6D-975C-000D5690ABE4"


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """What the description says of its time, which ours must equal byte for byte."""
    yield "the time", "EA0707100E1E05", DeviceTime(2026, 7, 16, 14, 30, 5).to_bytes()


class AandD(MemoryCuff):
    """is_harmed: it was told to delete or to forget its bond."""

    bonds = True

    def __init__(self, world: World) -> None:
        identity = Identity(
            role="cuff", name="A&D_UA-651BLE_SIM001", address="F2:5E:55:10:00:45", service=0x1810, model="UA-651BLE",
            serial="SIM-UA-0001", battery=100, manufacturer="A&D (simulated)",
        )  # fmt: skip
        self._pairs_until_s = 0.0
        properties = Characteristic.Properties
        time = CharacteristicValue[bytes](
            read=lambda _connection: self.clock.now().to_bytes(), write=lambda _connection, value: self._set(value)
        )
        permissions = Characteristic.READABLE | Characteristic.WRITEABLE
        clock = Characteristic("2A08", properties.READ | properties.WRITE, permissions, time)
        taken = CharacteristicValue[bytes](write=lambda _connection, value: self.orders.append(bytes(value)))
        orders = Characteristic(ORDERS, properties.WRITE, Characteristic.WRITEABLE, taken)
        super().__init__(world, identity, more=[clock], beside=[Service(UUID(ORDERS_SERVICE), [orders])])
        self._device.pairing_config_factory = lambda _connection: PairingConfig(
            sc=True, mitm=False, bonding=True, delegate=_Delegate(self)
        )

    @property
    def is_harmed(self) -> bool:
        return DELETE_ALL in self.orders or UNPAIR in self.orders

    @property
    def pairs(self) -> bool:
        """Whether its button was held a moment ago."""
        return asyncio.get_running_loop().time() < self._pairs_until_s

    def hold_button(self) -> bool:
        """From now on it can be found and paired with, for a minute."""
        self._pairs_until_s = asyncio.get_running_loop().time() + PAIRS_FOR_S
        self.advertise(True)
        return True

    def flags(self) -> int:
        """Limited discoverable while it pairs."""
        flags = AdvertisingData.Flags
        return flags.LE_LIMITED_DISCOVERABLE_MODE | flags.BR_EDR_NOT_SUPPORTED if self.pairs else super().flags()

    def _set(self, time: bytes) -> None:
        self.orders.append(bytes(time))
        self.clock.set(bytes(time))


class _Delegate(PairingDelegate):
    def __init__(self, cuff: AandD) -> None:
        super().__init__()
        self._cuff = cuff

    async def accept(self) -> bool:
        return self._cuff.pairs
