"""bleak's client over a bumble host, so that the product's own Bluetooth code runs on the simulated air.

Runs in the process that uses bleak. It hands bytes on as they are, and turns bumble's ways of failing into bleak's.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import hci
from bumble.att import ATT_Error
from bumble.core import BaseBumbleError
from bumble.device import Connection, Peer
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR as CCCD

from devices.virtual.uuid import uuid_text

if TYPE_CHECKING:
    from devices.virtual.radio import Radio


def _dead_link(pdu: bytes) -> NoReturn:
    raise BleakError("Disconnected")


class BumbleClient(BaseBleakClient):
    """bleak's client; `radio` is bound by `Radio`."""

    radio: Radio

    def __init__(
        self, address_or_ble_device: BLEDevice | str, *, services: set[str] | None = None, **rest: Any
    ) -> None:
        super().__init__(address_or_ble_device, **rest)
        self._wanted_services = services
        self._target: hci.Address | None = None
        self._name = ""
        if isinstance(address_or_ble_device, BLEDevice):
            self._target = address_or_ble_device.details
            self._name = address_or_ble_device.name or ""
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        return self._live().att_mtu

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    def _live(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    async def _run(self, function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Ask bumble in a task of its own.

        ATT has one request in flight: a request whose caller gave up must still take its own answer, or the next one
        would be given it. And on a lost link bumble cancels the request, a cancellation that nobody asked for.
        """
        self._live()
        task = self.radio.spawn(function(*arguments))
        await asyncio.wait({task})
        try:
            return task.result()
        except ATT_Error as error:
            raise BleakGATTProtocolError(int(error.error_code)) from error
        except asyncio.CancelledError as error:
            raise BleakError("Disconnected during the operation") from error
        except (BaseBumbleError, hci.HCI_Error, TimeoutError) as error:
            raise BleakError(f"{type(error).__name__}: {error}") from error

    # -- the link
    async def connect(self, pair: bool, **options: Any) -> None:
        if self.is_connected:
            raise BleakError("Client is already connected")
        self.radio.check()
        try:
            async with asyncio.timeout(options.get("timeout", self._timeout)):
                if self._target is None:
                    self._target = await self._find()
                self._attach(await self.radio.connect(self._target))
                await self._set_up_or_leave(pair)
        except TimeoutError:
            if self._target is None:
                raise BleakDeviceNotFoundError(self.address, f"{self.address} was not found") from None
            raise
        except BaseBumbleError as error:
            raise BleakError(str(error)) from error

    async def _set_up_or_leave(self, pair: bool) -> None:
        try:
            await self._set_up(pair)
        except BaseException:
            await self.disconnect()
            raise

    async def _find(self) -> hci.Address:
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def detected(device: BLEDevice, _: AdvertisementData) -> None:
            if device.address.lower() == self.address.lower() and not found.done():
                found.set_result(device.details)

        scanner = self.radio.scanner_backend(detected, None, "active")
        try:
            await scanner.start()
            return await found
        finally:
            await scanner.stop()

    def _attach(self, connection: Connection) -> None:
        peer = Peer(connection)

        def on_disconnection(_: int) -> None:
            if self._connection is connection:
                self._connection = self._peer = self.services = None
                self._subscribers.clear()
                # bumble ends the request that waits now; one begun later would wait 30 s for a dead link
                peer.gatt_client.send_gatt_pdu = _dead_link
                if self._disconnected_callback:
                    self._disconnected_callback()

        connection.once(Connection.EVENT_DISCONNECTION, on_disconnection)
        self._connection, self._peer = connection, peer
        if self.radio.central.lookup_connection(connection.handle) is not connection:
            on_disconnection(0)  # lost before we could listen
            raise BleakError("Disconnected while connecting")

    async def _set_up(self, pair: bool) -> None:
        peer = self._peer
        assert peer
        # Without it notifications are cut to 20 bytes, silently.
        await self._run(peer.request_mtu, self.radio.mtu)
        if pair or await self._bonded():
            await self.pair()
        found = BleakGATTServiceCollection()
        await self._run(peer.discover_services)
        for remote in peer.services:
            if not self._wanted_services or uuid_text(remote.uuid) in self._wanted_services:
                await self._add_service(found, remote)
        self._live()
        self.services = found

    async def _add_service(self, found: BleakGATTServiceCollection, remote: Any) -> None:
        service = BleakGATTService(remote, remote.handle, uuid_text(remote.uuid))
        found.add_service(service)
        await self._run(remote.discover_characteristics)
        for item in remote.characteristics:
            properties = sorted(gatt_char_props_to_strs(int(item.properties)))
            characteristic = BleakGATTCharacteristic(
                item, item.handle, uuid_text(item.uuid), properties, lambda: self.mtu_size - 3, service
            )
            found.add_characteristic(characteristic)
            for each in await self._run(item.discover_descriptors):
                found.add_descriptor(BleakGATTDescriptor(each, each.handle, uuid_text(each.type), characteristic))

    async def disconnect(self) -> None:
        if connection := self._connection:
            await asyncio.wait({self.radio.spawn(self.radio.disconnect(connection))})

    # -- pairing
    async def _bonded(self) -> bool:
        keys = self.radio.central.keystore
        return bool(keys and await keys.get(str(self._live().peer_address)))

    async def pair(self, *arguments: Any, **options: Any) -> None:
        connection = self._live()
        if connection.is_encrypted:
            return
        try:
            await self._run(connection.encrypt if await self._bonded() else connection.pair)
        except BaseException:
            # bumble cannot call a pairing off, and keeps a failed one until the link ends
            await self.disconnect()
            raise

    async def unpair(self) -> None:
        address = self._connection.peer_address if self._connection else self._target
        await self.disconnect()
        if keys := self.radio.central.keystore:
            with contextlib.suppress(KeyError):
                await keys.delete(str(address))

    # -- GATT
    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **options: Any
    ) -> bytearray:
        return bytearray(await self._run(characteristic.obj.read_value))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **options: Any
    ) -> bytearray:
        return bytearray(await self._run(descriptor.obj.read_value))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        await self._run(characteristic.obj.write_value, bytes(data), response)

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        await self._run(descriptor.obj.write_value, bytes(data), True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **options: Any
    ) -> None:
        self._live()
        remote, handle = characteristic.obj, characteristic.handle
        if handle in self._subscribers:
            raise BleakError("Notifications are already on for this characteristic")
        if not remote.get_descriptor(CCCD):
            raise BleakError("The characteristic has no CCCD")  # bumble only logs it

        def subscriber(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[handle] = subscriber
        try:
            await self._run(remote.subscribe, subscriber)
        except BaseException:
            self._forget(characteristic)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """The values that come before the device has heard of it are still handed on."""
        self._live()
        if characteristic.handle in self._subscribers:
            await self._run(characteristic.obj.get_descriptor(CCCD).write_value, b"\0\0", True)
            self._forget(characteristic)

    def _forget(self, characteristic: BleakGATTCharacteristic) -> None:
        """bumble keeps the subscriber of a refused subscription."""
        subscriber = self._subscribers.pop(characteristic.handle, None)
        characteristic.obj.subscribers.pop(subscriber, None)
        if self._peer:
            client = self._peer.gatt_client
            client.notification_subscribers.pop(characteristic.handle, None)
            client.indication_subscribers.pop(characteristic.handle, None)
