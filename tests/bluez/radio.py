"""The guest's radio: BlueZ on one simulated controller, a simulated oximeter on another, one link between them.

Part of the run against a real BlueZ; the scenario owns it. It uses nothing of `devices`, so that a misreading of ours
cannot agree with itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import AdvertisingData, PhysicalTransport
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER, ADAPTER_ADDRESS = "org.bluez.Adapter1", "00:AA:01:01:00:01"
OXIMETER = "f0:f1:f2:f3:f4:f5"
CONTINUOUS = "00002a5f-0000-1000-8000-00805f9b34fb"
EVERY_S = 0.2
EVERY_MS = 100.0  # its advertisements
PULSES = range(60, 251)


class Sent(NamedTuple):
    """One notification handed to a subscribed link. at_s: monotonic; link: which of the oximeter's links, from 1."""

    at_s: float
    link: int
    hex: str


class Air(LocalLink):
    """The link between the controllers. Data go by the addresses that a connection was made with.

    bumble's own takes the sender's address of the moment, which the kernel changes with each scan.
    """

    def send_acl_data(
        self, sender_controller: Controller, destination_address: Any, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Hand one data packet to the other end, unless the link is gone."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is not None and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)


class Radio:
    """BlueZ's own adapter on a simulated controller."""

    async def open(self) -> None:
        """Plug the controller in and switch the adapter on."""
        self.link = Air()
        self._transport = await open_transport("vhci")
        # With an address of its own, as real ones have: else the kernel connects under the random address of the scan
        # that runs, and pairing checks another one.
        ends = {"host_source": self._transport.source, "host_sink": self._transport.sink}
        bluez = Controller("BlueZ", link=self.link, public_address=ADAPTER_ADDRESS, **ends)
        # With these the kernel waits for events that the simulated controller never sends.
        bluez.le_features &= ~(hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING)
        self._bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        async with asyncio.timeout(60):
            while await self._is_powered() is None:  # BlueZ has not seen the controller yet
                await asyncio.sleep(0.2)
        await self.power(True)

    async def power(self, on: bool) -> None:
        """Switch the adapter, and wait until BlueZ says that it is so."""
        async with asyncio.timeout(60):
            await self._call("Set", "ssv", [ADAPTER, "Powered", Variant("b", on)])
            while await self._is_powered() is not on:
                await asyncio.sleep(0.05)

    async def _is_powered(self) -> bool | None:
        """None while there is no adapter."""
        reply = await self._call("Get", "ss", [ADAPTER, "Powered"])
        return None if reply.message_type is MessageType.ERROR else bool(reply.body[0].value)

    async def _call(self, member: str, signature: str, body: list[Any]) -> Message:
        interface = "org.freedesktop.DBus.Properties"
        return await self._bus.call(
            Message("org.bluez", "/org/bluez/hci0", interface, member, signature=signature, body=body)
        )


class Oximeter:
    """A PLX oximeter that counts: each value is another one, so that none can stand for its neighbour."""

    def __init__(self, link: Air, on_change: Callable[[str], None], address: str = OXIMETER) -> None:
        """on_change: told in words when a link or a subscription comes or goes."""
        self.address = address
        self.sent: list[Sent] = []
        self.links = 0
        self.connection: Connection | None = None
        self.subscribed = False
        self._on_change = on_change
        self._measure = Characteristic("2A5F", Characteristic.Properties.NOTIFY, Characteristic.Permissions(0), b"")
        self._measure.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)
        self._controller = Controller("PulseOx", link=link)
        host = Host(self._controller, AsyncPipeSink(self._controller))
        self._device = Device(host=host, name="PulseOx", address=hci.Address(address.upper()))
        self._device.add_service(Service("1822", [self._measure]))
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)

    async def start(self) -> None:
        """Advertise, and again after each link."""
        await self._device.power_on()
        self._device.advertising_data = bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, b"\x06"),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, b"PulseOx"),
                    (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, (0x1822).to_bytes(2, "little")),
                ]
            )
        )
        await self._device.start_advertising(
            auto_restart=True, advertising_interval_min=EVERY_MS, advertising_interval_max=EVERY_MS
        )

    async def send_forever(self) -> None:
        """Five values a second while somebody has subscribed."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self.connection is not None and self.subscribed:
                value = _value(len(self.sent))
                self.sent.append(Sent(time.monotonic(), self.links, value.hex()))
                await self._device.notify_subscriber(self.connection, self._measure, value)

    async def hang_up(self) -> None:
        """End the link, as an oximeter does when the finger is gone."""
        assert self.connection is not None
        self.subscribed = False  # nothing is handed over to a link that is being ended
        await self.connection.disconnect()

    def lose(self) -> None:
        """Lose the link as a radio does: both ends hear nothing any more and give it up."""
        for connection in list(self._controller.le_connections.values()):
            connection.send_ll_control_pdu(ll.TerminateInd(hci.HCI_CONNECTION_TIMEOUT_ERROR))
            self._controller.on_le_disconnected(connection, hci.HCI_CONNECTION_TIMEOUT_ERROR)

    def _on_connection(self, connection: Connection) -> None:
        self.links += 1
        self.connection, self.subscribed = connection, False
        self._on_change(f"link {self.links} is up")
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, reason: int) -> None:
        self.connection, self.subscribed = None, False
        self._on_change(f"link {self.links} is down: {hci.HCI_Constant.error_name(reason)}")

    def _on_subscription(self, _bearer: object, notify: bool, _indicate: bool) -> None:
        self.subscribed = notify
        self._on_change(f"notifications are {'on' if notify else 'off'}")


def _value(number: int) -> bytes:
    """Continuous measurement: flags, SpO2 and pulse as SFLOAT; both count, the pair repeats after 19 minutes."""
    spo2 = 99 - number // len(PULSES) % 30
    return bytes([0]) + spo2.to_bytes(2, "little") + PULSES[number % len(PULSES)].to_bytes(2, "little")
