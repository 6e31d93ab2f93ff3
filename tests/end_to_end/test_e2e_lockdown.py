"""A room that owns its one display: what hands, other windows and a log-out can do to it. Real X server, real mouse."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import psutil
import pytest

from kiosk.session import events as e
from tests.end_to_end.desktop import Desktop, desktop
from tests.end_to_end.room_run import RoomRun, crowding, marked, room_run, wait_until

pytestmark = pytest.mark.window
LOW = "0050005800"  # SpO2 80, pulse 88
ANSWER = (940, 94)  # where "I'm on it" stands while an alarm lies over the rest screen
DARK = 60  # code; nothing of a rest screen without a message is above it
INTRUDER = ("xmessage", "-center", "-title", "Update", "Restart now?")


@pytest.fixture(scope="module")
def screens() -> Iterator[Desktop]:
    with desktop(1) as shown:
        yield shown


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, screens: Desktop) -> Iterator[RoomRun]:
    """As `kiosk run`: it may not be left by a key."""
    with room_run(
        tmp_path_factory.mktemp("lockdown"), kind="patient", leave_by_escape=False, length=600, env=screens.env,
        sound=False, tone=False,
    ) as run:  # fmt: skip
        run.await_ready()
        run.await_shown()
        wait_until(lambda: covers(screens), 20, "the room to cover its display")
        yield run


def covers(screens: Desktop) -> bool:
    """Nothing of the white desktop is seen."""
    return bool((screens.picture().min(axis=2) > 250).mean() < 0.001)


def is_dark(screens: Desktop) -> bool:
    return covers(screens) and int(screens.picture()[55:135, 40:1330].max()) < DARK


def comes(room: RoomRun, kind: type[e.Event], after: int, act: Callable[[], object]) -> bool:
    """Whether an event comes of an act before long. A button that is new takes none."""
    act()
    with contextlib.suppress(AssertionError):
        room.await_row(lambda w: isinstance(w, kind), kind.__name__, after, timeout_s=0.8)
        return True
    return False


def quiet(room: RoomRun, screens: Desktop) -> bool:
    """Whether nothing is signalled any more; presses the sitter's key where something is."""
    if is_dark(screens):
        told = [row.what for row in room.rows() if isinstance(row.what, e.SitterCalled | e.CallEnded)]
        return not told or isinstance(told[-1], e.CallEnded)
    seq = room.last_seq()
    comes(room, e.Event, seq, lambda: screens.xdotool("key", "a"))
    return False


def test_the_first_touch_on_a_dark_display_calls_and_presses_nothing_beneath(room: RoomRun, screens: Desktop) -> None:
    wait_until(lambda: is_dark(screens), 20, "the dark")
    for place in (ANSWER, (1200, 722)):  # where the answer and the emergency card will be
        seq = room.last_seq()
        screens.click(*place)
        room.await_row(lambda w: isinstance(w, e.SitterCalled), f"the call by a touch at {place}", seq)
        done = [type(row.what).__name__ for row in room.rows(seq)]
        assert not {"AlarmAcknowledged", "CallAnswered", "EmergencyCardShown", "PaneOpened"} & set(done), done
        wait_until(lambda: quiet(room, screens), 40, "the end of the call")


def test_a_touch_that_was_on_its_way_when_an_alarm_came_calls_and_answers_nothing(
    room: RoomRun, screens: Desktop
) -> None:
    wait_until(lambda: is_dark(screens), 20, "the dark")
    pixels, seq = screens.pixels(), room.last_seq()
    hand = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, env=os.environ | screens.env, text=True)
    assert hand.stdin
    hand.stdin.write(f"mousemove {ANSWER[0]} {ANSWER[1]}\n")
    hand.stdin.flush()
    with room.air.feeding("oximeter", LOW, every_s=0.5):
        wait_until(lambda: int(pixels[55:135, 40:1330].max()) > DARK, 40, "the alarm over the dark")
        hand.stdin.write("click 1\n")  # at once: the eye has seen nothing yet
        hand.stdin.close()
        hand.wait(5)
        room.await_row(lambda w: isinstance(w, e.SitterCalled), "the call", seq)
        assert not [row for row in room.rows(seq) if isinstance(row.what, e.AlarmAcknowledged)]
        meant = lambda: screens.click(*ANSWER)  # noqa: E731 - seen now
        wait_until(lambda: comes(room, e.AlarmAcknowledged, seq, meant), 20, "the answer")
    wait_until(lambda: quiet(room, screens), 40, "the end of the alarm and the call")


def test_no_key_closes_it(room: RoomRun, screens: Desktop) -> None:
    seq, window = room.last_seq(), screens.windows()[0]
    for key in ("alt+F4", "ctrl+q", "ctrl+w", "super", "Escape"):
        screens.xdotool("key", key)
    room.await_row(lambda w: isinstance(w, e.SitterCalled) and w.by == "key", "a key as a call", seq)
    assert screens.windows() == {0: window}
    assert covers(screens)
    wait_until(lambda: quiet(room, screens), 40, "the end of the call")


def test_another_window_is_seen_told_and_put_behind(room: RoomRun, screens: Desktop) -> None:
    seq = room.last_seq()
    intruder = subprocess.Popen(INTRUDER, env=os.environ | screens.env)
    try:
        wait_until(lambda: screens.xdotool("search", "--onlyvisible", "--name", "^Update$").strip(), 10, "its window")
        window = screens.xdotool("search", "--onlyvisible", "--name", "^Update$").split()[0]
        screens.xdotool("windowraise", window, "windowfocus", "--sync", window)
        room.await_row(lambda w: isinstance(w, e.RoomCovered) and not w.is_over, "it to be seen", seq)
        over = room.await_row(lambda w: isinstance(w, e.RoomCovered) and w.is_over, "it to be undone", seq)
        assert over.text == "The room is in front again."
        assert over.what.for_s < 8 * crowding()
        wait_until(lambda: covers(screens), 10, "the room to cover its display again")
        screens.xdotool("key", "space")
        room.await_row(lambda w: isinstance(w, e.SitterCalled), "the keys to be the room's again", seq)
    finally:
        intruder.kill()
        intruder.wait()
    wait_until(lambda: quiet(room, screens), 40, "the end of the call")


def test_a_log_out_ends_all_of_it_within_seconds_and_leaves_the_session_open(room: RoomRun) -> None:
    seq = room.last_seq()
    for process in marked(room.mark):
        if process.status() != psutil.STATUS_ZOMBIE:
            os.kill(process.pid, signal.SIGTERM)
    assert room.code() == 0
    wait_until(lambda: room.left() == [], 10, "the end of every process")
    assert not [row for row in room.rows(seq) if isinstance(row.what, e.SessionEnded)]
    assert room.view("SELECT ended_utc FROM v_sessions") == [(None,)]
    assert not [file for file in (room.data / "crash").iterdir() if file.stat().st_size]
