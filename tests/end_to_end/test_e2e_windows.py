"""The real windows on a real X server: hands reach the record, a dead screen comes back, nothing shines through."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session import events as e
from tests.end_to_end.desktop import HEIGHT, WIDTH, Desktop, Picture, desktop
from tests.end_to_end.room_run import RoomRun, crowding, room_run, wait_until
from tests.sound import SoundServer

pytestmark = [pytest.mark.window, pytest.mark.sound]
LOW = "0050005800"  # SpO2 80, pulse 88
OWN_ACT_WITHIN_S = 3.5  # the demo's sitter acts by itself after 4 s
BRIGHT = 0.25  # mean of a display, full white is 1
NOTE_BUTTON = (70, 722)
CHART = (slice(205, 345), slice(96, 870))  # rows and columns of the SpO2 plot in the pane


@pytest.fixture(scope="module")
def screens() -> Iterator[Desktop]:
    """Two displays."""
    with desktop(2) as shown:
        yield shown


@pytest.fixture(scope="module")
def room(
    tmp_path_factory: pytest.TempPathFactory, screens: Desktop, server: SoundServer, music_folder: Path
) -> Iterator[RoomRun]:
    """A room on both of them."""
    folder = tmp_path_factory.mktemp("windows")
    with room_run(folder, server=server, length=600, music=str(music_folder), env=screens.env) as run:
        run.await_ready()
        run.await_shown()
        yield run


def of_patient(picture: Picture) -> Picture:
    """The left display."""
    return picture[:, :WIDTH]


def of_sitter(picture: Picture) -> Picture:
    """The right display."""
    return picture[:, WIDTH:]


def brightness(picture: Picture) -> float:
    """Mean of all pixels, 0 to 1."""
    return float(picture.mean()) / 255


def await_dark(screens: Desktop) -> None:
    """Until both displays are covered by the room."""
    wait_until(lambda: brightness(screens.picture()) < BRIGHT, 20, "the room to cover both displays")


def curve_columns(picture: Picture) -> int:
    """How many columns of the SpO2 plot hold the bright curve."""
    plot = of_sitter(picture)[CHART].astype(int)
    return int((plot.sum(axis=2) > 480).any(axis=0).sum())


def test_each_display_has_its_window_and_the_patient_s_is_dark(room: RoomRun, screens: Desktop) -> None:
    shown = room.await_shown().what
    assert shown.windows == ("rest on HDMI-1", "sitter on eDP-1")
    assert not shown.one_display
    assert sorted(
        wait_until(lambda: screens.windows() if len(screens.windows()) == 2 else None, 10, "two windows")
    ) == [0, WIDTH]
    await_dark(screens)
    picture = screens.picture()
    assert picture.shape == (HEIGHT, 2 * WIDTH, 3)
    assert brightness(of_patient(picture)) < 0.05
    wait_until(lambda: curve_columns(screens.picture()) > 0, 10, "the curve on the sitter's display")


def test_a_click_on_note_and_a_key_write_a_note(room: RoomRun, screens: Desktop) -> None:
    seq = room.last_seq()
    for _attempt in range(5):  # a press on a button that has just appeared is taken for an accident
        screens.click(WIDTH + NOTE_BUTTON[0], NOTE_BUTTON[1])
        with contextlib.suppress(AssertionError):
            wait_until(lambda: _typed(room, screens, "2", seq, e.NoteAdded), 3, "the note")
            break
    note = room.await_row(lambda w: isinstance(w, e.NoteAdded), "the note", seq)
    assert note.what.preset == "talked"


def _typed(room: RoomRun, screens: Desktop, key: str, seq: int, kind: type[e.Event]) -> bool:
    if any(isinstance(row.what, kind) for row in room.rows(seq)):
        return True
    screens.xdotool("key", key)
    return False


def test_a_touch_on_the_rest_screen_calls_the_sitter_who_answers_by_a_key(room: RoomRun, screens: Desktop) -> None:
    seq = room.last_seq()
    screens.click(WIDTH // 2, HEIGHT // 2)
    called = room.await_row(lambda w: isinstance(w, e.SitterCalled), "the call", seq)
    assert called.what.by == "click"
    room.await_row(lambda w: isinstance(w, e.CallSignalled), "banner and tone of the call", called.seq)
    # the touch was on the patient's display, yet the sitter's keys reach the pane
    for kind in (e.CallAnswered, e.CallEnded):
        wait_until(lambda kind=kind: _typed(room, screens, "a", called.seq, kind), 10, kind.__name__)


def test_space_on_the_rest_screen_calls_the_sitter(room: RoomRun, screens: Desktop) -> None:
    seq = room.last_seq()
    screens.xdotool("windowfocus", "--sync", screens.windows()[0])
    wait_until(lambda: _typed(room, screens, "space", seq, e.SitterCalled), 15, "the call")
    called = room.await_row(lambda w: isinstance(w, e.SitterCalled), "the call", seq)
    assert called.what.by == "key"


def test_key_a_on_the_pane_acknowledges_the_alarm(room: RoomRun, screens: Desktop) -> None:
    seq = room.last_seq()
    screens.xdotool("windowfocus", "--sync", screens.windows()[WIDTH])
    with room.air.feeding("oximeter", LOW, every_s=0.5):
        raised = room.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "spo2_very_low", "alarm", seq)
        wait_until(lambda: _typed(room, screens, "a", raised.seq, e.AlarmAcknowledged), 10, "the acknowledgement")
        answered = room.await_row(lambda w: isinstance(w, e.AlarmAcknowledged), "the acknowledgement", raised.seq)
    assert answered.what.alarm == "spo2_very_low"
    assert answered.t_s - raised.t_s < OWN_ACT_WITHIN_S, "nobody else answered it"


def test_a_crashed_screen_is_back_on_both_displays_with_its_history(room: RoomRun, screens: Desktop) -> None:
    columns, seq = curve_columns(screens.picture()), room.last_seq()
    assert columns > 0
    os.kill(room.child_pid("screen"), signal.SIGSEGV)
    ended = room.await_row(lambda w: isinstance(w, e.ChildEnded), "its end", seq)
    shown = room.await_row(lambda w: isinstance(w, e.WindowsShown), "the windows", ended.seq)
    back_s = (shown.stamp.utc_ns - ended.stamp.utc_ns) / 1e9
    print(f"windows back after {back_s:.2f} s")
    assert back_s < 3 * crowding()
    await_dark(screens)
    wait_until(lambda: curve_columns(screens.picture()) >= columns, 10, "the curve from before the crash")


def white(picture: Picture) -> float:
    """Share of pure white pixels: of the desktop behind the room, which itself has none."""
    return float((picture.min(axis=2) == 255).mean())


def test_nothing_shines_through_and_nothing_flashes_while_a_killed_monitor_is_replaced(
    room: RoomRun, screens: Desktop
) -> None:
    await_dark(screens)
    seq = room.last_seq()
    seen = {"patient": [0.0, 0.0], "sitter": [0.0, 0.0]}
    os.kill(room.monitor_pid(), signal.SIGKILL)

    def is_replaced() -> bool:
        picture = screens.picture()
        for name, part in (("patient", of_patient(picture)), ("sitter", of_sitter(picture))):
            seen[name] = [max(pair) for pair in zip(seen[name], (brightness(part), white(part)), strict=True)]
        return any(isinstance(row.what, e.WindowsShown) for row in room.rows(seq)) and len(screens.windows()) == 2

    wait_until(is_replaced, 30, "the new screen")
    print(f"while replaced, brightest mean and share of white: {seen}")
    assert seen["patient"][0] < 0.1
    assert seen["sitter"][0] < BRIGHT
    assert max(share for _, share in seen.values()) < 0.001  # the mouse pointer


def test_escape_leaves_the_demo_and_nothing_is_left(room: RoomRun, screens: Desktop) -> None:
    await_dark(screens)
    wait_until(lambda: WIDTH in screens.windows(), 5, "the second display's window in its place")
    screens.xdotool("windowfocus", "--sync", screens.windows()[WIDTH])
    assert room.supervisor
    wait_until(lambda: _left(room, screens), 20, "the room to end")
    assert room.code() == 0
    assert room.view("SELECT ended_how FROM v_sessions") == [("left by the sitter",)]
    assert room.left() == []
    assert screens.windows() == {}
    wait_until(lambda: brightness(screens.picture()) > 0.99, 5, "the desktop to be back")


def _left(room: RoomRun, screens: Desktop) -> bool:
    if any(isinstance(row.what, e.SessionEnded) for row in room.rows()):
        return True
    for window in list(screens.windows().values())[-1:]:
        screens.xdotool("key", "--window", window, "Escape")
    return False


def test_on_one_display_an_alarm_is_answered_and_without_a_supervisor_the_sitter_can_still_leave(
    tmp_path: Path, server: SoundServer
) -> None:
    with desktop(1) as one, room_run(tmp_path, server=server, length=600, sound=False, env=one.env) as run:
        run.await_ready()
        assert run.await_shown().what.one_display
        seq = run.last_seq()
        wait_until(lambda: brightness(one.picture()) < BRIGHT, 20, "the room to cover the display")
        with run.air.feeding("oximeter", LOW, every_s=0.5):
            raised = run.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "spo2_very_low", "alarm", seq)
            wait_until(lambda: _typed(run, one, "a", raised.seq, e.AlarmAcknowledged), 10, "the acknowledgement")
        assert run.supervisor
        run.supervisor.kill()
        run.await_row(lambda w: isinstance(w, e.ProtectionLost), "protection lost", raised.seq)
        wait_until(lambda: _left(run, one), 20, "the room to end")
        wait_until(lambda: run.left() == [], 20, "the end of every process")
        assert run.view("SELECT ended_how FROM v_sessions") == [("left by the sitter",)]
