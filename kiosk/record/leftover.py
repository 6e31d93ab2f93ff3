"""Rows of a run whose record was locked to the end: left sealed beside it, and taken in once the key is there.

The room has no key then, but the public half of one (`vault.letterbox`): only who has the key can read what it leaves.
Taking in is whole or not at all, and twice is once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.datadir import LEFTOVERS
from kiosk.durable import sync_folder
from kiosk.newfile import whole_file
from kiosk.record import body, driver, opener, schema
from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError
from kiosk.record.head import chain_end
from kiosk.record.waiting import Row, Ticket, insert
from kiosk.vault import known, letterbox, place
from kiosk.vault.fault import VaultError

_IS_THERE = "SELECT 1 FROM chain WHERE session_id = ? AND chain_seq = ? AND hash = ?"


class _Line(msgspec.Struct, frozen=True, array_like=True):
    session_id: str
    kind: str
    text: str
    previous: bytes
    opened_utc_ns: int | None


class _Content(msgspec.Struct, frozen=True):
    lines: list[_Line]
    form: Literal[1] = 1


def leave(record: Path, rows: Sequence[Row], now_utc_ns: int) -> Path:
    """Seal the rows beside the record, for the key of its folder; the file, on the disk when this returns.

    Raises RecordError NOT_SAVED with their count where the folder's key has no letterbox or the disk refuses.
    """
    target = record.with_name(f"rows-{now_utc_ns}-{secrets.token_hex(4)}.waiting")
    lines = [_Line(row.session_id, row.kind, row.text, row.previous, row.opened_utc_ns) for row in rows]
    try:
        kept = place.load(record.parent)
        if kept is None or not kept.letterbox:
            raise RecordError(Reason.NOT_SAVED, str(record), count=len(rows))
        sealed = letterbox.close(kept.letterbox, msgspec.msgpack.encode(_Content(lines)))
        with whole_file(target) as part:
            part.write_bytes(sealed)
    except (VaultError, OSError) as error:
        raise RecordError(Reason.NOT_SAVED, f"{target}: {error}", count=len(rows)) from error
    return target


def found(record: Path) -> list[Path]:
    """What earlier runs left beside this record, the oldest first."""
    return sorted(record.parent.glob(LEFTOVERS))


def take_in(record: Path, now_utc_ns: int) -> tuple[int, list[Path]]:
    """Put what was left into the record; how many rows came in, and the files that do not open or do not fit.

    Those stay as they are. The caller holds the data folder's lock. Raises RecordError where the record refuses.
    """
    files = found(record)
    if not files or opener.is_locked(record):
        return 0, []
    count, strange = 0, list[Path]()
    with closing(schema.open_for_writing(record)) as connection:
        for path in files:
            rows = _fitting(connection, _rows(record.parent, path))
            if rows is None:
                strange.append(path)
                continue
            _write(connection, rows, now_utc_ns)
            path.unlink()
            count += len(rows)
    sync_folder(record.parent)
    return count, strange


def _rows(folder: Path, path: Path) -> list[Row] | None:
    try:
        content = letterbox.opened(known.key_of(folder), path.read_bytes())
        lines = msgspec.msgpack.decode(content, type=_Content).lines
        return list(_chained(lines))
    except (VaultError, OSError, msgspec.MsgspecError, RecordError):
        return None


def _chained(lines: Iterable[_Line]) -> Iterator[Row]:
    for line in lines:
        ticket = Ticket(body.decode(line.text).seq, 0.0)
        digest = body.next_hash(line.previous, line.text)
        table = body.table_of(line.kind)
        yield Row(line.session_id, table, line.kind, line.text, ticket, line.previous, digest, line.opened_utc_ns)


def _fitting(connection: Connection, rows: list[Row] | None) -> list[Row] | None:
    """Those that are not in the record yet; None where one is not what stands there, or does not follow it."""
    if rows is None:
        return None
    ends: dict[str, tuple[int, bytes]] = {}
    fitting: list[Row] = []
    for row in rows:
        seq, digest = ends.get(row.session_id) or chain_end(connection, row.session_id)
        if row.ticket.seq > seq:
            if (row.ticket.seq, row.previous) != (seq + 1, digest):
                return None
            fitting.append(row)
            seq, digest = row.ticket.seq, row.hash
        elif not connection.execute(_IS_THERE, (row.session_id, row.ticket.seq, row.hash)).fetchone():
            return None
        ends[row.session_id] = seq, digest
    return fitting


def _write(connection: Connection, rows: list[Row], now_utc_ns: int) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        insert(connection, rows, now_utc_ns)
        connection.execute("COMMIT")
    except driver.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise RecordError(Reason.NOT_SAVED, str(error), count=len(rows)) from error
