"""What a family of devices declares of itself: how it is recognised, what may be written to it, who decodes.

Pure data; read by the catalog and the link. A driver writes nothing but what `allowed_writes` lists, because harmful
opcodes lie one byte beside useful ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from devices.drivers.framing import Framing
from devices.drivers.payload import short_uuid
from devices.drivers.said import Decoded
from devices.drivers.script import Script

Kind = Literal["oximeter", "cuff", "strap"]
Evidence = Literal["public capture", "built from description only"]

SURE = 50
"""From this score on an advertisement alone decides; below it the device is asked first."""


def nothing_beside(_characteristic: str, _frame: bytes) -> tuple[Decoded, ...]:
    """For families whose frames carry one thing."""
    return ()


class Match(msgspec.Struct, frozen=True):
    """One way of showing oneself; all parts that are given must fit.

    service: 4-digit or 128-bit UUID. name: regular expression for the beginning of the name. company: identifier of
    the manufacturer data. score: of several families that fit, the highest is it; equal ones are asked.
    """

    score: int
    service: str = ""
    name: str = ""
    company: int | None = None

    def fits(self, name: str, services: frozenset[str], companies: frozenset[int]) -> bool:
        """services in their short form."""
        if self.company is not None and self.company not in companies:
            return False
        if self.service and self.service not in services:
            return False
        return not self.name or re.match(self.name, name) is not None


class Driver(msgspec.Struct, frozen=True):
    """One family of devices.

    id: short word for settings and commands. services: 4-digit or 128-bit UUIDs of which one alone, advertised, is
    enough; matches: further ways. streams: measurement characteristics in the order of subscribing. live: those of
    them that must keep coming, so that silence means a broken link; empty for a device that dumps its memory and
    hangs up. beside_streams: further ones, subscribed first, that bring no measurement. reads: read once after a
    connect. main: the characteristic meant when none is named.

    decode: one payload or whole frame. beside: further things in the same frame (waveform, battery). framings: per
    characteristic, where a payload is not a frame. report_every_s: at most so often where nothing changed (0: all).

    allowed_writes: exact bytes or patterns per characteristic, everything else is refused. prepare: before
    subscribing; script: while listening; question: a harmless request that only this family answers;
    tells_serial: the answer has the serial number, for devices without device information.
    frames_to_believe: whole frames that prove an unknown device to be one.
    """

    id: str
    kind: Kind
    title: str
    streams: tuple[str, ...]
    live: tuple[str, ...]
    main: str
    decode: Callable[[str, bytes], Decoded]
    services: tuple[str, ...] = ()
    beside_streams: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    beside: Callable[[str, bytes], tuple[Decoded, ...]] = nothing_beside
    framings: Mapping[str, Framing] = {}
    report_every_s: float = 0.0
    allowed_writes: Mapping[str, tuple[bytes | re.Pattern[bytes], ...]] = {}
    prepare: Script | None = None
    script: Script | None = None
    question: tuple[str, bytes] | None = None
    tells_serial: bool = False
    frames_to_believe: int = 1
    needs_bond: bool = False
    tested_by: Evidence = "built from description only"
    note: str = ""

    def may_write(self, characteristic_uuid: str, data: bytes) -> bool:
        """Whether exactly these bytes may be written to this characteristic."""
        allowed = self.allowed_writes.get(short_uuid(characteristic_uuid), ())
        return any(data == one if isinstance(one, bytes) else one.fullmatch(data) is not None for one in allowed)

    def score(self, name: str, services: frozenset[str], companies: frozenset[int]) -> int:
        """How well an advertisement fits, 0 if not at all; services in their short form."""
        alone = [SURE for service in self.services if service in services]
        return max([*alone, *(one.score for one in self.matches if one.fits(name, services, companies))], default=0)
