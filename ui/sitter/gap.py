"""Where the chart knows nothing: from the last valid second to the next one."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.line.screen import Point


def gaps(points: Sequence[Point], until_s: float, stale_after_s: float) -> list[tuple[float, float]]:
    """(from_s, to_s) of every stretch longer than stale_after_s without a usable SpO2 in `points`, up to until_s."""
    found: list[tuple[float, float]] = []
    last: float | None = None
    for point in points:
        if point.spo2 is None or point.spo2_quality not in ("valid", "questionable"):
            continue
        if last is not None and point.t_s - last > stale_after_s:
            found.append((last, point.t_s))
        last = point.t_s
    if last is not None and until_s - last > stale_after_s:
        found.append((last, until_s))
    return found
