"""Pairing in the preparation by keys alone and by mouse alone: nothing is agreed by a key meant for another page."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.pane import Button
from kiosk.line.prepare import Pairing
from kiosk.line.screen import Answer
from kiosk.session.commands import AnswerPairing, ForgetBond, LeavePairing
from tests.unit.ui.test_prepare import ALARM, PANEL, Desk, Key, desk  # noqa: F401 - a fixture
from ui.kit_button import Button as KitButton

CUFF = "f2:02"


def answers(number: int, yes: str, key: str, kind: Any = "primary") -> tuple[Button, ...]:
    return (
        Button(yes, key, kind, AnswerPairing(CUFF, number, "yes")),
        Button("Cancel", "X", "plain", AnswerPairing(CUFF, number, "no")),
    )


def compared(number: int = 1) -> Pairing:
    buttons = answers(number, "The same", "Y", "plain")
    detail = "Look at both, digit by digit. Another number is another device."
    return Pairing(f"q{number}", "Same number on the cuff?", detail, "012 345", buttons=buttons, left_s=27, of_s=30)


def asked(number: int = 1) -> Pairing:
    buttons = answers(number, "Pair", "Enter")
    say = "Type the number that the cuff shows."
    return Pairing(f"q{number}", say, "Six digits.", types=True, buttons=buttons, left_s=27, of_s=30)


SHOWN = Pairing(
    "q1", "Type this number on the cuff.", "Then press its key that confirms.", "271 828", 2,
    buttons=answers(1, "", "")[1:], left_s=12, of_s=30,
)  # fmt: skip
MISMATCH = Pairing(
    "f2:02 bond mismatch", "The cuff forgot this computer.", "It was reset, or paired with a phone since.",
    buttons=(
        Button("Forget and pair again", "Enter", "primary", ForgetBond(CUFF)),
        Button("Leave it so", "X", "plain", LeavePairing(CUFF)),
    ),
)  # fmt: skip


def pair(desk: Desk, pairing: Pairing | None, **changes: Any) -> None:  # noqa: F811
    """The view says so, and a moment passes."""
    assert desk.view.prepare is not None
    ready = msgspec.structs.replace(desk.view.prepare, pairing=pairing)
    desk.view = msgspec.structs.replace(desk.view, prepare=ready, **changes)
    desk.pane.show_view(desk.view)
    QApplication.processEvents()


def shown(desk: Desk, name: str) -> bool:  # noqa: F811
    return any(found.isVisible() for found in desk.pane.findChildren(QWidget, name))


def said(desk: Desk) -> list[Any]:  # noqa: F811
    return [command for command in desk.asked if isinstance(command, AnswerPairing | ForgetBond | LeavePairing)]


@pytest.fixture
def at_desk(desk: Desk) -> Desk:  # noqa: F811
    return desk


def test_the_two_numbers_stand_large_and_enter_does_not_confirm_them(at_desk: Desk) -> None:
    pair(at_desk, compared())
    at_desk.clock.go(2)
    texts = at_desk.pane.texts()
    assert (texts["pairingSay"], texts["pairingNumber"]) == ("Same number on the cuff?", "012 345")
    assert not shown(at_desk, "checkPage")
    at_desk.hit(Key.Key_Return, " ", "A", "1")
    assert said(at_desk) == []
    at_desk.hit("Y")
    assert said(at_desk) == [AnswerPairing(CUFF, 1, "yes")]


def test_no_pairs_nothing_and_escape_means_no(at_desk: Desk) -> None:
    pair(at_desk, compared())
    at_desk.hit("X")
    pair(at_desk, compared(2))
    at_desk.hit(Key.Key_Escape)
    assert said(at_desk) == [AnswerPairing(CUFF, 1, "no"), AnswerPairing(CUFF, 2, "no")]


def test_a_key_meant_for_the_check_before_agrees_to_nothing(at_desk: Desk) -> None:
    pair(at_desk, MISMATCH)
    QTest.keyClick(at_desk.pane, Key.Key_Return)
    assert said(at_desk) == []
    at_desk.clock.go(1.1)
    QTest.keyClick(at_desk.pane, Key.Key_Return)
    assert said(at_desk) == [ForgetBond(CUFF)]


def test_six_digits_are_typed_before_pair_can_be_pressed(at_desk: Desk) -> None:
    pair(at_desk, asked())
    at_desk.clock.go(2)
    assert isinstance(QApplication.focusWidget(), QWidget)
    at_desk.hit("1234", Key.Key_Return)
    assert said(at_desk) == []
    at_desk.hit("56", Key.Key_Return)
    assert said(at_desk) == [AnswerPairing(CUFF, 1, "yes", "123456")]


def test_the_digits_can_be_typed_by_mouse_alone(at_desk: Desk) -> None:
    pair(at_desk, asked())
    at_desk.clock.go(2)
    for digit in "007":
        at_desk.click(f"digit{digit}")
    at_desk.click("digitDelete")
    for digit in "9123":
        at_desk.click(f"digit{digit}")
    at_desk.click("pairing_yes")
    assert said(at_desk) == [AnswerPairing(CUFF, 1, "yes", "009123")]


def test_nothing_typed_for_one_question_reaches_the_next_one(at_desk: Desk) -> None:
    pair(at_desk, asked(1))
    at_desk.hit("123456")
    pair(at_desk, asked(2))
    at_desk.clock.go(2)
    at_desk.hit(Key.Key_Return)
    assert said(at_desk) == []


def test_the_same_view_again_keeps_what_is_being_typed(at_desk: Desk) -> None:
    pair(at_desk, asked())
    at_desk.hit("123")
    pair(at_desk, msgspec.structs.replace(asked(), left_s=20))
    at_desk.clock.go(2)
    at_desk.hit("456", Key.Key_Return)
    assert said(at_desk) == [AnswerPairing(CUFF, 1, "yes", "123456")]


def test_the_number_to_be_typed_on_the_device_counts_its_digits_and_the_time(at_desk: Desk) -> None:
    pair(at_desk, SHOWN)
    page = at_desk.screen.pairing
    assert (page.entered.accessibleName(), page.left.shown()) == ("2 of 6 digits typed", "0:12")
    at_desk.pane.fronts.prepare.count_on(4.0)
    assert page.left.shown() == "0:08"
    at_desk.hit(Key.Key_Return)
    assert said(at_desk) == []
    at_desk.click("pairing_no")
    assert said(at_desk) == [AnswerPairing(CUFF, 1, "no")]


def test_what_is_half_typed_for_a_check_is_kept_and_comes_back(at_desk: Desk) -> None:
    at_desk.screen.key = "sitter"
    at_desk.show()
    at_desk.screen.step.focus_field()
    at_desk.hit("Rob")
    pair(at_desk, compared())
    assert not shown(at_desk, "field_name")
    pair(at_desk, None)
    at_desk.hit("in")
    assert at_desk.screen.step.fields[0].value() == "Robin"


def test_an_alarm_comes_before_it_and_the_emergency_card_stays_one_key_away(at_desk: Desk) -> None:
    pair(at_desk, compared())
    at_desk.clock.go(2)
    pair(at_desk, compared(), sentence=ALARM, panel=PANEL)
    assert shown(at_desk, "alarmBanner")
    assert not shown(at_desk, "pairingPage")
    at_desk.hit("Y")
    assert said(at_desk) == []
    at_desk.hit("E")
    assert shown(at_desk, "emergencyCardPage") or at_desk.pane.card.isVisible()


def test_an_answer_that_came_too_late_says_so(at_desk: Desk) -> None:
    pair(at_desk, compared())
    at_desk.pane.answer(Answer(1, "refused", "That is not asked any more."), AnswerPairing(CUFF, 1, "yes"))
    assert at_desk.pane.texts()["pairingMessage"] == "That is not asked any more."


def test_every_button_of_it_is_large_enough_for_a_finger(at_desk: Desk) -> None:
    for pairing in (compared(), asked(), SHOWN, MISMATCH):
        pair(at_desk, pairing)
        for button in at_desk.screen.pairing.findChildren(KitButton):
            if button.isVisible():
                assert min(button.width(), button.height()) >= 56, button.text()
