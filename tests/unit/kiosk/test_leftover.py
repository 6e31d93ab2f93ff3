"""Rows of a room whose record was locked to its end: nobody without the key reads them, and none is lost or doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import checkup, datadir
from kiosk.cli import main
from kiosk.crew import Crew
from kiosk.options import MonitorOptions
from kiosk.record.fault import Reason, RecordError
from kiosk.record.leftover import found, leave, take_in
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.vault import known, letterbox, place
from kiosk.vault.fault import VaultError
from kiosk.vault.key import Key, code_of, key_of_code, new_key
from kiosk.watch import begin
from tests.unit.kiosk.record_samples import at, opened, oximetry, recorder

PASSPHRASE = "seven sleepy herons"
MARKER = "the heron stands in the shallow water"
ROWS = 103


@pytest.fixture
def key() -> Key:
    return new_key()


@pytest.fixture
def folder(tmp_path: Path, key: Key) -> Iterator[Path]:
    tmp_path.chmod(0o700)
    place.save(tmp_path, place.wrap(key, PASSPHRASE))
    yield tmp_path
    known.forget(tmp_path)


def left(folder: Path, session_id: str = "s1") -> Path:
    """What a room leaves that ran and ended while the record was locked."""
    writer = recorder(folder / "record.db", waits_for_key=True, retry_s=0.01)
    writer.append_event(opened(session_id), at(0))
    for second in range(100):
        writer.append_reading(oximetry(second))
    writer.append_event(NoteAdded(MARKER), at(100), f"Note: {MARKER}")
    writer.append_event(SessionEnded("released"), at(101))
    with pytest.raises(RecordError) as refused:
        writer.close()
    assert (refused.value.reason, refused.value.count) == (Reason.NOT_SAVED, ROWS)
    return leave(folder / "record.db", writer.unsaved(), at(200).utc_ns)


def whole(folder: Path, session_id: str = "s1") -> bool:
    with Reader(folder / "record.db") as reader:
        return (reader.count(session_id), reader.verify_chain(session_id)) == (ROWS, [])


def test_what_a_locked_room_leaves_is_sealed_and_comes_into_the_record_with_the_key_once(folder: Path) -> None:
    path = left(folder)
    assert MARKER.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert take_in(folder / "record.db", 1) == (0, [])
    assert not (folder / "record.db").exists()
    known.unlock(folder, PASSPHRASE)
    content = path.read_bytes()
    assert take_in(folder / "record.db", at(300).utc_ns) == (ROWS, [])
    assert whole(folder)
    assert found(folder / "record.db") == []
    path.write_bytes(content)  # killed after the commit and before the file was gone
    assert take_in(folder / "record.db", at(301).utc_ns) == (0, [])
    assert whole(folder)
    assert found(folder / "record.db") == []


def test_several_come_in_beside_what_is_there_and_the_recovery_code_opens_them_too(folder: Path, key: Key) -> None:
    left(folder)
    left(folder, "session-two")
    assert len(found(folder / "record.db")) == 2
    known.give(folder, key_of_code(code_of(key)))
    assert take_in(folder / "record.db", 1) == (2 * ROWS, [])
    assert whole(folder)
    assert whole(folder, "session-two")


def test_what_does_not_open_or_does_not_fit_stays_where_it_is_and_keeps_nothing_else_out(folder: Path) -> None:
    path = left(folder)
    bent = folder / "rows-1.waiting"
    bent.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    known.unlock(folder, PASSPHRASE)
    writer = recorder(folder / "record.db")
    writer.append_event(opened("s2"), at(0), "another one of this name")
    writer.append_event(SessionEnded("released"), at(1))
    writer.close()
    known.forget(folder)
    other = left(folder, "s2").rename(folder / "rows-2.waiting")
    known.unlock(folder, PASSPHRASE)
    assert take_in(folder / "record.db", 1) == (ROWS, [bent, other])
    assert whole(folder)
    assert found(folder / "record.db") == [bent, other]


def test_a_key_file_of_an_older_program_has_no_letterbox_until_its_key_is_known(folder: Path, key: Key) -> None:
    kept = json.loads((folder / "key.json").read_text())
    del kept["letterbox"]
    (folder / "key.json").write_text(json.dumps(kept))
    assert not place.has_letterbox(folder)
    with pytest.raises(RecordError) as refused:
        left(folder)
    assert (refused.value.reason, refused.value.count) == (Reason.NOT_SAVED, ROWS)
    assert found(folder / "record.db") == []
    known.unlock(folder, PASSPHRASE)
    assert place.has_letterbox(folder)
    known.forget(folder)
    assert left(folder).exists()


def test_what_was_closed_for_a_key_opens_with_no_other_and_not_when_altered(key: Key) -> None:
    sealed = letterbox.close(letterbox.public_of(key), b"rows")
    assert letterbox.opened(key, sealed) == b"rows"
    for other, content in ((new_key(), sealed), (key, sealed[:-1]), (key, b"x" + sealed[1:]), (key, b"")):
        with pytest.raises(VaultError):
            letterbox.opened(other, content)
    with pytest.raises(VaultError):
        letterbox.close("no key", b"rows")


def test_a_command_takes_them_in_before_it_reads_and_leaves_them_to_a_room_that_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left(folder)
    assert main(["sessions", "--json", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert told.err.startswith("kiosk: Rows of a run wait sealed for the record's key, which is locked")
    assert checkup.record(folder).state == "problem"
    known.unlock(folder, PASSPHRASE)
    recorder(folder / "record.db").close()
    with datadir.hold_lock(folder):
        assert main(["sessions", "--json", "--data-dir", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["sessions", "--json", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr()
    assert [one["session_id"] for one in json.loads(told.out)] == ["s1"]
    assert checkup.record(folder).state == "ok"
    assert told.err == f"kiosk: {ROWS} rows that waited for the key are in the record now.\n"


def test_a_room_takes_them_in_before_it_looks_for_the_last_session(folder: Path) -> None:
    left(folder)
    known.unlock(folder, PASSPHRASE)
    _, lock = begin(MonitorOptions(data_dir=str(folder), kind="demo"), Crew(()))
    lock.release()
    assert whole(folder)
