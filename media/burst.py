"""The sound of each severity as samples: pure, no output, no clock.

After the facts of IEC 60601-1-8 as gathered in the project's references: high 10 pulses (3+2, twice), medium 3,
low 2; fundamental 150-1000 Hz with at least four partials up to 4 kHz within 15 dB; rise and fall 20 to 30 ms; pause
between bursts 2.5-15 s (high), 2.5-30 s (medium), from 15 s (low). The patient's call is a soft chime that nobody
takes for an alarm; the failure tone is an unbroken two-tone that nobody takes for a vital sign.

Computed with the standard library alone: the process that sounds an alarm loads as little as it can.
"""

from __future__ import annotations

import cmath
import math
from array import array
from functools import cache
from typing import TypeAlias

import msgspec

from media.message import Severity
from media.pulse import RATE_HZ

PARTIAL_STEP_DB = -2.0
PARTIALS = 6
TOP_HZ = 4000.0
LOUDEST = 2
Samples: TypeAlias = "array[float]"
"""32-bit floats, the same at both loudspeakers; full scale is 1.0."""
Tone: TypeAlias = "array[float]"
"""64-bit floats on the way there."""


class Pattern(msgspec.Struct, frozen=True):
    """One burst. samples: with peak 1.0; first_pulse: samples until its first pulse is over.

    amplitudes and gaps_s: peak (full scale 1.0) and pause after the burst, by escalation 0, 1, 2.
    """

    samples: Samples
    first_pulse: int
    amplitudes: tuple[float, float, float]
    gaps_s: tuple[float, float, float]

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE_HZ


@cache
def pattern(severity: Severity) -> Pattern:
    """The burst of a severity. Raises KeyError for "none", which has no sound."""
    return _PATTERNS[severity]()


def prepare() -> None:
    """Compute every burst now: an alarm does not wait for it."""
    for severity in _PATTERNS:
        pattern(severity)


def _high() -> Pattern:
    group = (0.0, 0.25, 0.5, 1.0, 1.25)
    pulse = _pulse(523.25, 0.15, rise_s=0.02)
    samples = _place(pulse, [*group, *(1.9 + onset for onset in group)])
    return Pattern(samples, len(pulse), (0.4, 0.65, 0.95), (4.0, 2.5, 2.5))


def _medium() -> Pattern:
    pulse = _pulse(440.0, 0.2, rise_s=0.03)
    return Pattern(_place(pulse, [0.0, 0.42, 0.84]), len(pulse), (0.3, 0.5, 0.8), (8.0, 5.0, 2.5))


def _low() -> Pattern:
    pulse = _pulse(349.23, 0.2, rise_s=0.03)
    return Pattern(_place(pulse, [0.0, 0.45]), len(pulse), (0.22, 0.35, 0.5), (20.0, 15.0, 15.0))


def _call() -> Pattern:
    """A falling third, struck softly and left to ring."""
    first, second = _chime(783.99), _chime(659.26)
    onset = int(0.55 * RATE_HZ)
    both = first + array("d", bytes(8 * (onset + len(second) - len(first))))
    for place, struck in enumerate(second, onset):
        both[place] += struck
    return Pattern(_full(both), int(0.15 * RATE_HZ), (0.25, 0.4, 0.6), (4.0, 3.0, 2.5))


def _failure() -> Pattern:
    """Two seconds that follow each other without a pause."""
    slot = int(0.25 * RATE_HZ)
    high, low = (_pulse(hertz, 0.25 - 0.01, rise_s=0.01)[:slot] for hertz in (880.0, 622.25))
    return Pattern((high + low) * 4, slot, (0.7, 0.85, 0.95), (0.0, 0.0, 0.0))


_PATTERNS = {"high": _high, "medium": _medium, "low": _low, "call": _call, "failure": _failure}


def _pulse(fundamental_hz: float, length_s: float, rise_s: float) -> Samples:
    """One pulse with partials; `length_s` between the middles of rise and fall."""
    edge = int(rise_s * RATE_HZ)
    count = int(length_s * RATE_HZ) + edge
    return _full(_edged(_harmonics(fundamental_hz, count), edge))


def _harmonics(fundamental_hz: float, count: int) -> Tone:
    tone = array("d", bytes(8 * count))
    for number in range(1, PARTIALS + 1):
        if number * fundamental_hz < TOP_HZ:
            # Spread phases keep the crest low: louder for the same peak.
            phase = math.pi * number * (number - 1) / PARTIALS
            level = 10 ** (PARTIAL_STEP_DB * (number - 1) / 20)
            _add_partial(tone, number * fundamental_hz, level, phase)
    return tone


def _add_partial(tone: Tone, hertz: float, level: float, phase: float = 0.0, decay_s: float = math.inf) -> None:
    """Add a sine that dies away: a number that turns and shrinks, which is quicker than a sine and a power each."""
    turned, step = cmath.rect(level, phase), cmath.exp(complex(-1 / decay_s, 2 * math.pi * hertz) / RATE_HZ)
    for place in range(len(tone)):
        tone[place] += turned.imag
        turned *= step


def _edged(tone: Tone, edge: int) -> Tone:
    """Rise and fall as half a cosine."""
    ramp = [0.5 - 0.5 * math.cos(math.pi * (place + 0.5) / edge) for place in range(edge)]
    for place, share in enumerate(ramp):
        tone[place] *= share
        tone[-1 - place] *= share
    return tone


def _chime(hertz: float) -> Tone:
    tone = array("d", bytes(8 * int(1.1 * RATE_HZ)))
    for ratio, level, decay_s in ((0.5, 0.35, 0.5), (1.0, 1.0, 0.4), (2.0, 0.3, 0.25), (3.0, 0.12, 0.15)):
        _add_partial(tone, hertz * ratio, level, decay_s=decay_s)
    return _edged(tone, int(0.03 * RATE_HZ))


def _place(pulse: Samples, onsets_s: list[float]) -> Samples:
    """One pulse after the other; they do not touch."""
    samples = array("f")
    for onset_s in onsets_s:
        samples.frombytes(bytes(4 * (int(onset_s * RATE_HZ) - len(samples))))
        samples.extend(pulse)
    return samples


def _full(tone: Tone) -> Samples:
    peak = max(map(abs, tone))
    return array("f", (value / peak for value in tone))
