"""The session file and `kiosk verify`: whole or not at all, the same bytes again, believed only as it was signed."""

from __future__ import annotations

import io
import json
import random
import re
import stat
import struct
import subprocess
import zipfile
from pathlib import Path

import msgspec
import pytest

from bench import mutations
from kiosk.cli import main
from kiosk.exchange import archive, container, manifest
from kiosk.exchange.chain import Chain
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.fhir import bundle as fhir
from kiosk.exchange.folder import fill
from kiosk.exchange.report.report import report
from kiosk.exchange.source import of_record
from kiosk.exchange.verify import verify
from kiosk.record.reader import Reader
from kiosk.record.seal import KEY_FILE, load_signer
from kiosk.session import events as e
from tests.unit.kiosk.record_samples import oximetry, pressure, raw, write


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> mutations.Case:
    return mutations.case(tmp_path_factory.mktemp("sessions"))


def written(folder: Path, content: bytes) -> Path:
    path = folder / "some.session.zip"
    path.write_bytes(content)
    return path


def problems(folder: Path, content: bytes) -> list[str]:
    return verify(written(folder, content)).problems


def told(path: Path, data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["verify", str(path), "--json", "--data-dir", str(data), *words])
    return code, json.loads(capsys.readouterr().out)


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_members_are_stored_in_their_order_with_one_time_and_mode(made: mutations.Case) -> None:
    with zipfile.ZipFile(io.BytesIO(made.file)) as opened:
        assert opened.testzip() is None
        entries = opened.infolist()
    assert [entry.filename for entry in entries] == list(manifest.ORDER)
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o600}


def test_the_same_session_packed_again_is_the_same_bytes_and_leaves_nothing_beside_it(
    made: mutations.Case, tmp_path: Path
) -> None:
    target = tmp_path / "again.session.zip"
    with Reader(made.folder / "record.db") as reader:
        looked = archive.pack(reader, "s-0", load_signer(made.folder), target)
    assert target.read_bytes() == made.file
    assert (looked.counts.readings, looked.counts.waveforms, looked.counts.gaps) == (25, 25, 0)
    assert list(tmp_path.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o600


def test_the_tables_are_those_of_the_record_byte_for_byte(made: mutations.Case, tmp_path: Path) -> None:
    with Reader(made.folder / "record.db") as reader:
        fill(of_record(reader, "s-0"), tmp_path)
    for name in manifest.CSV:
        assert made.members[name] == (tmp_path / name).read_bytes()
    assert b"7,," in made.members["vitals.csv"] or b",,61.5," in made.members["vitals.csv"]  # invalid is empty


def test_a_reading_that_was_taken_back_later_is_in_none_of_the_tables_and_the_file_holds(tmp_path: Path) -> None:
    """Tables are written while the rows are looked at: what was taken back is known only behind them."""
    write(tmp_path / "record.db", oximetry(1), oximetry(2, "71"), oximetry(3), pressure(4, "210", "80", typed=True),
          e.ValueWithdrawn(4), oximetry(65, "95"), e.ValueWithdrawn(6), e.SessionEnded("released"))  # fmt: skip
    target = tmp_path / "made.session.zip"
    with Reader(tmp_path / "record.db") as reader:
        archive.pack(reader, "s1", load_signer(tmp_path), target)
        fill(of_record(reader, "s1"), tmp_path)
        bundle = io.BytesIO()
        fhir.write(of_record(reader, "s1"), bundle)
    members = mutations.unpacked(target.read_bytes())
    assert all(members[name] == (tmp_path / name).read_bytes() for name in manifest.CSV)
    assert members[manifest.BUNDLE] == bundle.getvalue()
    assert b",71," not in members["vitals.csv"]
    assert b",210," not in members["blood_pressure.csv"]
    assert [said for said in (b'"value":71', b'"value":210', b" 71 ") if said in members[manifest.BUNDLE]] == []
    assert verify(target).problems == []
    believed = mutations.signed({**members, "vitals.csv": members["vitals.csv"][:-1]}, load_signer(tmp_path))
    assert problems(tmp_path, mutations.packed(believed)) == ["vitals.csv is not what the chain makes of it."]


def test_the_report_in_the_file_is_the_record_s_and_another_one_is_refused(
    made: mutations.Case, tmp_path: Path
) -> None:
    with Reader(made.folder / "record.db") as reader:
        assert made.members[manifest.REPORT] == report(of_record(reader, "s-0"))
    for other in (made.other[manifest.REPORT], made.members[manifest.REPORT][:-1]):
        changed = mutations.packed({**made.members, manifest.REPORT: other})
        assert problems(tmp_path, changed) == ["report.pdf is not what the manifest lists."]
    without = {name: content for name, content in made.members.items() if name != manifest.REPORT}
    assert problems(tmp_path, mutations.packed(without)) == ["The manifest does not list just these members."]
    signer = load_signer(made.folder)
    assert problems(tmp_path, mutations.packed(mutations.signed(without, signer))) == []  # files of before had none


def test_the_signature_holds_for_a_stranger_s_program(made: mutations.Case, tmp_path: Path) -> None:
    prefix = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519, RFC 8410
    key = json.loads(made.members[manifest.MANIFEST])["signer"]
    for name in (manifest.MANIFEST, manifest.SIGNATURE):
        (tmp_path / name).write_bytes(made.members[name])
    (tmp_path / "key.der").write_bytes(prefix + bytes.fromhex(key))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin"]
    command += ["-in", manifest.MANIFEST, "-sigfile", manifest.SIGNATURE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "change",
    [
        "reading SET body = replace(body, '\"90\"', '\"99\"') WHERE chain_seq = 3",
        "reading SET body = replace(body, '\"utc_ns\":1', '\"utc_ns\":100000000000') WHERE chain_seq = 3",
        "event SET body = replace(body, '\"utc_offset_min\":', '\"utc_offset_min\":9999') WHERE chain_seq = 1",
        "event SET body = (SELECT body FROM event WHERE chain_seq = 2) WHERE chain_seq = 1",
        "reading SET hash = zeroblob(32) WHERE chain_seq = 3",
    ],
    ids=["value", "no time", "no zone", "no opening", "hash"],
)
def test_an_altered_record_is_not_signed(tmp_path: Path, change: str) -> None:
    mutations.case(tmp_path)
    opened = raw(tmp_path / "record.db")
    for table in ("reading", "event"):
        opened.execute(f"DROP TRIGGER {table}_no_update")
    opened.execute(f"UPDATE {change} AND session_id = 's-0'")
    opened.close()
    with Reader(tmp_path / "record.db") as reader, pytest.raises(ExchangeError) as caught:
        archive.pack(reader, "s-0", load_signer(tmp_path), tmp_path / "new.session.zip")
    assert caught.value.reason is Reason.ALTERED
    assert not list(tmp_path.glob("*new*"))


def test_the_session_file_is_what_export_makes_unless_told_otherwise(
    made: mutations.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "s-0", "--data-dir", str(made.folder)]) == 0
    target = tmp_path / "2026-11-24-s-0.session.zip"
    assert target.read_bytes() == made.file
    assert "readings 25, gaps 0" in capsys.readouterr().out
    assert main(["export", "s-0", "--data-dir", str(made.folder)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["export", "all", "--data-dir", str(made.folder)]) == 0
    assert len(list((tmp_path / "sessions-archive").glob("*.session.zip"))) == 2


def test_without_a_key_nothing_is_written_and_the_reason_is_said(
    made: mutations.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "record.db").write_bytes((made.folder / "record.db").read_bytes())
    (data / KEY_FILE).write_bytes(b"damaged")
    assert main(["export", "last", "--data-dir", str(data)]) == 1
    assert "The signing key cannot be used" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [data]


# --- verify -----------------------------------------------------------------------------------------------------------


def test_the_untouched_file_is_complete_and_its_signer_known_where_it_was_made(
    made: mutations.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, made.file)
    code, facts = told(path, made.folder, capsys, "--trusted-only")
    signer = load_signer(made.folder).fingerprint
    assert code == 0
    assert facts["ok"] is True
    assert (facts["session"], facts["readings"], facts["gaps"]) == ("s-0", 25, 0)
    assert (facts["signer"], facts["signer_known"], facts["problems"]) == (signer, "true", [])
    assert told(path, tmp_path / "elsewhere", capsys)[1]["signer_known"] == "false"
    assert told(path, tmp_path / "elsewhere", capsys, "--trusted-only")[0] == 1


def test_a_trusted_signer_is_known_and_another_one_of_the_same_patient_is_a_change(
    made: mutations.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "provider"
    path = written(tmp_path, made.file)
    assert main(["key", "trust", str(path), "--data-dir", str(data)]) == 1
    assert "what the sitter reads out" in capsys.readouterr().err
    assert main(["key", "trust", str(path), "--yes", "--name", "Robin", "--data-dir", str(data)]) == 0
    assert main(["key", "list", "--data-dir", str(data)]) == 0
    assert "Robin" in capsys.readouterr().out
    assert told(path, data, capsys)[1]["signer_known"] == "true"
    rebuilt = written(tmp_path, mutations.rebuilt_sealed(made, random.Random(1)))
    assert main(["key", "trust", made.stranger.fingerprint, "--data-dir", str(data)]) == 0
    capsys.readouterr()
    code, facts = told(rebuilt, data, capsys)
    assert (code, facts["signer_known"]) == (0, "changed")
    assert told(rebuilt, data, capsys, "--trusted-only")[0] == 1


def test_who_signs_another_s_recording_is_told_as_a_change(
    made: mutations.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, mutations.signed_again(made, random.Random(1)))
    _, facts = told(path, tmp_path, capsys)
    assert (facts["ok"], facts["signer_known"]) == (True, "changed")
    assert main(["key", "trust", str(path), "--yes", "--data-dir", str(tmp_path)]) == 1


def test_a_file_rebuilt_without_seals_says_so(made: mutations.Case, tmp_path: Path) -> None:
    verdict = verify(written(tmp_path, mutations.rebuilt_unsealed(made, random.Random(1))))
    assert verdict.ok
    assert any("was not sealed while it was recorded" in note for note in verdict.notes)


@pytest.mark.parametrize("imported", [False, True], ids=["verified", "imported of a trusted key"])
def test_two_hundred_mutations_are_refused_or_told(made: mutations.Case, imported: bool) -> None:
    vouched = (load_signer(made.folder).fingerprint,) if imported else ()
    counted, wrong = mutations.run(made, 200, seed=7, vouched=vouched)
    assert wrong == []
    assert sum(counted.values()) == 200
    assert {name for name, _ in counted} == {mutate.__name__ for mutate, _, _ in mutations.MUTATIONS}


@pytest.mark.parametrize(("bad", "named", "sealed"), [(-1, [-1], -2), (-2, [-2, -1], -3)])
def test_a_key_s_seals_are_verified_from_the_newest_backwards_until_one_holds(
    made: mutations.Case, bad: int, named: list[int], sealed: int
) -> None:
    """A changed seal before the newest is told by the hash under every one behind it."""
    rows = mutations.lines(made.members)
    seals = [place for place, row in enumerate(rows) if b'"kind":"chain_sealed"' in row]
    rows[seals[bad]] = re.sub(rb'("signature":")(..)', rb"\1\2\2", rows[seals[bad]])  # a byte twice: 65 of them
    content = b"".join(row + b"\n" for row in rows)
    looked = Chain(content, 0, len(content)).look()
    told = [f"The seal in row {seals[place] + 1} does not hold for the rows before it." for place in named]
    assert (looked.problems, looked.sealed) == (told, seals[sealed] + 1)


def test_the_record_s_gaps_are_counted(tmp_path: Path) -> None:
    made = mutations.case(tmp_path)
    rows = mutations.lines(made.members)
    kept = [row for row in rows if b'"kind":"reading"' not in row or not 3 <= json.loads(row)["t_s"] < 20]
    members = mutations.derived(mutations.with_lines(made.members, mutations.numbered(kept, made.stranger)))
    verdict = verify(written(tmp_path, mutations.packed(mutations.signed(members, made.stranger))))
    assert verdict.ok, verdict.problems
    assert verdict.looked
    assert verdict.looked.counts.gaps == 1


# --- what is refused, each by name ------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes], **attributes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            for key, value in attributes.items():
                setattr(info, key, value)
            made.writestr(info, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["../plan.toml", "/etc/passwd", "..\\x", "C:\\x", "a/../../b"])
def test_a_path_trick_is_named(made: mutations.Case, tmp_path: Path, name: str) -> None:
    found = problems(tmp_path, zipped(made.members | {name: b"x"}))
    assert found == [f"The member {name!a} points outside of the container."]


def test_a_bomb_is_not_unpacked(made: mutations.Case, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(manifest.CHAIN, bytes(50_000_000))
    found = problems(tmp_path, out.getvalue())
    assert found[0].startswith("The member 'chain.jsonl' is compressed (50000000 bytes from ")


def test_a_link_a_folder_and_a_strange_member_are_named(made: mutations.Case, tmp_path: Path) -> None:
    link = zipped(made.members, external_attr=(stat.S_IFLNK | 0o777) << 16)
    assert problems(tmp_path, link) == ["The member 'manifest.json' is a link."]
    assert problems(tmp_path, zipped({"plan/": b""})) == ["The member 'plan/' is not a file."]
    strange = problems(tmp_path, zipped(made.members | {"run.exe": b"x"}))
    assert strange == ["The member 'run.exe' does not belong in a session file."]


def test_a_missing_and_a_doubled_member_are_named(made: mutations.Case, tmp_path: Path) -> None:
    members = made.members
    del members["alarms.csv"]
    assert problems(tmp_path, zipped(members)) == ["alarms.csv is missing in the container."]
    doubled = [*made.members.items(), ("plan.toml", b"")]
    out = io.BytesIO()
    container.write(out, ((name, io.BytesIO(content)) for name, content in doubled))
    assert problems(tmp_path, out.getvalue()) == ["plan.toml is in the container twice."]


def test_a_newer_form_is_called_newer_whatever_else_is_in_it(made: mutations.Case, tmp_path: Path) -> None:
    newer = json.loads(made.members[manifest.MANIFEST]) | {"version": 2, "more": []}
    members = made.members | {manifest.MANIFEST: json.dumps(newer).encode(), "video.mkv": b""}
    (found,) = problems(tmp_path, zipped(members))
    assert found.startswith("This file has form 2, made by a newer program.")


def test_tables_of_another_form_are_not_called_altered(made: mutations.Case, tmp_path: Path) -> None:
    was = msgspec.json.decode(made.members[manifest.MANIFEST], type=manifest.Manifest)
    content = manifest.encode(msgspec.structs.replace(was, tables_form=7))
    signer = load_signer(made.folder)
    members = made.members | {manifest.MANIFEST: content, manifest.SIGNATURE: signer.sign_bytes(content)}
    verdict = verify(written(tmp_path, mutations.packed(members)))
    assert verdict.ok
    assert "were not made again" in verdict.notes[0]


def test_what_is_no_session_file_at_all_is_said(
    made: mutations.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problems(tmp_path, b"") == ["This file is empty."]
    assert problems(tmp_path, b"SQLite format 3\0") == ["This is not a session file."]
    assert problems(tmp_path, made.file[:-1]) == ["The container is damaged or cut off."]
    link = tmp_path / "link.session.zip"
    link.symlink_to(written(tmp_path, made.file))
    assert verify(link).problems == ["This is a link, not a file. Give the file itself."]
    assert verify(tmp_path).problems == ["This is not a file."]
    assert main(["verify", str(tmp_path / "none.zip")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_member_that_claims_a_size_beyond_the_file_is_refused() -> None:
    header = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 33, 0, 2**32 - 1, 2**32 - 1, 1, 0) + b"x"
    with pytest.raises(container.NotAsPackedError):
        container.read(header)


def test_rows_that_a_stranger_made_up_are_refused_in_a_sentence(made: mutations.Case, tmp_path: Path) -> None:
    rows = mutations.lines(made.members)
    for strange in (b'"utc_ns":9223372036854775807', b'"utc_ns":-9223372036854775807'):
        bent = [row.replace(b'"utc_ns":1795544580000000000', strange) for row in rows]
        bent = mutations.numbered(bent, made.stranger)
        members = mutations.signed(mutations.with_lines(made.members, bent), made.stranger)
        assert problems(tmp_path, mutations.packed(members))


def test_a_row_of_brackets_without_end_is_refused_in_a_sentence(made: mutations.Case, tmp_path: Path) -> None:
    rows = mutations.lines(made.members)
    endless = [*rows[:3], rows[3][:-1] + b',"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}", *rows[4:]]
    members = mutations.signed(mutations.with_lines(made.members, endless), made.stranger)
    assert problems(tmp_path, mutations.packed(members)) == ["Row 4 of the chain cannot be read."]


def test_rows_in_another_writing_or_under_a_strange_name_are_refused(made: mutations.Case, tmp_path: Path) -> None:
    rows = mutations.numbered(mutations.lines(made.members), None)
    spaced = [rows[0], rows[1].replace(b'"kind":', b'"kind": '), *rows[2:]]
    named = [rows[0].replace(b'"session_id":"s-0"', b'"session_id":"s-0\\u001b"'), *rows[1:]]
    for bent, reason in ((spaced, "is not written as the program writes"), (named, "that the program never gives")):
        members = mutations.signed(mutations.derived(mutations.with_lines(made.members, bent)), made.stranger)
        assert any(reason in one for one in problems(tmp_path, mutations.packed(members)))


# --- keys -------------------------------------------------------------------------------------------------------------


def test_the_own_fingerprint_is_shown_and_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown: list[dict[str, str]] = []
    for _ in range(2):
        assert main(["key", "show", "--json", "--data-dir", str(tmp_path / "data")]) == 0
        shown.append(json.loads(capsys.readouterr().out))
    assert shown[0] == shown[1]
    assert shown[0]["fingerprint"] == load_signer(tmp_path / "data").fingerprint


def test_what_is_neither_fingerprint_nor_file_is_not_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    assert main(["key", "trust", "1f0c4-77a1b", "--data-dir", data]) == 1
    assert "neither a fingerprint nor a file" in capsys.readouterr().err
    assert main(["key", "trust", "--data-dir", data]) == 1
    assert main(["key", "list", "x", "--data-dir", data]) == 1
    capsys.readouterr()
    assert main(["key", "list", "--data-dir", data]) == 0
    assert "No other computer's key" in capsys.readouterr().out
