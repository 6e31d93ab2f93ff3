"""The sound of each severity as samples: pure, no output, no clock.

After the facts of IEC 60601-1-8 as gathered in the project's references: high 10 pulses (3+2, twice), medium 3,
low 2; fundamental 150-1000 Hz with at least four partials up to 4 kHz within 15 dB; rise and fall 20 to 30 ms; pause
between bursts 2.5-15 s (high), 2.5-30 s (medium), from 15 s (low). The patient's call is a soft chime that nobody
takes for an alarm; the failure tone is an unbroken two-tone that nobody takes for a vital sign.
"""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from media.message import Severity
from media.pulse import CHANNELS, RATE_HZ, Frames

PARTIAL_STEP_DB = -2.0
PARTIALS = 6
TOP_HZ = 4000.0
LOUDEST = 2


class Pattern(msgspec.Struct, frozen=True):
    """One burst. frames: (n, 2) with peak 1.0; first_pulse: frames until its first pulse is over.

    amplitudes and gaps_s: peak (full scale 1.0) and pause after the burst, by escalation 0, 1, 2.
    """

    frames: Frames
    first_pulse: int
    amplitudes: tuple[float, float, float]
    gaps_s: tuple[float, float, float]

    @property
    def seconds(self) -> float:
        return len(self.frames) / RATE_HZ


@cache
def pattern(severity: Severity) -> Pattern:
    """The burst of a severity. Raises KeyError for "none", which has no sound."""
    return _PATTERNS[severity]()


def _high() -> Pattern:
    group = (0.0, 0.25, 0.5, 1.0, 1.25)
    pulse = _pulse(523.25, 0.15, rise_s=0.02)
    frames = _place(pulse, [*group, *(1.9 + onset for onset in group)])
    return Pattern(frames, len(pulse), (0.4, 0.65, 0.95), (4.0, 2.5, 2.5))


def _medium() -> Pattern:
    pulse = _pulse(440.0, 0.2, rise_s=0.03)
    return Pattern(_place(pulse, [0.0, 0.42, 0.84]), len(pulse), (0.3, 0.5, 0.8), (8.0, 5.0, 2.5))


def _low() -> Pattern:
    pulse = _pulse(349.23, 0.2, rise_s=0.03)
    return Pattern(_place(pulse, [0.0, 0.45]), len(pulse), (0.22, 0.35, 0.5), (20.0, 15.0, 15.0))


def _call() -> Pattern:
    """A falling third, struck softly and left to ring."""
    first, second = _chime(783.99), _chime(659.26)
    frames = np.zeros((int(0.55 * RATE_HZ) + len(second), CHANNELS), np.float32)
    frames[: len(first)] += first
    frames[-len(second) :] += second
    return Pattern(_full(frames), int(0.15 * RATE_HZ), (0.25, 0.4, 0.6), (4.0, 3.0, 2.5))


def _failure() -> Pattern:
    """Two seconds that follow each other without a pause."""
    slot = int(0.25 * RATE_HZ)
    notes = [_pulse(hertz, 0.25 - 0.01, rise_s=0.01)[:slot] for hertz in (880.0, 622.25)] * 4
    return Pattern(np.concatenate(notes), slot, (0.7, 0.85, 0.95), (0.0, 0.0, 0.0))


_PATTERNS = {"high": _high, "medium": _medium, "low": _low, "call": _call, "failure": _failure}


def _pulse(fundamental_hz: float, length_s: float, rise_s: float) -> Frames:
    """One pulse with partials; `length_s` between the middles of rise and fall."""
    edge = int(rise_s * RATE_HZ)
    count = int(length_s * RATE_HZ) + edge
    return _full(_stereo(_harmonics(fundamental_hz, count) * _edges(count, edge)))


def _harmonics(fundamental_hz: float, count: int) -> NDArray[np.float64]:
    time = np.arange(count) / RATE_HZ
    tone = np.zeros(count)
    for number in range(1, PARTIALS + 1):
        if number * fundamental_hz < TOP_HZ:
            # Spread phases keep the crest low: louder for the same peak.
            phase = np.pi * number * (number - 1) / PARTIALS
            level = 10 ** (PARTIAL_STEP_DB * (number - 1) / 20)
            tone += level * np.sin(2 * np.pi * number * fundamental_hz * time + phase)
    return tone


def _edges(count: int, edge: int) -> NDArray[np.float64]:
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
    shape = np.ones(count)
    shape[:edge] = ramp
    shape[-edge:] = ramp[::-1]
    return shape


def _chime(hertz: float) -> Frames:
    count = int(1.1 * RATE_HZ)
    time = np.arange(count) / RATE_HZ
    ring = sum(
        level * np.exp(-time / decay_s) * np.sin(2 * np.pi * hertz * ratio * time)
        for ratio, level, decay_s in ((0.5, 0.35, 0.5), (1.0, 1.0, 0.4), (2.0, 0.3, 0.25), (3.0, 0.12, 0.15))
    )
    return _stereo(np.asarray(ring) * _edges(count, int(0.03 * RATE_HZ)))


def _place(pulse: Frames, onsets_s: list[float]) -> Frames:
    starts = [int(onset * RATE_HZ) for onset in onsets_s]
    frames = np.zeros((starts[-1] + len(pulse), CHANNELS), np.float32)
    for start in starts:
        frames[start : start + len(pulse)] += pulse
    return frames


def _stereo(mono: NDArray[np.float64]) -> Frames:
    return np.repeat(mono[:, None], CHANNELS, axis=1).astype(np.float32)


def _full(frames: Frames) -> Frames:
    return frames / np.max(np.abs(frames))
