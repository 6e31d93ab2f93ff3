"""Where nothing is known: the one definition of a gap, used by chart, report and statistics alike.

Pure. A gap runs from the last second with a usable value to the next one, if they are further apart than a value
may be old. Nothing is ever drawn, averaged or counted across it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

Span = tuple[float, float]


def gaps(
    points: Iterable[tuple[float, bool]], until_s: float, stale_after_s: float = 15.0, since_s: float | None = None
) -> list[Span]:
    """Gaps as (from_s, to_s). points: (second, whether it has a usable value), in order of time.

    until_s: now, or the end; an open gap ends there. since_s: from when values were to be expected; without it
    nothing is a gap before the first usable value.
    """
    known = [t_s for t_s, usable in points if usable and t_s <= until_s]
    start = [since_s] if since_s is not None and (not known or since_s < known[0]) else []
    edges = [*start, *known, until_s]
    return [(a, b) for a, b in pairwise(edges) if b - a > stale_after_s]


def valid_share(points: Iterable[tuple[float, bool]], since_s: float, until_s: float, stale_after_s: float) -> float:
    """Share of the time from `since_s` to `until_s` that no gap covers, 0 to 1; 0 for no time at all."""
    whole = until_s - since_s
    if whole <= 0:
        return 0.0
    listed = [(t_s, usable) for t_s, usable in points if since_s <= t_s <= until_s]
    missing = sum(b - a for a, b in gaps(listed, until_s, stale_after_s, since_s))
    return max(0.0, 1.0 - missing / whole)
