"""A Linux panel in /sys/class/backlight: reading needs no rights, writing only where an administrator gave them.

Used through `devices.backlight.find`. Never changes rights, never chooses a keyboard's or a button's light.
"""

from __future__ import annotations

from pathlib import Path

from devices.backlight import BacklightError, BacklightFault

# The kernel's own advice where several drivers show one panel: firmware before platform before raw.
KINDS = ("firmware", "platform", "raw")


def panels(folder: Path) -> list[Path]:
    """The panels of a class folder, the likeliest first: by kind, then by the finest scale."""
    found = [panel for panel in folder.iterdir() if _number(panel / "max_brightness")] if folder.is_dir() else []
    return sorted(found, key=lambda panel: (_rank(panel), -(_number(panel / "max_brightness") or 0), panel.name))


class SysfsBacklight:
    """A panel that is set by writing its file."""

    via = "sysfs"

    def __init__(self, panel: Path) -> None:
        self.device = panel.name
        self._panel = panel
        self.maximum = _number(panel / "max_brightness") or 0
        self.is_linear = _word(panel / "scale") != "non-linear"
        if self.maximum < 1:
            raise BacklightError(BacklightFault.GONE, self.device, "no max_brightness")

    def read(self) -> int:
        """The number that is set."""
        raw = _number(self._panel / "brightness")
        if raw is None:
            raise BacklightError(BacklightFault.GONE, self.device, "no brightness")
        return raw

    def shown(self) -> int | None:
        """The driver's actual_brightness."""
        return _number(self._panel / "actual_brightness")

    def write(self, raw: int) -> None:
        """Set the number."""
        path = self._panel / "brightness"
        try:
            # O_TRUNC and O_CREAT have no place in sysfs, and a fake one must not grow files
            with path.open("r+b", buffering=0) as file:
                file.write(b"%d\n" % raw)
        except PermissionError as error:
            raise BacklightError(BacklightFault.DENIED, self.device, str(error.strerror)) from error
        except OSError as error:
            raise BacklightError(BacklightFault.GONE, self.device, str(error.strerror)) from error

    def close(self) -> None:
        """Nothing is held."""


def _rank(panel: Path) -> int:
    kind = _word(panel / "type")
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _word(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _number(path: Path) -> int | None:
    word = _word(path)
    return int(word) if word.isascii() and word.isdigit() else None
