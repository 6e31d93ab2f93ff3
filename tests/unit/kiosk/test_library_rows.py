"""Rows that a library holds in stretches are the rows that came in: for this program, for its views, and altered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from sqlite_utils import Database

from bench import practice
from kiosk.record import body, driver, migration, schema
from kiosk.record.copy import plain_copy
from kiosk.record.fault import Reason, RecordError
from kiosk.record.library import Import, Library
from kiosk.record.lying import ROWS_IN_STRETCH, Laid, laid
from kiosk.record.reader import Reader
from kiosk.session.events import NoteAdded
from tests.unit.kiosk.record_samples import at, opened, oximetry, recorder, select, waveform

Rows = list[tuple[int, str, bytes, bytes]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Twelve minutes with a block of waveform in each, so that neither kind lies without the other between."""
    path = tmp_path_factory.mktemp("record") / "record.db"
    writer = recorder(path)
    writer.append_event(opened("s-1"), at(0), "Session opened")
    for second in range(1, 720):
        writer.append_reading(oximetry(second))
        if second % 60 == 0:
            writer.append_waveform(waveform(second))
            writer.append_event(NoteAdded(f"minute {second // 60}"), at(second), "A note")
    writer.close()
    with Reader(path) as reader:
        lines = list(reader._chain("s-1"))
    return [(seq, kind, text.encode(), bytes(digest)) for seq, kind, text, digest, _ in lines]


def addition(rows: Rows) -> Import:
    return Import("s-1", len(rows), rows[-1][3], "a-signer", "known", at(0).utc_ns, ("", ""))


def library(path: Path, *parts: Rows) -> Path:
    """A library to which the rows came in so many parts."""
    came: Rows = []
    with Library(path) as opened_library:
        for part in parts:
            came += part
            opened_library.add(addition(came), len(came) - len(part), laid(part))
    return path


def told(path: Path, after: int = 0) -> Rows:
    with Reader(path) as reader:
        lines = list(reader._chain("s-1", after))
    return [(seq, kind, text.encode(), bytes(digest)) for seq, kind, text, digest, _ in lines]


def test_rows_come_out_one_by_one_as_they_went_in_for_this_program_and_for_others(rows: Rows, tmp_path: Path) -> None:
    path = library(tmp_path / "library.db", rows)
    assert told(path) == rows
    lines = select(path, "SELECT chain_seq, kind, body, hash FROM chain ORDER BY chain_seq")
    assert [(row["chain_seq"], row["kind"], row["body"].encode(), row["hash"]) for row in lines] == rows
    assert select(path, "SELECT count(*) AS n FROM reading") == [{"n": 0}]
    assert select(path, "SELECT count(*) AS n, avg(spo2_percent) AS mean FROM v_vitals") == [{"n": 719, "mean": 97.0}]
    assert select(path, "SELECT count(*) AS n FROM v_waveform") == [{"n": 11}]
    with Reader(path) as reader:
        assert (reader.count("s-1"), reader.verify_chain("s-1")) == (len(rows), [])
        assert reader.chain_end("s-1") == (len(rows), rows[-1][3].hex())


def test_rows_behind_any_place_are_found_also_within_a_stretch(rows: Rows, tmp_path: Path) -> None:
    path = library(tmp_path / "library.db", rows)
    for after in (1, ROWS_IN_STRETCH - 1, ROWS_IN_STRETCH, ROWS_IN_STRETCH + 1, 400, len(rows) - 1, len(rows)):
        assert told(path, after) == rows[after:]
    with Library(path) as opened_library:
        for seq in (1, 2, ROWS_IN_STRETCH, 500, len(rows)):
            assert opened_library.hash_at("s-1", seq) == rows[seq - 1][3]
        with pytest.raises(RecordError) as refused:
            opened_library.hash_at("s-1", len(rows) + 1)
        assert refused.value.reason is Reason.DAMAGED


@pytest.mark.parametrize("cut", [1, 2, ROWS_IN_STRETCH, 300, -1])
def test_a_session_that_comes_in_two_parts_is_whole(rows: Rows, tmp_path: Path, cut: int) -> None:
    path = library(tmp_path / "library.db", rows[:cut], rows[cut:])
    assert told(path) == rows
    with Reader(path) as reader:
        assert reader.verify_chain("s-1") == []


def without_first(stretch: tuple[str, int, bytes, bytes, str]) -> tuple[str, int, bytes, bytes, str]:
    kind, last, digest, hashes, bodies = stretch
    return kind, last, digest, hashes[32:], bodies.partition("\n")[2]


@pytest.mark.parametrize("harm", ["a stretch", "a row", "the last row", "an event"])
def test_rows_that_do_not_come_to_the_verified_end_are_refused(rows: Rows, tmp_path: Path, harm: str) -> None:
    given = laid(rows)
    harmed = {
        "a stretch": Laid(given.events, given.stretches[1:]),
        "a row": Laid(given.events, [without_first(given.stretches[0]), *given.stretches[1:]]),
        "the last row": laid(rows[:-1]),
        "an event": Laid([], given.stretches),
    }
    with Library(tmp_path / "library.db") as opened_library:
        with pytest.raises(RecordError) as refused:
            opened_library.add(addition(rows), 0, harmed[harm])
        assert refused.value.reason is Reason.OTHER_CHAIN
        assert opened_library.chain_end("s-1")[0] == 0


def altered(text: str, seed: random.Random) -> str:
    """One digit of one row is another."""
    places = [n for n, letter in enumerate(text) if letter.isdigit()]
    place = seed.choice(places)
    return text[:place] + str((int(text[place]) + seed.randint(1, 9)) % 10) + text[place + 1 :]


def harmed_libraries(rows: Rows, folder: Path, count: int) -> Iterator[Path]:
    seed = random.Random(35)
    whole = library(folder / "whole.db", rows).read_bytes()
    for n in range(count):
        path = folder / f"{n}.db"
        path.write_bytes(whole)
        connection = driver.connect(path, read_only=False)
        connection.execute("DROP TRIGGER stretch_no_update")
        last, text, hashes = seed.choice(connection.execute("SELECT last_seq, bodies, hashes FROM stretch").fetchall())
        if n % 3:
            connection.execute("UPDATE stretch SET bodies = ? WHERE last_seq = ?", (altered(text, seed), last))
        else:
            place = seed.randrange(len(hashes))
            changed = hashes[:place] + bytes([hashes[place] ^ 1 << seed.randrange(8)]) + hashes[place + 1 :]
            connection.execute("UPDATE stretch SET hashes = ? WHERE last_seq = ?", (changed, last))
        connection.close()
        yield path


def test_an_altered_digit_or_hash_of_any_row_in_a_stretch_is_found(rows: Rows, tmp_path: Path) -> None:
    for path in harmed_libraries(rows, tmp_path, 60):
        with Reader(path) as reader:
            assert reader.verify_chain("s-1") != [], path


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("bodies = substr(bodies, 1, 40)", "have"),
        ("bodies = replace(bodies, '{\"seq\":', '{\"Seq\":')", "does not say its place"),
        ("hashes = x''", "have"),
    ],
)
def test_a_stretch_that_is_no_longer_one_is_called_damaged(rows: Rows, tmp_path: Path, change: str, what: str) -> None:
    path = library(tmp_path / "library.db", rows)
    connection = driver.connect(path, read_only=False)
    connection.execute("DROP TRIGGER stretch_no_update")
    connection.execute(f"UPDATE stretch SET {change} WHERE kind = 'reading'")
    connection.close()
    with pytest.raises(RecordError) as refused:
        told(path)
    assert refused.value.reason is Reason.DAMAGED
    assert what in refused.value.detail
    with Reader(path) as reader:
        assert reader.verify_chain("s-1") != []


def test_nothing_is_changed_in_a_stretch_nor_taken_out_of_it(rows: Rows, tmp_path: Path) -> None:
    connection = driver.connect(library(tmp_path / "library.db", rows), read_only=False)
    for statement in (
        "UPDATE stretch SET bodies = ''",
        "DELETE FROM stretch",
        "REPLACE INTO stretch SELECT * FROM stretch",
        "INSERT INTO stretch SELECT session_id, kind, 9999, 1, hash, hashes, bodies FROM stretch LIMIT 1",
    ):
        with pytest.raises(driver.Error, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_a_library_of_the_form_before_keeps_its_rows_and_is_extended(rows: Rows, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.touch(0o600)
    connection = driver.connect(path, read_only=False)
    database = Database(cast(Any, connection), strict=True, execute_plugins=False)
    migration.migrations.apply(database, stop_before="m007_stretches")
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 6")
    connection.execute("INSERT INTO session VALUES ('s-1', 1)")
    for seq, kind, line, digest in rows[:300]:
        table = body.table_of(kind)
        kinds = (kind,) if table == "event" else ()
        values = ("s-1", seq, *kinds, line.decode(), digest, 1)
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    connection.execute("INSERT INTO imported VALUES ('s-1', 1, 'a-signer', 'known', 300)")
    connection.close()
    with Library(path) as opened_library:
        assert opened_library.hash_at("s-1", 200) == rows[199][3]
        opened_library.add(addition(rows), 300, laid(rows[300:]))
    assert told(path) == rows
    with Reader(path) as reader:
        assert (reader.count("s-1"), reader.verify_chain("s-1")) == (len(rows), [])
    lines = select(path, "SELECT chain_seq FROM chain ORDER BY chain_seq")
    assert [row["chain_seq"] for row in lines] == [row[0] for row in rows]


def test_events_lie_one_by_one_and_a_stretch_is_of_one_kind(rows: Rows) -> None:
    given = laid(rows)
    assert {kind for kind, *_ in given.stretches} == {"reading", "waveform"}
    assert given.count() == len(rows)
    assert [(seq, kind, text.encode(), digest) for seq, kind, text, digest in given.rows()] == rows
    assert all(one[1] < other[1] for one, other in pairwise(s for s in given.stretches if s[0] == "reading"))


def test_in_a_plain_copy_for_other_programs_each_row_lies_by_itself(rows: Rows, tmp_path: Path) -> None:
    path = library(tmp_path / "library.db", rows)
    plain_copy(path, tmp_path / "copy.db")
    assert select(tmp_path / "copy.db", "SELECT count(*) AS n FROM stretch") == [{"n": 0}]
    every = "SELECT * FROM chain ORDER BY chain_seq"
    assert select(tmp_path / "copy.db", every) == select(path, every)
    with Reader(tmp_path / "copy.db") as reader:
        assert reader.verify_chain("s-1") == []


def test_a_generated_session_is_the_same_as_its_file(tmp_path: Path) -> None:
    new, given = practice.addition(0, practice.signer_of(), 12)
    with Library(tmp_path / "library.db") as opened_library:
        opened_library.add(new, 0, given)
    with Reader(tmp_path / "library.db") as reader:
        assert reader.verify_chain(new.session_id) == []
