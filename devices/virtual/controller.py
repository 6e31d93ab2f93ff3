"""The simulated radio chip: bumble's software controller with what it leaves out.

Runs in the air's process. It never invents data: it only carries packets, refuses links that nobody waits for, and
cuts links as a lost radio would.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

import contextlib
from typing import Any

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import InvalidArgumentError

LINK_LOST = hci.HCI_CONNECTION_TIMEOUT_ERROR
HUNG_UP = hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR


class AirController(Controller):
    """One radio on the shared link: a peripheral's, or (see `port`) a monitor's."""

    def on_hci_le_create_connection_cancel_command(self, _command: Any) -> Any:
        """Ends the pending connection. bumble's own answers "success" and leaves it pending for ever."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            self.send_hci_packet(_not_connected(pending.peer_address))
        return super().on_hci_le_create_connection_cancel_command(_command)

    def on_le_connect_ind(self, packet: ll.ConnectInd) -> None:
        """Two monitors may answer one advertisement; the second is told that its link was never established."""
        super().on_le_connect_ind(packet)
        mine = packet.advertiser_address == self.random_address
        if mine and packet.initiator_address not in self.le_connections and self.link:
            refusal = ll.TerminateInd(hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR)
            with contextlib.suppress(InvalidArgumentError):
                self.link.send_ll_control_pdu(packet.advertiser_address, packet.initiator_address, refusal)

    def cut(self, reason: int = LINK_LOST) -> None:
        """End every link at once, on both sides; the host is told as a radio tells it."""
        for connection in list(self.le_connections.values()):
            self._cut(connection, reason)

    def _cut(self, connection: Connection, reason: int) -> None:
        with contextlib.suppress(InvalidArgumentError):  # the other side is gone already
            connection.send_ll_control_pdu(ll.TerminateInd(reason))
        self.on_le_disconnected(connection, reason)


def _not_connected(peer: hci.Address) -> hci.HCI_Packet:
    return hci.HCI_LE_Connection_Complete_Event(
        status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=peer.address_type,
        peer_address=peer,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )
