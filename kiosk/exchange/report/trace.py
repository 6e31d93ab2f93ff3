"""Values and clocks of a session as plain columns: what is left of a reading when the report has read it. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from devices.reading import Quality, Value
from kiosk.record.reader import Row

NS = 1_000_000_000
USABLE = (Quality.VALID, Quality.QUESTIONABLE)


class Trace:
    """One quantity over time, as columns in order of time. number: None where the device vouched for none.

    seq: row of each. doubted: questionable. typed: (second, number) of what a person typed, apart.
    """

    def __init__(self) -> None:
        self.seq, self.t_s = array("q"), array("d")
        self.number: list[Decimal | None] = []
        self.doubted: list[bool] = []
        self.typed: list[tuple[float, Decimal]] = []
        self._typed_seq: list[int] = []
        self._same: dict[Decimal, Decimal] = {}  # a night has some fifty different numbers

    def take(self, seq: int, t_s: float, value: Value, is_typed: bool) -> None:
        """One value."""
        number, quality = value.number, value.quality
        if number is None or quality not in USABLE or not number.is_finite():
            number = None
        else:
            number = self._same.setdefault(number, number)
        if is_typed:
            if number is not None:
                self.typed.append((t_s, number))
                self._typed_seq.append(seq)
            return
        self.seq.append(seq)
        self.t_s.append(t_s)
        self.number.append(number)
        self.doubted.append(quality is Quality.QUESTIONABLE)

    def finished(self, withdrawn: frozenset[int]) -> Trace:
        """Without what was taken back, in order of time."""
        typed = zip(self._typed_seq, self.typed, strict=True)
        self.typed = sorted(told for seq, told in typed if seq not in withdrawn)
        if withdrawn.isdisjoint(self.seq) and all(a <= b for a, b in pairwise(self.t_s)):
            return self
        kept = sorted((i for i, seq in enumerate(self.seq) if seq not in withdrawn), key=lambda i: self.t_s[i])
        self.seq, self.t_s = array("q", (self.seq[i] for i in kept)), array("d", (self.t_s[i] for i in kept))
        self.number, self.doubted = [self.number[i] for i in kept], [self.doubted[i] for i in kept]
        return self

    @cached_property
    def shown(self) -> list[float | None]:
        """What a curve joins: the numbers as they are drawn, None where there is none or a doubted one."""
        pairs = zip(self.number, self.doubted, strict=True)
        return [None if number is None or doubted else float(number) for number, doubted in pairs]

    def usable(self, valid_only: bool = False) -> Iterator[tuple[float, bool]]:
        """(second, whether there is a number), for `kiosk.session.trend`."""
        for t_s, number, doubted in zip(self.t_s, self.number, self.doubted, strict=True):
            yield t_s, number is not None and not (valid_only and doubted)

    @cached_property
    def extent(self) -> tuple[float, ...]:
        """Lowest and highest of everything that is drawn; () for nothing."""
        numbers = {number for number in self.number if number is not None} | {number for _, number in self.typed}
        return (float(min(numbers)), float(max(numbers))) if numbers else ()


class Clocks:
    """Session second and UTC of every row, to go from one to the other."""

    def __init__(self) -> None:
        self.t_s, self.utc_ns = array("d"), array("q")

    def take(self, row: Row) -> None:
        """The next row."""
        self.t_s.append(row.t_s)
        self.utc_ns.append(row.stamp.utc_ns)

    def finished(self) -> Clocks:
        """In order of time; a clock that was set back keeps the second that its rows had."""
        if not all(a <= b for a, b in pairwise(self.t_s)):
            rows = sorted(zip(self.t_s, self.utc_ns, strict=True))
            self.t_s, self.utc_ns = array("d", (t for t, _ in rows)), array("q", (ns for _, ns in rows))
        self._by_utc = sorted(range(len(self.t_s)), key=self.utc_ns.__getitem__)
        return self

    def utc_at(self, t_s: float) -> int:
        """The instant of a session second, by the row before it."""
        near = max(0, bisect_right(self.t_s, t_s) - 1)
        return self.utc_ns[near] + round((t_s - self.t_s[near]) * NS)

    def second_at(self, utc_ns: int) -> float:
        """The session second of an instant, by the row before it; exact for a row's own."""
        near = self._by_utc[max(0, bisect_right(self._by_utc, utc_ns, key=self.utc_ns.__getitem__) - 1)]
        return self.t_s[near] + (utc_ns - self.utc_ns[near]) / NS
