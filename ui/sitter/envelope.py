"""The lowest and the highest value that stands in each column of pixels. Pure, numpy only.

A value stands from its reading until the next one, so that neighbouring columns of an unbroken line share a value.
Where nothing is known a column is empty, and no line can cross it. No dip gets lost, however many hours share a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ui.array import np


class Envelope(NamedTuple):
    """low, high: NaN in an empty column. joined: whether the line runs over the column's left edge without a hole."""

    low: np.ndarray
    high: np.ndarray
    joined: np.ndarray


def envelope(t: np.ndarray, line: np.ndarray, edges: np.ndarray, stale_after_s: float) -> Envelope:
    """Of readings at t, in order; line: their values, NaN ends the line. edges: seconds between which a column lies.

    After a silence longer than stale_after_s the value before it does not stand: the line ends at its reading. A hole
    within a column parts it from the one before.
    """
    after = np.searchsorted(t, edges)
    inside = slice(after[0], after[-1])
    low, high = np.full(edges.size - 1, np.nan), np.full(edges.size - 1, np.nan)
    filled = np.flatnonzero(np.diff(after))
    if filled.size:
        starts = after[filled] - after[0]
        low[filled], high[filled] = np.fmin.reduceat(line[inside], starts), np.fmax.reduceat(line[inside], starts)
    standing = _standing(t, line, edges[:-1], after[:-1], stale_after_s)
    joined = np.isfinite(standing)
    silent = np.diff(t[inside], prepend=np.inf) > stale_after_s
    holes = t[inside][np.isnan(line[inside]) | silent]
    joined[np.searchsorted(edges, holes, side="right") - 1] = False
    return Envelope(np.fmin(low, standing), np.fmax(high, standing), joined)


def _standing(
    t: np.ndarray, line: np.ndarray, edges: np.ndarray, after: np.ndarray, stale_after_s: float
) -> np.ndarray:
    """The value that stands at each edge; after: the first reading at or behind each."""
    standing = np.full(after.size, np.nan)
    between = np.flatnonzero((after > 0) & (after < t.size))
    following = after[between]
    is_ending = (t[following] == edges[between]) & np.isnan(line[following])
    between = between[(t[following] - t[following - 1] <= stale_after_s) & ~is_ending]
    standing[between] = line[after[between] - 1]
    return standing


def widened(shape: Envelope, by: int) -> Envelope:
    """Upright strokes `by` columns wide instead of one, to the right and left in turns; never over a hole."""
    low, high, joined = shape
    for n in range(1, by):
        moved_low, moved_high = np.full(low.size, np.nan), np.full(high.size, np.nan)
        if n % 2:
            moved_low[1:], moved_high[1:] = np.where(joined[1:], (low[:-1], high[:-1]), np.nan)
        else:
            moved_low[:-1], moved_high[:-1] = np.where(joined[1:], (low[1:], high[1:]), np.nan)
        low, high = np.fmin(low, moved_low), np.fmax(high, moved_high)
    return Envelope(low, high, joined)


def outlines(top: np.ndarray, bottom: np.ndarray, joined: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Closed outlines of what lies between top and bottom, one for each unbroken run of columns: their edges, and y."""
    known = np.isfinite(top) & np.isfinite(bottom)
    begins = known & ~np.concatenate([[False], known[:-1] & joined[1:]])
    ends = known & ~np.concatenate([known[1:] & joined[1:], [False]])
    for start, end in zip(np.flatnonzero(begins), np.flatnonzero(ends) + 1, strict=True):
        x = np.repeat(np.arange(start, end + 1), 2)[1:-1]
        upper, lower = np.repeat(top[start:end], 2), np.repeat(bottom[start:end], 2)
        level = (np.diff(upper) == 0) & (np.diff(lower) == 0)
        corner = np.concatenate([[True], ~(level[1:] & level[:-1]), [True]])
        x, upper, lower = x[corner], upper[corner], lower[corner]
        yield np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]])


def beyond(shape: Envelope, is_low: bool, level: float) -> Envelope:
    """What of it lies below a lower limit, or above an upper one; empty elsewhere."""
    low, high, joined = shape
    with np.errstate(invalid="ignore"):
        out = low < level if is_low else high > level
    if is_low:
        return Envelope(np.where(out, low, np.nan), np.where(out, np.minimum(high, level), np.nan), joined)
    return Envelope(np.where(out, np.maximum(low, level), np.nan), np.where(out, high, np.nan), joined)
