"""`python -m bench.soak`: every family in the air at once, everything going wrong by turns, one real monitor.

At the end the record is held against the air's log, both ways, device by device; the exit code is 0 if they are equal.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psutil

from bench.ordeal import READ_BY, ordeal
from bench.program import ROOT, BenchError, lines
from devices.catalog import DRIVERS
from devices.virtual.family import FAMILIES
from kiosk import clock
from kiosk.airlog import AirLog
from kiosk.compare import Comparison, compare_taken, rows_of
from kiosk.options import MonitorOptions

BEGIN_WITHIN_S = 120.0
END_WITHIN_S = 60.0
MIB = 2**20


class Size(msgspec.Struct, frozen=True):
    """What the monitor's process held at one moment."""

    second: float
    mib: float
    threads: int
    files: int


class Device(msgspec.Struct, frozen=True):
    """One device's account. links: how often it was connected."""

    name: str
    links: int
    comparison: Comparison


class Result(msgspec.Struct, frozen=True):
    """One run. refused: orders that the air did not obey (a fault that a family cannot have)."""

    seconds: float
    speed: float
    orders: int
    refused: int
    devices: tuple[Device, ...]
    sizes: tuple[Size, ...]

    @property
    def same(self) -> bool:
        """Every device was heard, and its record is its log."""
        return all(device.comparison.same and device.comparison.sent for device in self.devices)


def soak(folder: Path, minutes: float, speed: float, names: Sequence[str]) -> Result:
    """Run air and monitor for so many script minutes. Files stay in `folder`. Raises BenchError."""
    length_s = round(minutes * 60)
    origin = clock.Clock().origin
    air = ["-m", "devices.virtual.air", "--with", ",".join(names), "--length", str(length_s), "--speed", str(speed)]
    air += ["--log", str(folder / "air.jsonl"), "--origin-utc-ns", str(origin.utc_ns)]
    sizes: list[Size] = []
    count = refused = 0
    with process_of(air, folder / "air.err") as simulated:
        told: dict[str, Any] = json.loads(lines(simulated, lambda line: b'"port"' in line)[-1])
        port = told.pop("port")
        options = MonitorOptions(
            data_dir=str(folder / "data"),
            kind="trial",
            adapter=f"virtual:127.0.0.1:{port}",
            devices=tuple((told[name], READ_BY[name], "", name) for name in told),
            simulated=True,
            speed=speed,
            origin_utc_ns=origin.utc_ns,
            origin_boot_ns=origin.boot_ns,
            screen=False,
            sound=False,
            tone=False,
            terminal=True,
        )
        monitor = _monitor(options, folder)
        try:
            _until_all_heard(folder / "air.jsonl", {told[name] for name in told if measures_always(name)})
            began = time.monotonic()
            for second, order in ordeal(names, length_s):
                _watch_until(began + second / speed, monitor, began, sizes)
                count, refused = count + 1, refused + (not _obeyed(simulated, order))
            _watch_until(began + length_s / speed, monitor, began, sizes)
            monitor.terminate()
            if monitor.wait(END_WITHIN_S):
                raise BenchError(f"the monitor ended with {monitor.returncode}; {folder} has its words")
        finally:
            monitor.kill()
            monitor.wait()
    devices = _accounts(folder, told)
    return Result(time.monotonic() - began, speed, count, refused, devices, tuple(sizes))


@contextlib.contextmanager
def process_of(arguments: list[str], errors: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python ARGUMENTS`; ended by closing its stdin."""
    with errors.open("wb") as file:
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=file)
        try:
            yield process
            process.communicate(timeout=END_WITHIN_S)
        finally:
            process.kill()
            process.wait()


def _monitor(options: MonitorOptions, folder: Path) -> subprocess.Popen[bytes]:
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    command = [sys.executable, "-m", "bench.soaked", msgspec.json.encode(options).decode()]
    with (folder / "monitor.jsonl").open("wb") as out, (folder / "monitor.err").open("wb") as err:
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=err)


def measures_always(name: str) -> bool:
    """Cuffs measure now and then."""
    return DRIVERS[READ_BY[name]].kind != "cuff"


def _until_all_heard(log: Path, addresses: set[str]) -> None:
    """Wait until each of these devices has sent something. Raises BenchError."""
    deadline = time.monotonic() + BEGIN_WITHIN_S
    while missing := addresses - {line["device"] for line in map(json.loads, _lines_with(log, '"hex"'))}:
        if time.monotonic() > deadline:
            raise BenchError(f"nothing came from {', '.join(sorted(missing))} within {BEGIN_WITHIN_S:.0f} s")
        time.sleep(0.5)


def _watch_until(moment_s: float, monitor: subprocess.Popen[bytes], began_s: float, sizes: list[Size]) -> None:
    """Sleep until then, and look at the monitor's size every ten seconds."""
    while (left_s := moment_s - time.monotonic()) > 0:
        if monitor.poll() is not None:
            return
        now_s = time.monotonic() - began_s
        if not sizes or now_s - sizes[-1].second >= 10:
            process = psutil.Process(monitor.pid)
            mib = process.memory_info().rss / MIB
            sizes.append(Size(now_s, mib, process.num_threads(), process.num_fds()))
        time.sleep(min(left_s, 1.0))


def _obeyed(air: subprocess.Popen[bytes], order: dict[str, Any]) -> bool:
    assert air.stdin is not None
    air.stdin.write(json.dumps(order).encode() + b"\n")
    air.stdin.flush()
    return b'"did"' in lines(air, lambda line: b'"did"' in line or b'"refused"' in line)[-1]


def _accounts(folder: Path, addresses: dict[str, str]) -> tuple[Device, ...]:
    log = AirLog.read(folder / "air.jsonl")
    rows = list(rows_of(folder / "data" / "record.db"))
    linked = [json.loads(line).get("device") for line in _lines_with(folder / "air.jsonl", '"event":"connected"')]
    strangers = {row.device for row in rows} - set(addresses.values())
    if strangers:
        raise BenchError(f"recorded from {', '.join(sorted(strangers))}, which the air does not have")
    return tuple(
        Device(name, linked.count(address), compare_taken(log.of(address), [r for r in rows if r.device == address]))
        for name, address in addresses.items()
    )


def _lines_with(file: Path, text: str) -> list[str]:
    """Whole ones; the last may still be written."""
    return [line for line in file.read_text().rpartition("\n")[0].splitlines() if text in line]


def told(result: Result) -> str:
    """The result as a table and three sentences."""
    rows = [
        f"{'device':<12} {'links':>5} {'sent':>6} {'recorded':>8} {'missing':>7} {'extra':>5} {'refused bytes':>13}"
    ]
    for name, links, found in ((d.name, d.links, d.comparison) for d in result.devices):
        counts = f"{len(found.missing):>7} {len(found.extra):>5} {found.refused:>13}"
        order = "" if found.in_order else "  OUT OF ORDER"
        rows.append(f"{name:<12} {links:>5} {found.sent:>6} {found.recorded:>8} {counts}{order}")
    sent = sum(device.comparison.sent for device in result.devices)
    recorded = sum(device.comparison.recorded for device in result.devices)
    first, last = result.sizes[min(1, len(result.sizes) - 1)], result.sizes[-1]
    verdict = "The record is the air's log, both ways." if result.same else "The record is NOT the air's log."
    rows.append(
        f"{len(result.devices)} devices, {result.seconds:.0f} s at speed {result.speed:g}, {result.orders} orders "
        f"({result.refused} of faults that a family cannot have): {sent} values sent, {recorded} recorded."
    )
    rows.append(
        f"The monitor: {first.mib:.0f} MiB, {first.threads} threads, {first.files} files at {first.second:.0f} s; "
        f"{last.mib:.0f} MiB, {last.threads} threads, {last.files} files at {last.second:.0f} s."
    )
    return "\n".join([*rows, verdict])


def main(argv: list[str] | None = None) -> int:
    """Run once and print the account."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N", help="script minutes")
    parser.add_argument("--speed", type=float, default=1.0, metavar="N", help="script seconds in a second")
    parser.add_argument(
        "--with", dest="names", default=",".join(FAMILIES), metavar="NAMES", help="devices, all by default"
    )
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR", help="leave log and record there")
    args = parser.parse_args(argv)
    with contextlib.ExitStack() as stack:
        folder: Path = args.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        result = soak(folder, args.minutes, args.speed, [name for name in args.names.split(",") if name])
    print(told(result))
    for device in result.devices:
        for kind, values in (("missing", device.comparison.missing), ("extra", device.comparison.extra)):
            for value in values[:5]:
                print(f"{device.name}: {kind} {value}", file=sys.stderr)
    return 0 if result.same else 1


if __name__ == "__main__":
    raise SystemExit(main())
