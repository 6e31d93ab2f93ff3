"""Memory that was needed once, given back to the system: glibc keeps it otherwise, in pages that nobody uses again."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give back what is free now. Takes a few milliseconds; does nothing where the C library is not glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
