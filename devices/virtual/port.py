"""One monitor's adapter: HCI over a socket, and the place where it is known which values reached the monitor.

Runs in the air's process, one instance an attached monitor. Must never delay or change a packet.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import struct
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import msgspec
from bumble import hci
from bumble.controller import Connection
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from bumble.transport.common import StreamPacketSink, StreamPacketSource

from devices.virtual.controller import AirController
from devices.virtual.sent import SentLog, SentValue

COMMAND_PACKET = 0x01
PACKETS_TAKEN = struct.pack("<BH", COMMAND_PACKET, hci.HCI_HOST_NUMBER_OF_COMPLETED_PACKETS_COMMAND)
ATT_CHANNEL = 4
CONFIRMATION = bytes.fromhex("010004001E")
KINDS = {0x1B: "notification", 0x1D: "indication"}

NameOf = Callable[[str, int], str]
"""(device address, attribute handle) to the characteristic's 128-bit UUID."""


class _Passage(msgspec.Struct):
    """One packet to the host: a value, or (value None) anything else that the host counts."""

    value: SentValue | None
    confirmed: bool


class Port(AirController):
    """The adapter of one monitor."""

    def __init__(self, number: int, sink: StreamPacketSink, link: LocalLink, log: SentLog, name_of: NameOf) -> None:
        self.source = StreamPacketSource()
        super().__init__(f"port {number}", host_source=self.source, host_sink=sink, link=link)
        self.number = number
        self._log, self._name_of = log, name_of
        self._host_confirms = False
        self._passages: defaultdict[int, deque[_Passage]] = defaultdict(deque)

    def on_link_acl_data(self, sender_address: hci.Address, transport: PhysicalTransport, data: bytes) -> None:
        """A packet from a peripheral goes to the monitor."""
        super().on_link_acl_data(sender_address, transport, data)
        if connection := self.le_connections.get(sender_address):
            self._handed_over(connection, data)

    def _handed_over(self, connection: Connection, data: bytes) -> None:
        value = self._value(connection, data)
        passage = _Passage(value, confirmed=value is None or value.kind == "notification")
        if value:
            self._log.began()
        if self._host_confirms or not passage.confirmed:
            self._passages[connection.handle].append(passage)
        else:
            self._end(passage, delivered=True)

    def _value(self, connection: Connection, data: bytes) -> SentValue | None:
        channel, opcode = struct.unpack_from("<H", data, 2)[0], data[4]
        if channel != ATT_CHANNEL or opcode not in KINDS:
            return None
        device = connection.peer_address.to_string(with_type_qualifier=False).lower()
        uuid = self._name_of(device, struct.unpack_from("<H", data, 5)[0])
        return SentValue(time.time_ns(), device, uuid, data[7:].hex(), KINDS[opcode])

    def _end(self, passage: _Passage, delivered: bool) -> None:
        if passage.value:
            self._log.ended(passage.value, delivered)

    def on_packet(self, packet: bytes) -> None:
        """A packet from the monitor. bumble does not know the command by which a host confirms; it ends here."""
        if not packet.startswith(PACKETS_TAKEN):
            super().on_packet(packet)
            return
        for handle, count in struct.iter_unpack("<HH", packet[5:]):
            for _ in range(min(count, len(self._passages[handle]))):
                passage = self._passages[handle].popleft()
                self._end(passage, delivered=passage.confirmed)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        if packet.data == CONFIRMATION:
            self._confirmed(self._passages[packet.connection_handle])
        super().on_hci_acl_data_packet(packet)

    def _confirmed(self, passages: deque[_Passage]) -> None:
        """The oldest open indication was confirmed. A host that counts packets does that before it counts this one."""
        for passage in passages:
            if not passage.confirmed:
                passage.confirmed = True
                if not self._host_confirms:
                    self._end(passages.popleft(), delivered=True)
                return

    def on_hci_set_controller_to_host_flow_control_command(self, _command: Any) -> Any:
        self._host_confirms = bool(_command.flow_control_enable)
        return super().on_hci_set_controller_to_host_flow_control_command(_command)

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """A host that counts packets has yet to say what it took before it hears of the end; another says no more."""
        super().on_le_disconnected(connection, reason)
        if not self._host_confirms:
            self._lose(connection.handle)

    def gone(self) -> None:
        """The monitor has left, by its will or not: its links end, and what it did not confirm is not delivered."""
        self.pending_le_connection = None
        self.host = None
        self.cut()
        if self.link:
            self.link.controllers.discard(self)
        for handle in list(self._passages):
            self._lose(handle)

    def _lose(self, handle: int) -> None:
        for passage in self._passages.pop(handle, ()):
            self._end(passage, delivered=False)
