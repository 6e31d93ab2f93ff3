"""A simulated oximeter that streams frames over a serial-like characteristic, with the faults of real ones to order.

Runs in the air's process. It sends what it is told, cut as it is told; it never measures.
"""

# pyright: standard
# bumble is typed in part only.

from __future__ import annotations

from bumble.gatt import Characteristic, CharacteristicValue
from bumble.link import LocalLink

from devices.virtual.peripheral import NO_DATA, Identity, Peripheral
from devices.virtual.sent import SentLog


class Streamer(Peripheral):
    """orders: what was written to it, in order. fragment: bytes in a notification at most, 0 for all in one."""

    def __init__(self, link: LocalLink, log: SentLog, identity: Identity, *, notify: str, write: str) -> None:
        properties = Characteristic.Properties
        self.orders: list[bytes] = []
        self.fragment = 0
        self.stream = Characteristic(notify, properties.NOTIFY, NO_DATA)
        command = Characteristic(
            write,
            properties.WRITE | properties.WRITE_WITHOUT_RESPONSE,
            Characteristic.WRITEABLE,
            CharacteristicValue[bytes](write=lambda _connection, value: self.obey(bytes(value))),
        )
        super().__init__(link, log, identity, [self.stream, command])

    def obey(self, order: bytes) -> None:
        """Something was written."""
        self.orders.append(order)

    async def say(self, *frames: bytes) -> bool:
        """Send frames one behind the other, cut into fragments. False: nobody listens."""
        merged = b"".join(frames)
        step = self.fragment or len(merged)
        return all([await self.send(self.stream, merged[at : at + step]) for at in range(0, len(merged), step)])
