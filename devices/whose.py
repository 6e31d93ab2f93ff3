"""Whose device is it: the chosen one, known by its bond, else by its serial number, else by its address.

Runs in the monitor, one instance a chosen device and run; no I/O. A name proves nothing: two of the same make bear the
same one. Whatever changed is a doubt, and while it stands nothing of the device is anybody's; a person ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from devices.drivers.declaration import Driver
from devices.interpreter import Reporter
from devices.reading import (
    DeviceDoubted,
    DeviceGlimpsed,
    DeviceRecognised,
    LinkChanged,
    Oximetry,
    Reading,
    Report,
    Stamp,
)


class KnownBy(StrEnum):
    """What proves that it is the chosen one."""

    BOND = "bond"
    SERIAL = "serial"
    ADDRESS = "address"


class Identity(msgspec.Struct, frozen=True):
    """What is known of a chosen device. name: as advertised; serial: "" while nobody has read it; bonded: by this
    computer when it was chosen."""

    address: str
    name: str = ""
    serial: str = ""
    bonded: bool = False


class Whose:
    """device: the key under which it is reported, the address at the beginning of the run, whatever becomes of it.

    doubt: what a person has to look at, None while it is the chosen one.
    """

    def __init__(self, chosen: Identity, driver: Driver, now: Callable[[], Stamp], report: Reporter) -> None:
        self.device = chosen.address
        self.doubt: DeviceDoubted | None = None
        self._chosen, self._driver = chosen, driver
        self._now, self._report = now, report
        self._strangers: set[str] = set()
        self._declined: set[tuple[str, str]] = set()

    @property
    def address(self) -> str:
        """Where it is looked for."""
        return self._chosen.address

    @property
    def may_be_seen(self) -> bool:
        """Whether a doubted device's numbers may be shown for comparison: it streams, and nobody has said no."""
        doubt = self.doubt
        return bool(self._driver.live) and doubt is not None and (doubt.address, doubt.serial) not in self._declined

    def is_alike(self, address: str, name: str) -> bool:
        """Whether a device at another address may be this one with a new address: worth the question for its serial."""
        chosen = self._chosen
        can_tell = bool(chosen.name and chosen.serial) and not chosen.bonded
        return can_tell and name == chosen.name and address != chosen.address and address not in self._strangers

    def is_proven(self, is_bonded: bool) -> bool:
        """Whether the bond alone is proof enough, so that no serial number need be read."""
        return self._chosen.bonded and is_bonded

    def recognise(self, serial: str | None, is_bonded: bool) -> None:
        """It is connected. serial: what it says, "" if it says none, None if it could not be asked."""
        chosen = self._chosen
        if self.is_proven(is_bonded):
            self._known(KnownBy.BOND, serial or "", is_bonded)
        elif serial is None or not chosen.serial:
            self._chosen = msgspec.structs.replace(chosen, serial=serial or chosen.serial)
            self._known(KnownBy.ADDRESS, serial or "", is_bonded)
        elif serial == chosen.serial:
            self._known(KnownBy.SERIAL, serial, is_bonded)
        else:
            self._doubted(chosen.address, serial)

    def looked_at(self, address: str, serial: str | None) -> None:
        """One that is alike said this serial number; the chosen one's at another address is a doubt, too."""
        self._strangers.add(address)
        if serial and serial == self._chosen.serial:
            self._doubted(address, serial)

    def accept(self) -> bool:
        """A person has looked: it is the chosen one, from now on as it is. False if nothing was in doubt."""
        doubt, self.doubt = self.doubt, None
        if doubt is None:
            return False
        self._chosen = msgspec.structs.replace(self._chosen, address=doubt.address, serial=doubt.serial, bonded=False)
        return True

    def decline(self) -> None:
        """A person has looked: it is not. It stays nobody's; one that only was alike is forgotten."""
        if self.doubt is not None:
            self._declined.add((self.doubt.address, self.doubt.serial))
            if self.doubt.address != self.address:
                self.doubt = None

    def pass_on(self, report: Report) -> None:
        """Any report but those of this module: of a doubted device only its link, and its numbers as a glimpse."""
        if self.doubt is None or isinstance(report, LinkChanged):
            self._report(report)
        elif isinstance(report, Reading) and isinstance(report.measurement, Oximetry):
            self._report(DeviceGlimpsed(self.device, report.stamp, report.measurement))

    def _known(self, by: KnownBy, serial: str, is_bonded: bool) -> None:
        self.doubt = None
        self._report(DeviceRecognised(self.device, self._now(), by, self.address, serial, is_bonded))

    def _doubted(self, address: str, serial: str) -> None:
        if self.doubt is not None and (self.doubt.address, self.doubt.serial) == (address, serial):
            return
        self.doubt = DeviceDoubted(self.device, self._now(), address, serial, self._chosen.serial)
        if (address, serial) not in self._declined:
            self._report(self.doubt)
