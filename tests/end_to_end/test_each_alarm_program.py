"""Alarms of the program and the computer itself, end to end: a dead monitor, a still computer, no supervisor."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from kiosk.session.events import Severity
from tests.end_to_end.alarm_run import Begin, Case, Watched, measure, watched_room
from tests.end_to_end.room_run import marked
from tests.sound import SoundServer

pytestmark = pytest.mark.sound
STILL_S = 3.5


@contextlib.contextmanager
def killed(watched: Watched) -> Iterator[Begin]:
    """The monitor dies: the failure tone sounds until the next one has taken the session up and says so."""
    killed_ns = time.time_ns()
    os.kill(watched.room.monitor_pid(), signal.SIGKILL)
    yield lambda: killed_ns


@contextlib.contextmanager
def still(watched: Watched) -> Iterator[Begin]:
    """Everything stands still as in a suspend, the devices too, and goes on."""
    room = watched.room
    ours = [*marked(room.mark), psutil.Process(room.air.process.pid)]
    for process in ours:
        process.suspend()
    time.sleep(STILL_S)  # the cause itself: nothing can be polled while all stand still
    on_ns = time.time_ns()
    for process in reversed(ours):
        process.resume()
    yield lambda: on_ns


@contextlib.contextmanager
def frozen_supervisor(watched: Watched) -> Iterator[Begin]:
    """The supervisor stands still, and goes on."""
    assert watched.room.supervisor
    now_ns = time.time_ns()
    watched.room.supervisor.send_signal(signal.SIGSTOP)
    yield lambda: now_ns
    watched.room.supervisor.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def killed_supervisor(watched: Watched) -> Iterator[Begin]:
    """The supervisor dies, and nobody starts another."""
    assert watched.room.supervisor
    now_ns = time.time_ns()
    watched.room.supervisor.kill()
    yield lambda: now_ns


CASES = (
    Case("clock_jumped", Severity.LOW, 0, f"the computer stands still for {STILL_S:g} s", still),
    Case("monitoring_restarted", Severity.LOW, 0, "the monitor is killed: failure tone, then this", killed),
    Case("protection_lost", Severity.LOW, 1.5, "the supervisor stands still", frozen_supervisor, "1.5 s silent"),
    Case("protection_lost", Severity.LOW, 0, "the supervisor is killed", killed_supervisor, clears=False),
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: SoundServer) -> Iterator[Watched]:
    """A session by the clock on the wall."""
    with watched_room(tmp_path_factory.mktemp("program"), server, 1.0) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_from_what_happens_to_the_tone_and_the_row(watched: Watched, case: Case) -> None:
    measure(watched, case)
