"""Writes a record anew, in another file beside it, and swaps them: to encrypt it, or to leave a session out.

The caller holds the data folder's lock. Whatever ends this, there is one whole record under its name at any moment;
what was begun is cleared away or finished by the next `settle`. The old file goes last.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

from kiosk.durable import sync_folder
from kiosk.record import driver, opener, schema
from kiosk.record.copy import fill
from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError
from kiosk.record.reader import Problem, Reader

NEW, OLD = ".new", ".old"
_BLANK_BYTES = 1 << 20
_BESIDE = ("-journal", "-wal", "-shm")


def encrypt(path: Path, key: bytes, home: Path | None = None) -> bool:
    """A plain record becomes an encrypted one, the same in every row; whether there was anything to do.

    The key must be in the vault of `home` already: from the swap on, the record opens with nothing else.
    """
    settle(path, home)
    if not path.exists() or path.stat().st_size == 0 or not opener.is_plain(path):
        return False
    _rewrite(path, home, None, key)
    return True


def leave_out(path: Path, session_id: str, change: Callable[[Connection], None], home: Path | None = None) -> None:
    """The record without one session: no byte of it is written again. change: what is to stand there instead.

    What lies outside of this file is not touched: copies, exports, and what a disk keeps of a removed file.
    """
    settle(path, home)
    key = opener.key_for(path, home)
    _rewrite(path, home, key, key, session_id, change)


def settle(path: Path, home: Path | None = None) -> None:
    """Finish or clear away what a killed run left. Nothing is removed before the record under its name opens."""
    new, old = _beside(path, NEW), _beside(path, OLD)
    _remove(new)
    if old.exists():
        Reader(path, home).close()
        _blank(old)
        _remove(old)


def _rewrite(
    path: Path,
    home: Path | None,
    source_key: bytes | None,
    key: bytes | None,
    without: str = "",
    change: Callable[[Connection], None] = lambda connection: None,
) -> None:
    new, old = _beside(path, NEW), _beside(path, OLD)
    schema.open_for_writing(path, home).close()  # of this form, and with every trigger
    _close_for_all(path, source_key)
    try:
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        fill(path, source_key, new, key, without)
        _check(path, source_key, new, key, without)
        _check_chains(path, new, home, without)
        with contextlib.closing(driver.connect(new, read_only=False, key=key)) as connection:
            change(connection)
            schema.check_triggers(connection)
        _to_disk(new)
        with contextlib.suppress(OSError):  # a file system without links: the swap alone is whole as well
            os.link(path, old)
        new.replace(path)
        sync_folder(path.parent)
    except (OSError, *driver.DAMAGE) as error:
        raise RecordError(Reason.COPY_FAILED, f"{path}: {error}") from error
    finally:
        _remove(new)
    settle(path, home)
    sync_folder(path.parent)


def _close_for_all(path: Path, key: bytes | None) -> None:
    """All of it in its one file, and nobody else has it open: SQLite gives up the log beside it only then."""
    try:
        with contextlib.closing(driver.connect(path, read_only=False, key=key)) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except driver.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise RecordError(Reason.IN_USE, str(path)) from error
        raise opener.refusal(path, error) from error
    if mode != "delete":
        raise RecordError(Reason.IN_USE, str(path))


def _check(path: Path, source_key: bytes | None, new: Path, key: bytes | None, without: str) -> None:
    """Row by row, table by table, and the form: nothing may be other than it was. Raises RecordError."""
    form = "SELECT type, name, sql FROM {}.sqlite_master ORDER BY type, name"
    with contextlib.closing(driver.connect(new, read_only=True, key=key)) as connection:
        driver.attach(connection, path, "source", source_key, read_only=True)
        for (name,) in connection.execute("SELECT name FROM source.sqlite_master WHERE type = 'table'").fetchall():
            _compare_table(connection, name, without)
        if connection.execute(form.format("main")).fetchall() != connection.execute(form.format("source")).fetchall():
            raise RecordError(Reason.COPY_FAILED, f"{new}: its form is not the same")


def _compare_table(connection: Connection, name: str, without: str) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA source.table_info({name})")]
    only = "WHERE session_id <> :without" if without and "session_id" in columns else ""
    old = connection.execute(f"SELECT * FROM source.{name} {only} ORDER BY rowid", {"without": without})  # noqa: S608
    new = connection.execute(f"SELECT * FROM main.{name} ORDER BY rowid")  # noqa: S608 - names of our own schema
    if not all(one == other for one, other in zip_longest(old, new)):
        raise RecordError(Reason.COPY_FAILED, f"{name}: a row is not the same")


def _check_chains(path: Path, new: Path, home: Path | None, without: str) -> None:
    """What was wrong with a chain before stays wrong, and nothing else may be. Raises RecordError."""
    before, after = _chains(path, home or path.parent), _chains(new, home or path.parent)
    before.pop(without, None)
    if before != after:
        raise RecordError(Reason.COPY_FAILED, f"{new}: a chain is not the same")


def _chains(path: Path, home: Path) -> dict[str, tuple[int, str, list[Problem]]]:
    with Reader(path, home) as reader:
        ids = [line.session_id for line in reader.sessions()]
        return {one: (*reader.chain_end(one), reader.verify_chain(one)) for one in ids}


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(path: Path) -> None:
    for suffix in (*_BESIDE, ""):
        _beside(path, suffix).unlink(missing_ok=True)


def _blank(path: Path) -> None:
    """Write over it before its name goes. A disk that writes elsewhere (flash, snapshots) may keep the old bytes."""
    if path.stat().st_nlink > 1:
        return  # it is the record itself still: the swap was not reached
    with path.open("r+b") as file:
        for _ in range(-(-path.stat().st_size // _BLANK_BYTES)):
            file.write(bytes(_BLANK_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
