"""Where a kept device is: at its address; or, after a while, at another one, if one of its name says its serial number.

Runs in the monitor, one instance a link. A device that only bears the name is asked for its number, once a run, and for
nothing else: it is neither subscribed nor written to, but for its family's own harmless question.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import NamedTuple

from bleak import BleakClient
from bleak.backends.device import BLEDevice

from devices.adapter import RADIO_ERRORS, Adapter
from devices.drivers.declaration import Driver
from devices.limit import CALL_OFF_LIMIT_S, bounded
from devices.pace import Pace
from devices.scan import Alike, Scanner
from devices.serial import serial_number
from devices.whose import Whose

FOLLOW_AFTER_S = 15.0
"""A ring that was reset, or whose battery was changed, may show itself under another address. Longer than a device
needs to come back by itself."""


class Air(NamedTuple):
    """What all links of one open adapter share. connecting: held during a connect."""

    adapter: Adapter
    scanner: Scanner
    connecting: asyncio.Lock


class Search:
    """whose: what is known of a chosen device; None for one that is looked for by its address alone."""

    def __init__(self, device: str, driver: Driver, whose: Whose | None, pace: Pace) -> None:
        self._device, self._driver, self._whose, self._pace = device, driver, whose, pace
        self._is_elsewhere = asyncio.Event()

    def again(self) -> None:
        """The device is looked for at another address from now on."""
        self._is_elsewhere.set()

    async def find(self, air: Air) -> BLEDevice:
        """The device as soon as it shows itself; waits as long as it takes."""
        if self._whose is None:
            return await air.scanner.find(self._device)
        while True:
            self._is_elsewhere.clear()
            found = asyncio.ensure_future(air.scanner.find(self._whose.address))
            others = {
                asyncio.ensure_future(self._look_at_others(air, self._whose)),
                asyncio.ensure_future(self._is_elsewhere.wait()),
            }
            try:
                await asyncio.wait({found, *others}, return_when=asyncio.FIRST_COMPLETED)
                if found.done():
                    return found.result()
            finally:
                for task in (found, *others):
                    task.cancel()
                await asyncio.wait({found, *others})

    async def _look_at_others(self, air: Air, whose: Whose) -> None:
        """Each device that bears the chosen one's name, once; until cancelled."""

        def is_wanted(one: Alike) -> bool:
            return self._driver in one.drivers and whose.is_alike(one.address, one.name)

        await asyncio.sleep(self._pace.real(FOLLOW_AFTER_S))
        while True:
            one = await air.scanner.find_alike(is_wanted)
            whose.looked_at(one.address, await self._serial_of(air, one.device))

    async def _serial_of(self, air: Air, device: BLEDevice) -> str | None:
        """Connect, ask for the serial number and nothing else, hang up."""
        client = air.adapter.client(device, _ignore, self._pace.connect_limit_s * 0.8)
        try:
            async with air.connecting:
                await bounded(client.connect(), self._pace.connect_limit_s)
                return await serial_number(client, self._driver)
        except RADIO_ERRORS:
            return None
        finally:
            with contextlib.suppress(*RADIO_ERRORS):
                await bounded(client.disconnect(), CALL_OFF_LIMIT_S)


def _ignore(_client: BleakClient) -> None:
    """A link that drops shows in the operation that it interrupts."""
