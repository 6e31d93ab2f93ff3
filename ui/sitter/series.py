"""Readings as columns that grow at their end: what a plot draws from, and where nothing is known. Pure, numpy only.

Nothing here fills, smooths or joins: a reading without a valid number ends the line.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.line.chart import Point
from ui.array import np

DOTS_A_ROW = 64


class Tape:
    """An array that grows at its end and is copied only when its room is used up."""

    def __init__(self, values: np.ndarray) -> None:
        self._room, self._size = values, values.size

    @property
    def all(self) -> np.ndarray:
        """Everything so far: a view, not a copy."""
        return self._room[: self._size]

    def add(self, later: np.ndarray) -> None:
        """Append."""
        end = self._size + later.size
        if end > self._room.size:
            room = np.empty(max(2 * self._room.size, end), self._room.dtype)
            room[: self._size] = self.all
            self._room = room
        self._room[self._size : end] = later
        self._size = end


class Readings:
    """Measured points in order of time, and typed ones apart.

    t: session seconds. number: NaN where none is usable. doubt: whether it is questionable. line: the number where it
    is valid, else NaN. known: the seconds that have a usable number.
    """

    def __init__(
        self, t: np.ndarray, number: np.ndarray, doubt: np.ndarray, typed: tuple[tuple[float, float], ...] = ()
    ) -> None:
        self._take(t, number, doubt)
        self.typed = typed

    def _take(self, t: np.ndarray, number: np.ndarray, doubt: np.ndarray) -> None:
        self._t, self._number, self._doubt = Tape(t), Tape(number), Tape(doubt)
        self._line, self._known = Tape(np.where(doubt, np.nan, number)), Tape(t[np.isfinite(number)])

    @property
    def t(self) -> np.ndarray:
        return self._t.all

    @property
    def number(self) -> np.ndarray:
        return self._number.all

    @property
    def doubt(self) -> np.ndarray:
        return self._doubt.all

    @property
    def line(self) -> np.ndarray:
        return self._line.all

    @property
    def known(self) -> np.ndarray:
        return self._known.all

    def add(self, later: Readings) -> None:
        """Take more of them; what comes late goes to its place."""
        self.typed = (*self.typed, *later.typed)
        if self.t.size and later.t.size and later.t[0] < self.t[-1]:
            t = np.concatenate([self.t, later.t])
            order = np.argsort(t, kind="stable")
            number, doubt = np.concatenate([self.number, later.number]), np.concatenate([self.doubt, later.doubt])
            self._take(t[order], number[order], doubt[order])
            return
        for mine, more in zip(self._tapes(), later._tapes(), strict=True):
            mine.add(more.all)

    def _tapes(self) -> tuple[Tape, ...]:
        return self._t, self._number, self._doubt, self._line, self._known

    def known_before(self, t_s: float) -> float:
        """The last second before t_s with a usable number; t_s itself where there is none."""
        at = int(np.searchsorted(self.known, t_s))
        return float(self.known[at - 1]) if at else t_s

    def gaps(self, start_s: float, end_s: float, until_s: float, stale_after_s: float) -> list[tuple[float, float]]:
        """What `kiosk.session.trend.gaps` finds, of those that touch start_s to end_s.

        until_s: now; an open gap ends there.
        """
        known = self.known
        first = max(0, int(np.searchsorted(known, start_s)) - 1)
        known = known[first : int(np.searchsorted(known, end_s, side="right")) + 1]
        known = known[: int(np.searchsorted(known, until_s, side="right"))]
        edges = np.append(known, until_s)
        at = np.flatnonzero(np.diff(edges) > stale_after_s)
        return [(float(edges[i]), float(edges[i + 1])) for i in at]

    def dots(self, start_s: float, end_s: float, every_s: float) -> tuple[np.ndarray, np.ndarray]:
        """Doubtful readings from start_s to end_s, thinned: closer than every_s they would merge into a line.

        Which ones stay hangs on the clock, so that each part of the picture chooses the same.
        """
        row_s = every_s * DOTS_A_ROW
        first, last = np.searchsorted(self.t, [start_s // row_s * row_s, end_s], side="left")
        at = int(first) + np.flatnonzero(self.doubt[first:last] & np.isfinite(self.number[first:last]))
        chosen = at[_spaced(self.t[at], every_s, row_s)]
        chosen = chosen[self.t[chosen] >= start_s]
        return self.t[chosen], self.number[chosen]


def _spaced(t: np.ndarray, every_s: float, row_s: float) -> list[int]:
    chosen: list[int] = []
    at = 0
    while at < t.size:
        chosen.append(at)
        row_ends_s = (t[at] // row_s + 1) * row_s
        at = int(np.searchsorted(t, min(t[at] + every_s, row_ends_s)))
    return chosen


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
