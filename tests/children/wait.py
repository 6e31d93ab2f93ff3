"""Waiting for conditions, with a bound: never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent.parent
STEP_S = 0.02


async def until(condition: Callable[[], Any], within_s: float = 10) -> Any:
    """The condition's first true result; TimeoutError after `within_s`."""
    end_s = time.monotonic() + within_s
    while not (result := condition()):
        if time.monotonic() > end_s:
            raise TimeoutError(f"not within {within_s} s")
        await asyncio.sleep(STEP_S)
    return result


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def zombies() -> list[psutil.Process]:
    """Children of this process that nobody reaped."""
    return [p for p in psutil.Process().children() if p.status() == psutil.STATUS_ZOMBIE]
