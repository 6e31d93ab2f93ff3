"""What is large enough for a finger and wholly there; every page of the pane is held to it in `test_reflow`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

from kiosk.line.pane import Sentence
from kiosk.line.screen import PinAnswer, View
from ui import theme
from ui.over import OverRest
from ui.pin import PinScreen

LEAST = theme.BUTTON


def in_view(part: QWidget, root: QWidget) -> QRect:
    """What of a part no parent cuts off, in the root's pixels."""
    seen = QRect(part.mapTo(root, QPoint(0, 0)), part.size())
    above = part.parentWidget()
    while above is not None and above is not root:
        seen &= QRect(above.mapTo(root, QPoint(0, 0)), above.size())
        above = above.parentWidget()
    return seen & root.rect()


def scrolls(part: QWidget) -> bool:
    above = part.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above is not None


def too_small(root: QWidget, u: float) -> list[str]:
    """What can be pressed and is smaller than a finger, or partly cut off, or lies on another."""
    found, places = list[str](), dict[str, QRect]()
    pressed = [b for b in root.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
    cover = root.findChild(QWidget, "screenKeyboard")
    for button in pressed:
        name = button.objectName() or button.accessibleName()
        seen = button.rect() if scrolls(button) else in_view(button, root)
        if seen.width() < round(LEAST * u) or seen.height() < round(LEAST * u):
            found.append(f"{name} {seen.width() / u:.0f}x{seen.height() / u:.0f}")
        behind = cover is not None and cover.isVisible() and not cover.isAncestorOf(button)
        if not behind and not scrolls(button):
            found += [f"{name} lies on {other}" for other, place in places.items() if place.intersects(seen)]
            places[name] = seen
    return found


def test_the_keypad_and_the_alarm_over_rest_are_large_enough_too(
    room_app: QApplication, make_view: Callable[..., View], alarm: Sentence
) -> None:
    pin, over = PinScreen(), OverRest()
    pin.name_people("Robin", "Sam", 6)
    pin.show_answer(PinAnswer(False, 0, 60))  # locked out: the held key is there as well
    over.show_view(make_view(sentence=alarm), only_sentence=False, one_display=True)
    host = QWidget()
    host.resize(1366, 768)
    host.show()
    for layer in (pin, over):
        layer.setParent(host)
        layer.resize(host.size())
        layer.show()
        room_app.processEvents()
        if layer is over:
            over.shield.hide()
        assert too_small(layer, 1.0) == []
        layer.hide()
