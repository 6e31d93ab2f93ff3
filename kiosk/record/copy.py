"""A plain copy of a record: one SQLite file that any program can read, made whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kiosk.record import driver
from kiosk.record.fault import Reason, RecordError


def plain_copy(source: Path, target: Path) -> None:
    """Copy the record as it stands (a session may be going on) to a new file, mode 0600.

    Never overwrites, never leaves half a file: written beside the target, forced to the disk, then named.
    Raises RecordError EXISTS, CANNOT_OPEN or COPY_FAILED.
    """
    if target.exists():
        raise RecordError(Reason.EXISTS, str(target))
    if not source.is_file():
        raise RecordError(Reason.CANNOT_OPEN, str(source))
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _vacuum_into(source, part)
        _to_disk(part)
        _name(part, target)
    except FileExistsError as error:
        raise RecordError(Reason.EXISTS, str(target)) from error
    except (OSError, driver.Error) as error:
        raise RecordError(Reason.COPY_FAILED, f"{target}: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _vacuum_into(source: Path, part: Path) -> None:
    connection = driver.connect(source, read_only=True)
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
    finally:
        connection.close()


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
