"""Ramps, crossing and the queue of frames: no jump, no loss, nothing beyond full scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.fifo import ENOUGH, Fifo
from media.ramp import Ramp, crossing, limit


def block(count: int, value: int = 8192) -> bytes:
    return np.full((count, 2), value, "<i2").tobytes()


def test_a_ramp_arrives_exactly_and_its_steps_are_small() -> None:
    ramp = Ramp(0.0)
    ramp.go(1.0, 0.5)
    gains = np.concatenate([ramp.take(480) for _ in range(60)])
    assert ramp.settled
    assert gains[-1] == 1.0
    assert np.abs(np.diff(gains, axis=0)).max() < 0.001


def test_a_ramp_that_turns_round_goes_on_from_where_it_is() -> None:
    ramp = Ramp(1.0)
    ramp.go(0.0, 1.0)
    down = ramp.take(24_000)
    ramp.go(1.0, 1.0)
    up = ramp.take(10)
    assert abs(float(up[0, 0] - down[-1, 0])) < 0.001


def test_a_crossing_keeps_the_power() -> None:
    down, up = crossing(0.0, 1000, 1 / 1000)
    assert np.allclose(down**2 + up**2, 1.0, atol=1e-6)
    assert (down[0, 0], up[0, 0]) == (1.0, 0.0)


@given(st.lists(st.floats(-8, 8, width=32), min_size=1, max_size=50))
def test_the_limit_is_never_passed_and_quiet_sound_is_untouched(values: list[float]) -> None:
    frames = np.array([values, values], np.float32).T
    limited = limit(frames)
    assert np.abs(limited).max() < 1.0
    quiet = np.abs(frames) <= 0.85
    assert np.allclose(limited[quiet], frames[quiet], atol=1e-6)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=20), st.lists(st.integers(1, 3000), min_size=1, max_size=40))
def test_frames_come_out_in_order_and_complete(written: list[int], wanted: list[int]) -> None:
    fifo, total = Fifo(), sum(written)
    ramp = np.arange(total, dtype=np.int64) % 30_000
    at = 0
    for count in written:
        part = ramp[at : at + count]
        fifo.push(np.stack([part, part], axis=1).astype("<i2").tobytes())
        at += count
    fifo.finish()
    out = np.concatenate([fifo.read(count) for count in [*wanted, total]])
    assert len(out) == total
    assert np.array_equal(np.round(out[:, 0] * 32768).astype(int), ramp)
    assert fifo.empty


@given(st.lists(st.tuples(st.integers(1, 9000), st.integers(0, 9000)), min_size=1, max_size=30))
def test_what_was_read_last_and_is_given_back_comes_again(turns: list[tuple[int, int]]) -> None:
    fifo, ramp = Fifo(), np.arange(300_000) % 30_000
    fifo.push(np.stack([ramp, ramp], axis=1).astype("<i2").tobytes())
    at = 0
    for wanted, back in turns:
        assert np.array_equal(np.round(fifo.read(wanted)[:, 0] * 32768).astype(int), ramp[at : at + wanted])
        fifo.unread(min(back, at + wanted))
        at += wanted - min(back, at + wanted)
        assert fifo.read_frames == at


def test_a_decoder_that_falls_behind_fades_out_and_back_in() -> None:
    fifo = Fifo()
    fifo.push(block(ENOUGH))
    assert fifo.ready
    first = fifo.read(ENOUGH + 4800)
    assert len(first) == ENOUGH + 4800
    assert np.abs(np.diff(first, axis=0)).max() < 0.01
    assert np.abs(fifo.read(4800)).max() == 0.0
    fifo.push(block(100))
    assert np.abs(fifo.read(50)).max() == 0.0
    fifo.push(block(ENOUGH))
    again = fifo.read(4800)
    assert again[-1, 0] == pytest.approx(0.25)
    assert np.abs(np.diff(again, axis=0)).max() < 0.01
    assert again[0, 0] == 0.0


def test_the_end_of_a_track_is_not_a_decoder_that_falls_behind() -> None:
    fifo = Fifo()
    fifo.push(block(100))
    fifo.finish()
    assert len(fifo.read(480)) == 100
    assert fifo.empty
