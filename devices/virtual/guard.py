"""What a simulated device wants before it says anything: to be paired, with a number or without, by order.

Runs in the air's process. It stands for a device's display, keys and the person who holds it: what is not ordered is
not answered. A device that forgets keeps its display and loses its keys, as one that was paired with a telephone.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Literal

from bumble.att import Attribute
from bumble.device import Device
from bumble.gatt import Characteristic
from bumble.pairing import PairingConfig, PairingDelegate

Way = Literal["just works", "shows", "types", "compares"]
"""It shows a number; it has keys to type one; it shows a number and has a key for yes."""
LARGEST_PASSKEY = 999_999
Tell = Callable[..., None]
_ABLE = PairingDelegate.IoCapability
_ABILITIES = {
    "just works": _ABLE.NO_OUTPUT_NO_INPUT,
    "shows": _ABLE.DISPLAY_OUTPUT_ONLY,
    "types": _ABLE.KEYBOARD_INPUT_ONLY,
    "compares": _ABLE.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
}
_ENCRYPTION_KEY = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
_PERMISSIONS = Attribute.Permissions
_ENCRYPTED = _PERMISSIONS.READ_REQUIRES_ENCRYPTION | _PERMISSIONS.WRITE_REQUIRES_ENCRYPTION
_PROVEN = _ENCRYPTED | _PERMISSIONS.READ_REQUIRES_AUTHENTICATION | _PERMISSIONS.WRITE_REQUIRES_AUTHENTICATION


class Guard(PairingDelegate):
    """tell: is told what the device shows ("shows", number). same: what its holder says of two numbers."""

    def __init__(self, way: Way, tell: Tell, same: bool = True) -> None:
        super().__init__(_ABILITIES[way], _ENCRYPTION_KEY, _ENCRYPTION_KEY)
        self.way, self.same = way, same
        self._tell = tell
        self._typed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def put_before(self, device: Device, measures: list[Characteristic]) -> None:
        """From now on nothing can be subscribed or read without a bond of this way."""
        device.pairing_config_factory = lambda _connection: PairingConfig(
            sc=True, mitm=self.way != "just works", bonding=True, delegate=self
        )
        attributes = device.gatt_server.attributes
        for one in measures:
            for attribute in attributes[one.handle - 1 : one.end_group_handle]:
                attribute.permissions |= _ENCRYPTED if self.way == "just works" else _PROVEN

    def type(self, number: int) -> None:
        """Its holder types this."""
        if self._typed.done():
            self._typed = asyncio.get_running_loop().create_future()
        self._typed.set_result(number)

    async def get_number(self) -> int | None:
        self._tell("waits for a number")
        number = await asyncio.shield(self._typed)
        self._typed = asyncio.get_running_loop().create_future()
        return number

    async def generate_passkey(self) -> int:
        """bumble takes 0 for none."""
        return 1 + secrets.randbelow(LARGEST_PASSKEY)

    async def display_number(self, number: int, digits: int) -> None:
        self._tell("shows", number=number)

    async def compare_numbers(self, number: int, digits: int) -> bool:
        self._tell("shows", number=number)
        return self.same


async def forget(device: Device) -> None:
    """Lose every key, as a device does that keeps one bond and was given another."""
    if device.keystore is not None:
        await device.keystore.delete_all()
