"""The bursts against the facts of IEC 60601-1-8 that the module names."""

from __future__ import annotations

import numpy as np
import pytest

from media.burst import Pattern, pattern
from media.message import Severity
from tests import sound

ALARMS: tuple[Severity, ...] = ("high", "medium", "low")
EVERY: tuple[Severity, ...] = (*ALARMS, "call", "failure")


def frames_of(burst: Pattern) -> sound.Samples:
    """As an output plays it."""
    return np.repeat(np.frombuffer(burst.samples, np.float32)[:, None], 2, axis=1)


@pytest.mark.parametrize(("severity", "pulses"), [("high", 10), ("medium", 3), ("low", 2)])
def test_a_burst_has_the_number_of_pulses_of_its_severity(severity: Severity, pulses: int) -> None:
    frames = np.concatenate([np.zeros((480, 2), np.float32), frames_of(pattern(severity))])
    assert len(sound.onsets(frames, -30)) == pulses


def test_the_high_burst_is_two_groups_of_three_and_two() -> None:
    frames = np.concatenate([np.zeros((480, 2), np.float32), frames_of(pattern("high"))])
    gaps = np.diff(sound.onsets(frames, -30))
    assert list(np.flatnonzero(gaps > 0.4)) == [2, 4, 7]
    assert gaps.argmax() == 4


@pytest.mark.parametrize("severity", ALARMS)
def test_a_pulse_has_four_partials_within_15_db_up_to_4_khz(severity: Severity) -> None:
    burst = pattern(severity)
    found = [(hertz, level) for hertz, level in sound.partials(frames_of(burst)[: burst.first_pulse], 6) if level > -15]
    assert 150 <= found[0][0] <= 1000
    assert len([hertz for hertz, _ in found if 300 <= hertz <= 4000]) >= 4
    assert all(hertz < 4000 for hertz, _ in found)


@pytest.mark.parametrize("severity", EVERY)
def test_a_burst_starts_and_ends_at_zero_and_never_clips(severity: Severity) -> None:
    burst = pattern(severity)
    assert sound.peak(frames_of(burst)) == pytest.approx(1.0, abs=1e-6)
    assert max(burst.amplitudes) < 1.0
    assert sound.peak(frames_of(burst)[:10]) < 0.05
    assert sound.peak(frames_of(burst)[-10:]) < 0.05


@pytest.mark.parametrize(("severity", "least", "most"), [("high", 2.5, 15), ("medium", 2.5, 30), ("low", 15, 60)])
def test_the_pause_between_bursts_is_in_the_range_of_its_severity(
    severity: Severity, least: float, most: float
) -> None:
    assert all(least <= gap_s <= most for gap_s in pattern(severity).gaps_s)


@pytest.mark.parametrize("severity", EVERY)
def test_escalation_is_never_quieter_and_never_rarer(severity: Severity) -> None:
    burst = pattern(severity)
    assert list(burst.amplitudes) == sorted(set(burst.amplitudes))
    assert list(burst.gaps_s) == sorted(burst.gaps_s, reverse=True)


def test_the_failure_tone_has_no_pause() -> None:
    frames = frames_of(pattern("failure"))
    assert sound.envelope_db(frames, 0.05).min() > -20
    assert pattern("failure").gaps_s == (0, 0, 0)
