"""A room whose record is locked: it watches at once, writes what waited, survives a kill, and leaks nothing."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

from devices.reading import Reading
from kiosk.cli import main
from kiosk.hatch import HatchError, hand_over
from kiosk.record.opener import is_plain
from kiosk.record.reader import Reader
from kiosk.session import events as e
from kiosk.vault import known, place
from kiosk.vault.key import new_key
from tests.end_to_end.room_run import RoomRun, room_run, wait_until

EXAMPLE = Path(__file__).parents[2] / "kiosk" / "assets" / "example-plan.toml"
PATIENT, SITTER = "Heronimus", "Egretina"


def locked_plan(folder: Path) -> Path:
    """A plan with names that stand nowhere else."""
    plan = folder / "plan.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace("Robin", PATIENT).replace("Sam", SITTER)
    assert PATIENT in text
    assert SITTER in text
    plan.write_text(text, encoding="utf-8")
    return plan


def unlock(run: RoomRun, key) -> bool:
    try:
        return hand_over(run.data, key)
    except HatchError:
        return False


def test_a_room_that_ends_while_its_record_is_locked_leaves_its_rows_sealed_for_the_key(tmp_path: Path) -> None:
    data, key = tmp_path / "data", new_key()
    data.mkdir(mode=0o700)
    place.save(data, place.wrap(key, "seven sleepy herons"))
    quiet = {"screen": False, "sound": False, "tone": False}
    with room_run(tmp_path, length=600, plan=str(locked_plan(tmp_path)), **quiet) as run:
        wait_until(lambda: (data / "room.sock").exists(), 40, "the room to run")
        assert run.ask_to_end() == 0
        (left,) = data.glob("rows-*.waiting")
        printed = run.printed.read_text(errors="replace")
        assert f"rows lie sealed in {left}" in printed
        assert PATIENT.encode() not in left.read_bytes()
        known.give(data, key)
        assert main(["sessions", "--data-dir", str(data)]) == 0
        (session_id,) = run.sessions()
        with Reader(run.record) as reader:
            assert reader.verify_chain(session_id) == []
            kinds = reader.kinds(session_id)
    known.forget(data)
    assert not left.exists()
    assert kinds["session_opened"] == kinds["session_ended"] == 1


def test_a_locked_record_delays_nothing_and_no_file_but_the_record_ever_holds_a_name_or_a_value(tmp_path: Path) -> None:
    home, data, key = tmp_path / "home", tmp_path / "data", new_key()
    for folder in (home, data):
        folder.mkdir(mode=0o700)
    place.save(data, place.wrap(key, "seven sleepy herons"))
    env = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "XDG_CACHE_HOME": str(home / ".cache")}
    with room_run(tmp_path, length=600, plan=str(locked_plan(tmp_path)), sound=False, tone=False, env=env) as run:
        wait_until(lambda: (data / "room.sock").exists(), 40, "the room to take a key")
        assert not unlock(run, new_key())
        assert not run.record.exists()
        wait_until(lambda: unlock(run, key), 10, "the key to be taken")
        known.give(data, key)
        run.await_ready()
        assert not is_plain(run.record)
        (failed,) = [row for row in run.rows() if isinstance(row.what, e.RecordingFailed)]
        assert failed.what.reason == "the key is locked"
        raised = run.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "not_recording", "its alarm")
        restored = run.await_row(lambda w: isinstance(w, e.RecordingRestored), "what waited to be written")
        assert restored.what.waited >= raised.seq - 1
        run.await_row(lambda w: isinstance(w, Reading), "a reading")
        before = run.rows()
        os.kill(run.monitor_pid(), signal.SIGKILL)
        run.await_row(lambda w: isinstance(w, e.RunResumed), "the session to be taken up with the key", before[-1].seq)
        run.await_shown()
        assert len(run.sessions()) == 1
        assert run.ask_to_end() == 0
        with Reader(run.record) as reader:
            assert reader.verify_chain(run.sessions()[0]) == []
    known.forget(data)
    assert key.secret.hex() not in run.printed.read_text(errors="replace")
    files = [path for top in (data, home) for path in top.rglob("*") if path.is_file()]
    words = [word.encode() for word in (PATIENT, SITTER, "spo2", "SpO2", "mmHg", key.secret.hex())]
    told = {str(path.relative_to(tmp_path)): [w for w in words if w in path.read_bytes()] for path in files}
    assert {name: found for name, found in told.items() if found} == {}
    if os.name == "posix":
        modes = {str(path): stat.S_IMODE(path.lstat().st_mode) for path in (data, *data.rglob("*"))}
        assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
