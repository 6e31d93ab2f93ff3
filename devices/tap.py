"""bleak's client with a tap: everything that passes is told, nothing is changed, delayed or kept.

Runs in the monitor, only while somebody captures; made by `devices.adapter`. A tap must not wait or raise.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback

from devices.drivers.payload import long_uuid
from devices.reading import Stamp
from devices.traffic import Advertised, Characteristic, Connected, Connecting, Disconnected, Passed, Tap

Listen = Callable[[BleakGATTCharacteristic, bytearray], Any]


class TappedClient(BleakClient):
    """As `BleakClient`, and tells `tap`; now: the clock of the stamps."""

    def __init__(self, device: BLEDevice, tap: Tap, now: Callable[[], Stamp], gone: Any, **options: Any) -> None:
        self._device, self._tap, self._now = device.address.lower(), tap, now
        self._shown_name = device.name or ""

        def told(client: BleakClient) -> None:
            tap(Disconnected(self._device, now()))
            gone(client)

        super().__init__(device, disconnected_callback=told, **options)

    async def connect(self, **kwargs: Any) -> None:
        """As bleak's."""
        self._tap(Connecting(self._device, self._now(), self._shown_name))
        await super().connect(**kwargs)
        found = tuple(
            Characteristic(one.service_uuid, long_uuid(one.uuid), tuple(one.properties))
            for one in self.services.characteristics.values()
        )
        self._tap(Connected(self._device, self._now(), found))

    async def start_notify(self, char_specifier: Any, callback: Listen, **kwargs: Any) -> None:
        """As bleak's."""

        def heard(characteristic: BleakGATTCharacteristic, data: bytearray) -> Any:
            self._pass("notified", characteristic.uuid, data)
            return callback(characteristic, data)

        assert not inspect.iscoroutinefunction(callback)
        await super().start_notify(char_specifier, heard, **kwargs)

    async def read_gatt_char(self, char_specifier: Any, **kwargs: Any) -> bytearray:
        """As bleak's."""
        data = await super().read_gatt_char(char_specifier, **kwargs)
        self._pass("read", _uuid(char_specifier), data)
        return data

    async def write_gatt_char(self, char_specifier: Any, data: Any, response: bool | None = None) -> None:
        """As bleak's."""
        self._pass("written", _uuid(char_specifier), data)
        await super().write_gatt_char(char_specifier, data, response)

    def _pass(self, how: str, uuid: str, data: Any) -> None:
        self._tap(Passed(self._device, self._now(), how, long_uuid(uuid), bytes(data)))


def tapped(seen: AdvertisementDataCallback, tap: Tap, now: Callable[[], Stamp]) -> AdvertisementDataCallback:
    """A scanner's callback that tells each advertisement too, after it was dealt with."""

    def both(device: BLEDevice, shown: AdvertisementData) -> Any:
        done = seen(device, shown)
        name, services = shown.local_name or device.name or "", tuple(shown.service_uuids)
        makers, data = dict(shown.manufacturer_data), dict(shown.service_data)
        tap(Advertised(device.address.lower(), now(), name, shown.rssi, services, makers, data))
        return done

    return both


def _uuid(specifier: Any) -> str:
    return specifier.uuid if isinstance(specifier, BleakGATTCharacteristic) else str(specifier)
