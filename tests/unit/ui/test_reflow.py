"""On every page: nothing is cut off, nothing lies on anything else, what is pressed is large enough for a finger."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from kiosk.line.pane import Panel, Sentence, Step
from kiosk.line.screen import View
from tests.unit.ui.pages import BEGIN, Room, states
from tests.unit.ui.test_targets import in_view, scrolls, too_small
from ui import theme
from ui.kit import Part, Text
from ui.kit_alarm import Countdown, Marker
from ui.kit_value import Hollow, Numeral
from ui.over import OverRest
from ui.pin import PinScreen

ROUNDING = 1  # sizes in u become whole pixels one by one
LEAVES = (Text, QAbstractButton, Numeral, Hollow, Marker, Countdown)


def name_of(part: QWidget) -> str:
    shown = part.shown() if isinstance(part, Part) else ""
    return f"{part.objectName() or type(part).__name__} “{shown[:40]}”"


def is_shown(part: QWidget) -> bool:
    return part.isVisible() and not (isinstance(part, Text) and not part.shown())


def cut(part: QWidget, root: QWidget) -> str:
    """Why a person could not read all of a part, "" when they can."""
    seen, whole = in_view(part, root), QRect(part.mapTo(root, QPoint(0, 0)), part.size())
    lost = max(whole.width() - seen.width(), whole.height() - seen.height())
    if lost > ROUNDING:
        return f"only {seen.width()}x{seen.height()} of {whole.width()}x{whole.height()}"
    if not isinstance(part, Text):
        return ""
    if part.wordWrap():
        needs = part.heightForWidth(part.width())
        return f"{needs} high in {part.height()}" if needs > part.height() + 2 else ""
    if part.shrinks:
        return f"elided to {part.text()}" if part.text() != part.shown() else ""
    return f"{part.sizeHint().width()} wide in {part.width()}" if part.sizeHint().width() > part.width() + 1 else ""


def wrong_on(root: QWidget) -> list[str]:
    """Everything on a page that is cut off or lies on something else."""
    parts = [p for kind in LEAVES for p in root.findChildren(kind) if is_shown(p) and not scrolls(p)]
    keyboard = root.findChild(QWidget, "screenKeyboard")
    if keyboard is not None:
        parts = [p for p in parts if not keyboard.isAncestorOf(p)]
    found = [f"{name_of(p)}: {why}" for p in parts if (why := cut(p, root))]
    places = [(p, QRect(p.mapTo(root, QPoint(0, 0)), p.size())) for p in parts]
    for i, (one, here) in enumerate(places):
        for other, there in places[i + 1 :]:
            both = here & there
            if both.width() > 2 and both.height() > 2 and not one.isAncestorOf(other) and not other.isAncestorOf(one):
                found.append(f"{name_of(one)} lies on {name_of(other)}")
    return found


@pytest.mark.parametrize("size", [(1366, 768), (768, 1366), (1080, 1920)])
def test_keypad_and_the_alarm_over_rest_stand_whole_on_an_upright_display(
    room_app: QApplication, make_view: Callable[..., View], alarm: Sentence, size: tuple[int, int]
) -> None:
    host, pin, over = QWidget(), PinScreen(), OverRest()
    host.resize(*size)
    host.show()
    pin.name_people("Robin", "Sam", 6)
    panel = Panel((Step("Probe", "now"), Step("Wake", "next")), "Check the finger probe.", "Flat?", ())
    over.show_view(make_view(sentence=alarm, panel=panel), only_sentence=False, one_display=True)
    for layer in (pin, over):
        layer.setParent(host)
        layer.resize(*size)
        layer.show()
        room_app.processEvents()
        over.shield.hide()
        assert [*wrong_on(layer), *too_small(layer, theme.unit(*size))] == []
        layer.hide()


@pytest.mark.parametrize(("size", "text_percent"), [((1366, 768), 100), ((768, 1366), 100), ((1366, 768), 150)])
@pytest.mark.usefixtures("room_app")
def test_every_page_is_whole_and_large_enough_for_a_finger(size: tuple[int, int], text_percent: int) -> None:
    wrong, rooms, seen = list[str](), list[Room](), 0
    begin = msgspec.structs.replace(BEGIN, text_percent=text_percent)

    def make(bed: object) -> Room:
        rooms.append(Room(bed, size, begin))  # type: ignore[arg-type]
        return rooms[-1]

    for state, room in states(make):
        card = room.pane.card
        root: QWidget = card if card.isVisible() else room.pane.fronts.now or room.pane
        seen += 1
        wrong += [f"{state}: {line}" for line in (*wrong_on(root), *too_small(root, room.pane._u))]
        if room.pane.keyboard.isVisible():
            wrong += [f"{state}: {line}" for line in too_small(room.pane.keyboard, room.pane._u)]
    for room in rooms:
        room.close()
    QApplication.processEvents()
    assert wrong == []
    assert seen > 60
