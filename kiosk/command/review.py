"""`kiosk review [DB|FILE]`: the provider's window on a library, a room's record or one session file. No Qt here.

It reads and answers; the window is a process of its own. It is not shown over a room that runs.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

LIBRARY = "library.db"


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "review",
        "Look at sessions: one by one, or all of a patient over each other.",
        "kiosk review practice.db",
    )
    parser.add_argument(
        "what",
        nargs="?",
        type=Path,
        metavar="DB|FILE",
        help="a library, a record or a session file; by default the data folder's library, else its record",
    )
    parser.add_argument("--text", type=int, default=None, metavar="PERCENT", help="size of the words, 100 to 150")
    parser.add_argument(
        "--picture", type=Path, default=None, metavar="PNG", help="take a picture of the window and leave"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Shows the window until it is closed."""
    from kiosk.command.demo import has_display
    from kiosk.launch import load_settings, prepare_folder, refuse_if_held
    from kiosk.review.host import Host
    from kiosk.review.picture import take_picture
    from kiosk.review.unlock import Unlock
    from kiosk.settings import SettingsError

    folder = prepare_folder(args.data_dir)
    path = _found(args.what, folder)
    text = load_settings(folder).number("display.text_percent") if args.text is None else args.text
    if not 100 <= text <= 150:
        raise Refusal(Reason.BAD_SETTING, "--text must be from 100 to 150.")
    refuse_if_held(folder)
    if args.picture is None and not has_display():
        raise Refusal(Reason.FAILED, "There is no display for the window. Log in on a screen, or use --picture PNG.")
    try:
        if args.picture is not None:
            trouble = take_picture(path, folder, args.picture, text)
        else:
            host = Host(path, folder, Unlock(folder, path), text_percent=text)
            asyncio.run(host.run())
            trouble = host.trouble
    except SettingsError as error:
        raise Refusal(Reason.NEEDS_PIN, str(error)) from error
    if trouble:
        raise Refusal(Reason.FAILED, f"The review ended: {trouble}.")
    return 0


def _found(given: Path | None, folder: Path) -> Path:
    from kiosk import datadir

    candidates = [given] if given else [folder / LIBRARY, folder / datadir.RECORD]
    path = next((path for path in candidates if path.is_file()), None)
    if path is not None:
        return path.absolute()
    if given:
        raise Refusal(Reason.NOT_FOUND, f"{given} is not there. Give a library, a record or a session file.")
    raise Refusal(
        Reason.NOT_FOUND, "There is nothing to review yet: no library and no record. `kiosk import` makes one."
    )
