"""A plain copy of a record: one SQLite file that any program can read, made whole or not at all."""

from __future__ import annotations

from pathlib import Path

from kiosk.newfile import whole_file
from kiosk.record import driver
from kiosk.record.fault import Reason, RecordError


def plain_copy(source: Path, target: Path) -> None:
    """Copy the record as it stands (a session may be going on) to a new file, mode 0600.

    Never overwrites, never leaves half a file. Raises RecordError EXISTS, CANNOT_OPEN or COPY_FAILED.
    """
    if not source.is_file():
        raise RecordError(Reason.CANNOT_OPEN, str(source))
    try:
        with whole_file(target) as part:
            _vacuum_into(source, part)
    except FileExistsError as error:
        raise RecordError(Reason.EXISTS, str(target)) from error
    except (OSError, driver.Error) as error:
        raise RecordError(Reason.COPY_FAILED, f"{target}: {error}") from error


def _vacuum_into(source: Path, part: Path) -> None:
    connection = driver.connect(source, read_only=True)
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
    finally:
        connection.close()
