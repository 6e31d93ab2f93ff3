"""A record written anew: the same in every row, whatever kills it on the way."""

from __future__ import annotations

import contextlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.launch import encrypt_new
from kiosk.record import driver, opener, rewrite
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.vault import known, place
from tests.unit.kiosk.record_samples import oximetry, waveform, write
from tests.unit.kiosk.vaulted import with_key

MARKER = "the heron stands in the shallow water"


@pytest.fixture
def folder(tmp_path: Path):
    yield tmp_path
    known.forget(tmp_path)


@pytest.fixture
def plain(folder: Path) -> Path:
    """A plain record with a session, in a folder that got its key afterwards."""
    write(folder / "record.db", oximetry(1, "83"), waveform(2), NoteAdded(MARKER), SessionEnded("released"))
    with_key(folder)
    return folder / "record.db"


def rows(path: Path) -> list[tuple[object, ...]]:
    key = opener.key_for(path)
    with contextlib.closing(driver.connect(path, read_only=True, key=key)) as connection:
        return connection.execute("SELECT * FROM chain ORDER BY session_id, chain_seq").fetchall()


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def encrypt(path: Path) -> bool:
    return rewrite.encrypt(path, known.key_of(path.parent).secret)


def test_a_plain_record_becomes_an_encrypted_one_with_the_same_rows_and_leaves_nothing_plain(plain):
    before = rows(plain)
    assert encrypt(plain)
    assert not opener.is_plain(plain)
    assert rows(plain) == before
    with Reader(plain) as reader:
        assert reader.verify_chain("s1") == []
    assert names(plain.parent) == {"record.db", "key.json"}
    assert MARKER.encode() not in b"".join(file.read_bytes() for file in plain.parent.iterdir())
    assert stat.S_IMODE(plain.stat().st_mode) == 0o600
    assert not encrypt(plain)


def test_a_record_that_another_program_has_open_is_left_as_it_is(plain):
    before = rows(plain)
    with Reader(plain) as reader:
        assert reader.sessions()
        with pytest.raises(RecordError) as refused:
            encrypt(plain)
    assert refused.value.reason is Reason.IN_USE
    assert rows(plain) == before
    assert opener.is_plain(plain)


def test_a_chain_that_was_altered_before_is_encrypted_with_its_fault(plain):
    with contextlib.closing(driver.connect(plain, read_only=False)) as connection:
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").fetchone()[0]
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET body = replace(body, 'heron', 'crane')")
        connection.execute(sql)
    with Reader(plain) as reader:
        before = reader.verify_chain("s1")
    assert before
    assert encrypt(plain)
    with Reader(plain) as reader:
        assert reader.verify_chain("s1") == before


def test_a_record_that_cannot_be_copied_whole_stays_the_record(plain, monkeypatch):
    before = rows(plain)

    def lossy(connection, name, without):
        connection.execute(f"INSERT INTO main.{name} SELECT * FROM source.{name} LIMIT 1")

    monkeypatch.setattr("kiosk.record.copy._fill_table", lossy)
    with pytest.raises(RecordError) as refused:
        encrypt(plain)
    assert refused.value.reason is Reason.COPY_FAILED
    assert rows(plain) == before
    assert names(plain.parent) == {"record.db", "key.json"}


# One interpreter forks a process for each point; that process kills itself at its nth step of Python.
SCRIPT = """
import os, random, shutil, sys
from pathlib import Path
from kiosk.record import rewrite
from kiosk.vault import known, place
source, count = Path(sys.argv[1]), int(sys.argv[2])
def run(folder, kill_at):
    left = [kill_at]
    def step(frame, what, argument):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), 9)
        return step
    path = folder / "record.db"
    key = known.key_of(folder).secret
    sys.settrace(step)
    rewrite.encrypt(path, key)
    sys.settrace(None)
    return -left[0]
def made(name):
    folder = source.parent / name
    shutil.copytree(source, folder)
    return folder
run(made("first"), 0)  # what is imported late is imported now
steps = run(made("whole"), 0)
draw = random.Random(6)
# all of it, and closer where the files change places
early = draw.sample(range(1, steps), count // 2)
points = sorted({*early, *draw.sample(range(steps * 9 // 10, steps), count // 2)})
for point in points:
    folder = made(f"killed-{point}")
    child = os.fork()
    if child == 0:
        run(folder, point)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 9, point
print(len(points))
"""


def test_killed_anywhere_there_is_one_whole_record_and_the_next_run_finishes(plain, tmp_path_factory):
    before, top = rows(plain), tmp_path_factory.mktemp("kills")
    shutil.copytree(plain.parent, top / "source")
    words = [sys.executable, "-c", SCRIPT, str(top / "source"), "30"]
    count = int(subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout)
    folders = sorted(top.glob("killed-*"))
    assert len(folders) == count > 20
    for folder in folders:
        path = folder / "record.db"
        assert rows(path) == before
        rewrite.encrypt(path, known.key_of(folder).secret)
        assert not opener.is_plain(path)
        assert rows(path) == before
        assert names(folder) == {"record.db", "key.json"}


def test_the_plain_file_that_a_killed_run_left_is_taken_away_by_the_next_start(plain):
    left = plain.read_bytes()
    assert encrypt(plain)
    old = plain.with_name("record.db.old")
    old.write_bytes(left)
    key = (plain.parent / "key.json").read_bytes()
    place.save(plain.parent, place.wrap(known.key_of(plain.parent), "seven sleepy herons"))
    encrypt_new(plain.parent)
    assert old.exists()  # nobody knows yet whether the new one opens
    (plain.parent / "key.json").write_bytes(key)
    encrypt_new(plain.parent)
    assert names(plain.parent) == {"record.db", "key.json", "room.lock"}
