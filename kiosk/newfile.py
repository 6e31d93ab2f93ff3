"""A new file that is there whole or not at all: for everything that is written to be handed on.

Used by exports, printed pages and copies of the record. It never replaces a file, and others cannot read what it
makes. Whatever ends the process, the name that was asked for never holds half a file.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def whole_file(target: Path) -> Generator[Path]:
    """An empty file (mode 0600) beside the target, to be filled; at a clean end it is on the disk and gets its name.

    Raises FileExistsError when the target exists (now or by then), OSError when it cannot be written; either way
    nothing is left.
    """
    if target.exists() or target.is_symlink():
        raise FileExistsError(target)
    _clear(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        _to_disk(part)
        _name(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def replaced(target: Path) -> Generator[Path]:
    """An empty file beside an existing one, to be filled; at a clean end it takes its place and its mode.

    The one way in which something of a person's is written over: because they asked for it. Raises OSError.
    """
    _clear(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        part.chmod(target.stat().st_mode & 0o777)
        _to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path) -> Generator[Path]:
    """The same for a folder (mode 0700) of files. It may be filled by anything that makes new files in it."""
    if target.exists() or target.is_symlink():
        raise FileExistsError(target)
    _clear(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.mkdir(mode=0o700)
    try:
        yield part
        for file in part.rglob("*"):
            if file.is_file():
                file.chmod(0o600)
                _to_disk(file)
        if target.exists():
            raise FileExistsError(target)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _clear(target: Path) -> None:
    """Take away what a killed run left half-written: it may hold a patient's values."""
    form = re.compile(re.escape(f".{target.name}.") + r"(\d+)\.part(-journal|-wal|-shm)?")  # SQLite writes beside it
    for entry in target.parent.iterdir():
        found = form.fullmatch(entry.name)
        if found and (int(found[1]) == os.getpid() or not psutil.pid_exists(int(found[1]))):
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(part: Path, target: Path) -> None:
    """Give the finished file its name; a link refuses an existing one where a rename would replace it."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links (FAT): this is the narrowest there is.
        if target.exists():
            raise FileExistsError(target) from None
        part.rename(target)
