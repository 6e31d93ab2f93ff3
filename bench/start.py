"""How long a start takes, as a person sees it: from the command to the first pixels; and to the armed alarms.

The displays are Xvfb's, looked at from outside through its frame buffer, ours and the reference's alike: what counts is
what stands on the display, not what a program says about itself.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from bench.figure import Figure, Goal
from bench.program import BenchError, compile_modules, program, seconds_until
from tests.end_to_end.desktop import WIDTH, Desktop, Picture, desktop

WITHIN_S = 30.0
LOOK_EVERY_S = 0.002
WHITE = 250
BRIGHT = 120  # of 255: numbers and words on the pane; no pixel of the dark ground
FEW_BRIGHT_PIXELS = 200


@cache
def _held() -> tuple[Desktop, object]:
    held = desktop(2)
    return held.__enter__(), held


def _display() -> Desktop:
    """Two white displays, the patient's at the left, for as long as this process lives."""
    import atexit

    first = _held.cache_info().currsize == 0
    shown, held = _held()
    if first:
        atexit.register(held.__exit__, None, None, None)  # type: ignore[attr-defined]
    return shown


def _seconds_until_seen(arguments: Sequence[str], is_seen: Callable[[Picture], bool]) -> float:
    display = _display()
    pixels = display.pixels()
    _await(lambda: bool((pixels[::64, ::64] > WHITE).all()), "an empty desktop")
    began = time.perf_counter()
    with program(arguments, display.env):
        _await(lambda: is_seen(pixels), " ".join(arguments[:3]))
        return time.perf_counter() - began


def _await(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_so():
        if time.monotonic() > deadline:
            raise BenchError(f"not seen within {WITHIN_S:.0f} s: {what}")
        time.sleep(LOOK_EVERY_S)


def _is_dark(pixels: Picture) -> bool:
    """The patient's display is covered."""
    return bool((pixels[::96, 16:WIDTH:96] < WHITE).all())


def _has_pane(pixels: Picture) -> bool:
    """The sitter's display shows words on its dark ground."""
    light = pixels[::4, WIDTH + 4 :: 4].max(axis=2)
    words = int(np.count_nonzero(light > BRIGHT))
    return FEW_BRIGHT_PIXELS < words < light.size / 4


def _room_s(is_seen: Callable[[Picture], bool]) -> float:
    compile_modules()
    with tempfile.TemporaryDirectory() as folder:
        return _seconds_until_seen(["-m", "kiosk", "run", "--data-dir", folder], is_seen)


def rest_screen_s() -> float:
    """From the command `kiosk run` until the patient's display is covered by the rest screen."""
    return _room_s(_is_dark)


def sitter_pane_s() -> float:
    """From the command `kiosk run` until the sitter's display shows the pane and its words."""
    return _room_s(_has_pane)


def small_window_s() -> float:
    """From the start of the reference's process until a display is covered."""
    return _reference_s("bench.reference.window")


def small_plot_s() -> float:
    """The same with one pyqtgraph plot."""
    return _reference_s("bench.reference.plot")


def _reference_s(module: str) -> float:
    display = _display()
    pixels = display.pixels()
    _await(lambda: bool((pixels[::64, ::64] > WHITE).all()), "an empty desktop")
    began = time.perf_counter()
    with program(["-m", module], display.env) as window:
        return seconds_until(window, began, lambda line: line == b"painted")


def alarms_armed_s() -> float:
    """From the start of `kiosk monitor` to its first state line: record open, alarms of signal and device armed."""
    compile_modules()
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
        "`kiosk run` until the patient's display is covered by the rest screen (three processes)",
        "a PySide6 program with one empty window, until its first paint",
        rest_screen_s,
        small_window_s,
        Goal("times", 2.0),
    ),
    Figure(
        "sitter pane",
        "`kiosk run` until the sitter's display shows the pane with its words (three processes)",
        "a PySide6 program with one pyqtgraph plot, until its first paint",
        sitter_pane_s,
        small_plot_s,
        Goal("times", 1.5),
    ),
    Figure(
        "alarms armed",
        "start of `kiosk monitor` until its alarms are armed and a new record is open",
        "start of Python until asyncio and sqlite3 are imported",
        alarms_armed_s,
        imports_s,
        Goal("beyond", 0.3),
    ),
)
