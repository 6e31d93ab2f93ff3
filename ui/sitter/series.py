"""From readings to what a plot draws: steps as received, holes where nothing is known. Pure, numpy only.

Nothing here fills, smooths or joins: a reading without a valid number ends the line.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from kiosk.line.screen import LimitLine, Point


class Readings(msgspec.Struct):
    """Measured points as columns, and typed ones apart. number: NaN where none is usable; doubt: questionable."""

    t: np.ndarray
    number: np.ndarray
    doubt: np.ndarray
    typed: tuple[tuple[float, float], ...] = ()

    def joined(self, later: Readings) -> Readings:
        """These and later ones, in order of time."""
        t = np.concatenate([self.t, later.t])
        number, doubt = np.concatenate([self.number, later.number]), np.concatenate([self.doubt, later.doubt])
        if self.t.size and later.t.size and later.t[0] < self.t[-1]:
            order = np.argsort(t, kind="stable")
            t, number, doubt = t[order], number[order], doubt[order]
        return Readings(t, number, doubt, (*self.typed, *later.typed))

    def since(self, t_s: float) -> Readings:
        """Those from t_s on, with the last good one before, so that a line or a gap enters from the left."""
        start = int(np.searchsorted(self.t, t_s))
        good = np.flatnonzero(np.isfinite(self.number[:start]))
        start = int(good[-1]) if good.size else 0
        return Readings(self.t[start:], self.number[start:], self.doubt[start:], self.typed)


class Curve(msgspec.Struct):
    """One plot's content. beyond: side -> (times, values beyond the limit else NaN, the limit)."""

    t: np.ndarray
    values: np.ndarray
    doubtful_t: np.ndarray
    doubtful: np.ndarray
    typed: tuple[tuple[float, float], ...]
    gaps: list[tuple[float, float]]
    beyond: dict[str, tuple[np.ndarray, np.ndarray, float]]


def columns(points: Sequence[Point], pulse: bool = False) -> Readings:
    """SpO2, or the pulse, of `points`."""
    values = [(p.pulse, p.pulse_quality) if pulse else (p.spo2, p.spo2_quality) for p in points]
    usable = [v is not None and quality in ("valid", "questionable") for v, quality in values]
    measured = [i for i, p in enumerate(points) if not p.typed]
    return Readings(
        np.array([points[i].t_s for i in measured], dtype=float),
        np.array([values[i][0] if usable[i] else np.nan for i in measured], dtype=float),
        np.array([values[i][1] == "questionable" for i in measured], dtype=bool),
        tuple((p.t_s, v) for p, (v, _q) in zip(points, values, strict=True) if p.typed and v is not None),
    )


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
    readings: Readings,
    limits: Sequence[LimitLine],
    until_s: float,
    stale_after_s: float,
    dot_every_s: float,
    since_s: float,
) -> Curve:
    """What one plot draws.

    since_s: the first second that is shown; older gaps are not sought. dot_every_s: doubtful dots closer than this
    would merge into a line.
    """
    t, number = readings.t, readings.number
    line_t, line_v = _corners(*steps(t, np.where(readings.doubt, np.nan, number), stale_after_s))
    dots = _thinned(t, readings.doubt & np.isfinite(number), dot_every_s)
    return Curve(
        line_t,
        line_v,
        t[dots],
        number[dots],
        readings.typed,
        [g for g in _gaps(t[np.isfinite(number)], until_s, stale_after_s) if g[1] >= since_s],
        {side: _beyond(line_t, line_v, side, level) for side, level in _limits(limits).items()},
    )


def _corners(t: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without the points in the middle of a level stretch: the same line from fewer points."""
    if t.size < 3:
        return t, values
    level = (values[1:-1] == values[:-2]) & (values[1:-1] == values[2:])
    keep = np.concatenate([[True], ~level, [True]])
    return t[keep], values[keep]


def _gaps(t: np.ndarray, until_s: float, stale_after_s: float) -> list[tuple[float, float]]:
    """What `kiosk.session.trend.gaps` finds between good values, many thousand times an evening."""
    t = t[t <= until_s]
    ends = np.append(t, until_s)
    at = np.flatnonzero(np.diff(ends) > stale_after_s)
    return [(float(t[i]), float(ends[i + 1])) for i in at]


def _thinned(t: np.ndarray, wanted: np.ndarray, every_s: float) -> np.ndarray:
    chosen: list[int] = []
    last = -np.inf
    for i in np.flatnonzero(wanted):
        if t[i] - last >= every_s:
            chosen.append(int(i))
            last = t[i]
    return np.array(chosen, dtype=int)


def per_pixel(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of each pixel column, when many points share one; a hole in it parts it from the others.

    For hours in one window: no dip gets lost, no line crosses a hole, and it is never longer than the screen can show.
    """
    if x.size == 0 or x.size <= 3 * (x[-1] - x[0] + 1):
        return x, y
    first = np.flatnonzero(np.diff(np.floor(x), prepend=-np.inf))
    low, high = np.fmin.reduceat(y, first), np.fmax.reduceat(y, first)
    none = np.isnan(y)
    broken = np.logical_or.reduceat(none, first)
    none[first] = False  # a hole that ends in this column parts it from the one before alone
    broken_behind = np.logical_or.reduceat(none, first)
    column, hole = np.floor(x[first]), np.full(first.size, np.nan)
    # one level value that stands alone is drawn as wide as its pixel, else nothing of it would be seen
    alone = broken & ~(high > low)
    out_x = np.column_stack([column, column, column + np.where(alone, 0.9, 0.0), column])
    out_y = np.column_stack([hole, low, high, hole])
    keep = np.column_stack([broken, np.full(first.size, True), (high > low) | alone, broken_behind]).ravel()
    return out_x.ravel()[keep], out_y.ravel()[keep]
