"""A plain copy of a record: one SQLite file that any program can read, made whole or not at all."""

from __future__ import annotations

from pathlib import Path

from kiosk.newfile import whole_file
from kiosk.record import driver, opener
from kiosk.record.fault import Reason, RecordError


def plain_copy(source: Path, target: Path) -> None:
    """Copy the record as it stands (a session may be going on) to a new file, mode 0600.

    Never overwrites, never leaves half a file. Raises RecordError EXISTS, CANNOT_OPEN or COPY_FAILED.
    """
    if not source.is_file():
        raise RecordError(Reason.CANNOT_OPEN, str(source))
    try:
        with whole_file(target) as part:
            _fill(source, part, None)
    except FileExistsError as error:
        raise RecordError(Reason.EXISTS, str(target)) from error
    except (OSError, driver.Error) as error:
        raise RecordError(Reason.COPY_FAILED, f"{target}: {error}") from error


def _fill(source: Path, part: Path, key: bytes | None) -> None:
    """All of `source` as one consistent moment into an empty file: encrypted with this key, or plain."""
    connection = opener.connect(source, read_only=True)
    try:
        driver.attach(connection, part, "target", key)
        connection.execute("BEGIN")
        connection.execute("SELECT sqlcipher_export('target')")
        for name in ("application_id", "user_version"):
            value = int(connection.execute(f"PRAGMA main.{name}").fetchone()[0])
            connection.execute(f"PRAGMA target.{name} = {value}")
        connection.execute("COMMIT")
        connection.execute("DETACH DATABASE target")
    finally:
        connection.close()
