"""Which recorded reading an instant of the chart means: the nearest, never a value between two. Pure, numpy only."""

from __future__ import annotations

import msgspec
import numpy as np

from ui.sitter.series import Readings


class Nearest(msgspec.Struct, frozen=True):
    """A recorded reading. number: None where it holds no usable value; doubtful: questionable."""

    t_s: float
    number: float | None
    doubtful: bool


def nearest(readings: Readings, t_s: float, reach_s: float) -> Nearest | None:
    """The measured reading next to t_s, None where none is within reach_s: in a gap there is none."""
    if not readings.t.size:
        return None
    after = int(np.searchsorted(readings.t, t_s))
    around = [i for i in (after - 1, after) if 0 <= i < readings.t.size]
    best = min(around, key=lambda i: abs(float(readings.t[i]) - t_s))
    at_s = float(readings.t[best])
    if abs(at_s - t_s) > reach_s:
        return None
    value = float(readings.number[best])
    return Nearest(at_s, None if np.isnan(value) else value, bool(readings.doubt[best]))


def step(readings: Readings, t_s: float, by: int) -> float | None:
    """The second of the next (+1) or previous (-1) recorded reading, None at the end."""
    if by > 0:
        at = int(np.searchsorted(readings.t, t_s + 0.001, side="right"))
    else:
        at = int(np.searchsorted(readings.t, t_s - 0.001, side="left")) - 1
    return float(readings.t[at]) if 0 <= at < readings.t.size else None
