"""`kiosk journal`: the patient's own journal in its own window, on any day. The passphrase is typed there only."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.session.commands import ShareEntry


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(subparsers, "journal", "Open the patient's own journal.", "kiosk journal")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The window until it is closed; 1 where there is no display for it."""
    from kiosk import crash
    from kiosk.datadir import JOURNAL
    from kiosk.launch import prepare_folder

    if sys.platform == "linux" and not any(
        os.environ.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise Refusal(Reason.FAILED, "The journal needs a display. Open it from the desktop.")
    folder = prepare_folder(args.data_dir)
    crash.arm("journal", folder / "crash")
    main = importlib.import_module("ui.journal.app").main  # kiosk knows ui by its name only
    return int(main(folder / JOURNAL, partial(share, folder)))


def share(folder: Path, entry: ShareEntry) -> tuple[bool, str]:
    """Put an entry behind the last session's end: whether it is there, and the sentence on it. Waits for the disk."""
    from kiosk.line.sharing import SharedLater
    from kiosk.sharer import share_later
    from kiosk.text import journal as words
    from kiosk.text.aftercare import day_of

    answer = share_later(folder, entry)
    if isinstance(answer, SharedLater):
        return True, words.shared_into(day_of(answer.started_utc_ns, answer.offset_min))
    return False, words.not_shared(answer.reason, answer.sentence)
