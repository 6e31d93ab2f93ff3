"""`python -m bench.importing`: session files of two hours into a library, one to a thousand, and what reading it takes.

Processor seconds of all processes count, because a busy machine makes wall seconds of anything. The reference does
the least that anybody would do with the same files: `sha256sum` of each, and `sqlite-utils insert` of its rows.
With --keep the lines go to `bench/sizes.json`, from which `docs/performance.md` shows cost against size.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import practice
from bench.figure import Figure, Goal
from kiosk import signers
from kiosk.exchange import container, manifest
from kiosk.planfile import read_plan
from kiosk.record.shelf import Shelf

COUNTS = (1, 10, 100, 1000)
LOOKS = 9
FEW = 20
"""Files of the figure of `make bench`: the start of the processes is a part of it, not all of it."""
SIZES = Path(__file__).with_name("sizes.json")


class Took(NamedTuple):
    """Seconds of a clock on the wall, and of processors."""

    wall_s: float
    cpu_s: float


def timed(*commands: list[str]) -> Took:
    """These programs, one after the other."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.monotonic() - begun, cpu_s)


def imported(files: list[Path], data: Path) -> Took:
    """By `kiosk import` into a new, encrypted library of somebody who trusts the key of who recorded them."""
    data.mkdir(mode=0o700)
    signers.save(data, signers.trust((), signers.Trusted(practice.signer_of().fingerprint)))
    return timed([sys.executable, "-m", "kiosk", "import", *map(str, files), "--data-dir", str(data)])


def reference(files: list[Path], folder: Path) -> Took:
    """`sha256sum`, and the rows as they are into a plain database."""
    rows = folder / "rows.jsonl"
    with rows.open("wb") as out:
        for path in files:
            content = path.read_bytes()
            member = next(m for m in container.read(content) if m.name == manifest.CHAIN)
            out.write(content[member.start : member.start + member.size])
    tool = [sys.executable, "-m", "sqlite_utils", "insert", str(folder / "reference.db"), "row", str(rows), "--nl"]
    return timed(["sha256sum", *map(str, files)], tool)


def looks(library: Path, home: Path) -> dict[str, float]:
    """Milliseconds of what the provider's window asks for, the median of some."""
    limits = read_plan("").plan.limits

    def took(ask: Callable[[Shelf, int], object]) -> float:
        found: list[float] = []
        for n in range(LOOKS):
            with Shelf(library, home) as shelf:
                begun = time.perf_counter()
                ask(shelf, n)
                found.append((time.perf_counter() - begun) * 1000)
        return round(median(found), 1)

    with Shelf(library, home) as shelf:
        lines = [entry.line for entry in shelf.entries()]
    ids = [line.session_id for line in lines]
    return {
        "list_ms": took(lambda shelf, _: shelf.entries()),
        "open_ms": took(lambda shelf, n: shelf.session(ids[n % len(ids)])),
        "series_ms": took(lambda shelf, n: shelf.series(lines[n % len(lines)].patient_id)),
        "other_limits_ms": took(lambda shelf, n: shelf.judged(ids[n % len(ids)], limits)),
    }


@cache
def _few() -> tuple[list[Path], Path]:
    """Files, and a place to import them into again and again; taken away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bench-import-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return practice.fill(folder / "files", practice.signer_of(), FEW), folder


def _in_new_folder(take: Callable[[list[Path], Path], Took]) -> float:
    files, folder = _few()
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        return take(files, Path(scratch) / "data").cpu_s


def import_s() -> float:
    """Processor seconds of `kiosk import`."""
    return _in_new_folder(imported)


def insert_s() -> float:
    """Processor seconds of the reference."""
    return _in_new_folder(lambda files, folder: reference(files, folder.parent))


FIGURES = (
    Figure(
        "import of twenty sessions",
        "kiosk import of two-hour sessions of a trusted kiosk into a new, encrypted library",
        "sha256sum of the same files and sqlite-utils insert of their rows into a plain one",
        import_s,
        insert_s,
        Goal("times", 1.5),
    ),
)


def figure(files: list[Path], folder: Path) -> dict[str, object]:
    """All of it for so many files."""
    data = folder / "data"
    ours, theirs = imported(files, data), reference(files, folder)
    found: dict[str, object] = {
        "files": len(files),
        "rows": sum(map(practice.size, files)),
        "import_wall_s": round(ours.wall_s, 1),
        "import_cpu_s": round(ours.cpu_s, 2),
        "cpu_ms_a_file": round(1000 * ours.cpu_s / len(files)),
        "reference_cpu_s": round(theirs.cpu_s, 2),
        "ratio": round(ours.cpu_s / theirs.cpu_s, 2),
    }
    return found | looks(data / "library.db", data)


def main(argv: list[str] | None = None) -> int:
    """A line a count."""
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, help="how many files (1 10 100 1000)")
    parser.add_argument("--files", type=Path, metavar="DIR", help="keep the files here; those that are there are used")
    parser.add_argument("--keep", action="store_true", help="into bench/sizes.json, for docs/performance.md")
    args = parser.parse_args(argv)
    load, lines = os.getloadavg(), list[dict[str, object]]()
    with tempfile.TemporaryDirectory() as scratch:
        kept = args.files or Path(scratch) / "files"
        for count in args.counts:
            files = practice.fill(kept, practice.signer_of(), count)
            folder = Path(scratch) / str(count)
            folder.mkdir()
            lines.append(figure(files, folder))
            print(json.dumps(lines[-1]), flush=True)
            shutil.rmtree(folder)
    if args.keep:
        kept = {"load_before_s": [round(one, 1) for one in load], "sizes": lines}
        SIZES.write_text(json.dumps(kept, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
