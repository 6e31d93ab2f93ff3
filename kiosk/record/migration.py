"""Brings a file of an older form to the newest one; applied once to a file, by `kiosk.record.schema`."""

from __future__ import annotations

from typing import Any, cast

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk.record import form
from kiosk.record.driver import Connection

migrations = Migrations(form.SET)


def _register(name: str, statements: tuple[str, ...]) -> None:
    @migrations(name=name)
    def _apply(db: Database) -> None:  # pyright: ignore[reportUnusedFunction]
        form.execute(cast(Connection, db.conn), statements)


for _name, _statements in form.FORMS.items():
    _register(_name, _statements)


def apply(connection: Connection) -> None:
    """Every form that this file has not had."""
    migrations.apply(Database(cast(Any, connection), strict=True, execute_plugins=False))
