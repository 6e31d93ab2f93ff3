"""From readings to what a plot draws: steps as received, holes where nothing is known. Pure, numpy only.

Nothing here fills, smooths or joins: a reading without a valid number ends the line.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from kiosk.line.screen import LimitLine, Point
from kiosk.session.trend import gaps


class Curve(msgspec.Struct):
    """One plot's content. beyond: side -> (times, values beyond the limit else NaN, the limit)."""

    t: np.ndarray
    values: np.ndarray
    doubtful_t: np.ndarray
    doubtful: np.ndarray
    typed: list[tuple[float, float]]
    gaps: list[tuple[float, float]]
    beyond: dict[str, tuple[np.ndarray, np.ndarray, float]]


def pulse_points(points: Sequence[Point]) -> list[Point]:
    """The same readings with the pulse in SpO2's place, so that its own holes are found."""
    return [Point(p.t_s, p.pulse, p.pulse_quality, p.spo2, p.spo2_quality, p.typed) for p in points]


def steps(t: np.ndarray, values: np.ndarray, hold_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Each value stands until the next one; after a silence longer than hold_s, or at a NaN, the line ends."""
    if t.size < 2:
        return t, values
    broken = np.diff(t) > hold_s
    bridge = np.where(broken, np.nan, values[:-1])
    out_t, out_v = np.empty(2 * t.size - 1), np.empty(2 * t.size - 1)
    out_t[0::2], out_v[0::2] = t, values
    out_t[1::2], out_v[1::2] = t[1:], bridge
    return out_t, out_v


def _limits(limits: Sequence[LimitLine]) -> dict[str, float]:
    """The limit met first on each side."""
    low = [i.value for i in limits if i.side == "low"]
    high = [i.value for i in limits if i.side == "high"]
    return ({"low": max(low)} if low else {}) | ({"high": min(high)} if high else {})


def _beyond(t: np.ndarray, values: np.ndarray, side: str, level: float) -> tuple[np.ndarray, np.ndarray, float]:
    with np.errstate(invalid="ignore"):
        out = values < level if side == "low" else values > level
    if not out.any():
        return np.empty(0), np.empty(0), level
    # the neighbours belong to it: the line crosses the limit between two points, clamped to the limit itself
    keep = out.copy()
    keep[:-1] |= out[1:]
    keep[1:] |= out[:-1]
    clamped = np.minimum(values, level) if side == "low" else np.maximum(values, level)
    return t, np.where(keep, clamped, np.nan), level


def curve(
    points: Sequence[Point],
    limits: Sequence[LimitLine],
    until_s: float,
    stale_after_s: float,
    dot_every_s: float,
    since_s: float,
) -> Curve:
    """What to draw of the SpO2 in `points` (ordered by time) for one plot.

    since_s: the first second that is shown; older gaps are not sought. dot_every_s: doubtful dots closer than this
    would merge into a line.
    """
    measured = [p for p in points if not p.typed]
    typed = [(p.t_s, p.spo2) for p in points if p.typed and p.spo2 is not None]
    t = np.array([p.t_s for p in measured])
    value = np.array([np.nan if p.spo2 is None else p.spo2 for p in measured], dtype=float)
    doubt = np.array([p.spo2_quality == "questionable" for p in measured], dtype=bool)
    usable = np.array([p.spo2_quality in ("valid", "questionable") for p in measured], dtype=bool)
    clean = np.where(doubt | ~usable, np.nan, value) if t.size else value
    line_t, line_v = steps(t, clean, stale_after_s)
    known = [(p.t_s, u) for p, u in zip(measured, (usable & np.isfinite(value)).tolist(), strict=True)]
    dots = _thinned(t, doubt & np.isfinite(value), dot_every_s)
    return Curve(
        line_t,
        line_v,
        t[dots],
        value[dots],
        typed,
        [g for g in gaps(known, until_s, stale_after_s) if g[1] >= since_s],
        {side: _beyond(line_t, line_v, side, level) for side, level in _limits(limits).items()},
    )


def _thinned(t: np.ndarray, wanted: np.ndarray, every_s: float) -> np.ndarray:
    chosen: list[int] = []
    last = -np.inf
    for i in np.flatnonzero(wanted):
        if t[i] - last >= every_s:
            chosen.append(int(i))
            last = t[i]
    return np.array(chosen, dtype=int)


def per_pixel(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At most lowest and highest value of each pixel column, when many points share one; a hole in it stays a hole.

    For hours in one window: no dip gets lost, and the line is never longer than the screen can show.
    """
    if x.size == 0 or x.size <= 4 * (x[-1] - x[0] + 1):
        return x, y
    first = np.flatnonzero(np.diff(np.floor(x), prepend=-np.inf))
    low, high = np.fmin.reduceat(y, first), np.fmax.reduceat(y, first)
    broken = np.logical_or.reduceat(np.isnan(y), first)
    out_x = np.repeat(np.floor(x[first]), 3)
    out_y = np.column_stack([low, high, np.where(broken, np.nan, high)]).ravel()
    return out_x, out_y
