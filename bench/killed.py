"""`python -m bench.killed`: an export killed (SIGKILL) at random rows, bytes and last steps, a hundred times.

Each time: what has the file's name is the whole file or nothing is; what is left half-written has a name of its own
that the next run takes away; the next run completes. Plain files and files for a named reader by turns. Exit 1 when
one was not so.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyrage

from bench import night
from kiosk import newfile
from kiosk.cli import main as kiosk
from kiosk.exchange import archive, container, envelope
from kiosk.exchange.verify import verify
from kiosk.record.reader import Reader

HOURS = 0.25
STEPS = ("made", "written", "on the disk", "named")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """In the child: die at "row N", "byte N" of the container, or one of `STEPS`."""
    what, _, number = point.partition(" ")
    if what == "row":
        Reader.stored = _counted(Reader.stored, int(number), lambda _: 1)  # type: ignore[assignment]
    elif what == "byte":
        container.packed = _counted(container.packed, int(number), len)  # type: ignore[assignment]
    elif point == "made":
        archive._write_chain = lambda *_: _die()  # type: ignore[assignment]
    elif point == "written":
        newfile._to_disk = lambda _: _die()
    elif point == "on the disk":
        newfile._name = lambda *_: _die()
    else:
        name = newfile._name

        def named(*paths: Path) -> None:
            name(*paths)
            _die()

        newfile._name = named


def _counted(real: Callable[..., Iterator[Any]], most: int, size: Callable[[Any], int]) -> Callable[..., Iterator[Any]]:
    def made(*given: Any) -> Iterator[Any]:
        done = 0
        for one in real(*given):
            left = most - done
            done += size(one)
            if done >= most:
                if isinstance(one, bytes):
                    yield one[:left]  # half of a piece is written, too
                _die()
            yield one

    return made


def points(rows: int, size: int, count: int, seed: int) -> list[str]:
    """So many random points: rows while the chain is read, bytes while the container is written, and the last steps."""
    chance = random.Random(seed)
    kinds = chance.choices(("row", "byte", "step"), (4, 4, 2), k=count)
    most = {"row": rows, "byte": size}
    return [chance.choice(STEPS) if k == "step" else f"{k} {chance.randint(1, most[k])}" for k in kinds]


class Ground:
    """A record, and a folder into which it is exported. whole: the bytes that a finished export has."""

    def __init__(self, folder: Path, hours: float = HOURS) -> None:
        self.data, self.out = folder / "room", folder / "out"
        for made in (self.data, self.out):
            made.mkdir()
        night.record(self.data, hours)
        key = pyrage.x25519.Identity.generate()
        self._reader, self._keys = str(key.to_public()), envelope.identities(str(key))
        assert _silent(self._words(self.out / "first.session.zip", closed=False)) == 0
        self.whole = (self.out / "first.session.zip").read_bytes()
        (self.out / "first.session.zip").unlink()
        looked = verify_content(self.out, self.whole)
        self.rows = looked.counts.rows

    def _words(self, target: Path, *, closed: bool) -> list[str]:
        to = ["--recipient", self._reader] if closed else []
        return ["export", "last", "--to", str(target), "--json", "--data-dir", str(self.data), *to]

    def try_once(self, point: str, *, closed: bool) -> list[str]:
        """Kill an export at a point, look, run it again, look; what is wrong."""
        target = self.out / ("night.session.zip" + (envelope.SUFFIX if closed else ""))
        command = [sys.executable, "-m", "bench.killed", "--at", point, "--", *self._words(target, closed=closed)]
        ended = subprocess.run(command, capture_output=True, check=False, timeout=60).returncode
        wrong = [] if ended == -signal.SIGKILL else [f"it was not killed (exit {ended})"]
        if target.exists():
            wrong += self._look(target, "after the kill")
            target.unlink()
        elif point == "named":
            wrong.append("named, and not there")
        begun = f".{target.name}."
        strange = [p.name for p in self.out.iterdir() if not (p.name.startswith(begun) and p.suffix == ".part")]
        wrong += [f"{name} was left" for name in strange]
        ended = _silent(self._words(target, closed=closed))
        wrong += [f"the next run ended with {ended}"] if ended else self._look(target, "after the next run")
        left = [p.name for p in self.out.iterdir() if p != target]
        wrong += [f"{name} was left after the next run" for name in left]
        target.unlink(missing_ok=True)
        return wrong

    def _look(self, target: Path, when: str) -> list[str]:
        verdict = verify(target, self._keys)
        wrong = [f"{when}: {problem}" for problem in verdict.problems]
        if not wrong:
            with envelope.opened(target, self._keys) as file:
                wrong += [] if file.read() == self.whole else [f"{when}: another file"]
        return wrong


def _silent(words: list[str]) -> int:
    with contextlib.redirect_stdout(io.StringIO()):
        return kiosk(words)


def verify_content(folder: Path, content: bytes) -> Any:
    """What verify says of these bytes."""
    path = folder / "look.session.zip"
    path.write_bytes(content)
    looked = verify(path).looked
    path.unlink()
    assert looked is not None
    return looked


def main(argv: list[str] | None = None) -> int:
    """Print what came of each kind of point."""
    parser = argparse.ArgumentParser(prog="python -m bench.killed", description=__doc__)
    parser.add_argument("--count", type=int, default=100, metavar="N", help="kills (100)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed: other points (1)")
    parser.add_argument("--at", metavar="POINT", help=argparse.SUPPRESS)
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.at:
        arm(args.at)
        return kiosk(args.words)
    counted: Counter[tuple[str, str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder))
        print(f"{ground.rows} rows, {len(ground.whole)} bytes.", flush=True)
        for n, point in enumerate(points(ground.rows, len(ground.whole), args.count, args.seed)):
            closed = bool(n % 2)
            wrong = ground.try_once(point, closed=closed)
            kind = point if point in STEPS else f"at a {point.split()[0]}"
            found = "WRONG" if wrong else "whole or not there, the next run completes"
            counted[kind, "encrypted" if closed else "plain", found] += 1
            for sentence in wrong:
                print(f"  {point}: {sentence}", flush=True)
    for (kind, how, found), count in sorted(counted.items()):
        print(f"{kind:14} {how:10} {found:44} {count:4}")
    bad = sum(count for (_, _, found), count in counted.items() if found == "WRONG")
    print(f"{counted.total()} kills, {bad} not as they must be.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
