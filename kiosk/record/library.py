"""A provider's library: sessions of many records in one file of the record's own form, each as its chain was handed on.

Written by `kiosk import` alone; a session or its longer copy comes in whole or not at all. It never changes a row.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from kiosk.record import body, driver, lying, schema, summary
from kiosk.record.fault import Reason, RecordError
from kiosk.record.head import chain_end
from kiosk.record.lying import Laid

FIRST_REMARK = body.first_hash("session-room remarks 1")
"""What stands in for the hash before the first remark."""
T = TypeVar("T")
_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT session", "RELEASE session", ("ROLLBACK TO session", "RELEASE session"))
_CACHE_KIB = 65_536
_WAL_PAGES = 8_192  # 32 MiB: each thousand pages, as SQLite does by itself, would be at each session
_FIRST_SIGNER = """SELECT i.signer FROM imported i JOIN v_sessions s USING (session_id)
    WHERE s.patient_id = ? AND NOT s.simulated ORDER BY i.rowid LIMIT 1"""
_NOT_IMPORTED = "SELECT 1 FROM session WHERE session_id NOT IN (SELECT session_id FROM imported) LIMIT 1"


class Import(NamedTuple):
    """What is known of a session as it comes in. rows: in all. head: its last hash.

    verified: known, unknown or changed, by what was known of the signer then. parts: what all its rows come to
    (`kiosk.record.summary.encode`).
    """

    session_id: str
    rows: int
    head: bytes
    signer: str
    verified: str
    imported_utc_ns: int
    parts: tuple[str, str]


class Library:
    """The file at `path`, made where there is none; a context manager. home: whose key it has, see `opener`.

    Raises RecordError where it is no library: NOT_A_LIBRARY for the record of a room, the others as for a record.
    """

    def __init__(self, path: Path, home: Path | None = None) -> None:
        self.path = path
        self._connection = schema.open_for_writing(path, home)
        self._first_signers: dict[str, str] = {}  # who came in first stays the first, whoever writes meanwhile
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.execute("PRAGMA cache_spill = OFF")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        if self._connection.execute(_NOT_IMPORTED).fetchone():
            self.close()
            raise RecordError(Reason.NOT_A_LIBRARY, str(path))

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def chain_end(self, session_id: str) -> tuple[int, bytes]:
        """How many rows of a session are here, and the last one's hash; 0 and the first hash where there are none."""
        return chain_end(self._connection, session_id)

    def hash_at(self, session_id: str, seq: int) -> bytes:
        """The hash of a row that is here. Raises RecordError DAMAGED where it is not."""
        found = next(lying.in_order(self._connection, session_id, seq - 1), None)
        if found is None or found[0] != seq:
            raise RecordError(Reason.DAMAGED, f"{self.path}: row {seq} of {session_id} is missing")
        return bytes(found[3])

    def signer_of(self, session_id: str) -> str:
        """Fingerprint of who signed the session when it first came in, "" if it is not here."""
        query = "SELECT signer FROM imported WHERE session_id = ? ORDER BY rowid LIMIT 1"
        found = self._connection.execute(query, (session_id,)).fetchone()
        return str(found[0]) if found else ""

    def first_signer(self, patient_id: str) -> str:
        """Fingerprint of who signed the first session of a patient that came in, "" if none is here.

        Looks at each session here, but only once for each patient.
        """
        if known := self._first_signers.get(patient_id):
            return known
        found = self._connection.execute(_FIRST_SIGNER, (patient_id,)).fetchone()
        if found:
            self._first_signers[patient_id] = str(found[0])
        return str(found[0]) if found else ""

    @contextmanager
    def batch(self) -> Generator[None]:
        """Sessions that are added in here reach the disk together; each is still there whole or not at all.

        The triggers that hold each row against the last one are away meanwhile, and so is the look for each row's
        session: `add` puts the session there, and holds number and last hash of the rows against the head that was
        verified. What ends this brings both back.
        """
        execute = self._connection.execute
        execute("PRAGMA foreign_keys = OFF")  # a sixth of what a row costs; means nothing within a transaction
        try:
            with self._transaction():
                for name in schema.NOT_IN_IMPORT:
                    execute(f"DROP TRIGGER {name}")
                yield
                for sql in schema.NOT_IN_IMPORT.values():
                    execute(sql)
        except BaseException:
            self._first_signers.clear()  # they may have come in with what is taken back
            raise
        finally:
            execute("PRAGMA foreign_keys = ON")

    def add(self, new: Import, after: int, rows: Laid) -> None:
        """Take the rows behind row `after`: all of them or none.

        Raises RecordError OTHER_CHAIN where they do not lead from what is here to the new head.
        """
        if not self._connection.in_transaction:
            with self.batch():
                self.add(new, after, rows)
            return
        with self._transaction():
            self._insert(new, after, rows)
            told = (new.session_id, new.imported_utc_ns, new.signer, new.verified, new.rows)
            self._connection.execute("INSERT INTO imported VALUES (?, ?, ?, ?, ?)", told)
            self._keep(new)

    def add_remark(self, session_id: str, make: Callable[[int, bytes], tuple[T, str]]) -> T:
        """Take a provider's remark; what it was made to. make: from its place and the hash before it, with its body.

        Raises RecordError UNKNOWN_SESSION, NOT_SAVED, and what `make` raises.
        """
        execute = self._connection.execute
        try:
            with self._transaction():
                if not self.signer_of(session_id):
                    raise RecordError(Reason.UNKNOWN_SESSION, session_id)
                last = execute("SELECT seq, hash FROM remark ORDER BY seq DESC LIMIT 1").fetchone()
                seq, previous = (last[0], bytes(last[1])) if last else (0, FIRST_REMARK)
                made, text = make(seq + 1, previous)
                digest = body.next_hash(previous, text)
                execute("INSERT INTO remark VALUES (?, ?, ?, ?)", (seq + 1, session_id, text, digest))
        except driver.Error as error:
            raise RecordError(Reason.NOT_SAVED, f"{self.path}: {error}", count=1) from error
        return made

    @contextmanager
    def _transaction(self) -> Generator[None]:
        """All or nothing; within another one, of what is done in here."""
        is_inner = self._connection.in_transaction
        begin, end, undo = _INNER if is_inner else _OUTER
        self._connection.execute(begin)
        try:
            yield
            self._connection.execute(end)
        except BaseException:
            for statement in undo if self._connection.in_transaction else ():
                self._connection.execute(statement)
            raise

    def _keep(self, new: Import) -> None:
        """What the session comes to, in place of what it came to before."""
        self._connection.execute("DELETE FROM summary WHERE session_id = ?", (new.session_id,))
        made = (new.session_id, summary.FORM, new.rows, new.head, *new.parts)
        self._connection.execute("INSERT INTO summary VALUES (?, ?, ?, ?, ?, ?)", made)

    def _insert(self, new: Import, after: int, rows: Laid) -> None:
        name, at = new.session_id, new.imported_utc_ns
        here = self.chain_end(name)[0]
        # else another import was faster, or these are not the rows that were looked at
        if here != after or after + rows.count() != new.rows or rows.end() != (new.rows, new.head):
            raise RecordError(Reason.OTHER_CHAIN, name)
        if here == 0:
            opened = (name, body.decode(rows.events[0][2]).utc_ns)
            self._connection.execute("INSERT INTO session VALUES (?, ?)", opened)
        events = ((name, *event, at) for event in rows.events)
        self._connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", events)
        stretches = ((name, kind, last, at, *rest) for kind, last, *rest in rows.stretches)
        self._connection.executemany("INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?, ?)", stretches)
