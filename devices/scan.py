"""Listening for advertisements: one scanner for all links, and the list that a person chooses devices from.

Runs in the monitor (and in `kiosk devices scan`). Never connects; a device nobody chose is only ever looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError

from devices.adapter import RADIO_ERRORS, Adapter, AdapterError, AdapterFault, adapter_error
from devices.catalog import Driver, candidates, match, refusal
from devices.drivers.payload import short_uuid

replace = msgspec.structs.replace
LOOK_AGAIN_S = 2.0
DEAF_AFTER_S = 30.0
"""Without one advertisement of anybody for so long, a scan is started anew: some stacks stop without saying so."""
STARTS_BEFORE_COMPLAINT = 5


class Seen(msgspec.Struct, frozen=True):
    """A device in range. address in lower case; rssi in dBm; driver_id None when no driver supports it.

    candidates: drivers that it may need, to be asked (`devices.probe`). refused: why it cannot be used, "" otherwise.
    bonded: this computer keeps a bond with it.
    """

    address: str
    name: str
    rssi: int
    driver_id: str | None
    services: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    refused: str = ""
    bonded: bool = False


class Sighting(NamedTuple):
    """A device that can be connected now."""

    device: BLEDevice
    driver: Driver


class Alike(NamedTuple):
    """A device that shows itself now, and the families that its advertisement may belong to."""

    device: BLEDevice
    name: str
    drivers: tuple[Driver, ...]

    @property
    def address(self) -> str:
        """In lower case."""
        return self.device.address.lower()


class Scanner:
    """Shared by all links of one adapter: bleak allows one scan at a time. It runs only while somebody looks."""

    def __init__(self, adapter: Adapter, stranger: Callable[[Sighting], None] | None = None) -> None:
        """stranger: called for each supported device in range, each time (for `--any`); None looks for none."""
        self._adapter = adapter
        self._stranger = stranger
        self._looked_for: dict[str, asyncio.Future[BLEDevice]] = {}
        self._alike: dict[asyncio.Future[Alike], Callable[[Alike], bool]] = {}
        self._change = asyncio.Event()
        self._heard_s = 0.0
        self._failures = 0

    async def find(self, address: str) -> BLEDevice:
        """The device of this address (lower case) as soon as it shows itself; waits as long as it takes."""
        found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()
        self._looked_for[address] = found
        self._change.set()
        try:
            return await found
        finally:
            self._looked_for.pop(address, None)

    async def find_alike(self, is_alike: Callable[[Alike], bool]) -> Alike:
        """The first device that shows itself and is wanted; it does not keep the scan going by itself."""
        found: asyncio.Future[Alike] = asyncio.get_running_loop().create_future()
        self._alike[found] = is_alike
        try:
            return await found
        finally:
            del self._alike[found]

    async def run(self) -> None:
        """Scan whenever somebody looks; ends only by AdapterError or cancellation."""
        while True:
            while not self._wanted():
                self._change.clear()
                await self._change.wait()
            await self._take_connected()
            if self._wanted():
                await self._scan()

    def _wanted(self) -> bool:
        return bool(self._looked_for) or self._stranger is not None

    async def _scan(self) -> None:
        scanner = self._adapter.scanner(self._on_advertisement)
        try:
            await scanner.start()
        except BleakBluetoothNotAvailableError as error:
            raise adapter_error(error) from error
        except RADIO_ERRORS as error:
            await self._complain(error)
            return
        self._failures = 0
        try:
            await self._listen()
        finally:
            with contextlib.suppress(*RADIO_ERRORS):
                await scanner.stop()

    async def _complain(self, error: BaseException) -> None:
        """A scan that does not start is tried again; after some tries somebody has to know."""
        self._failures += 1
        if self._failures >= STARTS_BEFORE_COMPLAINT:
            raise AdapterError(AdapterFault.MISSING, f"scan does not start: {error}") from error
        await asyncio.sleep(1)

    async def _listen(self) -> None:
        """While somebody looks, and a little longer; gives up a scan that hears nobody at all."""
        now = asyncio.get_running_loop().time
        self._heard_s = now()
        while now() - self._heard_s < DEAF_AFTER_S:
            await asyncio.sleep(LOOK_AGAIN_S)
            if not self._wanted():
                return
            await self._take_connected()

    def _on_advertisement(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        self._heard_s = asyncio.get_running_loop().time()
        self._sight(device, advertisement.service_uuids, advertisement.manufacturer_data)

    def _sight(self, device: BLEDevice, services: list[str], makers: Mapping[int, bytes]) -> None:
        found = self._looked_for.get(device.address.lower())
        if found is not None and not found.done():
            found.set_result(device)
        if self._stranger is not None and (driver := match(device.name, services, makers)):
            self._stranger(Sighting(device, driver))
        if self._alike:
            shown = Alike(device, device.name or "", candidates(device.name, services, makers))
            for waiting, is_alike in self._alike.items():
                if not waiting.done() and is_alike(shown):
                    waiting.set_result(shown)

    async def _take_connected(self) -> None:
        """A device that the system still holds connected, for a process that was killed, shows itself nowhere else."""
        with contextlib.suppress(*RADIO_ERRORS):
            for device in await self._adapter.connected():
                self._sight(device, list(device.details["props"].get("UUIDs", [])), {})


async def find(adapter: Adapter, address: str, within_s: float) -> BLEDevice:
    """The device of this address as soon as it shows itself. Raises AdapterError, and TimeoutError after `within_s`."""
    scanner = Scanner(adapter)
    finding, scanning = asyncio.ensure_future(scanner.find(address.lower())), asyncio.ensure_future(scanner.run())
    try:
        await asyncio.wait({finding, scanning}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if finding.done():
            return finding.result()
        if scanning.done():
            scanning.result()
        raise TimeoutError(f"{address} did not show itself within {within_s:g} s")
    finally:
        finding.cancel()
        scanning.cancel()
        await asyncio.wait({finding, scanning})


async def scan(spec: str, seconds: float) -> list[Seen]:
    """Everything in range within so many seconds, strongest first. spec as in `Adapter.open`. Raises AdapterError."""
    heard: dict[str, Seen] = {}

    def note(device: BLEDevice, advertisement: AdvertisementData) -> None:
        seen = _seen(device, advertisement)
        heard[seen.address] = _merged(heard.get(seen.address), seen)

    async with await Adapter.open(spec) as adapter:
        try:
            async with adapter.scanner(note):
                await asyncio.sleep(seconds)
            bonded = [await adapter.is_bonded(address) for address in heard]
        except RADIO_ERRORS as error:
            raise adapter_error(error) from error
    found = [replace(seen, bonded=known) for seen, known in zip(heard.values(), bonded, strict=True)]
    return sorted(found, key=lambda seen: (seen.driver_id is None, -seen.rssi))


def _seen(device: BLEDevice, advertisement: AdvertisementData) -> Seen:
    name = advertisement.local_name or device.name or ""
    shown = (name, advertisement.service_uuids, advertisement.manufacturer_data)
    driver, refused = match(*shown), refusal(*shown)
    others = () if driver else tuple(one.id for one in candidates(*shown))
    services = tuple(sorted(short_uuid(uuid) for uuid in advertisement.service_uuids))
    printable = "".join(letter for letter in name if letter.isprintable())
    return Seen(
        device.address.lower(),
        printable,
        advertisement.rssi,
        driver.id if driver else None,
        services,
        others,
        f"{refused.why} {refused.instead}" if refused else "",
    )


def _merged(before: Seen | None, seen: Seen) -> Seen:
    """The newest, with what an earlier advertisement of the same device said and this one does not."""
    if before is None:
        return seen
    return Seen(
        seen.address,
        seen.name or before.name,
        seen.rssi,
        seen.driver_id or before.driver_id,
        tuple(sorted({*seen.services, *before.services})),
        () if seen.driver_id or before.driver_id else seen.candidates or before.candidates,
        seen.refused or before.refused,
    )
