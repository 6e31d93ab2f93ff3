"""Stand-ins for what names a device and, through it, its owner: address, serial number, digits at the end of a name.

Used by the capture. The same original has the same stand-in throughout a file, so that two devices stay two. What
cannot be replaced without breaking a frame's checksum is withheld as a whole: never guess where a number might stand.
"""

from __future__ import annotations

import re

from devices.catalog import DRIVERS
from devices.drivers import DecodeError, Described
from devices.drivers.framing import Framer
from devices.drivers.generic import TEXT_FIELDS
from devices.drivers.payload import short_uuid
from devices.traffic import Passed

SERIAL = next(uuid for uuid, field in TEXT_FIELDS.items() if field == "serial")
SHORTEST_SERIAL = 4
MOST_WAITING = 64
# "O2Ring 0421", "Nonin3230_502123456", "A&D_UA-651BLE_1A2B3C": a run with a digit behind a separator; "BM1000" is none.
_NUMBER_AT_END = re.compile(r"(?<=[ _-])(?=[0-9A-Fa-f]*[0-9])[0-9A-Fa-f]{4,}$")


class StandIns:
    """Of one capture. is_real: nothing is replaced."""

    def __init__(self, is_real: bool = False) -> None:
        self.is_real = is_real
        self._addresses: dict[str, str] = {}
        self._secrets: list[bytes] = []

    def address(self, address: str) -> str:
        """02:00:00:00:00:01 for the first one asked about, and so on: addresses that no maker gives away."""
        if self.is_real:
            return address
        if address not in self._addresses:
            self._addresses[address] = f"02:00:00:00:00:{len(self._addresses) + 1:02x}"
            octets = re.sub(r"[^0-9a-f]", "", address)
            if len(octets) == 12:
                self._secrets += [bytes.fromhex(octets), bytes.fromhex(octets)[::-1], octets.encode()]
                self._secrets.append(octets.upper().encode())
        return self._addresses[address]

    def learn(self, serial: str) -> None:
        """A serial number was read: from here on nothing that contains it is written."""
        if len(serial) >= SHORTEST_SERIAL:
            self._secrets.append(serial.encode())

    def name(self, name: str) -> str:
        """The advertised name, with the number at its end as zeros."""
        return name if self.is_real else _NUMBER_AT_END.sub(lambda found: "0" * len(found[0]), name)

    def gives_away(self, raw: bytes) -> bool:
        """Whether these bytes contain an address or a serial number that is known."""
        return not self.is_real and any(secret in raw for secret in self._secrets)

    def payload(self, characteristic: str, raw: bytes) -> bytes | None:
        """The bytes as they may be written, None for those that are withheld."""
        if self.is_real:
            return raw
        if short_uuid(characteristic) == SERIAL:
            self.learn(raw.decode("utf-8", "ignore").strip("\0 "))
            return (b"SERIAL-" + b"0" * len(raw))[: len(raw)]
        return None if self.gives_away(raw) else raw


class Withholder:
    """Holds the notifications of one device until the frame they belong to is whole: it may say a serial number.

    `take` gives back what may be decided on now: each notification with whether it must be withheld.
    """

    def __init__(self, driver_id: str, stand_ins: StandIns) -> None:
        self._driver = DRIVERS[driver_id]
        self._stand_ins = stand_ins
        self._waiting: list[Passed] = []
        self.connecting()

    def connecting(self) -> list[tuple[Passed, bool]]:
        """A new connection: what is left of the last one's frame."""
        self._framers = {uuid: Framer(framing) for uuid, framing in self._driver.framings.items()}
        self._tells = False
        return self._release()

    def take(self, passed: Passed) -> list[tuple[Passed, bool]]:
        """One notification."""
        framer = self._framers.get(short_uuid(passed.characteristic))
        self._waiting.append(passed)
        for frame in framer.feed(passed.raw) if framer else (passed.raw,):
            self._tells = self._tells or self._is_told(passed.characteristic, frame)
        if framer and framer.held and len(self._waiting) < MOST_WAITING:
            return []
        return self._release()

    def _is_told(self, characteristic: str, frame: bytes) -> bool:
        try:
            said = self._driver.decode(characteristic, frame)
        except DecodeError:
            return False
        if not isinstance(said, Described) or not said.serial:
            return False
        self._stand_ins.learn(said.serial)
        return not self._stand_ins.is_real

    def _release(self) -> list[tuple[Passed, bool]]:
        released = [(passed, self._tells) for passed in self._waiting]
        self._waiting.clear()
        self._tells = False
        return released
