"""No alarm sound, in each of its ways: the sitter's output fails, and the tone comes out of every other one."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest

from kiosk.session import events as e
from kiosk.session.events import Severity
from tests.end_to_end.alarm_run import Begin, Case, Cause, Watched, is_alarm, measure, watched_room
from tests.sound import PATIENT, SITTER, SoundServer

pytestmark = pytest.mark.sound


def by_pactl(begin: tuple[str, ...], end: tuple[str, ...]) -> Cause:
    """Somebody, or the desktop, does this to the sitter's output, and undoes it."""

    @contextlib.contextmanager
    def cause(watched: Watched) -> Iterator[Begin]:
        assert watched.room.server
        now_ns = time.time_ns()
        watched.room.server.pactl(*begin)
        yield lambda: now_ns
        watched.room.server.pactl(*end)

    return cause


@contextlib.contextmanager
def taken_away(watched: Watched) -> Iterator[Begin]:
    """The sitter's output is unplugged, and plugged in again."""
    assert watched.room.server
    now_ns = time.time_ns()
    watched.room.server.remove_sink(SITTER)
    yield lambda: now_ns
    watched.room.server.add_sink(SITTER)


def muted(on: int) -> tuple[str, ...]:
    return ("set-sink-mute", SITTER, str(on))


def asleep(on: int) -> tuple[str, ...]:
    return ("suspend-sink", SITTER, str(on))


def level(percent: int) -> tuple[str, ...]:
    return ("set-sink-volume", SITTER, f"{percent}%")


def failing(how: str, by: Cause, delay_s: float = 0) -> Case:
    return Case("no_sound", Severity.MEDIUM, delay_s, f"the sitter's output is {how}", by, heard_at=(PATIENT,))


MUTED = by_pactl(muted(1), muted(0))
CASES = (
    (failing("muted", MUTED), "the output is muted"),
    (failing("at 20 %", by_pactl(level(20), level(100))), "the output is too quiet"),
    (failing("asleep", by_pactl(asleep(1), asleep(0)), delay_s=1), "the sound server took nothing"),
    (failing("unplugged", taken_away), "the output is gone"),
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: SoundServer) -> Iterator[Watched]:
    """A session by the clock on the wall."""
    with watched_room(tmp_path_factory.mktemp("sound"), server, 1.0, ears=(PATIENT,)) as made:
        yield made


@pytest.mark.parametrize(("case", "reason"), CASES, ids=[case.id for case, _ in CASES])
def test_the_tone_goes_to_the_patients_output_and_the_row_says_why(watched: Watched, case: Case, reason: str) -> None:
    seq = watched.room.last_seq()
    measure(watched, case)
    raised = [row.what for row in watched.room.rows(seq) if is_alarm(row.what, case)]
    assert [what.data["reason"] for what in raised] == [reason]


def test_a_value_alarm_is_heard_at_the_patients_output_while_the_sitters_is_muted(watched: Watched) -> None:
    seq = watched.await_calm()
    with MUTED(watched), watched.room.air.feeding("oximeter", "0050005800", 1.0):
        high = watched.room.await_row(lambda w: isinstance(w, e.TonePlayed) and w.severity == 3, "the tone", seq)
    assert high.what.output == PATIENT
