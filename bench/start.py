"""How long a start takes: the screen until its windows are shown, the monitor until its alarms are armed."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator

from bench.figure import Figure
from bench.program import program, seconds_until
from kiosk.line.codec import BEAT_EVERY_S, Beat, encode
from kiosk.line.screen import Begin

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def rest_screen_s() -> float:
    """From the start of the screen's process to its word that the windows are on their displays."""
    began = time.perf_counter()
    with program(["-m", "kiosk", "_child", "screen"], OFFSCREEN) as screen, _monitor_of(screen):
        return seconds_until(screen, began, lambda line: b'"shown"' in line)


@contextlib.contextmanager
def _monitor_of(screen: subprocess.Popen[bytes]) -> Iterator[None]:
    """Begins and beats as a monitor does: a silent one is taken to be dead."""
    assert screen.stdin is not None
    pipe, over = screen.stdin, threading.Event()
    pipe.write(encode(Begin(False, False, False, True, "Robin", "Sam", time.time_ns() // 1_000_000, 0)))

    def beat() -> None:
        while not over.wait(BEAT_EVERY_S):
            pipe.write(encode(Beat()))

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def small_window_s() -> float:
    """From the start of the reference's process to its first paint."""
    began = time.perf_counter()
    with program(["-m", "bench.reference.window"], OFFSCREEN) as window:
        return seconds_until(window, began, lambda line: line == b"painted")


def alarms_armed_s() -> float:
    """From the start of `kiosk monitor` to its first state line: record open, alarms of signal and device armed."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        arguments = ["-m", "kiosk", "monitor", "--any", "--yes", "--data-dir", folder, "--adapter", "hci9"]
        with program(arguments) as monitor:
            return seconds_until(monitor, began, _is_armed)


def _is_armed(line: bytes) -> bool:
    row = json.loads(line)
    return row["type"] == "state" and bool(row["armed"])


def imports_s() -> float:
    """The same with nothing but Python, asyncio and SQLite loaded."""
    began = time.perf_counter()
    with program(["-m", "bench.reference.imports"]) as python:
        return seconds_until(python, began, lambda line: line == b"loaded")


FIGURES = (
    Figure(
        "rest screen",
        "start of the screen process until its windows are shown",
        "a PySide6 program with one empty window, until its first paint",
        rest_screen_s,
        small_window_s,
    ),
    Figure(
        "alarms armed",
        "start of `kiosk monitor` until its alarms are armed and a new record is open",
        "start of Python until asyncio and sqlite3 are imported",
        alarms_armed_s,
        imports_s,
    ),
)
