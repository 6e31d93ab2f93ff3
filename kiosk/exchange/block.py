"""Pieces of a printed page that know their height before they are drawn: text, a mark, a stack, side by side.

A page is composed of blocks, measured as a whole, and only then drawn: so it is known beforehand whether it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kiosk.exchange.flow import Span
from kiosk.exchange.pdf import MM_PER_PT, Document

LEADING = 1.2  # from one line to the next, times the size
_ASCENT = 0.95  # from the top of a line to the letters' foot, times the size


class Block(NamedTuple):
    """height in mm, and how to draw it with its upper left corner at (x, y)."""

    height: float
    draw: Callable[[float, float], None]


def text(doc: Document, spans: Sequence[Span], width: float, size_pt: float, *, grey: float = 0.0) -> Block:
    """Text broken to a width. grey: 0 black to 1 white."""
    lines = doc.lines(spans, width, size_pt)
    leading = size_pt * LEADING * MM_PER_PT

    def draw(x: float, y: float) -> None:
        for i, line in enumerate(lines):
            doc.line(x, y + i * leading + size_pt * _ASCENT * MM_PER_PT, line, size_pt, grey)

    return Block(len(lines) * leading, draw)


def plain(doc: Document, words: str, width: float, size_pt: float, *, heavy: bool = False, grey: float = 0.0) -> Block:
    """Text in one weight."""
    return text(doc, (Span(words, heavy),), width, size_pt, grey=grey)


def space(height: float) -> Block:
    """Nothing, of this height."""

    def draw(x: float, y: float) -> None:
        pass

    return Block(height, draw)


def rule(doc: Document, width: float, mm: float = 0.2) -> Block:
    """A line across, with no height of its own."""

    def draw(x: float, y: float) -> None:
        doc.rule(x, y, x + width, y, mm)

    return Block(0.0, draw)


def tick_box(doc: Document, em: float) -> Block:
    """A small square for a pen, beside letters of size `em` in mm."""

    def draw(x: float, y: float) -> None:
        doc.box(x, y + 0.22 * em, 0.75 * em, 0.75 * em, mm=0.25)

    return Block(em, draw)


def stack(blocks: Iterable[Block], gap: float = 0.0) -> Block:
    """One below the other. gap: mm between two."""
    parts = tuple(blocks)

    def draw(x: float, y: float) -> None:
        for block in parts:
            block.draw(x, y)
            y += block.height + gap

    return Block(sum(b.height for b in parts) + gap * max(0, len(parts) - 1), draw)


def beside(blocks: Iterable[tuple[float, Block]]) -> Block:
    """Next to each other, each at its distance from the left; as high as the highest."""
    parts = tuple(blocks)

    def draw(x: float, y: float) -> None:
        for dx, block in parts:
            block.draw(x + dx, y)

    return Block(max((b.height for _, b in parts), default=0.0), draw)


def padded(block: Block, pad: float) -> Block:
    """With room on all sides."""

    def draw(x: float, y: float) -> None:
        block.draw(x + pad, y + pad)

    return Block(block.height + 2 * pad, draw)


def framed(doc: Document, block: Block, width: float, mm: float) -> Block:
    """With a line of `mm` around it."""

    def draw(x: float, y: float) -> None:
        block.draw(x, y)
        doc.box(x, y, width, block.height, mm=mm)

    return Block(block.height, draw)


def filled(doc: Document, block: Block, width: float, grey: float, height: float | None = None) -> Block:
    """On a ground of grey, 0 black to 1 white. height: at least this high."""
    whole = max(block.height, height or 0.0)

    def draw(x: float, y: float) -> None:
        doc.box(x, y, width, whole, fill=grey)
        block.draw(x, y)

    return Block(whole, draw)
