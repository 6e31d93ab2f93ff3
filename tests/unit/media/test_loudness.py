"""Loudness against the test signals that EBU Tech 3341 describes, and against what another program measured."""

from __future__ import annotations

import numpy as np
import pytest

from media.frames import Frames
from media.gain import gain_db
from media.loudness import Meter
from media.pulse import RATE_HZ


def tone(*parts: tuple[float, float]) -> Frames:
    """1 kHz on both channels: (dBFS, seconds) after one another."""
    levels = np.concatenate([np.full(round(seconds * RATE_HZ), 10 ** (db / 20)) for db, seconds in parts])
    wave = levels * np.sin(2 * np.pi * 1000 * np.arange(len(levels)) / RATE_HZ)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def measured(frames: Frames, at_a_time: int = 9999) -> Meter:
    meter = Meter()
    for begin in range(0, len(frames), at_a_time):
        meter.add(frames[begin : begin + at_a_time])
    return meter


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
    ids=["steady", "soft", "relative gate", "both gates", "mean of power"],
)
def test_each_signal_of_the_standard_measures_what_the_standard_says(signal, expected) -> None:
    assert measured(tone(*signal)).lufs() == pytest.approx(expected, abs=0.1)


def test_it_does_not_matter_how_the_frames_arrive() -> None:
    noise = np.random.default_rng(1).standard_normal((7 * RATE_HZ + 123, 2)).astype(np.float32) * 0.1
    assert measured(noise, 100_000).lufs() == pytest.approx(measured(noise, 777).lufs(), abs=1e-6)


def test_noise_with_a_pause_agrees_with_another_programs_figure() -> None:
    """-19.905 LUFS: the `loudness` package 0.2.0 (built on libebur128) for exactly these samples."""
    noise = np.random.default_rng(1).standard_normal((60 * RATE_HZ, 2)) * 0.05
    noise[20 * RATE_HZ : 40 * RATE_HZ] *= 0.001
    assert measured(noise.astype(np.float32)).lufs() == pytest.approx(-19.905, abs=0.02)


def test_what_is_too_short_or_silent_has_no_loudness() -> None:
    assert measured(tone((-23, 0.3))).lufs() is None
    assert measured(np.zeros((RATE_HZ, 2), np.float32)).lufs() is None
    assert Meter().lufs() is None


def test_a_gain_never_lifts_a_peak_beyond_the_ceiling_nor_silence_into_noise() -> None:
    assert gain_db(-30.0, 0.1) == 7.0
    assert gain_db(-11.0, 1.0) == -12.0
    assert gain_db(-30.0, 0.5) == pytest.approx(5.02, abs=0.01)
    assert gain_db(-60.0, 0.001) == 12.0
    assert gain_db(None, 0.5) == 0.0
