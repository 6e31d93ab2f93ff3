"""Looks at many session files at once, in processes that write nothing: import spends most of its time in verifying.

What a look comes to is handed over: the very rows that were verified, so that nobody reads the file again.
A worker ends when whoever asked it is gone; the files of one that died are looked at here.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import count, cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from kiosk.exchange.envelope import Identity
from kiosk.exchange.verify import Verdict, verified
from kiosk.record import summary
from kiosk.record.fault import RecordError
from kiosk.record.lying import Laid, laid
from kiosk.record.summary import Summing

FEW = 4
"""So many files are looked at here: a process takes as long to begin."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # malloc.h
_KEPT_BYTES = 1 << 25  # the most that glibc takes
AHEAD = 16
"""Files that are asked of one worker at once; each that is waiting holds its rows in memory, 4 MB for two hours."""
AHEAD_BYTES = 1 << 28
"""Files of more bytes than this are asked for only one a worker: a night with waveform has some 30 MB of rows."""


class Inspection(msgspec.Struct):
    """What a look at one file came to.

    rows: as a library takes them, none where the verdict is not ok. parts: what all of the session's come to
    (`summary.encode`). unreadable: why the file could not be read, "" if it could.
    """

    path: str
    verdict: Verdict
    rows: Laid = Laid()
    parts: tuple[str, str] = ("", "")
    unreadable: str = ""


def inspect(path: Path, keys: Sequence[Identity] = (), vouched: Collection[str] = ()) -> Inspection:
    """One file. keys: for one that is encrypted. vouched: see `kiosk.exchange.verify`."""
    try:
        summing = Summing()
        with verified(path, keys, vouched, summing.take) as (verdict, _):
            return _whole(path, verdict, summing)
    except OSError as error:
        return Inspection(str(path), Verdict(str(path)), unreadable=error.strerror or str(error))


def _whole(path: Path, verdict: Verdict, summing: Summing) -> Inspection:
    chain, verdict.chain = verdict.chain, None
    if not verdict.ok or chain is None:
        return Inspection(str(path), verdict)
    try:
        parts = summary.encode(summing)
    except (RecordError, ValueError, ArithmeticError) as error:
        verdict.problems.append(f"Its rows come to nothing ({type(error).__name__}).")
        return Inspection(str(path), verdict)
    rows = laid(zip(count(1), chain.kinds, chain.lines(), chain.hashes, strict=False))
    return Inspection(str(path), verdict, rows, parts)


def inspected(
    paths: Sequence[Path],
    keys: Sequence[Identity] = (),
    workers: int | None = None,
    vouched: Collection[str] = (),
) -> Generator[Inspection]:
    """All files, in their order. workers: as many as there are processors, unless said."""
    team_size = min(workers or os.cpu_count() or 1, len(paths) // FEW)
    if (team_size < 2 and workers is None) or team_size < 1:
        yield from (inspect(path, keys, vouched) for path in paths)
        return
    context = get_context("spawn")
    team = [_Worker(context, keys, vouched) for _ in range(team_size)]
    try:
        yield from _in_turn(team, paths)
    finally:
        for worker in team:
            worker.leave()
        for worker in team:
            worker.end()


def _in_turn(team: Sequence[_Worker], paths: Sequence[Path]) -> Generator[Inspection]:
    """What each file comes to, asked of one worker after the other, ahead of whoever takes it."""
    waiting: deque[tuple[Future[Inspection], int]] = deque()
    asked_bytes = 0
    for worker, path in zip(cycle(team), paths, strict=False):
        while len(waiting) >= len(team) and (len(waiting) >= AHEAD * len(team) or asked_bytes > AHEAD_BYTES):
            looking, size = waiting.popleft()
            asked_bytes -= size
            yield looking.result()
        size = _size(path)
        asked_bytes += size
        waiting.append((worker.look(path), size))
    while waiting:
        yield waiting.popleft()[0].result()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # whoever looks at it says why


class _Worker:
    """One process and the line to it; nobody else holds the other end, so its end is heard.

    A thread takes its answers in: whoever writes to a disk meanwhile is often kept waiting by that.
    """

    def __init__(self, context: Any, keys: Sequence[Identity], vouched: Collection[str]) -> None:
        self._keys, self._vouched = keys, vouched
        self._line, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other, keys, vouched), name="inspection", daemon=True)
        self._process.start()
        other.close()
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="inspection")
        self._is_over = False

    def look(self, path: Path) -> Future[Inspection]:
        """Have a file looked at behind those that were asked for before; here, where the worker died."""
        return self._asking.submit(self._ask, path)

    def leave(self) -> None:
        """It has nothing to lose, and nobody waits for what it was asked."""
        self._is_over = True
        self._asking.shutdown(wait=False, cancel_futures=True)
        self._process.terminate()

    def end(self) -> None:
        """Wait until it left."""
        self._process.join()
        self._asking.shutdown()
        self._line.close()

    def _ask(self, path: Path) -> Inspection:
        try:
            self._line.send(str(path))
            return self._line.recv()
        except (EOFError, OSError):
            if self._is_over:
                raise
            return inspect(path, self._keys, self._vouched)


def _work(line: Connection, keys: Sequence[Identity], vouched: Collection[str]) -> None:
    """Top of a worker: a file's rows are no rubbish until it is done with them, so they are collected between files.

    What outlives a file is the program itself, frozen: to look through it each time took 8 ms of 70.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a terminal it reaches us, too: who asked us ends us
    gc.disable()
    _keep_memory()
    try:
        while True:
            line.send(inspect(Path(line.recv()), keys, vouched))
            gc.collect()
            gc.freeze()
    except (EOFError, OSError):
        pass  # whoever asked is gone


def _keep_memory() -> None:
    """What a file took is taken again by the next: given back to the system, it was 4,800 page faults a file."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # glibc has it
            mallopt = ctypes.CDLL(None).mallopt
            for what in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
                mallopt(what, _KEPT_BYTES)
