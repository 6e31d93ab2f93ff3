"""Imports what takes long after the rest screen was painted, piece by piece, so that a touch is answered in between.

First what the sitter needs to act, then what draws the patient's dunes: until then their display is dark.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PANE = ("ui.over", "ui.sitter.emergency", "ui.sitter.pane")
DUNES = ("ui.landscape",)


class Loading(QObject):
    """ready: called once, when the pane's parts are imported; lit: when the dunes' are."""

    def __init__(self, ready: Callable[[], None], lit: Callable[[], None]) -> None:
        super().__init__()
        self._steps: list[Callable[[], object]] | None = None
        self._all = [*(_import(name) for name in PANE), ready, *(_import(name) for name in DUNES), lit]
        self._stopped = False

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._steps is None:
            self._steps = self._all
            self._next()

    def stop(self) -> None:
        """Import no more; nothing will be called."""
        self._steps = []

    def _next(self) -> None:
        if self._steps:
            self._steps.pop(0)()
            QTimer.singleShot(0, self, self._next)


def _import(name: str) -> Callable[[], object]:
    return lambda: importlib.import_module(name)
