"""Reading: everything comes back as it was written, and whatever was changed behind our back is found."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import typing
from decimal import Decimal
from enum import Enum
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.reading import Reading, Stamp
from kiosk.record.copy import plain_copy
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Problem, Reader
from kiosk.session import events
from kiosk.session.events import NoteAdded, SessionEnded, ValueWithdrawn
from tests.unit.kiosk.record_samples import (
    Heard,
    at,
    opened,
    oximetry,
    pressure,
    raw,
    recorder,
    select,
    until,
    waveform,
    write,
)

INT64 = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "record.db"


def of(kind: object) -> st.SearchStrategy[object]:
    """Any value of a field's type."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is str:
        return st.text(max_size=20)
    if kind is int:
        return INT64
    if kind is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind is Decimal:
        return st.decimals(allow_nan=False, allow_infinity=False)
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(of(inner[0]), of(inner[1]), max_size=3)
    if inner:
        return st.one_of(*map(of, inner))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return built(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return {bool: st.booleans(), bytes: st.binary(max_size=20), type(None): st.none()}[kind]  # type: ignore[index]


def built(struct: type) -> st.SearchStrategy[object]:
    return st.builds(struct, **{field.name: of(field.type) for field in msgspec.structs.fields(struct)})


ANY_EVENT = st.one_of(
    *(built(kind) for kind in typing.get_args(events.AnyEvent) if kind not in (events.SessionOpened, SessionEnded))
)
STAMPS = st.builds(Stamp, utc_ns=st.integers(0, 2**62), boot_ns=st.integers(0, 2**62))
ROWS = st.tuples(STAMPS, st.text(max_size=30), ANY_EVENT) | built(Reading)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROWS, max_size=12), opening=built(events.SessionOpened))
def test_any_events_and_readings_come_back_as_they_were_and_the_chain_is_whole(tmp_path_factory, rows, opening):
    path = tmp_path_factory.mktemp("any") / "record.db"
    writer = recorder(path)
    writer.append_event(opening, at(0), "opened")
    for row in rows:
        if isinstance(row, Reading):
            writer.append_reading(row)
        else:
            writer.append_event(row[2], row[0], row[1])
    writer.close()
    with Reader(path) as reader:
        back = list(reader.rows(opening.session_id))
        made_up = [row.seq for row in back if isinstance(row.what, events.ChainSealed)]  # no key ever signed these
        assert [problem.seq for problem in reader.verify_chain(opening.session_id)] == made_up
    assert [row.what for row in back] == [opening, *(row if isinstance(row, Reading) else row[2] for row in rows)]
    for row, written in zip(back[1:], rows, strict=True):
        stamp, text = (written.stamp, "") if isinstance(written, Reading) else written[:2]
        assert (row.stamp, row.text) == (stamp, text)


def test_the_chain_can_be_recomputed_by_anyone_from_the_words_of_the_design(path):
    write(path, oximetry(1), NoteAdded("n"), oximetry(3))
    previous = hashlib.sha256(b"s1").digest()
    for line in select(path, "SELECT body, hash FROM chain ORDER BY chain_seq"):
        previous = hashlib.sha256(previous + str(line["body"]).encode()).digest()
        assert line["hash"] == previous
    with Reader(path) as reader:
        assert reader.chain_end("s1") == (5, previous.hex())


def tamper(path: Path, *statements: str) -> None:
    """As somebody would who knows the file: triggers away first."""
    connection = raw(path)
    for trigger in select(path, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        connection.execute(f"DROP TRIGGER {trigger['name']}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE reading SET body = replace(body, '\"97\"', '\"99\"') WHERE chain_seq = 4"], [4]),
        (["UPDATE event SET body = replace(body, 'Sentence 3', 'Sentence 4') WHERE chain_seq = 5"], [5]),
        (["DELETE FROM reading WHERE chain_seq = 4"], [5, 5]),
        (["DELETE FROM event WHERE chain_seq = 1"], [2, 2]),
        (["UPDATE event SET kind = 'note_withdrawn' WHERE chain_seq = 5"], [5]),
        (["UPDATE event SET body = '{}' WHERE chain_seq = 5"], [5, 5]),
        (["UPDATE reading SET hash = zeroblob(32) WHERE chain_seq = 3"], [3, 4]),
        (
            [
                "UPDATE reading SET chain_seq = 100 WHERE chain_seq = 3",
                "UPDATE reading SET chain_seq = 3 WHERE chain_seq = 4",
                "UPDATE reading SET chain_seq = 4 WHERE chain_seq = 100",
            ],
            [3, 3, 4, 4, 5],
        ),
        (["PRAGMA foreign_keys = OFF", "DELETE FROM session"], [0]),
    ],
    ids=["number", "sentence", "row gone", "first gone", "kind", "emptied", "hash", "swapped", "session gone"],
)
def test_what_was_changed_behind_our_back_is_found_where_it_was_changed(path, statements, found):
    write(path, oximetry(1), oximetry(2), NoteAdded("n"))
    tamper(path, *statements)
    with Reader(path) as reader:
        assert [problem.seq for problem in reader.verify_chain("s1")] == found


def test_a_row_forged_with_a_fitting_hash_breaks_the_next_one(path):
    write(path, oximetry(1), oximetry(2), oximetry(3))
    line = select(path, "SELECT body FROM chain WHERE chain_seq = 4")[0]
    before = select(path, "SELECT hash FROM chain WHERE chain_seq = 3")[0]["hash"]
    forged = str(line["body"]).replace('"97"', '"70"')
    digest = hashlib.sha256(before + forged.encode()).hexdigest()  # type: ignore[operator]
    tamper(path, f"UPDATE reading SET body = '{forged}', hash = x'{digest}' WHERE chain_seq = 4")
    with Reader(path) as reader:
        assert [problem.seq for problem in reader.verify_chain("s1")] == [5]


def test_a_chain_that_never_was_is_no_whole_chain(path):
    write(path)
    with Reader(path) as reader:
        assert reader.verify_chain("s9") == [Problem(0, "no such session")]


def test_the_open_session_is_the_newest_without_an_end(path):
    writer = recorder(path)
    writer.append_event(opened("s1"), at(0))
    writer.append_event(SessionEnded("released"), at(1))
    writer.append_event(opened("s2"), at(2))
    writer.append_reading(oximetry(3))
    writer.close()
    with Reader(path) as reader:
        found = reader.open_session()
        assert found is not None
        assert (found.session_id, found.count, found.last.seq, found.last.t_s) == ("s2", 2, 2, 1.0)
        assert found.last.what == oximetry(3)
        assert [line.session_id for line in reader.sessions()] == ["s1", "s2"]
        assert (reader.sessions()[0].ended_how, reader.sessions()[1].ended_how) == ("released", None)


def test_no_session_is_open_when_all_have_ended(path):
    write(path, SessionEnded("released"))
    with Reader(path) as reader:
        assert reader.open_session() is None
        assert reader.last_row("s9") is None


def test_rows_can_be_read_from_a_place_on_and_readings_from_a_time_on(path):
    write(path, oximetry(1), NoteAdded("n"), oximetry(3), pressure(4, "210", "80", typed=True), ValueWithdrawn(6))
    with Reader(path) as reader:
        assert [row.seq for row in reader.rows("s1", after=4)] == [5, 6, 7]
        assert [row.t_s for row in reader.readings("s1")] == [1.0, 3.0]
        assert [row.t_s for row in reader.readings("s1", from_t_s=2)] == [3.0]


def test_reading_goes_on_while_a_session_is_written_and_never_changes_the_file(path):
    writer = recorder(path)
    writer.append_event(opened(), at(0))
    with Reader(path) as reader:
        seen = reader.count("s1") if reader.sessions() else 0
        for second in range(1, 500):
            writer.append_reading(oximetry(second))
            count = reader.count("s1")
            assert count >= seen
            seen = count
        with pytest.raises(Exception, match="readonly"):
            reader._connection.execute("DELETE FROM event")
    writer.close()
    with Reader(path) as reader:
        assert reader.count("s1") == 500


def test_a_record_that_is_not_there_is_not_made(path):
    with pytest.raises(RecordError) as refused:
        Reader(path)
    assert refused.value.reason is Reason.CANNOT_OPEN
    assert list(path.parent.iterdir()) == []


def test_an_event_that_this_program_does_not_know_is_named_by_its_row(path):
    write(path, NoteAdded("n"))
    tamper(path, "UPDATE event SET body = replace(body, 'note_added', 'from_the_future') WHERE chain_seq = 3")
    with Reader(path) as reader, pytest.raises(RecordError, match="row 3") as refused:
        list(reader.rows("s1"))
    assert refused.value.reason is Reason.UNREADABLE_ROW


# -- the plain copy ---------------------------------------------------------------------------------------------------


def test_a_plain_copy_of_a_running_session_is_one_private_file_with_all_stored_rows(path, tmp_path):
    heard = Heard()
    writer = recorder(path, heard)
    writer.append_event(opened(), at(0))
    tickets = [writer.append_reading(oximetry(second)) for second in range(1, 100)]
    until(lambda: len(heard.stored) > 50)
    acknowledged = len(heard.stored) - 1
    target = tmp_path / "out" / "record.db"
    target.parent.mkdir()
    plain_copy(path, target)
    stored = sum(ticket.stored for ticket in tickets)
    writer.close()
    assert [file.name for file in target.parent.iterdir()] == ["record.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    connection = sqlite3.connect(target)
    try:
        assert acknowledged <= connection.execute("SELECT count(*) FROM v_vitals").fetchone()[0] <= stored
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("DELETE FROM session")
    finally:
        connection.close()


def test_a_plain_copy_of_a_finished_session_has_every_row(path, tmp_path):
    write(path, oximetry(1), oximetry(2), SessionEnded("released"))
    plain_copy(path, tmp_path / "copy.db")
    with Reader(tmp_path / "copy.db") as reader:
        assert reader.count("s1") == 5
        assert reader.verify_chain("s1") == []


def test_a_copy_never_overwrites_and_leaves_nothing_half_made(path, tmp_path):
    write(path)
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(RecordError) as refused:
        plain_copy(path, target)
    assert refused.value.reason is Reason.EXISTS
    assert target.read_text() == "precious"
    with pytest.raises(RecordError) as refused:
        plain_copy(path, tmp_path / "missing" / "copy.db")
    assert refused.value.reason is Reason.COPY_FAILED
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)
    with pytest.raises(RecordError) as refused:
        plain_copy(broken, tmp_path / "third.db")
    assert refused.value.reason is Reason.COPY_FAILED
    assert {file.name for file in tmp_path.iterdir()} - {"record.db-wal", "record.db-shm"} == {
        "record.db",
        "copy.db",
        "broken.db",
    }


def test_blocks_of_waveform_are_read_apart_from_events_and_readings(tmp_path):
    path = tmp_path / "record.db"
    write(path, oximetry(1), waveform(2, 1, None, 3, beats=(2,)), oximetry(3), waveform(4, 5))
    with Reader(path) as reader:
        assert [row.seq for row in reader.rows("s1")] == [1, 2, 3, 5]
        assert [(row.seq, row.t_s, row.block.samples) for row in reader.waveforms("s1")] == [
            (4, 2.0, (1, None, 3)),
            (6, 4.0, (5,)),
        ]
        last = reader.last_row("s1")
        assert last
        assert (last.seq, reader.count("s1"), reader.chain_end("s1")[0]) == (5, 6, 6)
        assert reader.verify_chain("s1") == []


def test_who_stops_in_the_midst_of_the_rows_leaves_nothing_open(path):
    write(path, oximetry(1), oximetry(2), oximetry(3))
    reader = Reader(path)
    rows = reader.rows("s1")
    next(rows)
    reader.close()
    rows.close()
    assert next(rows, None) is None
