"""A provider's remarks in a library: signed, in a chain of their own, and every alteration is told."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from bench import practice
from kiosk.cli import main
from kiosk.launch import record_sentence
from kiosk.record import driver, remark, schema
from kiosk.record.deletion import delete_session
from kiosk.record.fault import Reason, RecordError
from kiosk.record.library import Library
from kiosk.record.reader import Reader
from kiosk.record.shelf import Shelf
from kiosk.review.collection import open_collection
from tests.unit.kiosk.record_samples import at, opened, raw, recorder, select

PROVIDER = practice.signer_of(9)
SESSION = practice.session_id(0)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice.pack(0, practice.signer_of(), tmp_path_factory.mktemp("file"), 17)


@pytest.fixture
def library(file: Path, tmp_path: Path) -> Path:
    assert main(["import", str(file), "--data-dir", str(tmp_path)]) == 0
    path = tmp_path / "library.db"
    write(path, "Good response.", 905.0)
    write(path, "Lower the dose next time.")
    write(path, "Wrong patient?")
    return path


def write(path: Path, text: str, t_s: float | None = None, withdraws: int = 0) -> remark.Remark:
    return remark.write(path, PROVIDER, "Dr. Okafor", text, SESSION, at(5).utc_ns, t_s, withdraws)


def alter(path: Path, *statements: str) -> None:
    """Past every trigger."""
    connection = raw(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def problems(path: Path) -> list[str]:
    with Shelf(path) as shelf:
        return shelf.remarks()[1]


def test_no_session_is_deleted_from_a_library_because_its_remarks_are_one_chain(library: Path) -> None:
    before = select(library, "SELECT * FROM remark")
    with pytest.raises(RecordError) as refused:
        delete_session(library, SESSION, "Dr. Okafor", at(9).utc_ns)
    assert refused.value.reason is Reason.A_LIBRARY
    assert "Import the session files to keep" in record_sentence(refused.value)
    assert select(library, "SELECT * FROM remark") == before
    assert problems(library) == []


def test_a_library_of_an_older_form_says_how_a_library_is_brought_up(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = raw(library)
    connection.execute(f"PRAGMA user_version = {schema.VERSION - 1}")
    connection.close()
    words = ["export", "all", "--from", str(library), "--format", "sqlite", "--to", str(tmp_path / "copy.db")]
    assert main([*words, "--data-dir", str(tmp_path), "--json"]) == 1
    said = capsys.readouterr().err
    assert "kiosk review LIBRARY" in said
    assert "room" not in said.replace(str(tmp_path), "")
    with contextlib.closing(open_collection(library, tmp_path)) as collection:
        assert len(collection.sessions()) == 1
    assert main([*words, "--data-dir", str(tmp_path), "--json"]) == 0


def test_remarks_are_read_as_they_were_written_and_the_session_is_untouched(library: Path) -> None:
    with Shelf(library) as shelf:
        found, wrong = shelf.remarks(SESSION)
        assert shelf.problems(SESSION) == []
        assert shelf.entries()[0].remarks == 3
    assert wrong == []
    assert [(one.remark.text, one.remark.t_s, one.counts) for one in found] == [
        ("Good response.", 905.0, True),
        ("Lower the dose next time.", None, True),
        ("Wrong patient?", None, True),
    ]
    assert {one.remark.key for one in found} == {PROVIDER.fingerprint}
    (row, *_) = select(library, "SELECT session_id, t_s, author, text, signer FROM v_remarks ORDER BY seq")
    assert row == {
        "session_id": SESSION,
        "t_s": 905.0,
        "author": "Dr. Okafor",
        "text": "Good response.",
        "signer": PROVIDER.fingerprint,
    }


def test_taking_one_back_is_another_remark(library: Path) -> None:
    write(library, "", withdraws=3)
    with Shelf(library) as shelf:
        found, wrong = shelf.remarks()
    assert wrong == []
    assert [one.withdrawn for one in found] == [False, False, True, False]
    assert [one.counts for one in found] == [True, True, False, False]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE remark SET body = replace(body, 'Lower', 'Raise') WHERE seq = 2",
        "UPDATE remark SET body = replace(body, '905.0', '906.0') WHERE seq = 1",
        "DELETE FROM remark WHERE seq = 2",
        "DELETE FROM remark WHERE seq = 1",
        "UPDATE remark SET seq = 9 WHERE seq = 2",
        "UPDATE remark SET body = (SELECT body FROM remark WHERE seq = 1) WHERE seq = 2",
        "UPDATE remark SET body = '{' WHERE seq = 2",
        "UPDATE remark SET hash = zeroblob(32) WHERE seq = 2",
    ],
)
def test_a_changed_hidden_or_moved_remark_is_told(library: Path, statement: str) -> None:
    alter(library, statement)
    assert problems(library)


def test_one_written_anew_with_its_hashes_has_no_signature(library: Path) -> None:
    (row,) = select(library, "SELECT body FROM remark WHERE seq = 3")
    (before,) = select(library, "SELECT hash FROM remark WHERE seq = 2")
    from kiosk.record import body

    text = json.dumps(json.loads(str(row["body"])) | {"text": "Fine."}, separators=(",", ":"))
    digest = body.next_hash(before["hash"], text)  # type: ignore[arg-type]
    alter(library, f"UPDATE remark SET body = '{text}', hash = x'{digest.hex()}' WHERE seq = 3")
    assert problems(library) == ["Remark 3: its signature does not hold."]


def test_the_file_itself_refuses_to_change_one(library: Path) -> None:
    connection = raw(library)
    for statement in ("UPDATE remark SET body = ''", "DELETE FROM remark"):
        with pytest.raises(driver.Error, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_what_cannot_be_written_is_refused_by_reason(library: Path, tmp_path: Path) -> None:
    for text, session_id, reason in (
        (" ", SESSION, Reason.NOT_WRITABLE_AS_TEXT),
        ("\ud800", SESSION, Reason.NOT_WRITABLE_AS_TEXT),
        ("x" * (remark.LONGEST + 1), SESSION, Reason.NOT_WRITABLE_AS_TEXT),
        ("x", "s-none", Reason.UNKNOWN_SESSION),
    ):
        with pytest.raises(RecordError) as caught:
            remark.write(library, PROVIDER, "Dr. Okafor", text, session_id, 1)
        assert caught.value.reason is reason
    writer = recorder(tmp_path / "record.db")
    writer.append_event(opened("s-1"), at(0), "")
    writer.close()
    with pytest.raises(RecordError) as caught:
        remark.write(tmp_path / "record.db", PROVIDER, "Dr. Okafor", "x", "s-1", 1)
    assert caught.value.reason is Reason.NOT_A_LIBRARY
    assert problems(library) == []


def test_a_longer_copy_of_the_session_leaves_the_remarks(library: Path, file: Path) -> None:
    with Library(library) as opened_library:
        before = opened_library.chain_end(SESSION)
    assert main(["import", str(file), "--data-dir", str(library.parent)]) == 0
    with Reader(library) as reader:
        assert reader.chain_end(SESSION)[0] == before[0]
        assert len(list(reader.remarks())) == 3
