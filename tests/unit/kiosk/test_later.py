"""What follows a session's end: in the same chain, signed again, and a longer copy for whoever had the shorter one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk import datadir
from kiosk.cli import main
from kiosk.exchange import archive
from kiosk.exchange.verify import verify
from kiosk.failure import Refusal
from kiosk.later import Later, add_later
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader
from kiosk.record.recorder import Recorder
from kiosk.record.seal import load_signer
from kiosk.session import events as e
from kiosk.text import Names
from tests.unit.kiosk.record_samples import START, Heard, at, opened, oximetry, raw, recorder, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one session that is over."""
    home = datadir.prepare(tmp_path / "room")
    writer = recorder(home / "record.db")
    session(writer, home)
    writer.close()
    return home


def session(writer: Recorder, home: Path) -> None:
    writer.append_event(opened(), at(0), "")
    writer.append_event(e.RunAnchored("boot-1", 60, 1), at(0), "")
    writer.append_reading(oximetry(1))
    writer.append_event(e.SessionEnded("released"), at(3), "")
    writer.seal(load_signer(home), at(3), lambda seal: "")


def kinds(home: Path, session_id: str = "s1") -> list[str]:
    with Reader(home / "record.db") as reader:
        assert reader.verify_chain(session_id) == []
        return [row.kind for row in reader.rows(session_id)]


def packed(home: Path, name: str) -> Path:
    target = home / f"{name}.session.zip"
    with Reader(home / "record.db") as reader:
        archive.pack(reader, "s1", load_signer(home), target)
    return target


def test_what_follows_the_end_stands_behind_it_and_is_signed_again(folder: Path) -> None:
    add_later(folder, "s1", [e.NoteAdded("Slept well.")])
    assert kinds(folder)[-5:] == ["session_ended", "chain_sealed", "run_anchored", "note_added", "chain_sealed"]
    with Reader(folder / "record.db") as reader:
        rows = list(reader.rows("s1"))
        assert reader.open_session() is None
        seconds = [row.t_s for row in rows]
    assert seconds == sorted(seconds)
    assert isinstance(rows[-1].what, e.ChainSealed)
    assert (rows[-1].what.length, rows[-1].what.key) == (7, load_signer(folder).fingerprint)


def test_in_the_run_that_ended_it_nothing_is_anchored_twice(tmp_path: Path) -> None:
    home = datadir.prepare(tmp_path / "room")
    writer = recorder(home / "record.db")
    assert writer.ended is None
    session(writer, home)
    assert writer.ended is not None
    later = Later(writer, writer.ended, Names(), None)
    ticket = later.note(e.NoteAdded("At home."), at(60))
    later.seal(load_signer(home), at(61))
    writer.close()
    assert (ticket.seq, ticket.t_s) == (6, 60.0)
    assert kinds(home)[-3:] == ["chain_sealed", "note_added", "chain_sealed"]


def test_a_session_that_is_over_takes_rows_while_another_is_recorded(folder: Path) -> None:
    with Reader(folder / "record.db") as reader:
        ended = reader.ended("s1")
    writer = recorder(folder / "record.db")
    writer.append_event(opened("s2"), at(100), "")
    later = Later(writer, ended, Names(), e.RunAnchored("boot-2", 60, 2))
    for second in range(101, 106):
        writer.append_reading(oximetry(second))
        later.note(e.NoteAdded(f"Day {second}"), at(second))
    later.seal(load_signer(folder), at(106))
    writer.append_event(e.SessionEnded("released"), at(107), "")
    writer.close()
    assert kinds(folder)[5:] == ["run_anchored", *["note_added"] * 5, "chain_sealed"]
    assert kinds(folder, "s2") == ["session_opened", *["reading"] * 5, "session_ended"]


def test_rows_of_two_sessions_that_waited_for_the_disk_are_written_once_and_in_order(folder: Path) -> None:
    heard = Heard()
    with Reader(folder / "record.db") as reader:
        ended = reader.ended("s1")
    writer = recorder(folder / "record.db", heard, retry_s=0.01)
    writer.append_event(opened("s2"), at(100), "")
    assert writer.settle(5)
    outsider = raw(folder / "record.db")
    outsider.execute("BEGIN IMMEDIATE")
    later = Later(writer, ended, Names(), e.RunAnchored("boot-2", 60, 2))
    for second in range(101, 104):
        writer.append_reading(oximetry(second))
        later.note(e.NoteAdded(f"Day {second}"), at(second))
    until(lambda: heard.failed)
    outsider.execute("ROLLBACK")
    outsider.close()
    writer.close(20)
    assert heard.restored
    assert kinds(folder)[5:] == ["run_anchored", *["note_added"] * 3]
    assert kinds(folder, "s2") == ["session_opened", *["reading"] * 3]


def test_a_session_that_goes_on_or_is_unknown_takes_nothing_and_a_running_room_is_not_disturbed(folder: Path) -> None:
    writer = recorder(folder / "record.db")
    writer.append_event(opened("s2"), START, "")
    writer.close()
    for session_id in ("s2", "s9"):
        with pytest.raises(Refusal):
            add_later(folder, session_id, [e.NoteAdded("x")])
        with Reader(folder / "record.db") as reader, pytest.raises(RecordError):
            reader.ended(session_id)
    before = kinds(folder)
    with datadir.hold_lock(folder), pytest.raises(Refusal) as caught:
        add_later(folder, "s1", [e.NoteAdded("x")])
    assert "running already" in caught.value.sentence
    assert kinds(folder) == before


def test_an_export_made_later_extends_the_one_that_a_library_has(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = packed(folder, "short")
    add_later(folder, "s1", [e.NoteAdded("Slept well."), e.NoteAdded("Walked.")])
    long = packed(folder, "long")
    verdict = verify(long)
    assert verdict.ok
    assert verdict.looked is not None
    assert verdict.looked.counts.gaps == 0  # the days until then are no gap in the oximeter's values
    assert verdict.notes == []
    for path, what in ((short, "added"), (long, "extended"), (short, "same")):
        assert main(["import", "--json", str(path), "--data-dir", str(tmp_path / "practice")]) == 0
        assert json.loads(capsys.readouterr().out)[what] == 1
