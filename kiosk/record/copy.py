"""Copies of a record, made whole or not at all, of one moment of it: plain, encrypted, or without one session."""

from __future__ import annotations

from pathlib import Path

from kiosk.newfile import whole_file
from kiosk.record import driver, lying, opener
from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError

_PARTS = (
    "SELECT name, sql FROM source.sqlite_master WHERE type {} AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND sql <> ''"
)


def plain_copy(source: Path, target: Path, home: Path | None = None) -> None:
    """Copy the record as it stands (a session may be going on) to a new file, mode 0600, not encrypted.

    Each row lies by itself in it, also of a library: it is for other programs, which read that in a third of the time.
    Never overwrites, never leaves half a file. Raises RecordError EXISTS, CANNOT_OPEN, COPY_FAILED, or of its key.
    """
    copy(source, target, None, home, one_by_one=True)


def copy(source: Path, target: Path, key: bytes | None, home: Path | None = None, *, one_by_one: bool = False) -> None:
    """The same as it lies, encrypted with this key where there is one. home: whose key the source has, see `opener`."""
    if not source.is_file():
        raise RecordError(Reason.CANNOT_OPEN, str(source))
    source_key = opener.key_for(source, home)
    try:
        with whole_file(target) as part:
            fill(source, source_key, part, key, one_by_one=one_by_one)
    except FileExistsError as error:
        raise RecordError(Reason.EXISTS, str(target)) from error
    except (OSError, *driver.DAMAGE) as error:
        raise RecordError(Reason.COPY_FAILED, f"{target}: {error}") from error


def fill(
    source: Path,
    source_key: bytes | None,
    part: Path,
    key: bytes | None,
    without: str = "",
    *,
    one_by_one: bool = False,
) -> None:
    """Everything of `source` into an empty file, in its order; what is of the session `without` is never written.

    one_by_one: a library's rows as rows, not in stretches. Raises the driver's error.
    """
    connection = driver.connect(part, read_only=False, key=key)
    try:
        driver.attach(connection, source, "source", source_key, read_only=True)
        connection.execute("BEGIN")  # one moment of the source, however many rows come meanwhile
        tables = connection.execute(_PARTS.format("= 'table'")).fetchall()
        for _, sql in tables:
            connection.execute(sql)
        for name, _ in tables:
            if not one_by_one or name not in (*lying.TOGETHER, "stretch"):
                _fill_table(connection, name, without)
        for name in lying.TOGETHER if one_by_one else ():
            _fill_table(connection, name, without, f"every_{name}")
        # the triggers last: they would look at every row, and rows of three tables come in the order of none
        for kind in ("index", "view", "trigger"):
            for _, sql in connection.execute(_PARTS.format(f"= '{kind}'")).fetchall():
                connection.execute(sql)
        for pragma in ("application_id", "user_version"):
            value = int(connection.execute(f"PRAGMA source.{pragma}").fetchone()[0])
            connection.execute(f"PRAGMA main.{pragma} = {value}")
        connection.execute("COMMIT")
        connection.execute("DETACH DATABASE source")
    finally:
        connection.close()


def _fill_table(connection: Connection, name: str, without: str, view: str = "") -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA source.table_info({name})")]
    only = "WHERE session_id <> :without" if without and "session_id" in columns else ""
    # a name of our own schema, or of the library that keeps its migrations
    connection.execute(f"INSERT INTO main.{name} SELECT * FROM source.{view or name} {only}", {"without": without})  # noqa: S608
