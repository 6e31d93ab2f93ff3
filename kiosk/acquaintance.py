"""What is remembered of the chosen devices, so that the next run knows them again: serial number, bond, address.

Owned by the monitor; writes to the data folder's state. A demonstration's devices are chosen anew each time and leave
nothing here. It decides nothing: what a person confirmed and what a device said comes in.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from devices.reading import BondForgotten, DeviceGlimpsed, DeviceRecognised, Oximetry, Paired, Report, Stamp
from kiosk import settings
from kiosk.settings import ChosenDevice
from kiosk.text import number

GLIMPSE_S = 5.0
"""A doubted oximeter's numbers are compared with its display as they come; older ones would not be the same."""


class Acquaintance:
    """keys: device -> its address when the run began, by which it is reported. say: a sentence where saving fails."""

    def __init__(self, folder: Path | None, say: Callable[[str], object]) -> None:
        """folder None: nothing is kept."""
        self._folder, self._say = folder, say
        self._addresses: dict[str, str] = {}
        self._glimpses: dict[str, tuple[str, Stamp]] = {}

    def hear(self, report: Report) -> None:
        """What a device said of itself."""
        match report:
            case DeviceRecognised(device=device, serial=serial, address=address, is_bonded=is_bonded):
                self._addresses[device] = address
                self._glimpses.pop(device, None)
                self._keep(device, bonded=is_bonded, **({"serial": serial} if serial else {}))
            case Paired(device=device):
                self._keep(device, bonded=True)
            case BondForgotten(device=device):
                self._keep(device, bonded=False)
            case DeviceGlimpsed(device=device, measurement=measurement, stamp=stamp):
                self._glimpses[device] = _words(measurement), stamp
            case _:
                pass

    def confirmed(self, device: str, address: str, serial: str) -> None:
        """A person has looked: the chosen one is at this address from now on, and says this number."""
        self._keep(device, address=address, serial=serial, bonded=False)
        self._addresses[device] = address

    def glimpse(self, device: str, now: Stamp) -> str:
        """What a doubted oximeter shows now, in words; "" where nothing comes."""
        words, stamp = self._glimpses.get(device, ("", now))
        return words if (now.boot_ns - stamp.boot_ns) / 1e9 <= GLIMPSE_S else ""

    def _keep(self, device: str, **changes: str | bool) -> None:
        if self._folder is None:
            return
        key = self._addresses.get(device, device)
        try:
            state = settings.load_state(self._folder)
            kept = tuple(_changed(one, changes) if one.address == key else one for one in state.devices)
            if kept != state.devices:
                settings.save_state(self._folder, msgspec.structs.replace(state, devices=kept))
        except settings.SettingsError as error:
            self._say(f"What is known of a device could not be kept: {error}")


def _changed(one: ChosenDevice, changes: dict[str, str | bool]) -> ChosenDevice:
    return msgspec.structs.replace(one, **changes)


def _words(measurement: Oximetry) -> str:
    spo2, pulse = number(measurement.spo2.number), number(measurement.pulse.number)
    return ", ".join([f"{spo2} %"] * bool(spo2) + [pulse] * bool(pulse))
