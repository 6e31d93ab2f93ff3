"""`python -m bench.disconnects`: links that are lost a thousand times, and what the program holds meanwhile.

The links are the monitor's own, in this process; the air is another. Every reading is held against the air's log at
the end. The exit code is 0 if nothing is lost, no task is left over and the memory is flat.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
import psutil

from bench.ordeal import READ_BY
from bench.soak import MIB, process_of
from devices.links import Chosen, Links
from devices.pace import Pace
from devices.reading import DecodeFailed, LinkChanged, LinkState, Reading, Report, Stamp
from kiosk.airlog import AirLog
from kiosk.compare import Comparison, Taken, compare_taken

NAMES = ("contec", "pc60fw", "o2ring", "nonin", "berrymed")
SPEED = 10.0
PACE = Pace(silent_after_s=300, back_off_s=(0.1,), speed=SPEED)
WITHIN_S = 60.0
MAY_GROW_MIB = 4.0
"""Over all but the first fifth: an interpreter's own caches still fill there."""


class Held(msgspec.Struct, frozen=True):
    """What is held after so many losses: this process's memory and the air's, tasks, objects, open files."""

    losses: int
    mib: float
    air_mib: float
    tasks: int
    objects: int
    files: int


class Ears:
    """Takes reports: keeps what a record would keep in a file, and counts states and readings by device."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.states: dict[str, LinkState] = {}
        self.lost: dict[str, int] = {}
        self.readings: dict[str, int] = {}
        self._news = asyncio.Event()

    async def until(self, wanted: Callable[[], bool]) -> None:
        """Wait until something is true of what was heard."""
        while not wanted():
            self._news.clear()
            await self._news.wait()

    async def heard(self, device: str) -> None:
        """Wait until the device streams and has given one more reading."""
        before = self.readings.get(device, 0)
        await self.until(
            lambda: self.states.get(device) is LinkState.STREAMING and self.readings.get(device, 0) > before
        )

    def take(self, report: Report) -> None:
        self._news.set()
        match report:
            case Reading() | DecodeFailed():
                is_reading = isinstance(report, Reading)
                self.readings[report.device] = self.readings.get(report.device, 0) + is_reading
                row = [report.device, report.characteristic, report.raw.hex(), is_reading]
                self._file.write(json.dumps(row) + "\n")
            case LinkChanged():
                self.states[report.device] = report.state
                if report.state is LinkState.LOST:
                    self.lost[report.device] = self.lost.get(report.device, 0) + 1
            case _:
                pass


async def lose(folder: Path, count: int, names: Sequence[str] = NAMES) -> tuple[list[Held], Comparison]:
    """Lose links so many times, each device's as soon as it has given a reading. Raises TimeoutError."""
    arguments = ["-m", "devices.virtual.air", "--with", ",".join(names), "--speed", str(SPEED), "--length", "36000"]
    with (folder / "rows.jsonl").open("w") as file:
        ears = Ears(file)
        with process_of([*arguments, "--log", str(folder / "air.jsonl")], folder / "air.err") as air:
            assert air.stdout is not None
            assert air.stdin is not None
            told: dict[str, Any] = json.loads(air.stdout.readline())
            threading.Thread(target=air.stdout.read, daemon=True).start()  # its answers, so that it never waits
            chosen = [Chosen(told[name], READ_BY[name]) for name in names]
            spec = f"virtual:127.0.0.1:{told['port']}"
            links = asyncio.create_task(Links(spec, chosen, False, now, ears.take, pace=PACE).run())
            held = await _lose_all(air.stdin, air.pid, ears, {name: told[name] for name in names}, count)
            links.cancel()
            await asyncio.wait({links})
            air.stdin.close()
            air.stdin = None
            await asyncio.to_thread(air.wait, WITHIN_S)
    rows = [Taken(*json.loads(line)) for line in (folder / "rows.jsonl").read_text().splitlines()]
    return held, compare_taken(AirLog.read(folder / "air.jsonl"), rows)


def now() -> Stamp:
    return Stamp(time.time_ns(), time.monotonic_ns())


async def _lose_all(orders: IO[bytes], pid: int, ears: Ears, devices: dict[str, str], count: int) -> list[Held]:
    held: list[Held] = []
    step = max(count // 10, len(devices))
    for done in range(0, count, len(devices)):
        if done // step >= len(held):
            held.append(await _held(done, pid, ears, devices))
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*(_lose(orders, ears, name, address) for name, address in devices.items()))
    return [*held, await _held(count, pid, ears, devices)]


async def _lose(orders: IO[bytes], ears: Ears, name: str, address: str) -> None:
    await ears.heard(address)
    before = ears.lost.get(address, 0)
    orders.write(json.dumps({"do": "drop", "device": name}).encode() + b"\n")
    orders.flush()
    await ears.until(lambda: ears.lost.get(address, 0) > before)


async def _held(losses: int, pid: int, ears: Ears, devices: dict[str, str]) -> Held:
    """With every device linked. The fewest tasks of a second: a connection asks many things in its first moment."""
    async with asyncio.timeout(WITHIN_S):
        await asyncio.gather(*(ears.heard(address) for address in devices.values()))
    tasks: list[int] = []
    for _ in range(20):
        await asyncio.sleep(0.05)
        tasks.append(len(asyncio.all_tasks()))
    gc.collect()
    own = psutil.Process()
    mib, air_mib = own.memory_info().rss / MIB, psutil.Process(pid).memory_info().rss / MIB
    return Held(losses, mib, air_mib, min(tasks), len(gc.get_objects()), own.num_fds())


def is_flat(held: Sequence[Held]) -> bool:
    """Tasks and files as at the beginning, and no memory gained after the first fifth."""
    first, later = held[0], held[len(held) // 5 :]
    tasks = {one.tasks for one in held}
    grown = max(later[-1].mib - later[0].mib, later[-1].air_mib - later[0].air_mib)
    return len(tasks) == 1 and held[-1].files <= first.files and grown <= MAY_GROW_MIB


def main(argv: list[str] | None = None) -> int:
    """Lose and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.disconnects", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="links to be lost, over all devices")
    args = parser.parse_args(argv)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        held, found = asyncio.run(lose(Path(name), args.count))
    print(f"{'lost':>6} {'MiB':>7} {'air MiB':>8} {'tasks':>6} {'objects':>8} {'files':>6}")
    for one in held:
        print(f"{one.losses:>6} {one.mib:>7.1f} {one.air_mib:>8.1f} {one.tasks:>6} {one.objects:>8} {one.files:>6}")
    print(f"{args.count} losses in {time.monotonic() - began:.0f} s. {found.sentence}")
    for value in (*found.missing[:5], *found.extra[:5]):
        print(f"differs: {value}")
    return 0 if found.same and is_flat(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
