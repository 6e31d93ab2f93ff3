"""Bad input at the command line: the exit code, one sentence that says what to do, and nothing half-written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.record.schema import APPLICATION_ID
from tests.end_to_end.room_run import ROOT, room_run

PLAN_WITH_MISTAKES = """[patient]
id = "p-1"
lable = "Robin"

[limits]
spo2_low = { value = "ninety", delay_s = 15 }
"""


def kiosk(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one command without a display and without anything on its stdin."""
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, words)],
        cwd=ROOT, env=bare | env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def one_sentence(done: subprocess.CompletedProcess[str], code: int, *said: str) -> None:
    """It ended with this code and one line on stderr, which says all of this; nothing on stdout."""
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("kiosk: ")
    assert not done.stdout
    for words in said:
        assert words in done.stderr


def test_an_unknown_option_is_wrong_usage_and_the_nearest_one_is_named() -> None:
    one_sentence(kiosk("demo", "--secnds", 3), 2, "--secnds", "did you mean --seconds?", "kiosk demo --help")


def test_an_unknown_command_is_wrong_usage_and_the_nearest_one_is_named() -> None:
    one_sentence(kiosk("moniter"), 2, "did you mean monitor?", "kiosk --help")


def test_without_bluetooth_a_scan_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    nothing = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus"}
    done = kiosk("devices", "scan", "--data-dir", tmp_path / "data", **nothing)
    one_sentence(done, 1, "No Bluetooth was found.", "Plug in an adapter")


@pytest.mark.parametrize("command", [("run",), ("monitor", "--any", "--yes"), ("demo",)])
def test_an_unwritable_data_folder_is_refused_before_anything_is_written(command: tuple[str, ...]) -> None:
    one_sentence(kiosk(*command, "--data-dir", "/proc/room"), 1, "/proc/room", "choose another with --data-dir")


def test_a_file_in_the_place_of_the_data_folder_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    one_sentence(kiosk("monitor", "--any", "--yes", "--data-dir", tmp_path / "data"), 1, "not a folder", "--data-dir")
    assert (tmp_path / "data").read_text() == "mine"


def test_without_a_display_the_room_does_not_open(tmp_path: Path) -> None:
    one_sentence(kiosk("run", "--data-dir", tmp_path / "data"), 1, "No display", "kiosk demo")
    assert not (tmp_path / "data" / "record.db").exists()


def test_a_demo_by_hand_needs_a_display(tmp_path: Path) -> None:
    one_sentence(kiosk("demo", "--by-hand", "--data-dir", tmp_path / "data"), 1, "--by-hand", "Log in on a screen")


def test_a_mistyped_setting_is_refused_with_its_line_and_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[music]\nvolme = 30\n")
    tmp_path.chmod(0o700)
    for command in (("run",), ("monitor", "--any", "--yes")):
        done = kiosk(*command, "--data-dir", tmp_path)
        one_sentence(done, 1, "config.toml:2", "music.volme", "did you mean music.volume?")
    assert not (tmp_path / "record.db").exists()


def test_a_plan_with_mistakes_is_refused_with_every_line(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN_WITH_MISTAKES)
    for command, env in ((("run",), {"DISPLAY": ":0"}), (("monitor", "--any", "--yes"), {})):
        done = kiosk(*command, "--plan", plan, "--data-dir", tmp_path / "data", **env)
        one_sentence(done, 1, "plan.toml", "line 3", "did you mean label?", "line 6")
    assert not (tmp_path / "data" / "record.db").exists()


def test_a_missing_plan_is_refused(tmp_path: Path) -> None:
    done = kiosk("monitor", "--any", "--yes", "--plan", tmp_path / "no.toml", "--data-dir", tmp_path / "data")
    one_sentence(done, 1, "no.toml", "No such file", "--plan")


def test_every_device_in_range_is_never_read_into_a_session_nor_without_asking(tmp_path: Path) -> None:
    one_sentence(kiosk("monitor", "--any", "--session", "--yes", "--data-dir", tmp_path), 1, "refused with --session")
    one_sentence(kiosk("monitor", "--any", "--data-dir", tmp_path), 1, "--yes")
    assert not (tmp_path / "record.db").exists()


def test_a_monitor_without_a_chosen_device_says_how_to_choose_one(tmp_path: Path) -> None:
    one_sentence(kiosk("monitor", "--data-dir", tmp_path / "data"), 1, "kiosk devices scan", "kiosk devices add")


def test_a_record_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    record = tmp_path / "record.db"
    with sqlite3.connect(record) as made:
        made.execute("CREATE TABLE of_tomorrow (x)")
        made.execute("PRAGMA user_version = 99")
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    made.close()
    tmp_path.chmod(0o700)
    before = record.read_bytes()
    one_sentence(kiosk("monitor", "--any", "--yes", "--data-dir", tmp_path), 1, "newer version", "Install that version")
    one_sentence(kiosk("sessions", "--data-dir", tmp_path), 1, "newer version")
    one_sentence(kiosk("run", "--data-dir", tmp_path, DISPLAY=":0"), 1, "newer version", "Install that version")
    assert record.read_bytes() == before


def test_a_second_room_on_the_same_data_folder_is_refused_and_says_who_holds_it(tmp_path: Path) -> None:
    with room_run(tmp_path, screen=False, sound=False, tone=False) as run:
        run.await_ready()
        pid = str(run.monitor_pid())
        for command in (("monitor", "--any", "--yes"), ("run",), ("demo", "--out", str(tmp_path / "out"))):
            one_sentence(kiosk(*command, "--data-dir", run.data), 1, "running already", pid)
        assert not (tmp_path / "out").exists()
        assert len(run.sessions()) == 1
        assert run.ask_to_end() == 0
        assert run.left() == []
