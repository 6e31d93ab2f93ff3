"""Processes of a room whose screen is a test: commands up and views down on the monitor's real line, without Qt.

`supervise OPTIONS` is the room's supervisor. Its monitors start this module's `screen`, and read the computer's
battery from FOLDER/power instead of the system's folder. Everything else is the product's own. FOLDER, of the
environment, holds `orders` (what to press), `answers` and `view` (what came back).
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

FOLDER = "KIOSK_TEST_STAND_IN"


def screen(line: Any) -> int:
    """The screen child: passes orders up, keeps the newest view and every answer in files."""
    from kiosk.line.screen import Do, Leave, Shown

    folder = Path(os.environ[FOLDER])
    line.send(Shown(("rest on TEST-2", "sitter on TEST-1"), patient="TEST-2", sitter="TEST-1"))
    with (folder / "orders").open("rb") as orders, contextlib.suppress(line.Lost):
        orders.seek(0, os.SEEK_END)
        left = b""
        while True:
            line.beat()
            *whole, left = (left + orders.read()).split(b"\n")
            for order in whole:
                line.send(msgspec.json.decode(order, type=Do))
            message = line.get(0.02)
            if isinstance(message, Leave):
                return 0
            _keep(folder, message)
    while True:  # as every child: without its monitor it stays until it is ended
        time.sleep(1)


def _keep(folder: Path, message: object) -> None:
    from kiosk.line.screen import Answer, View

    if isinstance(message, View):
        (folder / "view.new").write_bytes(msgspec.json.encode(message))
        (folder / "view.new").replace(folder / "view")
    elif isinstance(message, Answer):
        with (folder / "answers").open("ab") as answers:
            answers.write(msgspec.json.encode(message) + b"\n")


def _entry(*words: str) -> list[str]:
    return [sys.executable, "-m", "tests.children.stand_in", *words]


def _supervise(options: str) -> int:
    from kiosk import start as room
    from kiosk.options import MonitorOptions
    from kiosk.supervisor import flags

    room.monitor_argv = lambda options, start: _entry("monitor", msgspec.json.encode(options).decode(), *flags(start))
    return room.run_room(msgspec.json.decode(options, type=MonitorOptions))


def _monitor(words: list[str]) -> None:
    import psutil

    from kiosk import crew
    from kiosk.entry import main

    own = crew.child_argv
    crew.child_argv = lambda name: _entry(name) if name == "screen" else own(name)
    power = Path(os.environ[FOLDER]) / "power"
    if power.exists():
        psutil._pslinux.POWER_SUPPLY_PATH = str(power)
    main(words)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["supervise", asked]:
            sys.exit(_supervise(asked))
        case ["monitor", *words]:
            _monitor(words)
        case _:
            from kiosk.childside import Entry, run_child

            sys.exit(
                run_child("screen", {"screen": Entry("tests.children.stand_in:screen", "kiosk.line.screen:ToScreen")})
            )
