"""An encrypted record: who reads and writes it needs to know nothing of keys, and nothing of it can be read without."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.record import driver, opener, schema
from kiosk.record.copy import plain_copy
from kiosk.record.fault import Reason, RecordError
from kiosk.record.library import Library
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.vault import known, place
from kiosk.vault.key import new_key
from tests.unit.kiosk.record_samples import Heard, at, opened, oximetry, recorder, select, until, write
from tests.unit.kiosk.vaulted import with_key

MARKER = "the heron stands in the shallow water"


def refused(call) -> Reason:
    with pytest.raises(RecordError) as caught:
        call()
    return caught.value.reason


@pytest.fixture
def folder(tmp_path: Path):
    yield tmp_path
    known.forget(tmp_path)


def texts(path: Path, home: Path | None = None) -> list[str]:
    with Reader(path, home) as reader:
        assert reader.verify_chain("s1") == []
        return [row.text or str(row.seq) for row in reader.rows("s1")]


def test_a_record_in_a_folder_with_a_key_is_encrypted_and_read_as_before(folder):
    with_key(folder)
    path = folder / "record.db"
    rows = (oximetry(1, "83"), NoteAdded(MARKER), SessionEnded("released"))
    write(path, *rows)
    assert not opener.is_plain(path)
    written = b"".join(file.read_bytes() for file in folder.glob("record.db*"))
    assert MARKER.encode() not in written
    assert b"CREATE TABLE" not in written
    plain = folder / "elsewhere" / "record.db"
    plain.parent.mkdir()
    write(plain, *rows)
    assert opener.is_plain(plain)
    assert texts(path) == texts(plain)
    with pytest.raises(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as stranger:
        stranger.execute("SELECT * FROM sqlite_master")


def test_a_plain_copy_of_an_encrypted_record_is_the_same_in_every_table_trigger_and_view(folder):
    with_key(folder)
    rows = (oximetry(1, "83"), NoteAdded(MARKER), SessionEnded("released"))
    write(folder / "record.db", *rows)
    (folder / "plain").mkdir()
    copy, plain = folder / "plain" / "copy.db", folder / "plain" / "record.db"
    plain_copy(folder / "record.db", copy)
    write(plain, *rows)
    everything = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    assert select(copy, everything) == select(plain, everything)
    assert select(copy, "SELECT * FROM chain") == select(plain, "SELECT * FROM chain")
    assert texts(copy) == texts(plain)
    schema.open_for_writing(copy).close()


def test_without_its_key_an_encrypted_record_is_locked_missing_or_of_another_key(folder):
    key = with_key(folder)
    path = folder / "record.db"
    write(path)
    before = path.read_bytes()
    for open_it in (lambda: Reader(path), lambda: schema.open_for_writing(path)):
        (folder / "key.json").unlink()
        assert refused(open_it) is Reason.KEY_MISSING
        place.save(folder, place.wrap(key, "seven sleepy herons"))
        assert refused(open_it) is Reason.KEY_LOCKED
        place.save(folder, place.in_file(new_key()))
        assert refused(open_it) is Reason.WRONG_KEY
    (folder / "key.json").write_text("{")
    assert refused(lambda: Reader(path)) is Reason.KEY_MISSING
    known.give(folder, key)
    assert texts(path)
    assert path.read_bytes() == before


def test_a_new_record_where_the_key_is_locked_is_not_made_at_all(folder):
    place.save(folder, place.wrap(new_key(), "seven sleepy herons"))
    assert refused(lambda: schema.open_for_writing(folder / "record.db")) is Reason.KEY_LOCKED
    assert [entry.name for entry in folder.iterdir()] == ["key.json"]


def test_a_record_from_before_its_folder_had_a_key_is_read_and_written_as_it_is(folder):
    write(folder / "record.db")
    with_key(folder)
    assert len(texts(folder / "record.db")) == 2
    schema.open_for_writing(folder / "record.db").close()
    assert opener.is_plain(folder / "record.db")


def test_a_library_elsewhere_is_encrypted_with_the_key_of_the_data_folder_that_is_named(folder, tmp_path_factory):
    home = folder
    with_key(home)
    path = tmp_path_factory.mktemp("practice") / "practice.db"
    Library(path, home).close()
    assert not opener.is_plain(path)
    assert refused(lambda: Library(path)) is Reason.KEY_MISSING
    with Library(path, home) as library:
        assert library.signer_of("s1") == ""


def test_the_driver_says_nothing_on_stderr_when_a_key_is_wrong(folder, capfd):
    with_key(folder)
    write(folder / "record.db")
    connection = driver.connect(folder / "record.db", read_only=True, key=bytes(32))
    with closing(connection), pytest.raises(driver.Error):
        connection.execute("SELECT * FROM session")
    assert capfd.readouterr() == ("", "")


# -- a key that comes later --------------------------------------------------------------------------------------------


def test_rows_wait_in_order_for_a_key_that_is_locked_and_are_written_once_it_is_known(folder):
    key = new_key()
    place.save(folder, place.wrap(key, "seven sleepy herons"))
    heard = Heard()
    writer = recorder(folder / "record.db", heard, waits_for_key=True, retry_s=0.01)
    writer.append_event(opened(), at(0))
    tickets = [writer.append_reading(oximetry(second)) for second in range(1, 50)]
    until(lambda: heard.failed)
    assert heard.failed == ["the key is locked"]
    assert writer.waiting == 50
    assert not (folder / "record.db").exists()
    known.unlock(folder, "seven sleepy herons")
    until(lambda: heard.restored)
    writer.append_event(SessionEnded("released"), at(60))
    writer.close()
    assert heard.failed == ["the key is locked"]
    assert all(ticket.stored for ticket in tickets)
    assert not opener.is_plain(folder / "record.db")
    with Reader(folder / "record.db") as reader:
        assert reader.verify_chain("s1") == []
        assert reader.count("s1") == 51


def test_a_new_session_waits_beside_those_that_are_in_the_locked_record_already(folder):
    key = with_key(folder)
    write(folder / "record.db", NoteAdded(MARKER), SessionEnded("released"))
    (folder / "key.json").unlink()
    heard = Heard()
    writer = recorder(folder / "record.db", heard, waits_for_key=True, retry_s=0.01)
    writer.append_event(opened("s2"), at(100))
    until(lambda: heard.failed)
    known.give(folder, new_key())
    writer.append_reading(oximetry(101))
    known.give(folder, key)
    until(lambda: heard.restored)
    writer.close()
    with Reader(folder / "record.db") as reader:
        assert [line.session_id for line in reader.sessions()] == ["s1", "s2"]
        assert reader.verify_chain("s1") == reader.verify_chain("s2") == []
        assert reader.count("s2") == 2


def test_rows_that_wait_for_a_key_are_bounded_and_told_when_the_run_ends_without_it(folder):
    place.save(folder, place.wrap(new_key(), "seven sleepy herons"))
    writer = recorder(folder / "record.db", waits_for_key=True, limit=10, retry_s=0.01)
    writer.append_event(opened(), at(0))
    for second in range(1, 10):
        writer.append_reading(oximetry(second))
    assert refused(lambda: writer.append_reading(oximetry(10))) is Reason.MEMORY_FULL
    with pytest.raises(RecordError) as ended:
        writer.close()
    assert (ended.value.reason, ended.value.count) == (Reason.NOT_SAVED, 10)
    assert [entry.name for entry in folder.iterdir()] == ["key.json"]


def test_without_being_told_to_wait_a_recorder_refuses_a_locked_record(folder):
    place.save(folder, place.wrap(new_key(), "seven sleepy herons"))
    assert refused(lambda: recorder(folder / "record.db")) is Reason.KEY_LOCKED
