"""Looks at many session files at once, in processes that write nothing: import spends most of its time in verifying.

What a look comes to is handed over as bytes: the very rows that were verified, so that nobody reads the file again.
A worker ends when whoever asked it is gone; the files of one that died are looked at here.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from kiosk.exchange.envelope import Identity
from kiosk.exchange.verify import Verdict, verified
from kiosk.record import summary
from kiosk.record.fault import RecordError

FEW = 4
"""So many files are looked at here: a process takes as long to begin."""
AHEAD = 2
"""Files that wait at one worker; each holds its rows in memory."""


class Inspection(msgspec.Struct):
    """What a look at one file came to.

    rows: the bodies, a line each; kinds: theirs, in order; parts: what they come to (`summary.encode`). All empty where
    the verdict is not ok. unreadable: why the file could not be read, "" if it could.
    """

    path: str
    verdict: Verdict
    rows: bytes = b""
    kinds: list[str] = []
    parts: tuple[str, str] = ("", "")
    unreadable: str = ""


def inspect(path: Path, keys: Sequence[Identity] = (), vouched: Collection[str] = ()) -> Inspection:
    """One file. keys: for one that is encrypted. vouched: see `kiosk.exchange.verify`."""
    try:
        with verified(path, keys, vouched) as (verdict, _):
            return _whole(path, verdict)
    except OSError as error:
        return Inspection(str(path), Verdict(str(path)), unreadable=error.strerror or str(error))


def _whole(path: Path, verdict: Verdict) -> Inspection:
    chain, verdict.chain = verdict.chain, None
    if not verdict.ok or chain is None:
        return Inspection(str(path), verdict)
    try:
        parts = summary.encode(summary.summed(chain.source().rows()))
    except (RecordError, ValueError, ArithmeticError) as error:
        verdict.problems.append(f"Its rows come to nothing ({type(error).__name__}).")
        return Inspection(str(path), verdict)
    return Inspection(str(path), verdict, chain.content(), chain.kinds, parts)


def inspected(
    paths: Sequence[Path],
    keys: Sequence[Identity] = (),
    workers: int | None = None,
    vouched: Collection[str] = (),
) -> Generator[Inspection]:
    """All files, in their order. workers: as many as there are processors, unless said."""
    count = min(workers or os.cpu_count() or 1, len(paths) // FEW)
    if (count < 2 and workers is None) or count < 1:
        yield from (inspect(path, keys, vouched) for path in paths)
        return
    context = get_context("spawn")
    team = [_Worker(context, keys, vouched) for _ in range(count)]
    try:
        waiting: deque[tuple[_Worker, Path]] = deque()
        rest = iter(paths)
        for _ in range(AHEAD):
            for worker in team:
                _give(worker, rest, waiting)
        while waiting:
            worker, path = waiting.popleft()
            yield worker.take(path)
            _give(worker, rest, waiting)
    finally:
        for worker in team:
            worker.end()


class _Worker:
    """One process and the line to it; nobody else holds the other end, so its end is heard."""

    def __init__(self, context: Any, keys: Sequence[Identity], vouched: Collection[str]) -> None:
        self._keys, self._vouched = keys, vouched
        self._line, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other, keys, vouched), name="inspection", daemon=True)
        self._process.start()
        other.close()

    def give(self, path: Path) -> None:
        """Ask for a file."""
        try:
            self._line.send(str(path))
        except OSError:
            pass  # it died: `take` finds out

    def take(self, path: Path) -> Inspection:
        """The answer to the oldest question; found here where the worker died."""
        try:
            return self._line.recv()
        except (EOFError, OSError):
            return inspect(path, self._keys, self._vouched)

    def end(self) -> None:
        """It has nothing to lose."""
        self._line.close()
        self._process.terminate()
        self._process.join()


def _give(worker: _Worker, rest: Iterator[Path], waiting: deque[tuple[_Worker, Path]]) -> None:
    for path in rest:
        worker.give(path)
        waiting.append((worker, path))
        return


def _work(line: Connection, keys: Sequence[Identity], vouched: Collection[str]) -> None:
    """Top of a worker: a file's rows are no rubbish until it is done with them, so they are collected between files.

    What outlives a file is the program itself, frozen: to look through it each time took 8 ms of 70.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a terminal it reaches us, too: who asked us ends us
    gc.disable()
    try:
        while True:
            line.send(inspect(Path(line.recv()), keys, vouched))
            gc.collect()
            gc.freeze()
    except (EOFError, OSError):
        pass  # whoever asked is gone
