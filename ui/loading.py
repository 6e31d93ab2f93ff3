"""Imports what takes long after the rest screen was painted, piece by piece, so that a touch is answered in between.

First what the sitter needs to act, then what draws the patient's dunes: until then their display is dark.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PANE = ("ui.over", "ui.sitter.emergency", "ui.sitter.pane")
DUNES = ("ui.landscape",)
PAINTED_MS = 150  # after it was built a pane is painted; the X server has to ask for it


class Loading(QObject):
    """made: called once, when the pane's parts are imported; ready: when it may be shown; lit: when the dunes' are."""

    def __init__(self, made: Callable[[], None], ready: Callable[[], None], lit: Callable[[], None]) -> None:
        super().__init__()
        self._imports: list[Callable[[], object]] = [*(_import(name) for name in PANE), made]
        self._builds: list[Callable[[], object]] = [ready, *(_import(name) for name in DUNES), lit]
        self._ready = ready
        self._runs = self._may_build = False

    def start(self) -> None:
        """Begin to import; a second call does nothing."""
        if not self._runs:
            self._runs = True
            QTimer.singleShot(0, self, self._next)

    def go(self) -> None:
        """What was imported may be built now, in the pauses of the event loop."""
        if not self._may_build:
            self._may_build = True
            self.start()

    def stop(self) -> None:
        """Import no more; nothing will be called."""
        self._imports, self._builds = [], []

    def _next(self) -> None:
        steps = self._imports or (self._builds if self._may_build else [])
        self._runs = bool(steps)
        if steps:
            step = steps.pop(0)
            step()
            QTimer.singleShot(PAINTED_MS if step is self._ready else 0, self, self._next)


def _import(name: str) -> Callable[[], object]:
    return lambda: importlib.import_module(name)
