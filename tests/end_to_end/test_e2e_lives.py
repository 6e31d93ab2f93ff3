"""Several lives of a session: the monitor killed at the worst moments, then the supervisor; no stored row is lost."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import psutil

from devices.reading import Reading
from kiosk.record.reader import Reader, Row
from kiosk.session import events as e
from tests.end_to_end.room_run import RoomRun, room_run, wait_until


def essence(rows: list[Row]) -> list[tuple[Any, ...]]:
    """What must stay as it is."""
    return [(row.seq, row.stamp, row.text, row.kind, row.what) for row in rows]


def readings(rows: list[Row]) -> list[Reading]:
    """The readings among them."""
    return [row.what for row in rows if isinstance(row.what, Reading)]


def kill_right_after_a_commit(run: RoomRun) -> list[Row]:
    """SIGKILL to the monitor in the moment in which a row reaches the disk; the rows that were there before."""
    pid, before = run.monitor_pid(), run.rows()
    log = run.record.with_name("record.db-wal")
    written = [log.stat().st_mtime_ns]
    for _ in range(random.randint(3, 6)):  # some commits later, so that no two lives end at the same place
        wait_until(lambda: log.stat().st_mtime_ns != written[0], 10, "a commit")
        written[0] = log.stat().st_mtime_ns
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", 5, "its end")
    return before


def test_a_session_of_three_lives_loses_no_committed_row_and_a_third_end_starts_plain(tmp_path: Path) -> None:
    with room_run(tmp_path, length=600, screen=False, sound=False, tone=False) as run:
        run.await_ready()
        for life in (1, 2):
            before = kill_right_after_a_commit(run)
            resumed = run.await_row(lambda w: isinstance(w, e.RunResumed), f"life {life + 1}", before[-1].seq)
            assert resumed.what.gap_s > 0
            run.await_row(lambda w: isinstance(w, Reading), "a reading", resumed.seq)
            assert essence(run.rows())[: len(before)] == essence(before)
            assert len(run.sessions()) == 1
        session = run.sessions()[0]
        with Reader(run.record) as reader:
            assert reader.verify_chain(session) == []
        old = run.rows()
        os.kill(run.monitor_pid(), signal.SIGKILL)
        plain = run.data / "record-plain-1.db"
        wait_until(lambda: readings(run.rows(record=plain)), 30, "readings in a plain run")
        assert [r.what.plain for r in run.rows(record=plain) if isinstance(r.what, e.RunAnchored)] == [True]
        assert essence(run.rows())[: len(old)] == essence(old)
        assert run.ask_to_end() == 0
        assert run.left() == []


def test_without_its_supervisor_the_monitor_records_on_says_so_and_ends_cleanly(tmp_path: Path) -> None:
    with room_run(tmp_path, length=600, screen=False, sound=False, tone=False) as run:
        run.await_ready()
        seq = run.last_seq()
        assert run.supervisor
        run.supervisor.kill()
        run.supervisor.wait(5)
        lost = run.await_row(lambda w: isinstance(w, e.ProtectionLost), "protection lost", seq)
        run.await_row(lambda w: isinstance(w, e.AlarmRaised) and w.alarm == "protection_lost", "its alarm", lost.seq)
        for _ in range(3):
            lost = run.await_row(lambda w: isinstance(w, Reading), "a reading", lost.seq)
        os.kill(run.monitor_pid(), signal.SIGTERM)
        wait_until(lambda: run.left() == [], 20, "the end of every process")
        assert run.view("SELECT ended_how FROM v_sessions") == [("interrupted",)]
        with Reader(run.record) as reader:
            assert reader.verify_chain(run.sessions()[0]) == []


def test_every_value_that_reaches_the_room_while_it_ends_is_recorded(tmp_path: Path) -> None:
    with room_run(tmp_path, length=600, screen=False, sound=False, tone=False) as run:
        run.await_ready()
        with run.air.feeding("oximeter", "0061004800", every_s=0.01):
            seq = run.last_seq()
            wait_until(lambda: len(run.rows(seq)) > 40, 20, "a stream of values")  # some are events
            assert run.ask_to_end() == 0
        run.air.end()
        result = run.compare()
        assert result.sent > 30
        assert result.same, result.sentence
        assert run.left() == []
