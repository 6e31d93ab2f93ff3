"""A backup of a data folder's records and library: encrypted, of one moment each, opened and verified before it counts.

A room may run meanwhile. The key is not in it: with a backup goes its recovery code, on paper and elsewhere. Nor are
the PIN, the chosen devices and the signing key, which belong to this computer.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.newfile import whole_file, whole_folder
from kiosk.record.copy import copy
from kiosk.record.reader import Reader
from kiosk.vault.key import Key

MANIFEST = "backup.json"
SIGNERS = "signers.json"


class Chain(msgspec.Struct, frozen=True):
    """One session: rows, last hash in hex, and what was wrong with its chain before the backup, a sentence each."""

    rows: int
    head: str
    problems: tuple[str, ...] = ()


class Saved(msgspec.Struct, frozen=True):
    """One file of a backup. sessions: by their id, in the order of the record."""

    name: str
    sha256: str
    sessions: dict[str, Chain] = {}


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. key_id: of the key that opens it, "" for a plain one."""

    made_utc: str
    program_version: str
    key_id: str
    files: tuple[Saved, ...]
    form: int = 1


class BackupError(Exception):
    """A backup is not what it says: str() is a sentence."""


def back_up(folder: Path, target: Path, key: Key | None, made_utc: str, at: Callable[[str], object]) -> Manifest:
    """Write a new folder. key: of the data folder, None for a plain backup. at: told of each file as its turn comes.

    Raises FileExistsError, OSError, RecordError, BackupError; then nothing is left.
    """
    saved: list[Saved] = []
    with whole_folder(target) as part:
        for path in databases(folder):
            at(path.name)
            copy(path, part / path.name, key.secret if key else None, folder)
            saved.append(_verified(part / path.name, folder))
        if (folder / SIGNERS).exists():
            shutil.copyfile(folder / SIGNERS, part / SIGNERS)
            saved.append(Saved(SIGNERS, _checksum(part / SIGNERS)))
        manifest = Manifest(made_utc, __version__, key.id if key else "", tuple(saved))
        (part / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def read(source: Path) -> Manifest:
    """What a backup says that it holds. Raises BackupError."""
    try:
        made = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupError(f"{source} is no backup: its {MANIFEST} cannot be read.") from error
    for one in made.files:
        if Path(one.name).name != one.name or not (one.name.endswith(".db") or one.name == SIGNERS):
            raise BackupError(f"{source} is no backup: it names {one.name[:60]!r}.")
    return made


def check(source: Path, manifest: Manifest, home: Path) -> None:
    """Every file is as it was written, opens with the key of `home`, and its chains are what they were.

    Raises BackupError, RecordError, OSError.
    """
    for one in manifest.files:
        path = source / one.name
        if not path.is_file() or path.is_symlink() or _checksum(path) != one.sha256:
            raise BackupError(f"{path} is missing or damaged. Nothing was restored.")
        if path.suffix == ".db" and _verified(path, home).sessions != one.sessions:
            raise BackupError(f"{path} does not hold what the backup says. Nothing was restored.")


def restore(source: Path, manifest: Manifest, folder: Path) -> None:
    """Bring the files of a checked backup into a data folder that has none of them; what a killed run brought stays.

    Raises BackupError where another file is there, OSError; then nothing was replaced.
    """
    there = [one for one in manifest.files if (folder / one.name).exists()]
    for one in there:
        if _checksum(folder / one.name) != one.sha256:
            raise BackupError(f"{folder / one.name} is there already. A backup is never restored over a record.")
    for one in (one for one in manifest.files if one not in there):
        with whole_file(folder / one.name) as part:
            shutil.copyfile(source / one.name, part)


def databases(folder: Path) -> list[Path]:
    """The records and the library that lie in a data folder."""
    return sorted(path for path in folder.glob("*.db") if path.is_file() and path.stat().st_size)


def _verified(path: Path, home: Path) -> Saved:
    """Opened as anybody will have to open it, page by page and chain by chain. Raises RecordError, BackupError."""
    with Reader(path, home) as reader:
        damage = reader.integrity()
        if damage:
            raise BackupError(f"{path} is damaged: {damage[0]}")
        ids = [line.session_id for line in reader.sessions()]
        sessions = {one: _chain(reader, one) for one in ids}
    return Saved(path.name, _checksum(path), sessions)


def _chain(reader: Reader, session_id: str) -> Chain:
    rows, head = reader.chain_end(session_id)
    return Chain(rows, head, tuple(f"row {p.seq}: {p.what}" for p in reader.verify_chain(session_id)))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
