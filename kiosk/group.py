"""Process groups, by platform: each child leads its own, so that its end takes everything it started with it.

The only place that knows signals. Must never signal a group that we did not start, nor our own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any

if sys.platform == "win32":
    import subprocess

    OWN: dict[str, Any] = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    OWN: dict[str, Any] = {"start_new_session": True}
"""Arguments that start a process as the leader of its own group."""


def terminate(pid: int) -> None:
    """Ask the leader `pid` to end (SIGTERM); nothing when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    """Kill the whole group that `pid` leads, also what is left of it after its leader; nothing when it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)  # TerminateProcess there
        else:
            os.killpg(pid, signal.SIGKILL)


def how(code: int) -> str:
    """An exit status in words: "exit 3" or "signal 11 (SIGSEGV)"."""
    if code >= 0:
        return f"exit {code}"
    try:
        return f"signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"signal {-code}"
