"""How long it takes from a cause to its tone at the sitter's output, against the sound server's own latency."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.burden import server_of_two
from bench.figure import Figure, Goal
from bench.program import lines, program
from kiosk.session import commands as c
from tests.end_to_end.alarm_run import watched_room
from tests.end_to_end.ear import ear
from tests.sound import SITTER

BEYOND_S = 0.3


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


FIGURES = (
    Figure(
        "tone heard",
        "the patient's call leaves the screen, until its tone is in the sitter's output",
        "a tone is written into a stream that stands open, until it is in the same output",
        call_to_tone_s,
        write_to_tone_s,
        Goal("beyond", BEYOND_S),
    ),
)
