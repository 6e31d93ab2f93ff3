"""How long it takes from a cause to its tone at the sitter's output, against the sound server's own latency."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from bench.burden import server_of_two
from bench.figure import Figure, Goal
from bench.program import BenchError, lines, program
from kiosk.line.codec import BEAT_EVERY_S, Beat, encode
from kiosk.session import commands as c
from media import message as m
from tests.end_to_end.alarm_run import watched_room
from tests.end_to_end.ear import HEARD_DB, Ear, ear
from tests.sound import PATIENT, RATE_HZ, SITTER

BEYOND_S = 0.3
WITHIN_S = 40.0
DUCKED_DB = 7.0


def call_to_tone_s() -> float:
    """The patient's call leaves the screen, until its tone is in the sitter's null sink: line, monitor, tone child."""
    with (
        tempfile.TemporaryDirectory() as name,
        server_of_two() as server,
        watched_room(Path(name), server, 1.0, ears=(SITTER,)) as room,
    ):
        room.await_calm()
        began_ns = time.time_ns()
        room.sitter.do(c.CallSitter("key"))
        return (room.ears[SITTER].onset_ns(began_ns) - began_ns) / 1e9


def write_to_tone_s() -> float:
    """A tone is handed to a stream that stands open, until it is in the same sink."""
    with (
        server_of_two() as server,
        ear(server, SITTER) as listening,
        program(["-m", "bench.reference.beep", SITTER], server.environment) as beep,
    ):
        lines(beep, lambda line: line == b"open")
        assert beep.stdin is not None
        beep.stdin.write(b"\n")
        began_ns = int(lines(beep, lambda line: line.startswith(b"written"))[-1].split()[1])
        return (listening.onset_ns(began_ns) - began_ns) / 1e9


def call_to_duck_s() -> float:
    """The music is told to step back, until it has at the patient's null sink: 7 of the 8 dB that it steps."""
    with (
        tempfile.TemporaryDirectory() as name,
        server_of_two() as server,
        ear(server, PATIENT) as listening,
        program(["-m", "kiosk", "_child", "sound"], server.environment) as music,
        _beating(music),
    ):
        piece = Path(name) / "piece.wav"
        _write_hum(piece)
        for message in (
            m.ChooseMusicOutput(PATIENT),
            m.Volume(100, 0.0),
            m.Queue((m.Track(str(piece), "Hum"),)),
            m.Play(),
        ):
            _tell(music, message)
        before_db = _steady_db(listening)
        began_ns = time.time_ns()
        _tell(music, m.Duck(True))
        return (_fallen_ns(listening, began_ns, before_db - DUCKED_DB) - began_ns) / 1e9


def _tell(child: subprocess.Popen[bytes], message: msgspec.Struct) -> None:
    assert child.stdin is not None
    child.stdin.write(encode(message))


@contextmanager
def _beating(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """A monitor's heartbeat, and somebody who reads what it says."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_EVERY_S):
            _tell(child, Beat())

    def read() -> None:
        assert child.stdout is not None
        while child.stdout.read(4096):
            pass

    threads = [threading.Thread(target=beat), threading.Thread(target=read, daemon=True)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        threads[0].join()


def _write_hum(path: Path) -> None:
    """A minute of an even tone."""
    t = np.arange(60 * RATE_HZ) / RATE_HZ
    hum = np.repeat((8000 * np.sin(2 * np.pi * 440 * t)).astype("<i2")[:, None], 2, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(hum.tobytes())


def _steady_db(listening: Ear) -> float:
    """The level once the first fade is over."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        time.sleep(0.5)
        until_ns = listening.until_ns
        recent = [listening.loudest_db(until_ns - n * 10**9, until_ns - (n - 1) * 10**9) for n in (3, 2, 1)]
        if min(recent) > HEARD_DB and max(recent) - min(recent) < 0.1:
            return recent[-1]
    raise BenchError("the music never became steady")


def _fallen_ns(listening: Ear, after_ns: int, below_db: float) -> int:
    """When it was below this level for the first time."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        time.sleep(0.05)
        for at_ns in range(after_ns, listening.until_ns, 10_000_000):
            if listening.loudest_db(at_ns, at_ns + 20_000_000) < below_db:
                return at_ns
    raise BenchError("the music never stepped back")


FIGURES = (
    Figure(
        "tone heard",
        "the patient's call leaves the screen, until its tone is in the sitter's output",
        "a tone is written into a stream that stands open, until it is in the same output",
        call_to_tone_s,
        write_to_tone_s,
        Goal("beyond", BEYOND_S),
    ),
    Figure(
        "music stepped back",
        "the music is told to step back for a call, until it has at the patient's output",
        "a tone is written into a stream that stands open, until it is in the sitter's output",
        call_to_duck_s,
        write_to_tone_s,
        Goal("itself", 0.3),
    ),
)
