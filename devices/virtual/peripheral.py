"""What all simulated peripherals share: a radio, GATT services, advertising, one link at a time.

Runs in the air's process. Never sends a value by itself, and never to a peer that has not subscribed.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
from bumble import data_types, hci
from bumble.att import Attribute
from bumble.core import UUID, AdvertisingData, DataType
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.host import Host
from bumble.link import LocalLink
from bumble.profiles.device_information_service import DeviceInformationService

from devices.virtual.controller import HUNG_UP, LINK_LOST, AirController
from devices.virtual.guard import Guard, Way, forget
from devices.virtual.scenario import CuffRun, Sample
from devices.virtual.sent import SentLog
from devices.virtual.uuid import uuid_text

ADVERTISING_INTERVAL_MS = 100.0
BATTERY_SERVICE = 0x180F
NO_DATA = Characteristic.Permissions(0)


class Identity(msgspec.Struct, frozen=True):
    """Who a peripheral says it is. address: static random; battery in percent.

    service: of the measurement, 16 or 128 bits; shown: whether it is advertised. also: further advertised services.
    company: whose manufacturer data it advertises, None for none.
    """

    role: str
    name: str
    address: str
    service: int | str
    model: str
    serial: str
    battery: int
    manufacturer: str = "Session Room (simulated)"
    firmware: str = "1.0"
    shown: bool = True
    also: tuple[int, ...] = ()
    company: int | None = None


class Peripheral:
    """One simulated device on the link. `start()` it; it advertises while `advertise(True)`."""

    always_on = True
    """Can be found from the beginning of a story; False for a device that sleeps until it measures."""
    bonds = False
    """Says nothing before the monitor has paired with it."""

    def __init__(
        self,
        link: LocalLink,
        log: SentLog,
        identity: Identity,
        measures: Sequence[Characteristic],
        more: Sequence[Service] = (),
    ) -> None:
        """measures: characteristics of the identity's service. more: services beside it."""
        self.identity = identity
        self._log = log
        self._controller = AirController(identity.name, link=link)
        host = Host()
        host.controller = self._controller  # pyright: ignore[reportAttributeAccessIssue]
        self._device = Device(name=identity.name, address=hci.Address(identity.address), host=host)
        self._device.add_services([*_services(identity, measures), *more])
        self._wanted = False
        self._follows: set[asyncio.Task[None]] = set()
        self._advertising = asyncio.Lock()
        self._changed = asyncio.Event()
        self._measures = list(measures)
        self._guard: Guard | None = None
        for characteristic in measures:
            characteristic.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription(characteristic))
            if self.bonds:
                self._encrypt(characteristic)

    @property
    def address(self) -> str:
        return self.identity.address.lower()

    @property
    def connection(self) -> Connection | None:
        """The link to a monitor, None while there is none."""
        return next(iter(self._device.connections.values()), None)

    async def start(self) -> None:
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)
        await self._device.power_on()
        self._follow()

    async def stop(self) -> None:
        """Leave the air: no advertising, no link."""
        self.advertise(False)
        self.drop(HUNG_UP)
        while self._follows:
            await asyncio.wait(self._follows)
        await self._device.power_off()

    def advertise(self, wanted: bool) -> None:
        """Whether to be found while there is no link."""
        self._wanted = wanted
        self._follow()

    def drop(self, reason: int = LINK_LOST) -> bool:
        """End the link, by default as a lost radio does. False when there was none."""
        linked = self.connection is not None
        self._controller.cut(reason)
        return linked

    async def live(self, sample: Sample, second_s: float) -> None:
        """The next script second has come, `second_s` long; a device that measures all the time sends what it has."""

    def measure(self, run: CuffRun, raw: bytes | None = None) -> bool:
        """Start a measurement of pressure. False: it is busy, or it does not take pressures."""
        return False

    def linked(self) -> None:
        """A monitor has connected: what an earlier one asked for is forgotten."""

    def flags(self) -> int:
        """Of its advertisements."""
        return AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED

    def guard(self, way: Way, same: bool) -> None:
        """Say nothing from now on before a monitor has paired with it in this way."""
        self._guard = Guard(way, lambda event, **data: self._log.event(event, device=self.address, **data), same)
        self._guard.put_before(self._device, self._measures)

    def type_passkey(self, number: int) -> bool:
        """Its holder types a number. False: it has no keys."""
        if self._guard is None or self._guard.way != "types":
            return False
        self._guard.type(number)
        return True

    async def forget(self) -> None:
        """Lose the keys of every bond, and the link."""
        await forget(self._device)
        self.drop(HUNG_UP)

    def name_of(self, handle: int) -> str:
        """The 128-bit UUID of the characteristic with this value handle."""
        attribute = self._device.gatt_server.get_attribute(handle)
        return uuid_text(attribute.type) if attribute else ""

    def characteristic(self, uuid: str) -> Characteristic | None:
        """The measuring characteristic of a 16- or 128-bit UUID."""
        wanted = uuid_text(UUID(uuid))
        attributes = self._device.gatt_server.attributes
        return next((a for a in attributes if isinstance(a, Characteristic) and uuid_text(a.uuid) == wanted), None)

    def say_serial(self, serial: str) -> None:
        """Say another serial number from now on, as another device of its make would."""
        found = self.characteristic("2A25")
        assert found is not None
        found.value = serial.encode()

    def subscribed(self, characteristic: Characteristic) -> bool:
        """True while a monitor is linked and has asked for this characteristic's values."""
        subscriptions = self._device.gatt_server.subscribers.get(self.connection) if self.connection else None
        return any((subscriptions or {}).get(characteristic.handle, b""))

    async def until_subscribed(self, characteristic: Characteristic) -> None:
        while not self.subscribed(characteristic):
            self._changed.clear()
            await self._changed.wait()

    async def send(self, characteristic: Characteristic, payload: bytes) -> bool:
        """Hand one payload to the subscribed monitor, and await its confirmation of an indication.

        False: nobody is there to take it, or the link died (or 30 s passed) before the confirmation.
        """
        connection = self.connection
        if connection is None or not self.subscribed(characteristic):
            return False
        server = self._device.gatt_server
        if characteristic.properties & Characteristic.Properties.NOTIFY:
            await server.notify_subscriber(connection, characteristic, payload)
            return True
        try:
            await server.indicate_subscriber(connection, characteristic, payload)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return False  # bumble cancels the wait when the link dies
        except TimeoutError:
            return False
        finally:
            if self.connection is not connection:
                server.pending_confirmations.pop(connection, None)
        return True

    def _on_connection(self, connection: Connection) -> None:
        peer = connection.peer_address.to_string(with_type_qualifier=False).lower()
        self._log.linked_anew(self.address)
        self._log.event("connected", device=self.address, peer=peer)
        self.linked()
        connection.once(Connection.EVENT_DISCONNECTION, lambda reason: self._on_disconnection(connection, reason))

    def _on_disconnection(self, connection: Connection, reason: int) -> None:
        self._log.event("dropped", device=self.address, reason=hci.HCI_Constant.error_name(reason))
        # bumble would leave a cut indication waiting for 30 s
        pending = self._device.gatt_server.pending_confirmations.get(connection)
        if pending and not pending.done():
            pending.cancel()
        self._changed.set()
        self._follow()

    def _on_subscription(self, characteristic: Characteristic) -> Callable[[object, bool, bool], None]:
        def listener(_bearer: object, notify: bool, indicate: bool) -> None:
            event = "subscribed" if notify or indicate else "unsubscribed"
            self._log.event(event, device=self.address, characteristic=uuid_text(characteristic.uuid))
            self._changed.set()

        return listener

    def _encrypt(self, characteristic: Characteristic) -> None:
        """Only an encrypted link may read, write or subscribe."""
        needed = Attribute.Permissions.READ_REQUIRES_ENCRYPTION | Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION
        attributes = self._device.gatt_server.attributes
        for attribute in attributes[characteristic.handle - 1 : characteristic.end_group_handle]:
            attribute.permissions |= needed

    def _follow(self) -> None:
        """Bring the radio's advertising to what is wanted, one change at a time."""
        task = asyncio.ensure_future(self._bring_advertising())
        self._follows.add(task)
        task.add_done_callback(self._follows.discard)

    async def _bring_advertising(self) -> None:
        async with self._advertising:
            if not self._device.powered_on:  # bumble would take another way of advertising, and not tell of links
                return
            wanted = self._wanted and self.connection is None
            if wanted and not self._device.is_advertising:
                await self._device.start_advertising(
                    advertising_data=_advertisement(self.identity, self.flags()),
                    advertising_interval_min=ADVERTISING_INTERVAL_MS,
                    advertising_interval_max=ADVERTISING_INTERVAL_MS,
                )
            elif not wanted:
                await self._device.stop_advertising()


def _services(identity: Identity, measures: Sequence[Characteristic]) -> list[Service]:
    return [
        DeviceInformationService(
            manufacturer_name=identity.manufacturer,
            model_number=identity.model,
            serial_number=identity.serial,
            firmware_revision=identity.firmware,
        ),
        Service(UUID.from_16_bits(BATTERY_SERVICE), [_battery(identity)]),
        Service(_uuid(identity.service), list(measures)),
    ]


def _battery(identity: Identity) -> Characteristic:
    """Plain bytes, so that exact ones can be sent to order."""
    properties = Characteristic.Properties.READ | Characteristic.Properties.NOTIFY
    return Characteristic("2A19", properties, Characteristic.READABLE, bytes([identity.battery]))


def _advertisement(identity: Identity, flags: int) -> bytes:
    """Everything in one packet: a real device splits it into advertisement and scan response, which a host joins."""
    shown = [_uuid(one) for one in ([identity.service] if identity.shown else []) + [*identity.also]]
    parts: list[DataType] = [data_types.Flags(AdvertisingData.Flags(flags))]
    if short := [one for one in shown if len(one.uuid_bytes) == 2]:
        parts.append(data_types.CompleteListOf16BitServiceUUIDs(short))
    if long := [one for one in shown if len(one.uuid_bytes) != 2]:
        parts.append(data_types.CompleteListOf128BitServiceUUIDs(long))
    if identity.company is not None:
        parts.append(data_types.ManufacturerSpecificData(identity.company, b""))
    return bytes(AdvertisingData([*parts, data_types.CompleteLocalName(identity.name)]))


def _uuid(service: int | str) -> UUID:
    return UUID.from_16_bits(service) if isinstance(service, int) else UUID(service)
