"""A session file for certain readers only, and what is said before anything leaves."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyrage
import pytest

from bench import mutations
from kiosk.cli import main
from kiosk.command.verify import NOT_OPENED
from kiosk.exchange import envelope
from kiosk.exchange.verify import verify
from kiosk.text.leaving import journal


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> mutations.Case:
    return mutations.case(tmp_path_factory.mktemp("sessions"))


class Reader:
    """Somebody with an age key, in a file as `age-keygen` writes it."""

    def __init__(self, folder: Path, name: str) -> None:
        key = pyrage.x25519.Identity.generate()
        self.public = str(key.to_public())
        self.file = folder / f"{name}.key"
        self.file.write_text(f"# created: 2026-11-24\n# public key: {self.public}\n{key}\n")


@pytest.fixture
def readers(tmp_path: Path) -> list[Reader]:
    return [Reader(tmp_path, name) for name in ("provider", "clinic", "stranger")]


def run(made: mutations.Case, *words: str) -> int:
    return main([*words, "--data-dir", str(made.folder)])


def exported(made: mutations.Case, target: Path, *readers: Reader) -> Path:
    to = [word for reader in readers for word in ("--recipient", reader.public)]
    assert run(made, "export", "s-0", "--to", str(target), *to) == 0
    return target


def told(made: mutations.Case, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(made, *words, "--json")
    return code, json.loads(capsys.readouterr().out)


def test_each_named_reader_can_open_it_and_nobody_else(
    made: mutations.Case, readers: list[Reader], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported(made, tmp_path / "night.session.zip.age", *readers[:2])
    content = path.read_bytes()
    assert b"Robin" in made.file
    assert b"Robin" not in content
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".key") == [path.name]
    for reader in readers[:2]:
        code, facts = told(made, capsys, "verify", str(path), "--identity", str(reader.file))
        assert (code, facts["ok"], facts["signer_known"]) == (0, True, "true")
    code, facts = told(made, capsys, "verify", str(path), "--identity", str(readers[2].file))
    assert (code, facts["problems"]) == (
        NOT_OPENED,
        ["None of the given identities opens it: it is encrypted for other readers, or its beginning is damaged."],
    )
    code, facts = told(made, capsys, "verify", str(path))
    assert (code, facts["ok"], facts["opened"]) == (NOT_OPENED, False, False)
    assert facts["problems"][0].endswith("Give the key file of one of its readers: --identity FILE.")


def test_a_file_that_nobody_here_can_open_is_not_called_unreliable(
    made: mutations.Case, readers: list[Reader], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported(made, tmp_path / "night.session.zip.age", readers[0])
    capsys.readouterr()
    assert run(made, "verify", str(path)) == NOT_OPENED
    err = capsys.readouterr().err
    assert err.startswith(f"kiosk: {path} was not looked at: This session file is encrypted.")
    assert "relied on" not in err
    path.write_bytes(path.read_bytes()[:-1])
    assert run(made, "verify", str(path), "--identity", str(readers[0].file)) == 1
    assert "is not to be relied on" in capsys.readouterr().err


def test_what_is_inside_is_the_plain_file_byte_for_byte(
    made: mutations.Case, readers: list[Reader], tmp_path: Path
) -> None:
    path = exported(made, tmp_path / "night.session.zip.age", readers[0])
    keys = envelope.identities(readers[0].file.read_text())
    with envelope.opened(path, keys) as file:
        assert file.read() == made.file


def test_without_a_name_of_its_own_it_says_that_it_is_encrypted(
    made: mutations.Case, readers: list[Reader], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(made, "export", "s-0", "--recipient", readers[0].public) == 0
    assert [p.name for p in tmp_path.glob("*.age")] == ["2026-11-24-s-0.session.zip.age"]
    assert run(made, "export", "all", "--to", "nights", "--recipient", readers[0].public) == 0
    assert sorted(p.name for p in (tmp_path / "nights").iterdir()) == [
        "2026-11-24-s-0.session.zip.age",
        "2026-11-24-s-1.session.zip.age",
    ]


def test_a_changed_or_cut_encrypted_file_is_refused(
    made: mutations.Case, readers: list[Reader], tmp_path: Path
) -> None:
    path = exported(made, tmp_path / "night.session.zip.age", readers[0])
    content = path.read_bytes()
    keys = envelope.identities(readers[0].file.read_text())
    bent = tmp_path / "bent.session.zip.age"
    places = (30, 190, 5000, len(content) - 1)
    changed = [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places]
    for other in (*changed, content[:100], content[:-20], content[:-1], content + b"x"):
        bent.write_bytes(other)
        verdict = verify(bent, keys)
        assert len(verdict.problems) == 1
        assert "encrypted" in verdict.problems[0]
    inner = io.BytesIO()
    envelope.close(iter([b"something ", b"else"]), inner, envelope.recipients([readers[0].public]))
    bent.write_bytes(inner.getvalue())
    assert verify(bent, keys).problems == ["This is not a session file."]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--recipient", "age1xyz"), "'age1xyz' is not an age recipient"),
        (("--recipient", "ssh-ed25519 AAAA"), "is not an age recipient"),
        (("--recipient", "AGE-SECRET-KEY-1ABC"), "Never hand that out"),
        (("--recipient", "{ok}", "--recipient", "x"), "'x' is not an age recipient"),
        (("--recipient", "{ok}", "--format", "csv"), "leave --format away"),
    ],
)
def test_a_wrong_reader_is_refused_before_anything_is_written(
    words: tuple[str, ...],
    said: str,
    made: mutations.Case,
    readers: list[Reader],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "x.age"
    filled = [word.format(ok=readers[0].public) for word in words]
    assert run(made, "export", "s-0", "--to", str(target), *filled) == 1
    err = capsys.readouterr().err
    assert said in err
    assert "1ABC" not in err
    assert err.count("\n") == 1
    assert not target.exists()


def test_a_key_file_that_is_none_is_refused_by_name(
    made: mutations.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.key"
    for content in ("# nothing\n", "AGE-SECRET-KEY-1ABC\n"):
        bad.write_text(content)
        assert run(made, "verify", str(made.folder / "s-0.session.zip"), "--identity", str(bad)) == 1
        assert f"{bad} is not an age key file" in capsys.readouterr().err
    assert run(made, "verify", "x.zip", "--identity", str(tmp_path / "none")) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_encrypted_files_come_into_a_library_with_the_readers_key_and_wait_without(
    made: mutations.Case, readers: list[Reader], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = tmp_path / "box"
    box.mkdir()
    exported(made, box / "night.session.zip.age", readers[0])
    words = ["import", str(box), "--json", "--data-dir", str(tmp_path / "practice")]
    capsys.readouterr()
    assert main(words) == 1
    facts = json.loads(capsys.readouterr().out)
    assert "--identity" in facts["files"][0]["reason"]
    assert (facts["closed"], facts["quarantined"]) == (1, 0)
    assert not (tmp_path / "practice" / "library-quarantine").exists()
    assert main([*words, "--identity", str(readers[2].file)]) == 1
    assert json.loads(capsys.readouterr().out)["closed"] == 1
    assert main([*words, "--identity", str(readers[0].file)]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1


def test_a_disk_that_is_full_is_told_as_such_and_not_as_an_encryption_error(readers: list[Reader]) -> None:
    class Full(io.RawIOBase):
        def write(self, content: Any, /) -> int:
            raise OSError(28, "No space left on device")

    to = envelope.recipients([readers[0].public])
    with pytest.raises(OSError, match="No space left") as caught:
        envelope.close(iter([b"x" * 100_000]), Full(), to)  # type: ignore[arg-type]
    assert caught.value.errno == 28

    def broken() -> Any:
        yield b"x"
        raise KeyError("a member is missing")

    with pytest.raises(KeyError):
        envelope.close(broken(), io.BytesIO(), to)


# --- the preview ------------------------------------------------------------------------------------------------------


def at_a_terminal(made: mutations.Case, answer: str, *words: str) -> tuple[int, str]:
    """Run `kiosk export` with a terminal for its input and errors; its exit code and what it showed there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kiosk", "export", "s-0", "--data-dir", str(made.folder), *words]
    child = subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return child.wait(20), shown.decode()


def test_on_a_terminal_it_says_what_leaves_and_asks(
    made: mutations.Case, readers: list[Reader], tmp_path: Path
) -> None:
    target = tmp_path / "night.session.zip"
    code, shown = at_a_terminal(made, "no", "--to", str(target))
    assert code == 1
    assert "plan.toml: the plan as it was written: names, address" in shown
    assert "Nothing of the patient's journal" in shown
    assert "Whoever has the file can read it" in shown
    assert "Nothing was written." in shown
    assert not target.exists()
    code, shown = at_a_terminal(made, "yes", "--to", str(target), "--recipient", readers[0].public)
    assert code == 0
    assert readers[0].public in shown
    assert target.exists()
    code, shown = at_a_terminal(made, "", "--to", str(tmp_path / "other.zip"), "--yes")
    assert (code, "Write it?" in shown) == (0, False)


def test_as_json_it_says_the_same_and_asks_nobody(
    made: mutations.Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, facts = told(made, capsys, "export", "s-0", "--format", "fhir", "--to", str(tmp_path / "x.json"))
    assert code == 0
    assert list(facts["leaves"]) == ["fhir"]
    assert (facts["journal_entries"], facts["recipients"]) == (0, [])
    assert "entry by entry: 2." in journal({"entry_shared": 2, "note_added": 9})
