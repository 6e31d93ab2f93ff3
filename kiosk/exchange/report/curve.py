"""From values to what a chart draws: stretches without a hole, and of each no more points than paper can show. Pure.

Nothing is averaged, joined across a hole or left out of its range: where many values share a column, its first,
lowest, highest and last are drawn, in their order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from kiosk.exchange.report.trace import Trace

Point = tuple[float, float]


def stretches(trace: Trace, hold_s: float, from_s: float, to_s: float) -> list[list[Point]]:
    """Runs of values that may be joined, within [from_s, to_s]: none missing, none doubted, none later than hold_s."""
    found: list[list[Point]] = []
    run: list[Point] = []
    last_s = from_s
    part = _part(trace, from_s, to_s)
    for t_s, number in zip(trace.t_s[part], trace.shown[part], strict=True):
        if run and (number is None or t_s - last_s > hold_s):
            found.append(run)
            run = []
        if number is not None:
            run.append((t_s, number))
            last_s = t_s
    return [*found, run] if run else found


def _part(trace: Trace, from_s: float, to_s: float) -> slice:
    return slice(bisect_left(trace.t_s, from_s), bisect_right(trace.t_s, to_s))


def drawn(run: Sequence[Point], column_s: float) -> list[Point]:
    """The points of one run. column_s: seconds within which nothing can be told apart."""
    width_s = run[-1][0] - run[0][0]
    if len(run) * column_s <= 2 * width_s or len(run) < 8:
        return list(_steps(run))
    return list(_columns(run, column_s))


def _steps(run: Sequence[Point]) -> Iterator[Point]:
    """Each value stands until the next; level stretches need only their ends."""
    last: Point | None = None
    for t_s, value in run:
        if last is None or value != last[1]:
            if last is not None:
                yield t_s, last[1]
            yield t_s, value
            last = (t_s, value)
    if last is not None and run[-1][0] > last[0]:
        yield run[-1]


def _columns(run: Sequence[Point], column_s: float) -> Iterator[Point]:
    at, low, high, first, last = -1, run[0], run[0], run[0], run[0]
    for point in run:
        column = int(point[0] / column_s)
        if column != at:
            if at >= 0:
                yield from _ordered(first, low, high, last)
            at, low, high, first = column, point, point, point
        elif point[1] < low[1]:
            low = point
        elif point[1] > high[1]:
            high = point
        last = point
    yield from _ordered(first, low, high, last)


def _ordered(*points: Point) -> list[Point]:
    return sorted(set(points))


def dots(trace: Trace, every_s: float, from_s: float, to_s: float) -> list[Point]:
    """Questionable values; closer than every_s, of each such stretch the lowest and the highest."""
    found: dict[int, list[Point]] = {}
    part = _part(trace, from_s, to_s)
    for t_s, number, doubted in zip(trace.t_s[part], trace.number[part], trace.doubted[part], strict=True):
        if doubted and number is not None:
            found.setdefault(int(t_s / every_s), []).append((t_s, float(number)))
    return sorted({end(group, key=lambda p: p[1]) for group in found.values() for end in (min, max)})


def beyond(run: Iterable[Point], level: float, is_low: bool) -> list[list[Point]]:
    """Parts of a drawn line that lie beyond a limit, cut at the limit itself."""
    parts: list[list[Point]] = []
    part: list[Point] = []
    before: Point | None = None
    for point in run:
        out = point[1] < level if is_low else point[1] > level
        was_out = before is not None and (before[1] < level if is_low else before[1] > level)
        if before is not None and out != was_out:
            part.append(_crossing(before, point, level))
        if out:
            part.append(point)
        elif part:
            parts.append(part)
            part = []
        before = point
    return [*parts, part] if part else parts


def _crossing(a: Point, b: Point, level: float) -> Point:
    share = (level - a[1]) / (b[1] - a[1])
    return a[0] + share * (b[0] - a[0]), level
