"""The rows above the curves: planned and marked phases, and marks with their numbers where there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kiosk.exchange.flow import Span as Words
from kiosk.exchange.pdf import Document
from kiosk.exchange.report.axis import Span
from kiosk.exchange.report.case import Case
from kiosk.exchange.report.letter import Letters
from kiosk.exchange.report.mark import Mark, Shape
from kiosk.session import schedule
from kiosk.session.events import Severity

_PT = 7.0
_HALF = 1.3  # mm: of a mark
_FILL = {Severity.HIGH: 0.0, Severity.MEDIUM: 0.62, Severity.LOW: 1.0, Severity.NONE: 1.0}


class Lane(NamedTuple):
    """A row of this height at y."""

    span: Span
    y: float
    height: float


Drawn = Callable[[Lane, Document, Letters], None]


def phases(case: Case, span: Span) -> Iterator[tuple[str, Drawn]]:
    """The two rows of phases: planned ones dashed, marked ones filled."""
    anchor_s = schedule.anchor_s(case.state)
    blocks = schedule.planned(case.plan, anchor_s) if case.plan and anchor_s is not None else ()
    yield (
        "planned",
        lambda lane, doc, letters: _boxes(lane, doc, letters, [(b.start_s, b.end_s, b.name) for b in blocks]),
    )
    marks = case.state.phases
    ends = [*(mark.t_s for mark in marks[1:]), case.end_s]
    found = [(mark.t_s, end, mark.name) for mark, end in zip(marks, ends, strict=False)]
    yield "marked", lambda lane, doc, letters: _boxes(lane, doc, letters, found, filled=True)


def _boxes(
    lane: Lane, doc: Document, letters: Letters, blocks: Sequence[tuple[float, float, str]], filled: bool = False
) -> None:
    y, height = lane.y + 0.3, lane.height - 0.8
    for start_s, end_s, name in blocks:
        part = lane.span.inside(start_s, end_s)
        if part is None:
            continue
        x, x2 = (lane.span.x_of(t_s) for t_s in part)
        if filled:
            doc.box(x + 0.15, y, max(0.1, x2 - x - 0.3), height, fill=0.88)
        else:
            with doc.dashed(1.0, 0.7):
                doc.box(x + 0.15, y, max(0.1, x2 - x - 0.3), height, mm=0.15)
        words = letters.shown(name)
        if doc.measure(words, False, _PT) < x2 - x - 2:
            doc.line(x + 1, lane.y + 0.68 * lane.height, (Words(words, False),), _PT)


def row(lane: Lane, doc: Document, marks: Sequence[Mark]) -> None:
    """Marks at their second, with the number right or left of them where it lies over nothing else."""
    middle, used = lane.y + lane.height / 2, lane.span.x
    xs = [lane.span.x_of(mark.t_s) for mark in marks]
    for i, mark in enumerate(marks):
        x = xs[i]
        shape(doc, mark.shape, x, middle, _HALF, 0.0 if mark.shape == "dose" else _FILL[mark.severity])
        wide = doc.measure(mark.label, False, _PT) + 0.5
        following = xs[i + 1] - _HALF if i + 1 < len(marks) else lane.span.x + lane.span.width + 14
        before = xs[i - 1] + _HALF if i else lane.span.x - 3
        if x + _HALF + wide < following:
            left = x + _HALF + 0.5
        elif x - _HALF - wide > max(used, before):
            left = x - _HALF - wide
        else:
            continue
        doc.line(left, middle + 0.9, (Words(mark.label, False),), _PT, 0.2)
        used = left + wide


def shape(doc: Document, kind: Shape, x: float, y: float, half: float, fill: float) -> None:
    """One mark around (x, y)."""
    match kind:
        case "down":
            doc.shape([(x - half, y - half), (x + half, y - half), (x, y + half)], fill=fill)
        case "up":
            doc.shape([(x - half, y + half), (x + half, y + half), (x, y - half)], fill=fill)
        case "diamond":
            doc.shape([(x, y - half), (x + half, y), (x, y + half), (x - half, y)], fill=fill)
        case "square":
            side = 0.8 * half
            doc.shape(
                [(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)], fill=fill
            )
        case "ring":
            doc.disc(x, y, 0.85 * half, fill=fill)
        case "dose":
            doc.disc(x, y, 0.75 * half, fill=0.0)
            doc.rule(x, y - 1.6 * half, x, y + 1.6 * half, 0.25)
