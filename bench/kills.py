"""`python -m bench.kills`: an import killed at a hundred random moments, and what the library holds after each.

Whole sessions only, each as its file has it, and the next run completes. Exit 1 where it was otherwise.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench import practice
from kiosk.exchange.inspection import inspect
from kiosk.record import body
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader

FILES, MINUTES = 150, 30


def heads(files: list[Path]) -> dict[str, str]:
    """Session id to the last hash, as the files have it."""
    found = [inspect(path).verdict.looked for path in files]
    return {looked.session_id: looked.head for looked in found if looked}


def held(library: Path, expected: dict[str, str]) -> int:
    """How many sessions it holds, each whole; -1 where one is not."""
    try:
        with Reader(library) as reader:
            ends = {one: reader.chain_end(one) for one in expected}
            here = [one for one, (rows, _) in ends.items() if rows]
            whole = all(ends[one][1] == expected[one] and not reader.verify_chain(one) for one in here)
            listed = {line.session_id for line in reader.sessions()} == set(here)
            nothing = all(ends[one][1] == body.first_hash(one).hex() for one in expected if one not in here)
            return len(here) if whole and listed and nothing else -1
    except RecordError:
        return 0  # killed before it had a form: nothing is in it


def kill_once(folder: Path, data: Path, after_s: float) -> bool:
    """Run an import and kill it; whether it was still under way."""
    command = [sys.executable, "-m", "kiosk", "import", str(folder), "--data-dir", str(data)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            child.wait(after_s)
        except subprocess.TimeoutExpired:
            child.kill()
            return True
    return False


def run(folder: Path, count: int, seed: int) -> Counter[int]:
    """How often the library held how many sessions after a kill; each time begun anew once it was complete."""
    files = practice.fill(folder / "files", practice.signer_of(), FILES, MINUTES)
    expected, chance = heads(files), random.Random(seed)
    begun = time.monotonic()
    kill_once(folder / "files", folder / "first", 600)
    whole_s, counted, n = time.monotonic() - begun, Counter[int](), 0
    for _ in range(count):
        data = folder / f"data-{n}"
        kill_once(folder / "files", data, chance.uniform(0.1, whole_s))
        found = held(data / "library.db", expected) if (data / "library.db").exists() else 0
        counted[found] += 1
        if found == len(expected) or chance.random() < 0.2:
            kill_once(folder / "files", data, 600)
            counted[-2] += held(data / "library.db", expected) != len(expected)
            n += 1
    return counted


def main(argv: list[str] | None = None) -> int:
    """Print what was left."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--count", type=int, default=100, metavar="N", help="kills (100)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="other moments (1)")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        counted = run(Path(folder), args.count, args.seed)
    half, incomplete = counted.pop(-1, 0), counted.pop(-2, 0)
    for sessions, times in sorted(counted.items()):
        print(f"{sessions:3} of {FILES} sessions were there, each whole: {times:4} times")
    print(f"{args.count} kills: {half} with half a session, {incomplete} next runs that did not complete.")
    return 1 if half or incomplete else 0


if __name__ == "__main__":
    sys.exit(main())
