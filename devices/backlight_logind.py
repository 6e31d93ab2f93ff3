"""A Linux panel that logind sets for the session's own user: no root, no udev rule, no group.

Used through `devices.backlight.find`. Reads from sysfs: what it says is what the kernel holds, not what was asked.
"""

from __future__ import annotations

from pathlib import Path

from devices.backlight import BacklightError, BacklightFault
from devices.backlight_sysfs import SysfsBacklight
from devices.logind import Logind, LogindError, LogindFault


class LogindBacklight(SysfsBacklight):
    """A panel that is read from sysfs and set through logind."""

    via = "logind"

    def __init__(self, panel: Path, logind: Logind | None = None) -> None:
        super().__init__(panel)
        self._logind = logind or Logind()

    def write(self, raw: int) -> None:
        """Set the number."""
        try:
            self._logind.set_brightness(self.device, raw)
        except LogindError as error:
            denied = error.fault is LogindFault.DENIED
            fault = BacklightFault.DENIED if denied else BacklightFault.GONE
            raise BacklightError(fault, self.device, f"logind {error.fault} {error.detail}".strip()) from error

    def close(self) -> None:
        """Close the connection."""
        self._logind.close()
