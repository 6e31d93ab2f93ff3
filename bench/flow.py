"""How long a value is under way: from the simulated device to a row that another program can read.

The record is watched from outside through a read-only connection, so that what counts is the finished commit and not
what the monitor says about itself.
"""

from __future__ import annotations

import base64
import contextlib
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.program import BenchError, lines, program
from kiosk.record.driver import Connection
from kiosk.record.opener import connect

VALUES = 10
WITHIN_S = 60.0
LOOK_EVERY_S = 0.001


def sent_to_row_s() -> float:
    """Median of some values: handed to the radio by the device, until its row can be read."""
    with _air() as (address, log, folder):
        arguments = ["-m", "kiosk", "monitor", "--any", "--yes", "--data-dir", str(folder / "data")]
        with program([*arguments, "--adapter", f"virtual:{address}"]) as monitor:
            lines(monitor, lambda line: b'"reading"' in line)
            rows = connect(folder / "data" / "record.db", read_only=True)
            try:
                seen = _watch(rows)
            finally:
                rows.close()
        return _median_delay(log, seen)


def sent_to_callback_s() -> float:
    """Median of some values: handed to the radio by the device, until a bare bleak client's callback ran."""
    with _air() as (address, log, _folder):
        with program(["-m", "bench.reference.radio", address]) as radio:
            got: list[dict[str, object]] = []
            while len(got) <= VALUES:
                got += [json.loads(line) for line in lines(radio, lambda line: line.startswith(b"{"))]
        return _median_delay(log, [(str(row["hex"]), int(str(row["utc_ns"]))) for row in got[1:]])


@contextlib.contextmanager
def _air() -> Iterator[tuple[str, Path, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "air.jsonl"
        arguments = ["-m", "devices.virtual.air", "--port", "0", "--scenario", "calm", "--log", str(log)]
        with program(arguments) as air:
            told = json.loads(lines(air, lambda line: b'"port"' in line)[-1])
            yield f"127.0.0.1:{told['port']}", log, folder


def _watch(rows: Connection) -> list[tuple[str, int]]:
    """Payload and time of each new row. Each look is a transaction of its own and sees only what is committed."""
    last: int = rows.execute("SELECT coalesce(max(rowid), 0) FROM reading").fetchone()[0]
    seen: list[tuple[str, int]] = []
    deadline = time.monotonic() + WITHIN_S
    while len(seen) < VALUES:
        if time.monotonic() > deadline:
            raise BenchError(f"only {len(seen)} rows within {WITHIN_S:.0f} s")
        new = rows.execute("SELECT rowid, body FROM reading WHERE rowid > ? ORDER BY rowid", (last,)).fetchall()
        seen += [(_payload(body), time.time_ns()) for _, body in new]
        last = max([last, *(rowid for rowid, _ in new)])
        time.sleep(LOOK_EVERY_S)
    return seen


def _payload(body: bytes) -> str:
    return base64.b64decode(json.loads(body)["data"]["raw"]).hex()


def _median_delay(log: Path, seen: list[tuple[str, int]]) -> float:
    """Seconds between a value's line in the air's log and when it was seen: the newest line before that moment."""
    sent = [json.loads(line) for line in log.read_text().splitlines()]
    delays: list[float] = []
    for hex_text, utc_ns in seen:
        before = [row["utc_ns"] for row in sent if row.get("hex") == hex_text and row["utc_ns"] <= utc_ns]
        if not before:
            raise BenchError(f"{hex_text} was never sent")
        delays.append((utc_ns - max(before)) / 1e9)
    return median(delays)


FIGURES = (
    Figure(
        "row committed",
        "value handed to the radio until its row in the record can be read by another program",
        "value handed to the radio until a bare bleak client's callback ran",
        sent_to_row_s,
        sent_to_callback_s,
    ),
)
