"""A new file is whole or not there, whatever ends the process, and no file is ever replaced."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.newfile import whole_file, whole_folder

WRITER = """
import sys, time
from pathlib import Path
from kiosk.newfile import whole_file, whole_folder
with whole_file(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    print("half", flush=True)
    sys.stdin.read()
"""


def test_it_has_its_name_only_when_it_is_whole_and_is_its_owners(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    with whole_file(target) as part:
        part.write_bytes(b"all of it")
        assert not target.exists()
    assert target.read_bytes() == b"all of it"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_it_never_replaces_a_file_also_one_that_came_meanwhile(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_text("mine")
    with pytest.raises(FileExistsError), whole_file(target):
        pass
    late = tmp_path / "b.pdf"
    with pytest.raises(FileExistsError), whole_file(late):
        late.write_text("mine")
    assert target.read_text() == late.read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "a.pdf") as part:
        part.write_bytes(b"half" * (1 // 0))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "none" / "a.pdf"):
        pass


def test_what_a_killed_run_left_is_taken_away_by_the_next_one(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"half\n"
    with whole_file(tmp_path / "b.pdf"):
        pass
    assert len(list(tmp_path.iterdir())) == 2  # the other's part stays: it is being written
    writer.kill()
    writer.communicate()
    assert not target.exists()
    with whole_file(target) as part:
        part.write_bytes(b"whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]
    assert target.read_bytes() == b"whole"


def test_what_sqlite_left_beside_a_killed_copy_goes_too_and_other_files_stay(tmp_path: Path) -> None:
    left = (".a.db.999999999.part", ".a.db.999999999.part-journal")
    others = (".b.db.999999999.part", ".a.db.part", "a.db.999999999.part", ".a.db.999999999.part-x")
    for name in (*left, *others):
        (tmp_path / name).touch()
    with whole_file(tmp_path / "a.db"):
        pass
    assert {p.name for p in tmp_path.iterdir()} == {"a.db", *others}


def test_a_folder_is_whole_or_not_there_like_a_file(tmp_path: Path) -> None:
    target = tmp_path / "csv"
    with whole_folder(target) as part:
        (part / "a.csv").write_text("a")
        (part / "in").mkdir()
        (part / "in" / "b.csv").write_text("b")
        assert not target.exists()
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert stat.S_IMODE((target / "in" / "b.csv").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError), whole_folder(target):
        pass
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "other") as part:
        (part / "a.csv").write_text("a" * (1 // 0))
    assert [p.name for p in tmp_path.iterdir()] == ["csv"]
