"""Questions to the patient by keys alone and by mouse alone; what cannot wait comes in front at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.form import Choice, Form, Item
from tests.unit.kiosk.evening import PLAN
from tests.unit.kiosk.test_score import EARLIER
from tests.unit.kiosk.test_view_prepare import Bed
from tests.unit.ui.pages import Room, _standing, running
from ui.kit_button import Button
from ui.sitter.prepare import PrepareScreen
from ui.sitter.question import QuestionStep

Key = Qt.Key
OWN = Form(
    "q_calm",
    (
        Item("hours", "number", text="How many hours?", least=0, most=24),
        Item("words", "text", text="Anything else?"),
        Item("place", choices=tuple(Choice(f"p{n}", f"Place {n}") for n in range(12)), text="Where?"),
    ),
    title="Calm scale",
    notice="Free with this notice.",
)


@pytest.fixture
def room(room_app: Any, qtbot: QtBot) -> Iterator[Room]:
    plan = msgspec.structs.replace(PLAN, scores=msgspec.structs.replace(PLAN.scores, questionnaires=("calm.json",)))
    bed = Bed(kind="patient", plan=plan)
    bed.note(e.SeriesRead((EARLIER,)))
    bed.note(e.QuestionnaireRead(OWN))
    made = Room(bed)
    yield made
    made.close()


def screen(room: Room) -> PrepareScreen:
    return room.pane.fronts.prepare


def questions(room: Room) -> QuestionStep:
    return screen(room).questions


def press(room: Room, key: Key) -> None:
    room.bed.t_s += 1
    QTest.keyClick(room.pane, key)
    room.show()


def touch(room: Room, name: str) -> None:
    room.bed.t_s += 1
    room.click(name)


def answers(room: Room) -> list[tuple[str, object]]:
    return [(one.item, one.value) for one in room.asked if isinstance(one, c.AnswerItem)]


def asked(room: Room) -> str:
    return questions(room).instruction.say.shown()


def choose(room: Room, key: str) -> None:
    room.bed.t_s += 1
    screen(room)._choose(key)
    room.show()


def test_the_questions_after_the_last_session_are_the_first_thing_that_is_asked(room: Room) -> None:
    assert screen(room).key == "follow_24h"
    assert asked(room) == "How did you sleep?"
    assert questions(room).isVisible()
    assert not [button for button in questions(room).options if button.kind == "primary"]


def test_a_digit_answers_and_the_next_question_comes(room: Room) -> None:
    for key in (Key.Key_1, Key.Key_0, Key.Key_3, Key.Key_T, Key.Key_0):
        press(room, key)
    assert answers(room) == [("slept", 1), ("unsteady", 0), ("nausea", 3), ("mood", 10), ("thoughts", 0)]
    assert screen(room).key == "follow_72h"
    assert room.bed.desk.state.scores.taken["follow_24h"].about == EARLIER.session_id


def test_arrows_go_through_the_answers_and_enter_takes_one(room: Room) -> None:
    press(room, Key.Key_Down)
    press(room, Key.Key_Down)
    press(room, Key.Key_Return)
    assert answers(room) == [("slept", 1)]
    press(room, Key.Key_0)
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down):  # on a scale up is more
        press(room, key)
    press(room, Key.Key_Return)
    assert answers(room)[-1] == ("nausea", 1)


def test_the_mouse_alone_is_enough(room: Room) -> None:
    for name in ("option_2", "option_1", "option_10", "skipQuestion", "option_0"):
        touch(room, name)
    assert answers(room) == [("slept", 2), ("unsteady", 1), ("nausea", 10), ("mood", None), ("thoughts", 0)]


def test_back_shows_what_stands_and_another_answer_replaces_it(room: Room) -> None:
    press(room, Key.Key_2)
    press(room, Key.Key_Escape)
    assert [button.kind == "primary" for button in questions(room).options] == [False, False, True]
    press(room, Key.Key_0)
    press(room, Key.Key_Escape)
    press(room, Key.Key_Return)  # the button says "Next question"
    assert asked(room).startswith("Were you still dizzy")
    assert answers(room) == [("slept", 2), ("slept", 0)]


def test_the_second_half_of_a_double_press_answers_nothing(room: Room) -> None:
    press(room, Key.Key_1)
    QTest.keyClick(room.pane, Key.Key_1)
    room.show()
    assert answers(room) == [("slept", 1)]


def test_a_page_that_cannot_wait_comes_in_front_at_once_with_whom_to_call(room: Room) -> None:
    choose(room, "phq9")
    questions(room)._turn(8)
    press(room, Key.Key_1)
    assert screen(room).key == "thoughts"
    crisis = screen(room).crisis
    assert crisis.isVisible()
    numbers = [room.part(f"crisisNumber{n}").shown() for n in range(4)]  # type: ignore[attr-defined]
    assert numbers == ["988", "555 0142", "555 0199", "911"]
    assert "hurting yourself in some way – Several days" in crisis.told.shown()
    press(room, Key.Key_Return)
    assert screen(room).key != "thoughts"
    assert screen(room).page().state == "todo"  # type: ignore[union-attr]
    room.show()
    assert screen(room).key != "thoughts"  # once shown it does not come again by itself
    choose(room, "thoughts")
    press(room, Key.Key_S)
    assert screen(room).mode == "override"


def test_whatever_is_in_hand_an_alarm_stays_in_sight_above_a_question(room: Room) -> None:
    choose(room, "gad7")
    room.bed.note(e.SitterCalled("key"))
    room.show()
    assert screen(room).sentence.isVisible() or room.bed.view().sentence.kind == "calm"


def test_numbers_words_and_many_answers_of_a_file_are_asked_too(room: Room) -> None:
    choose(room, "q_calm")
    assert questions(room).notice.shown() == "Free with this notice."
    for digit in ("digit1", "digit2"):
        touch(room, digit)
    touch(room, "saveQuestion")
    assert answers(room) == [("hours", 12)]
    field = questions(room).field
    assert field is not None
    QTest.keyClicks(field, "quiet, 1 cat")
    press(room, Key.Key_Return)
    assert answers(room)[-1] == ("words", "quiet, 1 cat")
    touch(room, "option_11")
    assert answers(room)[-1] == ("place", "p11")
    assert room.bed.desk.state.scores.taken["q_calm"].missing == ()


def test_a_number_that_cannot_be_is_refused_and_the_question_stays(room: Room) -> None:
    choose(room, "q_calm")
    for digit in ("digit9", "digit9"):
        touch(room, digit)
    touch(room, "saveQuestion")
    assert questions(room).message.shown()
    assert asked(room) == "How many hours?"


def test_every_answer_is_large_enough_for_a_finger(room: Room) -> None:
    for key in ("follow_24h", "follow_72h", "feel_before", "phq9", "q_calm"):
        choose(room, key)
        form = questions(room).form
        for at in range(len(form.questions) if form and form.key == key else 0):
            questions(room)._turn(at)
            room.show()
            shown = [b for b in questions(room).findChildren(Button) if b.isVisible() and b.isEnabled()]
            assert shown
            for button in shown:
                assert min(button.width(), button.height()) >= 56
                inside = button.mapTo(questions(room), button.rect().bottomRight())
                assert questions(room).rect().contains(inside)


def test_the_calendar_is_reached_in_the_preparation_by_keys_and_by_mouse(room: Room) -> None:
    press(room, Key.Key_L)
    row = next(row for row in screen(room).all.rows if row.page.key == "series")
    touch(room, row.objectName())
    assert room.part("calendarPage").isVisible()
    assert "from Wed 2 Dec 2026 on" in room.part("calendarTitle").shown()  # type: ignore[attr-defined]
    press(room, Key.Key_L)
    row = next(row for row in screen(room).all.rows if row.page.key == "series")
    row.setFocus()
    QTest.keyClick(row, Key.Key_Space)
    room.show()
    assert room.part("calendarPage").isVisible()


def test_after_release_how_it_is_now_and_the_calendar_open_by_their_keys(room_app: Any, qtbot: QtBot) -> None:
    made = Room(running(121))
    for state, _room in _standing(made):
        if state == "released":
            break
    more = made.pane.fronts.after.more
    press(made, Key.Key_C)
    assert made.part("calendarPage").isVisible()
    press(made, Key.Key_Escape)
    assert more.what == ""
    press(made, Key.Key_F)
    assert made.part("questionPage").isVisible()
    for key in (Key.Key_0, Key.Key_1, Key.Key_S, Key.Key_0, Key.Key_8):
        more._turned_at_s = float("-inf")
        press(made, key)
    assert answers(made) == [("nausea", 0), ("dizziness", 1), ("anxiety", None), ("dissociation", 0), ("mood", 8)]
    assert more.what == ""
    made.close()
