"""A writer to be killed: opens or resumes a session and says each stored seq on stdout. Run by the record's tests.

argv: file, "stream" (until killed) or "at-commit" (kills itself between commit and acknowledgement), resume id or "".
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.unit.kiosk.record_samples import Heard, at, opened, oximetry, recorder


def main() -> None:
    path, how, resume = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    heard = Heard()

    def say(tickets: list) -> None:
        if how == "at-commit" and any(ticket.seq >= 20 for ticket in tickets):
            os.kill(os.getpid(), signal.SIGKILL)
        for ticket in tickets:
            print(ticket.seq, flush=True)

    heard.take = say  # type: ignore[method-assign]
    writer = recorder(path, heard, resume=resume or None)
    if not resume:
        writer.append_event(opened(), at(0), "Session opened")
    second = 0
    while True:
        # Never far ahead of the disk, so that the parent kills it in the middle of the writing.
        if writer.waiting < 20:
            second += 1
            writer.append_reading(oximetry(second))


main()
