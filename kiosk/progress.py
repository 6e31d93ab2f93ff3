"""A line on a terminal that says how far long work is; nothing where nobody looks."""

from __future__ import annotations

import sys


class Progress:
    """A context manager. whole: how much there is to do, 0 if that is not known."""

    def __init__(self, what: str, whole: int) -> None:
        self._what, self._whole = what, whole
        self._shown = -1
        self._is_seen = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown >= 0:
            sys.stderr.write("\r\x1b[K")

    def at(self, done: int) -> None:
        """So much is done."""
        percent = min(100, 100 * done // self._whole) if self._whole else 0
        if self._is_seen and percent != self._shown:
            self._shown = percent
            sys.stderr.write(f"\r{self._what} {percent:3d} %")
            sys.stderr.flush()
