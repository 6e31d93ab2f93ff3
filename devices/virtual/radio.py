"""The computer's adapter when the air is simulated: a bumble host whose radio chip is the air, reached by TCP.

Runs in the process that uses bleak (the monitor), on its running loop. It stands where BlueZ stands otherwise, and
like BlueZ it keeps no value and interprets none.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncGenerator, Awaitable
from enum import Enum
from typing import Any, TypeVar

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason
from bumble import hci
from bumble.core import BaseBumbleError
from bumble.device import Advertisement, Connection, Device
from bumble.host import Host
from bumble.pairing import PairingConfig
from bumble.transport.common import StreamPacketSource, TransportLostError

from devices.pairing import Interview
from devices.virtual.asked import pairing
from devices.virtual.backend import BumbleClient
from devices.virtual.scanner import BumbleScanner

ANSWER_S = 5.0  # the air answers within milliseconds; this long means that something else listens there
ACL_PACKET = 0x02
TAKEN_COMMAND = struct.pack("<BHBB", 0x01, hci.HCI_HOST_NUMBER_OF_COMPLETED_PACKETS_COMMAND, 5, 1)

T = TypeVar("T")


class Reason(Enum):
    """Why there is no adapter."""

    BAD_ADDRESS = "bad address"
    UNREACHABLE = "unreachable"
    SILENT = "silent"


class NoAdapter(Exception):  # noqa: N818 - reads as what it says
    """There is no simulated adapter at this address. reason says why."""

    def __init__(self, reason: Reason, address: str) -> None:
        super().__init__(f"{reason.value}: {address}")
        self.reason, self.address = reason, address


class _Line(StreamPacketSource):
    """HCI over the socket. As a sink it refuses packets once the air is gone, where bumble would wait for ever."""

    transport: asyncio.WriteTransport

    def __init__(self) -> None:
        super().__init__()
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self.on_transport_lost()

    def on_packet(self, packet: bytes) -> None:
        if self.transport.is_closing():
            raise TransportLostError("the air is gone")
        self.transport.write(packet)


class _Host(Host):
    """bumble's host, which tells the controller of every data packet after it has been taken."""

    tells_taken = False

    def on_packet(self, packet: bytes) -> None:
        super().on_packet(packet)
        if packet[0] == ACL_PACKET and self.tells_taken and self.hci_sink:
            handle = struct.unpack_from("<H", packet, 1)[0] & 0x0FFF
            with contextlib.suppress(TransportLostError):
                self.hci_sink.on_packet(TAKEN_COMMAND + struct.pack("<HH", handle, 1))

    def on_transport_lost(self) -> None:
        """As bumble's, which fails when the answer came in the same moment."""
        if self.pending_response and not self.pending_response.done():
            self.pending_response.set_exception(TransportLostError("the air is gone"))
        self.emit("flush")


class Radio:
    """An attached adapter.

    `scanner_backend` and `client_backend` are for bleak's `backend=`; `lost` is set when the air goes away by itself,
    after which every use raises BleakBluetoothNotAvailableError and only `detach` makes sense.
    """

    def __init__(self, line: _Line, mtu: int = 247) -> None:
        self.mtu = mtu
        self.lost = asyncio.Event()
        self.scanner_backend: type[BumbleScanner] = type("BumbleScanner", (BumbleScanner,), {"radio": self})
        self.client_backend: type[BumbleClient] = type("BumbleClient", (BumbleClient,), {"radio": self})
        self._line = line
        self._host = _Host(line, line)
        # An address of its own for each: two hosts of one address would get each other's packets.
        self.central = Device(name="central", address=hci.Address.generate_static_address(), host=self._host)
        self.central.pairing_config_factory = self._pairing
        self.central.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        self.central.on(Device.EVENT_FLUSH, self._on_flush)
        self._scanners: set[BumbleScanner] = set()
        self._scan_turn, self._connect_turn = asyncio.Lock(), asyncio.Lock()
        self._work: set[asyncio.Task[Any]] = set()
        self._interviews: dict[str, Interview] = {}
        self._leaving = False

    async def power_on(self) -> None:
        await self.central.power_on()
        await self.central.send_sync_command(hci.HCI_Set_Controller_To_Host_Flow_Control_Command(flow_control_enable=1))
        self._host.tells_taken = True

    async def detach(self) -> None:
        """End all links, close the line. Safe at any time, also after the air is gone."""
        self._leaving = True
        for connection in list(self.central.connections.values()):
            await self.settle(self.disconnect(connection), ANSWER_S)
        self._line.transport.close()
        await self._line.closed.wait()
        while self._work:
            await asyncio.wait(self._work)

    def check(self) -> None:
        """Raises BleakBluetoothNotAvailableError when the adapter is gone."""
        if self._leaving or self._line.transport.is_closing():
            raise BleakBluetoothNotAvailableError(
                "the simulated adapter is gone", BleakBluetoothNotAvailableReason.NO_BLUETOOTH
            )

    def spawn(self, work: Awaitable[T]) -> asyncio.Task[T]:
        """Run bumble's work in a task of its own: a caller that is cancelled leaves it to end, never cuts it."""

        async def run() -> T:
            return await work

        task = asyncio.create_task(run())
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen
        return task

    async def settle(self, work: Awaitable[Any], within_s: float) -> None:
        """Give bumble's work its time, whatever comes of it."""
        task = self.spawn(work)
        _, late = await asyncio.wait({task}, timeout=within_s)
        if late:
            task.cancel()

    async def disconnect(self, connection: Connection) -> None:
        if self.central.lookup_connection(connection.handle) is connection:
            with contextlib.suppress(BaseBumbleError, hci.HCI_Error, asyncio.CancelledError):
                await connection.disconnect()

    # -- bonds
    def _pairing(self, connection: Connection) -> PairingConfig:
        return pairing(self._interviews.get(_text(connection.peer_address)), lambda: self.disconnect(connection))

    @contextlib.asynccontextmanager
    async def asking(self, address: str, interview: Interview) -> AsyncGenerator[None, None]:
        """While this lasts, questions about pairing this device go to `interview`."""
        self._interviews[address.lower()] = interview
        try:
            yield
        finally:
            del self._interviews[address.lower()]
            await interview.close()

    async def is_bonded(self, address: str) -> bool:
        """Whether this adapter keeps keys for the device; as long as it lives, for it has no disk."""
        return await self._key_of(address) is not None

    async def forget(self, address: str) -> None:
        """Drop the keys, and the link that they protect."""
        name = await self._key_of(address)
        if name is not None and self.central.keystore:
            await self.central.keystore.delete(name)
        for connection in list(self.central.connections.values()):
            if _text(connection.peer_address) == address.lower():
                await self.disconnect(connection)

    async def _key_of(self, address: str) -> str | None:
        keys = await self.central.keystore.get_all() if self.central.keystore else []
        return next((name for name, _ in keys if name.partition("/")[0].lower() == address.lower()), None)

    # -- scanning
    async def add_scanner(self, scanner: BumbleScanner) -> None:
        self.check()
        self._scanners.add(scanner)
        await self._follow_scanners()
        self.check()

    async def remove_scanner(self, scanner: BumbleScanner) -> None:
        self._scanners.discard(scanner)
        await self._follow_scanners()

    async def _follow_scanners(self) -> None:
        async def follow() -> None:
            async with self._scan_turn:
                if self._line.transport.is_closing():
                    return
                with contextlib.suppress(BaseBumbleError):  # gone meanwhile; `lost` says so
                    if self._scanners and not self.central.is_scanning:
                        await self.central.start_scanning(active=True)
                    elif not self._scanners and self.central.is_scanning:
                        await self.central.stop_scanning()

        await asyncio.wait({self.spawn(follow())})

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        for scanner in list(self._scanners):
            scanner.on_advertisement(advertisement)

    # -- connecting
    async def connect(self, peer: hci.Address) -> Connection:
        """One link to a peer that advertises, whenever it does. To be cancelled by the caller's own time limit."""
        self.check()
        given_up = asyncio.Event()
        attempt = self.spawn(self._attempt(peer, given_up))
        try:
            await asyncio.wait({attempt})
        except asyncio.CancelledError:
            given_up.set()
            raise
        if attempt.cancelled():
            self.check()
            raise BaseBumbleError("the attempt was called off")
        return attempt.result()

    async def _attempt(self, peer: hci.Address, given_up: asyncio.Event) -> Connection:
        """bumble allows one attempt at a time, and loses the link of one that is cancelled from outside."""
        async with self._connect_turn:
            if given_up.is_set():
                raise asyncio.CancelledError
            connecting = self.spawn(self.central.connect(peer, timeout=None))
            giving_up = asyncio.create_task(given_up.wait())
            await asyncio.wait({connecting, giving_up}, return_when=asyncio.FIRST_COMPLETED)
            while not connecting.done():
                with contextlib.suppress(BaseBumbleError):
                    await self.central.cancel_connection()  # does nothing until the controller has the request
                await asyncio.wait({connecting}, timeout=0.02)
            giving_up.cancel()
        if given_up.is_set() and not connecting.cancelled() and not connecting.exception():
            await self.disconnect(connecting.result())  # it came up after all
        return await connecting

    def _on_flush(self) -> None:
        if not self._leaving:
            self.lost.set()


def _text(address: hci.Address) -> str:
    return address.to_string(with_type_qualifier=False).lower()


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise NoAdapter(Reason.BAD_ADDRESS, address)
    return host, int(port)


async def attach(address: str) -> Radio:
    """Attach to the air at HOST:PORT. Raises NoAdapter when nothing, or something else, is there."""
    host, port = _host_and_port(address)
    try:
        async with asyncio.timeout(ANSWER_S):
            _, line = await asyncio.get_running_loop().create_connection(_Line, host, port)
    except OSError as error:  # TimeoutError is one
        raise NoAdapter(Reason.UNREACHABLE, address) from error
    radio = Radio(line)
    power = radio.spawn(radio.power_on())
    try:
        await asyncio.wait({power}, timeout=ANSWER_S)
    except asyncio.CancelledError:
        await radio.detach()
        raise
    if not power.done() or power.cancelled() or power.exception():
        await radio.detach()
        raise NoAdapter(Reason.SILENT, address)
    return radio
