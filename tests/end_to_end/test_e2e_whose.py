"""A chosen oximeter is known again by the serial number that it said before; another one's values reach no record."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.reading import Reading
from kiosk import settings
from kiosk.record.reader import Reader
from kiosk.session import events as e
from tests.end_to_end.device_cause import is_oximetry
from tests.end_to_end.room_run import ROOT, Air, room_run, wait_until
from tests.end_to_end.stand_in import ENTRY, StandIn
from tests.end_to_end.terminal_run import terminal


@pytest.fixture
def air(tmp_path: Path) -> Iterator[Air]:
    opened = Air(tmp_path, "calm", 60, 2.0)
    yield opened
    opened.end()


def test_another_device_at_the_chosen_address_is_held_and_nothing_of_it_is_recorded(tmp_path: Path, air: Air) -> None:
    data, address = tmp_path / "data", air.told["oximeter"].lower()
    adapter = f"virtual:127.0.0.1:{air.told['port']}"
    words = ["devices", "add", address, "--driver", "plx", "--data-dir", str(data)]
    subprocess.run([sys.executable, "-m", "kiosk", *words], cwd=ROOT, check=True, capture_output=True)
    with terminal("--adapter", adapter, "--data-dir", data) as monitor:
        monitor.await_line(kind="device_recognised")
        monitor.await_line(type="reading")
        assert monitor.end() == (0, "")
    (known,) = settings.load_state(data).devices
    assert known.serial

    air.order("identify", device="oximeter", serial="SIM-STRANGER-7")
    with terminal("--adapter", adapter, "--data-dir", data) as monitor:
        monitor.await_line(kind="device_doubted")
        monitor.await_alarm("device_doubted")
        given = len(air.sent())
        wait_until(lambda: len(air.sent()) > given + 5, 20, "values that the stranger sends")
        assert not [line for line in monitor.lines if line["type"] == "reading"]
        air.order("identify", device="oximeter", serial=known.serial)
        air.order("drop", device="oximeter")
        monitor.await_line(kind="device_recognised")
        monitor.await_line(type="reading")
        assert monitor.end() == (0, "")
    assert settings.load_state(data).devices == (known,)

    with Reader(data / "record.db") as reader:
        first, second = reader.sessions()
        rows = list(reader.rows(second.session_id))
    doubted = next(row for row in rows if isinstance(row.what, e.DeviceDoubted))
    again = next(row for row in rows if isinstance(row.what, e.DeviceRecognised))
    readings = [row for row in rows if isinstance(row.what, Reading)]
    assert readings
    assert all(row.seq > again.seq for row in readings)
    assert doubted.what == e.DeviceDoubted(address, address, "SIM-STRANGER-7", known.serial)
    assert first.session_id != second.session_id


def test_in_a_running_session_the_sitter_compares_the_number_and_says_that_it_is_ours(tmp_path: Path) -> None:
    sitter = StandIn(tmp_path / "stand-in")
    session = {"kind": "patient", "starts_itself": False, "sound": False, "tone": False, "speed": 3.0}
    with room_run(tmp_path, entry=ENTRY, env=sitter.env, **session) as room:
        room.await_row(lambda w: isinstance(w, e.WindowsShown), "the screen", timeout_s=40)
        sitter.start_session(room)
        room.await_row(is_oximetry, "a reading", timeout_s=40)
        seq = room.last_seq()
        room.air.order("identify", device="oximeter", serial="SIM-ANOTHER-9999")
        room.air.order("drop", device="oximeter")
        view = sitter.await_view(
            lambda seen: seen.sentence.alarm == "device_doubted" and "It shows" in seen.sentence.detail, "the question"
        )
        assert view.sentence.detail.startswith("Its serial number is SIM-ANOTHER-9999, not SIM-OX-0001. It shows 9")
        assert view.panel
        yes = view.panel.buttons[0]
        assert yes.label == "Same: it is ours"
        assert yes.command
        sitter.do(yes.command)
        confirmed = room.await_row(lambda w: isinstance(w, e.DeviceConfirmed), "the answer", seq)
        room.await_row(is_oximetry, "its values", confirmed.seq)
        rows = room.rows(seq)
    doubted = next(row.seq for row in rows if isinstance(row.what, e.DeviceDoubted))
    assert confirmed.what.is_chosen
    assert not [row for row in rows if doubted < row.seq < confirmed.seq and is_oximetry(row.what)]
    known = [row.what for row in rows if isinstance(row.what, e.DeviceRecognised) and row.seq > confirmed.seq]
    assert [(one.by, one.serial) for one in known if one.device == room.air.told["oximeter"].lower()] == [
        ("serial", "SIM-ANOTHER-9999")
    ]
