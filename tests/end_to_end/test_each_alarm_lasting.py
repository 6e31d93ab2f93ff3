"""Alarms that come, or grow, because something lasts: each in a room of its own, with a clock as fast as it needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end import device_cause as by
from tests.end_to_end.alarm_run import Begin, Case, Cause, Watched, measure, plan_without_oximeter, watched_room
from tests.sound import SoundServer

pytestmark = pytest.mark.sound
MEDIUM_S, HIGH_S = 120, 300  # after a look was due


def test_numbers_that_stand_still_for_two_minutes(tmp_path: Path, server: SoundServer) -> None:
    case = Case("frozen", Severity.MEDIUM, 120, "SpO2 97 %, pulse 62 again and again", by.bytes_of("0061003e00"))
    with watched_room(tmp_path, server, 12.0) as watched:
        measure(watched, case)


def looks_missed(due_after_s: float, *, until_high: bool) -> Cause:
    """Nobody looks; later somebody does. due_after_s: session seconds from one look to when the next is due."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room = watched.room
        seen = next(r for r in reversed(room.rows()) if isinstance(r.what, e.SessionStarted | e.LookedIn))
        if until_high:
            watched.hear_out(room.real_ns(seen.stamp) + round((due_after_s + MEDIUM_S) / room.options.speed * 1e9))
        yield lambda: room.real_ns(seen.stamp) + round(due_after_s / room.options.speed * 1e9)
        watched.sitter.do(c.LookIn())

    return cause


def test_a_look_that_is_due_and_does_not_come_is_medium_and_then_high(tmp_path: Path, server: SoundServer) -> None:
    words = "nobody answers the look that is due"
    with watched_room(tmp_path, server, 50.0, plan=plan_without_oximeter(tmp_path, look_every_min=0.5)) as watched:
        medium = looks_missed(30, until_high=False)
        measure(watched, Case("look_in_due", Severity.MEDIUM, MEDIUM_S, words, medium))
        measure(watched, Case("look_in_due", Severity.HIGH, HIGH_S, words, looks_missed(30, until_high=True)))
