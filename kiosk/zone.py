"""Which time zone this computer is in, by the name of the public table ("Europe/Berlin").

Why: an offset tells the time of today; a calendar needs the rule by which it changes. Only reads.
"""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME, TIMEZONE = Path("/etc/localtime"), Path("/etc/timezone")


def is_zone(name: str) -> bool:
    """Whether the table has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_name(localtime: Path = LOCALTIME, timezone: Path = TIMEZONE) -> str:
    """The name, "" where the computer does not say it."""
    found = (os.environ.get("TZ", "").lstrip(":"), _linked(localtime), _written(timezone))
    return next((name for name in found if name and is_zone(name)), "")


def _linked(path: Path) -> str:
    """The end of a link like /usr/share/zoneinfo/Europe/Berlin."""
    _before, _in, name = str(path.resolve()).partition("/zoneinfo/")
    return name


def _written(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
