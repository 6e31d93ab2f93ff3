"""Nothing may outlive its test: a leaked thread, child process, task or open database fails the test that left it.

Daemon threads (pytest's, Qt's, an audio client's) are not counted: they cannot keep a process alive. Fixtures of a
wider scope than one test are set up before the count, so what they keep is theirs.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

# Shared, slow machines: how long an example takes says nothing about it.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

GRACE_S = 3.0
DATABASE_ENDS = (".db", ".sqlite", ".sqlite3", "-wal", "-shm", "-journal")


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def _children() -> set[psutil.Process]:
    return {child for child in psutil.Process().children(recursive=True) if not _may_stay(child)}


def _may_stay(child: psutil.Process) -> bool:
    """An ended child that nobody asked for yet, or multiprocessing's own tracker, is no leak."""
    try:
        line = " ".join(child.cmdline())
        return child.status() == psutil.STATUS_ZOMBIE or "multiprocessing." in line
    except psutil.NoSuchProcess:
        return True


def _databases() -> list[str]:
    """Open database files of this process, one entry a descriptor; empty where the system does not tell."""
    opened: list[str] = []
    for entry in Path("/proc/self/fd").glob("*"):
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.removesuffix(" (deleted)").endswith(DATABASE_ENDS):
            opened.append(target)
    return opened


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Counts threads, children and open databases before and after."""
    threads, children, databases = _threads(), _children(), _databases()
    yield
    for thread in _threads() - threads:
        thread.join(GRACE_S)
    late = _children() - children
    if late:
        psutil.wait_procs(late, timeout=GRACE_S)
    problems = [f"thread {thread.name!r} still runs" for thread in _threads() - threads]
    problems += [f"child still runs: {_words(child)}" for child in _children() - children]
    left = _databases()
    for path in databases:
        if path in left:
            left.remove(path)
    problems += [f"database still open: {path}" for path in left]
    if problems:
        pytest.fail("left behind: " + "; ".join(problems))


def _words(child: psutil.Process) -> str:
    try:
        return f"{child.pid} {' '.join(child.cmdline())[:200]}"
    except psutil.Error:
        return str(child.pid)


@pytest.fixture(autouse=True)
def no_task_left_behind(request: pytest.FixtureRequest, nothing_left_behind: None) -> None:
    """For an async test: every task it began has ended when its fixtures are gone."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        request.getfixturevalue("_tasks_end")


@pytest.fixture
async def _tasks_end() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=GRACE_S)
    if left:
        pytest.fail("left behind: " + "; ".join(f"task {task.get_name()} {task.get_coro()}" for task in left))
