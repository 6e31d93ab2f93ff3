"""The monitor process's first steps: its line, the screen's process, and only then what takes long to import.

A new room is dark on its displays sooner when the screen loads while the monitor does. A monitor with a head start has
begun the screen before (`kiosk.cli`) and waits for `Go`. One that takes a session up again judges first: it starts its
screen when the alarms are armed.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
from pathlib import Path
from typing import NoReturn

import msgspec

from kiosk import crash
from kiosk.childside import open_line
from kiosk.crew import Crew, kinds_of
from kiosk.failure import Refusal
from kiosk.headstart import OPTIONS_FOLLOW, HeadStart
from kiosk.line.childline import ChildLine
from kiosk.line.monitor import Finished, Go, Said, ToMonitor, UseKey
from kiosk.options import MonitorOptions
from kiosk.private import keep_private
from kiosk.vault import known
from kiosk.vault.fault import VaultError
from kiosk.vault.key import Key

KEY_WITHIN_S = 1.0


def main(argv: list[str], screen: HeadStart | None = None, crash_folder: Path | None = None) -> NoReturn:
    """Entry of the monitor process: `_monitor OPTIONS [--resume] [--plain] [--restarted-because TEXT] ...`.

    Or `_monitor --options-follow`: with a screen that was begun, and the folder that the environment could not name.
    """
    keep_private()
    follow = OPTIONS_FOLLOW in argv
    line = open_line(ToMonitor, silence_is_final=False, from_first_beat=follow)
    crash.arm("monitor", crash_folder)
    code = 1
    try:
        options = _await_options(line, screen) if follow else _options(argv)
        if "--key-follows" in argv:
            _take_key(line, Path(options.data_dir))
        code = asyncio.run(_watch(options, line, _value(argv, "--session-of-run"), screen))
    except Refusal as refusal:
        line.send(Said(f"kiosk: {refusal.sentence}", error=True))
    except Exception as error:  # noqa: BLE001 - the top of a process
        crash.leave_file(error)
        code = crash.EXIT_CRASHED
    if code != crash.EXIT_CRASHED:  # else the supervisor starts the next monitor
        line.send(Finished(code))
    line.close()
    crash.disarm()
    os._exit(code)  # all is stored and closed; the interpreter's own end takes a second in which nobody watches


def _await_options(line: ChildLine, screen: HeadStart | None) -> MonitorOptions:
    """What this run is to be. Without it the room was refused after all: this ends, and its screen."""
    importlib.import_module("kiosk.watch")  # meanwhile a new folder's key reaches the disk
    message: object = None
    try:
        while not isinstance(message := line.get(), Go):
            pass
    except line.Lost:
        if screen:
            screen.end()
        crash.disarm()
        os._exit(0)
    return message.options


def _take_key(line: ChildLine, folder: Path) -> None:
    """The key that the monitor before this one knew; without it this one starts with a locked record."""
    message = line.get(KEY_WITHIN_S)
    if isinstance(message, UseKey):
        with contextlib.suppress(VaultError):
            known.give(folder, Key(bytes.fromhex(message.key)))


def _options(argv: list[str]) -> MonitorOptions:
    options = msgspec.json.decode(argv[0], type=MonitorOptions)
    plain = "--plain" in argv
    return msgspec.structs.replace(
        options,
        resume="--resume" in argv,
        because=_value(argv, "--restarted-because"),
        plain=plain,
        sound=options.sound and not plain,
    )


def _value(argv: list[str], word: str) -> str:
    return argv[argv.index(word) + 1] if word in argv else ""


async def _watch(options: MonitorOptions, line: ChildLine, session_of_run: str, screen: HeadStart | None) -> int:
    crew = Crew(kinds_of(options), begun={"screen": screen} if screen else None)
    if not options.because:
        crew.start("screen")
    try:
        # in a thread, so that the screen hears our beats meanwhile
        await asyncio.to_thread(importlib.import_module, "kiosk.watch")
        from kiosk.watch import is_over, watch

        if not options.plain and is_over(options, session_of_run):
            return 0
        return await watch(options, line, crew)
    finally:
        await crew.end()
