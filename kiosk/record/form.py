"""The forms that a record had, each as SQL on top of the one before. A new file gets all of them in one transaction.

Used by `kiosk.record.schema`; files of an older form are brought up by `kiosk.record.migration`. A form adds and never
rewrites a body.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from kiosk.record import schema
from kiosk.record.driver import Connection
from kiosk.record.view import DELETED, REMARKS, SIGNED_SESSIONS, STORY, STRETCHED, VIEWS, WAVEFORM

SET = "record"
# Word for word the table in which sqlite-utils keeps what a file has had: later forms come by it.
_HAD = """CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name")"""


def _waveforms() -> Iterable[str]:
    """Blocks of waveform as a third kind of row in the same chain, so the order triggers look at three tables."""
    old = schema.triggers_of(schema.FIRST_ROWS)
    changed = [name for name, sql in schema.ROW_TRIGGERS.items() if old.get(name) != sql]
    yield from (f"DROP TRIGGER {name}" for name in changed if name in old)
    yield from schema.WAVEFORM_TABLE.split(";")
    yield from (schema.ROW_TRIGGERS[name] for name in changed)
    yield WAVEFORM


def _form(*statements: str) -> tuple[str, ...]:
    return tuple(statement for statement in statements if statement.strip())


FORMS: dict[str, tuple[str, ...]] = {
    "m001_sessions_events_readings": _form(
        *schema.TABLES.split(";"), *schema.triggers_of(schema.FIRST_ROWS).values(), *VIEWS
    ),
    "m002_waveforms": _form(*_waveforms()),
    # who sealed a session, and what a library took when
    "m003_signers": _form(
        *schema.IMPORTED_TABLE.split(";"), *schema.IMPORTED_TRIGGERS.values(), "DROP VIEW v_sessions", SIGNED_SESSIONS
    ),
    # what a provider says of sessions in a library, and what each comes to
    "m004_remarks": _form(*schema.REMARK_TABLE.split(";"), *schema.REMARK_TRIGGERS.values(), REMARKS),
    # what stands for sessions that were deleted
    "m005_deleted": _form(schema.DELETED_TABLE, *schema.DELETED_TRIGGERS.values(), DELETED),
    # what happened, without what the program tells of itself
    "m006_story": _form(STORY),
    # a library's rows, some hundred in one
    "m007_stretches": _form(schema.STRETCH_TABLE, *schema.STRETCH_TRIGGERS.values(), *STRETCHED),
}


def execute(connection: Connection, statements: Iterable[str]) -> None:
    """Run them in order."""
    for statement in statements:
        connection.execute(statement)


def is_empty(connection: Connection) -> bool:
    """Whether nothing at all is in this file."""
    return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0


def make(connection: Connection) -> None:
    """Give an empty file every form at once: all of it or nothing.

    It comes to what `migration.apply` makes of it, without the library's import, 150 ms of a monitor's start.
    """
    at = str(datetime.datetime.now(datetime.UTC))
    connection.execute("BEGIN IMMEDIATE")
    try:
        execute(connection, _HAD.split(";"))
        for name, statements in FORMS.items():
            execute(connection, statements)
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", (SET, name, at)
            )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
