"""The keyboard of the pane: every button by its key, letters off in a text field, nothing by one stray key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk.line.chart import Phase
from kiosk.line.pane import Button, Panel, Sentence, Step
from kiosk.line.screen import Begin, View
from kiosk.session.commands import (
    Acknowledge,
    AddNote,
    AnswerStep,
    ControlMusic,
    EndSession,
    LookIn,
    MarkDose,
    MarkPhase,
    PauseSounds,
    RecordBreaths,
    RecordResponse,
    ShowEmergencyCard,
    StartSession,
)
from ui import theme
from ui.sitter.pane import SitterPane

Key = Qt.Key
ALARM = Sentence(
    "high", "Oxygen is low: 86", "", "spo2_low",
    buttons=(Button("I'm on it", "A", "primary", Acknowledge("spo2_low")),
             Button("Pause", "P", "plain", PauseSounds())),
)  # fmt: skip
PANEL = Panel(
    (Step("Probe", "now"),), "Check the finger probe.", "",
    (Button("Done. Still low", "Enter", "primary", AnswerStep("spo2_low", "probe", "done")),
     Button("Call now", "E", "call", None, "card")),
)  # fmt: skip


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, clock: Any, make_view: Callable[..., View]) -> Iterator[SitterPane]:
    made = SitterPane(now=clock)
    made.resize(1366, 768)
    made.begin(begin)
    made.show_view(make_view())
    made.show()
    QTest.qWaitForWindowExposed(made)
    made.activateWindow()
    made.setFocus()
    yield made
    made.close()


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    commands: list[Any] = []
    pane.asked.connect(commands.append)
    return commands


def hit(pane: SitterPane, key: Any, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget() or pane
    if isinstance(key, str):
        QTest.keyClicks(target, key)
    else:
        QTest.keyClick(target, key, modifier)


def test_a_digit_saves_a_ready_note_with_one_key(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_N)
    hit(pane, Key.Key_1)
    assert asked == [AddNote("hand moved", "hand moved")]
    assert pane.below.drawer is None


def test_a_note_is_typed_and_saved_by_enter_with_digits_in_it(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_N)
    hit(pane, "Asked for water, 2 sips")
    hit(pane, Key.Key_Return)
    assert asked == [AddNote("Asked for water, 2 sips", "")]


def test_letters_do_nothing_else_while_a_text_field_has_the_focus(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_N)
    hit(pane, "velad")
    assert asked == []
    assert pane.below.drawers.notes.field.text() == "velad"


def test_alt_e_opens_the_card_and_alt_a_answers_from_a_text_field(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    pane.show_view(make_view(sentence=ALARM))
    hit(pane, Key.Key_N)
    hit(pane, "so")
    hit(pane, Key.Key_A, Qt.KeyboardModifier.AltModifier)
    hit(pane, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert asked == [Acknowledge("spo2_low"), ShowEmergencyCard()]
    assert pane.card.isVisible()
    assert pane.below.drawers.notes.field.text() == "so"


def test_escape_asks_before_it_discards_words(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_N)
    hit(pane, "so tired")
    hit(pane, Key.Key_Escape)
    assert pane.below.drawer is pane.below.drawers.notes
    assert "Discard" in pane.below.drawers.notes.message.text()
    hit(pane, Key.Key_Escape)
    assert pane.below.drawer is None
    assert pane.below.drawers.notes.field.text() == ""
    assert asked == []


def test_a_new_alarm_takes_the_place_of_a_form_and_keeps_its_words(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    hit(pane, Key.Key_N)
    hit(pane, "half a")
    pane.show_view(make_view(sentence=ALARM, panel=PANEL))
    assert pane.below.panel.isVisible()
    assert pane.busy()
    hit(pane, Key.Key_Return)
    assert asked == [AnswerStep("spo2_low", "probe", "done")]
    hit(pane, Key.Key_N)
    assert pane.below.drawers.notes.field.text() == "half a"


def test_enter_in_an_open_form_never_answers_the_alarm_behind_it(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    pane.show_view(make_view(sentence=ALARM, panel=PANEL))
    hit(pane, Key.Key_N)
    hit(pane, Key.Key_Return)
    assert asked == []


def test_enter_held_down_from_a_step_before_starts_nothing(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    pane.show_view(make_view(stage="opening", started=False))
    repeat = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(pane, repeat)
    assert asked == []
    hit(pane, Key.Key_Return)
    assert asked == [StartSession()]


def test_v_says_that_the_sitter_looked_in(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_V)
    assert asked == [LookIn()]


def test_space_counts_breaths_for_30_s_and_enter_saves(pane: SitterPane, asked: list[Any], clock: Any) -> None:
    hit(pane, Key.Key_K)
    for _breath in range(7):
        clock.go(4)
        hit(pane, Key.Key_Space)
    clock.go(3)
    pane.below.drawers.breaths.count_on()
    hit(pane, Key.Key_Space)
    assert pane.below.drawers.breaths.say.text() == "7 breaths in 30 s"
    hit(pane, Key.Key_Return)
    assert asked == [RecordBreaths(7, 30.0)]


def test_no_breath_at_all_can_be_recorded_and_leads_to_the_card(pane: SitterPane, asked: list[Any], clock: Any) -> None:
    hit(pane, Key.Key_K)
    clock.go(31)
    pane.below.drawers.breaths.count_on()
    hit(pane, Key.Key_Return)
    assert asked == [RecordBreaths(0, 30.0)]
    hit(pane, Key.Key_K)
    hit(pane, Key.Key_4)
    assert pane.card.isVisible()


def test_not_at_all_records_the_answer_and_opens_the_card(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_R)
    assert "Robin" in pane.below.drawers.response.say.text()
    hit(pane, Key.Key_4)
    assert asked == [RecordResponse("not at all"), ShowEmergencyCard()]
    assert pane.card.isVisible()


def test_the_dose_needs_a_second_key(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, Key.Key_D)
    assert asked == []
    hit(pane, Key.Key_Return)
    assert asked == [MarkDose()]


def test_the_next_phase_is_the_plan_s_next_and_needs_a_second_key(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    phases = (
        Phase("Peak", 0, 3600, True, True, "peak"),
        Phase("Peak", 3600, 4000, False),
        Phase("Return", 4000, 5000, False, key="return"),
    )
    pane.show_view(make_view(phases=phases))
    hit(pane, Key.Key_Right)
    hit(pane, Key.Key_Return)
    assert asked == [MarkPhase("return")]


def test_the_list_names_who_signed_the_limits(pane: SitterPane, make_view: Callable[..., View]) -> None:
    words = "Signed by Dr. Okafor, unchanged."
    pane.show_view(make_view(plan_signature=words))
    hit(pane, Qt.Key.Key_L)
    assert f"Limits. {words}" in [label.text() for label in pane.below.drawers.listing.facts.findChildren(QLabel)]


def test_the_session_ends_by_holding_its_button_in_the_list(
    pane: SitterPane, asked: list[Any], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.1)
    hit(pane, Key.Key_L)
    end = pane.below.drawers.listing.end
    assert end.isVisible()
    QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    assert asked == []
    QTest.mousePress(end, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(asked), timeout=3000)
    assert asked == [EndSession()]


def test_the_end_of_the_session_can_be_held_by_keyboard(
    pane: SitterPane, asked: list[Any], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.1)
    hit(pane, Key.Key_L)
    end = pane.below.drawers.listing.end
    end.setFocus()
    QTest.keyPress(end, Key.Key_Space)
    qtbot.waitUntil(lambda: bool(asked), timeout=3000)
    assert asked == [EndSession()]


def test_the_end_of_the_session_has_a_key_that_is_held(
    pane: SitterPane, asked: list[Any], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.5)
    hit(pane, Key.Key_Q)
    QTest.keyPress(pane, Key.Key_Q)  # no button shows it: nothing is held
    hit(pane, Key.Key_L)
    end = pane.below.drawers.listing.end
    QTest.keyPress(QApplication.focusWidget(), Key.Key_Q)
    qtbot.waitUntil(lambda: end.share_held > 0)
    QTest.keyRelease(QApplication.focusWidget(), Key.Key_Q)
    qtbot.waitUntil(lambda: not end.share_held)  # let go: from here on nothing can end it
    assert asked == []
    QTest.keyPress(QApplication.focusWidget(), Key.Key_Q)
    qtbot.waitUntil(lambda: bool(asked), timeout=3000)
    assert asked == [EndSession()]


def test_brackets_and_w_change_the_window_of_the_chart(pane: SitterPane) -> None:
    hit(pane, Key.Key_BracketLeft)
    assert pane.chart.reach == "30"
    hit(pane, Key.Key_BracketLeft)
    hit(pane, Key.Key_BracketLeft)
    assert pane.chart.reach == "10"
    hit(pane, Key.Key_W)
    assert pane.chart.reach == "whole"
    hit(pane, Key.Key_W)
    hit(pane, Key.Key_BracketRight)
    assert pane.chart.reach == "whole"


def test_the_volume_of_the_music_stays_between_0_and_100(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    from kiosk.line.pane import Music

    pane.show_view(make_view(music=Music("playing", "Slow tide", volume=98)))
    hit(pane, Key.Key_M)
    hit(pane, Key.Key_4)
    hit(pane, Key.Key_1)
    assert asked == [ControlMusic("volume", 100), ControlMusic("pause")]


def test_escape_without_a_form_is_left_to_the_window(pane: SitterPane) -> None:
    assert not pane.take_key("Esc")


def test_a_key_that_means_nothing_here_does_nothing(pane: SitterPane, asked: list[Any]) -> None:
    for key in (Key.Key_Z, Key.Key_7, Key.Key_F5, Key.Key_U):
        hit(pane, key)
    assert asked == []
