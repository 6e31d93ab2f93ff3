"""Cost against size, for `docs/performance.md`: what one to a thousand sessions took, as a table and a plot.

Both axes are logarithmic, so that what is linear is a straight line of slope one: it is drawn beside, dotted.
"""

from __future__ import annotations

import math
from pathlib import Path

import msgspec

WIDE, HIGH, EDGE = 640, 420, 70
SERIES = (
    ("import_cpu_s", 1.0, "import, processor", "#486"),
    ("import_wall_s", 1.0, "import, wall", "#259"),
    ("reference_cpu_s", 1.0, "sha256sum + sqlite-utils", "#999"),
    ("list_ms", 1e-3, "list of all", "#b52"),
    ("open_ms", 1e-3, "one opened", "#a3a"),
    ("series_ms", 1e-3, "a patient's series", "#663"),
)
"""Field of a line, seconds in its unit, name, ink."""


class Size(msgspec.Struct, frozen=True):
    """What so many files took; fields as `bench.importing.figure` prints them."""

    files: int
    rows: int
    import_wall_s: float
    import_cpu_s: float
    cpu_ms_a_file: float
    reference_cpu_s: float
    ratio: float
    list_ms: float
    open_ms: float
    series_ms: float
    other_limits_ms: float


class Sizes(msgspec.Struct, frozen=True):
    """All of them, and the load of the machine when they were begun."""

    load_before_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sizes: tuple[Size, ...] = ()


def load(path: Path) -> Sizes:
    """What was kept; nothing where nothing was."""
    return msgspec.json.decode(path.read_bytes(), type=Sizes) if path.exists() else Sizes()


def words(found: Sizes) -> str:
    """A part of the page; "" where nothing was measured."""
    if not found.sizes:
        return ""
    lines = [
        "| sessions | rows | import, wall | import, processor | a file | against the reference | list | one | series |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for s in found.sizes:
        import_ = f"{s.import_wall_s:.1f} s | {s.import_cpu_s:.1f} s | {s.cpu_ms_a_file:.0f} ms | {s.ratio:.2f} x"
        looks = f"{s.list_ms:.1f} ms | {s.open_ms:.0f} ms | {s.series_ms:.1f} ms"
        lines.append(f"| {s.files:,} | {s.rows:,} | {import_} | {looks} |")
    loads = ", ".join(f"{one:g}" for one in found.load_before_s)
    return f"""
## Cost against size
Session files of two hours of a trusted kiosk into a new, encrypted library (`python -m bench.importing --keep`); load
when it began: {loads}. Reference: `sha256sum` of the files and `sqlite-utils insert` of their rows. *list*, *one*,
*series*: what the provider's window asks of that library, the median of nine.

![Cost against the number of sessions; dotted: linear](sizes.svg)

""" + "\n".join(lines) + "\n"  # fmt: skip


def picture(found: Sizes) -> str:
    """A line a series."""
    costs: list[tuple[str, str, list[tuple[int, float]]]] = []
    for field, unit_s, name, ink in SERIES:
        costs.append((name, ink, [(s.files, getattr(s, field) * unit_s) for s in found.sizes]))
    seconds = [cost for *_, points in costs for _, cost in points if cost > 0]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    far = math.log10(max(s.files for s in found.sizes)) or 1.0

    def at(files: float, cost_s: float) -> str:
        x = EDGE + WIDE * math.log10(files) / far
        return f"{x:.0f},{20 + HIGH * (high - math.log10(cost_s)) / (high - low):.0f}"

    size = f'width="{EDGE + WIDE + 200}" height="{HIGH + 60}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        y = 20 + HIGH * (high - power) / (high - low)
        parts.append(f'<line x1="{EDGE}" y1="{y:.0f}" x2="{EDGE + WIDE}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    for s in found.sizes:
        x = EDGE + WIDE * math.log10(s.files) / far
        parts.append(f'<text x="{x:.0f}" y="{HIGH + 42}" text-anchor="middle">{s.files:,}</text>')
    free_y = 0.0
    for name, ink, points in sorted(costs, key=lambda one: -one[2][-1][1]):  # from above, so that no name is on another
        line = " ".join(at(files, cost) for files, cost in points if cost > 0)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="2"/>')
        free_y = max(free_y, float(line.split(" ")[-1].split(",")[1])) + 15
        parts.append(f'<text x="{EDGE + WIDE + 8}" y="{free_y - 11:.0f}" fill="{ink}">{name}</text>')
    first, last = found.sizes[0], found.sizes[-1]
    linear = f"{at(1, last.import_cpu_s / last.files)} {at(last.files, last.import_cpu_s)}"
    if last.files > first.files:
        parts.append(f'<polyline points="{linear}" fill="none" stroke="#486" stroke-dasharray="2 5"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"
