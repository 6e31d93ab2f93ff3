"""Children that outlive their monitor: known, adopted, and ended at the right moment. Owned by the supervisor.

They cover the desktop and sound the failure tone until a new monitor has taken over, so nobody but the supervisor
may end them, and it must end every one. Must never signal a process that is not one of ours: each is held with its
start time, because process numbers are used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
import time

import psutil

from kiosk import group

CHILD_WORD = "_child"  # `kiosk _child NAME`
TERMINATE_WITHIN_S = 0.5
DEAD_WITHIN_S = 3.0
POLL_S = 0.02
_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Linux: orphans of our descendants become our children, so that they can be found and leave no zombie."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Survivors:
    """of now: children of the running monitor; left: children whose monitor is gone."""

    def __init__(self) -> None:
        self._of_now: dict[int, tuple[str, psutil.Process]] = {}
        self._left: dict[int, tuple[str, psutil.Process]] = {}

    def born(self, kind: str, pid: int) -> None:
        """The running monitor has started a child."""
        with contextlib.suppress(psutil.Error):
            self._of_now[pid] = (kind, psutil.Process(pid))

    def ended(self, pid: int) -> None:
        """The running monitor has seen a child's end."""
        self._of_now.pop(pid, None)

    def orphan(self) -> list[str]:
        """The monitor is gone: its children are left over. The kinds that are left, for the log."""
        self._left |= self._of_now | _adopted()
        self._of_now = {}
        self._left = {pid: kept for pid, kept in self._left.items() if _runs(kept[1])}
        return sorted(kind for kind, _ in self._left.values())

    async def end(self, kind: str | None = None) -> list[str]:
        """End what is left over, of one kind or all: terminate, then kill the groups; bounded. The kinds ended."""
        chosen = {pid: kept for pid, kept in self._left.items() if kind in (None, kept[0])}
        for pid in chosen:
            self._left.pop(pid, None)
        processes = [process for _, process in chosen.values() if _runs(process)]
        for process in processes:
            group.terminate(process.pid)
        await _all_gone(processes, TERMINATE_WITHIN_S)
        for process in processes:
            group.kill(process.pid)  # the group may outlive its leader
        await _all_gone(processes, DEAD_WITHIN_S)
        return sorted(kept[0] for kept in chosen.values())

    async def end_all(self) -> list[str]:
        """The run is over: nothing of ours may be left, known or adopted."""
        self.orphan()
        return await self.end()


def _adopted() -> dict[int, tuple[str, psutil.Process]]:
    # a child that was started but not yet reported when its monitor died; daemons that libraries start are not ours
    found: dict[int, tuple[str, psutil.Process]] = {}
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            if CHILD_WORD in words[:-1]:
                found[process.pid] = (words[words.index(CHILD_WORD) + 1], process)
    return found


def _runs(process: psutil.Process) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process.pid, getattr(os, "WNOHANG", 0))  # adopted: reaped here, by nobody else
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


async def _all_gone(processes: list[psutil.Process], within_s: float) -> None:
    until_s = time.monotonic() + within_s
    while True:  # polled: nothing tells the end of a process that is not our own child
        running = [process for process in processes if _runs(process)]
        if not running or time.monotonic() > until_s:
            return
        await asyncio.sleep(POLL_S)
