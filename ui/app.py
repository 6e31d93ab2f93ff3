"""Entry of the screen child: Qt's application, the bridge from the line's thread into Qt's, and the way out.

Runs as `kiosk _child screen`. The patient's display is dark before anything slow is imported. An unforeseen error ends
this process, for a new one is there within a second; going on with half a screen could show an old value as live.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.curtain import Curtain, begin_application, keep_to_the_desktops_bus
from ui.outbox import Line
from ui.shell import Shell

EXIT_CRASHED = 70


class ListeningLine(Line, Protocol):
    """The line of a process that has one: it calls back from a thread of its own."""

    def listen(self, callback: Callable[[Any], None]) -> None:
        """Give each message to callback; LineLost comes last."""


class Bridge(QObject):
    """Carries messages from the line's thread into Qt's queue."""

    arrived = Signal(object)

    def bring(self, message: Any) -> None:
        """From any thread. Whoever holds this holds the bridge: its last message may come behind the application's end,
        and a signal without its object would be an error in that thread, told as a crash."""
        self.arrived.emit(message)


def main(line: ListeningLine, curtain: Curtain | None = None) -> int:
    """Show the room until the monitor says Leave, or SIGTERM. The exit code. curtain: what stands already."""
    keep_to_the_desktops_bus()
    app = make_application()
    shell, bridge = Shell(line, lambda: app.exit(0), windows=curtain.windows if curtain else None), Bridge()
    if curtain:
        shell.load()
    bridge.arrived.connect(shell.take, Qt.ConnectionType.QueuedConnection)
    failed: list[BaseException] = []
    sys.excepthook = ending_hook(app, failed)
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: shell.end())
    line.listen(bridge.bring)
    code = app.exec()
    sys.excepthook = sys.__excepthook__
    if failed:
        raise failed[0]
    return code


def make_application() -> QApplication:
    """The one application object, with the room's colours and fonts."""
    app = begin_application()
    theme.load_fonts()
    app.setFont(theme.font(18))
    return app


def ending_hook(app: QApplication, failed: list[BaseException]) -> Callable[..., None]:
    """For `sys.excepthook`: an unforeseen error ends the application and stands in `failed`."""

    def hook(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        failed.append(error.with_traceback(trace))
        app.exit(EXIT_CRASHED)

    return hook
