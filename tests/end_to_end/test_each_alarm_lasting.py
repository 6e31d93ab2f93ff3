"""Alarms that come, or grow, because something lasts: each in a room of its own, with a clock as fast as it needs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end import device_cause as by
from tests.end_to_end.alarm_run import Begin, Case, Cause, Watched, measure, watched_room
from tests.end_to_end.disk import Disk, own_disk
from tests.end_to_end.room_run import wait_until
from tests.sound import SITTER, SoundServer

pytestmark = pytest.mark.sound
EXAMPLE = Path(__file__).parents[2] / "kiosk" / "assets" / "example-plan.toml"


def test_numbers_that_stand_still_for_two_minutes(tmp_path: Path, server: SoundServer) -> None:
    case = Case("frozen", Severity.MEDIUM, 120, "SpO2 97 %, pulse 62 again and again", by.bytes_of("0061003e00"))
    with watched_room(tmp_path, server, 12.0) as watched:
        measure(watched, case)


def plan_without_oximeter(folder: Path, look_every_min: float) -> str:
    """The example plan without the one device that a fast clock would miss each moment."""
    text = EXAMPLE.read_text()
    for old, new in (
        ("look_in_every_min = 15", f"look_in_every_min = {look_every_min}"),
        ('use = "required"', 'use = "unused"'),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    plan = folder / "plan.toml"
    plan.write_text(text)
    return str(plan)


def hear_out(watched: Watched) -> None:
    """Let the burst that sounds now come to its end: what is heard afterwards is another tone."""
    ear = watched.ears[SITTER]
    ear.onset_ns(time.time_ns() - 10**9)
    wait_until(lambda: ear.is_silent(0.5), 5, "the end of the burst")
    watched.listen_ns = time.time_ns()


def looks_missed(due_after_s: float, *, until_high: bool) -> Cause:
    """Nobody looks; later somebody does. due_after_s: session seconds from one look to when the next is due."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        room = watched.room
        seen = next(r for r in reversed(room.rows()) if isinstance(r.what, e.SessionStarted | e.LookedIn))
        if until_high:
            watched.sitter.await_view(lambda v: (v.sentence.alarm, v.sentence.kind) == ("look_in_due", "medium"), "it")
            hear_out(watched)
        yield lambda: room.real_ns(seen.stamp) + round(due_after_s / room.options.speed * 1e9)
        watched.sitter.do(c.LookIn())

    return cause


def test_a_look_that_is_due_and_does_not_come_is_medium_and_then_high(tmp_path: Path, server: SoundServer) -> None:
    words = "nobody answers the look that is due"
    with watched_room(tmp_path, server, 50.0, plan=plan_without_oximeter(tmp_path, look_every_min=0.5)) as watched:
        medium = looks_missed(30, until_high=False)
        measure(watched, Case("look_in_due", Severity.MEDIUM, 120, words, medium))
        measure(watched, Case("look_in_due", Severity.HIGH, 300, words, looks_missed(30, until_high=True)))


def full(disk: Disk, *, until_high: bool) -> Cause:
    """No byte more can be written; later there is room again."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        pid = watched.room.monitor_pid()
        disk.fill(pid)
        full_ns = time.time_ns()
        if until_high:
            watched.sitter.await_view(lambda v: v.sentence.alarm == "not_recording", "the alarm")
            hear_out(watched)
        yield lambda: full_ns
        disk.free(pid)

    return cause


def test_a_record_that_cannot_be_written_is_medium_and_then_high(tmp_path: Path, server: SoundServer) -> None:
    with (
        own_disk(tmp_path) as disk,
        watched_room(
            tmp_path, server, 20.0, plan=plan_without_oximeter(tmp_path, 0), data_dir=str(disk.place / "data")
        ) as watched,
    ):
        medium, high = full(disk, until_high=False), full(disk, until_high=True)
        measure(watched, Case("not_recording", Severity.MEDIUM, 0, "the disk is full", medium, waits=True))
        measure(watched, Case("not_recording", Severity.HIGH, 60, "the disk is full", high, waits=True))
