"""`python -m bench`: take the figures, print each as a ratio, keep what was measured in `bench/results.json`.

With --compare nothing is kept: each figure is held against the one that was kept last.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

import msgspec

from bench import (
    burden,
    decoding,
    drawing,
    export,
    flow,
    heard,
    importing,
    judging,
    library,
    looking,
    page,
    start,
    storing,
)
from bench.figure import Result, take
from kiosk import __version__

MODULES = (start, flow, heard, judging, decoding, storing, drawing, export, importing, looking, library, burden)
FIGURES = tuple(figure for module in MODULES for figure in module.FIGURES)
LEAST_ROUNDS = 5
KEPT = Path(__file__).with_name("results.json")


def main(argv: list[str] | None = None) -> int:
    """Take the named figures, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, epilog="example: python -m bench")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(repr(f.name) for f in FIGURES))
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, metavar="N", help="pairs of each figure, 5 or more")
    parser.add_argument("--compare", action="store_true", help="against the results that were kept last; keep nothing")
    args = parser.parse_args(argv)
    unknown = set(args.figures) - {f.name for f in FIGURES}
    if unknown or args.rounds < LEAST_ROUNDS:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}" if unknown else "--rounds must be 5 or more")
    before = {one.name: one for one in page.load(KEPT)[1]} if KEPT.exists() else {}
    load = os.getloadavg()
    results: list[Result] = []
    for figure in (f for f in FIGURES if not args.figures or f.name in args.figures):
        results.append(take(figure, args.rounds, lambda text: print(text, file=sys.stderr, flush=True)))
        print(results[-1].sentence + _against(before.get(figure.name), results[-1], args.compare), flush=True)
        if not args.compare:  # kept one by one: a run that is broken off loses nothing
            before[figure.name] = results[-1]
            _keep(before, args.rounds, load)
    return 0


def _against(before: Result | None, now: Result, is_asked: bool) -> str:
    if not is_asked or before is None:
        return ""
    return f"; {now.ratio_median / before.ratio_median:.2f} times what was kept ({before.ratio_median:.2f} x)"


def _keep(results: dict[str, Result], rounds: int, load: tuple[float, float, float]) -> None:
    ordered = [results[f.name] for f in FIGURES if f.name in results]
    document = {
        "program_version": __version__,
        "rounds": rounds,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before_s": [round(one, 1) for one in load],
        "figures": [msgspec.to_builtins(result) for result in ordered],
    }
    part = KEPT.with_suffix(".part")
    part.write_text(json.dumps(document, indent=1) + "\n")
    part.replace(KEPT)
    page.write(KEPT)


if __name__ == "__main__":
    raise SystemExit(main())
