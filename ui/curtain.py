"""The first thing of a room that stands on a display: plain dark for the patient, before anything else is loaded.

Belongs to the screen process. Nothing can be pressed on it; what lies behind it comes by `ui.app`, and without a
monitor that begins it goes with the process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.windows import Windows

if TYPE_CHECKING:
    from kiosk.line.first import GoAhead

PAINTED_WITHIN_MS = 500


class Curtain(NamedTuple):
    """What stands when the line is opened."""

    app: QApplication
    windows: Windows


def cover(word: GoAhead) -> Curtain:
    """Darken the patient's display; what else is to be shown there is not known yet."""
    keep_to_the_desktops_bus()
    app, windows = bare_application(), Windows()
    windows.patient.setCursor(Qt.CursorShape.BlankCursor)
    windows.open(word.single_screen, word.windowed, word.sitter_display, word.patient_display)
    if windows.places.patient:
        painting = QEventLoop()
        windows.patient.painted.connect(painting.quit)
        QTimer.singleShot(PAINTED_WITHIN_MS, painting.quit)
        painting.exec()
    return Curtain(app, windows)


def keep_to_the_desktops_bus() -> None:
    """Where the desktop runs no message bus Qt would start one, and that one would outlive every process of ours."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if sys.platform == "linux" and not (runtime and Path(runtime, "bus").exists()):
        os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", "disabled:")


def bare_application() -> QApplication:
    """The one application object."""
    app = QApplication.instance() or QApplication(["session-room"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    return app


def begin_application() -> QApplication:
    """The same in the night's colours, so that no window is ever bright: dark ones paint their own ground before it."""
    app = bare_application()
    app.setStyle("Fusion")
    palette = QPalette()
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        palette.setColor(role, theme.colour("ground"))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(role, theme.colour("ink1"))
    app.setPalette(palette)
    return app
