"""`python -m bench`: take the figures, print each as a ratio, keep what was measured in `bench/results.json`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

import msgspec

from bench import export, flow, judging, library, start
from bench.figure import Result, take
from kiosk import __version__

FIGURES = (*start.FIGURES, *flow.FIGURES, *judging.FIGURES, *export.FIGURES, *library.FIGURES)
LEAST_ROUNDS = 5


def main(argv: list[str] | None = None) -> int:
    """Take the named figures, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, epilog="example: python -m bench")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(repr(f.name) for f in FIGURES))
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, metavar="N", help="pairs of each figure, 5 or more")
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("results.json"), metavar="FILE")
    args = parser.parse_args(argv)
    unknown = set(args.figures) - {f.name for f in FIGURES}
    if unknown or args.rounds < LEAST_ROUNDS:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}" if unknown else "--rounds must be 5 or more")
    chosen = [f for f in FIGURES if not args.figures or f.name in args.figures]
    results: list[Result] = []
    for figure in chosen:
        results.append(take(figure, args.rounds, lambda text: print(text, file=sys.stderr, flush=True)))
        print(results[-1].sentence, flush=True)
    args.to.write_text(json.dumps(_document(results, args.rounds), indent=1) + "\n")
    return 0


def _document(results: list[Result], rounds: int) -> dict[str, object]:
    return {
        "program_version": __version__,
        "rounds": rounds,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before_s": [round(load, 1) for load in os.getloadavg()],
        "figures": [msgspec.to_builtins(result) for result in results],
    }


if __name__ == "__main__":
    raise SystemExit(main())
