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
from collections import Counter
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

VALUES = 25
"""Of a round: five rounds have more than the hundred values that a 99th percentile needs."""
WITHIN_S = 120.0
LOOK_EVERY_S = 0.001
PLAY = (2331, 662)
"""Where the music's play button stands on the two displays side by side."""


class Seen(NamedTuple):
    """What was seen and when (UTC, ns): rows by their payload, and each change of the pulse's numeral."""

    rows: list[tuple[str, int]]
    changes: list[int]


class Delays(NamedTuple):
    """The slowest of all values of one round, in seconds. radio: of the bare client beside it."""

    committed_s: float
    painted_s: float
    radio_s: float


class Rounds:
    """One evening for all rounds of both figures, and beside it a bare client, which meets the same busy minute."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._room: UnderWay | None = None
        self._bare: Bare | None = None
        self._measured: list[Delays] = []
        self._taken: Counter[str] = Counter()

    def next(self, taker: str) -> Delays:
        """Of the next round that this taker did not have yet."""
        at = self._taken[taker]
        self._taken[taker] += 1
        if at == len(self._measured):
            self._measured.append(self._round())
        return self._measured[at]

    def end(self) -> None:
        """End the evening; what was measured stays for the figure that comes after."""
        self._open.close()
        self._room = self._bare = None

    def _round(self) -> Delays:
        if self._room is None or self._bare is None:
            self._bare = self._open.enter_context(bare_client())
            self._room = self._open.enter_context(under_way())
            self._room.display.click(*PLAY)
        return measured(self._room, self._bare)


def measured(evening: UnderWay, bare: Bare) -> Delays:
    """The next values of the evening, and of the bare client meanwhile."""
    seen, began_ns = Seen([], []), time.time_ns()
    watching = [
        threading.Thread(target=_watch_numeral, args=(evening, seen)),
        threading.Thread(target=bare.receive, args=(VALUES,)),
    ]
    for thread in watching:
        thread.start()
    _watch_rows(evening, seen)
    for thread in watching:
        thread.join()
    sent = [row for row in evening.air.sent() if row["device"].lower() == evening.oximeter]
    sent = [row for row in sent if row.get("owed") == "value"]
    return Delays(
        max(_delays_of_rows(sent, seen.rows)), max(_delays_of_changes(sent, seen.changes)), bare.slowest_s(began_ns)
    )


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


class Bare:
    """A bare bleak client on an air of its own: when each notification reached its callback."""

    def __init__(self, radio: subprocess.Popen[bytes], log: Path) -> None:
        self._radio, self._log = radio, log
        self._got: list[tuple[str, int]] = []

    def receive(self, count: int) -> None:
        """So many more."""
        for _value in range(count):
            row = json.loads(lines(self._radio, lambda line: line.startswith(b"{"))[-1])
            self._got.append((str(row["hex"]), int(row["utc_ns"])))

    def slowest_s(self, since_ns: int) -> float:
        """From the device's side to the callback, of those that came since then."""
        sent = [json.loads(line) for line in self._log.read_text().splitlines()]
        values = [row for row in sent if "hex" in row and "utc_ns" in row]
        return max(_delays_of_rows(values, [one for one in self._got if one[1] >= since_ns]))


@contextlib.contextmanager
def bare_client() -> Iterator[Bare]:
    """Connected, its first value received."""
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "air.jsonl"
        arguments = ["-m", "devices.virtual.air", "--port", "0", "--scenario", "calm", "--log", str(log)]
        with program(arguments) as air:
            told = json.loads(lines(air, lambda line: b'"port"' in line)[-1])
            with program(["-m", "bench.reference.radio", f"127.0.0.1:{told['port']}"]) as radio:
                bare = Bare(radio, log)
                bare.receive(1)
                yield bare


ROUNDS = Rounds()
RADIO = f"slowest of {VALUES} values in the same minute: handed to the radio until a bare bleak client's callback ran"
FIGURES = (
    Figure(
        "row committed",
        f"slowest of {VALUES} values: handed to the radio until its row in the record can be read by another program",
        RADIO,
        lambda: ROUNDS.next("row").committed_s,
        lambda: ROUNDS.next("radio of row").radio_s,
        Goal("itself", 0.05, in_every_round=True),
        over=ROUNDS.end,
    ),
    Figure(
        "numerals painted",
        f"slowest of the values in {VALUES} s with another pulse: handed to the radio until the numeral is another",
        RADIO,
        lambda: ROUNDS.next("numeral").painted_s,
        lambda: ROUNDS.next("radio of numeral").radio_s,
        Goal("itself", 0.1, in_every_round=True),
        over=ROUNDS.end,
    ),
)
