"""How fast rows become durable: the recorder with chain, seals and encryption, against bare inserts of the columns.

Both write to a file in WAL mode with an fsync at each commit. One by one, each row is on the disk before the next one
comes, as in a session; in a rush they wait for each other and share transactions of 500, as after a full disk. The
reference has its bodies and hashes made beforehand. Two figures more of each say what of it is encryption, and what the
tables' own guards are.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

from bench.figure import Figure, Goal
from bench.mutations import opened
from devices.reading import Oximetry, Reading, Stamp, Value
from kiosk.record import driver, schema
from kiosk.record.driver import Connection
from kiosk.record.recorder import Recorder
from kiosk.record.seal import load_signer
from kiosk.record.writer import ROWS_AT_ONCE, SWITCH_S
from kiosk.vault import place
from kiosk.vault.key import new_key

ROWS, SINGLE_ROWS = 20_000, 1000
SEALED_EVERY = 60
PYTHONS_OWN_S = sys.getswitchinterval()
START = Stamp(1_764_000_000_000_000_000, 10**9)
TABLES = """
CREATE TABLE session (session_id TEXT NOT NULL PRIMARY KEY, opened_utc_ns INTEGER NOT NULL) STRICT;
CREATE TABLE reading (session_id TEXT NOT NULL REFERENCES session (session_id), chain_seq INTEGER NOT NULL,
    body TEXT NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32), stored_utc_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, chain_seq)) STRICT
"""


@cache
def _readings() -> tuple[Reading, ...]:
    made = []
    for second in range(ROWS):
        stamp = Stamp(START.utc_ns + second * 10**9, START.boot_ns + second * 10**9)
        measured = Oximetry(Value(Decimal(94 + second % 5)), Value(Decimal(58 + second % 9)))
        made.append(Reading("aa:bb:cc:dd:ee:ff", stamp, measured, bytes(5), "2a5f"))
    return tuple(made)


def recorded_s(rows: int, *, single: bool) -> float:
    """So many readings through the recorder, sealed each minute, until its file is closed. single: waited for each."""
    ignore: Callable[[object], None] = lambda _: None  # noqa: E731
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        signer = load_signer(folder)
        place.save(folder, place.in_file(new_key()))
        recorder = Recorder(folder / "record.db", lambda: START, lambda told: told(), ignore, ignore, ignore)
        recorder.append_event(opened("s-0"), START, "Session opened.")
        readings = _readings()[:rows]
        sys.setswitchinterval(SWITCH_S)  # as the monitor does
        began = time.perf_counter()
        for count, reading in enumerate(readings):
            recorder.append_reading(reading)
            if single:
                recorder.settle(10)
            if count % SEALED_EVERY == 0:
                recorder.seal(signer, reading.stamp, lambda seal: f"{seal.length} rows are sealed.")
        recorder.close(60)
        took = time.perf_counter() - began
        sys.setswitchinterval(PYTHONS_OWN_S)
        return took


@cache
def _bodies() -> tuple[tuple[str, bytes], ...]:
    """As long as a recorded reading's."""
    from hashlib import sha256

    from kiosk.record.reader import Reader

    ignore: Callable[[object], None] = lambda _: None  # noqa: E731
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "record.db"
        recorder = Recorder(path, lambda: START, lambda told: told(), ignore, ignore, ignore)
        recorder.append_event(opened("s-0"), START, "Session opened.")
        recorder.append_reading(_readings()[0])
        recorder.close()
        with Reader(path) as reader:
            text = list(reader.stored("s-0"))[-1][1]
    return tuple((text, sha256(text.encode()).digest()) for _ in range(ROWS))


def inserted_s(rows: int, at_once: int) -> float:
    """The same number of rows by the standard library's SQLite."""
    with (
        tempfile.TemporaryDirectory() as name,
        closing(sqlite3.connect(Path(name) / "raw.db", isolation_level=None)) as connection,
    ):
        return _inserting_s(cast(Connection, connection), rows, at_once)


def encrypted_s(rows: int, at_once: int) -> float:
    """The same by the record's own driver, with a key: what encryption costs before there is a chain."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "encrypted.db"
        path.touch()
        with closing(driver.connect(path, read_only=False, key=new_key().secret)) as connection:
            return _inserting_s(connection, rows, at_once)


def guarded_s(rows: int, at_once: int) -> float:
    """The same in the record's own tables: what the triggers cost that hold each row against the last one."""
    with tempfile.TemporaryDirectory() as name:
        place.save(Path(name), place.in_file(new_key()))
        with closing(schema.open_for_writing(Path(name) / "record.db")) as connection:
            return _filling_s(connection, rows, at_once)


def _inserting_s(connection: Connection, rows: int, at_once: int) -> float:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "recursive_triggers = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    for statement in TABLES.split(";"):
        connection.execute(statement)
    return _filling_s(connection, rows, at_once)


def _filling_s(connection: Connection, rows: int, at_once: int) -> float:
    bodies = _bodies()[:rows]
    connection.execute("INSERT INTO session VALUES ('s-0', 0)")
    began = time.perf_counter()
    for first in range(0, rows, at_once):
        connection.execute("BEGIN IMMEDIATE")
        for seq, (text, digest) in enumerate(bodies[first : first + at_once], first + 1):
            connection.execute("INSERT INTO reading VALUES (?, ?, ?, ?, ?)", ("s-0", seq, text, digest, 0))
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return time.perf_counter() - began


RAW = "as many rows of the same columns, made beforehand, by the standard library's SQLite with the same pragmas"
ENCRYPTED = "as many such inserts by SQLCipher with a key: what encryption is by itself of the figure above"
GUARDED = "as many such inserts into the record's own tables, with a key and every trigger: no encoding, chain, thread"
FIGURES = (
    Figure(
        "rows stored one by one",
        f"{SINGLE_ROWS} readings encoded, chained, sealed each minute, encrypted; an fsync for each before the next",
        RAW,
        lambda: recorded_s(SINGLE_ROWS, single=True),
        lambda: inserted_s(SINGLE_ROWS, 1),
        Goal("times", 1.25),
    ),
    Figure(
        "one by one, encryption alone",
        ENCRYPTED,
        RAW,
        lambda: encrypted_s(SINGLE_ROWS, 1),
        lambda: inserted_s(SINGLE_ROWS, 1),
    ),
    Figure(
        "one by one, without the chain",
        GUARDED,
        RAW,
        lambda: guarded_s(SINGLE_ROWS, 1),
        lambda: inserted_s(SINGLE_ROWS, 1),
    ),
    Figure(
        "rows stored in a rush",
        f"{ROWS} readings encoded, chained, sealed each minute, encrypted; 500 a commit",
        RAW,
        lambda: recorded_s(ROWS, single=False),
        lambda: inserted_s(ROWS, ROWS_AT_ONCE),
        Goal("times", 1.25),
    ),
    Figure(
        "in a rush, encryption alone",
        ENCRYPTED,
        RAW,
        lambda: encrypted_s(ROWS, ROWS_AT_ONCE),
        lambda: inserted_s(ROWS, ROWS_AT_ONCE),
    ),
    Figure(
        "in a rush, without the chain",
        GUARDED,
        RAW,
        lambda: guarded_s(ROWS, ROWS_AT_ONCE),
        lambda: inserted_s(ROWS, ROWS_AT_ONCE),
    ),
)
