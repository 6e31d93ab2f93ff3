"""The one writer: in order, nothing lost, nothing twice, through a full disk and through its own death."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.record import driver, schema
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Reader
from kiosk.record.recorder import Recorder
from kiosk.session.events import NoteAdded, RunAnchored, SessionEnded
from tests.unit.kiosk.record_samples import Heard, at, opened, oximetry, recorder, select, until, waveform, write

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "record.db"


def seqs(path: Path) -> list[object]:
    return [row["chain_seq"] for row in select(path, "SELECT chain_seq FROM chain ORDER BY chain_seq")]


def problems(path: Path, session_id: str = "s1") -> list[object]:
    with Reader(path) as reader:
        return reader.verify_chain(session_id)


@contextlib.contextmanager
def no_room(path: Path) -> Iterator[None]:
    """The file system refuses to let any file grow beyond what the record's log has now."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.with_name(path.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_row_knows_its_place_and_time_at_once_and_when_it_is_on_the_disk(path):
    heard = Heard()
    writer = recorder(path, heard)
    tickets = [writer.append_event(opened(), at(0), "opened")]
    tickets += [writer.append_reading(oximetry(second)) for second in range(1, 50)]
    assert [ticket.seq for ticket in tickets] == list(range(1, 51))
    assert [ticket.t_s for ticket in tickets] == [float(second) for second in range(50)]
    until(lambda: len(heard.stored) == 50)
    assert all(ticket.stored for ticket in tickets)
    assert writer.waiting == 0
    writer.close()
    assert heard.stored == seqs(path) == list(range(1, 51))
    assert (heard.failed, heard.restored, problems(path)) == ([], [], [])


def test_settled_is_what_is_on_the_disk_and_nobody_waits_for_one_that_is_held_or_refuses(path):
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    tickets = [writer.append_reading(oximetry(second)) for second in range(1, 50)]
    assert writer.settle(10.0)
    assert all(ticket.stored for ticket in tickets)
    assert writer.settle(0.0)
    with contextlib.closing(driver.connect(path, read_only=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        held = writer.append_reading(oximetry(50))
        assert not writer.settle(0.05)
        assert not held.stored
    assert writer.settle(10.0)
    with no_room(path):
        writer.append_reading(oximetry(51))
        until(lambda: heard.failed)
        assert not writer.settle(60.0)
    assert heard.failed
    writer.close()
    assert problems(path) == []


def test_close_writes_what_waits_and_leaves_one_whole_file(path):
    writer = recorder(path)
    writer.append_event(opened(), at(0))
    for second in range(3000):
        writer.append_reading(oximetry(second))
    writer.close()
    writer.close()
    assert [file.name for file in path.parent.iterdir()] == ["record.db"]
    assert len(seqs(path)) == 3001


def test_a_row_without_a_session_is_refused(path):
    writer = recorder(path)
    with pytest.raises(RecordError) as refused:
        writer.append_reading(oximetry(1))
    assert refused.value.reason is Reason.NO_SESSION
    writer.append_event(opened(), at(0))
    with pytest.raises(RecordError) as refused:
        writer.append_event(opened("s2"), at(1))
    assert refused.value.reason is Reason.SESSION_OPEN
    writer.append_event(SessionEnded("released"), at(2))
    with pytest.raises(RecordError):
        writer.append_event(NoteAdded("late"), at(3))
    writer.append_event(opened("s2"), at(4))
    writer.close()
    assert problems(path, "s1") == problems(path, "s2") == []


def test_a_sentence_that_is_no_text_is_refused_and_takes_no_place(path):
    writer = recorder(path)
    writer.append_event(opened(), at(0))
    with pytest.raises(RecordError) as refused:
        writer.append_event(NoteAdded("\ud800"), at(1))
    assert refused.value.reason is Reason.NOT_WRITABLE_AS_TEXT
    assert writer.append_reading(oximetry(2)).seq == 2
    writer.close()
    assert seqs(path) == [1, 2]


def test_while_the_disk_is_full_rows_wait_and_are_written_in_order_when_it_returns(path):
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    until(lambda: heard.stored == [1])
    with no_room(path):
        tickets = [writer.append_reading(oximetry(second)) for second in range(1, 2001)]
        until(lambda: heard.failed)
        assert writer.waiting > 0
        assert not tickets[-1].stored
    until(lambda: heard.restored)
    writer.close()
    assert seqs(path) == heard.stored == list(range(1, 2002))
    assert len(heard.failed) == len(heard.restored) == 1
    assert heard.restored[0] > 0
    assert "SQLITE" in heard.failed[0]
    assert problems(path) == []


def test_rows_that_waited_are_written_as_they_came_whatever_tables_and_sessions_they_go_to(path):
    heard = Heard()
    writer = recorder(path, heard)
    writer.append_event(opened("s0"), at(0))
    assert writer.settle(10.0)
    expected = {"s0": ["session_opened"]}
    with contextlib.closing(driver.connect(path, read_only=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        for session_id in ("s0", "s1"):
            if session_id == "s1":
                writer.append_event(opened("s1"), at(0))
                expected["s1"] = ["session_opened"]
            for length in (1, 2, 3, 7, 65, 130):
                for second in range(length):
                    writer.append_reading(oximetry(second))
                writer.append_waveform(waveform(length))
                writer.append_event(NoteAdded("once"), at(length))
                writer.append_event(NoteAdded("again"), at(length))
                expected[session_id] += ["reading"] * length + ["waveform", "note_added", "note_added"]
            writer.append_event(SessionEnded("released"), at(200))
            expected[session_id].append("session_ended")
    writer.close()
    for session_id, kinds in expected.items():
        query = f"SELECT chain_seq, kind, body FROM chain WHERE session_id = '{session_id}' ORDER BY chain_seq"
        found = select(path, query)
        assert [row["kind"] for row in found] == kinds
        assert [row["chain_seq"] for row in found] == list(range(1, len(kinds) + 1))
        assert problems(path, session_id) == []
    assert heard.stored == [*range(1, len(expected["s0"]) + 1), *range(1, len(expected["s1"]) + 1)]


def test_waveform_leaves_the_other_half_of_the_waiting_room_to_readings(path):
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01, limit=10)
    writer.append_event(opened(), at(0), "opened")
    until(lambda: heard.stored)
    with no_room(path):
        blocks = [writer.append_waveform(waveform(second, *range(100))) for second in range(1, 9)]
        assert [block is not None for block in blocks] == [True] * 5 + [False] * 3
        readings = [writer.append_reading(oximetry(second)) for second in range(10, 15)]
        with pytest.raises(RecordError) as refused:
            writer.append_reading(oximetry(16))
        assert refused.value.reason is Reason.MEMORY_FULL
    until(lambda: readings[-1].stored)
    writer.close()
    kinds = select(path, "SELECT kind FROM chain ORDER BY chain_seq")
    assert [row["kind"] for row in kinds] == ["session_opened", *["waveform"] * 5, *["reading"] * 5]
    assert (writer.lost, problems(path)) == (4, [])


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 kB, which only root may make."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], check=False, capture_output=True
    ).returncode:
        pytest.skip("no right to mount a small file system here; the limit on file size covers the same code")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_really_full_disk_is_told_with_its_reason_and_outlasted(small_disk):
    path = small_disk / "record.db"
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    until(lambda: heard.stored == [1])
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), b"x" * 4096)
    for second in range(1, 200):
        writer.append_reading(oximetry(second))
    until(lambda: heard.failed)
    assert heard.failed == ["database or disk is full [SQLITE_FULL]"]
    ballast.unlink()
    until(lambda: heard.restored)
    writer.close()
    assert seqs(path) == list(range(1, 201))
    assert problems(path) == []


def test_closing_on_a_full_disk_says_how_many_rows_were_lost(path):
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    until(lambda: heard.stored == [1])
    with no_room(path):
        for second in range(1, 2001):
            writer.append_reading(oximetry(second))
        until(lambda: heard.failed)
        with pytest.raises(RecordError) as lost:
            writer.close()
    assert lost.value.reason is Reason.NOT_SAVED
    assert lost.value.count > 0
    assert seqs(path) == heard.stored == list(range(1, 2002 - lost.value.count))
    assert problems(path) == []


def test_memory_is_bounded_and_what_it_refused_leaves_no_gap(path):
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01, limit=100)
    writer.append_event(opened(), at(0))
    until(lambda: heard.stored == [1])
    refused = 0
    with no_room(path):
        for second in range(1, 5000):
            try:
                writer.append_reading(oximetry(second))
            except RecordError as error:
                refused += error.reason is Reason.MEMORY_FULL
        until(lambda: heard.failed)
    assert writer.lost == refused > 0
    until(lambda: writer.waiting == 0)
    writer.append_event(NoteAdded("on again"), at(5000))
    writer.close()
    assert problems(path) == []
    assert seqs(path) == list(range(1, 5001 - refused + 1))


def test_a_record_that_was_taken_away_is_not_made_anew_and_goes_on_when_it_is_back(path):
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    until(lambda: heard.stored == [1])
    aside = path.with_name("aside")
    aside.mkdir()
    for file in list(path.parent.glob("record.db*")):
        file.rename(aside / file.name)
    writer.append_reading(oximetry(1))
    until(lambda: heard.failed)
    assert "No such file" in heard.failed[0]
    assert not path.exists()
    for file in aside.iterdir():
        file.rename(path.parent / file.name)
    until(lambda: heard.restored)
    writer.close()
    assert seqs(path) == [1, 2]
    assert problems(path) == []


def test_a_record_replaced_by_another_is_not_written_to(path, tmp_path):
    other = tmp_path / "other.db"
    write(other, oximetry(1))
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    until(lambda: heard.stored == [1])
    for end in ("", "-wal", "-shm"):
        path.with_name("record.db" + end).unlink(missing_ok=True)
    other.rename(path)
    before = seqs(path)
    writer.append_reading(oximetry(1))
    until(lambda: heard.failed)
    assert "otherwise" in heard.failed[0]
    with pytest.raises(RecordError):
        writer.close()
    assert seqs(path) == before


def test_a_commit_that_arrived_although_it_failed_is_not_written_twice(path, monkeypatch):
    """The one fault that no real disk gives on order: an error after the commit has reached it."""
    real = schema.open_for_writing
    faults = [True, True]

    class FailsAfterCommit:
        def __init__(self, connection: driver.Connection) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> object:
            return getattr(self._connection, name)

        def execute(self, sql: str, parameters: object = ()) -> object:
            result = self._connection.execute(sql, parameters)
            has_committed = sql == "COMMIT" or (sql.startswith("INSERT") and not self._connection.in_transaction)
            if has_committed and faults and faults.pop():
                raise driver.Error("disk I/O error")
            return result

    monkeypatch.setattr(schema, "open_for_writing", lambda path: FailsAfterCommit(real(path)))
    heard = Heard()
    writer = recorder(path, heard, retry_s=0.01)
    writer.append_event(opened(), at(0))
    writer.append_event(SessionEnded("stopped"), at(1))
    writer.append_event(opened("s2"), at(2))
    until(lambda: len(heard.stored) == 3)
    writer.append_reading(oximetry(3))
    until(lambda: not faults)
    writer.close()
    assert heard.stored == [1, 2, 1, 2]
    assert len(select(path, "SELECT * FROM chain")) == 4
    assert problems(path, "s1") == problems(path, "s2") == []


def test_a_bug_in_the_writer_is_heard(path):
    heard = Heard()
    told = threading.Event()

    def now():
        raise ZeroDivisionError

    writer = Recorder(
        path, now, lambda told: told(), heard.take, lambda why: (heard.failed.append(why), told.set()), print
    )
    writer.append_event(opened(), at(0))
    assert told.wait(20)
    assert "ZeroDivisionError" in heard.failed[0]
    with pytest.raises(RecordError):
        writer.close()


def test_an_owner_whose_loop_has_closed_loses_no_row(path):
    def closed(_: object) -> None:
        raise RuntimeError("Event loop is closed")

    heard = Heard()
    writer = Recorder(path, lambda: at(0), closed, heard.take, heard.failed.append, heard.restored.append)
    writer.append_event(opened(), at(0))
    writer.append_reading(oximetry(1))
    writer.close()
    assert seqs(path) == [1, 2]


# -- its own death ----------------------------------------------------------------------------------------------------


def child(path: Path, how: str, resume: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.unit.kiosk.record_writer_child", str(path), how, resume]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_writer_killed_in_mid_stream_loses_nothing_that_it_acknowledged(path):
    acknowledged: list[int] = []
    for life in range(3):
        with child(path, "stream", "s1" if life else "") as process:
            assert process.stdout is not None
            for line in process.stdout:
                acknowledged.append(int(line))
                if len(acknowledged) % 200 == 0:
                    process.kill()
                    break
            acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]
        stored = seqs(path)
        assert stored == list(range(1, len(stored) + 1))
        assert set(acknowledged) <= set(stored)
        assert problems(path) == []
    assert len(acknowledged) == len(set(acknowledged))


def test_a_writer_killed_between_commit_and_acknowledgement_keeps_the_row_once(path):
    with child(path, "at-commit") as process:
        assert process.stdout is not None
        acknowledged = [int(line) for line in process.stdout]
    assert process.returncode == -9
    stored = seqs(path)
    assert len(stored) > len(acknowledged)
    writer = recorder(path, resume="s1")
    ticket = writer.append_event(RunAnchored("boot-1", 60, 2), at(900))
    writer.close()
    assert ticket.seq == len(stored) + 1
    assert seqs(path) == [*stored, ticket.seq]
    assert problems(path) == []


# -- going on ---------------------------------------------------------------------------------------------------------


def test_a_resumed_session_goes_on_in_chain_and_time(path):
    write(path, oximetry(10))
    writer = recorder(path, resume="s1")
    assert writer.session_id == "s1"
    writer.append_event(RunAnchored("boot-1", 60, 2), at(60), "again")
    ticket = writer.append_reading(oximetry(61))
    writer.close()
    assert (ticket.seq, ticket.t_s) == (5, 61.0)
    assert problems(path) == []


def test_across_a_boot_session_time_is_bridged_by_the_wall_clock(path):
    write(path, oximetry(10))
    writer = recorder(path, resume="s1")
    reboot = -5000.0  # the boot clock began anew
    writer.append_event(RunAnchored("boot-2", 60, 2), at(300, boot_off_s=reboot), "again")
    assert writer.append_event(NoteAdded("n"), at(301, utc_off_s=99, boot_off_s=reboot)).t_s == 301.0
    writer.close()
    resumed = recorder(path, resume="s1")
    assert resumed.timeline.t_s(at(302, boot_off_s=reboot)) == 302.0
    resumed.close()


def test_a_wall_clock_set_back_over_a_boot_does_not_turn_session_time_back(path):
    write(path, oximetry(100))
    writer = recorder(path, resume="s1")
    ticket = writer.append_event(RunAnchored("boot-2", 60, 2), at(130, utc_off_s=-3600, boot_off_s=-5000))
    writer.close()
    assert ticket.t_s == 100.0


def test_a_session_that_has_ended_or_never_was_cannot_be_resumed(path):
    write(path, SessionEnded("released"))
    for name in ("s1", "s9"):
        with pytest.raises(RecordError) as refused:
            recorder(path, resume=name)
        assert refused.value.reason is Reason.UNKNOWN_SESSION
