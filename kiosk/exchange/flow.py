"""Breaks text in two weights into lines of a width. Pure: how wide a word is, is a parameter.

No letter is ever lost: what is wider than a whole line is broken within the word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

Measure = Callable[[str, bool], float]
"""Width of a text, heavy or not, in the unit of the line's width."""


class Span(NamedTuple):
    """A stretch of one line in one weight."""

    text: str
    heavy: bool


Line = tuple[Span, ...]


def broken(spans: Iterable[Span], width: float, measure: Measure) -> list[Line]:
    """The lines, at least one. Line ends within the text are kept."""
    lines: list[list[Span]] = [[]]
    used = 0.0
    for word in _words(spans):
        if word.text == "\n":
            lines.append([])
            used = 0.0
            continue
        for piece in _pieces(word, width, measure):
            needed = measure(f" {piece.text}" if lines[-1] else piece.text, piece.heavy)
            if lines[-1] and used + needed > width:
                lines.append([])
                used, needed = 0.0, measure(piece.text, piece.heavy)
            lines[-1].append(piece)
            used += needed
    return [_joined(line) for line in lines]


def _words(spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        for i, line in enumerate(span.text.split("\n")):
            if i:
                yield Span("\n", span.heavy)
            yield from (Span(word, span.heavy) for word in line.split(" ") if word)


def _pieces(word: Span, width: float, measure: Measure) -> Iterator[Span]:
    """The word, or as many letters at a time as a line takes (one at least)."""
    rest = word.text
    while rest:
        end = _fitting(rest, lambda text: measure(text, word.heavy) <= width)
        yield Span(rest[:end], word.heavy)
        rest = rest[end:]


def _fitting(text: str, fits: Callable[[str], bool]) -> int:
    """How many letters fit, one at least; halved again and again, so that a whole page without a space is quick."""
    if fits(text):
        return len(text)
    low, high = 1, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle)
    return low


def _joined(line: list[Span]) -> Line:
    """Words of one weight as one text; the space to the next weight goes with the first."""
    groups = [(heavy, " ".join(word.text for word in words)) for heavy, words in groupby(line, lambda w: w.heavy)]
    last = len(groups) - 1
    return tuple(Span(text if i == last else f"{text} ", heavy) for i, (heavy, text) in enumerate(groups))
