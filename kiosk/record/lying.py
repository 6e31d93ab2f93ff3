"""The rows of a session as they lie in the file, in the chain's order: one by one, or in a library's stretches.

A library takes readings and blocks of waveform some hundred at once, as a session file has them: to write, and to
encrypt, each by itself was half of what an import cost. Events lie one by one everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any

import msgspec

from kiosk.record import body
from kiosk.record.driver import Connection
from kiosk.record.fault import Reason, RecordError

TOGETHER = (body.READING, body.WAVEFORM)
TABLES = ("event", *TOGETHER)
ROWS_IN_STRETCH = 256
"""Of readings some 130 KB: long enough to be cheap, short enough for a program that reads it through the views."""
_HASH_BYTES = 32
_KINDS = {"event": "kind", body.READING: "'reading'", body.WAVEFORM: "'waveform'"}
_SEQ = re.compile(r'\{"seq":(\d{1,15}),')

Row = tuple[int, str, str, bytes]
"""seq, kind, body, hash."""
Stretch = tuple[str, int, bytes, bytes, str]
"""Rows of one kind that lie together: kind, the last one's seq and hash, 32 bytes for each before it, a line each."""


class Laid(msgspec.Struct, frozen=True):
    """Rows of a session as a library takes them."""

    events: list[Row] = []
    stretches: list[Stretch] = []

    def count(self) -> int:
        """How many rows."""
        return len(self.events) + sum(len(hashes) // _HASH_BYTES + 1 for _, _, _, hashes, _ in self.stretches)

    def end(self) -> tuple[int, bytes]:
        """Place and hash of the last row; 0 and nothing where there is none."""
        ends = [(seq, digest) for seq, _, _, digest in self.events[-1:]]
        return max(ends + [(seq, digest) for _, seq, digest, _, _ in self.stretches], default=(0, b""))

    def rows(self) -> list[Row]:
        """Each by itself again, in the chain's order. Raises RecordError DAMAGED."""
        return sorted([*self.events, *(row for stretch in self.stretches for row in _unrolled(stretch))])


def laid(rows: Iterable[tuple[int, str, bytes, bytes]]) -> Laid:
    """Rows of a chain, in order, the bodies as the bytes that they are, as a library takes them."""
    events: list[Row] = []
    together: dict[str, list[tuple[int, str, bytes, bytes]]] = {kind: [] for kind in TOGETHER}
    for row in rows:
        if row[1] in together:
            together[row[1]].append(row)
        else:
            events.append((row[0], row[1], row[2].decode(), row[3]))
    return Laid(events, [stretch for held in together.values() for stretch in _stretches(held)])


def _stretches(rows: Sequence[tuple[int, str, bytes, bytes]]) -> Iterator[Stretch]:
    for at in range(0, len(rows), ROWS_IN_STRETCH):
        seqs, kinds, lines, hashes = zip(*rows[at : at + ROWS_IN_STRETCH], strict=True)
        yield kinds[0], seqs[-1], hashes[-1], b"".join(hashes[:-1]), b"\n".join(lines).decode()


def _unrolled(stretch: Stretch) -> Iterator[Row]:
    kind, last, digest, before, bodies = stretch
    texts, hashes = bodies.split("\n"), before + digest
    if len(hashes) != _HASH_BYTES * len(texts):
        raise RecordError(Reason.DAMAGED, f"{len(texts)} rows up to row {last} have {len(hashes)} bytes of hashes")
    for at, text in zip(range(0, len(hashes), _HASH_BYTES), texts, strict=True):
        seq = _SEQ.match(text)
        if seq is None:
            raise RecordError(Reason.DAMAGED, f"a row before row {last} does not say its place")
        yield int(seq[1]), kind, text, hashes[at : at + _HASH_BYTES]


def in_order(
    connection: Connection, session_id: str, after: int = 0, tables: tuple[str, ...] = TABLES
) -> Iterator[Any]:
    """The rows of these tables behind row `after`, as the view `chain` has them but for the session.

    Raises the driver's error, RecordError DAMAGED.
    """
    parts = (
        f"SELECT chain_seq, {_KINDS[table]}, body, hash, stored_utc_ns FROM {table} "  # noqa: S608 - this file's own words
        "WHERE session_id = ?1 AND chain_seq > ?2"
        for table in tables
    )
    # Written out, SQLite merges them as they lie; the view `chain` would be sorted as a whole first, in memory.
    one_by_one = connection.execute(" UNION ALL ".join(parts) + " ORDER BY chain_seq", (session_id, after))
    together = (_in_stretches(connection, session_id, after, kind) for kind in tables if kind in TOGETHER)
    return merge(one_by_one, *together, key=itemgetter(0))


def _in_stretches(connection: Connection, session_id: str, after: int, kind: str) -> Iterator[Any]:
    query = """SELECT kind, last_seq, hash, hashes, bodies, stored_utc_ns FROM stretch
        WHERE session_id = ? AND last_seq > ? AND kind = ? ORDER BY last_seq"""
    for *stretch, stored in connection.execute(query, (session_id, after, kind)):
        for row in _unrolled(tuple(stretch)):
            if row[0] > after:
                yield (*row, stored)
