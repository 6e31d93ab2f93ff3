"""Random and mutated bytes through every framer and decoder: only the typed error, no impossible value, bounded memory.

`.venv/bin/python -m tests.fuzz MILLIONS [SEED]`; the test suite runs a share of it.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

import psutil

from devices.catalog import DRIVERS, Driver
from devices.drivers import DecodeError
from devices.drivers.framing import Framer
from devices.drivers.generic import BATTERY_LEVEL, CURRENT_TIME
from devices.interpreter import Interpreter
from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Report, Stamp, Value
from tests.evidence import vectors

GROWTH_BYTES = 32 * 1024 * 1024
"""More than what a garbage collector leaves lying about, far less than what a leak of one byte a frame would take."""
LOWEST, HIGHEST = Decimal(-10), Decimal(300)
MEASURES = (Oximetry, Pressure, CuffPressure, HeartRate)


STREAM_TURNS = 6
INTERPRETED = 8
"""Of so many chunks one goes through the interpreter, too, as in the callback of a link."""


class Target(NamedTuple):
    """One characteristic of one family, with whole payloads to start from and its framer, where it has frames.

    reports: what its interpreter said of the last chunk.
    """

    driver: Driver
    characteristic: str
    known: list[bytes]
    framer: Framer | None
    interpreter: Interpreter
    reports: list[Report]


def targets() -> list[Target]:
    """Every characteristic that any driver listens to or reads, with battery, clock and serial number."""
    known = {(one.driver.id, one.characteristic): [] for one in vectors()}
    for one in vectors():
        known[one.driver.id, one.characteristic].append(one.data)
    spare = [data for several in known.values() for data in several]
    made: list[Target] = []
    for driver in DRIVERS.values():
        reports: list[Report] = []
        interpreter = Interpreter("fuzz", driver, reports.append)
        read = (*driver.beside_streams, *driver.reads, BATTERY_LEVEL, CURRENT_TIME, "2a25")
        for uuid in dict.fromkeys((*driver.streams, *read)):
            framing = driver.framings.get(uuid)
            own = next((data for (family, name), data in known.items() if family == driver.id and uuid in name), spare)
            made.append(Target(driver, uuid, own, Framer(framing) if framing else None, interpreter, reports))
    return made


def _random(chance: random.Random, known: bytes) -> bytes:
    return chance.randbytes(chance.randrange(64))


def _edited(chance: random.Random, known: bytes) -> bytes:
    """One to four bytes are others, anywhere."""
    data = bytearray(known)
    for _ in range(chance.randrange(1, 5)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut(chance: random.Random, known: bytes) -> bytes:
    return known[: chance.randrange(len(known) + 1)]


def _joined(chance: random.Random, known: bytes) -> bytes:
    """The end of one, a whole one, the beginning of a third: merged notifications."""
    return known[chance.randrange(len(known)) :] + known + known[: chance.randrange(len(known))]


def _moved(chance: random.Random, known: bytes) -> bytes:
    """A byte is missing or one too many."""
    at = chance.randrange(len(known))
    return known[:at] + (chance.randbytes(1) if chance.random() < 0.5 else b"") + known[at + chance.randrange(2) :]


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (_random, _edited, _edited, _cut, _joined, _moved)


def chunks(chance: random.Random, known: list[bytes]) -> Iterator[bytes]:
    """Bytes as a broken device might send them, for ever."""
    while True:
        yield chance.choice(MUTATIONS)(chance, chance.choice(known))


def check(target: Target, frame: bytes, counts: Counter[str]) -> None:
    """Decode one frame; anything but a measurement within limits or the typed error raises."""
    try:
        decoded = target.driver.decode(target.characteristic, frame)
    except DecodeError as error:
        counts["refused"] += 1
        if error.data != frame:
            raise AssertionError("the error names other bytes") from error
        return
    counts["decoded"] += 1
    if target.characteristic in target.driver.streams:
        target.driver.beside(target.characteristic, frame)
    if isinstance(decoded, MEASURES):
        counts["measurements"] += 1
        for name in decoded.__struct_fields__:
            value = getattr(decoded, name)
            if isinstance(value, Value):
                _check_value(value)


def _check_value(value: Value) -> None:
    if (value.number is None) != (value.quality is Quality.INVALID):
        raise AssertionError(f"a number without quality, or quality without a number: {value}")
    if value.number is not None and not LOWEST <= value.number <= HIGHEST:
        raise AssertionError(f"an impossible number: {value}")


def take(target: Target, chunk: bytes, counts: Counter[str]) -> None:
    """One chunk as a link would hand it on: through the framer, and as if it were a frame."""
    counts["chunks"] += 1
    check(target, chunk, counts)
    if counts["chunks"] % INTERPRETED == 0:
        target.interpreter.take(target.characteristic, chunk, Stamp(0, counts["chunks"] * 10_000_000))
        counts["reports"] += len(target.reports)
        target.reports.clear()
    if target.framer is None:
        return
    for frame in target.framer.feed(chunk):
        counts["whole frames"] += 1
        check(target, frame, counts)
    target.framer.take_dropped()
    longest = target.driver.framings[target.characteristic].longest
    if target.framer.held >= longest:
        raise AssertionError(f"{target.framer.held} bytes held, the longest frame has {longest}")


def run(count: int, seed: int, tell: Callable[[Counter[str]], None] = lambda _counts: None) -> Counter[str]:
    """`count` chunks over all targets in turn. Raises AssertionError, or whatever a decoder raised."""
    chance, counts = random.Random(seed), Counter[str]()
    rounds = [
        (target, chunks(chance, target.known))
        for target in targets()
        for _ in range(STREAM_TURNS if target.characteristic in target.driver.streams else 1)
    ]
    process, before = psutil.Process(), 0
    for number in range(count):
        target, source = rounds[number % len(rounds)]
        chunk = next(source)
        try:
            take(target, chunk, counts)
        except Exception:
            print(f"seed {seed}, chunk {number}: {target.driver.id} {target.characteristic} {chunk.hex()}")
            raise
        if number == count // 10:
            before = process.memory_info().rss
        if number % 1_000_000 == 999_999:
            tell(counts)
    counts["grown bytes"] = max(process.memory_info().rss - before, 0)
    if counts["grown bytes"] > GROWTH_BYTES:
        raise AssertionError(f"memory grew by {counts['grown bytes']} bytes")
    return counts


def main() -> int:
    """Millions of chunks, said as they pass."""
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    counts = run(round(millions * 1e6), seed, lambda now: print(dict(now), flush=True))
    print(f"seed {seed}, {time.monotonic() - began:.0f} s: {dict(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
