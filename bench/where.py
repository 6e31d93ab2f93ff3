"""`python -m bench.where NAME`: where a part of the live pane stands in a window of 1366 x 768: x, y, width, height."""

from __future__ import annotations

import sys

import msgspec
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from bench.luminance import view_of
from kiosk.line.pane import Sentence
from kiosk.line.screen import Begin, RestView
from kiosk.line.tile import PressureTile, Tile
from tests.end_to_end.desktop import HEIGHT, WIDTH
from ui.app import make_application
from ui.kit_value import Numeral
from ui.sitter.pane import SitterPane

if __name__ == "__main__":
    app = make_application()
    pane = SitterPane()
    pane.begin(Begin(False, False, False, True, "Robin", "Sam", 0, 0))
    pane.resize(WIDTH, HEIGHT)
    pane.show()
    calm = msgspec.structs.replace(
        view_of(RestView("rest")),
        sentence=Sentence("calm", "No alarms.", "Oxygen and pulse are watched."),
        spo2=Tile("live", "97", age_s=0.5, note="Good signal"),
        pulse=Tile("live", "72", age_s=0.5),
        pressure=PressureTile("none"),
    )
    pane.show_view(calm)
    app.processEvents()
    part = pane.findChild(QWidget, sys.argv[1])
    assert part is not None, sys.argv[1]
    numeral = part.findChild(Numeral)
    assert numeral is not None
    at = numeral.mapTo(pane, QPoint(0, 0))
    print(at.x(), at.y(), numeral.width(), numeral.height())
