"""Does the journal's slow work (argon2id, a disk) in a thread, one thing after the other, and answers in Qt's.

Belongs to the process that shows the journal: the room's screen must go on beating meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Queue
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from kiosk.journal.fault import JournalError

Work = tuple[Callable[[], Any], Callable[[Any], None]]
END_WITHIN_S = 3.0


class Clerk(QObject):
    """`do(work, then)`: then(result), or then(JournalError); nobody is answered any more after `end`."""

    _done = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._wanted: Queue[Work | None] = Queue()
        self._is_over = False
        self._done.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Begin it behind what waits already."""
        self._wanted.put((work, then))

    def end(self) -> None:
        """Let what waits be done, for some seconds at most, and take no more."""
        self._is_over = True  # who would be answered may be gone
        self._wanted.put(None)
        self._thread.join(END_WITHIN_S)

    def _answer(self, then: Callable[[Any], None], result: Any) -> None:
        if not self._is_over:
            then(result)

    def _run(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            work, then = wanted
            try:
                result = work()
            except JournalError as error:
                result = error
            self._done.emit(then, result)
