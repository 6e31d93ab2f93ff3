"""What own music costs: two thousand pieces opened from their cache, and how long the monitor pauses for it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from functools import cache
from pathlib import Path

from bench.figure import Figure, Goal
from bench.program import BenchError
from bench.reference.names import read_beginnings
from kiosk.shelf import Answer, Shelf
from media import collection as c
from media.library import Found

PIECES, FOLDERS = 2000, 20
TICK_S = 0.01
AT_REST_S = 0.5


@cache
def _held() -> tuple[Path, Path, tempfile.TemporaryDirectory[str]]:
    """Music and cache, as a scanner leaves them, for as long as this process lives."""
    held = tempfile.TemporaryDirectory()
    music, known = Path(held.name, "music"), Path(held.name, "cache")
    entries: dict[str, c.Entry] = {}
    for number in range(PIECES):
        path = music / f"folder {number % FOLDERS}" / f"{number:04} - A piece of music.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"fLaC" + bytes(4096))
        size, changed_ns = c.fingerprint(str(path))
        words = ("ambient", "piano", "slow")
        entries[str(path)] = c.Entry(size, changed_ns, f"Piece {number}", "Somebody", 312.5, words, -19.3, 0.7)
    c.write(known, c.Collection(entries=entries))
    return music, known, held


def opened_s() -> float:
    """All of them, from folder and cache to what can be queued."""
    music, known, _ = _held()
    began = time.perf_counter()
    found = c.open_place(music, known)
    took_s = time.perf_counter() - began
    if len(found.tracks) != PIECES or not all(track.gain_db for track in found.tracks):
        raise BenchError(f"{len(found.tracks)} of {PIECES} pieces")
    return took_s


def names_s() -> float:
    """The same files found and their first bytes read, by nothing but Python."""
    music, _, _ = _held()
    began = time.perf_counter()
    if read_beginnings(music) != PIECES:
        raise BenchError("not all of them")
    return time.perf_counter() - began


def standing_s() -> float:
    """The longest time that a loop with a tick each 10 ms stood still while own music was looked for."""
    return asyncio.run(_longest_pause_s(looks=True))


def resting_s() -> float:
    """The longest that the same loop stands still by itself."""
    return asyncio.run(_longest_pause_s(looks=False))


async def _longest_pause_s(looks: bool) -> float:
    music, known, _ = _held()
    over = asyncio.Event()
    answers: list[Answer | None] = []

    def told(answer: Answer | None) -> None:
        answers.append(answer)
        over.set()

    if looks:
        Shelf(str(music), known, told).look()
    else:
        asyncio.get_running_loop().call_later(AT_REST_S, over.set)
    longest_s, before = 0.0, time.perf_counter()
    while not over.is_set():
        await asyncio.sleep(TICK_S)
        now = time.perf_counter()
        longest_s, before = max(longest_s, now - before - TICK_S), now
    if looks and not (isinstance(answers[0], Found) and len(answers[0].tracks) == PIECES):
        raise BenchError("not all of them")
    return max(longest_s, 1e-6)


FIGURES = (
    Figure(
        "own music opened",
        "2,000 files and their cache to a queue",
        "the names of the same files and their first 64 bytes",
        opened_s,
        names_s,
        Goal("itself", 1.0),
    ),
    Figure(
        "own music in the way",
        "longest pause of the monitor's loop while 2,000 files are opened",
        "longest pause of the same loop at rest",
        standing_s,
        resting_s,
        Goal("itself", 0.1),
    ),
)
