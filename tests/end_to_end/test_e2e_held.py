"""What a room holds of its computer, on a fake logind: awake until the session is over and stored, and a log-out."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session import commands as c
from kiosk.session import events as e
from tests.end_to_end.room_run import RoomRun, marked, room_run, wait_until
from tests.end_to_end.stand_in import ENTRY, StandIn
from tests.fake_logind import FakeLogind

HELD = ["sleep:idle:handle-lid-switch"]
ON_A_DISPLAY = {"QT_QPA_PLATFORM": "xcb"}  # a room that shows nothing holds nothing; the stand-in needs no display


@pytest.fixture
def logind(tmp_path: Path) -> Iterator[FakeLogind]:
    fake = FakeLogind(tmp_path / "logind")
    fake.start()
    yield fake
    fake.stop()


def environment(logind: FakeLogind, hands: StandIn) -> dict[str, str]:
    return {**logind.environment, **hands.env, **ON_A_DISPLAY}


def log_of(room: RoomRun) -> list[str]:
    """The supervisor's log, without the times."""
    return [line.partition(" ")[2] for line in (room.data / "supervisor.log").read_text().splitlines()]


def test_the_computer_is_kept_awake_from_the_preparation_to_the_stored_end(tmp_path: Path, logind: FakeLogind) -> None:
    hands = StandIn(tmp_path)
    env = environment(logind, hands)
    with room_run(tmp_path, entry=ENTRY, length=600, sound=False, tone=False, env=env) as room:
        wait_until(lambda: logind.held() == HELD, 20, "to be kept awake")
        room.await_ready()
        assert logind.held() == HELD
        hands.tell(c.EndSession("stopped"))
        wait_until(lambda: logind.held() == [], 20, "to be free to sleep")
        assert room.view("SELECT ended_how FROM v_sessions") == [("stopped",)], "let go before the end was stored"
        assert room.code() == 0
        log = log_of(room)
    assert "no longer kept awake" in log  # when the desktop has answered: on a busy machine after the monitor's end
    free = log.index("to be kept awake no longer")
    assert free < next(i for i, line in enumerate(log) if line.startswith("monitor") and " ended: " in line)
    assert logind.calls("ScreenSaver.UnInhibit")


def test_a_log_out_ends_it_cleanly_and_the_session_can_be_taken_up_again(tmp_path: Path, logind: FakeLogind) -> None:
    hands = StandIn(tmp_path)
    env = environment(logind, hands)
    with room_run(
        tmp_path, entry=ENTRY, kind="patient", length=600, starts_itself=False, sound=False, tone=False, env=env
    ) as room:
        room.await_row(lambda w: isinstance(w, e.WindowsShown), "the room")
        wait_until(lambda: logind.held() == HELD, 20, "to be kept awake")
        (session,) = room.sessions()
        for process in marked(room.mark):  # a desktop's end asks every process of it, in no order
            os.kill(process.pid, signal.SIGTERM)
        assert room.code() == 0
        wait_until(lambda: room.left() == [], 10, "the end of every process")
        assert logind.held() == []
        assert not [row for row in room.rows() if isinstance(row.what, e.SessionEnded)]
        assert not [file for file in (room.data / "crash").iterdir() if file.stat().st_size]
        seq = room.last_seq()
        room.start(**env)
        room.await_row(lambda w: isinstance(w, e.RunResumed), "the session taken up again", seq)
        assert room.sessions() == [session]
        wait_until(lambda: logind.held() == HELD, 20, "to be kept awake again")
