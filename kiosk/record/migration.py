"""The forms that a record had, each made from the one before; applied once to a file, by `kiosk.record.schema`.

A migration adds and never rewrites a body.
"""

from __future__ import annotations

from typing import Any, cast

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk.record import schema
from kiosk.record.driver import Connection
from kiosk.record.view import DELETED, REMARKS, SIGNED_SESSIONS, STORY, VIEWS, WAVEFORM

migrations = Migrations("record")


@migrations()
def m001_sessions_events_readings(db: Database) -> None:
    """The first form."""
    _execute_all(db, *schema.TABLES.split(";"), *schema.triggers_of(schema.FIRST_ROWS).values(), *VIEWS)


@migrations()
def m002_waveforms(db: Database) -> None:
    """Blocks of waveform as a third kind of row in the same chain, so the order triggers look at three tables."""
    old = schema.triggers_of(schema.FIRST_ROWS)
    changed = [name for name, sql in schema.ROW_TRIGGERS.items() if old.get(name) != sql]
    drops = [f"DROP TRIGGER {name}" for name in changed if name in old]
    _execute_all(
        db, *drops, *schema.WAVEFORM_TABLE.split(";"), *(schema.ROW_TRIGGERS[name] for name in changed), WAVEFORM
    )


@migrations()
def m003_signers(db: Database) -> None:
    """Who sealed a session, and what a library took when."""
    made = (*schema.IMPORTED_TABLE.split(";"), *schema.IMPORTED_TRIGGERS.values())
    _execute_all(db, *made, "DROP VIEW v_sessions", SIGNED_SESSIONS)


@migrations()
def m004_remarks(db: Database) -> None:
    """What a provider says of sessions in a library, and what each comes to."""
    _execute_all(db, *schema.REMARK_TABLE.split(";"), *schema.REMARK_TRIGGERS.values(), REMARKS)


@migrations()
def m005_deleted(db: Database) -> None:
    """What stands for sessions that were deleted."""
    _execute_all(db, schema.DELETED_TABLE, *schema.DELETED_TRIGGERS.values(), DELETED)


@migrations()
def m006_story(db: Database) -> None:
    """What happened, without what the program tells of itself."""
    _execute_all(db, STORY)


def _execute_all(db: Database, *statements: str) -> None:
    execute = cast(Connection, db.conn).execute
    for statement in statements:
        if statement.strip():
            execute(statement)


def apply(connection: Connection) -> None:
    """Every migration that this file has not had."""
    migrations.apply(Database(cast(Any, connection), strict=True, execute_plugins=False))
