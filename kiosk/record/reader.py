"""Reads the record and never changes it: sessions, their rows typed again, and whether the chain is whole.

Used by the monitor (resume), review, export and the commands; any number at once, also while a session is written.
Readers use this driver too: two SQLite libraries in one process would break each other's locks on the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from devices.reading import Reading, Stamp, Waveform
from kiosk.record import body, driver, lying, opener, schema
from kiosk.record.fault import Reason, RecordError
from kiosk.record.head import IS_OF_THE_END, Head, chain_end, load_head
from kiosk.record.line import BODIES, OF_PATIENT, OF_SESSION, SessionLine, line_of
from kiosk.session.events import AnyEvent, ChainSealed


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of a session: what it is (event or reading), when, and the sentence as it was shown."""

    seq: int
    stamp: Stamp
    t_s: float
    kind: str
    what: AnyEvent | Reading
    text: str
    stored_utc_ns: int


class WaveformRow(msgspec.Struct, frozen=True, gc=False):
    """One block of waveform of a session. t_s: session seconds of its first sample."""

    seq: int
    t_s: float
    block: Waveform
    stored_utc_ns: int


class Deleted(msgspec.Struct, frozen=True):
    """One line of `v_deleted`: a session that a person had deleted. rows, head: length and last hash of its chain."""

    session_id: str
    deleted_utc: str
    deleted_by: str
    rows: int
    head: str


class OpenSession(msgspec.Struct, frozen=True):
    """A session that was not ended: how many rows it has, and its last one."""

    session_id: str
    count: int
    last: Row


class Kept(msgspec.Struct, frozen=True):
    """What a library kept of a session, see `kiosk.record.summary`: of which form, summary and minutes as text.

    minutes: "" where they were not asked for.
    """

    session_id: str
    form: int
    summary: str
    minutes: str


class Problem(msgspec.Struct, frozen=True):
    """One place where a chain is not what was written. seq: the row, 0 for the session as a whole."""

    seq: int
    what: str


class Reader:
    """Read-only access to a record; a context manager. home: the data folder whose key it has, see `opener`.

    Raises RecordError where the file is not one of ours, or cannot be opened; DAMAGED by whatever reads a damaged row.
    """

    def __init__(self, path: Path, home: Path | None = None) -> None:
        schema.check_sqlite()
        self.path = path
        self._connection = opener.connect(path, read_only=True, home=home)
        try:
            self._connection.execute("PRAGMA query_only = ON")
            schema.check_file(self._connection, new=False)
        except driver.DAMAGE as error:
            self.close()
            raise opener.refusal(path, error) from error
        except RecordError:
            self.close()
            raise

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def is_library(self) -> bool:
        """Whether sessions were imported into it."""
        return schema.is_library(self._connection)

    def sessions(self, session_id: str = "", patient_id: str = "") -> list[SessionLine]:
        """All sessions, or that one, or those of a patient; the oldest first."""
        chosen = [(OF_SESSION, session_id)] * bool(session_id) + [(OF_PATIENT, patient_id)] * bool(patient_id)
        found = self._ask(" ".join((BODIES, *(where for where, _ in chosen))), [value for _, value in chosen])
        try:
            lines = [line_of(*answer) for answer in found]
        except (ValueError, OverflowError) as error:
            raise RecordError(Reason.DAMAGED, f"{self.path}: a session's first or last row: {error}") from error
        return sorted(lines, key=attrgetter("started_utc", "session_id"))

    def deleted(self) -> list[Deleted]:
        """What stands for sessions that are gone, in the order in which they went."""
        found = self._ask("SELECT session_id, deleted_utc, deleted_by, rows, head FROM v_deleted ORDER BY deleted_utc")
        return [Deleted(*line) for line in found]

    def dosed_sessions(self) -> frozenset[str]:
        """Ids of the sessions in which a dose was marked; one that was taken back counts, to be careful."""
        found = self._ask("SELECT DISTINCT session_id FROM event WHERE kind = 'dose_marked'")
        return frozenset(str(row[0]) for row in found)

    def open_session(self) -> OpenSession | None:
        """The newest session without an end, to be taken up again; None when all are ended."""
        found = self._ask(
            """SELECT session_id FROM session s WHERE NOT EXISTS (SELECT 1 FROM event e
            WHERE e.kind = 'session_ended' AND e.session_id = s.session_id)
            ORDER BY opened_utc_ns DESC, rowid DESC LIMIT 1"""
        )
        for (session_id,) in found:
            last = self.last_row(session_id)
            return OpenSession(session_id, self.count(session_id), last) if last else None
        return None

    def count(self, session_id: str) -> int:
        """Rows of a session: events, readings and blocks of waveform."""
        return int(next(self._ask(_COUNT, {"session": session_id}))[0])

    def kinds(self, session_id: str) -> dict[str, int]:
        """How many events of each kind a session has."""
        query = "SELECT kind, count(*) FROM event WHERE session_id = ? GROUP BY kind"
        return {str(kind): int(n) for kind, n in self._ask(query, (session_id,))}

    def rows(self, session_id: str, after: int = 0) -> Iterator[Row]:
        """Events and readings in the order of the chain, from the row behind seq `after`."""
        for line in self._chain(session_id, after, ("event", "reading")):
            yield _row(line)

    def events(self, session_id: str, kinds: Iterable[str]) -> Iterator[Row]:
        """The events of some kinds alone, in the order of the chain."""
        wanted = list(kinds)
        cursor = self._connection.execute(
            f"""SELECT chain_seq, kind, body, hash, stored_utc_ns FROM event WHERE session_id = ?
            AND kind IN ({", ".join("?" * len(wanted))}) ORDER BY chain_seq""",  # noqa: S608 - question marks
            (session_id, *wanted),
        )
        for line in cursor:
            yield _row(line)

    def waveforms(self, session_id: str, after: int = 0) -> Iterator[WaveformRow]:
        """Blocks of waveform in the order of the chain, from the row behind seq `after`."""
        for seq, _, text, _, stored in self._chain(session_id, after, ("waveform",)):
            whole = _body(seq, text)
            if isinstance(whole.data, Waveform):
                yield WaveformRow(seq, whole.t_s, whole.data, stored)

    def last_row(self, session_id: str) -> Row | None:
        """The last event or reading of a session."""
        cursor = self._ask(
            """SELECT chain_seq, kind, body, hash, stored_utc_ns FROM chain
            WHERE session_id = ? AND kind <> 'waveform' ORDER BY chain_seq DESC LIMIT 1""",
            (session_id,),
        )
        return next((_row(line) for line in cursor), None)

    def stored(self, session_id: str) -> Iterator[tuple[int, str, bytes]]:
        """Every row in the order of the chain: place, body and hash as they lie there, not held against each other."""
        return ((seq, text, digest) for seq, _, text, digest, _ in self._chain(session_id))

    def readings(self, session_id: str, from_t_s: float | None = None) -> Iterator[Row]:
        """Readings in the order of the chain, for a chart; withdrawn values are left out."""
        cursor = self._ask(
            """SELECT chain_seq, 'reading', body, hash, stored_utc_ns FROM every_reading WHERE session_id = :session
            AND (:start IS NULL OR json_extract(body, '$.t_s') >= :start) AND chain_seq NOT IN (
                SELECT json_extract(body, '$.data.reading_seq') FROM event
                WHERE session_id = :session AND kind = 'value_withdrawn') ORDER BY chain_seq""",
            {"session": session_id, "start": from_t_s},
        )
        for line in cursor:
            yield _row(line)

    def chain_end(self, session_id: str) -> tuple[int, str]:
        """Length of the chain, and its last hash in hex."""
        try:
            seq, digest = chain_end(self._connection, session_id)
        except driver.DAMAGE as error:
            raise self._damaged(error) from error
        return seq, digest.hex()

    def ended(self, session_id: str) -> Head:
        """Where a session that is over stands, so that the recorder can add to it. Raises RecordError UNKNOWN_SESSION.

        Whoever holds the data folder's lock may use it; nobody else can know that it is still the end.
        """
        return load_head(self._connection, session_id, ended=True)

    def kept(self, session_id: str = "", minutes: bool = True) -> Iterator[Kept]:
        """What a library kept of its sessions, or of one: only where it is of the chain as it ends now."""
        found = self._ask(
            f"""SELECT session_id, form, body, {"minutes" if minutes else "''"} FROM summary kept
            WHERE ?1 IN ('', session_id) AND {IS_OF_THE_END}""",  # noqa: S608 - this program's own words
            (session_id,),
        )
        for name, form, made, by_minute in found:
            yield Kept(name, form, made, by_minute)

    def remarks(self) -> Iterator[tuple[int, str, str, bytes]]:
        """A provider's remarks as they lie there: seq, session, body, hash."""
        for seq, session_id, text, digest in self._ask("SELECT seq, session_id, body, hash FROM remark ORDER BY seq"):
            yield seq, session_id, text, bytes(digest)

    def verify_chain(self, session_id: str) -> list[Problem]:
        """What is wrong with a session's chain; empty when each body is what was written, in order, none missing.

        What it cannot see: rows cut off behind the last seal that is left (the length and hash kept elsewhere tell),
        and `stored`.
        """
        problems: list[Problem] = []
        try:
            known = next(self._ask("SELECT 1 FROM session WHERE session_id = ?", (session_id,)), None)
            problems += [] if known else [Problem(0, "no such session")]
            problems += self._look(session_id)
        except RecordError as error:
            problems.append(Problem(0, f"{error.reason}: {error.detail}"))
        return problems

    def integrity(self) -> list[str]:
        """What SQLite finds wrong with the file, and which encrypted pages were altered; [] where all is well.

        It reads every page. A changed value in a plain file is not seen by it, but by `verify_chain`.
        """
        try:
            found = [str(line[0]) for line in self._ask("PRAGMA integrity_check") if line[0] != "ok"]
            return found + [str(line[0]) for line in self._ask("PRAGMA cipher_integrity_check")]
        except RecordError as error:
            return [error.detail]

    def _look(self, session_id: str) -> Iterator[Problem]:
        from kiosk.record.seal import is_sealed  # only who looks for altered rows pays for the library behind it

        previous, expected = body.first_hash(session_id), 1
        # through the view that others read and counts are made from: who bends its words is found as well
        view = "SELECT chain_seq, kind, body, hash, stored_utc_ns FROM chain WHERE session_id = ? ORDER BY chain_seq"
        for line in self._ask(view, (session_id,)):
            seq, _, text, digest, _ = line
            if [type(part) for part in (seq, text, digest)] != [int, str, bytes]:
                yield Problem(expected, "the row is damaged")
                return
            if seq != expected:
                yield Problem(seq, f"row {expected} is missing" if seq > expected else "the row is doubled")
            if body.next_hash(previous, text) != bytes(digest):
                yield Problem(seq, "the row is not what was written, or one before it is missing")
            strange, whole = _strange(line)
            yield from strange
            if isinstance(whole, ChainSealed) and not is_sealed(whole, text, session_id, seq - 1, previous):
                yield Problem(seq, "the seal does not hold for the rows before it")
            # On with the stored hash: one changed row is one problem, not one for each row behind it.
            previous, expected = digest, seq + 1

    def _chain(self, session_id: str, after: int = 0, tables: tuple[str, ...] = lying.TABLES) -> Iterator[Any]:
        yield from self._told(lambda: lying.in_order(self._connection, session_id, after, tables))

    def _ask(self, sql: str, parameters: Any = ()) -> Iterator[Any]:
        """The lines of an answer. Raises RecordError DAMAGED where the file cannot give one."""
        yield from self._told(lambda: self._connection.execute(sql, parameters))

    def _told(self, ask: Callable[[], Iterable[Any]]) -> Iterator[Any]:
        try:
            # not from the cursor itself: whoever stops early after the file was closed would close it once more
            yield from (line for line in ask())
        except driver.DAMAGE as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> RecordError:
        return RecordError(Reason.DAMAGED, f"{self.path}: {error}")


_SIZES = " + ".join(f"(SELECT count(*) FROM {table} WHERE session_id = :session)" for table in lying.TABLES)  # noqa: S608
_TOGETHER = "(SELECT coalesce(sum(length(hashes) / 32 + 1), 0) FROM stretch WHERE session_id = :session)"
_COUNT = f"SELECT {_SIZES} + {_TOGETHER}"


def _row(line: Any) -> Row:
    seq, kind, text, _, stored = line
    whole = _body(seq, text)
    if isinstance(whole.data, Waveform):
        raise RecordError(Reason.UNREADABLE_ROW, f"row {seq}: filed as {kind}, but it is {whole.kind}")
    return Row(seq, whole.stamp, whole.t_s, kind, whole.data, whole.text, stored)


def _body(seq: int, text: str) -> body.Body:
    try:
        return body.decode(text)
    except RecordError as error:
        raise RecordError(Reason.UNREADABLE_ROW, f"row {seq}: {error.detail}") from error


def _strange(line: Any) -> tuple[list[Problem], AnyEvent | Reading | Waveform | None]:
    """A row whose columns say otherwise than its body; and what it is, None where it cannot be read."""
    seq, kind, text, _, _ = line
    try:
        whole = body.decode(text)
    except RecordError as error:
        return [Problem(seq, f"the row cannot be read: {error.detail}")], None
    if (whole.seq, whole.kind, body.kind_of(whole.data)) != (seq, kind, kind):
        return [Problem(seq, f"filed as {kind} {seq}, but it is {whole.kind} {whole.seq}")], whole.data
    return [], whole.data
