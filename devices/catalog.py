"""Which driver speaks to which device: one declaration a family, and the choice from an advertisement.

Used by the monitor and by `kiosk devices`; pure. A driver is data plus a decoder; it may write nothing but what its
`allowed_writes` lists, because harmful opcodes lie one byte beside useful ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

from devices.drivers import Decoded, bls, plx
from devices.drivers.payload import long_uuid, short_uuid

Kind = Literal["oximeter", "cuff"]


class Driver(msgspec.Struct, frozen=True):
    """One family of devices.

    id: short word for settings and commands. services: 4-digit or 128-bit UUIDs that an advertisement shows.
    streams: measurement characteristics in the order of subscribing. live: those of them that must keep coming, so
    that silence means a broken link; empty for a device that dumps its memory and hangs up. reads: read once after a
    connect. allowed_writes: exact bytes per characteristic, everything else is refused. main: the characteristic
    meant when none is named.
    """

    id: str
    kind: Kind
    title: str
    services: tuple[str, ...]
    streams: tuple[str, ...]
    live: tuple[str, ...]
    reads: tuple[str, ...]
    main: str
    decode: Callable[[str, bytes], Decoded]
    allowed_writes: Mapping[str, tuple[bytes, ...]] = {}
    needs_bond: bool = False

    def may_write(self, characteristic_uuid: str, data: bytes) -> bool:
        """Whether exactly these bytes may be written to this characteristic."""
        return data in self.allowed_writes.get(short_uuid(characteristic_uuid), ())


PLX = Driver(
    id="plx",
    kind="oximeter",
    title="Standard pulse oximeter (Bluetooth service 0x1822)",
    services=("1822",),
    streams=(plx.CONTINUOUS, plx.SPOT_CHECK),
    live=(plx.CONTINUOUS,),
    reads=(plx.FEATURES,),
    main=plx.CONTINUOUS,
    decode=plx.decode,
    # count the stored records; deleting (opcode 2) is not there and must never be
    allowed_writes={plx.RECORD_ACCESS: (b"\x04\x01",)},
)
BLS = Driver(
    id="bls",
    kind="cuff",
    title="Standard blood pressure cuff (Bluetooth service 0x1810)",
    services=("1810",),
    # a cuff starts its dump when 2A35 is subscribed, so that comes last
    streams=(bls.CUFF_PRESSURE, bls.ENHANCED_CUFF_PRESSURE, bls.ENHANCED_MEASUREMENT, bls.MEASUREMENT),
    live=(),
    reads=(bls.FEATURE,),
    main=bls.MEASUREMENT,
    decode=bls.decode,
)
DRIVERS: Mapping[str, Driver] = {driver.id: driver for driver in (PLX, BLS)}


def match(name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]) -> Driver | None:
    """The driver for an advertisement, None when no supported family shows itself. The order of DRIVERS decides."""
    shown = {short_uuid(uuid) for uuid in service_uuids}
    return next((driver for driver in DRIVERS.values() if shown.intersection(driver.services)), None)


def service_uuids() -> list[str]:
    """128-bit UUIDs of all supported services."""
    return [long_uuid(service) for driver in DRIVERS.values() for service in driver.services]
