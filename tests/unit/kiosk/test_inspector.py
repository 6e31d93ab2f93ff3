"""The record is looked through by a process of its own: whole, altered, damaged or locked."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from kiosk.inspector import Inspector
from kiosk.line.inspection import Inspected
from kiosk.session import events as e
from kiosk.session.events import NoteAdded, SessionEnded
from kiosk.text import Names, sentence
from kiosk.vault import place
from kiosk.vault.key import new_key
from tests.unit.kiosk.record_samples import at, opened, oximetry, raw, recorder, write
from tests.unit.kiosk.vaulted import with_key


async def look(record: Path, leave_out: str = "", within_s: float = 30) -> Inspected | None:
    answer: asyncio.Future[Inspected] = asyncio.get_running_loop().create_future()
    inspector = Inspector(answer.set_result)
    inspector.start_later(record, lambda: leave_out, 0)
    try:
        return await asyncio.wait_for(answer, within_s)
    except TimeoutError:
        return None
    finally:
        await inspector.end()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Encrypted, with a session that is over and one that goes on."""
    with_key(tmp_path)
    path = tmp_path / "record.db"
    write(path, *[oximetry(second) for second in range(300)], NoteAdded("a"), SessionEnded("released"))
    writer = recorder(path)
    writer.append_event(opened("s2"), at(400))
    writer.close()
    return path


async def test_a_whole_record_is_found_whole_and_the_session_that_goes_on_is_left_out(record: Path) -> None:
    found = await look(record, "s2")
    assert found == Inspected(1)
    told = sentence(e.RecordInspected(1), Names())
    assert told == "Earlier sessions looked through: 1. Every one is as it was written."


async def test_an_altered_session_and_a_damaged_page_are_found(record: Path) -> None:
    with contextlib.closing(raw(record)) as connection:
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").fetchone()[0]
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET body = replace(body, '\"a\"', '\"b\"') WHERE kind = 'note_added'")
        connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert await look(record) == Inspected(2, ("s1",))
    content = bytearray(record.read_bytes())
    content[len(content) * 3 // 4] ^= 1
    record.write_bytes(content)
    found = await look(record)
    assert found
    assert found.damage


async def test_a_locked_record_and_one_that_is_not_there_are_not_looked_into(tmp_path: Path) -> None:
    assert await look(tmp_path / "record.db", within_s=0.3) is None
    place.save(tmp_path, place.wrap(new_key(), "seven sleepy herons"))
    (tmp_path / "record.db").write_bytes(bytes(8192))
    assert await look(tmp_path / "record.db", within_s=0.3) is None
