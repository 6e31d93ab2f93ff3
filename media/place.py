"""Where the music was, on the disk, for the monitor that comes after one that died.

Written by the sound child, which knows the place to the frame and outlives its monitor by the second in which it fades
out. Whole or not at all, not forced to the disk: a power cut may take it, and then the piece begins anew.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from media.message import Track

FILE = "place.json"
KEEP_EVERY_S = 10.0


class Place(msgspec.Struct, frozen=True):
    """The piece that sounded, how far it was, and the slider (0 to 100)."""

    track: Track
    position_s: Annotated[float, msgspec.Meta(ge=0)]
    volume_percent: Annotated[int, msgspec.Meta(ge=0, le=100)]


def read_place(file: Path) -> Place | None:
    """What was kept; None where there is nothing, or nothing that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Place)
    except (OSError, msgspec.MsgspecError):
        return None


def write_place(file: Path, place: Place) -> None:
    """Whole or not at all. Raises OSError."""
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_bytes(msgspec.json.encode(place))
        part.replace(file)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


class Keeper:
    """Keeps the place in this file every ten seconds while music sounds; a disk that refuses is told once."""

    def __init__(self, file: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._file, self._now = file, now
        self._kept_at = -KEEP_EVERY_S
        self._is_refused = False

    def turn(self, place: Callable[[], Place | None]) -> None:
        """One round; asks where it is only when that is to be kept."""
        if self._now() - self._kept_at >= KEEP_EVERY_S:
            self.keep(place())

    def keep(self, place: Place | None) -> None:
        """At once. Without music what was kept stays."""
        self._kept_at = self._now()
        if place is None:
            return
        try:
            write_place(self._file, place)
        except OSError as error:
            if not self._is_refused:
                print(f"Where the music is cannot be kept: {error}", file=sys.stderr)
            self._is_refused = True
