"""The keypad: compares nothing, keeps nothing, and everything beside it still calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from kiosk.line.screen import PinAnswer
from ui.pin import PinScreen

Key = Qt.Key


@pytest.fixture
def pin(room_app: QApplication, clock: Any) -> PinScreen:
    screen = PinScreen(clock=clock)
    screen.resize(1366, 768)
    screen.name_people("Robin", "Sam Rivera", 6)
    screen.show()
    return screen


def heard(pin: PinScreen, name: str) -> list[Any]:
    found: list[Any] = []
    getattr(pin, name).connect(lambda *values: found.append(values[0] if values else True))
    return found


def type_digits(pin: PinScreen, press: Callable[..., None], digits: str) -> None:
    for digit in digits:
        press(pin, ord(digit), digit)


def test_the_last_digit_of_a_known_length_sends_the_pin_once(pin: PinScreen, press: Callable[..., None]) -> None:
    typed = heard(pin, "typed")
    type_digits(pin, press, "123456")
    type_digits(pin, press, "7")
    assert typed == ["123456"]
    pin.show_answer(PinAnswer(ok=True))
    assert pin.dots.typed == 0


def test_a_pin_of_unknown_length_ends_with_enter(pin: PinScreen, press: Callable[..., None]) -> None:
    pin.name_people("Robin", "Sam Rivera", 0)
    typed = heard(pin, "typed")
    type_digits(pin, press, "123")
    press(pin, Key.Key_Return)
    assert typed == []
    assert not pin.enter.isVisible()
    type_digits(pin, press, "4")
    assert pin.enter.isVisible()
    press(pin, Key.Key_Return)
    assert typed == ["1234"]


def test_the_keypad_works_by_touch(pin: PinScreen) -> None:
    typed, called = heard(pin, "typed"), heard(pin, "called")
    for digit in "12345":
        QTest.mouseClick(pin.digit_keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(pin.delete, Qt.MouseButton.LeftButton)
    for digit in "56":
        QTest.mouseClick(pin.digit_keys[digit], Qt.MouseButton.LeftButton)
    assert typed == ["123456"]
    assert called == []


def test_a_touch_beside_the_keypad_calls_the_sitter(pin: PinScreen) -> None:
    called = heard(pin, "called")
    QTest.mouseClick(pin, Qt.MouseButton.LeftButton, pos=QPoint(100, 400))
    assert called == ["click"]


def test_space_and_other_keys_call_and_escape_goes_back(pin: PinScreen, press: Callable[..., None]) -> None:
    called, left = heard(pin, "called"), heard(pin, "left")
    press(pin, Key.Key_Space)
    press(pin, Key.Key_Q)
    press(pin, Key.Key_Escape)
    assert called == ["key", "key"]
    assert left == [True]


def test_a_wrong_pin_says_how_many_tries_are_left(pin: PinScreen, press: Callable[..., None]) -> None:
    type_digits(pin, press, "123456")
    pin.show_answer(PinAnswer(ok=False, tries_left=2))
    assert pin.texts()["pinMessage"] == "Wrong PIN. 2 tries left"
    pin.show_answer(PinAnswer(ok=False, tries_left=1))
    assert pin.texts()["pinMessage"] == "Wrong PIN. 1 try left"


def test_locked_counts_down_takes_no_digit_and_opens_again(
    pin: PinScreen, press: Callable[..., None], clock: Any, qtbot: Any
) -> None:
    typed = heard(pin, "typed")
    pin.show_answer(PinAnswer(ok=False, locked_s=30))
    assert pin.locked
    assert pin.texts()["pinMessage"] == "Locked. Try again in 0:30"
    assert pin.hold.isVisible()
    type_digits(pin, press, "123456")
    assert typed == []
    clock.go(12)
    qtbot.waitUntil(lambda: pin.texts()["pinMessage"] == "Locked. Try again in 0:18", timeout=5000)
    clock.go(19)
    qtbot.waitUntil(lambda: pin.texts()["pinMessage"] == "for Sam Rivera", timeout=5000)
    assert not pin.hold.isVisible()
    type_digits(pin, press, "123456")
    assert typed == ["123456"]


def test_without_a_pin_that_can_be_checked_the_key_is_held(pin: PinScreen) -> None:
    pin.show_answer(PinAnswer(ok=False))
    assert pin.texts()["pinMessage"] == "No PIN can be checked"
    assert pin.may_hold
    assert pin.hold.isVisible()
    pin.show_answer(PinAnswer(ok=False, tries_left=4))
    assert not pin.may_hold


def test_the_hold_button_must_be_held(pin: PinScreen, qtbot: Any) -> None:
    held = heard(pin, "held")
    pin.show_answer(PinAnswer(ok=False, locked_s=300))
    QTest.mouseClick(pin.hold, Qt.MouseButton.LeftButton)
    assert held == []
    QTest.mousePress(pin.hold, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: held == [True], timeout=10_000)
    QTest.mouseRelease(pin.hold, Qt.MouseButton.LeftButton)
    assert held == [True]


def test_no_answer_within_five_seconds_lets_the_sitter_try_again(
    pin: PinScreen, press: Callable[..., None], clock: Any, qtbot: Any
) -> None:
    typed = heard(pin, "typed")
    type_digits(pin, press, "123456")
    assert pin.texts()["pinMessage"] == "Checking…"
    clock.go(6)
    qtbot.waitUntil(lambda: pin.texts()["pinMessage"] == "for Sam Rivera", timeout=5000)
    type_digits(pin, press, "654321")
    assert typed == ["123456", "654321"]


def test_half_a_pin_is_forgotten_when_the_keypad_goes_away(pin: PinScreen, press: Callable[..., None]) -> None:
    type_digits(pin, press, "123")
    pin.hide()
    pin.show()
    assert pin.dots.typed == 0


def test_typed_digits_are_written_nowhere(pin: PinScreen, press: Callable[..., None]) -> None:
    type_digits(pin, press, "98765")
    words = [child.accessibleName() for child in pin.findChildren(QWidget)]
    assert "5 of 6 digits" in words
    assert not any("98765" in text for text in words)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (768, 1366)])
def test_every_button_lies_whole_on_the_screen(pin: PinScreen, size: tuple[int, int]) -> None:
    pin.resize(*size)
    for button in pin.findChildren(QPushButton):
        if button.isVisible():
            place = button.rect().translated(button.mapTo(pin, QPoint(0, 0)))
            assert pin.rect().contains(place), button.accessibleName()


def test_an_alarm_takes_the_place_of_the_heading(pin: PinScreen) -> None:
    pin.make_room(True)
    assert not pin.title.isVisible()
    assert pin.said.mapTo(pin, QPoint(0, 0)).y() >= 138
    pin.make_room(False)
    assert pin.title.isVisible()
