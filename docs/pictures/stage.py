"""What pictures are taken on: an X server with one display or two, a sound server, the real program, hands, a camera.

Shared by `take` and `walk`. Hands are xdotool's. Buttons are found by the names that a screen reader would say, on an
accessibility bus of the stage's own; nothing reaches into the program, and what happened is read from its record.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from names import Names

from kiosk.record import driver
from tests.end_to_end.desktop import HEIGHT, PATIENT_NAME, SITTER_NAME, WIDTH, Desktop
from tests.end_to_end.room_run import MARK, marked
from tests.sound import SoundServer

POLL_S = 0.1
PATIENT, SITTER = "patient", "sitter"  # displays, and outputs of the sound server


class NeverError(Exception):
    """What was waited for did not come. str() names it and ends with what the program printed last."""


class Stage:
    """One or two displays of 1366 x 768 and whatever runs on them. Use as a context; everything is ended with it."""

    def __init__(self, displays: int, readable: bool = False) -> None:
        """readable: with an accessibility bus, so that `place` finds buttons."""
        self.displays, self.folder = displays, Path(tempfile.mkdtemp(prefix="stage-"))
        self.data = self.folder / "data"
        self.out = self.folder / "out"
        self.mark = uuid.uuid4().hex
        self._desktop, self._sound = Desktop(displays), SoundServer()
        self.names = Names(self.folder) if readable else None
        self._programs: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Stage:
        try:
            self._desktop.start()
            self._sound.start((PATIENT, SITTER))
            if self.names:
                self.names.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_why: object) -> None:
        self.kill()
        if self.names:
            self.names.stop()
        self._sound.stop()
        self._desktop.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- the program --------------------------------------------------------------------------------------------------

    def kiosk(self, *words: object, says: bytes = b"") -> str:
        """A command of the program, to its end; what it printed. Raises NeverError where it fails."""
        line = [sys.executable, "-m", "kiosk", *map(str, words), "--data-dir", str(self.data)]
        done = subprocess.run(line, cwd=ROOT, env=self._env(), input=says, capture_output=True, timeout=60)
        if done.returncode:
            raise NeverError(f"kiosk {words[0]} ended with {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode()

    def begin(self, *words: object) -> None:
        """Start the room; returns when its windows are shown. Sounds go to the two outputs of the stage."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        config = self.data / "config.toml"
        if not config.exists():
            displays = f'[display]\nsitter = "{SITTER_NAME}"\npatient = "{PATIENT_NAME}"\n'  # else it would ask
            config.write_text(f'{displays}[sound]\nsitter_output = "{SITTER}"\npatient_output = "{PATIENT}"\n')
        before = self.last("SELECT max(seq) FROM v_events") or 0
        line = [sys.executable, "-m", "kiosk", *map(str, words), "--data-dir", str(self.data)]
        with (self.folder / "printed").open("ab") as printed:
            self._programs.append(
                subprocess.Popen(
                    line, cwd=ROOT, env=self._env(), stdin=subprocess.DEVNULL, stdout=printed, stderr=printed
                )
            )
        self.until(f"SELECT 1 FROM v_events WHERE kind = 'windows_shown' AND seq > {before}", 90)
        self.wait_for(lambda: len(self.windows()) == self.displays, "the windows", 20)
        if self.displays == 2:  # on the patient's display, which shows no pointer
            self.point(WIDTH // 2, HEIGHT - 20)

    def clear(self) -> None:
        """Forget the data folder: the next room begins from nothing."""
        for folder in (self.data, self.out):
            shutil.rmtree(folder, ignore_errors=True)

    def _env(self) -> dict[str, str]:
        names = self.names.environment if self.names else {}
        return {**self._sound.environment, **self._desktop.env, **names, MARK: self.mark, "PYTHONPATH": str(ROOT)}

    def end(self) -> int:
        """Interrupt the room as a terminal does; its exit code."""
        self._programs[-1].send_signal(signal.SIGINT)
        return self.code()

    def code(self, within_s: float = 40) -> int:
        """The room's exit code, once it has ended by itself."""
        return self._programs[-1].wait(within_s)

    def kill(self) -> None:
        """As a power cut: every process of the room at once, without a word."""
        processes = marked(self.mark)
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, 5)
        for program in self._programs:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(5)

    # --- the record ---------------------------------------------------------------------------------------------------

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the record's views; [] while there is none."""
        record = self.data / "record.db"
        if not record.exists():
            return []
        try:
            with contextlib.closing(driver.connect(record, read_only=True)) as connection:
                return connection.execute(sql).fetchall()
        except driver.Error as error:
            if "no such table" in str(error) or "unable to open" in str(error):
                return []  # it is being made
            raise

    def last(self, sql: str) -> Any:
        """The first value of the first row, None for none."""
        found = self.rows(sql)
        return found[0][0] if found else None

    def until(self, sql: str, within_s: float = 60) -> tuple[Any, ...]:
        """The first row, once there is one."""
        return self.wait_for(lambda: next(iter(self.rows(sql)), None), sql, within_s)

    def wait_for(self, condition: Callable[[], Any], what: str, within_s: float) -> Any:
        """The first true result. Raises NeverError."""
        end_s = time.monotonic() + within_s
        while not (found := condition()):
            if time.monotonic() > end_s:
                printed = self.folder / "printed"
                told = printed.read_text(errors="replace")[-2000:] if printed.exists() else ""
                raise NeverError(f"not within {within_s:g} s: {what}\n{told}")
            time.sleep(POLL_S)
        return found

    # --- hands and eyes -----------------------------------------------------------------------------------------------

    def windows(self) -> dict[int, str]:
        """The room's windows by the x of their left edge; with two displays the patient's is the first."""
        return self._desktop.windows()

    def left_of(self, display: str) -> int:
        """Where a display begins."""
        return WIDTH if self.displays == 2 and display == SITTER else 0

    def focus(self, display: str) -> None:
        """Give the keys to the window on this display, as somebody who sits at it has them."""
        window = self.windows().get(self.left_of(display))
        if window:
            self._desktop.xdotool("windowfocus", "--sync", window)

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._desktop.xdotool("key", key)

    def type(self, words: str) -> None:
        """Type words."""
        self._desktop.xdotool("type", "--delay", "40", words)

    @contextlib.contextmanager
    def holding(self, *what: object) -> Iterator[None]:
        """Meanwhile a key ("key", "F2") or the mouse button ("mouse", 1) is down."""
        kind, name = what
        self._desktop.xdotool(f"{kind}down", name)
        try:
            yield
        finally:
            self._desktop.xdotool(f"{kind}up", name)

    def point(self, x: int, y: int) -> None:
        """Move the mouse to a place of the whole desktop."""
        self._desktop.xdotool("mousemove", x, y)

    def click(self, x: int, y: int) -> None:
        """Click there."""
        self._desktop.click(x, y)

    def place(self, name: str, within_s: float = 10) -> tuple[int, int]:
        """The middle of the shown, enabled button of this name ("Undo" finds "Undo: …"). Raises NeverError."""
        assert self.names
        return self.wait_for(lambda: self.names and self.names.find(name), f"a button “{name}”", within_s)

    def picture(self, display: str, path: Path, *options: str) -> None:
        """What a display shows now, as a PNG. options: of ImageMagick's convert."""
        x = self.left_of(display)
        pixels = self._desktop.picture()[:, x : x + WIDTH]
        line = ["convert", "-size", f"{WIDTH}x{HEIGHT}", "-depth", "8", "rgb:-", *options]
        path.parent.mkdir(parents=True, exist_ok=True)
        last = f"png8:{path}" if "-colors" in options else str(path)
        subprocess.run([*line, "-define", "png:compression-level=9", last], input=pixels.tobytes(), check=True)
