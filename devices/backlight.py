"""The built-in panel's backlight: which one, who may set it, what it really shows, and how an eye sees a step.

Runs in the supervisor, in a thread of its own. It never asks an external monitor (DDC/CI has frozen computers), never
goes below a floor where some panels switch off, and believes what it reads back rather than what it wrote.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from devices.error import DeviceError

GAMMA = 2.2  # an eye sees steps of light about as this root; desktops use the same curve
STEPS_PER_S = 25
CLASS = Path("/sys/class/backlight")
NEVER = "none"


class BacklightFault(StrEnum):
    """Why there is no backlight to set, or why it was not set."""

    NONE = "none"
    DENIED = "denied"
    GONE = "gone"


class BacklightError(DeviceError):
    """fault, the device ("" if none is known) and the system's words."""

    def __init__(self, fault: BacklightFault, device: str = "", detail: str = "") -> None:
        super().__init__(fault, device, detail)
        self.fault, self.device, self.detail = fault, device, detail


class Backlight(Protocol):
    """One panel. Numbers are the device's own, 0 to `maximum`. device: its name; via: who sets it, in a word.

    is_linear: whether the number is proportional to light, so that the eye's curve has to be applied.
    """

    device: str
    via: str
    maximum: int
    is_linear: bool

    def read(self) -> int:
        """The number that is set, whoever set it. Raises BacklightError."""
        ...

    def shown(self) -> int | None:
        """What the panel says that it shows, None where it does not say. May be on another scale."""
        ...

    def write(self, raw: int) -> None:
        """Set the number. Raises BacklightError."""
        ...

    def close(self) -> None:
        """Let go of what it holds; the level stays."""
        ...


def floor_of(maximum: int) -> int:
    """The lowest number that is ever set: 0 switches some panels off."""
    return max(1, -(-maximum // 100))


def raw_of(percent: float, own: int, backlight: Backlight) -> int:
    """The device's number for a percentage, as the eye sees it, of the person's own level `own`."""
    share = max(min(percent, 100.0), 0.0) / 100
    light = share**GAMMA if backlight.is_linear else share
    return min(max(round(own * light), min(floor_of(backlight.maximum), own)), own)


def percent_of(raw: int, own: int, backlight: Backlight) -> float:
    """The percentage, as the eye sees it, that a number is of the person's own level; may be above 100."""
    light = raw / own if own else 1.0
    return 100 * (light ** (1 / GAMMA) if backlight.is_linear else light)


def ramp(start: int, end: int, seconds: float, backlight: Backlight) -> Iterator[int]:
    """Numbers from `start` (left out) to `end`, one for each 1/25 s: equal steps for the eye, never back."""
    steps = max(round(seconds * STEPS_PER_S), 1)
    power = GAMMA if backlight.is_linear else 1.0
    first, last = start ** (1 / power), end ** (1 / power)
    for step in range(1, steps):
        yield round((first + (last - first) * step / steps) ** power)
    yield end


def find(wanted: str = "", folder: Path = CLASS) -> Backlight:
    """The backlight that can be set here, tried by setting the level it has. Raises BacklightError with the reason.

    wanted: a device's name, "" to choose, "none" for no backlight at all.
    """
    if wanted == NEVER:
        raise BacklightError(BacklightFault.NONE)
    last = BacklightError(BacklightFault.NONE, wanted)
    for open_one in _ways(wanted, folder):
        try:
            return _tried(open_one())
        except BacklightError as error:
            last = error
    raise last


def _tried(backlight: Backlight) -> Backlight:
    try:
        backlight.write(backlight.read())
    except BacklightError:
        backlight.close()
        raise
    return backlight


def _ways(wanted: str, folder: Path) -> Iterator[Callable[[], Backlight]]:
    """In this order: logind (no rights needed), the file where an administrator opened it; Windows' own."""
    if sys.platform == "win32":
        from devices.backlight_wmi import WmiBacklight

        yield WmiBacklight
        return
    from devices.backlight_logind import LogindBacklight
    from devices.backlight_sysfs import SysfsBacklight, panels

    for panel in panels(folder):
        if not wanted or panel.name == wanted:
            yield lambda panel=panel: LogindBacklight(panel)
            yield lambda panel=panel: SysfsBacklight(panel)
