"""An entry of the journal that is shared on a later day, by the real child into a real record; and who is refused."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk import datadir
from kiosk.cli import main
from kiosk.command.journal import share
from kiosk.journal.entry import begin
from kiosk.journal.sealed import Cost
from kiosk.journal.store import create
from kiosk.line.sharing import NotShared, SharedLater, ShareLater
from kiosk.record.reader import Reader
from kiosk.record.seal import load_signer
from kiosk.session import events as e
from kiosk.session.commands import ShareEntry
from kiosk.sharer import share_later
from kiosk.sharing import last_over
from kiosk.sharing import share as write_shared
from kiosk.vault import place
from tests.unit.kiosk.record_samples import START, at, opened, oximetry, recorder, select
from tests.unit.kiosk.vaulted import with_key

WORDS, KEPT = "the slow wide river", "a violet heron stood still"
ENTRY = ShareEntry(WORDS, "images", START.utc_ns)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one session of a patient that is over, and a journal."""
    home = datadir.prepare(tmp_path / "room")
    session(home, "s1", 0)
    journal = create(home / datadir.JOURNAL, "four words nobody guesses", Cost(1, 64, 1))
    journal.put(begin("images", 1, 0).with_text(KEPT, 2))
    journal.put(begin("images", 1, 0).with_text(WORDS, 2))
    journal.close()
    return home


def session(
    home: Path, session_id: str, day: int, kind: str = "patient", *, dosed: bool = True, over: bool = True
) -> None:
    writer, second = recorder(home / "record.db"), day * 86_400
    writer.append_event(opened(session_id, kind), at(second), "Session opened")
    writer.append_event(e.RunAnchored("boot-1", 60, 1), at(second), "Monitoring started")
    if dosed:
        writer.append_event(e.DoseMarked(at(second).utc_ns), at(second), "Dose marked")
    writer.append_reading(oximetry(second + 1))
    if over:
        writer.append_event(e.SessionEnded("released"), at(second + 3), "Session ended")
        writer.seal(load_signer(home), at(second + 3), lambda seal: "Sealed")
    writer.close()


def shared(home: Path) -> list[tuple[str, str]]:
    return [
        (row["session_id"], row["text"])
        for row in select(home / "record.db", "SELECT session_id, text FROM v_events WHERE kind = 'entry_shared'")
    ]


def out(home: Path, kind: str) -> Path:
    target = home.parent / f"out.{kind}"
    assert main(["export", "s1", "--format", kind, "--to", str(target), "--yes", "--data-dir", str(home)]) == 0
    return target


def test_it_stands_behind_the_end_signed_and_whoever_had_the_session_gets_the_longer_copy(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = out(folder, "archive").rename(folder.parent / "short.session.zip")
    assert share(folder, ENTRY) == (True, "Shared. The record of the session of Tue 24 Nov has these words.")
    with Reader(folder / "record.db") as reader:
        assert reader.verify_chain("s1") == []
        rows = list(reader.rows("s1"))
    assert [row.kind for row in rows[-5:]] == [
        "session_ended", "chain_sealed", "run_anchored", "entry_shared", "chain_sealed",
    ]  # fmt: skip
    assert rows[-2].what == e.EntryShared(WORDS, "images", START.utc_ns)
    long = out(folder, "archive")
    capsys.readouterr()
    assert main(["verify", str(long)]) == 0
    assert "Complete and unaltered: session s1, 9 rows" in capsys.readouterr().out
    for path, what in ((short, "added"), (long, "extended")):
        assert main(["import", "--json", str(path), "--data-dir", str(folder.parent / "practice")]) == 0
        assert json.loads(capsys.readouterr().out)[what] == 1


def test_what_is_shared_is_in_everything_that_leaves_and_what_is_kept_in_nothing(folder: Path) -> None:
    assert isinstance(write_shared(ShareLater(str(folder), ENTRY)), SharedLater)
    assert shared(folder) == [("s1", f"Robin shared from the journal: “{WORDS}”")]
    with (out(folder, "csv") / "events.csv").open(newline="", encoding="utf-8") as file:
        assert any(WORDS in line["text"] for line in csv.DictReader(file))
    bundle = json.loads(out(folder, "fhir").read_text("utf-8"))
    assert WORDS in [entry["resource"].get("valueString") for entry in bundle["entry"]]
    report = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(out(folder, "pdf")).pages)
    assert "After the session Time What" in report
    assert f"Robin shared from the journal: “{WORDS}”" in report
    assert KEPT not in report
    with zipfile.ZipFile(out(folder, "archive")) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    assert not [name for name, content in members.items() if KEPT.encode() in content]
    assert WORDS.encode() in members["chain.jsonl"]
    assert WORDS.encode() in members["events.csv"]
    for file in folder.parent.rglob("*"):
        assert not file.is_file() or KEPT.encode() not in file.read_bytes(), file


def test_the_last_session_is_the_patients_with_a_dose_and_never_one_that_goes_on(folder: Path) -> None:
    session(folder, "s2", 1)
    session(folder, "s3", 2, dosed=False)
    session(folder, "s4", 3, "demo")
    session(folder, "s5", 4, over=False)
    found = last_over(folder / "record.db")
    assert found is not None
    assert found.session_id == "s2"


def test_where_only_a_trial_is_over_it_is_that_one_and_without_any_it_is_said(tmp_path: Path) -> None:
    home = datadir.prepare(tmp_path / "other")
    wanted = ShareLater(str(home), ENTRY)
    assert write_shared(wanted) == NotShared("no session")
    session(home, "s1", 0, over=False)
    assert write_shared(wanted) == NotShared("no session")
    home = datadir.prepare(tmp_path / "third")
    session(home, "s1", 0, "trial", dosed=False)
    answer = write_shared(ShareLater(str(home), ENTRY))
    assert isinstance(answer, SharedLater)
    assert answer.session_id == "s1"


def test_while_a_room_holds_the_folder_or_the_record_is_locked_nothing_is_written_and_it_is_said(folder: Path) -> None:
    with datadir.hold_lock(folder):
        assert share_later(folder, ENTRY) == NotShared("room")
        is_shared, sentence = share(folder, ENTRY)
    assert not is_shared
    assert sentence == "Not shared: the session room is open and holds the record. Close it, then share again."
    assert write_shared(ShareLater(str(folder), ShareEntry("  "))) == NotShared("empty")
    assert shared(folder) == []


def test_a_locked_record_takes_nothing_and_it_is_said(tmp_path: Path) -> None:
    home = datadir.prepare(tmp_path / "locked")
    key = with_key(home)
    session(home, "s1", 0)
    before = (home / "record.db").read_bytes()
    place.save(home, place.wrap(key, "four words nobody guesses"))
    is_shared, sentence = share(home, ENTRY)
    assert not is_shared
    assert sentence.startswith("Not shared. The record is encrypted and its key is locked.")
    assert (home / "record.db").read_bytes() == before
