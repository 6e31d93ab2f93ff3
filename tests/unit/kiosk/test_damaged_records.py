"""Every command that reads a record, on a file that is cut, altered, foreign or locked: one sentence, exit 1."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.vault import known, place
from kiosk.vault.key import new_key
from tests.unit.kiosk.record_samples import oximetry, write
from tests.unit.kiosk.vaulted import with_key

ROWS = [oximetry(second) for second in range(1, 400)]
COMMANDS = {
    "sessions": lambda folder, out: ["sessions", "--data-dir", folder],
    "export": lambda folder, out: ["export", "last", "--format", "csv", "--to", out / "x-csv", "--data-dir", folder],
    "archive": lambda folder, out: ["export", "last", "--to", out / "x.session.zip", "--data-dir", folder],
    "fhir": lambda folder, out: ["export", "last", "--format", "fhir", "--to", out / "x.json", "--data-dir", folder],
    "copy": lambda folder, out: ["export", "all", "--format", "sqlite", "--to", out / "x.db", "--data-dir", folder],
    "replay": lambda folder, out: ["replay", folder / "record.db"],
    "verify": lambda folder, out: ["verify", folder / "record.db", "--data-dir", folder],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A plain record and an encrypted one, each with a session of 400 rows, in one file each."""
    folders = {"plain": tmp_path_factory.mktemp("plain"), "encrypted": tmp_path_factory.mktemp("encrypted")}
    with_key(folders["encrypted"])
    for folder in folders.values():
        write(folder / "record.db", *ROWS, NoteAdded("a note"), SessionEnded("released"))
        folder.chmod(0o700)
    return folders


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def cut_to_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 4096 // 2 * 4096)


def flip(path: Path) -> None:
    draw, raw = random.Random(4), bytearray(path.read_bytes())
    for at in draw.sample(range(4096, len(raw)), len(raw) // 500):
        raw[at] ^= 1 << draw.randrange(8)
    path.write_bytes(raw)


def flip_rows(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    for at in range(len(raw) * 2 // 3, len(raw), 3000):
        raw[at] ^= 1
    path.write_bytes(raw)


def flip_head(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    for at in range(100, 4000, 7):
        raw[at] ^= 0x55
    path.write_bytes(raw)


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear provider,\n" * 900)


def pages_of_nothing(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(8 * 4096))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_key(path: Path) -> None:
    place.save(path.parent, place.in_file(new_key()))


def no_key(path: Path) -> None:
    (path.parent / "key.json").unlink()


def locked(path: Path) -> None:
    place.save(path.parent, place.wrap(new_key(), "seven sleepy herons"))


HARMS: list[Callable[[Path], None]] = [
    cut,
    cut_to_pages,
    flip,
    flip_rows,
    flip_head,
    no_database,
    pages_of_nothing,
    empty,
]


@pytest.mark.parametrize("harm", [*HARMS, other_key, no_key, locked])
@pytest.mark.parametrize("form", ["plain", "encrypted"])
def test_a_record_that_cannot_be_read_is_told_in_one_sentence_by_every_command(
    made: dict[str, Path], tmp_path: Path, harm: Callable[[Path], None], form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if form == "plain" and harm in (other_key, no_key, locked):
        return
    folder = tmp_path / "data"
    shutil.copytree(made[form], folder)
    known.forget(folder)
    harm(folder / "record.db")
    before = (folder / "record.db").read_bytes()
    for name, words in COMMANDS.items():
        out = tmp_path / f"out-{name}"
        out.mkdir()
        code = main([str(word) for word in words(folder, out)])
        said = capsys.readouterr()
        # a command that needs none of the damaged pages may still do its work, whole
        if code == 0:
            assert harm is flip_rows, (name, said)
            continue
        assert code == 1, name
        told = said.err.strip() or said.out.strip()
        assert "Traceback" not in told, name
        assert len(told.splitlines()) == 1 or name == "verify", (name, told)
        assert list(out.iterdir()) == [], name
    assert (folder / "record.db").read_bytes() == before
