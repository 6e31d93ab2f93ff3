"""The least that a PySide6 program does before a curve can be seen: one full-screen window with one pyqtgraph plot."""

from __future__ import annotations

import sys

import pyqtgraph as pg
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication


class Plot(pg.PlotWidget):
    """Says `painted` once."""

    has_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Its first paint is the end of the measurement."""
        super().paintEvent(event)
        if not self.has_painted:
            self.has_painted = True
            print("painted", flush=True)


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Plot(background="#202020")
    window.plot([97, 96, 97, 98, 97])
    window.showFullScreen()
    code = app.exec()
    sys.exit(code)
