"""How a monitor comes to run in this process: what can be refused is refused before anything is shown or written.

Used by the monitor's process and by `kiosk monitor` at a terminal.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import Any

from kiosk import datadir, settings
from kiosk.crew import Crew, kinds_of
from kiosk.failure import Reason, Refusal
from kiosk.launch import record_sentence, take_leftovers
from kiosk.line.childline import ChildLine
from kiosk.line.monitor import EndRun
from kiosk.monitor import Monitor
from kiosk.opening import find_open, is_ended, plan_for
from kiosk.options import MonitorOptions
from kiosk.record.fault import RecordError
from kiosk.record.opener import is_locked
from kiosk.record.schema import bring_up
from kiosk.record.writer import SWITCH_S
from kiosk.vault import known

KEY_WITHIN_S = 1.0  # for a keyring that is open; one that asks a person first is not waited for


def record_file(folder: Path, plain: bool) -> Path:
    """The record; a plain start writes a new file beside it, because the old one may be what fails."""
    if not plain:
        return folder / datadir.RECORD
    taken = len(list(folder.glob("record-plain-*.db")))
    return folder / f"record-plain-{taken + 1}.db"


def begin(options: MonitorOptions, crew: Crew | None = None) -> tuple[Monitor, datadir.Lock]:
    """Everything that can be refused, before anything is shown. Raises Refusal."""
    try:
        folder = datadir.prepare(Path(options.data_dir))
        lock = datadir.hold_lock(folder)
        record = record_file(folder, options.plain)
        known.ask(folder, KEY_WITHIN_S)
        known.remember_letterbox(folder)
        resumed = None
        if not is_locked(record):
            bring_up(record)
            for told in [] if options.plain else take_leftovers(folder):
                print(f"kiosk: {told}", file=sys.stderr)
            resumed = find_open(record, options.kind) if not options.plain else None
        crew = crew or Crew(kinds_of(options))
        return Monitor(options, folder, record, plan_for(options, resumed), resumed, crew), lock
    except datadir.DataDirError as error:
        raise Refusal(Reason.DATA_FOLDER, str(error)) from error
    except settings.SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error


def run_monitor(options: MonitorOptions) -> int:
    """Run a monitor in this process until its end; the exit code. Raises Refusal before anything was written."""
    return asyncio.run(watch(options))


async def watch(options: MonitorOptions, line: ChildLine | None = None, crew: Crew | None = None) -> int:
    """The same on a loop that runs. line: to the supervisor. crew: whose screen may have been started already."""
    sys.setswitchinterval(SWITCH_S)
    monitor, lock = begin(options, crew)
    with lock:
        _end_on_signals(monitor)
        if line:
            monitor.line = line
            loop = asyncio.get_running_loop()
            line.listen(lambda message: _pass_on(loop, monitor, message))
        return await monitor.run()


def _pass_on(loop: asyncio.AbstractEventLoop, monitor: Monitor, message: Any) -> None:
    """From the line's thread into the loop; after the loop's end nobody listens any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(monitor.from_supervisor, message)


def _end_on_signals(monitor: Monitor) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # of a system whose loop has no signals: Windows
            loop.add_signal_handler(number, monitor.from_supervisor, EndRun(signal.Signals(number).name))


def is_over(options: MonitorOptions, session_of_run: str) -> bool:
    """The monitor before this one died after it had stored the session's end: no second session is to follow."""
    if not session_of_run:
        return False
    try:
        return is_ended(Path(options.data_dir) / datadir.RECORD, session_of_run)
    except RecordError:
        return False  # `begin` says what is wrong with the record
