"""A backup: of a session that goes on, opened before it counts, restored with the code and never over a record."""

from __future__ import annotations

import io
import json
import shutil
import stat
from pathlib import Path

import pytest

from kiosk.backup import databases
from kiosk.cli import main
from kiosk.record.opener import is_plain
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.vault import known
from kiosk.vault.key import code_of
from tests.unit.kiosk.record_samples import Heard, at, opened, oximetry, recorder, select, until, write
from tests.unit.kiosk.vaulted import with_key

MARKER = "the heron stands in the shallow water"


@pytest.fixture
def folder(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    yield data
    for one in (data, tmp_path / "new"):
        known.forget(one)


def kiosk(*words: object) -> int:
    return main([str(word) for word in words])


def rows(path: Path, home: Path) -> list[tuple[object, ...]]:
    with Reader(path, home) as reader:
        return [line for one in reader.sessions() for line in reader.stored(one.session_id)]


def test_a_backup_is_taken_of_a_session_that_goes_on_and_is_encrypted_and_whole(folder, tmp_path, capsys):
    with_key(folder)
    heard = Heard()
    writer = recorder(folder / "record.db", heard)
    writer.append_event(opened(), at(0))
    writer.append_event(NoteAdded(MARKER), at(1), MARKER)
    for second in range(2, 300):
        writer.append_reading(oximetry(second))
    until(lambda: len(heard.stored) > 100)
    stick = tmp_path / "stick"
    stick.mkdir()
    assert kiosk("backup", stick, "--data-dir", folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    made = Path(told["to"])
    writer.close()
    assert {entry.name for entry in made.iterdir()} == {"record.db", "backup.json"}
    assert [stat.S_IMODE(entry.stat().st_mode) for entry in (made, made / "record.db")] == [0o700, 0o600]
    assert MARKER.encode() not in b"".join(file.read_bytes() for file in made.iterdir())
    assert not is_plain(made / "record.db")
    saved = rows(made / "record.db", folder)
    assert saved == rows(folder / "record.db", folder)[: len(saved)]
    assert len(saved) == told["files"][0]["sessions"]["s1"]["rows"] > 100


def test_a_backup_is_restored_elsewhere_with_the_code_and_goes_on(folder, tmp_path, capsys, monkeypatch):
    key = with_key(folder)
    write(folder / "record.db", NoteAdded(MARKER), SessionEnded("released"))
    (folder / "signers.json").write_text("[]")
    assert kiosk("backup", tmp_path / "stick", "--data-dir", folder) == 0
    new = tmp_path / "new"
    monkeypatch.setattr("sys.stdin", io.StringIO("ABCD\n"))
    assert kiosk("restore", tmp_path / "stick", "--data-dir", new) == 1
    assert "This is no recovery code" in capsys.readouterr().err
    assert databases(new) == []
    monkeypatch.setattr("sys.stdin", io.StringIO(code_of(key).lower() + "\n"))
    assert kiosk("restore", tmp_path / "stick", "--data-dir", new) == 0
    assert rows(new / "record.db", new) == rows(folder / "record.db", folder)
    assert {entry.name for entry in new.iterdir()} == {"record.db", "signers.json", "key.json", "room.lock"}
    assert kiosk("restore", tmp_path / "stick", "--data-dir", new) == 0  # what is there is what would come
    known.forget(new)
    writer = recorder(new / "record.db")
    writer.append_event(opened("s2"), at(100))
    writer.close()
    assert kiosk("restore", tmp_path / "stick", "--data-dir", new) == 1
    assert "never restored over a record" in capsys.readouterr().err
    assert [line["session_id"] for line in select(new / "record.db", "SELECT session_id FROM session")] == ["s1", "s2"]


def test_a_damaged_foreign_or_half_backup_restores_nothing(folder, tmp_path, capsys):
    with_key(folder)
    write(folder / "record.db", NoteAdded(MARKER), SessionEnded("released"))
    assert kiosk("backup", tmp_path / "stick", "--data-dir", folder) == 0
    new = tmp_path / "new"
    new.mkdir(mode=0o700)
    shutil.copy(folder / "key.json", new / "key.json")

    def harmed(name: str, content: bytes | None) -> Path:
        copy = tmp_path / f"harmed-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(tmp_path / "stick", copy)
        (copy / name).unlink() if content is None else (copy / name).write_bytes(content)
        return copy

    record = bytearray((tmp_path / "stick" / "record.db").read_bytes())
    record[9000] ^= 4
    manifest = (tmp_path / "stick" / "backup.json").read_bytes()
    for source in (
        harmed("record.db", bytes(record)),
        harmed("record.db", None),
        harmed("backup.json", None),
        harmed("backup.json", manifest[:50]),
        tmp_path / "nowhere",
    ):
        assert kiosk("restore", source, "--data-dir", new) == 1, source
        assert len(capsys.readouterr().err.splitlines()) == 1
    climbing = harmed("backup.json", manifest.replace(b'"record.db"', b'"../up.db"'))
    assert kiosk("restore", climbing, "--data-dir", new) == 1
    assert databases(new) == []
    assert not (tmp_path / "up.db").exists()


def test_a_backup_never_overwrites_and_a_plain_record_is_not_backed_up_unasked(folder, tmp_path, capsys):
    write(folder / "record.db", NoteAdded(MARKER), SessionEnded("released"))
    assert kiosk("backup", tmp_path / "stick", "--data-dir", folder) == 1
    assert "kiosk key new" in capsys.readouterr().err
    assert not (tmp_path / "stick").exists()
    assert kiosk("backup", tmp_path / "stick", "--plain", "--data-dir", folder) == 0
    assert "NOT encrypted" in capsys.readouterr().out
    (tmp_path / "file").write_text("precious")
    assert kiosk("backup", tmp_path / "file", "--plain", "--data-dir", folder) == 1
    assert (tmp_path / "file").read_text() == "precious"
    assert kiosk("backup", tmp_path / "x", "--data-dir", tmp_path / "nowhere") == 1
    with_key(folder)  # a record from before the key: its backup is encrypted all the same
    assert kiosk("backup", tmp_path / "second", "--data-dir", folder) == 0
    assert not is_plain(tmp_path / "second" / "record.db")
    assert rows(tmp_path / "second" / "record.db", folder) == rows(folder / "record.db", folder)


def test_a_record_that_is_damaged_makes_no_backup(folder, tmp_path, capsys):
    with_key(folder)
    write(folder / "record.db", *[oximetry(second) for second in range(300)], SessionEnded("released"))
    raw = bytearray((folder / "record.db").read_bytes())
    raw[len(raw) * 3 // 4] ^= 1
    (folder / "record.db").write_bytes(raw)
    assert kiosk("backup", tmp_path / "stick", "--data-dir", folder) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.glob("*stick*")) == []
