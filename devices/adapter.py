"""The radio behind one word: the computer's own Bluetooth, or a virtual one on a socket, as bleak's parameters.

Runs in the monitor. Everything that differs between the two is here, so that links and scans are the same code for a
real session and a simulated one. Never switches a radio on or off.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from devices.catalog import service_uuids
from devices.error import DeviceError
from devices.pairing import Interview
from devices.reading import Stamp
from devices.tap import TappedClient, tapped
from devices.traffic import Tap

if TYPE_CHECKING:
    from devices.agent import Agent
    from devices.bluez import Bluez

ASK_EVERY_S = 1.0
RADIO_ERRORS = (BleakError, OSError, EOFError, TimeoutError, AssertionError)
"""What bleak and its backends raise when radio, bus or peer fail; AssertionError is how its BlueZ part says "gone"."""


class AdapterFault(StrEnum):
    """Why there is no radio."""

    OFF = "off"
    MISSING = "missing"
    DENIED = "denied"


_FAULTS = {
    BleakBluetoothNotAvailableReason.POWERED_OFF: AdapterFault.OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: AdapterFault.DENIED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: AdapterFault.DENIED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: AdapterFault.DENIED,
}


class AdapterError(DeviceError):
    """The radio cannot be used now. detail: the fact, for support."""

    def __init__(self, fault: AdapterFault, detail: str) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail


def adapter_error(error: BaseException) -> AdapterError:
    """bleak's (or the system's) complaint as ours, decided by its reason and never by its text."""
    if isinstance(error, AdapterError):
        return error
    reason = error.reason if isinstance(error, BleakBluetoothNotAvailableError) else None
    fault = _FAULTS.get(reason, AdapterFault.MISSING) if reason else AdapterFault.MISSING
    return AdapterError(fault, str(error) or type(error).__name__)


class _Virtual(Protocol):
    """What is used of `devices.virtual.radio.Radio`."""

    @property
    def scanner_backend(self) -> type[BaseBleakScanner]: ...

    @property
    def client_backend(self) -> type[BaseBleakClient]: ...

    @property
    def lost(self) -> asyncio.Event: ...

    async def detach(self) -> None: ...

    async def is_bonded(self, address: str) -> bool: ...

    def asking(self, address: str, interview: Interview) -> AbstractAsyncContextManager[None]: ...

    async def forget(self, address: str) -> None: ...


class Adapter:
    """An open radio. Make it with `open`; give it back with `close`."""

    _tapped: tuple[Tap, Callable[[], Stamp]] | None = None

    def __init__(
        self, name: str, virtual: _Virtual | None = None, bluez: Bluez | None = None, agent: Agent | None = None
    ) -> None:
        self.name = name
        self._virtual = virtual
        self._bluez = bluez
        self._agent = agent
        self._options: dict[str, Any] = {"bluez": {"adapter": name}} if bluez else {}

    @classmethod
    async def open(cls, spec: str) -> Adapter:
        """spec: "auto", an adapter's name ("hci0"), or "virtual:HOST:PORT". Raises AdapterError."""
        if spec.startswith("virtual:"):
            return await cls._open_virtual(spec)
        return await cls._open_bluez(spec) if sys.platform == "linux" else cls(spec)

    @classmethod
    async def _open_virtual(cls, spec: str) -> Adapter:
        from devices.virtual.radio import NoAdapter, attach

        try:
            return cls(spec, virtual=await attach(spec.removeprefix("virtual:")))
        except NoAdapter as error:
            raise AdapterError(AdapterFault.MISSING, str(error)) from error

    @classmethod
    async def _open_bluez(cls, spec: str) -> Adapter:
        from devices.agent import Agent
        from devices.bluez import Bluez

        bluez = Bluez()
        power = await bluez.power(None if spec == "auto" else spec)
        if power.state != "on":
            bluez.close()
            raise AdapterError(AdapterFault(power.state), power.detail)
        return cls(power.name, bluez=bluez, agent=Agent(bluez))

    def tap(self, tap: Tap, now: Callable[[], Stamp]) -> None:
        """From now on tell `tap` all that passes; now: the clock of its stamps."""
        self._tapped = tap, now

    def scanner(self, seen: AdvertisementDataCallback) -> BleakScanner:
        """A scanner on this radio; not started. bleak allows one at a time."""
        if self._tapped:
            seen = tapped(seen, *self._tapped)
        backend = self._virtual.scanner_backend if self._virtual else None
        return BleakScanner(seen, backend=backend, **self._options)

    def client(self, device: BLEDevice, gone: Any, timeout_s: float) -> BleakClient:
        """A new client for one connection attempt; never used a second time. gone: called with it on link loss."""
        backend = self._virtual.client_backend if self._virtual else None
        if self._tapped:
            return TappedClient(device, *self._tapped, gone, timeout=timeout_s, backend=backend, **self._options)
        return BleakClient(device, disconnected_callback=gone, timeout=timeout_s, backend=backend, **self._options)

    async def connected(self) -> list[BLEDevice]:
        """Supported devices that the system holds connected already, e.g. for a predecessor that was killed.

        Such a device does not advertise, so no scan will find it. Only BlueZ keeps links of dead processes.
        """
        if self._bluez is None:
            return []
        adapter = await BleakAdapter.get(**self._options)
        return await adapter.get_connected_devices(service_uuids())

    async def is_bonded(self, address: str) -> bool:
        """Whether this computer keeps a bond with the device. Elsewhere than here the system does not say: False."""
        if self._virtual is not None:
            return await self._virtual.is_bonded(address)
        return await self._bluez.is_bonded(self._path(address)) if self._bluez else False

    async def reach(self, address: str) -> None:
        """Connect a device that has a bond; raises BleakError when its link came up and broke.

        bleak takes such a break for interference and connects again, without a word, until its time is over.
        """
        if self._bluez is not None and (complaint := await self._bluez.connect(self._path(address))):
            raise BleakError(complaint)

    def asking(self, address: str, interview: Interview) -> AbstractAsyncContextManager[None]:
        """While this lasts, questions about pairing the device go to `interview`, whoever began the pairing."""
        if self._virtual is not None:
            return self._virtual.asking(address, interview)
        if self._agent is not None:
            return self._agent.asking(self._path(address), interview)
        return contextlib.nullcontext()

    async def forget(self, address: str) -> None:
        """Remove this computer's side of the bond. Raises OSError, EOFError."""
        if self._virtual is not None:
            await self._virtual.forget(address)
        elif self._bluez is not None:
            await self._bluez.forget(self._path(address))

    def _path(self, address: str) -> str:
        return f"/org/bluez/{self.name}/dev_{address.upper().replace(':', '_')}"

    async def watch(self) -> None:
        """Waits until the radio is gone or off, then raises AdapterError."""
        if self._virtual is not None:
            await self._virtual.lost.wait()
            raise AdapterError(AdapterFault.MISSING, "the virtual radio is gone")
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            power = await self._bluez.power(self.name) if self._bluez else None
            if power is not None and power.state != "on":
                raise AdapterError(AdapterFault(power.state), power.detail)

    async def close(self) -> None:
        """Give the radio back; connections should be ended before."""
        if self._virtual is not None:
            await self._virtual.detach()
        if self._bluez is not None:
            self._bluez.close()

    async def __aenter__(self) -> Adapter:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
