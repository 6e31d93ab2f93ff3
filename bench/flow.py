"""How long a value is under way: from the simulated device to the record, and to the numerals on the sitter's display.

Both are watched from outside, in an evening with three hours behind it, a pulse wave and music (`bench.evening`): the
record through a reader of its own, so that what counts is the finished commit, and the display by its pixels.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from bench.evening import UnderWay, under_way
from bench.figure import Figure, Goal
from bench.program import ROOT, BenchError, lines, program
from devices.reading import Reading
from kiosk.record.reader import Reader
from tests.end_to_end.desktop import WIDTH

VALUES = 40
WITHIN_S = 120.0
LOOK_EVERY_S = 0.001
PLAY = (2331, 662)
"""Where the music's play button stands on the two displays side by side."""


class Seen(NamedTuple):
    """What was seen and when (UTC, ns): rows by their payload, and each change of the pulse's numeral."""

    rows: list[tuple[str, int]]
    changes: list[int]


class Delays(NamedTuple):
    """The slowest of all values of one evening, in seconds."""

    committed_s: float
    painted_s: float


_measured: list[Delays] = []
_taken = {"committed_s": 0, "painted_s": 0}


def _slowest(which: str) -> float:
    """Of the next evening; both figures take theirs from the same ones."""
    at = _taken[which]
    if at == len(_measured):
        _measured.append(_evening())
    _taken[which] += 1
    return float(getattr(_measured[at], which))


def _evening() -> Delays:
    with under_way() as evening:
        evening.display.click(*PLAY)
        seen = Seen([], [])
        watching = threading.Thread(target=_watch_numeral, args=(evening, seen))
        watching.start()
        _watch_rows(evening, seen)
        watching.join()
        sent = [row for row in evening.air.sent() if row["device"].lower() == evening.oximeter]
        sent = [row for row in sent if row.get("owed") == "value"]
    return Delays(max(_delays_of_rows(sent, seen.rows)), max(_delays_of_changes(sent, seen.changes)))


def _watch_rows(evening: UnderWay, seen: Seen) -> None:
    """Each look is a transaction of its own and sees only what is committed."""
    deadline = time.monotonic() + WITHIN_S
    with Reader(evening.room.record) as reader:
        session_id = reader.sessions()[-1].session_id
        last = reader.chain_end(session_id)[0]
        while len(seen.rows) < VALUES:
            if time.monotonic() > deadline:
                raise BenchError(f"only {len(seen.rows)} rows within {WITHIN_S:.0f} s")
            for row in reader.rows(session_id, last):
                last = row.seq
                if isinstance(row.what, Reading) and row.what.device == evening.oximeter:
                    seen.rows.append((row.what.raw.hex(), time.time_ns()))
            time.sleep(LOOK_EVERY_S)


@cache
def _numeral() -> tuple[slice, slice]:
    """Rows and columns of the pulse's numeral on the two displays."""
    words = [sys.executable, "-m", "bench.where", "pulseValue"]
    env = {"QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(words, cwd=ROOT, env=_environment() | env, capture_output=True, check=True, text=True).stdout
    x, y, width, height = (int(word) for word in told.split())
    return slice(y, y + height), slice(WIDTH + x, WIDTH + x + width)


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


def _watch_numeral(evening: UnderWay, seen: Seen) -> None:
    """Until all rows are seen, and a moment longer."""
    rows, columns = _numeral()
    pixels = evening.display.pixels()[rows, columns][::3, ::3]
    before = pixels.tobytes()
    until_s = 0.0
    while not until_s or time.monotonic() < until_s:
        now = pixels.tobytes()
        if now != before:
            before = now
            seen.changes.append(time.time_ns())
        if len(seen.rows) >= VALUES and not until_s:
            until_s = time.monotonic() + 1
        time.sleep(LOOK_EVERY_S)


def _delays_of_rows(sent: list[dict[str, Any]], seen: list[tuple[str, int]]) -> list[float]:
    """Seconds between a value's line in the air's log and when its row was seen: the newest such line before it."""
    delays: list[float] = []
    for hex_text, utc_ns in seen:
        before = [row["utc_ns"] for row in sent if row["hex"] == hex_text and row["utc_ns"] <= utc_ns]
        if not before:
            raise BenchError(f"{hex_text} was never sent")
        delays.append((utc_ns - max(before)) / 1e9)
    return delays


def _delays_of_changes(sent: list[dict[str, Any]], changes: list[int]) -> list[float]:
    """Seconds from a value with another pulse than the one before it to the next change of the numeral."""
    delays: list[float] = []
    for before, row in pairwise(sent):
        is_watched = changes and changes[0] <= row["utc_ns"] <= changes[-1]
        if is_watched and _pulse(row) != _pulse(before):
            delays.append((next(at for at in changes if at > row["utc_ns"]) - row["utc_ns"]) / 1e9)
    if not delays:
        raise BenchError("the pulse never changed")
    return delays


def _pulse(row: dict[str, Any]) -> int:
    """Of a frame of the Contec's (`devices.virtual.contec`)."""
    frame = bytes.fromhex(row["hex"])
    return (frame[2] >> 1 & 1) * 128 + frame[3]


def sent_to_callback_s() -> float:
    """Slowest of as many values: handed to the radio by the device, until a bare bleak client's callback ran."""
    with _air() as (address, log), program(["-m", "bench.reference.radio", address]) as radio:
        got: list[dict[str, Any]] = []
        while len(got) <= VALUES:
            got += [json.loads(line) for line in lines(radio, lambda line: line.startswith(b"{"))]
        sent = [json.loads(line) for line in log.read_text().splitlines()]
        values = [row for row in sent if "hex" in row and "utc_ns" in row]
        return max(_delays_of_rows(values, [(str(row["hex"]), int(row["utc_ns"])) for row in got[1:]]))


@contextlib.contextmanager
def _air() -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "air.jsonl"
        arguments = ["-m", "devices.virtual.air", "--port", "0", "--scenario", "calm", "--log", str(log)]
        with program(arguments) as air:
            told = json.loads(lines(air, lambda line: b'"port"' in line)[-1])
            yield f"127.0.0.1:{told['port']}", log


RADIO = f"slowest of {VALUES} values: handed to the radio until a bare bleak client's callback ran"
FIGURES = (
    Figure(
        "row committed",
        f"slowest of {VALUES} values: handed to the radio until its row in the record can be read by another program",
        RADIO,
        lambda: _slowest("committed_s"),
        sent_to_callback_s,
        Goal("itself", 0.05),
    ),
    Figure(
        "numerals painted",
        f"slowest of the values in {VALUES} s with another pulse: handed to the radio until the numeral is another",
        RADIO,
        lambda: _slowest("painted_s"),
        sent_to_callback_s,
        Goal("itself", 0.1),
    ),
)
