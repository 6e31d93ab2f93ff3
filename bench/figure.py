"""What a figure is, and how it is taken: ours and its reference in turns, so that a busy minute meets both."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """One comparison. ours and reference do the work once and return seconds; `unit_s` is only for printing."""

    name: str
    ours_is: str
    reference_is: str
    ours: Callable[[], float]
    reference: Callable[[], float]


class Result(msgspec.Struct, frozen=True):
    """Seconds as measured. ratio_*: of the pairs of one round, so that both had the same machine."""

    name: str
    ours_is: str
    reference_is: str
    ours_s: tuple[float, ...]
    reference_s: tuple[float, ...]
    ratio_median: float
    ratio_lowest: float
    ratio_highest: float

    @property
    def sentence(self) -> str:
        """The figure in one line."""
        return (
            f"{self.name}: {self.ratio_median:.2f} x ({self.ratio_lowest:.2f} to {self.ratio_highest:.2f}); "
            f"{_shown(median(self.ours_s))} against {_shown(median(self.reference_s))}"
        )


def take(figure: Figure, rounds: int, told: Callable[[str], None]) -> Result:
    """Measure a figure `rounds` times. The first of each pair changes from round to round. One warm-up is not kept."""
    figure.reference(), figure.ours()
    pairs: list[tuple[float, float]] = []
    for i in range(rounds):
        if i % 2:
            reference_s, ours_s = figure.reference(), figure.ours()
        else:
            ours_s, reference_s = figure.ours(), figure.reference()
        pairs.append((ours_s, reference_s))
        told(f"{figure.name}: round {i + 1} of {rounds}: {_shown(ours_s)} against {_shown(reference_s)}")
    ratios = [ours_s / reference_s for ours_s, reference_s in pairs]
    ours, references = zip(*pairs, strict=True)
    return Result(
        figure.name,
        figure.ours_is,
        figure.reference_is,
        tuple(round(s, 6) for s in ours),
        tuple(round(s, 6) for s in references),
        round(median(ratios), 3),
        round(min(ratios), 3),
        round(max(ratios), 3),
    )


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
