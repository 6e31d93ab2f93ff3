"""`kiosk export`: the session that was meant, whole or not at all, never over another file, whatever ends it."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from kiosk.cli import main
from kiosk.session import events as e
from tests.unit.kiosk.record_samples import at, opened, oximetry, raw, recorder, select


def record(folder: Path, *session_ids: str, seconds: int = 5) -> Path:
    """A data folder whose record holds these sessions."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for n, session_id in enumerate(session_ids):
        writer = recorder(folder / "record.db")
        first = msgspec.structs.replace(opened(session_id), plan_confirmed="Dr. Okafor, 2026-11-03, prescriber")
        writer.append_event(first, at(n * 86400), "Session opened")
        for second in range(seconds):
            writer.append_reading(oximetry(n * 86400 + second, str(90 + second % 10)))
        writer.append_event(e.SessionEnded("released"), at(n * 86400 + seconds), "Session ended")
        writer.close()
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return record(tmp_path / "data", "s-0a11", "s-0b22")


def run(data: Path, *words: str | Path) -> int:
    return main(["export", *[str(word) for word in words], "--data-dir", str(data)])


def test_last_is_the_newest_session_in_a_folder_named_after_its_day(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "last", "--format", "csv") == 0
    made = Path("2026-11-25-s-0b22-csv")
    assert f"{made} is written: session 1, vitals 5" in capsys.readouterr().out
    with (made / "vitals.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["spo2_percent"] for line in lines] == ["90", "91", "92", "93", "94"]
    assert {line["session_id"] for line in lines} == {"s-0b22"}
    assert made.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in made.iterdir()} == {0o600}
    assert not list(made.parent.glob(".*"))


def test_the_beginning_of_an_id_is_enough_if_only_one_session_has_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "s-0a", "--format", "csv", "--to", "one", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sessions"] == ["s-0a11"]
    assert told["lines"]["vitals"] == 5
    assert run(data, "s-0", "--format", "csv") == 1
    assert "2 sessions begin with s-0" in capsys.readouterr().err
    assert run(data, "s-0b23", "--format", "csv") == 1
    assert "did you mean s-0b22?" in capsys.readouterr().err


def test_all_are_folders_in_one_folder(data: Path) -> None:
    assert run(data, "all", "--format", "csv", "--to", "nights") == 0
    assert sorted(p.name for p in Path("nights").iterdir()) == ["2026-11-24-s-0a11-csv", "2026-11-25-s-0b22-csv"]
    assert run(data, "all", "--format", "fhir") == 0
    assert sorted(p.name for p in Path("sessions-fhir").iterdir()) == [
        "2026-11-24-s-0a11.fhir.json",
        "2026-11-25-s-0b22.fhir.json",
    ]


def test_a_session_as_fhir_is_one_private_file_with_its_own_readings(data: Path) -> None:
    assert run(data, "last", "--format", "fhir") == 0
    made = Path("2026-11-25-s-0b22.fhir.json")
    assert made.stat().st_mode & 0o777 == 0o600
    found = json.loads(made.read_bytes())
    assert found["identifier"]["value"] == "s-0b22"
    trends = [e["resource"] for e in found["entry"] if "valueSampledData" in e["resource"]]
    assert trends[0]["valueSampledData"]["data"] == "90 91 92 93 94"


def test_a_session_as_report_is_one_private_file_on_the_paper_that_was_asked_for(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "last", "--format", "pdf") == 0
    made = Path("2026-11-25-s-0b22-report.pdf")
    assert made.stat().st_mode & 0o777 == 0o600
    assert run(data, "last", "--format", "pdf", "--paper", "letter", "--to", "letter.pdf") == 0
    for path, high in ((made, 842), (Path("letter.pdf"), 792)):
        page = PdfReader(path).pages[0]
        assert round(page.mediabox.height) == high
        assert "Session s-0b22, page 1 of" in page.extract_text()
    capsys.readouterr()
    assert run(data, "last", "--paper", "letter") == 1
    assert "--paper is for the report" in capsys.readouterr().err


def test_a_report_of_an_altered_record_says_so_on_every_page(data: Path) -> None:
    changed = raw(data / "record.db")
    changed.execute("DROP TRIGGER reading_no_update")
    changed.execute("UPDATE reading SET body = replace(body, '\"92\"', '\"99\"') WHERE session_id = 's-0b22'")
    changed.close()
    assert run(data, "s-0b22", "--format", "pdf", "--to", "altered.pdf") == 0
    pages = [page.extract_text() for page in PdfReader("altered.pdf").pages]
    assert all("NOT AS RECORDED: the row is not what was written" in text for text in pages)
    assert run(data, "s-0a11", "--format", "pdf", "--to", "other.pdf") == 0
    assert "NOT AS RECORDED" not in PdfReader("other.pdf").pages[0].extract_text()


@pytest.mark.parametrize("what", ["csv", "fhir", "pdf", "sqlite"])
def test_nothing_is_ever_overwritten_and_nothing_half_written_is_left(
    what: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine").write_text("mine")
    assert run(data, "all", "--format", what, "--to", "mine") == 1
    assert "is left as it is" in capsys.readouterr().err
    assert Path("mine").read_text() == "mine"
    assert run(data, "all", "--format", what, "--to", "none/there") == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in Path().iterdir()] == ["mine"]


def test_a_plain_copy_says_what_it_holds_and_any_sqlite_reads_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "all", "--format", "sqlite") == 0
    said = capsys.readouterr().out
    assert "Sessions: 2, patients: 1, with names" in said
    assert "not encrypted" in said
    with closing(sqlite3.connect("session-room-copy.db")) as other:
        copied = other.execute("SELECT session_id, t_s, spo2_percent FROM v_vitals ORDER BY 1, 2").fetchall()
    own = select(data / "record.db", "SELECT session_id, t_s, spo2_percent FROM v_vitals ORDER BY 1, 2")
    assert copied == [tuple(line.values()) for line in own]
    assert Path("session-room-copy.db").stat().st_mode & 0o777 == 0o600


def test_a_plain_copy_of_one_session_is_refused_because_it_would_hold_all(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "last", "--format", "sqlite") == 1
    assert "holds every session" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_without_a_record_there_is_nothing_to_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "last", "--format", "csv") == 1
    (tmp_path / "record.db").write_bytes(b"not a record, but long enough to look like a file of something")
    assert run(tmp_path, "last", "--format", "csv") == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_a_killed_export_leaves_nothing_that_could_be_taken_for_one_and_the_next_completes(tmp_path: Path) -> None:
    data = record(tmp_path / "data", "s-0a11", seconds=4000)
    out, chance = tmp_path / "out", random.Random(4)
    out.mkdir()
    command = [sys.executable, "-m", "kiosk", "export", "last", "--format", "csv", "--data-dir", str(data), "--to"]
    began = time.monotonic()
    subprocess.run([*command, str(out / "whole")], check=True, capture_output=True)
    whole_s = time.monotonic() - began
    expected = {p.name: p.read_bytes() for p in (out / "whole").iterdir()}
    for _ in range(4):
        export = subprocess.Popen([*command, str(out / "a")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            export.wait(whole_s * chance.uniform(0.2, 1.0))
        except subprocess.TimeoutExpired:
            export.kill()
            export.wait()
        if (out / "a").exists():
            assert {p.name: p.read_bytes() for p in (out / "a").iterdir()} == expected
            break
    else:
        subprocess.run([*command, str(out / "a")], check=True, capture_output=True)
    assert {p.name: p.read_bytes() for p in (out / "a").iterdir()} == expected
    assert sorted(p.name for p in out.iterdir()) == ["a", "whole"]
