"""Silence on a line: noticed in time, and never our own."""

from __future__ import annotations

from kiosk.line.codec import BEAT_EVERY_S
from kiosk.line.silence import NEAR_STEP_S, Silence


def test_an_end_that_beats_is_looked_after_as_often_as_it_beats() -> None:
    silence = Silence(10.0)
    for beat in range(1, 100):
        silence.hear(10.0 + beat * BEAT_EVERY_S - 0.2)
        assert silence.step(10.0 + beat * BEAT_EVERY_S) < BEAT_EVERY_S
        assert silence.step_s == BEAT_EVERY_S


def test_silence_counts_from_the_last_beat_and_is_known_within_a_near_step() -> None:
    for last_beat_s in (10.01, 10.2, 10.49):
        silence, now_s = Silence(10.0), 10.0
        silence.hear(last_beat_s)
        while silence.silent_s < 1.5:
            now_s += silence.step_s
            silence.step(now_s)
        assert last_beat_s + 1.5 <= now_s <= last_beat_s + 1.5 + NEAR_STEP_S


def test_a_freeze_of_our_own_is_one_step_and_no_more() -> None:
    silence = Silence(10.0)
    assert silence.step(70.0) == BEAT_EVERY_S
    silence.hear(70.0)
    assert silence.step(70.25) == 0.25
