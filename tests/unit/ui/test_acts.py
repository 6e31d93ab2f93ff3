"""One-tap events, the session's acts, undo and correction; and the quiet prompt, which is no alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.line.pane import Button, Choice, EventLine, Music, Sentence, TakeOver
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import (
    BeginHandOver,
    BeginStanding,
    ControlMusic,
    Correct,
    HandOver,
    HelpUp,
    LookIn,
    MarkDose,
    MarkPhase,
    SkipPressure,
    TapHappening,
    TestSound,
    Undo,
    UnlockRecord,
)
from tests.unit.ui.test_targets import too_small
from ui import theme
from ui.kit_button import Button as KitButton
from ui.sitter.pane import SitterPane
from ui.stage import may_return

Key = Qt.Key
NOW = datetime(2026, 11, 24, 21, 49, 20, tzinfo=UTC)
HAPPENINGS = (
    Choice("Vomiting", TapHappening("vomiting"), "1"),
    Choice("Seizure-like", TapHappening("seizure"), "6", "opens the emergency card"),
    Choice("Dark thoughts", TapHappening("dark thoughts"), "0"),
)
ACTS = (
    Choice("Mark the dose", MarkDose(), "D"),
    Choice("Next phase: Peak", MarkPhase("peak"), "→"),
    Choice("Skip this blood pressure", SkipPressure(""), "S", "asks for a reason"),
    Choice("Up with help", HelpUp(True), "U", "probe alarms wait, 10 min at most"),
    Choice("Hand over", HandOver(""), "H"),
    Choice("Stand up", BeginStanding(), "G"),
)
EVENTS = (EventLine("21:43", "Blood pressure 146/89.", 4), EventLine("21:35", "Sam looked in.", 3, correctable=True))
PROMPT = Sentence(
    "prompt",
    "Look at Robin now.",
    "Due since 21:48.",
    buttons=(Button("Looked in", "V", "primary", LookIn(), icon="eye"),),
)


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, make_view: Callable[..., View]) -> Iterator[SitterPane]:
    made = SitterPane()
    made.resize(1366, 768)
    made.begin(begin)
    made.show()
    QTest.qWaitForWindowExposed(made)
    made.activateWindow()
    made.show_view(
        make_view(happenings=HAPPENINGS, acts=ACTS, events=EVENTS, at_utc_ms=int(NOW.timestamp() * 1000), clock="21:49")
    )
    yield made
    made.close()


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    commands: list[Any] = []
    pane.asked.connect(commands.append)
    return commands


def hit(pane: SitterPane, *named: Any) -> None:
    for key in named:
        target = QApplication.focusWidget() or pane
        QTest.keyClicks(target, key) if isinstance(key, str) else QTest.keyClick(target, key)


def click(pane: SitterPane, name: str) -> None:
    QApplication.processEvents()
    QTest.mouseClick(next(b for b in pane.findChildren(KitButton, name) if b.isVisible()), Qt.MouseButton.LeftButton)


def test_a_happening_is_two_keys_or_two_clicks(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "H", "6")
    click(pane, "openHappenings")
    click(pane, "choice_1")
    assert asked == [TapHappening("seizure"), TapHappening("vomiting")]
    assert pane.below.drawer is None


def test_the_dose_and_a_phase_need_enter_after_their_key(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "O", "D")
    assert asked == []
    hit(pane, Key.Key_Return)
    hit(pane, "O", Key.Key_Right, Key.Key_Return)
    assert asked == [MarkDose(), MarkPhase("peak")]


def test_help_and_standing_up_are_one_entry_each(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "O", "U", "O", "G")
    assert asked == [HelpUp(True), BeginStanding()]


def test_a_refused_act_is_said_in_its_menu_and_a_done_one_closes_it(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "O", "G")
    pane.answer(Answer(1, "refused", "Not yet: the plan's observation time still runs."), asked[-1])
    assert pane.below.drawers.acts.message.text().startswith("Not yet")
    pane.answer(Answer(2, "done"), LookIn())
    assert pane.below.drawer is pane.below.drawers.acts
    hit(pane, "G")
    pane.answer(Answer(3, "done"), asked[-1])
    assert pane.below.drawer is None


def test_a_pressure_is_skipped_only_with_a_reason_and_the_form_stays_when_refused(
    pane: SitterPane, asked: list[Any]
) -> None:
    hit(pane, "S", Key.Key_Return)
    assert asked == []
    hit(pane, "Robin sleeps", Key.Key_Return)
    assert asked == [SkipPressure("Robin sleeps")]
    pane.answer(Answer(1, "refused", "No blood pressure is due now."), asked[0])
    assert pane.below.drawers.skip.message.text() == "No blood pressure is due now."
    hit(pane, Key.Key_Return)
    pane.answer(Answer(2, "done"), asked[1])
    assert pane.below.drawer is None
    assert pane.below.drawers.skip.reason.text() == ""


def test_s_does_nothing_while_no_pressure_is_due(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    pane.show_view(make_view())
    hit(pane, "S")
    assert pane.below.drawer is None


def test_handing_over_sends_the_name_and_exactly_what_was_confirmed(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    hit(pane, "O", "H", Key.Key_Return)
    assert asked == [BeginHandOver()]
    asked.clear()
    pane.show_view(make_view(hand_over=TakeOver(True, "Played on sitter.")))
    hit(pane, "Kim Lee", Key.Key_F5, Key.Key_F6, Key.Key_F7, Key.Key_F7, Key.Key_Return)
    click(pane, "confirm_briefed")
    click(pane, "confirm_sound")
    hit(pane, Key.Key_Return)
    assert asked == [
        HandOver("Kim Lee", ("present", "sober")),
        HandOver("Kim Lee", ("present", "sober", "briefed", "sound")),
    ]
    pane.answer(Answer(2, "done"), asked[1])
    assert pane.below.drawers.hand_over.confirmed == set()


def test_the_new_sitter_says_heard_only_after_a_tone_was_played(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    hit(pane, "O", "H", "Kim", Key.Key_F5, Key.Key_F6, Key.Key_F7, Key.Key_F8, Key.Key_F4)
    assert asked == [BeginHandOver(), TestSound("high")]
    pane.show_view(make_view(hand_over=TakeOver(True, "Played on sitter.")))
    assert pane.texts()["handOverNote"] == "Played on sitter."
    hit(pane, Key.Key_F8, Key.Key_Return)
    assert asked[-1] == HandOver("Kim", ("present", "sober", "briefed", "sound"))


def test_a_new_sitter_who_heard_nothing_writes_why(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "O", "H", "Kim", Key.Key_F5, Key.Key_F6, Key.Key_F7, Key.Key_F10, "The speaker is broken", Key.Key_Return)
    assert asked[-1] == HandOver("Kim", ("present", "sober", "briefed"), "The speaker is broken")


def test_each_tone_can_be_tested(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "O", "1", "2", "3", "4")
    assert asked == [TestSound(tone) for tone in ("low", "medium", "high", "call")]


def test_the_last_act_is_taken_back_by_u_while_the_view_offers_it(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    hit(pane, "U")
    assert asked == []
    pane.show_view(make_view(undo_seq=12, undo_text="Sam looked in."))
    QApplication.processEvents()
    assert pane.texts()["undoText"] == "Sam looked in."
    hit(pane, "U")
    click(pane, "undoAct")
    assert asked == [Undo(12), Undo(12)]
    pane.show_view(make_view())
    QApplication.processEvents()
    assert "undoText" not in pane.texts()


def test_a_correction_needs_another_time_and_a_reason(pane: SitterPane, asked: list[Any]) -> None:
    hit(pane, "L")
    names = [b.objectName() for b in pane.findChildren(KitButton) if b.objectName().startswith("correct_")]
    assert names == ["correct_3"], "only what has a time of its own"
    click(pane, "correct_3")
    pane.below.drawers.correct.clock.setFocus()
    hit(pane, "2130", Key.Key_Return)
    assert asked == []
    pane.below.drawers.correct.reason.setFocus()
    hit(pane, "Looked at the wrong clock", Key.Key_Return)
    at = int(datetime(2026, 11, 24, 21, 30, tzinfo=UTC).timestamp()) * 1_000_000_000
    assert asked == [Correct(3, at, "Looked at the wrong clock")]


def test_a_correction_by_mouse_begins_at_the_entrys_own_time(pane: SitterPane) -> None:
    hit(pane, "L")
    click(pane, "correct_3")
    assert pane.below.drawers.correct.clock.text() == ""
    click(pane, "step-1")
    assert pane.below.drawers.correct.clock.text() == "21:34"


def test_half_typed_forms_keep_the_pane_from_going_back_to_rest(pane: SitterPane) -> None:
    hit(pane, "S", "Rob")
    pane.below.close_drawer()
    assert pane.busy()


def test_a_prompt_has_no_colour_of_an_alarm_and_its_button_answers(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    view = make_view(sentence=PROMPT)
    pane.show_view(view)
    QApplication.processEvents()
    slot = pane.sentence
    assert not slot.marker.isVisible()
    assert slot.asks.isVisible()
    assert (slot.fill, slot.border) == ("panel", "ink2")
    assert slot.title.size_u < theme.TYPE["say_alarm"][0]
    assert slot.accessibleName().startswith("Reminder: Look at Robin now.")
    hit(pane, "V")
    assert asked == [LookIn()]
    assert not may_return(view, half_typed=False)


def test_music_can_be_kept_calmed_and_heard_beforehand(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    hit(pane, "M", "5", "6", "7")
    assert asked == [ControlMusic("hold"), ControlMusic("safe"), ControlMusic("preview")]
    pane.show_view(make_view(music=Music("playing", "Deep field", "held", steer="hold", previewing=True)))
    assert pane.texts()["holdMusic"] == "Follow the phase"
    assert pane.texts()["previewMusic"] == "End the preview"
    hit(pane, "5")
    assert asked[-1] == ControlMusic("release")


def test_the_drawer_says_how_far_own_music_is_looked_into_and_can_leave_it_at_that(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    hit(pane, "M")
    assert not pane.below.drawers.music.leave_it.isVisible()
    pane.show_view(make_view(music=Music("playing", "Deep field", looking="New music: 12 of 40 looked into")))
    assert pane.texts()["musicLooking"] == "New music: 12 of 40 looked into"
    assert too_small(pane.below.drawers.music, pane._u) == []
    hit(pane, "8")
    assert asked == [ControlMusic("leave")]


def test_a_press_on_what_plays_opens_the_music(pane: SitterPane) -> None:
    assert "holdMusic" not in pane.texts()
    QTest.mouseClick(pane.bar.music, Qt.MouseButton.LeftButton, pos=pane.bar.music.words.geometry().center())
    QApplication.processEvents()
    assert pane.texts()["holdMusic"] == "Keep this music"


def test_a_locked_record_is_unlocked_by_words_that_are_dots_and_gone_once_they_are_sent(
    pane: SitterPane, asked: list[Any], make_view: Callable[..., View]
) -> None:
    unlock = Choice("Unlock the record", UnlockRecord(""), "L", "asks for the passphrase or the code")
    pane.show_view(make_view(acts=(unlock, *ACTS), at_utc_ms=int(NOW.timestamp() * 1000), clock="21:49"))
    hit(pane, "O", "L", Key.Key_Return)
    assert asked == []
    hit(pane, "seven sleepy herons")
    field = pane.below.drawers.unlock.secret
    assert "heron" not in field.displayText()
    hit(pane, Key.Key_Return)
    assert asked == [UnlockRecord("seven sleepy herons")]
    assert repr(asked[0]) == "UnlockRecord()"
    assert field.text() == ""
    pane.answer(Answer(1, "refused", "The passphrase is wrong."), UnlockRecord(""))
    assert pane.below.drawers.unlock.message.text() == "The passphrase is wrong."
    hit(pane, "seven sleepy herons", Key.Key_Return)
    pane.answer(Answer(2, "done"), UnlockRecord(""))
    assert pane.below.drawer is None
