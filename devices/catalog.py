"""Which driver speaks to which device: all declarations, and the choice from an advertisement.

Used by the monitor and by `kiosk devices`; pure. An advertisement that could be several families' is nobody's until
the device was asked (`devices.probe`); one of a device that cannot be used says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from devices.drivers import aa55, bci, bp2, cuffs, eb, jumper, masimo, nonin, oxyii, plx, strap, viatom
from devices.drivers.declaration import SURE, Driver, Kind, Match
from devices.drivers.payload import long_uuid, short_uuid
from devices.drivers.refused import REFUSED, Refused

__all__ = ["BLS", "DRIVERS", "PLX", "Driver", "Kind", "Match", "Refused", "candidates", "match", "refusal"]

PLX = Driver(
    id="plx",
    kind="oximeter",
    title="Standard pulse oximeter (Bluetooth service 0x1822)",
    # above the makers' own services: where a device has both, the standard is read
    matches=(Match(100, service="1822"),),
    services=("1822",),
    streams=(plx.CONTINUOUS, plx.SPOT_CHECK),
    live=(plx.CONTINUOUS,),
    reads=(plx.FEATURES,),
    main=plx.CONTINUOUS,
    decode=plx.decode,
    # count the stored records; deleting (opcode 2) is not there and must never be
    allowed_writes={plx.RECORD_ACCESS: (b"\x04\x01",)},
    tested_by="public capture",
)
BLS = cuffs.BLS
_ALL = (
    PLX,
    *cuffs.DRIVERS,
    *(family.DRIVER for family in (aa55, eb, bci, viatom, oxyii, bp2, nonin, masimo, jumper, strap)),
)
DRIVERS: Mapping[str, Driver] = {driver.id: driver for driver in _ALL}


def match(name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]) -> Driver | None:
    """The driver of an advertisement that is exactly one family's; None for a stranger's and for an ambiguous one."""
    best = _best(name, service_uuids, manufacturer_data)
    return best[0][1] if len(best) == 1 and best[0][0] >= SURE else None


def candidates(
    name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]
) -> tuple[Driver, ...]:
    """The families that an advertisement may belong to; more than one, or an unsure one, must be asked first."""
    return tuple(driver for _, driver in _best(name, service_uuids, manufacturer_data))


def refusal(name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]) -> Refused | None:
    """Why this device cannot be used, None for one that may be or that nobody knows."""
    shown = (name or "", _short(service_uuids), frozenset(manufacturer_data))
    if any(driver.score(*shown) > SURE for driver in (PLX,)):
        return None  # whatever its maker: it speaks the standard
    return next((refused for refused in REFUSED if refused.fits(*shown)), None)


def _best(
    name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]
) -> list[tuple[int, Driver]]:
    services = _short(service_uuids)
    if refusal(name, services, manufacturer_data):
        return []
    scored = [(driver.score(name or "", services, frozenset(manufacturer_data)), driver) for driver in DRIVERS.values()]
    highest = max(score for score, _ in scored)
    return [one for one in scored if one[0] == highest and highest > 0]


def _short(service_uuids: Iterable[str]) -> frozenset[str]:
    return frozenset(short_uuid(uuid) for uuid in service_uuids)


def service_uuids() -> list[str]:
    """128-bit UUIDs of all services that a supported device may show, each once."""
    shown = [service for driver in DRIVERS.values() for service in driver.services]
    shown += [one.service for driver in DRIVERS.values() for one in driver.matches if one.service]
    return [long_uuid(service) for service in dict.fromkeys(shown)]
