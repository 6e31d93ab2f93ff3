"""The key's fingerprint on the page after the release: the same in letters and as a code that a camera can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.aftercare import After
from kiosk.line.screen import Begin, View
from kiosk.text.aftercare import page
from kiosk.text.care import Care
from tests.unit.kiosk.evening import PLAN
from ui import theme
from ui.kit import rescale
from ui.sitter.fingerprint import EDGE, Code, Fingerprint
from ui.sitter.pane import SitterPane

KEY = "1f0c4-77a1b-03e9d-5520f-c3d18"


def test_the_drawn_code_is_the_fingerprints_square_for_square(room_app: QApplication) -> None:
    code = Code("code")
    rescale(code, 1.5)
    code.say(KEY)
    picture = code.grab().toImage()
    squares = [list(row) for row in segno.make(KEY.upper(), error="m", micro=False).matrix]
    whole = len(squares) + 2 * EDGE
    size = picture.width() // whole
    left = (picture.width() - size * whole) // 2
    ground = theme.colour("ink0").name()
    middles = [left + n * size + size // 2 for n in range(whole)]
    seen = [[int(picture.pixelColor(x, y).name() != ground) for x in middles] for y in middles]
    inside = [row[EDGE:-EDGE] for row in seen[EDGE:-EDGE]]
    assert inside == squares
    assert sum(map(sum, seen)) == sum(map(sum, squares))  # the edge is empty
    assert size >= 4


def test_without_a_key_nothing_is_shown_and_without_room_its_letters_alone(room_app: QApplication) -> None:
    host, part = QWidget(), Fingerprint()
    part.setParent(host)
    part.show_key("")
    assert part.isHidden()
    part.show_key(KEY)
    part.fit(1000)
    assert (part.whole.isHidden(), part.line.isHidden()) == (False, True)
    part.fit(40)
    assert (part.whole.isHidden(), part.line.isHidden()) == (True, False)
    assert part.line.shown() == "Key of this room: 1f0c4 77a1b 03e9d 5520f c3d18"


def test_the_page_after_the_release_shows_it_and_what_comes_next_goes_first(
    room_app: QApplication, begin: Begin, make_view: Callable[..., View], clock: Any
) -> None:
    pane = SitterPane(now=clock)
    pane.resize(1366, 768)
    pane.begin(begin)
    pane.show()
    after = After("Robin is up.", (("Ready 23:12", ""),), page(PLAN), fingerprint=KEY)
    pane.show_view(make_view(after=after))
    for _ in range(3):
        QApplication.processEvents()
    assert pane.texts()["fingerprintCode"] == KEY
    code = pane.findChild(Code)
    assert code is not None
    assert code.isVisible()
    following = tuple(Care("circle", f"Day {n}: three questions", "as the plan asks") for n in range(6))
    after = After("Robin is up.", (("Ready 23:12", ""),), page(PLAN), next=following, fingerprint=KEY)
    for _ in range(3):
        pane.show_view(make_view(after=after))
        QApplication.processEvents()
    assert not code.isVisible()
    assert pane.texts()["fingerprintLine"].endswith("1f0c4 77a1b 03e9d 5520f c3d18")
    pane.close()
