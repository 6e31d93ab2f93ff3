"""Opens the record's file: tables, append-only triggers, migrations, and the checks before anyone trusts it.

Used by the one writer and, for the checks of a file, by the reader. A migration adds and never rewrites a body.
Two facts decide much here: SQLite before 3.51.3 can corrupt a WAL file that two connections use, so the driver
brings its own; and sqlite-utils' `transform()` drops triggers silently, so they are compared at each opening.
"""

from __future__ import annotations

import os
from pathlib import Path

from kiosk.record import driver, opener
from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError

SQLITE_NEEDED = (3, 51, 3)
APPLICATION_ID = 0x53524F4F  # "SROO": a file that is not ours is refused, not changed
# Raised with each migration; a file that says more was written by a newer program.
VERSION = 7
CACHE_KIB = 1024
"""Pages that a connection keeps which only appends: it reads the last ones. By itself it keeps 8 MiB, one row after the
other for the first four hours of a session."""

TABLES = """
CREATE TABLE session (
    session_id TEXT NOT NULL PRIMARY KEY,
    opened_utc_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE event (
    session_id TEXT NOT NULL REFERENCES session (session_id),
    chain_seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    stored_utc_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, chain_seq)
) STRICT;
CREATE TABLE reading (
    session_id TEXT NOT NULL REFERENCES session (session_id),
    chain_seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    stored_utc_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, chain_seq)
) STRICT;
CREATE INDEX event_kind ON event (kind, session_id, chain_seq);
CREATE VIEW chain AS
    SELECT session_id, chain_seq, kind, body, hash, stored_utc_ns FROM event
    UNION ALL SELECT session_id, chain_seq, 'reading' AS kind, body, hash, stored_utc_ns FROM reading;
"""

WAVEFORM_TABLE = """
CREATE TABLE waveform (
    session_id TEXT NOT NULL REFERENCES session (session_id),
    chain_seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    stored_utc_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, chain_seq)
) STRICT;
DROP VIEW chain;
CREATE VIEW chain AS
    SELECT session_id, chain_seq, kind, body, hash, stored_utc_ns FROM event
    UNION ALL SELECT session_id, chain_seq, 'reading' AS kind, body, hash, stored_utc_ns FROM reading
    UNION ALL SELECT session_id, chain_seq, 'waveform' AS kind, body, hash, stored_utc_ns FROM waveform;
"""
# A line each time that a library took a session or more of one; empty in a record. verified: what was known of the
# signer then (known, unknown, changed). rows: how many the chain had with it.
IMPORTED_TABLE = """
CREATE TABLE imported (
    session_id TEXT NOT NULL REFERENCES session (session_id),
    imported_utc_ns INTEGER NOT NULL,
    signer TEXT NOT NULL,
    verified TEXT NOT NULL,
    rows INTEGER NOT NULL
) STRICT;
CREATE INDEX imported_session ON imported (session_id)
"""
# A provider's own remarks, in a chain of their own: a library's sessions are never touched by them. Empty in a record.
# summary: what a session comes to (`kiosk.record.summary`), beside its chain and made from it; never the truth, so it
# may be replaced. It counts only while `rows` and `hash` are the end of the chain.
REMARK_TABLE = """
CREATE TABLE remark (
    seq INTEGER NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (session_id),
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TABLE summary (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (session_id),
    form INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    body TEXT NOT NULL,
    minutes TEXT NOT NULL
) STRICT
"""
_REMARK_IN_ORDER = (
    "CREATE TRIGGER remark_in_order BEFORE INSERT ON remark "
    "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM remark) BEGIN "
    "SELECT RAISE(ABORT, 'the record is append-only: seq must be the next one'); END"
)
# What stands for a session that a person had deleted: how many rows it had, and the last one's hash.
DELETED_TABLE = """
CREATE TABLE deleted (
    session_id TEXT NOT NULL PRIMARY KEY,
    deleted_utc_ns INTEGER NOT NULL,
    deleted_by TEXT NOT NULL,
    rows INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT
"""
# Rows of a library's session that came in together: readings, or blocks of waveform, of which each says its own seq.
# bodies: a line each. hash: of the last row; hashes: 32 bytes of each row before it. The long columns are the last:
# what stands behind one is read with it. Empty in a record. As rows they stand in `every_reading` and the like.
STRETCH_TABLE = """
CREATE TABLE stretch (
    session_id TEXT NOT NULL REFERENCES session (session_id),
    kind TEXT NOT NULL CHECK (kind IN ('reading', 'waveform')),
    last_seq INTEGER NOT NULL,
    stored_utc_ns INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0),
    bodies TEXT NOT NULL,
    PRIMARY KEY (session_id, last_seq)
) STRICT
"""
FIRST_ROWS = ("event", "reading")
_ROWS = (*FIRST_ROWS, "waveform")


def _next(rows: tuple[str, ...]) -> str:
    """SQL for the place behind the last row of all these tables."""
    lasts = [f"(SELECT coalesce(max(chain_seq), 0) FROM {t} WHERE session_id = NEW.session_id)" for t in rows]  # noqa: S608
    return "1 + max(\n    " + ",\n    ".join(lasts) + ")"


def _append_only(*tables: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            found[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, 'the record is append-only: no {verb} on {table}'); END"
            )
    return found


def triggers_of(rows: tuple[str, ...]) -> dict[str, str]:
    """Name to SQL. The order trigger refuses gaps, doubles and REPLACE: a row only ever goes at the end."""
    found = _append_only("session", *rows)
    for table in rows:
        name = f"{table}_in_order"
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NEW.chain_seq <> {_next(rows)} BEGIN "
            f"SELECT RAISE(ABORT, 'the record is append-only: chain_seq must be the next one'); END"
        )
    found["session_once"] = (
        "CREATE TRIGGER session_once BEFORE INSERT ON session "
        "WHEN EXISTS (SELECT 1 FROM session WHERE session_id = NEW.session_id) BEGIN "
        "SELECT RAISE(ABORT, 'the record is append-only: the session exists'); END"
    )
    return found


ROW_TRIGGERS, IMPORTED_TRIGGERS = triggers_of(_ROWS), _append_only("imported")
IN_ORDER = {name: sql for name, sql in ROW_TRIGGERS.items() if name.endswith("_in_order")}
REMARK_TRIGGERS = {**_append_only("remark"), "remark_in_order": _REMARK_IN_ORDER}
DELETED_TRIGGERS = _append_only("deleted")
_BY_IMPORT = (
    "CREATE TRIGGER stretch_by_import BEFORE INSERT ON stretch BEGIN "
    "SELECT RAISE(ABORT, 'the record is append-only: rows come together by an import alone'); END"
)
STRETCH_TRIGGERS = {**_append_only("stretch"), "stretch_by_import": _BY_IMPORT}
NOT_IN_IMPORT = {**IN_ORDER, "stretch_by_import": _BY_IMPORT}
"""What an import does without: it holds its rows against the head of their chain instead."""
TRIGGERS = {**ROW_TRIGGERS, **IMPORTED_TRIGGERS, **REMARK_TRIGGERS, **DELETED_TRIGGERS, **STRETCH_TRIGGERS}


def check_sqlite() -> None:
    """The driver's own SQLite must be one without the WAL-reset bug."""
    if driver.VERSION < SQLITE_NEEDED:
        raise RecordError(Reason.OLD_SQLITE, f"{driver.VERSION}, needed {SQLITE_NEEDED}")


def check_file(connection: Connection, *, new: bool) -> None:
    """Refuses a file of a newer program and one that is not ours. new: an empty file will be set up, so is fine."""
    version = _pragma(connection, "user_version")
    application = _pragma(connection, "application_id")
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION_ID and not (new and empty):
        raise RecordError(Reason.FOREIGN_FILE, f"application id {application:#x}")
    if version > VERSION:
        raise RecordError(Reason.NEWER_FILE, f"its form is {version}, this program knows {VERSION}")
    if version < VERSION and not new:
        reason = Reason.OLDER_LIBRARY if is_library(connection) else Reason.OLDER_FILE
        raise RecordError(reason, f"its form is {version}, this program's is {VERSION}")


def is_library(connection: Connection) -> bool:
    """Whether sessions were imported into it; an older form has no place for any."""
    has_place = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'imported'").fetchone()
    return bool(has_place and connection.execute("SELECT 1 FROM imported LIMIT 1").fetchone())


def check_triggers(connection: Connection) -> None:
    """The append-only triggers are all there, word for word."""
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    wrong = [name for name, sql in TRIGGERS.items() if found.get(name) != sql]
    wrong += [f"{name} (not ours)" for name in found if name not in TRIGGERS]
    if wrong:
        raise RecordError(Reason.DAMAGED_SCHEMA, ", ".join(sorted(wrong)))


def open_for_writing(path: Path, home: Path | None = None) -> Connection:
    """A connection for the one writer, migrated and checked. The file is made 0600 before SQLite sees it.

    home: the data folder whose key it has, see `opener`. Raises RecordError; a refused file is left as it was.
    """
    check_sqlite()
    key = opener.key_for(path, home)
    made = not path.exists()
    try:
        if made:
            # Only a new file is touched by hand: closing any descriptor of an open one would drop SQLite's locks on it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = driver.connect(path, read_only=False, key=key)
    except (OSError, driver.Error) as error:
        raise RecordError(Reason.CANNOT_OPEN, f"{path}: {error}") from error
    try:
        check_file(connection, new=True)
        set_up(connection)
        migrate(connection)
        check_triggers(connection)
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except driver.Error as error:
        _give_up(connection, path, made)
        raise opener.refusal(path, error) from error
    except BaseException:
        _give_up(connection, path, made)
        raise
    return connection


def bring_up(path: Path, home: Path | None = None) -> None:
    """Bring an older file to this form, before anybody reads it; nothing where there is none. home: see `opener`.

    Raises RecordError.
    """
    if path.exists():
        open_for_writing(path, home).close()


def _give_up(connection: Connection, path: Path, made: bool) -> None:
    """Close it; a new file that could not be set up is taken away again, so that nothing is left half-written."""
    connection.close()
    if made:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def set_up(connection: Connection) -> None:
    """Durable at each commit (WAL with an fsync each), and REPLACE does not pass the delete trigger by."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA recursive_triggers = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    state = [_pragma(connection, name) for name in ("synchronous", "recursive_triggers", "foreign_keys")]
    if mode != "wal" or state != [2, 1, 1]:
        raise RecordError(Reason.CANNOT_OPEN, f"journal {mode}, synchronous, triggers, keys {state}")


def migrate(connection: Connection) -> None:
    """Brings an older or empty file to this form; the version is written in the end."""
    if _pragma(connection, "user_version") == VERSION:
        return
    # Ours from the first write on: a start cut off in here is taken up by the next one.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    from kiosk.record import form  # it is made of this module's SQL

    if form.is_empty(connection):
        form.make(connection)
    else:
        from kiosk.record.migration import apply  # its library takes 150 ms, and a file is old once

        apply(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    # Else a new file would begin with a log of twice its size, which stays as it is on a disk that is small.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
