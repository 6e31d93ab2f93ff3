"""The air: simulated peripherals on a virtual radio, in a process of its own, for demonstrations and tests.

`python -m devices.virtual.air` prints one JSON line when monitors may attach ({"port", and by name the address of each
device: "oximeter", "cuff", those of `--with`}), serves HCI on a loopback port, takes orders on stdin (see `control`)
and logs every value sent (see `sent`). It ends with its stdin, on SIGTERM or after `--seconds`. It is never part of a
session with real devices.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from devices.virtual import control
from devices.virtual.family import FAMILIES
from devices.virtual.family import vectors as family_vectors
from devices.virtual.scenario import SCENARIOS, Story
from devices.virtual.sent import SentLog
from devices.virtual.stage import Line, Stage
from devices.virtual.vectors import check_vectors

LOOPBACK = "127.0.0.1"
SHORTEST_S = 30  # a story needs time to be told; a shorter run sees the beginning of it


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devices.virtual.air", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port, 0 for a free one")
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="calm")
    parser.add_argument("--length", type=_length, default=60, help="script seconds over which the story is told")
    parser.add_argument("--speed", type=_speed, default=1.0, help="script seconds in a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, help="JSON lines: every value sent, and link events")
    parser.add_argument("--seconds", type=float, default=0.0, help="end by itself, 0 for never")
    parser.add_argument("--origin-utc-ns", type=int, default=0, help="where the devices' clock starts, 0 for now")
    parser.add_argument(
        "--with",
        dest="families",
        type=_families,
        default=(),
        metavar="NAMES",
        help=f"more devices: {','.join(FAMILIES)}",
    )
    parser.add_argument("--hold", action="store_true", help="begin held: no scripted value until resumed")
    return parser.parse_args(arguments)


def _length(text: str) -> int:
    return max(int(text), SHORTEST_S)


def _families(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(","))) if text else ()
    if unknown := [name for name in names if name not in FAMILIES]:
        raise argparse.ArgumentTypeError(f"no device {unknown[0]!r}; there are {', '.join(FAMILIES)}")
    return names


def _speed(text: str) -> float:
    if not 0 < (speed := float(text)) <= 1000:
        raise argparse.ArgumentTypeError("between 0 and 1000")
    return speed


def _read_stdin(take: Callable[[bytes], None], end: Callable[[], None]) -> None:
    """In a daemon thread, which works for every kind of stdin on every system.

    Not through sys.stdin: a thread that waits in its buffer aborts the interpreter's exit.
    """
    loop = asyncio.get_running_loop()

    def read() -> None:
        left = b""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            while chunk := os.read(0, 65536):
                *lines, left = (left + chunk).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(take, line)
            loop.call_soon_threadsafe(end)

    threading.Thread(target=read, name="orders", daemon=True).start()


class Clerk:
    """Takes the orders one after the other and answers each with a line."""

    def __init__(self, stage: Stage, lines: int) -> None:
        self._stage, self._lines = stage, lines
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()

    def take(self, line: bytes) -> None:
        if line.strip():
            self._waiting.put_nowait(line)

    async def run(self) -> None:
        while True:
            line = await self._waiting.get()
            try:
                order = control.read_order(line)
                await self._stage.obey(order)
                self.say({"did": msgspec.to_builtins(order)["do"]})
            except control.Refused as refused:
                self.say({"refused": line.decode(errors="replace").strip(), "because": refused.because})

    def say(self, answer: dict[str, object]) -> None:
        with contextlib.suppress(BrokenPipeError):  # who started the air has gone; its stdin will end, too
            os.write(self._lines, msgspec.json.encode(answer) + b"\n")


async def serve(options: argparse.Namespace, lines: int) -> None:
    """Open the air, say so, and keep it until its end."""
    log = SentLog(options.log)
    story = Story(options.scenario, options.length, options.seed)
    origin = datetime.now(UTC)
    if options.origin_utc_ns:
        origin = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=options.origin_utc_ns // 1000)
    stage = Stage(story, options.speed, log, origin, options.families)
    clerk = Clerk(stage, lines)
    if options.hold:
        await stage.obey(control.Hold())
    await stage.start()
    server = await asyncio.get_running_loop().create_server(lambda: Line(stage), LOOPBACK, options.port)
    log.event("open", scenario=options.scenario, length=options.length, speed=options.speed, seed=options.seed)
    addresses = {role: device.address for role, device in stage.devices.items()}
    clerk.say({"port": server.sockets[0].getsockname()[1], **addresses})
    try:
        await _until_ended(stage, clerk, options.seconds or None)
    finally:
        server.close()
        await stage.stop()
        log.event("closed")
        log.close()


async def _until_ended(stage: Stage, clerk: Clerk, seconds: float | None) -> None:
    _end_on_signals(stage.ended.set)
    _read_stdin(clerk.take, stage.ended.set)
    work: list[asyncio.Task[object]] = [
        asyncio.create_task(each) for each in (stage.player.run(), clerk.run(), stage.ended.wait())
    ]
    done, left = await asyncio.wait(work, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left)
    for task in done:
        task.result()  # the script and the orders never end by themselves: an error is not to be swallowed


def _end_on_signals(end: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()

    def end_soon(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(end)

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows
            signal.signal(number, end_soon)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the process. The real stdout is for lines only; what anything else prints goes to stderr."""
    options = _options(arguments)
    check_vectors()
    check_vectors(family_vectors())
    logging.getLogger("bumble").setLevel(logging.ERROR)  # its warnings tell of packets that a cut link swallowed
    lines = os.dup(1)
    os.dup2(2, 1)
    try:
        asyncio.run(serve(options, lines))
    except OSError as error:
        print(f"The air could not open: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
