"""The data folder: private, writable, and held by one room at a time."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import datadir
from kiosk.datadir import DataDirError, Reason

ROOT = Path(__file__).parents[3]
HOLD = """
import sys; from pathlib import Path; from kiosk.datadir import hold_lock
hold_lock(Path(sys.argv[1])); print("held", flush=True); sys.stdin.read()
"""


def test_a_new_folder_is_made_for_its_owner_alone_and_left_empty(tmp_path):
    before = os.umask(0)
    try:
        folder = datadir.prepare(tmp_path / "a" / "room")
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []


def test_our_own_folder_that_others_could_read_is_closed(tmp_path):
    for content in ("", "config.toml"):
        folder = tmp_path / f"room{content}"
        folder.mkdir()
        if content:
            (folder / content).touch()
        folder.chmod(0o755)
        assert stat.S_IMODE(datadir.prepare(folder).stat().st_mode) == 0o700


def test_a_folder_that_a_demo_made_first_is_ours(tmp_path):
    (tmp_path / "room" / "demo").mkdir(parents=True)
    (tmp_path / "room").chmod(0o755)
    assert stat.S_IMODE(datadir.prepare(tmp_path / "room").stat().st_mode) == 0o700


def test_a_folder_with_other_things_in_it_is_refused_and_not_closed(tmp_path):
    (tmp_path / "letters").touch()
    tmp_path.chmod(0o755)
    with pytest.raises(DataDirError, match="of its own") as refused:
        datadir.prepare(tmp_path)
    assert refused.value.reason is Reason.OPEN_TO_OTHERS
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_file_in_its_place_is_told(tmp_path):
    (tmp_path / "room").touch()
    for path in (tmp_path / "room", tmp_path / "room" / "below"):
        with pytest.raises(DataDirError, match="--data-dir") as refused:
            datadir.prepare(path)
        assert refused.value.reason is Reason.NOT_A_FOLDER


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path):
    folder = Path("/proc/room") if os.geteuid() == 0 else tmp_path / "room"
    if os.geteuid() != 0:
        folder.mkdir(mode=0o500)
    with pytest.raises(DataDirError, match="Make it writable for you, or choose another with --data-dir") as refused:
        datadir.prepare(folder)
    assert refused.value.reason is Reason.NOT_WRITABLE


def test_the_default_is_a_folder_of_this_program_in_the_users_data():
    assert datadir.default().name == "session-room"


def test_a_second_room_is_told_who_holds_the_lock_and_gets_it_when_the_holder_is_killed(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(DataDirError, match=f"process {first.pid}") as refused:
            datadir.hold_lock(tmp_path)
        assert (refused.value.reason, refused.value.pid) == (Reason.HELD, first.pid)
        assert datadir.holder(tmp_path) == first.pid
        first.send_signal(signal.SIGKILL)
        first.wait(20)
    assert datadir.holder(tmp_path) is None
    with datadir.hold_lock(tmp_path):
        assert datadir.holder(tmp_path) == os.getpid()
    assert datadir.holder(tmp_path) is None
    assert stat.S_IMODE((tmp_path / datadir.LOCK).stat().st_mode) == 0o600


def test_a_lock_that_nobody_kept_a_name_for_is_still_held(tmp_path):
    descriptor = datadir.hold_lock(tmp_path)._descriptor
    assert descriptor is not None
    assert datadir.holder(tmp_path) == os.getpid()
    os.close(descriptor)


def test_a_child_that_inherits_nothing_does_not_keep_the_lock(tmp_path):
    with datadir.hold_lock(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        assert datadir.holder(tmp_path) is None
    finally:
        assert child.stdin is not None
        child.stdin.close()
        child.wait(20)
