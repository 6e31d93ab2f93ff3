"""Runs the supervisor over `monitor_stub`, as a process of its own: `python -m tests.children.supervise FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.supervisor import Start, flags, supervise


def argv(start: Start) -> list[str]:
    program = sys.argv[2:] or [sys.executable, "-m", "tests.children.monitor_stub", sys.argv[1]]
    return [*program, *flags(start)]


if __name__ == "__main__":
    sys.exit(supervise(argv, data_dir=Path(sys.argv[1]), on_session=lambda state: print("session", state.session_id)))
