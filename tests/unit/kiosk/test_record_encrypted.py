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
from tests.unit.kiosk.record_samples import oximetry, select, write
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
