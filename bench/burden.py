"""What a running room costs: processor and memory of all of its processes, against the least that shows and plays.

The room is whole: supervisor, monitor, screen, music, tones, with its simulated devices in a process that is not
counted. Its displays are Qt's off-screen ones, its outputs null sinks, for the references as well.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import psutil

from bench.figure import Figure, Goal
from bench.program import compile_modules, lines, program
from kiosk.session import events as e
from media import virtual
from tests.end_to_end.room_run import RoomRun, marked, room_run
from tests.sound import SoundServer

SETTLE_S = 25.0
"""From the session's start: the pane is built, the piece is made, the first fade is over."""
MEASURE_S = 20.0
MIB = 2**20
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def server_of_two() -> Iterator[SoundServer]:
    """A sound server of our own with the patient's and the sitter's output."""
    server = SoundServer()
    server.start((virtual.PATIENT, virtual.SITTER))
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _room(*, one_display: bool, sound: bool) -> Iterator[RoomRun]:
    """A session that goes on, calm, with an oximeter at 1 Hz."""
    compile_modules()
    with tempfile.TemporaryDirectory() as name, server_of_two() as server:
        options = {"single_screen": one_display, "sound": sound, "length": 3600}
        with room_run(Path(name), server=server, **options) as room:
            room.await_row(lambda w: isinstance(w, e.SessionStarted), "the session's start", timeout_s=90)
            time.sleep(SETTLE_S)
            yield room


def _share(processes: Sequence[psutil.Process]) -> float:
    """Share of one core that these used over a while."""
    before = _cpu_s(processes)
    began = time.monotonic()
    time.sleep(MEASURE_S)
    return (_cpu_s(processes) - before) / (time.monotonic() - began)


def _cpu_s(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _pss_mib(processes: Sequence[psutil.Process]) -> float:
    """Proportional set size: what is shared is counted once among those that share it."""
    return sum(process.memory_full_info().pss for process in processes) / MIB


def resting_share() -> float:
    """All processes of a room at rest on one display, with music and vitals."""
    with _room(one_display=True, sound=True) as room:
        return _share(marked(room.mark))


@cache
def _piece() -> Path:
    """The piece that a room plays, as a file: the same music for the reference."""
    from media import ambient

    folder = Path(tempfile.mkdtemp(prefix="bench-piece-"))
    return ambient.ensure(folder)


@contextmanager
def _player(server: SoundServer) -> Iterator[psutil.Process]:
    with program(["-m", "bench.reference.player", str(_piece())], server.environment) as player:
        lines(player, lambda line: line == b"playing")
        yield psutil.Process(player.pid)


def playing_share() -> float:
    """A bare libVLC player of the same piece."""
    with server_of_two() as server, _player(server) as player:
        time.sleep(SETTLE_S / 5)
        return _share([player])


def pane_share() -> float:
    """The screen's process with pane and rest screen shown, and a reading a second."""
    with _room(one_display=False, sound=False) as room:
        return _share([psutil.Process(room.child_pid("screen"))])


def empty_pane_share() -> float:
    """The same process with the same windows, told once what to show and no reading."""
    from bench.luminance import shown
    from kiosk.line.screen import Begin, RestView

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        env = two_displays(Path(name))
        screen = stack.enter_context(program(["-m", "kiosk", "_child", "screen"], env))
        begin = Begin(False, False, False, True, "Robin", "Sam", time.time_ns() // 1_000_000, 0)
        stack.enter_context(shown(screen, RestView("rest"), begin))
        time.sleep(SETTLE_S / 2)
        return _share([psutil.Process(screen.pid)])


def two_displays(folder: Path) -> dict[str, str]:
    """Qt's off-screen platform with two displays."""
    import json

    from kiosk.demo import TWO_SCREENS

    screens = folder / "screens.json"
    screens.write_text(json.dumps(TWO_SCREENS))
    return {"QT_QPA_PLATFORM": f"offscreen:configfile={screens}"}


def room_mib() -> float:
    """All processes of a room with two displays, music and vitals."""
    with _room(one_display=False, sound=True) as room:
        return _pss_mib(marked(room.mark))


def parts_mib() -> float:
    """A pyqtgraph window, a bare player, a Python with the radio's and the record's libraries, two bare Pythons."""
    with server_of_two() as server, ExitStack() as stack:
        started: list[subprocess.Popen[bytes]] = []
        for arguments, env, word in (
            (["-m", "bench.reference.plot"], OFFSCREEN, b"painted"),
            (["-m", "bench.reference.held", "bleak", "sqlcipher3"], {}, b"held"),
            (["-m", "bench.reference.held"], {}, b"held"),
            (["-m", "bench.reference.held"], {}, b"held"),
        ):
            process = stack.enter_context(program(arguments, env))
            lines(process, lambda line, word=word: line == word)
            started.append(process)
        player = stack.enter_context(_player(server))
        time.sleep(SETTLE_S / 5)
        return _pss_mib([player, *(psutil.Process(process.pid) for process in started)])


FIGURES = (
    Figure(
        "room at rest",
        f"processor of all processes at rest on one display: music, an oximeter at 1 Hz; {MEASURE_S:.0f} s",
        "a bare libVLC player of the same piece into the same sound server",
        resting_share,
        playing_share,
        Goal("beyond", 0.03),
        "core",
    ),
    Figure(
        "pane shown",
        f"processor of the screen's process with pane and rest screen, a reading a second; {MEASURE_S:.0f} s",
        "the same process with the same windows, shown the same view again and again, without a reading",
        pane_share,
        empty_pane_share,
        Goal("beyond", 0.05),
        "core",
    ),
    Figure(
        "memory",
        "PSS of all processes of a room with two displays, music and vitals",
        "a pyqtgraph window, a libVLC player, a Python with bleak and sqlcipher3, two bare Pythons",
        room_mib,
        parts_mib,
        Goal("times", 1.3),
        "MiB",
    ),
)
