"""The hours after: the page handed over, saved and printed from the window, by keys and by mouse; alarms go first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.line.aftercare import After
from kiosk.line.pane import Panel, Sentence, Step
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import EndSession, GivePage, LookIn, MakePage, ShowEmergencyCard
from kiosk.text.aftercare import page
from tests.unit.kiosk.evening import PLAN
from ui import theme
from ui.kit_button import Button
from ui.sitter.pane import SitterPane
from ui.stage import may_return

Key = Qt.Key
AFTER = After("Robin is up.", (("Ready 23:12", "2:10 after the dose"), ("Released 23:20", "by Sam")), page(PLAN))


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, clock: Any) -> Iterator[SitterPane]:
    made = SitterPane(now=clock)
    made.resize(1366, 768)
    made.begin(begin)
    made.show()
    QTest.qWaitForWindowExposed(made)
    made.activateWindow()
    yield made
    made.close()


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    commands: list[Any] = []
    pane.asked.connect(commands.append)
    return commands


@pytest.fixture
def show(pane: SitterPane, make_view: Callable[..., View]) -> Callable[..., View]:
    def act(after: After | None = AFTER, **changes: Any) -> View:
        view = make_view(after=after, **changes)
        pane.show_view(view)
        QApplication.processEvents()
        return view

    return act


def button(pane: SitterPane, name: str) -> Button:
    return next(b for b in pane.findChildren(Button, name) if b.isVisible())


def hit(pane: SitterPane, key: Any) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key)


def test_the_page_says_both_times_and_all_six(pane: SitterPane, show: Callable[..., View]) -> None:
    show()
    assert pane.texts()["afterSay"] == "Robin is up."
    for care in AFTER.page.cares:
        assert care.say in pane.texts()["cares"]
    assert pane.texts()["callTitle"] == "Call 911 at once"


def test_the_page_in_large_type_is_handed_over_by_keys_and_by_mouse(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], clock: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_P)
    assert pane.texts()["afterSay"] == "The hours after, Robin"
    hit(pane, Key.Key_Return)
    assert asked == [GivePage()]
    assert pane.texts()["afterSay"] == "Robin is up."
    QTest.mouseClick(button(pane, "givePage"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button(pane, "pageRead"), Qt.MouseButton.LeftButton)
    assert asked == [GivePage(), GivePage()]


def test_a_page_that_is_built_while_the_emergency_card_is_open_lies_beneath_it(
    pane: SitterPane, show: Callable[..., View]
) -> None:
    pane.open_card()
    assert "after" not in vars(pane.fronts)
    show()
    assert pane.fronts.now is pane.fronts.after
    middle = pane.rect().center()
    assert pane.card.isAncestorOf(pane.childAt(middle)) or pane.childAt(middle) is pane.card


def test_the_pages_buttons_are_drawn_in_an_upright_window_too(
    pane: SitterPane, show: Callable[..., View], clock: Any
) -> None:
    pane.resize(768, 1366)
    show()
    clock.go(1)
    hit(pane, Key.Key_P)
    QApplication.processEvents()
    assert all(shown.updatesEnabled() for shown in pane.fronts.after.page.buttons.buttons)


def test_saving_and_printing_say_what_became_of_them(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], clock: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_P)
    hit(pane, Key.Key_S)
    hit(pane, Key.Key_P)
    assert asked == [MakePage(False), MakePage(True)]
    pane.answer(Answer(1, "saving"), MakePage(True))
    assert pane.texts()["pageMessage"] == "A moment …"
    pane.answer(Answer(1, "failed", "No printer is set up here."), MakePage(True))
    assert pane.texts()["pageMessage"] == "No printer is set up here."
    hit(pane, Key.Key_Escape)
    assert "pageMessage" not in pane.texts()


def test_an_alarm_takes_the_place_of_the_page_and_gives_it_back(
    pane: SitterPane, show: Callable[..., View], alarm: Sentence, clock: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_P)
    show(sentence=alarm, panel=Panel((Step("Wake", "now"),), "Say “Robin!” loudly.", "", ()))
    assert "afterSay" not in pane.texts()
    assert not pane.fronts.after.page.isVisible()
    assert pane.fronts.after.sentence.isVisible()
    assert pane.fronts.after.below.isVisible()
    show()
    assert pane.fronts.after.page.isVisible()


def test_the_end_is_held_the_card_is_one_key_away_and_forms_open(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], clock: Any, qtbot: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_V)
    assert asked == [LookIn()]
    end = button(pane, "endSession")
    QTest.mousePress(end, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: EndSession("released") in asked, timeout=round(theme.HOLD_S * 1000) + 2000)
    QTest.mouseRelease(end, Qt.MouseButton.LeftButton)
    hit(pane, Key.Key_Q)
    assert asked == [LookIn(), EndSession("released")]
    hit(pane, Key.Key_E)
    assert pane.card.isVisible()
    assert asked[-1] == ShowEmergencyCard()


def test_the_pane_never_goes_back_to_rest_in_the_hours_after(pane: SitterPane, show: Callable[..., View]) -> None:
    view = show()
    assert pane.busy()
    assert not may_return(view, half_typed=False)
