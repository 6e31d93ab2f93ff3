"""The seal: over all rows so far, by a key that only its owner can read, and never in the way of recording."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bench import rows
from kiosk.record import body
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Reader
from kiosk.record.recorder import Recorder
from kiosk.record.seal import KEY_FILE, fingerprint, is_sealed, load_signer
from kiosk.sealing import Sealing
from kiosk.session import events as e
from kiosk.text import Names
from tests.unit.kiosk.record_samples import at, opened, oximetry, recorder, until


def seals(path: Path, session_id: str = "s1") -> list[tuple[int, e.ChainSealed]]:
    """The seals of a session and their rows; the reader has held each against the rows before it."""
    with Reader(path) as reader:
        assert reader.verify_chain(session_id) == []
        return [(row.seq, row.what) for row in reader.rows(session_id) if isinstance(row.what, e.ChainSealed)]


def heads(path: Path, session_id: str = "s1") -> dict[int, bytes]:
    """The hash of each row."""
    with Reader(path) as reader:
        return {line[0]: bytes(line[3]) for line in reader._chain(session_id)}


def sealing(folder: Path, writer: Recorder) -> tuple[Sealing, list[e.Event], list[str]]:
    """With its key read, however that went; what it noted, and what the record refused."""
    noted: list[e.Event] = []
    failed: list[str] = []
    came: list[int] = []
    one = Sealing(writer, noted.append, failed.append, Names())
    one.load(folder, lambda told: (told(), came.append(1)))
    until(lambda: came)
    return one, noted, failed


def test_a_seal_holds_only_for_these_rows_of_this_session_by_this_key(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    signer, other = load_signer(tmp_path), load_signer(tmp_path / "other")
    head = b"\x01" * 32
    unsigned = body.Body(8, 1, 2, 3.0, "chain_sealed", "7 rows are sealed.", signer.seal(7, head))
    line = signer.signed("s1", body.encode(unsigned))
    seal = body.decode(line).data
    assert isinstance(seal, e.ChainSealed)
    assert is_sealed(seal, line, "s1", 7, head)
    assert not is_sealed(seal, line, "s2", 7, head)
    assert not is_sealed(seal, line, "s1", 6, head)
    assert not is_sealed(seal, line, "s1", 7, b"\x02" * 32)
    for was, forged in (("7 rows", "9 rows"), ('"utc_ns":1', '"utc_ns":2'), ('"t_s":3.0', '"t_s":4.0')):
        assert not is_sealed(seal, line.replace(was, forged), "s1", 7, head)
    for forged in ({"public_key": other.public_key.hex()}, {"key": other.fingerprint}, {"signature": "00" * 64}):
        changed = msgspec.structs.replace(seal, **forged)
        forged_line = body.encode(msgspec.structs.replace(unsigned, data=changed))
        assert not is_sealed(changed, forged_line, "s1", 7, head)
    for strange in ("", "zz", "00"):
        assert not is_sealed(msgspec.structs.replace(seal, public_key=strange), line, "s1", 7, head)


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = load_signer(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / KEY_FILE).chmod(0o644)
    assert load_signer(tmp_path).public_key == first.public_key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert first.fingerprint == fingerprint(first.public_key)
    assert [len(group) for group in first.fingerprint.split("-")] == [5] * 5
    assert list(tmp_path.iterdir()) == [tmp_path / KEY_FILE]


def test_a_damaged_key_is_refused_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(RecordError) as caught:
        load_signer(tmp_path)
    assert caught.value.reason is Reason.NO_KEY
    assert (tmp_path / KEY_FILE).read_bytes() == b"short"


def test_a_session_is_sealed_at_the_start_each_minute_and_after_its_end(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    writer = recorder(path)
    writer.append_event(opened(), at(0), "")
    one, noted, failed = sealing(tmp_path, writer)
    for second in range(150):
        one.tick(at(second), second)
        writer.append_reading(oximetry(second))
    writer.append_event(e.SessionEnded("released"), at(150), "")
    one.seal(at(150))
    writer.close()
    found, hashes = seals(path), heads(path)
    assert [seq for seq, _ in found] == [2, 63, 124, 156]
    assert all(seal.length == seq - 1 for seq, seal in found)
    assert all(seal.head == hashes[seal.length].hex() for _, seal in found)
    assert (noted, failed) == ([], [])


def test_a_session_taken_up_again_is_sealed_by_the_same_key_over_all_of_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    for resume in (None, "s1"):
        writer = recorder(path, resume=resume)
        if not resume:
            writer.append_event(opened(), at(0), "")
        writer.append_event(e.RunAnchored("boot", 0, 1), at(1), "")
        one, _, _ = sealing(tmp_path, writer)
        one.tick(at(2), 2)
        writer.close()
    found, hashes = seals(path), heads(path)
    assert [seal.length for _, seal in found] == [2, 4]
    assert len({seal.key for _, seal in found}) == 1
    assert all(seal.head == hashes[seal.length].hex() for _, seal in found)


def test_altered_records_are_found_whatever_else_was_made_to_fit(tmp_path: Path) -> None:
    counted = rows.run(rows.case(tmp_path), 60, seed=2)
    assert [key for key in counted if rows.is_wrong(*key)] == []
    assert {found for _, found in counted} == {rows.FOUND, rows.TOLD, rows.UNUSED}


def test_rows_told_otherwise_by_a_bent_view_are_found(tmp_path: Path) -> None:
    case = rows.case(tmp_path)
    altered = tmp_path / "altered.db"
    for was, bent in ((b"'waveform' AS kind", b"'wavefosm' AS kind"), (b"'reading' AS kind", b"'rebding' AS kind")):
        assert was in case.file
        altered.write_bytes(case.file.replace(was, bent))
        assert rows.outcome(altered, case.lines) == rows.FOUND


def test_without_a_readable_key_the_session_is_recorded_and_says_so(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).mkdir()
    writer = recorder(tmp_path / "record.db")
    writer.append_event(opened(), at(0), "")
    one, noted, failed = sealing(tmp_path, writer)
    one.tick(at(1), 1)
    one.seal(at(2))
    writer.close()
    assert seals(tmp_path / "record.db") == []
    assert [type(event) for event in noted] == [e.SealingFailed]
    assert (failed, writer.waiting) == ([], 0)
