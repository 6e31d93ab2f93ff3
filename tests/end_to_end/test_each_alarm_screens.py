"""Alarms that begin at a display, end to end: a touch on the real rest screen, a display that is unplugged."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end.alarm_run import WITHIN_MS, Begin, Case, Run, Watched, keep, measure
from tests.end_to_end.desktop import HEIGHT, PATIENT_NAME, SITTER_NAME, WIDTH, Desktop, desktop
from tests.end_to_end.ear import QUIET_DB, ear
from tests.end_to_end.room_run import RoomRun, crowding, room_run, wait_until
from tests.sound import PATIENT, SITTER, SoundServer

pytestmark = [pytest.mark.window, pytest.mark.sound]
SPEED = 4.0
IDLE_PERCENT = 40.0


@pytest.fixture(scope="module")
def screens() -> Iterator[Desktop]:
    """Two displays; the X server's one output is under the sitter's, so that the patient's can go."""
    with desktop(2) as shown:
        for name in (PATIENT_NAME, SITTER_NAME):
            unplug(shown, name)
        plug(shown, SITTER_NAME, WIDTH, "screen")
        plug(shown, PATIENT_NAME, 0, "none")
        yield shown


def unplug(screens: Desktop, name: str) -> None:
    screens.xrandr("--delmonitor", name)


def plug(screens: Desktop, name: str, x: int, output: str) -> None:
    screens.xrandr("--setmonitor", name, f"{WIDTH}/361x{HEIGHT}/203+{x}+0", output)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, screens: Desktop, server: SoundServer) -> Iterator[Watched]:
    """A session with its windows on both displays, four times as fast. Nobody answers but the key A."""
    with (
        room_run(
            tmp_path_factory.mktemp("screens"), server=server, length=50, speed=SPEED, env=screens.env,
            sound=False, kind="patient",
        ) as room,
        ear(server, SITTER) as at_sitter,
        ear(server, PATIENT) as at_patient,
    ):  # fmt: skip
        room.await_ready()
        room.await_shown()
        screen = psutil.Process(room.child_pid("screen"))
        wait_until(lambda: screen.cpu_percent(0.3) < IDLE_PERCENT, 20, "the screen to have nothing to build any more")
        yield Watched(room, {SITTER: at_sitter, PATIENT: at_patient}, lambda alarm: press_a(room, screens))


def press_a(room: RoomRun, screens: Desktop) -> None:
    """The sitter's "I'm on it", until the record has it."""
    seq = room.last_seq()

    def answered() -> bool:
        if any(isinstance(row.what, e.AlarmAcknowledged | e.CallAnswered) for row in room.rows(seq)):
            return True
        screens.xdotool("key", "a")
        return False

    wait_until(answered, 15, "the answer")


@contextlib.contextmanager
def call_unanswered(watched: Watched) -> Iterator[Begin]:
    """The call before still stands. What sounds for it until now is the call's own chime."""
    room = watched.room
    called = next(row for row in reversed(room.rows()) if isinstance(row.what, e.SitterCalled))
    due_ns = room.real_ns(called.stamp) + round(UNANSWERED.delay_s / SPEED * 1e9)
    wait_until(lambda: time.time_ns() >= due_ns, 20, "the end of the delay")
    watched.listen_ns = due_ns
    yield lambda: room.real_ns(called.stamp)


UNANSWERED = Case(
    "call_unanswered", Severity.HIGH, 30, "nobody answers the patient's call", call_unanswered,
    heard_at=(SITTER, PATIENT),
)  # fmt: skip


@contextlib.contextmanager
def patients_display_unplugged(watched: Watched, screens: Desktop) -> Iterator[Begin]:
    """The patient's display goes, and comes back. It is gone when the command that takes it away has done so."""
    unplug(screens, PATIENT_NAME)
    gone_ns = time.time_ns()
    yield lambda: gone_ns
    plug(screens, PATIENT_NAME, 0, "none")


def test_a_display_that_is_unplugged(watched: Watched, screens: Desktop) -> None:
    cause = lambda watched: patients_display_unplugged(watched, screens)  # noqa: E731
    run = measure(watched, Case("display_gone", Severity.LOW, 0, "the patient's display is unplugged", cause))
    assert run.severity == "low"


@contextlib.contextmanager
def hand(screens: Desktop) -> Iterator[Callable[[str], None]]:
    """A hand that is there already when it touches: the start of a program is no part of what is measured."""
    words = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, env=os.environ | screens.env)
    assert words.stdin

    def does(text: str) -> None:
        assert words.stdin
        words.stdin.write(f"{text}\n".encode())
        words.stdin.flush()

    try:
        does(f"mousemove {WIDTH // 2} {HEIGHT // 2}")
        where = f"x:{WIDTH // 2} y:{HEIGHT // 2} "
        wait_until(lambda: where in screens.xdotool("getmouselocation"), 10, "the hand over the display")
        yield does
    finally:
        words.stdin.close()
        words.wait(5)


def test_the_patients_touch_calls_the_sitter_and_nobody_else_hears_it(watched: Watched, screens: Desktop) -> None:
    with hand(screens) as does:
        room, seq = watched.room, watched.await_calm()
        touched_ns = time.time_ns()
        does("click 1")
        called = room.await_row(lambda w: isinstance(w, e.SitterCalled), "the call", seq)
        late_ms = (watched.ears[SITTER].onset_ns(touched_ns) - touched_ns) / 1e6
    assert watched.ears[PATIENT].loudest_db(touched_ns) < QUIET_DB
    room.await_row(lambda w: isinstance(w, e.CallSignalled), "banner and tone of the call", called.seq)
    keep(Run("call", "call", "none", "the patient touches the rest screen", late_ms, SITTER, called.text, ""))
    assert late_ms <= WITHIN_MS * crowding()


def test_a_call_that_nobody_answers_is_heard_everywhere_until_somebody_does(watched: Watched, screens: Desktop) -> None:
    run = measure(watched, UNANSWERED)
    assert run.severity == "high"
