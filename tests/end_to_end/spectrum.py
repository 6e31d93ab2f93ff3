"""Levels of single tones in captured sound, for end-to-end tests."""

from __future__ import annotations

import numpy as np

from tests.end_to_end.room_run import wait_until
from tests.sound import RATE_HZ, Capture, Samples

TENTH = RATE_HZ // 10


def band_db(samples: Samples, hertz: float) -> float:
    """Level of one pure tone in the samples, dB of full scale."""
    mono = samples.mean(axis=1) * np.hanning(len(samples)) * 2
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(mono)) / RATE_HZ)
    return 20 * float(np.log10(max(abs(np.dot(mono, turn)) * 2 / max(len(mono), 1), 1e-10)))


def tenths(samples: Samples) -> list[Samples]:
    """The samples cut into tenths of a second."""
    return [samples[i : i + TENTH] for i in range(0, len(samples) - TENTH, TENTH)]


def loudest(samples: Samples, hertz: tuple[float, ...]) -> float:
    """The highest level of one of these tones in any tenth of a second."""
    return max(band_db(part, hz) for part in tenths(samples) for hz in hertz)


def first_heard(taken: Capture, hertz: tuple[float, ...], after_s: float, within_s: float) -> float:
    """Seconds from capture second `after_s` to the first 50 ms in which one of these tones is heard."""
    size = TENTH // 2

    def heard() -> float | None:
        samples = taken.samples()
        for start in range(int(after_s * RATE_HZ), len(samples) - size, size // 2):
            if any(band_db(samples[start : start + size], hz) > -45 for hz in hertz):
                return start / RATE_HZ - after_s + 1e-6
        return None

    return wait_until(heard, within_s, f"a tone of {hertz} Hz")
