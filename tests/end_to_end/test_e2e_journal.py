"""`kiosk journal` on a real X server: what is typed is there again with the passphrase, and is nowhere else.

A marker sentence is typed in the real window and looked for in every file of the data folder, of the home and of the
folder for temporary files, in the command line and environment of every process, and in what was printed: while the
journal is open, after a kill, after a crash and after an export.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from kiosk.journal.store import unlock
from kiosk.session.events import SessionEnded
from tests.end_to_end.desktop import Desktop, Picture, desktop
from tests.end_to_end.room_run import wait_until
from tests.unit.kiosk.record_samples import at, opened, recorder, select, write

pytestmark = pytest.mark.window
ROOT = Path(__file__).parents[2]
PASSPHRASE = "river stone lamp"
MARKER, SHARED = "a violet heron stood still", "walk by the river"
TOP = 100  # rows of the window: its title, and the line above what is written
CODINGS = ("utf-8", "utf-16-le", "utf-32-le")


@pytest.fixture(scope="module")
def screen() -> Iterator[Desktop]:
    with desktop(1) as shown:
        yield shown


class Home:
    """A person's computer: home, data and temporary folder of this test alone."""

    def __init__(self, folder: Path, screen: Desktop) -> None:
        self.folder, self.screen, self.data = folder, screen, folder / "data"
        self.journal = self.data / "journal.sealed"
        self.running: subprocess.Popen[bytes] | None = None
        for name in ("data", "tmp", "home"):
            (folder / name).mkdir(mode=0o700)

    @property
    def env(self) -> dict[str, str]:
        own = {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": str(ROOT)}
        return {**os.environ, **self.screen.env, **own}

    def kiosk(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "kiosk", *words, "--data-dir", str(self.data)]

    def open(self) -> subprocess.Popen[bytes]:
        """The window, in front."""
        with (self.folder / "printed").open("ab") as printed:
            self.running = subprocess.Popen(
                self.kiosk("journal"),
                env=self.env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
            )
        wait_until(self._window, 30, "the journal's window")
        self.screen.xdotool("windowfocus", "--sync", self._window())
        return self.running

    def _window(self) -> str:
        return (self.screen.xdotool("search", "--onlyvisible", "--name", "^Journal$").split() or [""])[0]

    def type(self, words: str, *keys: str) -> None:
        self.screen.xdotool("type", "--delay", "25", words)
        for key in keys:
            self.screen.xdotool("key", key)

    def until_saved(self, act: Callable[[], None]) -> None:
        """Do it, and wait for the next state of the file."""
        before = self._state()
        act()
        wait_until(lambda: self._state() != before, 20, "a new state of the journal")

    def until_seen(self, act: Callable[[], None]) -> None:
        """Do it, and wait for another title, or another word on what is saved; no cursor blinks there."""
        before = self._top()
        act()
        wait_until(lambda: not np.array_equal(self._top(), before), 20, "another page")

    def _top(self) -> Picture:
        shape = self.screen.xdotool("getwindowgeometry", "--shell", self._window())
        at = dict(line.split("=", 1) for line in shape.splitlines() if "=" in line)
        x, y, wide = int(at["X"]), int(at["Y"]), int(at["WIDTH"])
        return self.screen.picture()[y : y + TOP, x : x + wide]

    def unlock(self) -> None:
        """Type the passphrase; the wrong tries are set to none once it has opened."""
        tries = self.journal.with_name("journal.sealed.tries")
        before = tries.stat().st_mtime_ns
        self.until_seen(lambda: self.type(PASSPHRASE, "Return"))
        wait_until(lambda: tries.stat().st_mtime_ns != before and b'"failed":0' in tries.read_bytes(), 20, "open")

    def set_up(self) -> None:
        """The passphrase twice, then the first page of the open journal."""
        self.type(PASSPHRASE, "Return")
        self.until_seen(lambda: self.until_saved(lambda: self.type(PASSPHRASE, "Return")))

    def write(self) -> None:
        """Free words, in a new entry."""
        self.until_seen(lambda: self.type("n"))
        self.until_seen(lambda: self.type("6"))
        self.type(MARKER)

    def _state(self) -> bytes:
        return self.journal.read_bytes() if self.journal.exists() else b""

    def texts(self) -> list[str]:
        """What the passphrase opens, once nobody else has it open."""
        opened = unlock(self.journal, PASSPHRASE)
        try:
            return [entry.text for entry in opened.entries]
        finally:
            opened.close()

    def shared(self) -> list[str]:
        """What the record has of it."""
        return [
            row["text"]
            for row in select(self.data / "record.db", "SELECT text FROM v_events WHERE kind = 'entry_shared'")
        ]

    def found(self) -> list[str]:
        """Where the marker lies in the clear: files, command lines and environments."""
        wanted = [MARKER.encode(coding) for coding in CODINGS]
        files = [file for file in self.folder.rglob("*") if file.is_file()]
        places = [str(file) for file in files if any(words in file.read_bytes() for words in wanted)]
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name() == "xdotool":  # the hand that types it
                    continue
                if MARKER in " ".join(process.cmdline()) or MARKER in str(process.environ()):
                    places.append(f"process {process.pid}")
        return places


@pytest.fixture
def home(tmp_path: Path, screen: Desktop) -> Iterator[Home]:
    made = Home(tmp_path, screen)
    yield made
    if made.running and made.running.poll() is None:
        made.running.kill()
        made.running.wait(10)


def test_a_marker_sentence_is_in_the_sealed_file_and_nowhere_else(home: Home) -> None:
    write(home.data / "record.db")
    program = home.open()
    home.set_up()
    home.until_saved(home.write)
    assert home.found() == []
    program.kill()
    program.wait(10)
    assert home.found() == []
    assert home.texts() == [MARKER]

    program = home.open()
    home.unlock()
    home.until_seen(lambda: home.type("1"))
    program.send_signal(signal.SIGABRT)
    assert program.wait(20) == -signal.SIGABRT
    assert any((home.data / "crash").glob("*fault*"))
    assert home.found() == []
    for leaving in (("export", "last"), ("export", "all", "--format", "sqlite"), ("backup", "--plain")):
        out = str(home.folder / "-".join(leaving))
        words = (*leaving, *(("--to", out) if leaving[0] == "export" else (out,)))
        done = subprocess.run(home.kiosk(*words), env=home.env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    assert home.found() == []
    assert home.texts() == [MARKER]


def test_asked_to_end_it_saves_what_was_typed_just_now(home: Home) -> None:
    program = home.open()
    home.set_up()
    home.until_saved(home.write)
    home.until_seen(lambda: home.type("!"))  # "saved" becomes "not saved yet"
    program.terminate()
    assert program.wait(20) == 0
    assert home.texts() == [f"{MARKER}!"]


def test_on_a_later_day_one_entry_is_shared_into_the_last_session_and_no_other(home: Home) -> None:
    writer = recorder(home.data / "record.db")
    writer.append_event(opened(), at(0), "Session opened")
    writer.append_event(SessionEnded("released"), at(3), "Session ended")
    writer.close()
    program = home.open()
    home.set_up()
    home.until_saved(home.write)
    home.until_seen(lambda: home.type("", "Escape"))
    home.until_seen(lambda: home.type("n"))
    home.until_seen(lambda: home.type("5"))
    home.until_saved(lambda: home.type(SHARED))
    home.until_seen(lambda: home.type("", "F3"))
    home.screen.xdotool("keydown", "s")
    wait_until(home.shared, 30, "the shared entry in the record")
    home.screen.xdotool("keyup", "s")
    assert home.shared() == [f"Robin shared from the journal: “{SHARED}”"]
    assert home.found() == []
    program.terminate()
    assert program.wait(20) == 0
    assert home.texts() == [MARKER, SHARED]
