"""The least that a program does to know the files of a folder: walk, look, read how each begins."""

from __future__ import annotations

import os
from pathlib import Path


def read_beginnings(folder: Path) -> int:
    """How many files there are; of each the size and the first 64 bytes are read."""
    count = 0
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)  # noqa: PTH118 - pathlib would be a part of the cost
            if os.stat(path).st_size:  # noqa: PTH116
                with open(path, "rb") as file:  # noqa: PTH123
                    count += len(file.read(64)) == 64
    return count
