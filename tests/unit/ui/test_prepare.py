"""Preparing by keys alone and by mouse alone: nothing prefilled, nothing moved on or started but by a fresh press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.line.pane import Button, Panel, Sentence, Step
from kiosk.line.prepare import CheckPage, CheckTile, DeviceTrouble, Field, Prepare
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import (
    Acknowledge,
    AnswerCheck,
    AnswerStep,
    ControlMusic,
    EndSession,
    OverrideCheck,
    ShowEmergencyCard,
    StartSession,
    TestSound,
    Undo,
)
from ui import theme
from ui.kit_button import Button as KitButton
from ui.sitter.drawer import Field as TextField
from ui.sitter.pane import SitterPane
from ui.sitter.prepare import PrepareScreen
from ui.sitter.prepare_fields import clock_of, minutes_of, with_colon
from ui.stage import may_return

Key = Qt.Key
START = Button("Start the session", "Enter", "primary", StartSession())


def answer(check: str, word: str, label: str, key: str, kind: Any = "plain") -> Button:
    return Button(label, key, kind, AnswerCheck(check, word))


PERSON = CheckPage(
    "person", "Robin", "Robin lies here", "todo", "Does Robin lie here?", "Ask for the name.",
    buttons=(answer("person", "yes", "Yes", "Enter", "primary"), answer("person", "no", "No", "X")),
)  # fmt: skip
SOLIDS = CheckPage(
    "solids", "Robin", "No solid food for 6 hours", "todo", "When did Robin last eat?", "Time of day.",
    fields=(Field("last_solids", "Last solid food", "time"),),
    buttons=(answer("solids", "time", "That is right", "Enter", "primary"),),
)  # fmt: skip
SITTER = CheckPage(
    "sitter", "You", "Sober, staying throughout", "todo", "Write your name. All of it true?", "",
    fields=(Field("name", "Your name", "text"),),
    buttons=(answer("sitter", "yes", "All true", "Enter", "primary"), answer("sitter", "no", "Not all", "X")),
)  # fmt: skip
SOUND = CheckPage(
    "sound", "Devices", "Alarm sound heard", "todo", "Play each tone. Do you hear it?", "",
    buttons=(Button("Play the low tone", "Enter", "primary", TestSound("low")),
             answer("sound", "not heard", "Not heard", "X")),
)  # fmt: skip
BASELINE = CheckPage(
    "baseline", "Baseline", "SpO2 and pulse", "todo", "Take SpO2 and pulse now.", "",
    fields=(Field("spo2", "SpO2", "number", "%"), Field("pulse", "Pulse", "number", "/min")),
    tiles=(CheckTile("SpO2"), CheckTile("Pulse")),
    buttons=(answer("baseline", "take", "Take these", "Enter", "primary"),
             answer("baseline", "typed", "Type it in", "T")),
)  # fmt: skip
PRESSURES = CheckPage(
    "pressures", "Baseline", "Blood pressure, twice", "todo", "Start the cuff.", "Sitting.",
    tiles=(CheckTile("First"), CheckTile("Second")), can_override=True,
    buttons=(Button("Type it in", "T", "plain", None, "pressure"),
             answer("pressures", "no", "Cuff says error", "H")),
)  # fmt: skip
PROBE = CheckPage(
    "probe", "Devices", "Probe on Robin's finger", "todo", "Put the probe on.", "Which arm?",
    buttons=(answer("probe", "left", "Left", "1"), answer("probe", "right", "Right", "2")), can_override=True,
    trouble=DeviceTrouble("missing", "No Bluetooth found.", "Nothing reaches it.", (("Switch it on.", "By its key"),)),
)  # fmt: skip
ALL = (PERSON, SOLIDS, SITTER, SOUND, BASELINE, PRESSURES)
ALARM = Sentence(
    "medium", "Finger is out of the probe.", "", "finger_off",
    buttons=(Button("I'm on it", "A", "primary", Acknowledge("finger_off")),),
)  # fmt: skip
PANEL = Panel(
    (Step("Look", "now"),), "Look at Robin. Breathing?", "",
    (Button("Breathing", "1", "primary", AnswerStep("finger_off", "look", "breathing")),),
)  # fmt: skip


class Desk:
    """A monitor of a few lines: an answered check is passed in the next view, as the real one does it."""

    def __init__(self, pane: SitterPane, view: View, clock: Any) -> None:
        self.pane, self.view, self.clock = pane, view, clock
        self.pages = {page.key: page for page in ALL}
        self.asked: list[Any] = []
        pane.asked.connect(self.asked.append)
        self.show()

    def set(self, key: str, **changes: Any) -> None:
        self.pages[key] = msgspec.structs.replace(self.pages[key], **changes)
        self.show()

    def show(self, **changes: Any) -> None:
        pages = tuple(self.pages.values())
        left = [p for p in pages if p.state in ("todo", "failed")]
        missing = f"{len(left)} checks are missing" if left else ""
        ready = Prepare(pages, None if left else START, missing, "All passed. Dose comes next.", "98", "")
        self.view = msgspec.structs.replace(self.view, prepare=ready, **changes)
        self.pane.show_view(self.view)
        QApplication.processEvents()

    def done(self, state: Any = "passed") -> None:
        """The newest answer is taken."""
        command = self.asked[-1]
        self.pane.answer(Answer(1, "done"), command)
        self.set(command.check, state=state)
        self.clock.go(1)

    @property
    def screen(self) -> PrepareScreen:
        return self.pane.fronts.prepare

    def says(self) -> str:
        return self.pane.texts()["checkSay"]

    def hit(self, *named: Any) -> None:
        for key in named:
            target = QApplication.focusWidget() or self.pane
            QTest.keyClicks(target, key) if isinstance(key, str) else QTest.keyClick(target, key)
            self.clock.go(1)

    def click(self, name: str) -> None:
        button = next(b for b in self.pane.findChildren(QWidget, name) if b.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.clock.go(1)


@pytest.fixture
def desk(room_app: QApplication, begin: Begin, clock: Any, make_view: Callable[..., View]) -> Iterator[Desk]:
    pane = SitterPane(now=clock)
    pane.resize(1366, 768)
    pane.begin(begin)
    pane.show()
    QTest.qWaitForWindowExposed(pane)
    pane.activateWindow()
    view = make_view(stage="opening", started=False, phase="Preparation", sentence=Sentence("calm", "Preparation", ""))
    yield Desk(pane, view, clock)
    pane.close()


def test_the_room_can_be_left_before_the_start_by_a_held_key(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.1)
    screen = desk.pane.fronts.prepare
    assert not screen.end.isVisible()
    desk.hit("L")
    assert screen.end.isVisible()
    QTest.keyPress(desk.pane, Key.Key_Q)
    qtbot.waitUntil(lambda: bool(desk.asked), timeout=3000)
    QTest.keyRelease(desk.pane, Key.Key_Q)
    assert desk.asked == [EndSession("not started")]


def test_the_preparation_is_completed_by_keys_alone(desk: Desk) -> None:
    desk.hit(Key.Key_Return)
    desk.done()
    desk.hit("1330", Key.Key_Return)
    desk.done()
    desk.hit("Kim Lee", Key.Key_Return)
    desk.done()
    desk.hit(Key.Key_Return)
    assert desk.asked[-1] == TestSound("low")
    desk.set("sound", buttons=(answer("sound", "heard", "I heard it", "Enter", "primary"),))
    desk.hit(Key.Key_Return)
    desk.done()
    desk.hit("T", "97", Key.Key_Tab, "70", Key.Key_Return)
    desk.done()
    desk.hit("T", "128", Key.Key_Tab, "79", Key.Key_Return)
    pressure = desk.asked[-1]
    assert (int(pressure.systolic), int(pressure.diastolic)) == (128, 79)
    desk.pane.answer(Answer(2, "saved"), pressure)
    desk.set("pressures", state="passed")
    assert desk.screen.mode == "step", "a reading that arrives moves nothing on"
    desk.hit(Key.Key_Return)
    assert desk.screen.mode == "all"
    desk.hit(Key.Key_Return)
    answers = [c for c in desk.asked if isinstance(c, AnswerCheck)]
    assert [(c.check, c.answer, c.data) for c in answers] == [
        ("person", "yes", {}),
        ("solids", "time", {"last_solids": "13:30"}),
        ("sitter", "yes", {"name": "Kim Lee"}),
        ("sound", "heard", {}),
        ("baseline", "typed", {"spo2": "97", "pulse": "70"}),
    ]
    assert desk.asked[-1] == StartSession()


def test_the_preparation_is_completed_by_mouse_alone(desk: Desk) -> None:
    desk.click("answer_yes")
    desk.done()
    for digit in "1330":
        desk.click(f"digit{digit}")
    desk.click("answer_time")
    desk.done()
    desk.click("takeName")
    desk.click("answer_yes")
    assert desk.asked[-1] == AnswerCheck("sitter", "yes", {"name": "Sam Rivera"})
    desk.done()
    desk.set("sound", buttons=(answer("sound", "heard", "I heard it", "Enter", "primary"),))
    desk.click("answer_heard")
    desk.done()
    desk.set("baseline", tiles=(CheckTile("SpO2", "98"), CheckTile("Pulse", "70")))
    desk.click("answer_take")
    desk.done()
    desk.set("pressures", state="passed")
    desk.click("toAllChecks")
    desk.click("startSession")
    assert desk.asked[-1] == StartSession()


def test_a_pressure_is_typed_by_mouse_alone(desk: Desk) -> None:
    desk.screen._choose("pressures")  # pyright: ignore[reportPrivateUsage]
    desk.clock.go(1)
    next(b for b in desk.screen.step.buttons.buttons if b.key == "T").click()
    for name in ("digit1", "digit2", "digit8", "nextField", "digit7", "digit9", "saveTyped"):
        desk.click(name)
    assert (int(desk.asked[-1].systolic), int(desk.asked[-1].diastolic)) == (128, 79)


def test_every_field_begins_empty_and_the_answer_is_not_yet_possible(desk: Desk) -> None:
    desk.set("person", state="passed")
    for key in ("solids", "sitter"):
        desk.screen._choose(key)  # pyright: ignore[reportPrivateUsage]
        assert [f.text() for f in desk.screen.step.findChildren(TextField) if f.isVisible()] == [""]
        primary = [b for b in desk.screen.step.buttons.buttons if b.kind == "primary"]
        assert [b.isEnabled() for b in primary] == [False]
    desk.hit(Key.Key_Return)
    assert not desk.asked


def test_half_a_time_of_day_is_not_sent(desk: Desk) -> None:
    desk.screen._choose("solids")  # pyright: ignore[reportPrivateUsage]
    desk.hit("133", Key.Key_Return)
    assert not desk.asked
    assert desk.pane.texts()["checkMessage"]


def test_earlier_and_later_begin_at_now_only_when_a_person_presses(desk: Desk) -> None:
    desk.screen._choose("solids")  # pyright: ignore[reportPrivateUsage]
    desk.show(clock="21:49")
    assert desk.screen.step.fields[0].value() == ""
    desk.click("step-60")
    desk.click("step-10")
    assert desk.screen.step.fields[0].value() == "20:30"


def test_an_answer_that_does_not_pass_stays_on_its_check(desk: Desk) -> None:
    desk.hit("X")
    desk.done("failed")
    assert desk.says() == PERSON.say


def test_a_view_from_before_the_answer_moves_nothing_on(desk: Desk) -> None:
    desk.hit(Key.Key_Return)
    desk.show(clock="21:50")
    assert desk.says() == PERSON.say
    desk.pane.answer(Answer(1, "done"), desk.asked[-1])
    assert desk.says() == PERSON.say
    desk.set("person", state="passed")
    assert desk.says() == SOLIDS.say


def test_a_refused_answer_is_said_and_stays(desk: Desk) -> None:
    desk.hit(Key.Key_Return)
    desk.pane.answer(Answer(1, "refused", "There is no live number now."), desk.asked[-1])
    assert desk.pane.texts()["checkMessage"] == "There is no live number now."
    assert desk.says() == PERSON.say


def test_an_odd_value_is_asked_back_and_sent_again_as_confirmed(desk: Desk) -> None:
    desk.screen._choose("baseline")  # pyright: ignore[reportPrivateUsage]
    desk.clock.go(1)
    desk.hit("T", "71", Key.Key_Tab, "70", Key.Key_Return)
    desk.pane.answer(Answer(1, "ask", "71 for oxygen? Really 71?"), desk.asked[-1])
    desk.hit(Key.Key_Return)
    assert desk.asked[-1].data == {"spo2": "71", "pulse": "70", "confirmed": "yes"}


def test_the_second_half_of_a_double_press_does_not_answer_the_next_check(desk: Desk) -> None:
    desk.hit(Key.Key_Return)
    desk.pages["solids"] = msgspec.structs.replace(SOLIDS, fields=())
    desk.pane.answer(Answer(1, "done"), desk.asked[-1])
    desk.set("person", state="passed")
    assert desk.says() == SOLIDS.say
    button = next(b for b in desk.screen.step.buttons.buttons if b.kind == "primary")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(desk.asked) == 1
    desk.clock.go(0.5)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(desk.asked) == 2


def enter(desk: Desk, kind: QEvent.Type, repeat: bool = False) -> None:
    event = QKeyEvent(kind, Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", repeat)
    QApplication.sendEvent(QApplication.focusWidget() or desk.pane, event)


@pytest.mark.parametrize("torn", [False, True])
def test_an_enter_held_down_from_the_last_check_never_starts(desk: Desk, torn: bool) -> None:
    for key in ("solids", "sitter", "sound", "baseline", "pressures"):
        desk.set(key, state="passed")
    enter(desk, QEvent.Type.KeyPress)
    desk.pane.answer(Answer(1, "done"), desk.asked[-1])
    desk.set("person", state="passed")
    assert desk.screen.mode == "all"
    desk.clock.go(0.66)
    for _repeat in range(60):
        if torn:
            enter(desk, QEvent.Type.KeyRelease)
        enter(desk, QEvent.Type.KeyPress, repeat=not torn)
        desk.clock.go(0.033)
    assert StartSession() not in desk.asked
    enter(desk, QEvent.Type.KeyRelease)
    desk.clock.go(1)
    enter(desk, QEvent.Type.KeyPress)
    assert desk.asked[-1] == StartSession()


def test_the_start_is_not_yet_while_checks_are_missing_and_says_how_many(desk: Desk) -> None:
    desk.hit("L")
    start = desk.pane.findChild(PrepareScreen).findChild(KitButton, "startSession")
    assert start is not None
    assert start.isVisible()
    assert not start.isEnabled()
    assert desk.pane.texts()["missingChecks"] == "6 checks are missing"
    desk.hit(Key.Key_Return)
    assert desk.screen.mode == "step", "Enter goes to the next open check"
    assert not desk.asked


def test_an_override_needs_ten_characters_and_a_name(desk: Desk) -> None:
    desk.set("person", state="failed", can_override=True)
    desk.hit("S")
    assert QApplication.focusWidget().objectName() == "overrideReason"  # type: ignore[union-attr]
    send = desk.screen.form.send
    desk.hit("Too short")
    desk.hit(Key.Key_Tab, "1")
    assert desk.screen.form.name.text() == "Sam Rivera"
    assert not send.isEnabled()
    desk.screen.form.reason.setFocus()
    desk.hit(Key.Key_End, " no more")
    assert send.isEnabled()
    desk.hit(Key.Key_Return)
    assert desk.asked == [OverrideCheck("person", "Too short no more", "Sam Rivera")]
    desk.done("overridden")
    assert desk.says() == SOLIDS.say


def test_words_of_an_override_are_kept_when_an_alarm_takes_the_place(desk: Desk) -> None:
    desk.set("person", state="failed", can_override=True)
    desk.hit("S", "The cuff is broken")
    desk.show(sentence=ALARM, panel=PANEL)
    assert desk.screen.mode == "step"
    assert desk.pane.texts()["actionSay"] == "Look at Robin. Breathing?"
    desk.hit("A", "1")
    assert desk.asked == [Acknowledge("finger_off"), AnswerStep("finger_off", "look", "breathing")]
    desk.show(sentence=Sentence("calm", "", ""), panel=None)
    desk.hit("S")
    assert desk.screen.form.reason.value() == "The cuff is broken"


@pytest.mark.parametrize("mode", ["step", "all"])
def test_an_alarm_stands_in_the_top_slot_and_its_panel_at_the_lower_left(desk: Desk, mode: str) -> None:
    if mode == "all":
        desk.hit("L")
    desk.show(sentence=ALARM, panel=PANEL)
    texts = desk.pane.texts()
    assert texts["alarmBanner"].startswith("Finger is out of the probe.")
    assert texts["actionSay"] == "Look at Robin. Breathing?"
    panel, page = desk.screen.below, desk.screen
    assert panel.isVisible()
    assert page.rect().contains(panel.geometry().translated(panel.parentWidget().pos()))
    assert not desk.screen.slot.isVisible()


def test_the_emergency_card_opens_from_a_field_of_digits_by_one_key(desk: Desk) -> None:
    desk.screen._choose("solids")  # pyright: ignore[reportPrivateUsage]
    desk.hit("13", "E")
    assert desk.pane.card.isVisible()
    assert desk.asked == [ShowEmergencyCard()]
    desk.hit(Key.Key_Escape, "3")
    assert desk.screen.step.fields[0].field.text() == "13:3"  # type: ignore[union-attr]


def test_letters_are_text_in_the_name_and_the_card_needs_alt(desk: Desk) -> None:
    desk.screen._choose("sitter")  # pyright: ignore[reportPrivateUsage]
    desk.hit("Eva")
    assert not desk.pane.card.isVisible()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert desk.pane.card.isVisible()


def test_music_can_be_tried_while_preparing(desk: Desk) -> None:
    desk.hit("M", "1")
    assert isinstance(desk.asked[-1], ControlMusic)


def test_the_last_act_can_be_undone_while_preparing(desk: Desk) -> None:
    desk.show(undo_seq=7, undo_text="Sam looked in.")
    desk.hit("U")
    assert desk.asked == [Undo(7)]


def test_a_reading_waits_in_an_empty_place_until_it_comes(desk: Desk) -> None:
    desk.screen._choose("pressures")  # pyright: ignore[reportPrivateUsage]
    assert desk.pane.texts()["checkValue0"] == "--"
    desk.set("pressures", tiles=(CheckTile("First", "300/200", "20:45"), CheckTile("Second")))
    QApplication.processEvents()
    assert desk.pane.texts()["checkValue0"] == "300/200"
    tile = next(w for w in desk.screen.findChildren(QWidget) if w.objectName() == "checkValue0")
    assert tile.drawn_size() > 40


def test_numbers_in_the_strip_leave_when_no_view_comes(desk: Desk) -> None:
    assert desk.pane.texts()["prepareSpo2"] == "98"
    desk.clock.go(16)
    desk.pane.count_on()
    assert desk.pane.texts()["prepareSpo2"] == "–"


def test_rows_are_reached_by_arrows_and_opened_by_space(desk: Desk) -> None:
    desk.hit("L", Key.Key_Down, Key.Key_Down, Key.Key_Space)
    assert desk.says() == SOLIDS.say


def test_the_pane_never_goes_back_to_rest_while_preparing(desk: Desk) -> None:
    assert desk.pane.busy()
    assert not may_return(msgspec.structs.replace(desk.view, stage="live", started=True), half_typed=False)


def test_every_visible_button_has_a_name_to_be_read_aloud(desk: Desk) -> None:
    for key in ("person", "solids", "sitter", "baseline", "pressures"):
        desk.screen._choose(key)  # pyright: ignore[reportPrivateUsage]
        for button in desk.screen.findChildren(KitButton):
            assert not button.isVisible() or button.accessibleName(), button.objectName()


def test_a_hold_counts_down_between_two_views(desk: Desk) -> None:
    desk.screen._choose("pressures")  # pyright: ignore[reportPrivateUsage]
    desk.set("pressures", state="failed", hold_s=90.0)
    desk.clock.go(30)
    desk.pane.count_on()
    assert desk.pane.texts()["holdLeft"] == "1:00"


@pytest.mark.parametrize(
    ("typed", "shown"), [("1", "1"), ("13", "13"), ("133", "13:3"), ("1330", "13:30"), ("930", "9:30"), ("9:3", "9:3")]
)
def test_the_colon_of_a_time_of_day_comes_by_itself(typed: str, shown: str) -> None:
    assert with_colon(typed) == shown


def test_minutes_and_clock_are_each_others_way_back() -> None:
    assert [minutes_of(clock) for clock in ("24:00", "12:60", "1", "", "0:05")] == [None, None, None, None, 5]
    assert all(minutes_of(clock_of(m)) == m for m in range(0, 1440, 7))
    assert clock_of(-10) == "23:50"


def test_without_bluetooth_the_page_says_what_to_try_until_values_are_typed_instead(desk: Desk) -> None:
    desk.pages["probe"] = PROBE
    desk.show()
    desk.screen._choose("probe")
    desk.show()
    assert desk.pane.texts()["troubleTitle"] == "No Bluetooth found."
    assert "checkSay" not in desk.pane.texts()
    desk.hit("S")
    desk.hit(*"The oximeter shows it itself", Key.Key_Tab, *"Sam", Key.Key_Return)
    assert desk.asked == [OverrideCheck("probe", "The oximeter shows it itself", "Sam")]
    desk.hit(Key.Key_Escape, "T")
    assert desk.says() == "Put the probe on."
    desk.hit("1")
    assert desk.asked[-1] == AnswerCheck("probe", "left")


def test_without_bluetooth_an_alarm_still_takes_its_place(desk: Desk) -> None:
    desk.pages["probe"] = PROBE
    desk.show()
    desk.screen._choose("probe")
    desk.show(sentence=ALARM, panel=PANEL)
    texts = desk.pane.texts()
    assert texts["actionSay"] == "Look at Robin. Breathing?"
    assert "troubleTitle" not in texts
    desk.show(sentence=desk.view.sentence, panel=None)
    assert desk.pane.texts()["troubleTitle"] == "No Bluetooth found."
