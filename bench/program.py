"""Programs that are started, watched line by line, and ended: what the figures measure from outside."""

from __future__ import annotations

import compileall
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
WITHIN_S = 60.0


class BenchError(Exception):
    """A measured program did not do what is measured; says which and what it wrote."""


@cache
def compile_modules() -> None:
    """As set-up leaves it: a start that has to compile its modules is every program's first one only.

    What compiling leaves behind in memory is a quarter of a small process, too.
    """
    for package in ("kiosk", "ui", "media", "devices", "bench"):
        compileall.compile_dir(ROOT / package, quiet=1)


@contextmanager
def program(arguments: Sequence[str], env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`python ARGUMENTS` with pipes; ended, and if need be killed, afterwards."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def seconds_until(process: subprocess.Popen[bytes], began: float, wanted: Callable[[bytes], bool]) -> float:
    """Seconds from `began` (`time.perf_counter`) to the first line of stdout that is wanted."""
    lines(process, wanted)
    return time.perf_counter() - began


def lines(process: subprocess.Popen[bytes], wanted: Callable[[bytes], bool], within_s: float = WITHIN_S) -> list[bytes]:
    """Lines of stdout up to the first that is wanted. Raises BenchError when none came."""
    assert process.stdout is not None
    seen: list[bytes] = []
    rest, deadline = b"", time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not select.select([process.stdout], [], [], 0.5)[0]:
            continue
        chunk = os.read(process.stdout.fileno(), 65536)
        if not chunk:
            break
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            seen.append(line)
            if wanted(line):
                return seen
    process.kill()
    _, raw_error = process.communicate()
    raise BenchError(
        f"{process.args!r} never said it. Last: {seen[-1:]!r} {raw_error[-2000:].decode(errors='replace')}"
    )
