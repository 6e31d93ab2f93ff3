"""What breaks in the middle does not stop monitoring: no VLC, no audio server, no Bluetooth, a full disk."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.reading import Reading
from kiosk.compare import compare_with_air
from kiosk.record.reader import Reader
from kiosk.session import events as e
from tests.end_to_end.disk import Disk, own_disk
from tests.end_to_end.room_run import ROOT, Air, room_run, wait_until
from tests.end_to_end.terminal_run import terminal

UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$"


@pytest.fixture
def air(tmp_path: Path) -> Iterator[Air]:
    """The simulated devices."""
    opened = Air(tmp_path, "calm", 60, 1.0)
    yield opened
    opened.end()


def adapter(air: Air) -> str:
    """The option that attaches to it."""
    return f"virtual:127.0.0.1:{air.told['port']}"


def test_the_lines_of_a_trial_have_the_keys_that_others_rely_on(tmp_path: Path, air: Air) -> None:
    data = tmp_path / "data"
    words = ("--any", "--yes", "--adapter", adapter(air), "--data-dir", data)
    with terminal(*words) as monitor:
        monitor.await_line(type="reading")
        air.order("measure", inflate_s=2)
        wait_until(lambda: any("systolic" in line for line in list(monitor.lines)), 20, "a blood pressure")
        code, errors = monitor.end()
    assert (code, errors) == (0, "")
    lines = monitor.lines
    assert {line["type"] for line in lines} == {"reading", "event", "state"}
    assert all({"utc", "t_s"} <= line.keys() for line in lines)
    assert all(re.match(UTC, line["utc"]) for line in lines)
    readings = [line for line in lines if line["type"] == "reading"]
    assert all({"device", "quality", "reasons"} <= line.keys() for line in readings)
    assert {line["quality"] for line in readings} <= {"valid", "questionable", "invalid", "stored", "test"}
    assert any({"spo2", "pulse"} <= line.keys() for line in readings)
    assert any({"systolic", "diastolic", "mean"} <= line.keys() for line in readings)
    assert all({"kind", "seq", "text", "data"} <= line.keys() for line in lines if line["type"] == "event")
    with Reader(data / "record.db") as reader:
        (session,) = reader.sessions()
    assert (session.kind, session.simulated, session.patient_label) == ("trial", True, "")
    assert session.ended_how == "interrupted"
    air.end()
    assert compare_with_air(data / "record.db", air.log).same


def test_a_session_on_the_terminal_reads_chosen_devices_only_and_alarms_without_an_audio_server(
    tmp_path: Path, air: Air
) -> None:
    data = tmp_path / "data"
    for device, driver in (("oximeter", "plx"),):
        words = ["devices", "add", air.told[device], "--driver", driver, "--data-dir", str(data)]
        subprocess.run([sys.executable, "-m", "kiosk", *words], cwd=ROOT, check=True, capture_output=True)
    nowhere = {"PULSE_SERVER": f"unix:{tmp_path}/nowhere"}
    with terminal("--session", "--adapter", adapter(air), "--data-dir", data, **nowhere) as monitor:
        monitor.await_line(type="reading")
        monitor.await_alarm("no_sound")
        monitor.await_more("reading")
        code, _ = monitor.end()
    assert code == 0
    assert {v["device"] for v in monitor.lines if v["type"] == "reading"} == {air.told["oximeter"].lower()}
    assert monitor.lines[0]["data"]["kind"] == "patient"


def test_a_session_without_bluetooth_goes_on_says_so_and_takes_no_reading(tmp_path: Path) -> None:
    data = tmp_path / "data"
    words = ["devices", "add", "F1:5E:55:10:00:01", "--driver", "plx", "--data-dir", str(data)]
    subprocess.run([sys.executable, "-m", "kiosk", *words], cwd=ROOT, check=True, capture_output=True)
    nowhere = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus", "PULSE_SERVER": f"unix:{tmp_path}/nowhere"}
    with terminal("--session", "--seconds", 5, "--data-dir", data, **nowhere) as monitor:
        moved = monitor.await_line(kind="adapter_moved")
        monitor.await_alarm("adapter_off")
        monitor.await_more("state")
        code, _ = monitor.wait()
    assert moved["data"]["state"] == "missing"
    assert code == 0
    assert not [v for v in monitor.lines if v["type"] == "reading"]


def test_without_vlc_and_without_an_audio_server_the_session_goes_on_and_says_both(tmp_path: Path) -> None:
    nowhere = {"PYTHON_VLC_LIB_PATH": f"{tmp_path}/no-vlc.so", "PULSE_SERVER": f"unix:{tmp_path}/nowhere"}
    with room_run(tmp_path, screen=False, env=nowhere) as run:
        run.await_ready()
        music = run.await_row(lambda w: isinstance(w, e.MusicChanged) and w.state == "failed", "no music")
        alarm = run.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "no_sound", "no sound")
        run.await_row(lambda w: isinstance(w, Reading), "readings go on", max(music.seq, alarm.seq))
        assert "no_vlc" in music.what.detail
        assert run.ask_to_end() == 0
        assert run.left() == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """An own disk."""
    with own_disk(tmp_path) as made:
        yield made


def test_a_full_disk_is_an_alarm_and_what_waited_is_stored_in_order_when_there_is_room_again(
    disk: Disk, air: Air
) -> None:
    data = disk.place / "data"
    with terminal("--any", "--yes", "--adapter", adapter(air), "--data-dir", data) as monitor:
        monitor.await_line(type="reading")
        disk.fill(monitor.process.pid)
        monitor.await_alarm("not_recording")
        monitor.await_more("reading", 3)
        disk.free(monitor.process.pid)
        monitor.await_line(kind="recording_restored")
        code, errors = monitor.end()
    assert (code, errors) == (0, "")
    with Reader(data / "record.db") as reader:
        (session,) = reader.sessions()
        rows = list(reader.rows(session.session_id))
        assert reader.verify_chain(session.session_id) == []
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert sum(isinstance(row.what, Reading) for row in rows) == sum(v["type"] == "reading" for v in monitor.lines)
    air.end()
    assert compare_with_air(data / "record.db", air.log).same


def test_a_disk_that_is_full_from_the_beginning_refuses_the_start_with_one_sentence(disk: Disk) -> None:
    data = disk.place / "data"
    data.mkdir(mode=0o700)
    disk.fill()
    try:
        with terminal("--any", "--yes", "--data-dir", data) as monitor:
            code, errors = monitor.wait()
    finally:
        disk.free()
    assert code == 1
    assert len(errors.splitlines()) == 1, errors
    assert "Look at the disk" in errors
    assert not (data / "record.db").exists()
    assert not monitor.lines
