"""Support: a desktop of the test's own (Xvfb, a window manager), seen by its frame buffer, touched by xdotool."""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.end_to_end.room_run import wait_until

Picture = NDArray[np.uint8]
HEIGHT, WIDTH = 768, 1366
PATIENT_NAME, SITTER_NAME = "HDMI-1", "eDP-1"


class Desktop:
    """One X server with 1 display, or 2: the patient's at the left, the sitter's built-in one at the right."""

    def __init__(self, displays: int, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.displays, self._width, self._height = displays, width, height
        self._folder = Path(tempfile.mkdtemp(prefix="desktop-"))
        self._processes: list[subprocess.Popen[bytes]] = []
        self.name = ""

    def start(self) -> None:
        """Server, monitors, window manager, and a white desktop, so that whatever shines through is seen."""
        read, write = os.pipe()
        size = f"{self._width * self.displays}x{self._height}x24"
        words = f"Xvfb -displayfd {write} -screen 0 {size} -fbdir {self._folder} -noreset".split()
        self._processes.append(subprocess.Popen(words, pass_fds=(write,), stderr=subprocess.DEVNULL))
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"
        if self.displays == 2:
            self.plug(PATIENT_NAME, 0, "screen")
            self.plug(SITTER_NAME, self._width)
        config = self._folder / "openbox"
        config.mkdir()
        environment = self.env | {"XDG_CONFIG_HOME": str(config), "XDG_CACHE_HOME": str(config), "HOME": str(config)}
        self._processes.append(
            subprocess.Popen(
                ["openbox"], env=os.environ | environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        )
        wait_until(lambda: "_NET_SUPPORTING_WM_CHECK" in self._run("xprop", "-root", check=False), 10, "openbox")
        self._run("xsetroot", "-solid", "white")

    def plug(self, name: str, x: int, output: str = "none") -> None:
        """Plug a display in. output: "screen" for the server's one output, which can be under one display only."""
        self.xrandr("--setmonitor", name, f"{self._width}/361x{self._height}/203+{x}+0", output)

    def unplug(self, name: str) -> None:
        """Unplug one. The one with the output cannot go: the server would make one display of everything."""
        self.xrandr("--delmonitor", name)

    def xrandr(self, *words: str) -> None:
        """What a cable does."""
        self._run("xrandr", *words)

    @property
    def env(self) -> dict[str, str]:
        """For every process that shall show something here."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}

    def _run(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(words, env=os.environ | self.env, capture_output=True, text=True, check=check, timeout=20)
        return done.stdout

    def xdotool(self, *words: object) -> str:
        """What a hand does."""
        return self._run("xdotool", *map(str, words), check=False)  # a window may go while it is touched

    def click(self, x: int, y: int) -> None:
        """A click at a place of the whole desktop."""
        self.xdotool("mousemove", x, y, "click", 1)

    def windows(self) -> dict[int, str]:
        """The room's visible windows by the x of their left edge."""
        found: dict[int, str] = {}
        names = self._run("xdotool", "search", "--onlyvisible", "--name", "^Session room$", check=False).split()
        for window in names:
            shape = self._run("xdotool", "getwindowgeometry", "--shell", window, check=False)
            values = dict(line.split("=", 1) for line in shape.splitlines() if "=" in line)
            if values.get("WIDTH") == str(self._width):
                found[int(values["X"])] = window
        return found

    def picture(self) -> Picture:
        """The whole desktop now, (height, width, 3), read from the frame buffer."""
        return self.pixels().copy()

    def pixels(self) -> Picture:
        """The frame buffer itself: it changes while it is looked at."""
        with (self._folder / "Xvfb_screen0").open("rb") as file:
            buffer = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", buffer[:100])
        header_bytes, width, height, row_bytes, colours = header[0], header[4], header[5], header[12], header[19]
        start = header_bytes + 12 * colours
        pixels = np.frombuffer(buffer, np.uint8, row_bytes * height, start).reshape(height, row_bytes // 4, 4)
        return pixels[:, :width, 2::-1]

    def stop(self) -> None:
        """End everything of it."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def desktop(displays: int, width: int = WIDTH, height: int = HEIGHT) -> Iterator[Desktop]:
    """A desktop of displays of this size, always ended."""
    shown = Desktop(displays, width, height)
    try:
        shown.start()
        yield shown
    finally:
        shown.stop()
