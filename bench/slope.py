"""`python -m bench.slope`: what each process of a running room holds, minute by minute, and whether it grows.

The exit code is 0 if no process grows by more than a few MiB an hour once it has settled. Memory is PSS.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil

from bench.burden import MIB, server_of_two
from kiosk.session import events as e
from tests.end_to_end.room_run import RoomRun, marked, room_run

EVERY_S = 30.0
SETTLED_AFTER = 0.2
"""Part of the run in which caches still fill: left out of the slope."""
MAY_GROW_MIB_PER_H = 4.0

Held = dict[str, list[tuple[float, float]]]
"""(second, MiB) of each process by its kind."""


def watch(room: RoomRun, minutes: float, keep: Callable[[Held], None] = lambda _: None) -> Held:
    """What is held by then, given to `keep` at every look too: a run of hours that is cut short has shown its part."""
    held: Held = {}
    began = time.monotonic()
    while (passed_s := time.monotonic() - began) < minutes * 60:
        for process in marked(room.mark):
            held.setdefault(_kind(process), []).append((passed_s, process.memory_full_info().pss / MIB))
        keep(held)
        time.sleep(EVERY_S)
    return held


def _kind(process: psutil.Process) -> str:
    words = process.cmdline()
    if "_child" in words:
        return words[words.index("_child") + 1]
    return "monitor" if "_monitor" in words else "supervisor"


def slope_mib_per_h(points: Sequence[tuple[float, float]]) -> float:
    """A straight line through what came after the settling."""
    kept = [point for point in points if point[0] >= points[-1][0] * SETTLED_AFTER]
    if len(kept) < 3:
        return 0.0
    seconds, mib = zip(*kept, strict=True)
    return float(np.polyfit(seconds, mib, 1)[0] * 3600)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print a line for each process, and if asked keep every point."""
    parser = argparse.ArgumentParser(prog="python -m bench.slope", description=__doc__)
    parser.add_argument("--minutes", type=float, default=180.0, metavar="N", help="of real time (180)")
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="of the devices and the session (1)")
    parser.add_argument("--keep", type=Path, default=None, metavar="FILE", help="every point, as JSON")
    args = parser.parse_args(argv)
    length = round(args.minutes * 60 * args.speed) + 3600

    def keep(held: Held) -> None:
        if args.keep:
            args.keep.write_text(json.dumps({"minutes": args.minutes, "speed": args.speed, "held": held}) + "\n")

    with (
        tempfile.TemporaryDirectory() as name,
        server_of_two() as server,
        room_run(Path(name), server=server, speed=args.speed, length=length) as room,
    ):
        room.await_row(lambda w: isinstance(w, e.SessionStarted), "the session's start", timeout_s=120)
        held = watch(room, args.minutes, keep)
        rows = room.last_seq()
    worst = 0.0
    for kind, points in held.items():
        slope = slope_mib_per_h(points)
        worst = max(worst, slope)
        print(f"{kind:11} {points[0][1]:6.1f} to {points[-1][1]:6.1f} MiB, {slope:+.2f} MiB an hour", flush=True)
    print(f"{rows} rows in {args.minutes:g} min at speed {args.speed:g}")
    return int(worst > MAY_GROW_MIB_PER_H)


if __name__ == "__main__":
    raise SystemExit(main())
