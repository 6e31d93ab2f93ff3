"""Standing up: no rung before its time, none by a double press, and an alarm keeps its place meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.pane import Button, Panel, Sentence, Step
from kiosk.line.screen import Answer, Begin, View
from kiosk.line.stand import Compared, Rung, Stand
from kiosk.session.commands import (
    Acknowledge,
    AnswerStand,
    AnswerStep,
    EndSession,
    LookIn,
    MarkReady,
    ShowEmergencyCard,
    Undo,
)
from ui import theme
from ui.kit_button import Button as KitButton
from ui.kit_button import HoldButton
from ui.sitter.pane import SitterPane
from ui.stage import may_return

Key = Qt.Key
STEADY = Button("Steady", "Enter", "primary", AnswerStand("stand", "steady"), icon="check")
DIZZY = Button("Dizzy: sit down", "D", "plain", AnswerStand("stand", "dizzy"))
BED = Button("Back to bed", "X", "plain", AnswerStand("stand", "back to bed"))
STAND = Stand(
    rungs=(
        Rung("sit", "Sit", "23:02, steady", "done"),
        Rung("stand", "Stand", "now", "now"),
        Rung("walk", "Walk", "to the door and back", "next"),
        Rung("ready", "Ready", "all rules met", "next"),
    ),
    say="Help Robin stand. Hold on.",
    detail="Two minutes here.",
    buttons=(STEADY, DIZZY, BED),
    why=((True, "Two hours since the dose", "23:02"), (False, "Check the response", "22:58")),
    compared=(Compared("SpO2 %", "98", "98", True), Compared("Pulse", "", "70", False), Compared("BP", "127/80", "")),
    rules="Rules by Dr. Okafor, 3 Nov 2026",
    wait_s=74,
    wait_of_s=120,
)
ALARM = Sentence(
    "high", "Oxygen is low: 86", "", "spo2_low", buttons=(Button("I'm on it", "A", "primary", Acknowledge("spo2_low")),)
)
PANEL = Panel((Step("Wake", "now"),), "Say “Robin!” loudly.", "", (
    Button("Answers", "1", "plain", AnswerStep("spo2_low", "wake", "normal voice")),))  # fmt: skip


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
def show(pane: SitterPane, make_view: Callable[..., View], clock: Any) -> Callable[..., View]:
    def act(stand: Stand | None = STAND, **changes: Any) -> View:
        view = make_view(stand=stand, **changes)
        pane.show_view(view)
        QApplication.processEvents()
        return view

    return act


def button(pane: SitterPane, name: str) -> KitButton:
    return next(b for b in pane.findChildren(KitButton, name) if b.isVisible())


def hit(pane: SitterPane, key: Any) -> None:
    QTest.keyClick(QApplication.focusWidget() or pane, key)


def test_steady_is_not_yet_until_the_countdown_is_over(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], clock: Any
) -> None:
    show()
    assert pane.texts()["steadyIn"] == "1:14"
    assert not button(pane, "steady").isEnabled()
    hit(pane, Key.Key_Return)
    clock.go(73)
    pane.count_on()
    assert pane.texts()["steadyIn"] == "0:01"
    hit(pane, Key.Key_Return)
    assert asked == []
    clock.go(1)
    pane.count_on()
    hit(pane, Key.Key_Return)
    assert asked == [AnswerStand("stand", "steady")]


def test_going_down_is_always_possible(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], clock: Any
) -> None:
    show()
    clock.go(1)
    hit(pane, Key.Key_D)
    hit(pane, Key.Key_X)
    assert asked == [AnswerStand("stand", "dizzy"), AnswerStand("stand", "back to bed")]


def test_a_double_press_does_not_answer_the_next_rung(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], clock: Any
) -> None:
    show(msgspec.structs.replace(STAND, wait_s=0, wait_of_s=0))
    clock.go(1)
    button(pane, "steady").click()
    ready = Button("Ready now", "Enter", "primary", MarkReady())
    show(msgspec.structs.replace(STAND, wait_s=0, wait_of_s=0, buttons=(ready,)))
    button(pane, "markReady").click()
    assert asked == [AnswerStand("stand", "steady")]
    clock.go(1)
    button(pane, "markReady").click()
    assert asked[-1] == MarkReady()


def test_the_end_is_held_for_two_seconds_here_too(
    pane: SitterPane,
    asked: list[Any],
    show: Callable[..., View],
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: Any,
) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.2)
    end = Button("End the session", "Q", "primary", EndSession("released"))
    show(msgspec.structs.replace(STAND, wait_s=0, buttons=(end,)))
    hit(pane, Key.Key_Return)
    held = button(pane, "endSession")
    assert isinstance(held, HoldButton)
    QTest.mouseClick(held, Qt.MouseButton.LeftButton)
    assert asked == []
    QTest.mousePress(held, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: asked == [EndSession("released")], timeout=3000)
    QTest.mouseRelease(held, Qt.MouseButton.LeftButton)


def test_the_end_is_held_by_its_key_and_a_stray_press_ends_nothing(
    pane: SitterPane, asked: list[Any], show: Callable[..., View], monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.8)
    end = Button("End the session", "Q", "primary", EndSession("released"))
    show(msgspec.structs.replace(STAND, wait_s=0, buttons=(end,)))
    held = button(pane, "endSession")
    assert isinstance(held, HoldButton)
    assert held.key == "Q"
    QTest.keyPress(pane, Key.Key_Q)
    qtbot.waitUntil(lambda: held.share_held > 0)
    QTest.keyRelease(pane, Key.Key_Q)
    qtbot.waitUntil(lambda: not held.share_held)  # let go: from here on nothing can end it
    assert asked == []
    QTest.keyPress(pane, Key.Key_Q)
    qtbot.waitUntil(lambda: held.share_held > 0.3)
    hit(pane, Key.Key_Q)  # a repeated key torn into release and press is still held
    assert held.share_held > 0.3
    QTest.keyPress(pane, Key.Key_Q)
    qtbot.waitUntil(lambda: asked == [EndSession("released")], timeout=3000)
    QTest.keyRelease(pane, Key.Key_Q)


def test_why_and_the_values_are_told_with_what_is_missing(pane: SitterPane, show: Callable[..., View]) -> None:
    show()
    shown = {w.objectName(): w for w in pane.fronts.stand.findChildren(QWidget)}
    assert shown["now_SpO2 %"].accessibleName() == "SpO2 % now: 98"
    assert shown["now_Pulse"].accessibleName() == "Pulse now: no value"
    assert "Stand: now" in shown["stairs"].accessibleName()
    assert pane.texts()["standSay"] == STAND.say


def test_an_alarm_takes_the_top_slot_and_its_panel_the_lower_left(
    pane: SitterPane, asked: list[Any], show: Callable[..., View]
) -> None:
    show(sentence=ALARM, panel=PANEL)
    assert pane.texts()["alarmBanner"].startswith("Oxygen is low: 86")
    hit(pane, Key.Key_A)
    hit(pane, Key.Key_1)
    assert asked == [Acknowledge("spo2_low"), AnswerStep("spo2_low", "wake", "normal voice")]
    assert button(pane, "emergencyCard").isVisible()


def test_the_last_rung_can_be_undone_and_the_card_opened(
    pane: SitterPane, asked: list[Any], show: Callable[..., View]
) -> None:
    show(undo_seq=9, undo_text="Sam looked in.")
    hit(pane, Key.Key_U)
    hit(pane, Key.Key_V)
    hit(pane, Key.Key_E)
    assert asked == [Undo(9), LookIn(), ShowEmergencyCard()]


def test_a_blood_pressure_can_be_typed_while_standing_up(
    pane: SitterPane, asked: list[Any], show: Callable[..., View]
) -> None:
    show()
    hit(pane, Key.Key_B)
    QTest.keyClicks(QApplication.focusWidget(), "127")
    hit(pane, Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "80")
    hit(pane, Key.Key_Return)
    assert int(asked[-1].systolic) == 127
    pane.answer(Answer(1, "saved"), asked[-1])
    assert pane.fronts.stand.below.drawer is None


def test_a_refusal_is_said(pane: SitterPane, show: Callable[..., View], clock: Any) -> None:
    show(msgspec.structs.replace(STAND, wait_s=0))
    pane.answer(Answer(1, "refused", "Wait for the countdown of this step."), AnswerStand("stand", "steady"))
    QApplication.processEvents()
    assert pane.texts()["standMessage"] == "Wait for the countdown of this step."


def test_the_pane_is_back_when_the_ladder_is_closed_and_never_rests_before(
    pane: SitterPane, show: Callable[..., View]
) -> None:
    view = show()
    assert pane.busy()
    assert not may_return(view, half_typed=False)
    assert "standSay" in pane.texts()
    show(None)
    assert not pane.busy()
    assert "standSay" not in pane.texts()
    assert pane.texts()["spo2Value"] == "97"
