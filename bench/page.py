"""Makes `docs/performance.md` and its picture from `bench/results.json`: what was measured, against what, the goal."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from bench import sizes
from bench.figure import Result, shown

ROOT = Path(__file__).parents[1]
PAGE, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
SIZES, SIZES_PICTURE = ROOT / "bench" / "sizes.json", ROOT / "docs" / "sizes.svg"
BAR, GAP, LEFT, WIDE = 18, 8, 210, 620
LEAST, MOST = 0.05, 20.0
"""Ends of the picture's axis, as parts of a goal."""

HEAD = """# What it costs

Made by `make bench` from `bench/results.json`; `bench/README.md` says how each figure is taken. No figure stands
without its reference, which ran in turns with it on the same machine: milliseconds depend on the machine, a ratio says
how far the program is from the least that any program would need. A goal says what the figure is held to: so many times
its reference, so much beyond it, or itself.

{machine}. Load when the run began: {load}. Five rounds or more of each; median, lowest and highest of the ratios.

![Each figure as a part of its goal](performance.svg)

"""


def load(path: Path) -> tuple[dict[str, Any], list[Result]]:
    """The results as they were written, and their figures."""
    document = msgspec.json.decode(path.read_bytes())
    return document, msgspec.convert(document["figures"], list[Result])


def write(path: Path) -> None:
    """Page and picture of these results."""
    document, results = load(path)
    system = f"{document['system']}, {document['machine']}, Python {document['python']}"
    head = HEAD.format(machine=system, load=", ".join(str(one) for one in document["load_before_s"]))
    found = sizes.load(SIZES)
    PAGE.write_text(head + _table(results) + _words(results) + sizes.words(found), encoding="utf-8")
    PICTURE.write_text(picture(results), encoding="utf-8")
    if found.sizes:
        SIZES_PICTURE.write_text(sizes.picture(found), encoding="utf-8")


def _table(results: list[Result]) -> str:
    lines = ["| figure | ratio | ours | reference | goal | |", "| --- | --- | --- | --- | --- | --- |"]
    for one in results:
        ratio = f"{one.ratio_median:.2f} ({one.ratio_lowest:.2f} to {one.ratio_highest:.2f})"
        costs = " | ".join(shown(median(values), one.unit) for values in (one.ours, one.reference))
        goal = one.goal.words(one.unit) if one.goal else "none"
        reached = {True: "reached", False: "**not reached**", None: ""}[one.is_reached]
        lines.append(f"| {one.name} | {ratio} | {costs} | {goal} | {reached} |")
    return "\n".join(lines) + "\n"


def _words(results: list[Result]) -> str:
    lines = [f"- **{one.name}**: {one.ours_is}; against {one.reference_is}." for one in results]
    return "\n## What was compared\n" + "\n".join(lines) + "\n"


def picture(results: list[Result]) -> str:
    """A bar each, on a logarithmic axis: 1 is the goal, longer is worse."""
    held = [one for one in results if one.goal is not None]
    height = len(held) * (BAR + GAP) + 40
    size = f'width="{LEFT + WIDE + 90}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for share in (0.1, 0.5, 1, 2, 10):
        x, ink = _x(share), "#a33" if share == 1 else "#ccc"
        parts.append(f'<line x1="{x:.0f}" y1="4" x2="{x:.0f}" y2="{height - 24}" stroke="{ink}"/>')
        word = "goal" if share == 1 else f"{share:g} x"
        parts.append(f'<text x="{x:.0f}" y="{height - 8}" text-anchor="middle">{word}</text>')
    for row, one in enumerate(held):
        assert one.goal is not None
        part = (one.against_goal or 0.0) / one.goal.most
        y, ink = 6 + row * (BAR + GAP), "#486" if one.is_reached else "#b52"
        parts.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{one.name}</text>')
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{max(2.0, _x(part) - LEFT):.0f}" height="{BAR}" fill="{ink}"/>')
        parts.append(f'<text x="{max(LEFT + 4.0, _x(part) + 5):.0f}" y="{y + 13}">{part:.2f}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(share: float) -> float:
    inside = min(MOST, max(LEAST, share))
    return LEFT + WIDE * math.log(inside / LEAST) / math.log(MOST / LEAST)
