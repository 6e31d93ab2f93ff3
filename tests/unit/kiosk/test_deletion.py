"""A session that is deleted is gone from the file, and the record says that there was one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import datadir
from kiosk.cli import main
from kiosk.record import driver, schema
from kiosk.record.opener import is_plain
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.vault import known
from tests.unit.kiosk.record_samples import at, opened, oximetry, raw, recorder, select
from tests.unit.kiosk.vaulted import with_key

MARKER = "the heron stands in the shallow water"


@pytest.fixture(params=["plain", "encrypted"])
def folder(request: pytest.FixtureRequest, tmp_path: Path):
    """A data folder with three sessions, of which the second has the marker; the third has not ended."""
    if request.param == "encrypted":
        with_key(tmp_path)
    writer = recorder(tmp_path / "record.db")
    for number, ended in enumerate((True, True, False), 1):
        writer.append_event(opened(f"s{number}", "patient"), at(number * 100))
        for second in range(20):
            writer.append_reading(oximetry(number * 100 + second))
        note = MARKER if number == 2 else f"note of {number}"
        writer.append_event(NoteAdded(note), at(number * 100 + 50), f"Note: {note}")
        if ended:
            writer.append_event(SessionEnded("released"), at(number * 100 + 60))
    writer.close()
    tmp_path.chmod(0o700)
    yield tmp_path
    known.forget(tmp_path)


def chains(path: Path) -> dict[str, list[dict[str, object]]]:
    return {one: select(path, f"SELECT * FROM chain WHERE session_id = '{one}'") for one in ("s1", "s2", "s3")}


def sessions(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert main(["sessions", "--json", "--data-dir", str(folder)]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_deleted_session_leaves_a_line_and_no_byte_and_the_others_stay(folder, capsys):
    path = folder / "record.db"
    before = chains(path)
    assert (MARKER.encode() in path.read_bytes()) == is_plain(path)
    with Reader(path) as reader:
        rows, head = reader.chain_end("s2")
    words = ["sessions", "delete", "s2", "--yes", "--by", "Sam Rivera", "--data-dir", str(folder)]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "deleted" in said
    assert "Sam Rivera" in said
    assert chains(path) == before | {"s2": []}
    with Reader(path) as reader:
        (gone,) = reader.deleted()
        assert reader.verify_chain("s1") == reader.verify_chain("s3") == []
        assert reader.open_session().session_id == "s3"
    assert (gone.session_id, gone.rows, gone.head, gone.deleted_by) == ("s2", rows, head, "Sam Rivera")
    everything = b"".join(file.read_bytes() for file in folder.glob("record.db*"))
    assert MARKER.encode() not in everything
    told = sessions(folder, capsys)
    assert [(one["session_id"], one["deleted_by"]) for one in told] == [
        ("s1", None),
        ("s3", None),
        ("s2", "Sam Rivera"),
    ]
    assert {entry.name for entry in folder.iterdir()} <= {"record.db", "key.json", "room.lock"}
    schema.open_for_writing(path).close()


def test_the_line_of_a_deleted_session_cannot_be_changed_or_taken_away(folder):
    assert main(["sessions", "delete", "s1", "--yes", "--data-dir", str(folder)]) == 0
    with contextlib.closing(raw(folder / "record.db")) as connection:
        for statement in ("DELETE FROM deleted", "UPDATE deleted SET deleted_by = 'nobody'"):
            with pytest.raises(driver.Error, match="append-only"):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["s9", "--yes"], "No session is called s9"),
        (["s", "--yes"], "write the whole id"),
        (["s3", "--yes"], "has not ended"),
        (["s2"], "Add --yes"),
        ([], "Say which session"),
    ],
)
def test_nothing_is_deleted_that_is_unknown_open_or_not_confirmed(folder, words, why, capsys, monkeypatch):
    before = chains(folder / "record.db")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["sessions", "delete", *words, "--data-dir", str(folder)]) == 1
    assert why in capsys.readouterr().err
    assert chains(folder / "record.db") == before


def test_nothing_is_deleted_while_a_room_holds_the_folder(folder, capsys):
    before = chains(folder / "record.db")
    with datadir.hold_lock(folder):
        assert main(["sessions", "delete", "s1", "--yes", "--data-dir", str(folder)]) == 1
    assert "The room is running already" in capsys.readouterr().err
    assert chains(folder / "record.db") == before


def test_at_a_terminal_only_the_word_deletes(folder):
    for answer, code in (("yes", 1), ("delete", 0)):
        ours, theirs = pty.openpty()
        words = [sys.executable, "-m", "kiosk", "sessions", "delete", "s1", "--data-dir", str(folder)]
        process = subprocess.Popen(words, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        said = b""
        while b"Type delete" not in said:
            said += os.read(ours, 4096)
        os.write(ours, answer.encode() + b"\n")
        with contextlib.suppress(OSError):
            while os.read(ours, 4096):
                pass
        os.close(ours)
        assert process.wait(30) == code
    assert chains(folder / "record.db")["s1"] == []
