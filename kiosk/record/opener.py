"""Opens a file of ours with the key that it needs: who reads or writes a record has to know nothing of keys.

A file that says that it is plain is opened plain. Any other is opened with the key of the folder in which it lies, or
of `home`, the data folder that it belongs to, where it lies elsewhere. A new file is encrypted where that has a key.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.record import driver
from kiosk.record.driver import Connection
from kiosk.record.fault import LOCKED, Reason, RecordError
from kiosk.vault import known
from kiosk.vault.fault import Reason as VaultReason
from kiosk.vault.fault import VaultError

PAGE_BYTES = 4096  # SQLCipher's and SQLite's default


def is_plain(path: Path) -> bool:
    """Whether the file begins as an unencrypted database. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(driver.HEADER)) == driver.HEADER


def looks_encrypted(path: Path) -> bool:
    """Whether it may be an encrypted database: not a plain one, and of whole pages. Raises OSError."""
    size = path.stat().st_size
    return size > 0 and size % PAGE_BYTES == 0 and not is_plain(path)


def key_for(path: Path, home: Path | None = None) -> bytes | None:
    """The key of this file; None for a plain one, for what is no database, and for a new one where no key was made.

    Raises RecordError KEY_LOCKED or KEY_MISSING, and CANNOT_OPEN where the file cannot be read.
    """
    folder = path.parent if home is None or known.has_key(path.parent) else home
    try:
        is_new = not path.exists() or path.stat().st_size == 0
        if not is_new and not looks_encrypted(path):
            return None
    except OSError as error:
        raise RecordError(Reason.CANNOT_OPEN, f"{path}: {error.strerror}") from error
    if is_new and not known.has_key(folder):
        return None
    try:
        return known.key_of(folder).secret
    except VaultError as error:
        locked = error.reason is VaultReason.LOCKED
        raise RecordError(Reason.KEY_LOCKED if locked else Reason.KEY_MISSING, f"{path}: {error}") from error


def is_locked(path: Path, home: Path | None = None) -> bool:
    """Whether it could be opened, or made, but for a key that this process does not know (yet)."""
    try:
        key_for(path, home)
    except RecordError as error:
        return error.reason in LOCKED
    return False


def connect(path: Path, *, read_only: bool, home: Path | None = None) -> Connection:
    """Open an existing file with its key. Raises RecordError."""
    key = key_for(path, home)
    try:
        return driver.connect(path, read_only=read_only, key=key)
    except driver.Error as error:
        raise RecordError(Reason.CANNOT_OPEN, f"{path}: {error}") from error


def refusal(path: Path, error: Exception) -> RecordError:
    """What a driver's error on this file means: a wrong key and a foreign file look the same to it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == driver.NOT_A_DATABASE and looks_encrypted(path):
        return RecordError(Reason.WRONG_KEY, str(path))
    if code == driver.CORRUPT or isinstance(error, UnicodeDecodeError):
        return RecordError(Reason.DAMAGED, f"{path}: {error}")
    return RecordError(Reason.CANNOT_OPEN, f"{path}: {error}")
