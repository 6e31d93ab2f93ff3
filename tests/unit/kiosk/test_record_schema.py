"""The file of the record: append-only by the database itself, and refused where it is not what it should be."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlite_utils import Database

from kiosk.options import MonitorOptions
from kiosk.record import driver, form, migration, schema
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Reader
from kiosk.record.seal import load_signer
from kiosk.watch import begin
from tests.unit.kiosk.record_samples import at, opened, oximetry, raw, recorder, select, waveform, write

COLUMNS = {
    "v_sessions": "session_id, patient_id, patient_label, kind, started_utc, ended_utc, utc_offset_min, plan, "
    "plan_author, medication, route, dose_mg, simulated, speed, ended_how, program_version, signer, verified, "
    "imported_utc",
    "v_vitals": "session_id, utc, t_s, device, spo2_percent, pulse_bpm, perfusion_percent, quality, "
    "quality_pulse, source",
    "v_blood_pressure": "session_id, utc, t_s, device, systolic_mmhg, diastolic_mmhg, mean_mmhg, pulse_bpm, quality, "
    "device_time, source",
    "v_events": "session_id, seq, utc, t_s, kind, text, data, stored",
    "v_alarms": "session_id, name, severity, raised_utc, acknowledged_utc, cleared_utc, limit_text",
    "v_waveform": "session_id, utc, t_s, device, rate_hz, samples, beats, full_scale",
}

CHANGES = [
    "UPDATE event SET body = '{}'",
    "UPDATE reading SET hash = zeroblob(32)",
    "UPDATE session SET opened_utc_ns = 1",
    "UPDATE OR REPLACE event SET chain_seq = 9",
    "DELETE FROM event",
    "DELETE FROM reading WHERE chain_seq = 3",
    "DELETE FROM session",
    "INSERT OR REPLACE INTO session VALUES ('s1', 1)",
    "REPLACE INTO event SELECT * FROM event",
    "INSERT OR IGNORE INTO event SELECT session_id, 3, kind, body, hash, 0 FROM event LIMIT 1",
    "INSERT INTO event SELECT session_id, 99, kind, body, hash, 0 FROM event LIMIT 1",
    "INSERT INTO reading SELECT * FROM reading WHERE true ON CONFLICT DO UPDATE SET body = '{}'",
    "UPDATE waveform SET body = '{}'",
    "DELETE FROM waveform",
    "INSERT INTO waveform SELECT session_id, 2, body, hash, 0 FROM waveform",
    "INSERT INTO reading SELECT session_id, chain_seq, body, hash, 0 FROM waveform",
]


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "record.db"
    write(path, oximetry(1), oximetry(2), waveform(3))
    return path


@pytest.mark.parametrize("sql", CHANGES)
def test_sql_that_changes_a_row_is_refused_by_the_file_itself(record, sql):
    before = select(record, "SELECT * FROM chain")
    connection = raw(record)
    try:
        with pytest.raises(driver.Error, match="append-only"):
            connection.execute(sql)
    finally:
        connection.close()
    assert select(record, "SELECT * FROM chain") == before


def test_a_replace_is_refused_even_where_the_connection_forgot_recursive_triggers(record):
    connection = sqlite3.connect(record)
    try:
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("REPLACE INTO reading SELECT * FROM reading")
    finally:
        connection.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda table, row: table.insert(row, replace=True),
        lambda table, row: table.upsert(row, pk=("session_id", "chain_seq")),
        lambda table, row: table.update((row["session_id"], row["chain_seq"]), {"body": "{}"}),
        lambda table, row: table.delete((row["session_id"], row["chain_seq"])),
        lambda table, row: table.delete_where(),
    ],
    ids=["insert replace", "upsert", "update", "delete", "delete_where"],
)
def test_sqlite_utils_cannot_change_a_row_either(record, change):
    connection = raw(record)
    try:
        table = Database(connection, strict=True, execute_plugins=False)["event"]
        row = dict(next(table.rows)) | {"body": "{}"}
        with pytest.raises(driver.Error, match="append-only"):
            change(table, row)
        assert not connection.in_transaction
    finally:
        connection.close()
    assert select(record, "SELECT count(*) AS n FROM event WHERE body = '{}'") == [{"n": 0}]


def test_a_file_whose_triggers_a_transform_dropped_is_refused(record):
    connection = raw(record)
    for view in select(record, "SELECT name FROM sqlite_master WHERE type = 'view'"):
        connection.execute(f"DROP VIEW {view['name']}")
    Database(connection, execute_plugins=False)["event"].transform(rename={"kind": "tag"})
    connection.close()
    with pytest.raises(RecordError) as refused:
        schema.open_for_writing(record)
    assert refused.value.reason is Reason.DAMAGED_SCHEMA
    assert "event_no_update" in refused.value.detail


def test_a_trigger_with_other_words_is_refused(record):
    connection = raw(record)
    connection.execute("DROP TRIGGER reading_no_delete")
    connection.execute("CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading BEGIN SELECT 1; END")
    connection.close()
    with pytest.raises(RecordError, match="reading_no_delete"):
        schema.open_for_writing(record)


def test_a_file_of_a_newer_program_is_refused_and_left_as_it_was(record):
    connection = raw(record)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = hashlib.sha256(record.read_bytes()).digest()
    for opening in (lambda: schema.open_for_writing(record), lambda: Reader(record)):
        with pytest.raises(RecordError) as refused:
            opening()
        assert refused.value.reason is Reason.NEWER_FILE
    assert hashlib.sha256(record.read_bytes()).digest() == before


def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    for opening in (lambda: schema.open_for_writing(path), lambda: Reader(path)):
        with pytest.raises(RecordError) as refused:
            opening()
        assert refused.value.reason is Reason.FOREIGN_FILE
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path, content):
    path = tmp_path / "record.db"
    path.write_bytes(content)
    with pytest.raises(RecordError) as refused:
        schema.open_for_writing(path)
    assert refused.value.reason is Reason.CANNOT_OPEN
    assert path.read_bytes() == content


def form_1(path, source):
    """A record as it was before it had waveforms, with the rows of `source`."""
    path.touch(0o600)
    connection = raw(path)
    schema.set_up(connection)
    database = Database(connection, strict=True, execute_plugins=False)
    migration.migrations.apply(database, stop_before="m002_waveforms")
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    for row in select(source, "SELECT * FROM session"):
        connection.execute("INSERT INTO session VALUES (?, ?)", tuple(row.values()))
    for row in select(source, "SELECT * FROM chain ORDER BY chain_seq"):
        kind = row.pop("kind")
        if kind == "reading":
            connection.execute("INSERT INTO reading VALUES (?, ?, ?, ?, ?)", tuple(row.values()))
        else:
            values = (row["session_id"], row["chain_seq"], kind, row["body"], row["hash"], row["stored_utc_ns"])
            connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", values)
    connection.close()


def test_an_older_record_gets_the_table_of_waveforms_and_keeps_every_row(tmp_path):
    source, path = tmp_path / "source.db", tmp_path / "record.db"
    write(source, oximetry(1), oximetry(2))
    form_1(path, source)
    before = select(path, "SELECT * FROM chain ORDER BY chain_seq")
    with pytest.raises(RecordError) as refused:
        Reader(path)
    assert refused.value.reason is Reason.OLDER_FILE
    writer = recorder(path, resume="s1")
    writer.append_waveform(waveform(3))
    writer.append_reading(oximetry(4))
    writer.close()
    after = select(path, "SELECT * FROM chain ORDER BY chain_seq")
    assert after[:4] == before
    assert [row["kind"] for row in after[4:]] == ["waveform", "reading"]
    with Reader(path) as reader:
        assert reader.verify_chain("s1") == []
    newly = select(source, "SELECT type, name, sql FROM sqlite_master ORDER BY name")
    assert select(path, "SELECT type, name, sql FROM sqlite_master ORDER BY name") == newly


def test_a_new_file_has_had_every_form_so_that_a_later_one_comes_on_top(tmp_path):
    connection = schema.open_for_writing(tmp_path / "record.db")
    database = Database(connection, strict=True, execute_plugins=False)
    assert migration.migrations.pending(database) == []
    connection.close()


def test_a_new_file_whose_making_fails_has_nothing_half_made_and_the_next_start_makes_it(tmp_path, monkeypatch):
    path = tmp_path / "record.db"
    path.touch(0o600)
    connection = raw(path)
    with monkeypatch.context() as patched:
        patched.setitem(form.FORMS, "m006_story", ("CREATE VIEW nonsense",))
        with pytest.raises(driver.Error):
            form.make(connection)
    assert form.is_empty(connection)
    connection.close()
    schema.open_for_writing(path).close()
    assert select(path, "SELECT * FROM v_story") == []


def test_the_room_brings_an_older_record_up_before_it_reads_it(tmp_path):
    source, folder = tmp_path / "source.db", tmp_path / "data"
    write(source, oximetry(1))
    folder.mkdir(mode=0o700)
    form_1(folder / "record.db", source)
    _, lock = begin(MonitorOptions(data_dir=str(folder), kind="demo"))
    lock.release()
    with Reader(folder / "record.db") as reader:
        assert [session.session_id for session in reader.sessions()] == ["s1"]


def test_a_sealed_session_names_its_signer(tmp_path):
    path, signer = tmp_path / "record.db", load_signer(tmp_path)
    writer = recorder(path)
    writer.append_event(opened(), at(0), "")
    writer.seal(signer, at(1), lambda seal: "sealed")
    writer.close()
    with Reader(path) as reader:
        (session,) = reader.sessions()
    assert (session.signer, session.verified, session.imported_utc) == (signer.fingerprint, None, None)


def test_a_set_up_that_was_cut_off_is_taken_up_again(tmp_path):
    path = tmp_path / "record.db"
    path.touch()
    connection = raw(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.close()
    write(path, oximetry(1))
    assert len(select(path, "SELECT * FROM chain")) == 3


def test_an_sqlite_with_the_wal_bug_is_refused(tmp_path, monkeypatch):
    assert driver.VERSION >= schema.SQLITE_NEEDED
    monkeypatch.setattr(driver, "VERSION", (3, 51, 2))
    with pytest.raises(RecordError) as refused:
        schema.open_for_writing(tmp_path / "record.db")
    assert refused.value.reason is Reason.OLD_SQLITE
    assert not (tmp_path / "record.db").exists()


def test_each_commit_is_forced_to_the_disk(tmp_path):
    connection = schema.open_for_writing(tmp_path / "record.db")
    try:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    finally:
        connection.close()


def test_the_files_are_the_owners_alone(record):
    connection = schema.open_for_writing(record)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for file in record.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def test_a_wrong_type_is_refused(record):
    connection = raw(record)
    try:
        with pytest.raises(driver.Error, match="cannot store TEXT value in INTEGER column"):
            connection.execute("INSERT INTO session VALUES ('s2', 'today')")
    finally:
        connection.close()


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_exactly_the_columns_that_others_rely_on(record, view):
    connection = raw(record)
    try:
        names = [column[0] for column in connection.execute(f"SELECT * FROM {view} LIMIT 0").description]
    finally:
        connection.close()
    assert ", ".join(names) == COLUMNS[view]


def test_the_views_can_be_read_with_pythons_own_sqlite(record):
    connection = sqlite3.connect(record)
    try:
        for view, columns in COLUMNS.items():
            found = connection.execute(f"SELECT * FROM {view}")
            assert ", ".join(name for name, *_ in found.description) == columns
            assert found.fetchall() is not None
    finally:
        connection.close()


def test_who_only_appends_keeps_few_pages_in_memory(tmp_path: Path) -> None:
    with contextlib.closing(schema.open_for_writing(tmp_path / "record.db")) as connection:
        assert connection.execute("PRAGMA cache_size").fetchone() == (-schema.CACHE_KIB,)
