"""The command `kiosk run` on two real displays: dark before anything else, one screen, and no process left."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader
from kiosk.session import events as e
from tests.end_to_end.desktop import WIDTH, Desktop, desktop
from tests.end_to_end.room_run import MARK, ROOT, marked, wait_until

pytestmark = pytest.mark.window
NAME = "start"


@contextmanager
def started(folder: Path, shown: Desktop, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, **shown.env, MARK: NAME}
    command = [sys.executable, "-m", "kiosk", "run", "--data-dir", str(folder), *words]
    room = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield room
    finally:
        room.terminate()
        room.wait(30)


def screens() -> list[psutil.Process]:
    return [process for process in marked(NAME) if "screen" in process.cmdline()]


def is_dark(shown: Desktop) -> bool:
    return float(shown.picture()[:, :WIDTH].mean()) < 64


def test_the_screen_is_begun_first_and_is_a_child_like_every_later_one_and_the_tones_do_not_wait_for_the_pane(
    tmp_path: Path,
) -> None:
    record = tmp_path / "record.db"
    with desktop(2) as shown, started(tmp_path, shown) as room:
        wait_until(lambda: is_dark(shown), 30, "the patient's display to be dark")
        (first,) = screens()
        parent = first.parent()
        assert parent is not None
        assert parent.parent() == psutil.Process(room.pid)

        def noted(kind: Any) -> list[Any]:
            with contextlib.suppress(RecordError), Reader(record) as reader:  # not there yet, or not made yet
                return [
                    row.what
                    for session in reader.sessions()
                    for row in reader.rows(session.session_id)
                    if isinstance(row.what, kind)
                ]
            return []

        wait_until(lambda: noted(e.WindowsShown), 30, "both windows")
        assert e.ChildStarted("screen", first.pid) in noted(e.ChildStarted)
        wait_until(lambda: "sound" in [one.child for one in noted(e.ChildStarted)], 30, "the music")
        told = [getattr(one, "child", "windows") for one in noted(e.ChildStarted | e.WindowsShown)]
        assert told.index("tone") < told.index("windows") < told.index("sound")
        first.send_signal(signal.SIGKILL)
        wait_until(lambda: len(noted(e.WindowsShown)) == 2, 30, "another screen")
        assert e.ChildEnded("screen", "signal 9 (SIGKILL)") in noted(e.ChildEnded)
        assert [process.pid for process in screens()] != [first.pid]
        assert is_dark(shown)
        room.send_signal(signal.SIGTERM)
        assert room.wait(30) == 0
    assert marked(NAME) == []
    (left,) = (tmp_path / "crash").iterdir()  # of the one that was killed: it knew where such files go
    assert left.name.endswith(f"-screen-{first.pid}.fault.txt")
    assert left.stat().st_size == 0


def test_what_is_refused_never_darkens_a_display_and_leaves_nobody(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[music]\nvolme = 30\n")
    tmp_path.chmod(0o700)
    with desktop(1) as shown, started(tmp_path, shown) as room:
        while room.poll() is None:
            assert not is_dark(shown)
        assert room.returncode == 1
        assert not is_dark(shown)
        assert marked(NAME) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["monitor", "screen", "told", "dark"])
def test_a_start_that_is_cut_off_anywhere_leaves_no_process_and_no_window(
    tmp_path: Path, moment: str, how: signal.Signals
) -> None:
    reached = {
        "monitor": lambda: [p for p in marked(NAME) if "_monitor" in p.cmdline()],
        "screen": screens,
        "told": (tmp_path / "crash").exists,
        "dark": lambda: is_dark(shown),
    }
    with desktop(1) as shown, started(tmp_path, shown) as room:
        wait_until(reached[moment], 20, moment)
        kept = (tmp_path / "supervisor.log").exists()
        room.send_signal(how)
        room.wait(30)
        if kept and how is signal.SIGKILL:  # then the room goes on without protection, as it must
            for left in marked(NAME):
                left.terminate()
        wait_until(lambda: not marked(NAME), 30, "the end of every process")
        assert not is_dark(shown)
