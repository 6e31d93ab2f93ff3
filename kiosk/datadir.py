"""The data folder: where it is, that only its owner can read it, and that only one room writes to it.

Used by every command. It closes only folders that are this program's own (whoever says `--data-dir /tmp` must not
have /tmp closed), and never breaks a lock: the system frees it when its holder ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from enum import StrEnum
from pathlib import Path
from types import TracebackType

APP = "session-room"
RECORD = "record.db"
LOCK = "room.lock"
CONFIG = "config.toml"
STATE = "state.json"
KEY = "key.json"
DEMO = "demo"
LEFTOVERS = "rows-*.waiting"  # what a room whose record was locked to the end could not write
JOURNAL = "journal.sealed"  # the patient's own; only `kiosk.journal` reads or writes it
# A folder with one of these is ours.
OURS = frozenset({RECORD, LOCK, CONFIG, STATE, KEY, DEMO, JOURNAL})
# On Windows a locked byte cannot be read by others; so it lies far behind the text that names the holder.
LOCKED_BYTE = 1 << 20


class Reason(StrEnum):
    """Why the data folder cannot be used."""

    NOT_WRITABLE = "not writable"
    NOT_A_FOLDER = "not a folder"
    OPEN_TO_OTHERS = "other people's folder"
    HELD = "held by another process"


class DataDirError(Exception):
    """reason and path; pid is the holder's for HELD, None where it cannot be told. str() says what to do."""

    def __init__(self, reason: Reason, path: Path, *, pid: int | None = None, detail: str = "") -> None:
        super().__init__(reason, path, pid, detail)
        self.reason, self.path, self.pid, self.detail = reason, path, pid, detail

    def __str__(self) -> str:
        """One sentence: what is wrong and what to do."""
        if self.reason is Reason.HELD:
            who = f"process {self.pid}" if self.pid else "another process"
            return f"The room is running already ({who} holds {self.path.parent}). Use that one, or end it first."
        if self.reason is Reason.NOT_A_FOLDER:
            return f"{self.path} is not a folder. Move it away, or choose another with --data-dir."
        if self.reason is Reason.OPEN_TO_OTHERS:
            return f"{self.path} is a folder that others can read and that holds other things. Choose one of its own."
        return (
            f"Cannot write to the data folder {self.path} ({self.detail}). "
            "Make it writable for you, or choose another with --data-dir."
        )


def default() -> Path:
    """The platform's folder for this user's data of this program."""
    import platformdirs  # the room's own processes are told their folder

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def prepare(path: Path | None = None) -> Path:
    """Make the data folder where it is missing, close it to other users (0700), try a write; its path, resolved.

    Raises DataDirError; then nothing is left behind.
    """
    folder = (path or default()).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            _close_to_others(folder)
        probe = folder / f".write-{os.getpid()}"
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except (FileExistsError, NotADirectoryError) as error:
        raise DataDirError(Reason.NOT_A_FOLDER, folder) from error
    except OSError as error:
        raise DataDirError(Reason.NOT_WRITABLE, folder, detail=error.strerror or str(error)) from error
    return folder


def _close_to_others(folder: Path) -> None:
    state = folder.stat()
    if not state.st_mode & 0o077:
        return
    names = {entry.name for entry in folder.iterdir()}
    if state.st_uid != os.geteuid() or (names and not names & OURS):
        raise DataDirError(Reason.OPEN_TO_OTHERS, folder)
    folder.chmod(0o700)


class Lock:
    """The held lock; a context manager. It ends with `release` or with the process, never by being forgotten."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def release(self) -> None:
        """Let the next one in. Twice is once."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.ftruncate(descriptor, 0)
            os.close(descriptor)


def hold_lock(folder: Path, name: str = LOCK) -> Lock:
    """Hold a lock of the folder for this process; its pid stands in the lock file. Raises DataDirError HELD.

    The file is never removed: who removed it would let two hold it.
    """
    path = folder / name
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DataDirError(Reason.NOT_WRITABLE, folder, detail=error.strerror or str(error)) from error
    try:
        _lock(descriptor)
    except OSError as error:
        text = os.read(descriptor, 20).strip()
        os.close(descriptor)
        raise DataDirError(Reason.HELD, path, pid=int(text) if text.isdigit() else None) from error
    with contextlib.suppress(OSError):  # the pid is for people; a full disk must not keep alarms from starting again
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    return Lock(descriptor)


def holder(folder: Path) -> int | None:
    """The pid of who holds the lock now; None when nobody does (0 when somebody does who left no pid)."""
    try:
        hold_lock(folder).release()
    except DataDirError as error:
        if error.reason is Reason.HELD:
            return error.pid or 0
        raise
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock, not a record lock: those are lost as soon as this process closes any descriptor of the file.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
