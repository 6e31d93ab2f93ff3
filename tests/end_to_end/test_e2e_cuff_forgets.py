"""A cuff that deletes what it has handed over, and a program that is killed at the worst moment: nothing is lost.

The moment is made, not waited for: while the test holds the record's write lock, a reading that has come cannot be
stored, so it must not have been confirmed either.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from devices.virtual.encoding import DeviceTime, blood_pressure
from kiosk.radio import SETTLE_WITHIN_S
from kiosk.record import opener
from kiosk.record.reader import Reader
from tests.end_to_end.terminal_run import Terminal, terminal
from tests.unit.devices.airchild import AirChild, air, until

READINGS = 40
WITHIN_S = 40.0
CONFIRMS_WITHIN_S = SETTLE_WITHIN_S / 2


def old_readings() -> list[str]:
    """As the cuff keeps them, one a day."""
    days = [datetime.now() - timedelta(days=READINGS - number) for number in range(READINGS)]
    return [
        blood_pressure(Decimal(100 + at), Decimal(70), Decimal(80), time=DeviceTime.of(day), pulse=Decimal(60)).hex()
        for at, day in enumerate(days)
    ]


@contextlib.contextmanager
def record_held(path: Path) -> Iterator[None]:
    """Nobody else can write the record."""
    with contextlib.closing(opener.connect(path, read_only=False)) as held:
        held.execute("BEGIN IMMEDIATE")
        yield


def said(child: AirChild, event: str) -> list[str]:
    return [line["payload"] for line in child.events(event)]


def recorded(path: Path) -> list[str]:
    """Every pressure of every session in the record, as the bytes that it came in."""
    with Reader(path) as reader:
        rows = [row.what for one in reader.sessions() for row in reader.rows(one.session_id)]
    return [row.raw.hex() for row in rows if getattr(row, "characteristic", "").startswith("00002a35")]


async def killed_between(child: AirChild, kiosk: Terminal, path: Path, after: int) -> None:
    """Kill the monitor while it has a reading that it cannot store, once so many are with it for good."""
    await until(lambda: len(said(child, "forgot")) >= after, WITHIN_S)
    with record_held(path):
        kept = len(said(child, "forgot"))
        await until(lambda: len(said(child, "handing over")) > kept, WITHIN_S)
        with contextlib.suppress(TimeoutError):  # a program that confirms before it has stored does so at once
            await until(lambda: len(said(child, "forgot")) > kept, CONFIRMS_WITHIN_S)
        kiosk.process.kill()
        kiosk.wait()


async def test_a_reading_that_the_cuff_deletes_is_on_the_disk_or_still_in_the_cuff(tmp_path: Path) -> None:
    readings = old_readings()
    folder, path = tmp_path / "data", tmp_path / "data" / "record.db"
    async with air(tmp_path / "air.jsonl", "--with", "omron", "--hold") as child:
        address = child.ready["omron"]
        add = ["devices", "add", address, "--driver", "omron", "--role", "cuff", "--no-pair", "--data-dir", str(folder)]
        subprocess.run([sys.executable, "-m", "kiosk", *add], check=True, capture_output=True)
        await child.do("store", device="omron", hex=readings)
        await child.do("offer", device="omron")
        words = ("--data-dir", folder, "--adapter", f"virtual:{child.address}")
        for after in (1, 12):
            with terminal(*words) as kiosk:
                await killed_between(child, kiosk, path, after)
            forgotten = said(child, "forgot")
            assert after <= len(forgotten) < READINGS
            assert set(forgotten) <= set(recorded(path))
        with terminal(*words) as kiosk:
            await until(lambda: child.events("handed over"), WITHIN_S)
            assert kiosk.end()[0] == 0
        assert child.events("handed over")[-1]["left"] == []
    assert recorded(path) == readings
