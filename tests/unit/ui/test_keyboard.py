"""The keyboard on the screen: all that is typed can be typed by mouse or touch, and nothing needed is covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from kiosk.line.pane import Button, Choice, EventLine, Sentence
from kiosk.line.prepare import CheckPage, Field, Prepare
from kiosk.line.screen import Begin, View
from kiosk.session.commands import AddNote, AnswerCheck, HandOver, OverrideCheck, SkipPressure, TypePressure
from ui import theme
from ui.keyboard import DIGITS, LETTERS
from ui.sitter.pane import SitterPane

FAILED = CheckPage(
    "no_water", "Room", "No bath or pool near", "failed", "No bath, pool or open water?", "Lock it.",
    buttons=(Button("Yes", "Enter", "primary", AnswerCheck("no_water", "yes")),), can_override=True,
)  # fmt: skip
NAMED = CheckPage(
    "sitter", "You", "Sober, staying throughout", "todo", "Write your name. All of it true?", "",
    fields=(Field("name", "Your name", "text"),),
    buttons=(Button("All true", "Enter", "primary", AnswerCheck("sitter", "yes")),),
)  # fmt: skip
ACTS = (
    Choice("Skip this blood pressure", SkipPressure(""), "S", "asks for a reason"),
    Choice("Hand over", HandOver(""), "H"),
)
EVENTS = (EventLine("21:35", "Sam looked in.", 3, correctable=True),)


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, make_view: Callable[..., View]) -> Iterator[SitterPane]:
    made = SitterPane()
    made.resize(1366, 768)
    made.begin(begin)
    made.show_view(make_view(acts=ACTS, events=EVENTS))
    made.show()
    QTest.qWaitForWindowExposed(made)
    yield made
    made.close()


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    found: list[Any] = []
    pane.asked.connect(found.append)
    return found


def prepare(pane: SitterPane, view: View, *pages: CheckPage) -> None:
    ready = Prepare(pages, None, "Checks are missing", "")
    pane.show_view(msgspec.structs.replace(view, stage="opening", started=False, prepare=ready))
    QApplication.processEvents()


def click(pane: SitterPane, target: str | QWidget) -> None:
    found = target
    if isinstance(found, str):
        found = next(b for b in pane.findChildren(QWidget, found) if b.isVisible())
    where = found.viewport() if isinstance(found, QPlainTextEdit) else found
    QTest.mouseClick(where, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def write(pane: SitterPane, words: str) -> None:
    for letter in words:
        click(pane, f"key_{ {' ': 'space'}.get(letter, letter.lower()) }")


def place(pane: SitterPane, part: QWidget) -> QRect:
    return QRect(part.mapTo(pane, QPoint(0, 0)), part.size())


def test_a_failed_check_is_taken_on_with_the_mouse_alone(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    prepare(pane, make_view(), FAILED)
    click(pane, "skipCheck")
    QTest.qWait(350)  # the second half of a double press is ignored that long
    write(pane, "door is locked")
    assert pane.fronts.prepare.form.reason.value() == "Door is locked"
    click(pane, "key_next")
    write(pane, "sam")
    click(pane, "key_done")
    assert not pane.keyboard.isVisible()
    click(pane, "overrideIt")
    assert asked == [OverrideCheck("no_water", "Door is locked", "Sam")]


def test_a_name_is_written_or_taken_with_the_mouse_alone(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    prepare(pane, make_view(), NAMED)
    assert not pane.keyboard.isVisible()  # nothing was pointed at yet
    click(pane, "field_name")
    assert pane.keyboard.isVisible()
    write(pane, "jo")
    click(pane, "key_erase")
    assert pane.findChild(QLineEdit, "field_name").text() == "J"  # type: ignore[union-attr]
    click(pane, "key_erase")
    click(pane, "takeName")
    assert not pane.keyboard.isVisible()
    QTest.qWait(350)
    click(pane, "answer_yes")
    assert asked == [AnswerCheck("sitter", "yes", {"name": "Sam Rivera"})]


def test_a_blood_pressure_a_note_and_a_reason_are_typed_with_the_mouse_alone(
    pane: SitterPane, asked: list[Any]
) -> None:
    click(pane, "typePressure")
    write(pane, "128")
    click(pane, "key_next")
    write(pane, "79")
    click(pane, "saveTyped")
    assert asked == [TypePressure(Decimal(128), Decimal(79))]
    click(pane, pane.below.drawers.typed.back)
    click(pane, "addNote")
    write(pane, "cold hands, 2.")
    click(pane, "saveNote")
    assert asked[1:] == [AddNote("Cold hands, 2.")]
    click(pane, "openActs")
    click(pane, "choice_S")
    write(pane, "asleep")
    click(pane, "skipIt")
    assert asked[2:] == [SkipPressure("Asleep")]


def test_the_time_of_a_typed_value_can_be_corrected_with_the_mouse_alone(pane: SitterPane) -> None:
    click(pane, "typePressure")
    click(pane, "typedClock")
    for _digit in range(5):
        click(pane, "key_erase")
    write(pane, "21:30")
    assert pane.below.drawers.typed.clock.text() == "21:30"


def test_no_field_and_no_sentence_is_ever_covered(
    pane: SitterPane, make_view: Callable[..., View], alarm: Sentence
) -> None:
    seen = set[str]()

    def look() -> None:
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit | QPlainTextEdit)
        assert pane.keyboard.isVisible(), field.objectName()
        keyboard = place(pane, pane.keyboard)
        assert not keyboard.intersects(place(pane, field)), field.objectName()
        assert pane.rect().contains(keyboard)
        for slot in (pane.sentence, pane.fronts.prepare.sentence):
            assert not slot.isVisible() or not keyboard.intersects(place(pane, slot))
        seen.add(field.objectName())

    def look_through(*fields: str) -> None:
        for name in fields:
            click(pane, name)
            look()

    click(pane, "addNote")
    look()
    click(pane, pane.below.drawers.notes.back)
    click(pane, "typePressure")
    look_through("typedSystolic", "typedDiastolic", "typedPressurePulse", "typedSpo2", "typedPulse", "typedClock")
    click(pane, pane.below.drawers.typed.back)
    click(pane, "openActs")
    click(pane, "choice_H")
    look_through("handOverName")
    click(pane, "handOverUnheard")
    look_through("handOverReason")
    click(pane, pane.below.drawers.hand_over.back)
    click(pane, "openList")
    click(pane, "correct_3")
    look_through("correctClock", "correctReason")
    click(pane, pane.below.drawers.correct.back)
    prepare(pane, make_view(sentence=alarm), FAILED, NAMED)
    click(pane, "skipCheck")
    look()
    click(pane, "key_done")
    look_through("overrideName")
    pane.fronts.prepare._choose("sitter")
    QApplication.processEvents()
    look_through("field_name")
    assert len(seen) == 14


def test_keys_are_wide_enough_for_a_finger(pane: SitterPane) -> None:
    click(pane, "addNote")
    least = theme.BUTTON
    letters = pane.keyboard.letters.keys
    assert sorted(letters) == sorted(key for row in LETTERS for key, _span in row)
    assert all(b.width() >= least and b.height() >= least for b in letters.values())
    click(pane, pane.below.drawers.notes.back)
    click(pane, "typePressure")
    digits = pane.keyboard.digits.keys
    assert sorted(digits) == sorted(key for row in DIGITS for key, _span in row)
    assert all(b.width() >= least and b.height() >= least for b in digits.values())


def test_on_an_upright_display_the_keys_stay_as_large_and_cover_no_number(pane: SitterPane) -> None:
    pane.resize(768, 1366)
    QApplication.processEvents()
    click(pane, "addNote")
    keys = pane.keyboard.upright_letters.keys
    assert all(b.width() >= theme.BUTTON and b.height() >= theme.BUTTON for b in keys.values())
    assert not place(pane, pane.keyboard).intersects(place(pane, pane.numbers))
    assert not place(pane, pane.keyboard).intersects(place(pane, pane.below.drawers.notes.field))
    click(pane, keys["a"])
    assert pane.below.drawers.notes.field.text() == "A"


def test_it_goes_with_the_first_real_key_and_does_not_come_by_keys(pane: SitterPane) -> None:
    QTest.keyClicks(pane, "N")
    QApplication.processEvents()
    assert not pane.keyboard.isVisible()
    click(pane, "noteText")
    assert pane.keyboard.isVisible()
    QTest.keyClicks(pane.below.drawers.notes.field, "c")
    QApplication.processEvents()
    assert not pane.keyboard.isVisible()


def test_an_alarm_and_the_emergency_card_take_its_place(
    pane: SitterPane, make_view: Callable[..., View], alarm: Sentence
) -> None:
    from kiosk.line.pane import Panel, Step

    click(pane, "addNote")
    write(pane, "cold")
    panel = Panel((Step("Look", "now"),), "Look at Robin.", "", ())
    pane.show_view(make_view(sentence=alarm, panel=panel))
    QApplication.processEvents()
    assert not pane.keyboard.isVisible()
    pane.show_view(make_view())
    click(pane, "addNote")
    assert pane.below.drawers.notes.field.text() == "Cold"
    pane.open_card()
    QApplication.processEvents()
    assert not pane.keyboard.isVisible()


def test_shift_and_the_beginning_of_a_sentence_make_a_capital_letter(pane: SitterPane) -> None:
    click(pane, "addNote")
    write(pane, "sam")
    click(pane, "key_shift")
    write(pane, "r. ok")
    assert pane.below.drawers.notes.field.text() == "SamR. Ok"
