"""What a figure is, and how it is taken: ours and its reference in turns, so that a busy minute meets both."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Literal

import msgspec

Unit = Literal["s", "MiB", "core"]


class Goal(msgspec.Struct, frozen=True):
    """What a figure is to reach: `times` the reference at most, `beyond` it by at most so much, or `itself` at most.

    in_every_round: the worst of the rounds is held against it, not the median.
    """

    kind: Literal["times", "beyond", "itself"]
    most: float
    in_every_round: bool = False

    def of(self, ours: float, reference: float) -> float:
        """What of a pair is held against `most`."""
        return {"times": ours / reference, "beyond": ours - reference, "itself": ours}[self.kind]

    def words(self, unit: Unit) -> str:
        """ "at most 1.5 x"."""
        if self.kind == "times":
            return f"at most {self.most:g} x"
        after = " beyond it" if self.kind == "beyond" else ""
        return f"at most {shown(self.most, unit)}{after}{' in every round' if self.in_every_round else ''}"


class Figure(msgspec.Struct, frozen=True):
    """One comparison. ours and reference do the work once and return a cost in `unit`: less is better.

    unit: seconds, MiB of memory, or the share of one core. over: called behind the last round.
    """

    name: str
    ours_is: str
    reference_is: str
    ours: Callable[[], float]
    reference: Callable[[], float]
    goal: Goal | None = None
    unit: Unit = "s"
    over: Callable[[], None] | None = None


class Result(msgspec.Struct, frozen=True):
    """Costs as measured, round by round. ratio_*: of the pairs of one round, so that both had the same machine."""

    name: str
    ours_is: str
    reference_is: str
    ours: tuple[float, ...]
    reference: tuple[float, ...]
    ratio_median: float
    ratio_lowest: float
    ratio_highest: float
    goal: Goal | None = None
    unit: Unit = "s"

    @property
    def against_goal(self) -> float | None:
        """The median, or the worst, of what is held against the goal."""
        goal = self.goal
        if goal is None:
            return None
        chosen = max if goal.in_every_round else median
        return chosen(goal.of(*pair) for pair in zip(self.ours, self.reference, strict=True))

    @property
    def is_reached(self) -> bool | None:
        """Whether the median is within the goal; None where there is none."""
        found = self.against_goal
        return None if found is None or self.goal is None else found <= self.goal.most

    @property
    def sentence(self) -> str:
        """The figure in one line."""
        goal = (
            f"; goal {self.goal.words(self.unit)}: {'reached' if self.is_reached else 'NOT REACHED'}"
            if self.goal
            else ""
        )
        return (
            f"{self.name}: {self.ratio_median:.2f} x ({self.ratio_lowest:.2f} to {self.ratio_highest:.2f}); "
            f"{shown(median(self.ours), self.unit)} against {shown(median(self.reference), self.unit)}{goal}"
        )


def take(figure: Figure, rounds: int, told: Callable[[str], None]) -> Result:
    """Measure a figure `rounds` times. The first of each pair changes from round to round. One warm-up is not kept."""
    try:
        pairs = _pairs(figure, rounds, told)
    finally:
        if figure.over is not None:
            figure.over()
    return _result(figure, pairs)


def _pairs(figure: Figure, rounds: int, told: Callable[[str], None]) -> list[tuple[float, float]]:
    figure.reference(), figure.ours()
    pairs: list[tuple[float, float]] = []
    for i in range(rounds):
        if i % 2:
            reference, ours = figure.reference(), figure.ours()
        else:
            ours, reference = figure.ours(), figure.reference()
        pairs.append((ours, reference))
        unit = figure.unit
        told(f"{figure.name}: round {i + 1} of {rounds}: {shown(ours, unit)} against {shown(reference, unit)}")
    return pairs


def _result(figure: Figure, pairs: list[tuple[float, float]]) -> Result:
    ratios = [ours / reference for ours, reference in pairs]
    ours_all, references = zip(*pairs, strict=True)
    return Result(
        figure.name,
        figure.ours_is,
        figure.reference_is,
        tuple(round(cost, 6) for cost in ours_all),
        tuple(round(cost, 6) for cost in references),
        round(median(ratios), 3),
        round(min(ratios), 3),
        round(max(ratios), 3),
        figure.goal,
        figure.unit,
    )


def shown(cost: float, unit: Unit) -> str:
    """A cost with its unit, three digits."""
    if unit == "MiB":
        return f"{cost:.0f} MiB"
    if unit == "core":
        return f"{cost:.1%} of a core"
    return f"{cost * 1000:.1f} ms" if abs(cost) < 1 else f"{cost:.2f} s"
