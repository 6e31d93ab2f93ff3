"""How a room is started: options to the monitor's command line, under the supervisor. Shared by run and demo."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk import settings
from kiosk.headstart import HeadStart, words
from kiosk.launch import load_settings, load_state
from kiosk.line import first
from kiosk.line.codec import encode
from kiosk.line.monitor import Go
from kiosk.options import MonitorOptions

if TYPE_CHECKING:
    from kiosk.holding import Holding
    from kiosk.supervisor import Start


def monitor_argv(options: MonitorOptions, start: Start) -> list[str]:
    """The command line of one monitor; carries no name and no value."""
    from kiosk.supervisor import flags

    return words("_monitor", msgspec.json.encode(options).decode(), *flags(start))


def _shows_nothing(options: MonitorOptions, env: Mapping[str, str]) -> bool:
    return not options.screen or env.get("QT_QPA_PLATFORM", "").startswith("offscreen")


def cover(begun: HeadStart, options: MonitorOptions, asked: settings.Settings) -> None:
    """Nothing was refused: the screen of this monitor may cover the patient's display. Raises Refusal."""
    folder = Path(options.data_dir)
    displays = settings.displays(asked, load_state(folder))
    word = first.GoAhead(str(_crash_folder(folder)), options.single_screen, options.windowed, *displays)
    begun.tell(first.encode(word))


def _crash_folder(folder: Path) -> Path:
    made = folder / "crash"
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def run_room(
    options: MonitorOptions,
    env: Mapping[str, str] | None = None,
    holding: Holding | None = None,
    begun: HeadStart | None = None,
) -> int:
    """Run the room until its end; the exit code. Crash files of every process go into the data folder.

    holding: made from the settings when it is None; a room that shows nothing on a display holds nothing. begun: the
    first monitor, which waits for its options.
    """
    folder = Path(options.data_dir)
    asked = load_settings(folder)
    crash_folder = _crash_folder(folder)
    if begun:
        begun.tell(encode(Go(options)))
    # 45 ms, asyncio the most of it: the monitor has its word before
    from kiosk import crash
    from kiosk.holding import holding_for
    from kiosk.supervisor import supervise

    if holding is None and not _shows_nothing(options, {**os.environ, **(env or {})}):
        holding = holding_for(folder, asked)
    crash.arm("supervisor", crash_folder)
    return supervise(
        lambda start: monitor_argv(options, start),
        data_dir=folder,
        out=lambda text: print(text, flush=True),
        env=env,
        holding=holding,
        begun=begun,
    )
