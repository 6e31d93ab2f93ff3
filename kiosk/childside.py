"""The first thing that runs inside a child process: takes the line out of fd 0 and 1, then loads the child's main.

Fd 1 belongs to the line, and libraries print: so a copy is kept and fd 1 points at stderr before anything of ours or
others is imported. Must stay light (the line is open within a blink) and knows the children only by dotted strings,
because kiosk may not import ui.
"""

from __future__ import annotations

import importlib
import io
import os
import signal
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kiosk.line.childline import ChildLine
    from kiosk.line.first import GoAhead

EXIT_CRASHED = 70


class Entry(NamedTuple):
    """Where a kind of child begins ("module:function", called with its ChildLine) and what it may be told."""

    main: str
    incoming: str
    ahead: str = ""  # what can be done before all of that is loaded; what it returns is given to main
    ends_by_interrupt: bool = False  # SIGTERM is a KeyboardInterrupt in its main, which closes its streams


ENTRIES: dict[str, Entry] = {
    "screen": Entry("ui.app:main", "kiosk.line.screen:ToScreen", "ui.curtain:cover"),
    "review": Entry("ui.review.app:main", "kiosk.line.review:ToReview"),
    "sound": Entry("media.worker:main", "media.message:ToSound", ends_by_interrupt=True),
    "library": Entry("media.scanner:main", "media.message:ToLibrary"),
    "page": Entry("kiosk.printing:main", "kiosk.line.page:Make"),
    "inspection": Entry("kiosk.inspecting:main", "kiosk.line.inspection:Inspect"),
    "sharing": Entry("kiosk.sharing:main", "kiosk.line.sharing:ShareLater"),
    "tone": Entry("media.tone:main", "media.message:ToTone", ends_by_interrupt=True),
}


class _QuietFile(io.FileIO):
    """Stderr that never raises and never waits: the parent that reads it may be dead or frozen."""

    def write(self, b: Any, /) -> int:
        try:
            written = super().write(b)
        except OSError:
            written = None
        return len(b) if written is None else written


def take_pipes() -> tuple[int, int]:
    """Private copies of fd 0 and 1 (not inherited by grandchildren). Afterwards stdout is stderr, stdin is empty."""
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    if sys.platform != "win32" and stat.S_ISFIFO(os.fstat(2).st_mode):
        os.set_blocking(2, False)  # noisy C libraries must not stop when the parent is frozen
    sys.stdout = sys.stderr = _quiet_text()
    return read_fd, write_fd


def _quiet_text() -> io.TextIOWrapper:
    raw = _QuietFile(2, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True)


def open_line(incoming: Any, **options: Any) -> ChildLine:
    """Take fd 0 and 1 and open the line on them. incoming: the union of messages this process accepts.

    options: as of `ChildLine` (silent_after_s, silence_is_final). Call it once, before any other import.
    """
    read_fd, write_fd = take_pipes()
    from kiosk.line.childline import ChildLine

    return ChildLine(read_fd, write_fd, incoming, **options)


def run_child(name: str, entries: dict[str, Entry] = ENTRIES, *, waits: bool = False) -> int:
    """Be the child `name` until its main returns; the exit code. A crash leaves a crash file and gives 70.

    waits: it has a head start: what can be done `ahead` of everything else is loaded and waits for its word; where
    none comes it ends. Raises KeyError for a name that is not in the table.
    """
    entry = entries[name]
    read_fd, write_fd = take_pipes()
    done, folder = None, None
    if waits:
        ahead, word = _load(entry.ahead), _await_word(read_fd)
        if word is None:
            return 0
        done, folder = ahead(word), Path(word.crash_folder)  # what it raises ends the process; nothing is shown then
    from kiosk import crash
    from kiosk.line.childline import ChildLine

    crash.arm(name, folder)
    if entry.ends_by_interrupt:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        line = ChildLine(read_fd, write_fd, _load(entry.incoming), from_first_beat=waits)
        main = _load(entry.main)
        code = main(line, done) if waits else main(line)
        line.close()
    except KeyboardInterrupt:
        return 0
    except Exception as error:  # noqa: BLE001 - the top of a process
        crash.leave_file(error)
        return EXIT_CRASHED
    return int(code or 0)


def _await_word(read_fd: int) -> GoAhead | None:
    from kiosk.line.first import read

    return read(read_fd)


def _load(dotted: str) -> Any:
    module, _, attribute = dotted.partition(":")
    return getattr(importlib.import_module(module), attribute)
