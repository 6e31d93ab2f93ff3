"""The alarm of a record that cannot be written, end to end, on a disk of its own."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.session.events import Severity
from tests.end_to_end.alarm_run import Begin, Case, Cause, Watched, measure, plan_without_oximeter, watched_room
from tests.end_to_end.disk import Disk, own_disk
from tests.sound import SoundServer

pytestmark = pytest.mark.sound


def full(disk: Disk, *, until_high: bool) -> Cause:
    """No byte more can be written; later there is room again."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        pid = watched.room.monitor_pid()
        disk.fill(pid)
        full_ns = time.time_ns()
        if until_high:
            watched.hear_out(full_ns)
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
