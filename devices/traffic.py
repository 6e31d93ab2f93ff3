"""What passes between this computer and its devices, as it passes: for a capture by which others can help.

Frozen types only. They say what was on the wire and nothing about its meaning; who writes them down decides what of
it may leave the computer. Every stamp is of the moment at which the link's own code saw the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from devices.reading import Stamp


class Kept(msgspec.Struct, frozen=True):
    """A device is taken care of from now on; only of such ones anything may be written down. driver: its family."""

    device: str
    stamp: Stamp
    driver: str


class Advertised(msgspec.Struct, frozen=True):
    """An advertisement of any device in range. makers: manufacturer data by company; data: service data by UUID."""

    device: str
    stamp: Stamp
    name: str
    rssi: int
    services: tuple[str, ...]
    makers: dict[int, bytes]
    data: dict[str, bytes]


class Characteristic(NamedTuple):
    """One characteristic of a device: 128-bit UUIDs of it and of its service, and what it can do ("notify", ...)."""

    service: str
    uuid: str
    properties: tuple[str, ...]


class Connecting(msgspec.Struct, frozen=True):
    """A connection is tried: half a frame of the last one is forgotten from here on."""

    device: str
    stamp: Stamp
    name: str


class Connected(msgspec.Struct, frozen=True):
    """A connection stands; what the device has."""

    device: str
    stamp: Stamp
    characteristics: tuple[Characteristic, ...]


class Passed(msgspec.Struct, frozen=True):
    """Bytes of one characteristic. how: "notified" (indicated too), "read" or "written" (by us)."""

    device: str
    stamp: Stamp
    how: str
    characteristic: str
    raw: bytes


class Disconnected(msgspec.Struct, frozen=True):
    """The link is gone, whoever ended it."""

    device: str
    stamp: Stamp


Traffic = Kept | Advertised | Connecting | Connected | Passed | Disconnected
Tap = Callable[[Traffic], None]
