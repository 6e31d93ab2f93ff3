"""A place that can be made full while a room runs."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Disk:
    """For root a file system of four megabytes (an empty record with its log takes one), else a file size limit."""

    def __init__(self, place: Path, *, mounted: bool) -> None:
        self.place, self._mounted = place, mounted

    def fill(self, pid: int | None = None) -> None:
        """No byte more can be written (by process `pid`)."""
        if not self._mounted:
            resource.prlimit(pid or 0, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            return
        with (self.place / "stuffing").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * 512):
                pass

    def free(self, pid: int | None = None) -> None:
        """There is room again."""
        if self._mounted:
            (self.place / "stuffing").unlink()
        else:
            resource.prlimit(pid or 0, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def own_disk(folder: Path) -> Iterator[Disk]:
    """A disk in this folder, always taken away."""
    place = folder / "disk"
    place.mkdir(mode=0o700)
    mounted = os.geteuid() == 0
    if mounted:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(place)], check=True)
    try:
        yield Disk(place, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)
