"""Pages that fill from top to bottom: blocks are placed first and drawn when it is known how many pages there are.

A block that does not fit begins the next page; a text or table row that is longer than a page goes on there. No
block is cut, none lies over another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from kiosk.exchange.block import LEADING, Block, beside, filled, framed, plain, rule, space, stack
from kiosk.exchange.flow import Span
from kiosk.exchange.pdf import MM_PER_PT, Document
from kiosk.exchange.report.letter import Letters

MARGIN, GAP = 12.0, 3.0  # mm
BODY_PT, SMALL_PT, SECTION_PT, TITLE_PT = 9.0, 7.5, 11.5, 17.0
FAINT = 0.3  # grey of what is not read first; still black enough for a copy of a copy
_TOGETHER = 0.35  # a row up to this share of a page is not broken
_LEAST_BELOW_TITLE = 18.0  # mm


class Cell(NamedTuple):
    """A text in one weight."""

    words: str
    heavy: bool = False


class Placed(NamedTuple):
    """A block and its upper left corner."""

    x: float
    y: float
    block: Block


class Sheets:
    """The pages in the making. header, footer: drawn on each; (page, of how many) -> block, always equally high."""

    def __init__(
        self,
        doc: Document,
        letters: Letters,
        header: Callable[[int, int], Block],
        footer: Callable[[int, int], Block],
    ) -> None:
        self.doc, self.letters = doc, letters
        self.width = doc.width - 2 * MARGIN
        self._header, self._footer = header, footer
        self._top = MARGIN + header(1, 1).height + GAP
        self._bottom = doc.height - MARGIN - footer(1, 1).height - GAP / 2
        self._pages: list[list[Placed]] = [[]]
        self._entries: list[tuple[int, float, str]] = []
        self._y = self._top

    @property
    def room(self) -> float:
        """mm that are left on this page."""
        return self._bottom - self._y

    @property
    def whole(self) -> float:
        """mm of an empty page."""
        return self._bottom - self._top

    def turn(self) -> None:
        """The next page, unless this one is empty."""
        if self._pages[-1]:
            self._pages.append([])
            self._y = self._top

    def gap(self, mm: float = GAP) -> None:
        """Nothing, of this height; not at the top of a page."""
        if self._y > self._top:
            self._y += mm

    def add(self, block: Block, x: float = 0.0) -> None:
        """Below what is there, or on the next page."""
        if block.height > self.room + 1e-6:
            self.turn()
        self._pages[-1].append(Placed(MARGIN + x, self._y, block))
        self._y += block.height

    # --- text -------------------------------------------------------------------------------------------------------

    def said(self, words: str) -> str:
        """As it is drawn."""
        return self.letters.shown(words)

    def block(self, words: str, width: float, pt: float = BODY_PT, *, heavy: bool = False, grey: float = 0.0) -> Block:
        """A text that stays together."""
        return plain(self.doc, self.said(words), width, pt, heavy=heavy, grey=grey)

    def title(self, words: str, outline: bool = True) -> None:
        """A heading, never alone at the foot of a page."""
        self.gap(1.6 * GAP)
        if self.room < _LEAST_BELOW_TITLE:
            self.turn()
        if outline:
            self.entry(words)
        heading = plain(self.doc, words, self.width, SECTION_PT, heavy=True)
        self.add(stack((heading, space(0.6), rule(self.doc, self.width, 0.35), space(1.2))))

    def entry(self, words: str) -> None:
        """This place in the document's outline."""
        self._entries.append((len(self._pages), self._y, words))

    def paragraph(self, words: str, pt: float = BODY_PT, *, heavy: bool = False, grey: float = 0.0) -> None:
        """A text that may go on on the next page."""
        for block in self._lines((Span(self.said(words), heavy),), self.width, pt, grey):
            self.add(block)

    def plate(self, words: Iterable[str], pt: float = BODY_PT) -> None:
        """Sentences in a heavy frame; without one where they are longer than a page."""
        inner = stack(
            [self.block(line, self.width - 2 * GAP, pt, heavy=True) for line in words],
            0.8,
        )
        if inner.height + GAP < self.whole:
            self.add(framed(self.doc, _inset(inner), self.width, 0.6))
        else:
            for line in words:
                self.paragraph(line, pt, heavy=True)

    def _lines(self, spans: Sequence[Span], width: float, pt: float, grey: float = 0.0) -> list[Block]:
        """A block a line."""
        height = pt * LEADING * MM_PER_PT
        return [self._line(line, height, pt, grey) for line in self.doc.lines(spans, width, pt)]

    def _line(self, spans: tuple[Span, ...], height: float, pt: float, grey: float) -> Block:
        def draw(x: float, y: float) -> None:
            self.doc.line(x, y + 0.95 * pt * MM_PER_PT, spans, pt, grey)

        return Block(height, draw)

    # --- tables -----------------------------------------------------------------------------------------------------

    def facts(self, rows: Iterable[tuple[str, str]], width: float, label: float, pt: float = BODY_PT) -> Block:
        """Names and values below each other, in one block."""
        return stack([self._fact(name, value, width, label, pt) for name, value in rows], 0.7)

    def _fact(self, name: str, value: str, width: float, label: float, pt: float) -> Block:
        left = plain(self.doc, name, label - 2, pt, grey=FAINT)
        return beside(((0, left), (label, self.block(value, width - label, pt, heavy=True))))

    def table(self, heads: Sequence[str], shares: Sequence[float], rows: Iterable[Sequence[Cell | str]]) -> None:
        """A row each, a thin rule between; the heads stand again on each page. shares: of the width, by column."""
        edges = [self.width * sum(shares[:i]) / sum(shares) for i in range(len(shares) + 1)]
        wide = [b - a - 2 for a, b in pairwise(edges)]
        head = stack(
            (
                beside(
                    (x, plain(self.doc, h, w, SMALL_PT, grey=FAINT))
                    for x, w, h in zip(edges, wide, heads, strict=False)
                ),
                space(0.5),
                rule(self.doc, self.width, 0.25),
                space(0.7),
            )
        )
        if self.room < head.height + 8:
            self.turn()
        self.add(head)
        for row in rows:
            cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
            lines = [
                self._lines((Span(self.said(cell.words), cell.heavy),), w, BODY_PT)
                for cell, w in zip(cells, wide, strict=True)
            ]
            self._row(edges, lines, head)

    def _row(self, edges: Sequence[float], lines: list[list[Block]], head: Block) -> None:
        """Together where that is not too long, else line by line."""
        end = stack((space(0.6), self._hair(), space(0.6)))
        cells = beside((x, stack(cell)) for x, cell in zip(edges, lines, strict=False))  # read cell by cell
        whole = stack((cells, end))
        for block in (whole,) if whole.height <= _TOGETHER * self.whole else (*_sliced(edges, lines), end):
            if block.height > self.room:
                self.turn()
                self.add(head)
            self.add(block)

    def _hair(self) -> Block:
        def draw(x: float, y: float) -> None:
            self.doc.rule(x, y, x + self.width, y, 0.1, 0.6)

        return Block(0.0, draw)

    # --- the end ----------------------------------------------------------------------------------------------------

    def placed(self) -> list[list[Placed]]:
        """What lies where, by page."""
        return self._pages

    def draw(self) -> None:
        """All pages; the document has its first one."""
        pages = len(self._pages)
        for n, placed in enumerate(self._pages, 1):
            if n > 1:
                self.doc.turn()
            for _, y, words in (entry for entry in self._entries if entry[0] == n):
                self.doc.entry(words, y)
            self._header(n, pages).draw(MARGIN, MARGIN)
            for one in placed:
                one.block.draw(one.x, one.y)
            footer = self._footer(n, pages)
            footer.draw(MARGIN, self.doc.height - MARGIN - footer.height)


def _sliced(edges: Sequence[float], lines: list[list[Block]]) -> list[Block]:
    """A row as one block for each of its lines."""
    longest = max(len(cell) for cell in lines)
    slices = [[cell[i] if i < len(cell) else space(0) for cell in lines] for i in range(longest)]
    return [beside(zip(edges, cells, strict=False)) for cells in slices]


def bar(doc: Document, words: Sequence[str], width: float, pt: float = BODY_PT) -> Block:
    """White on black, a line each; nothing where there are no words."""
    if not words:
        return space(0)
    lines = stack([plain(doc, line, width - 4, pt, heavy=True, grey=1.0) for line in words], 0.3)
    return filled(doc, _inset(lines, 2.0, 0.8), width, 0.0)


def _inset(block: Block, x: float = GAP, y: float = GAP / 2) -> Block:
    def draw(left: float, top: float) -> None:
        block.draw(left + x, top + y)

    return Block(block.height + 2 * y, draw)
