"""How the C library keeps this process's memory: frames of a picture are computed in arrays of some hundred KiB.

Belongs to the screen process. By itself glibc gives each of these back and has it cleared anew, twice a second for
hours: a frame of the rest screen then takes twice its time. Elsewhere nothing is changed.
"""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
LARGEST_KEPT = 1280 * 1024
KEPT_IN_ALL = 4 * 1024 * 1024


def keep_pages() -> None:
    """Arrays up to `LARGEST_KEPT` bytes come out of memory that stays ours. Call it before the first of them."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # there is none in a C library that is not glibc
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT)
        mallopt(M_TRIM_THRESHOLD, KEPT_IN_ALL)
