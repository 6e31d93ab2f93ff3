"""The journal's file: made, opened, saved whole at each change, its older bytes overwritten. One process at a time.

Every save is a new file beside the old one, sealed, forced to the disk and then given its name: whatever ends the
process leaves the old or the new journal, never half of one, and never a word in the clear. Work of some tenths of a
second (argon2id) or of a disk's: call it from a thread of its own.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk import datadir
from kiosk.durable import sync_folder, write_new
from kiosk.journal.entry import LONGEST, Content, Entry
from kiosk.journal.fault import JournalError, Reason
from kiosk.journal.sealed import Cost, Key, new_key, opens, seal, unseal
from kiosk.journal.tries import Tries, read_tries

LOCK = "journal.lock"
TRIES = ".tries"


class Journal:
    """An open journal: it holds the key until `close`. `create` or `unlock` makes one."""

    def __init__(self, path: Path, lock: datadir.Lock, key: Key, content: Content, cost: Cost) -> None:
        self._path, self._lock, self._cost = path, lock, cost
        self._key: Key | None = key
        self._content = content

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The oldest first."""
        return self._content.entries

    def put(self, entry: Entry) -> tuple[Entry, ...]:
        """An entry added or changed, on the disk when this returns. Raises JournalError DISK or TOO_LONG."""
        if len(entry.text) > LONGEST:
            raise JournalError(Reason.TOO_LONG)
        return self._save(self._content.put(entry))

    def mark_shared(self, entry_id: str, now_utc_ns: int) -> tuple[Entry, ...]:
        """That it went into the record; one that was deleted meanwhile stays gone. Raises JournalError DISK."""
        found = [entry for entry in self._content.entries if entry.id == entry_id]
        return self._save(self._content.put(found[0].as_shared(now_utc_ns))) if found else self._content.entries

    def delete(self, entry_id: str) -> tuple[Entry, ...]:
        """An entry gone: the journal is sealed anew without it, and the old file's bytes are overwritten."""
        return self._save(self._content.without(entry_id))

    def change_passphrase(self, old: str, new: str) -> None:
        """Sealed anew with a new key under the new passphrase. Raises JournalError WRONG, TOO_SHORT or DISK."""
        key = self._held()
        if not opens(key, old):
            raise JournalError(Reason.WRONG)
        changed = new_key(new, self._cost)
        _replace(self._path, seal(changed, self._content))
        self._key = changed

    def close(self) -> None:
        """Forget key and content, let the next one in. Twice is once."""
        self._key, self._content = None, Content()
        self._lock.release()

    def _save(self, content: Content) -> tuple[Entry, ...]:
        _replace(self._path, seal(self._held(), content))
        self._content = content
        return content.entries

    def _held(self) -> Key:
        assert self._key is not None, "closed"
        return self._key


def exists(path: Path) -> bool:
    """Whether there is a journal."""
    return path.exists()


def create(path: Path, passphrase: str, cost: Cost | None = None) -> Journal:
    """A new, empty journal. Raises JournalError THERE_ALREADY, TOO_SHORT, IN_USE or DISK."""
    cost = cost or Cost()
    lock = _held_lock(path)
    try:
        key = _made(path, passphrase, cost)
    except BaseException:
        lock.release()
        raise
    return Journal(path, lock, key, Content(), cost)


def _made(path: Path, passphrase: str, cost: Cost) -> Key:
    if path.exists():
        raise JournalError(Reason.THERE_ALREADY)
    key = new_key(passphrase, cost)
    _replace(path, seal(key, Content()))
    _forget_tries(path)
    return key


def unlock(
    path: Path, passphrase: str, cost: Cost | None = None, now_utc_ns: Callable[[], int] = time.time_ns
) -> Journal:
    """The journal of this passphrase. cost: of the next passphrase.

    Raises JournalError NOT_THERE, WRONG (wait_s: until the next try), WAIT, DAMAGED, OF_ANOTHER_FORM, IN_USE or DISK.
    """
    lock = _held_lock(path)
    try:
        key, content = _tried(path, passphrase, now_utc_ns)
    except BaseException:
        lock.release()
        raise
    return Journal(path, lock, key, content, cost or Cost())


def _tried(path: Path, passphrase: str, now_utc_ns: Callable[[], int]) -> tuple[Key, Content]:
    tries = read_tries(_tries_path(path))
    wait_s = tries.wait_s(now_utc_ns())
    if wait_s:
        raise JournalError(Reason.WAIT, wait_s=wait_s)
    whole = _read(path)
    after = tries.after_wrong(now_utc_ns())
    _replace(_tries_path(path), msgspec.json.encode(after))  # before the check: an end of ours gives no try back
    try:
        opened = unseal(whole, passphrase)
    except JournalError as error:
        if error.reason is Reason.WRONG:
            raise JournalError(Reason.WRONG, wait_s=after.wait_s(now_utc_ns())) from None
        _replace(_tries_path(path), msgspec.json.encode(tries))  # the file is at fault, not the passphrase
        raise
    _forget_tries(path)
    return opened


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise JournalError(Reason.NOT_THERE) from error
    except OSError as error:
        raise JournalError(Reason.DISK, detail=error.strerror or "") from error


def _tries_path(path: Path) -> Path:
    return path.with_name(path.name + TRIES)


def _forget_tries(path: Path) -> None:
    _replace(_tries_path(path), msgspec.json.encode(Tries()))


def _held_lock(path: Path) -> datadir.Lock:
    try:
        lock = datadir.hold_lock(path.parent, LOCK)
    except datadir.DataDirError as error:
        held = error.reason is datadir.Reason.HELD
        raise JournalError(Reason.IN_USE if held else Reason.DISK, detail=error.detail) from error
    for left in path.parent.glob(f".{path.name}*.part"):  # of a process that was killed; sealed, too
        left.unlink(missing_ok=True)
    return lock


def _replace(path: Path, content: bytes) -> None:
    """All of it under this name, or nothing changed; what the name held before is overwritten once it has lost it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        old = _opened_old(path)
        try:
            write_new(part, content)
            part.replace(path)
            sync_folder(path.parent)
            if old is not None:
                _overwrite(old)
        finally:
            if old is not None:
                os.close(old)
            part.unlink(missing_ok=True)
    except OSError as error:
        raise JournalError(Reason.DISK, detail=error.strerror or "") from error


def _opened_old(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None


def _overwrite(descriptor: int) -> None:
    """The new file stands already: a disk that will not do this loses nothing."""
    with contextlib.suppress(OSError):
        state = os.fstat(descriptor)
        if state.st_nlink:  # a backup by hard links has it, too
            return
        length = state.st_size
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, secrets.token_bytes(length))
        os.fsync(descriptor)
