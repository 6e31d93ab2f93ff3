"""Alarms of what the sitter finds, and of the computer's battery, end to end: the monitor's line, tone, row."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest

from kiosk.session import commands as c
from kiosk.session.events import Severity
from tests.end_to_end.alarm_run import Begin, Case, Cause, Watched, measure, watched_room
from tests.sound import SoundServer

pytestmark = pytest.mark.sound
SPEED = 6.0


def found(first: c.Command, then: c.Command) -> Cause:
    """The sitter records this, and later something better."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        now_ns = time.time_ns()
        watched.sitter.do(first)
        yield lambda: now_ns
        watched.sitter.do(then)

    return cause


@contextlib.contextmanager
def laptop_at_8(watched: Watched) -> Iterator[Begin]:
    """The plug is pulled at 8 %, and put back."""
    now_ns = time.time_ns()
    watched.sitter.power(8, plugged=False)
    yield lambda: now_ns
    watched.sitter.power(9, plugged=True)


CASES = (
    Case(
        "response_poor", Severity.HIGH, 0, "the sitter answers: wakes only when touched",
        found(c.RecordResponse("touch"), c.RecordResponse("normal voice")),
    ),
    Case(
        "breaths_low", Severity.HIGH, 0, "the sitter counts 3 breaths in 30 s",
        found(c.RecordBreaths(3, 30), c.RecordBreaths(7, 30)),
    ),
    Case(
        "breaths_high", Severity.HIGH, 0, "the sitter counts 18 breaths in 30 s",
        found(c.RecordBreaths(18, 30), c.RecordBreaths(7, 30)),
    ),
    Case(
        "laptop_battery", Severity.MEDIUM, 30, "the computer runs on its battery at 8 %", laptop_at_8,
        "read each 30 s",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: SoundServer) -> Iterator[Watched]:
    """A session, six times as fast."""
    with watched_room(tmp_path_factory.mktemp("person"), server, SPEED) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_from_what_is_found_to_the_tone_and_the_row(watched: Watched, case: Case) -> None:
    measure(watched, case)
