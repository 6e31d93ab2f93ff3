"""The child that looks through the record while a session goes on: every page, and every chain of earlier sessions.

Runs as `kiosk _child inspection`, with the lowest priority: it may take minutes and must cost the monitor nothing. It
looks once, answers and ends; it beats only by its answer.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Protocol

from kiosk.line.inspection import Inspect, Inspected
from kiosk.record.fault import RecordError
from kiosk.record.reader import Reader
from kiosk.vault import known
from kiosk.vault.key import Key


class Line(Protocol):
    """The child's end."""

    def get(self, timeout_s: float | None = None) -> Any:
        """The next message."""
        ...

    def send(self, message: Any) -> None:
        """Say something."""
        ...


def main(line: Line) -> int:
    """One look."""
    wanted = line.get()
    if isinstance(wanted, Inspect):
        with contextlib.suppress(OSError, AttributeError):  # not on every system
            os.nice(19)
        line.send(inspect(wanted))
    return 0


def inspect(wanted: Inspect) -> Inspected:
    """What is found; a file that cannot be read is damaged."""
    path = Path(wanted.record)
    if wanted.key:
        known.give(path.parent, Key(bytes.fromhex(wanted.key)))
    try:
        with Reader(path) as reader:
            damage = reader.integrity()
            ids = [line.session_id for line in reader.sessions() if line.session_id != wanted.leave_out]
            broken = tuple(one for one in ids if reader.verify_chain(one))
    except RecordError as error:
        return Inspected(0, damage=f"{error.reason}: {error.detail}")
    return Inspected(len(ids), broken, damage[0] if damage else "")
