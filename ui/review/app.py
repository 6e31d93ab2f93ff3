"""Entry of the review's child: Qt's application in day colours, the bridge from the line's thread, and the way out.

Runs as `kiosk _child review`. When the process behind it is gone the window says so and shows what it has; an
unforeseen error ends it.
"""

from __future__ import annotations

import signal
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from kiosk.line.childline import LineLost
from kiosk.line.review import Closed, Picture, Windowed
from kiosk.line.screen import Leave, Pictured, ScreenTrouble
from kiosk.text import review_act as words
from ui import theme
from ui.app import Bridge, ListeningLine, ending_hook
from ui.curtain import keep_to_the_desktops_bus
from ui.picture import PictureError, take_picture
from ui.review.window import LEAST, ReviewWindow

BEAT_MS = 200


def make_application() -> QApplication:
    """The one application object, in day colours."""
    theme.wear(theme.DAY)
    app = QApplication.instance() or QApplication(["session-room"])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    theme.load_fonts()
    app.setFont(theme.font(15))
    palette = QPalette()
    tones = {
        "ground": (QPalette.ColorRole.Window,),
        "panel": (QPalette.ColorRole.Base, QPalette.ColorRole.Button, QPalette.ColorRole.ToolTipBase),
        "ink1": (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
            QPalette.ColorRole.ToolTipText,
        ),
        "fill": (QPalette.ColorRole.Highlight,),
        "on_fill": (QPalette.ColorRole.HighlightedText,),
    }
    for tone, roles in tones.items():
        for role in roles:
            palette.setColor(role, theme.colour(tone))
    app.setPalette(palette)
    return app


class Review:
    """Window and line, tied together."""

    def __init__(self, line: ListeningLine, app: QApplication) -> None:
        self.line, self.app = line, app
        self.window = ReviewWindow()
        self.window.wished.connect(line.send)
        self.window.closed.connect(self._close)
        self._beats = QTimer(self.window)
        self._beats.setInterval(BEAT_MS)
        self._beats.timeout.connect(line.beat)
        self._is_lost = False

    def start(self) -> None:
        """Show the window."""
        self._beats.start()
        if self.app.platformName() != "offscreen":  # which warns of it
            self.window.setMinimumSize(*LEAST)
        self.window.show()
        self.line.send(Windowed())

    def take(self, message: object) -> None:
        """One message from the line."""
        match message:
            case Leave():
                self.app.exit(0)
            case LineLost():
                self._is_lost = True
                self.window.message.say(words.ended())
                self.window.message.style_as("red")
            case Picture(path=path):
                self._picture(path)
            case _:
                self.window.take(message)

    def _picture(self, path: str) -> None:
        self.window.session.chart.redraw()  # at once: it would come half a second later
        try:
            self.line.send(Pictured(path, take_picture(self.window, path)))
        except PictureError as error:
            self.line.send(ScreenTrouble(str(error)))

    def _close(self) -> None:
        self.line.send(Closed())
        if self._is_lost:
            self.app.exit(0)


def main(line: ListeningLine) -> int:
    """Show the window until it is closed, or SIGTERM. The exit code."""
    keep_to_the_desktops_bus()
    app = make_application()
    review, bridge = Review(line, app), Bridge()
    bridge.arrived.connect(review.take, Qt.ConnectionType.QueuedConnection)
    failed: list[BaseException] = []
    sys.excepthook = ending_hook(app, failed)
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: app.exit(0))
    review.start()
    line.listen(bridge.bring)
    code = app.exec()
    sys.excepthook = sys.__excepthook__
    if failed:
        raise failed[0]
    return code
