"""The computer's own battery, as the system tells it. Read by the monitor now and then; never waits, never guesses."""

from __future__ import annotations

from typing import NamedTuple

import psutil


class Battery(NamedTuple):
    """percent: of its charge. is_discharging: the computer runs on it; False also where the system does not say."""

    percent: int
    is_discharging: bool


def battery() -> Battery | None:
    """The battery now; None without one, and where the system tells nothing (no power class in its kernel)."""
    try:
        found = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except OSError:  # the folder is not there, or the battery was taken out while it was read
        return None
    return None if found is None else Battery(round(found.percent), found.power_plugged is False)
