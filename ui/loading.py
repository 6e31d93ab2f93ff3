"""Imports what takes long after the rest screen was painted, piece by piece, so that a touch is answered in between."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

HEAVY = ("numpy", "ui.over", "ui.sitter.emergency", "ui.sitter.pane")


class Loading(QObject):
    """ready: called once, when all are imported. Start it as often as you like."""

    def __init__(self, ready: Callable[[], None]) -> None:
        super().__init__()
        self._ready = ready
        self._left: list[str] | None = None
        self._stopped = False

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._left is None:
            self._left = list(HEAVY)
            self._next()

    def stop(self) -> None:
        """Import no more; `ready` will not be called."""
        self._stopped = True

    def _next(self) -> None:
        if self._stopped:
            return
        if self._left:
            importlib.import_module(self._left.pop(0))
            QTimer.singleShot(0, self, self._next)
        else:
            self._ready()
