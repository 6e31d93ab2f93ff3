"""Keeps an open journal out of core dumps: whoever crashes while the key is in memory leaves no picture of it.

It cannot keep memory out of the swap or of a hibernated computer: that takes an encrypted disk.
"""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def allow_dumps(allowed: bool) -> None:
    """Whether the system may write this process's memory to a file, or let other processes of the user read it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, int(allowed), 0, 0, 0)
