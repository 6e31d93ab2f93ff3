"""What our processes leave on the disk is their owner's only: no file for others, no image of memory after a crash."""

from __future__ import annotations

import os
import sys


def keep_private() -> None:
    """At the top of a process, before it writes anything; its children inherit it.

    A core dump would hold names, values and the record's key; our own crash files say where and never with what.
    """
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))
