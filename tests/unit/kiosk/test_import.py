"""`kiosk import`: verified first, nothing twice, only forwards, and whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench import mutations
from kiosk.cli import main
from kiosk.exchange import archive
from kiosk.exchange.inspection import inspect
from kiosk.exchange.intake import place, take
from kiosk.record import driver
from kiosk.record.fault import RecordError
from kiosk.record.library import Library
from kiosk.record.reader import Reader
from kiosk.record.seal import load_signer
from kiosk.session import events as e
from tests.unit.kiosk.record_samples import at, opened, oximetry, recorder, select


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> mutations.Case:
    return mutations.case(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "practice"


def run(data: Path, capsys: pytest.CaptureFixture[str], *files: Path) -> tuple[int, dict[str, Any]]:
    code = main(["import", "--json", "--data-dir", str(data), *map(str, files)])
    return code, json.loads(capsys.readouterr().out)


def packed(folder: Path, name: str) -> Path:
    """The session of a record as it stands now."""
    target = folder / f"{name}.session.zip"
    with Reader(folder / "record.db") as reader:
        archive.pack(reader, "s-1", load_signer(folder), target)
    return target


def rows(path: Path, session_id: str) -> list[dict[str, object]]:
    query = "SELECT chain_seq, kind, body, hash FROM chain WHERE session_id = '{}' ORDER BY chain_seq"
    return select(path, query.format(session_id))


def test_sessions_come_in_row_for_row_and_twice_is_once(
    made: mutations.Case, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run(data, capsys, made.folder)
    assert (code, told["added"], told["quarantined"]) == (0, 2, 0)
    assert {one["verified"] for one in told["files"]} == {"unknown"}
    for session_id in ("s-0", "s-1"):
        assert rows(data / "library.db", session_id) == rows(made.folder / "record.db", session_id)
    code, told = run(data, capsys, made.folder, made.folder / "s-0.session.zip")
    assert (code, told["added"], told["same"]) == (0, 0, 3)
    with Reader(data / "library.db") as reader:
        assert reader.verify_chain("s-0") == []
        first = reader.sessions()[0]
    assert (first.signer, first.verified) == (load_signer(made.folder).fingerprint, "unknown")
    assert first.imported_utc is not None


def test_a_trusted_signer_is_known_in_the_library(
    made: mutations.Case, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["key", "trust", load_signer(made.folder).fingerprint, "--data-dir", str(data)])
    capsys.readouterr()
    _, told = run(data, capsys, made.folder / "s-0.session.zip")
    assert told["files"][0]["verified"] == "known"


def test_tables_that_the_chain_does_not_make_are_refused_unless_a_trusted_key_signed_them_and_never_come_in(
    made: mutations.Case, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signer, odd = load_signer(made.folder), tmp_path / "odd.session.zip"
    members = made.members
    members["vitals.csv"] += b"s-0\r\n"
    odd.write_bytes(mutations.packed(mutations.signed(mutations.relisted(members), signer)))
    _, told = run(data, capsys, odd)
    assert told["files"][0]["reason"] == "vitals.csv is not what the chain makes of it."
    main(["key", "trust", signer.fingerprint, "--data-dir", str(data)])
    capsys.readouterr()
    assert run(data, capsys, odd)[1]["added"] == 1
    assert rows(data / "library.db", "s-0") == rows(made.folder / "record.db", "s-0")
    assert main(["verify", str(odd), "--data-dir", str(data)]) == 1
    assert "vitals.csv is not what the chain makes of it." in capsys.readouterr().err


def test_a_longer_copy_adds_its_new_rows_and_a_shorter_one_nothing(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    writer = recorder(source / "record.db")
    writer.append_event(opened("s-1"), at(0), "")
    writer.append_reading(oximetry(1))
    writer.settle(5)
    short = packed(source, "short")
    writer.append_reading(oximetry(2))
    writer.append_event(e.SessionEnded("released"), at(3), "")
    writer.close()
    long = packed(source, "long")
    assert run(data, capsys, short)[1]["added"] == 1
    _, told = run(data, capsys, long)
    assert (told["extended"], told["files"][0]["rows"]) == (1, 2)
    assert run(data, capsys, short)[1]["same"] == 1
    assert rows(data / "library.db", "s-1") == rows(source / "record.db", "s-1")


def test_another_history_of_the_same_session_is_quarantined_with_its_reason(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths: list[Path] = []
    for name, spo2 in (("one", "97"), ("two", "96")):
        source = tmp_path / name
        source.mkdir()
        (source / "signing.key").write_bytes(b"\5" * 32)
        writer = recorder(source / "record.db")
        writer.append_event(opened("s-1"), at(0), "")
        writer.append_reading(oximetry(1, spo2))
        writer.close()
        paths.append(packed(source, name))
    assert run(data, capsys, paths[0])[0] == 0
    for _ in range(2):
        code, told = run(data, capsys, paths[1])
        assert (code, told["quarantined"]) == (1, 1)
    kept = sorted(path.name.split("-", 1)[1] for path in (data / "library-quarantine").iterdir())
    assert kept == ["two.session.zip", "two.session.zip.txt"]
    reason = next((data / "library-quarantine").glob("*.txt")).read_text()
    assert reason == "Session s-1 is here already with another history.\n"
    assert rows(data / "library.db", "s-1") == rows(tmp_path / "one" / "record.db", "s-1")


def test_an_altered_file_does_not_come_in_and_the_others_do(
    made: mutations.Case, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good, link = (tmp_path / f"{name}.session.zip" for name in ("bad", "good", "link"))
    bad.write_bytes(mutations.flip_bit(made, random.Random(3)))
    good.write_bytes(made.file)
    link.symlink_to(good)
    code, told = run(data, capsys, bad, link, good)
    assert (code, told["added"], told["quarantined"]) == (1, 1, 2)
    assert all(one["reason"] for one in told["files"] if one["what"] == "quarantined")


def test_another_signer_of_a_patient_is_flagged_and_one_of_a_session_here_is_refused(
    made: mutations.Case, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, capsys, made.folder / "s-1.session.zip")[0] == 0
    rebuilt = tmp_path / "rebuilt.session.zip"
    rebuilt.write_bytes(mutations.rebuilt_sealed(made, random.Random(1)))
    _, told = run(data, capsys, rebuilt)
    assert (told["added"], told["files"][0]["verified"]) == (1, "changed")
    code, told = run(data, capsys, made.folder / "s-0.session.zip")
    assert code == 1
    assert "signed with another key" in told["files"][0]["reason"]


def test_the_record_of_a_room_is_never_written_to(
    made: mutations.Case, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = made.folder / "record.db"
    before = rows(record, "s-0")
    words = ["import", str(made.folder / "s-0.session.zip"), "--into", str(record), "--data-dir", str(data)]
    assert main(words) == 1
    assert "the record of a room, not a library" in capsys.readouterr().err
    assert rows(record, "s-0") == before


def test_what_is_not_there_is_said_before_anything_is_imported(
    made: mutations.Case, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for strange in (tmp_path / "none.zip", empty):
        assert main(["import", str(made.folder), str(strange), "--data-dir", str(data)]) == 1
        assert "Nothing was imported" in capsys.readouterr().err
    assert not (data / "library.db").exists()


def test_a_killed_import_leaves_whole_sessions_only_and_the_next_completes(
    made: mutations.Case, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "kiosk", "import", str(made.folder), "--data-dir", str(data)]
    chance = random.Random(5)
    for _ in range(15):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while child.poll() is None and time.monotonic() < end and not (data / "library.db-wal").exists():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(0.005)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(chance.uniform(0, 0.15))
        child.kill()
        child.wait()
        if (data / "library.db").exists() and (data / "library.db").stat().st_size:
            for session_id in ("s-0", "s-1"):
                here = rows(data / "library.db", session_id) if _has_chain(data) else []
                assert here in ([], rows(made.folder / "record.db", session_id))
    assert run(data, capsys, made.folder)[0] == 0
    for session_id in ("s-0", "s-1"):
        assert rows(data / "library.db", session_id) == rows(made.folder / "record.db", session_id)


def _has_chain(data: Path) -> bool:
    return bool(select(data / "library.db", "SELECT 1 FROM sqlite_master WHERE name = 'chain'"))


def test_many_files_are_looked_at_by_several_and_come_in_together(
    made: mutations.Case,
    tmp_path: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    cut = tmp_path / "cut.session.zip"
    cut.write_bytes(made.file[:-9])
    code, told = run(data, capsys, made.folder, cut, *[made.folder / "s-1.session.zip"] * 6)
    assert code == 1
    assert [told[what] for what in ("added", "same", "quarantined")] == [2, 6, 1]
    for session_id in ("s-0", "s-1"):
        assert rows(data / "library.db", session_id) == rows(made.folder / "record.db", session_id)
    with Reader(data / "library.db") as reader:
        assert reader.verify_chain("s-0") == []


def test_one_that_fails_in_a_batch_takes_no_other_with_it(made: mutations.Case, tmp_path: Path) -> None:
    found = {name: inspect(made.folder / f"{name}.session.zip") for name in ("s-0", "s-1")}
    del found["s-1"].rows.events[3]
    with Library(tmp_path / "library.db") as library:
        with library.batch():
            assert place(found["s-0"], library, lambda _: "false", 1).what == "added"
            with pytest.raises(RecordError):
                place(found["s-1"], library, lambda _: "false", 1)
        assert library.chain_end("s-0")[0] == found["s-0"].rows.count()
        assert library.chain_end("s-1")[0] == 0
    Library(tmp_path / "library.db").close()  # its triggers are all there again


def test_who_came_in_with_what_was_taken_back_is_nobody_s_first_signer(made: mutations.Case, tmp_path: Path) -> None:
    found = inspect(made.folder / "s-0.session.zip")
    looked = found.verdict.looked
    assert looked
    assert looked.opened
    assert not looked.opened.simulated
    patient_id = looked.opened.patient_id

    def break_off(library: Library) -> None:
        with library.batch():
            place(found, library, lambda _: "false", 1)
            assert library.first_signer(patient_id) == found.verdict.signer
            raise KeyboardInterrupt

    with Library(tmp_path / "library.db") as library:
        with pytest.raises(KeyboardInterrupt):
            break_off(library)
        assert library.first_signer(patient_id) == ""
        place(found, library, lambda _: "false", 1)
        assert library.first_signer(patient_id) == found.verdict.signer


def test_rows_cannot_come_in_past_the_order_once_an_import_is_over(made: mutations.Case, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library:
        take(made.folder / "s-0.session.zip", library, lambda _: "false", 1)
    connection = driver.connect(path, read_only=False)
    with pytest.raises(driver.Error, match="must be the next one"):
        connection.execute("INSERT INTO reading SELECT session_id, 9999, body, hash, 1 FROM event LIMIT 1")
    with pytest.raises(driver.Error, match="by an import alone"):
        connection.execute(
            "INSERT INTO stretch SELECT session_id, kind, 9999, 1, hash, hashes, bodies FROM stretch LIMIT 1"
        )
    connection.close()


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made_up:
        made_up.writestr("manifest.json", bytes(50_000_000))


def with_member(name: str, mode: int = 0o100600) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as made_up:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            made_up.writestr(info, b"x")

    return write


def of_the_future(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made_up:
        made_up.writestr("manifest.json", json.dumps({"format": "session-room session", "version": 7}))


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (bomb, "is compressed (50000000 bytes from"),
        (with_member("../../escape.toml"), "points outside of the container"),
        (with_member("/etc/passwd"), "points outside of the container"),
        (with_member("plan.toml", 0o120777), "is a link"),
        (with_member("folder/"), "is not a file"),
        (with_member("setup.exe"), "does not belong in a session file"),
        (of_the_future, "has form 7, made by a newer program"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(100)), "This is not a session file"),
        (lambda path: path.write_bytes(b""), "This file is empty"),
        (lambda path: path.symlink_to("/etc/hostname"), "This is a link"),
        (lambda path: os.mkfifo(path), "This is not a file"),
    ],
    ids=["bomb", "path", "absolute", "link", "folder", "strange", "future", "database", "empty", "symlink", "pipe"],
)
def test_what_is_no_session_file_is_refused_by_name_and_nothing_of_it_comes_in(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str], write: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / "night.session.zip"
    write(path)
    code, told = run(data, capsys, path)
    assert code == 1
    assert reason in told["files"][0]["reason"]
    assert select(data / "library.db", "SELECT count(*) AS n FROM session") == [{"n": 0}]
    assert not (tmp_path.parent / "escape.toml").exists()
