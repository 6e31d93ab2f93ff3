"""The recorder's thread: writes rows in order, one transaction for all that waits, and outlasts a disk that refuses.

Owned by `recorder.Recorder`; nobody else holds its connection. It never drops, reorders or doubles a row, never makes
a file that was taken away anew, and never fails unheard.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from devices.reading import Stamp
from kiosk.record import driver, schema
from kiosk.record.driver import Connection
from kiosk.record.fault import LOCKED, Reason, RecordError
from kiosk.record.head import chain_end
from kiosk.record.waiting import Row, Ticket, insert

ROWS_AT_ONCE = 500
SWITCH_S = 0.001
"""For `sys.setswitchinterval` where other threads may be busy: a row waits for Python's lock behind each call of the
driver. Behind 40 ms of Python it is stored after 2.5 ms (median), after 10 ms with Python's own interval of 5 ms."""


class Heard(NamedTuple):
    """Who is told. call brings a function into the owner's thread; the others are called there."""

    call: Callable[[Callable[[], None]], object]
    on_stored: Callable[[list[Ticket]], None]
    on_failed: Callable[[str], None]
    on_restored: Callable[[int], None]


class Writer(threading.Thread):
    """Writes what is put into `rows` until None comes. `stored` counts rows on the disk."""

    def __init__(
        self,
        path: Path,
        connection: Connection | None,
        now: Callable[[], Stamp],
        heard: Heard,
        retry_s: float,
    ) -> None:
        # Daemon: a monitor that ends by a bug must end; what is committed is safe at any moment.
        super().__init__(name="recorder", daemon=True)
        self.rows: queue.SimpleQueue[Row | None] = queue.SimpleQueue()
        self.closing = threading.Event()
        self.stored = 0
        self._path = path
        self._connection = connection
        self._inode = path.stat().st_ino if connection else None
        self._now, self._heard, self._retry_s = now, heard, retry_s
        self._pending: list[Row] = []
        self._failed = False
        self._progress = threading.Condition()
        self._late = 0

    def settle(self, count: int, timeout: float) -> bool:
        """Wait until so many rows are on the disk, but not for a disk that refuses; whether they are."""
        with self._progress:
            self._progress.wait_for(lambda: self.stored >= count or self._failed or not self.is_alive(), timeout)
        return self.stored >= count

    def unsaved(self) -> list[Row]:
        """What is left once the thread has ended."""
        while not self.rows.empty():
            row = self.rows.get()
            self._pending += [row] if row else []
        return list(self._pending)

    def run(self) -> None:
        """Top of the thread: a bug in here must be heard as "not recording", not end in silence."""
        try:
            while self._fill() and self._step():
                pass
            if self._connection is not None:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except Exception as error:  # noqa: BLE001
            self._tell(self._heard.on_failed, f"the recorder ended: {error!r}")
        finally:
            self._disconnect()

    def _fill(self) -> bool:
        """Take over what waits, at least one row; False when all is written and the recorder closes."""
        while not (self._pending and self.rows.empty()):
            row = self.rows.get()
            if row is None:
                self.rows.put(None)  # it stays the last: nothing is appended after close
                return bool(self._pending)
            self._pending.append(row)
        return True

    def _step(self) -> bool:
        """Write one transaction; on a refusal say so once, wait, try again. False: closing, and it still refuses."""
        last = self.closing.is_set()
        try:
            connection = self._connect()
            rows = self._pending[:ROWS_AT_ONCE]
            if rows:
                self._take_off(self._write(connection, rows))
        except (driver.Error, OSError, RecordError) as error:
            self._refused(error)
            return not last
        if self._failed and not self._pending:
            self._failed = False
            self._tell(self._heard.on_restored, self._late)
            self._late = 0
        return True

    def _refused(self, error: Exception) -> None:
        if not self._failed:
            with self._progress:
                self._failed = True
                self._progress.notify_all()
            self._tell(self._heard.on_failed, _words(error))
        self._disconnect()
        self.closing.wait(self._retry_s)

    def _connect(self) -> Connection:
        """The file is the one that was opened, else open it anew and compare; a file that is gone is not made again.

        One that was never opened, because its key was locked, may be a new one.
        """
        inode = self._path.stat().st_ino if self._inode is not None else None
        if self._connection is not None and inode == self._inode:
            return self._connection
        self._disconnect()
        self._connection = connection = schema.open_for_writing(self._path)
        self._inode = self._path.stat().st_ino
        try:
            self._compare(connection)
        except RecordError:
            self._disconnect()
            raise
        return connection

    def _compare(self, connection: Connection) -> None:
        """After a failure nobody knows whether the last commit arrived: ask the disk, so that nothing is doubled."""
        ends: dict[str, tuple[int, bytes]] = {}
        ours: dict[str, tuple[int, bytes]] = {}
        arrived: list[Row] = []
        for row in self._pending:
            if row.session_id not in ends:
                ends[row.session_id] = chain_end(connection, row.session_id)
                ours[row.session_id] = (row.ticket.seq - 1, row.previous)
            if row.ticket.seq > ends[row.session_id][0]:
                break
            ours[row.session_id] = (row.ticket.seq, row.hash)
            arrived.append(row)
        if ours != ends:
            raise RecordError(Reason.OTHER_CHAIN, str(self._path))
        if arrived:
            self._take_off(_marked(arrived, self._now().utc_ns))

    def _write(self, connection: Connection, rows: list[Row]) -> list[Ticket]:
        """All of them or none, in one transaction; the stamp `stored` is taken as it begins. Their tickets, marked."""
        stored = self._now().utc_ns
        if len(rows) == 1 and rows[0].opened_utc_ns is None:
            insert(connection, rows, stored)  # a statement by itself is a transaction, and waits for Python's lock once
            return _marked(rows, stored)
        connection.execute("BEGIN IMMEDIATE")
        try:
            insert(connection, rows, stored)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return _marked(rows, stored)

    def _take_off(self, tickets: list[Ticket]) -> None:
        """As many of those that wait longest."""
        del self._pending[: len(tickets)]
        self.stored += len(tickets)
        self._late += len(tickets) if self._failed else 0
        self._tell(self._heard.on_stored, tickets)
        with self._progress:
            self._progress.notify_all()

    def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    def _tell(self, callback: Callable[[Any], None], value: Any) -> None:
        try:
            self._heard.call(lambda: callback(value))
        except RuntimeError:
            # The owner's loop has closed: nobody is left to hear it, and the rows still have to be written.
            pass


def _marked(rows: list[Row], stored_utc_ns: int) -> list[Ticket]:
    tickets = [row.ticket for row in rows]
    for ticket in tickets:
        ticket.stored_utc_ns = stored_utc_ns
    return tickets


def _words(error: Exception) -> str:
    """The reason as the system says it."""
    if isinstance(error, RecordError) and error.reason in LOCKED:
        return str(error.reason)
    name = getattr(error, "sqlite_errorname", "")
    return f"{error} [{name}]" if name else str(error)
