"""The shell: what lies over what, what is sent for what people do, and what stays when the line is lost."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.chart import Trend
from kiosk.line.childline import LineLost
from kiosk.line.codec import BEAT_EVERY_S, Beat, encode
from kiosk.line.pane import Sentence, Silence
from kiosk.line.screen import (
    Answer,
    AskHistory,
    Begin,
    Covered,
    FromScreen,
    Leave,
    Left,
    Pictured,
    PinAnswer,
    RestView,
    ScreenTrouble,
    Shown,
    TakePicture,
    View,
)
from kiosk.line.tile import PressureTile
from kiosk.session.commands import (
    Acknowledge,
    CallSitter,
    ClosePane,
    HoldOpen,
    OpenPane,
    ShowEmergencyCard,
)
from ui import theme
from ui.app import Bridge
from ui.shell import Shell
from ui.stage import RETURN_AFTER_S, Facts, may_return, patient_layers, sitter_layers
from ui.windows import WINDOWED, Windows

Key = Qt.Key


@pytest.fixture
def one(make_shell: Callable[..., Shell]) -> Shell:
    return make_shell(single_screen=True)


def on_top(shell: Shell) -> list[str]:
    names = ("rest", "pin", "over", "pane", "card", "cover")
    return [name for name in names if getattr(shell, name).isVisible()]


def test_the_rest_screen_is_painted_before_anything_slow_is_imported() -> None:
    script = """
import sys
from ui.app import make_application
app = make_application()
from ui.shell import Shell
from kiosk.line.screen import Begin
class Line:
    def send(self, message): pass
    def beat(self): pass
shell = Shell(Line(), lambda: None)
slow = ("ui.sitter.pane", "numpy", "asyncio")
shell.rest.painted.connect(lambda: print("painted", *(name for name in slow if name in sys.modules)) or app.exit())
shell.take(Begin(True, True, False, True, "Robin", "Sam", 0, 0))
app.exec()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert done.stdout.split() == ["painted"], done.stderr


def test_the_pane_stands_before_numpy_is_loaded_and_its_chart_brings_it() -> None:
    script = """
import sys
from ui.app import make_application
app = make_application()
from kiosk.line.screen import Begin
from ui.sitter.pane import SitterPane
pane = SitterPane()
pane.begin(Begin(True, True, False, True, "Robin", "Sam", 0, 0))
pane.fronts.prepare
pane.show()
app.processEvents()
print("numpy" in sys.modules)
print(pane.chart.spo2_readings.t.size, "numpy" in sys.modules)
"""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[3], env=env)
    assert done.stdout.split() == ["False", "0", "True"], done.stderr


def test_a_screen_with_a_head_start_has_its_first_page_in_its_size_before_the_monitor_begins(
    room_app: QApplication, line: Any, begin: Begin, qtbot: Any
) -> None:
    windows = Windows()
    windows.open(single=False, windowed=True)
    shell = Shell(line, lambda: None, windows=windows)
    shell.load()
    qtbot.waitUntil(lambda: shell._made is not None, timeout=20_000)
    assert shell._made is not None
    pane = shell._made[2]
    (page,) = pane.fronts._pages
    assert (pane.size().toTuple(), page.size().toTuple()) == (WINDOWED, WINDOWED)
    assert page._u == pane._u == theme.unit(*WINDOWED)
    assert windows.sitter.isHidden()
    shell.take(begin)
    qtbot.waitUntil(lambda: shell.pane is pane, timeout=20_000)
    assert pane.size().toTuple() == WINDOWED
    shell.end()


def test_the_screen_keeps_no_source_of_its_modules() -> None:
    script = "import linecache, ui.app; print(*linecache.cache, sep='\\n')"
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[3], check=True)
    assert not [name for name in done.stdout.split() if "/ui/" in name or "/kiosk/" in name]


def test_the_lines_last_message_behind_the_applications_end_is_no_error() -> None:
    taken: list[object] = []
    bridge = Bridge()
    bridge.arrived.connect(taken.append)
    bring = bridge.bring
    del bridge
    gc.collect()
    bring("the line was lost")
    assert taken == ["the line was lost"]


def test_the_dunes_come_into_the_dark_once_the_pane_stands_or_with_a_call(
    room_app: QApplication, line: Any, begin: Begin, qtbot: Any
) -> None:
    shell = Shell(line, lambda: None)
    shell.take(begin)
    assert shell.rest.grab().toImage().pixelColor(50, shell.rest.height() - 1) == QColor("black")
    qtbot.waitUntil(lambda: not shell.rest.plain, timeout=20_000)
    assert shell.pane is not None
    assert shell.rest.grab().toImage().pixelColor(50, shell.rest.height() - 1) != QColor("black")
    shell.rest.plain = True
    shell.rest.call("touch")
    assert not shell.rest.plain
    shell.end()


def test_two_windows_are_shown_and_told_with_their_displays(make_shell: Callable[..., Shell], line: Any) -> None:
    shell = make_shell()
    shown = next(m for m in line.sent if isinstance(m, Shown))
    assert [words.split(" on ")[0] for words in shown.windows] == ["rest", "sitter"]
    assert not shown.one_display
    assert shell.pane.window() is shell.windows.sitter
    assert shell.rest.window() is shell.windows.patient
    assert AskHistory() in line.sent


def test_a_history_that_came_early_is_kept_for_the_pane_and_not_asked_again(
    room_app: QApplication, line: Any, begin: Begin, qtbot: Any
) -> None:
    shell = Shell(line, lambda: None)
    shell.take(begin)
    shell.take(Trend(reset=True))
    qtbot.waitUntil(lambda: any(isinstance(m, Shown) for m in line.sent), timeout=20_000)
    assert AskHistory() not in line.sent
    shell.end()


def test_the_heart_beats_from_the_main_loop(make_shell: Callable[..., Shell], line: Any, qtbot: Any) -> None:
    make_shell()
    before = line.beats
    qtbot.waitUntil(lambda: line.beats > before + 2, timeout=5000)
    assert line.beats > before + 2


def test_a_late_beat_begins_the_pause_to_the_next_one_anew(make_shell: Callable[..., Shell], line: Any) -> None:
    """Else the next would come too early behind it to be sent, and the screen be silent for a second."""
    shell, before = make_shell(), line.beats
    shell._beats.stop()
    shell._beats.timeout.emit()
    assert (line.beats, shell._beats.isActive()) == (before + 1, True)


def test_on_one_display_the_rest_screen_is_shown_and_f2_or_enter_asks_for_the_pin(
    one: Shell, press: Callable[..., None]
) -> None:
    assert on_top(one) == ["rest"]
    press(one.rest, Key.Key_F2)
    assert on_top(one) == ["rest", "pin"]
    press(one.pin, Key.Key_Escape)
    assert on_top(one) == ["rest"]
    press(one.rest, Key.Key_Return)
    assert on_top(one) == ["rest", "pin"]


def test_the_pin_goes_to_the_monitor_and_its_view_opens_the_pane(
    one: Shell, press: Callable[..., None], line: Any, make_view: Callable[..., View]
) -> None:
    press(one.rest, Key.Key_F2)
    for digit in "246813":
        press(one.pin, ord(digit), digit)
    assert line.commands() == [OpenPane("246813")]
    one.take(PinAnswer(ok=True))
    assert on_top(one) == ["rest", "pin"]
    one.take(make_view(pane_open=True))
    assert on_top(one) == ["pane"]
    one.take(make_view(pane_open=False))
    assert on_top(one) == ["rest"]


def test_a_pane_behind_the_rest_screen_comes_forward_with_the_newest_view_and_its_age(
    one: Shell, make_view: Callable[..., View], clock: Any
) -> None:
    one._guarded = True  # until the PIN is right
    for at in ("21:50", "21:51"):
        one.take(make_view(pane_open=True, clock=at))
    assert on_top(one) == ["rest"]
    assert not one.pane._tick.isActive()
    clock.go(0.8)
    one.take(PinAnswer(ok=True))
    assert one.pane._tick.isActive()
    assert on_top(one) == ["pane"]
    assert one.pane.strip.clock.text() == "21:51"
    assert one.pane._now() - one.pane._seen_s >= 0.8
    one.take(make_view(pane_open=True, clock="21:52"))
    assert one.pane.strip.clock.text() == "21:52"


def test_a_picture_of_a_pane_behind_the_rest_screen_shows_the_newest_view(
    one: Shell, make_view: Callable[..., View], line: Any, tmp_path: Path
) -> None:
    one.take(make_view(clock="21:53"))
    one.take(TakePicture("sitter", str(tmp_path / "pane.png")))
    assert next(m for m in line.sent if isinstance(m, Pictured)).texts["clockLabel"] == "21:53"


def test_a_touch_beside_the_keypad_calls_and_the_rest_screen_shows_it(
    one: Shell, press: Callable[..., None], line: Any
) -> None:
    press(one.rest, Key.Key_F2)
    QTest.mouseClick(one.pin, Qt.MouseButton.LeftButton, pos=QPoint(60, 300))
    assert line.commands() == [CallSitter("click")]
    assert one.rest.state == "calling"


def test_reduced_motion_reaches_the_layers_over_rest(
    make_shell: Callable[..., Shell], make_view: Callable[..., View], alarm: Sentence
) -> None:
    shell = make_shell(single_screen=True, reduced_motion=True)
    shell.take(make_view(sentence=alarm, alarm_over_rest=True))
    assert shell.over.sentence.marker.still
    assert shell.card.spo2.marker.still
    assert shell.rest.still
    assert not shell.rest.guide


def test_the_breathing_guide_reaches_the_rest_screen(make_shell: Callable[..., Shell]) -> None:
    assert make_shell(breathing_guide=True).rest.guide


def test_an_alarm_lies_over_rest_and_pin_and_is_answered_without_a_pin(
    one: Shell, press: Callable[..., None], line: Any, make_view: Callable[..., View], alarm: Sentence, qtbot: Any
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True))
    assert on_top(one) == ["rest", "over"]
    qtbot.waitUntil(lambda: not one.over.shield.isVisible(), timeout=5000)
    press(one.rest, Key.Key_A)
    assert line.commands() == [Acknowledge("spo2_hard")]
    press(one.rest, Key.Key_F2)
    assert on_top(one) == ["rest", "pin", "over"]
    assert not one.over.panel.isVisible()
    assert one.over.texts()["alarmBanner"].startswith("Oxygen is very low: 83")
    one.take(make_view())
    assert on_top(one) == ["rest", "pin"]


def test_a_sitter_without_a_keyboard_reaches_the_keypad_over_their_answer_to_a_call(
    one: Shell, make_view: Callable[..., View], alarm: Sentence, qtbot: Any
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True))
    qtbot.waitUntil(lambda: not one.over.shield.isVisible(), timeout=5000)
    QTest.mouseClick(one.over.pane, Qt.MouseButton.LeftButton)
    assert on_top(one) == ["rest", "pin", "over"]


def test_the_first_view_of_an_alarm_shows_the_emergency_cards_button_whole(
    one: Shell, make_view: Callable[..., View], alarm: Sentence
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True))
    button = one.over.card
    place = button.rect().translated(button.mapTo(one.over, QPoint(0, 0)))
    assert place.right() > 1300
    assert one.over.mask().contains(place.center())


def test_a_press_where_a_button_has_just_appeared_is_a_call(
    one: Shell, line: Any, make_view: Callable[..., View], alarm: Sentence
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True))
    button = one.over.sentence.findChild(QWidget, "acknowledgeAlarm")
    at = button.mapTo(one.windows.patient, button.rect().center())
    hit = one.windows.patient.childAt(at)
    QTest.mousePress(hit, Qt.MouseButton.LeftButton, pos=hit.mapFrom(one.windows.patient, at))
    assert line.commands() == [CallSitter("click")]


def test_beside_the_alarm_every_touch_still_calls(
    one: Shell, line: Any, make_view: Callable[..., View], alarm: Sentence
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True))
    hit = one.windows.patient.childAt(QPoint(700, 300))
    assert hit.objectName() == "callSitter"


@pytest.mark.parametrize("key", [Key.Key_E, Key.Key_F1])
def test_the_emergency_card_opens_from_rest_pin_pane_and_cover(
    one: Shell, press: Callable[..., None], line: Any, make_view: Callable[..., View], key: Key
) -> None:
    press(one.rest, key)
    assert on_top(one) == ["rest", "card"]
    assert not one.card.spo2.isVisible()  # locked and calm: no vital signs
    press(one.card, Key.Key_Escape)
    press(one.rest, Key.Key_F2)
    press(one.pin, key)
    assert on_top(one) == ["rest", "pin", "card"]
    press(one.card, Key.Key_Escape)
    one.take(make_view(pane_open=True))
    press(one.pane, key)
    assert one.pane.card.isVisible()
    one.take(LineLost("ended"))
    press(one.cover, key)
    assert one.card.isVisible()
    assert line.commands().count(ShowEmergencyCard()) == 4
    assert not any(isinstance(command, CallSitter) for command in line.commands())


def test_the_card_shows_values_during_an_alarm(
    one: Shell, press: Callable[..., None], make_view: Callable[..., View], alarm: Sentence
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True))
    press(one.rest, Key.Key_F1)
    assert one.card.spo2.isVisible()


def test_an_alarm_that_nobody_answers_opens_the_card_by_itself_and_once(
    one: Shell, press: Callable[..., None], line: Any, make_view: Callable[..., View], alarm: Sentence
) -> None:
    one.take(make_view(sentence=alarm, alarm_over_rest=True, escalation=1))
    assert on_top(one) == ["rest", "over"]
    one.take(make_view(sentence=alarm, alarm_over_rest=True, escalation=2))
    assert on_top(one) == ["rest", "over", "card"]
    press(one.card, Key.Key_Escape)
    one.take(make_view(sentence=alarm, alarm_over_rest=True, escalation=2))
    assert on_top(one) == ["rest", "over"]
    one.take(make_view())
    one.take(make_view(sentence=alarm, alarm_over_rest=True, escalation=2))
    assert on_top(one) == ["rest", "over", "card"]
    assert line.commands() == []  # the monitor has recorded it


def test_an_alarm_that_nobody_answers_is_shown_on_the_patients_display_too(
    make_shell: Callable[..., Shell], make_view: Callable[..., View], alarm: Sentence
) -> None:
    two = make_shell()
    two.take(make_view(sentence=alarm, alarm_over_rest=True))
    assert not two.over.isVisible()
    two.take(make_view(sentence=alarm, alarm_over_rest=True, escalation=1))
    assert two.over.isVisible()
    assert two.over.window() is two.windows.patient
    assert not two.over.pane.isVisible()  # the patient's display must not lead to the pane
    two.take(make_view(sentence=alarm, alarm_over_rest=True, escalation=2))
    assert two.pane.card.isVisible()
    two.take(make_view())
    assert not two.over.isVisible()


def test_locked_out_holding_the_sitters_key_opens_the_pane(
    one: Shell, press: Callable[..., None], line: Any, make_view: Callable[..., View], qtbot: Any
) -> None:
    press(one.rest, Key.Key_F2)
    QTest.keyPress(one.pin, Key.Key_F2)
    one.hands.held.emit()  # three seconds later; not locked: nothing
    assert HoldOpen() not in line.commands()
    one.take(PinAnswer(ok=False, locked_s=60))
    QTest.keyPress(one.pin, Key.Key_F2)
    qtbot.waitUntil(lambda: HoldOpen() in line.commands(), timeout=10_000)
    QTest.keyRelease(one.pin, Key.Key_F2)
    assert line.commands().count(HoldOpen()) == 1


def test_a_short_press_of_the_sitters_key_does_not_open(
    one: Shell, press: Callable[..., None], line: Any, qtbot: Any
) -> None:
    one.take(PinAnswer(ok=False, locked_s=60))
    press(one.rest, Key.Key_F2)
    press(one.pin, Key.Key_F2)
    qtbot.waitUntil(lambda: not one.hands._hold.isActive(), timeout=2000)
    assert HoldOpen() not in line.commands()


def test_untouched_for_20_s_the_keypad_goes_away(
    one: Shell, press: Callable[..., None], clock: Any, qtbot: Any
) -> None:
    press(one.rest, Key.Key_F2)
    clock.go(3)
    qtbot.waitUntil(lambda: one.pin.returns.text() == "Robin's screen returns in 17 s", timeout=5000)
    clock.go(RETURN_AFTER_S)
    qtbot.waitUntil(lambda: on_top(one) == ["rest"], timeout=5000)
    assert not one.pin.isVisible()


def test_untouched_for_20_s_the_pane_asks_to_be_closed_once(
    one: Shell, make_view: Callable[..., View], line: Any, clock: Any, qtbot: Any
) -> None:
    one.take(make_view(pane_open=True))
    clock.go(RETURN_AFTER_S + 1)
    qtbot.waitUntil(lambda: ClosePane() in line.commands(), timeout=5000)
    one._each_second()
    assert line.commands().count(ClosePane()) == 1


CALLS = Sentence("call", "Robin calls. Go now.", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"sentence": CALLS},
        {"alarm_over_rest": True},
        {"rest": RestView("coming")},
        {"silences": (Silence("All sounds", "1:32", 92),)},
        {"pressure": PressureTile("due")},
        {"pressure": PressureTile("late")},
        {"stage": "opening"},
        {"started": False},
    ],
)
def test_the_pane_stays_while_anything_is_signalled_paused_or_due(
    make_view: Callable[..., View], changes: dict[str, Any]
) -> None:
    assert may_return(make_view(), half_typed=False)
    assert not may_return(make_view(**changes), half_typed=False)
    assert not may_return(make_view(), half_typed=True)


def test_layers_never_show_the_pane_on_the_patients_display_unless_it_was_opened() -> None:
    for lost in (False, True):
        for signalled in (False, True):
            shut = Facts(True, lost, True, False, signalled, True, False)
            assert "pane" not in patient_layers(shut)
            assert patient_layers(Facts(False, lost, True, True, signalled)) == ("rest",)
    assert patient_layers(Facts(False, signalled=True, escalated=True)) == ("rest", "over")
    assert patient_layers(Facts(True, pane_open=True)) == ("pane",)
    assert sitter_layers(Facts(False, lost=True)) == ("pane", "cover")


def test_the_sitters_display_lost_shows_no_pane_until_it_is_opened_anew(
    make_shell: Callable[..., Shell], make_view: Callable[..., View], line: Any
) -> None:
    shell = make_shell(make_view(pane_open=True))
    assert shell.pane.isVisible()
    shell.windows.sitter.hide()
    shell.windows.places = shell.windows.places._replace(sitter="")
    shell.windows.moved.emit()
    assert shell.rest.isVisible()
    assert not shell.pane.isVisible()
    assert line.sent[-1].one_display
    shell.take(make_view(pane_open=True))
    assert not shell.pane.isVisible()
    shell.take(PinAnswer(ok=True))
    assert shell.pane.isVisible()


def test_the_patients_display_lost_is_told(make_shell: Callable[..., Shell], line: Any) -> None:
    shell = make_shell()
    shell.windows.places = shell.windows.places._replace(patient="")
    shell.windows.moved.emit()
    shown = [m for m in line.sent if isinstance(m, Shown)][-1]
    assert shown.rest_hidden
    assert shell.windows.sitter.warning.isVisible()
    assert shell.windows.sitter.warning.text() == "Robin's display is gone: no call by touch. Plug it in again."
    assert shell.windows.sitter.warning.geometry().bottom() < shell.pane.geometry().top()  # the strip stays readable
    shell.windows.sitter.warn("")
    assert shell.pane.geometry() == shell.windows.sitter.rect()


def test_another_programs_window_is_told_once_fought_until_it_is_gone_and_told_to_be_gone(
    make_shell: Callable[..., Shell], line: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = make_shell(windowed=False)
    raised: list[bool] = []
    monkeypatch.setattr(shell.windows, "come_back", lambda: raised.append(True))
    inactive, active = Qt.ApplicationState.ApplicationInactive, Qt.ApplicationState.ApplicationActive
    shell.hands._state_changed(inactive)
    for _ in range(3):
        clock.go(3)
        shell.hands._away.timeout.emit()
    assert shell.windows.sitter.warning.text() == "Another window has the keys. Touch this display."
    shell.hands._state_changed(active)
    assert len(raised) == 3
    assert [m for m in line.sent if isinstance(m, Covered)] == [Covered(3), Covered(9, is_over=True)]
    assert not shell.windows.sitter.warning.isVisible()
    shell.hands._state_changed(inactive)
    shell.hands._state_changed(active)  # a moment is nothing
    assert len([m for m in line.sent if isinstance(m, Covered)]) == 2


def test_the_line_lost_covers_the_pane_and_leaves_rest_dark(make_shell: Callable[..., Shell]) -> None:
    shell = make_shell()
    shell.take(LineLost("silent"))
    assert shell.cover.isVisible()
    assert shell.cover.window() is shell.windows.sitter
    assert shell.windows.sitter.childAt(QPoint(600, 300)).window() is shell.windows.sitter
    assert shell.rest.isVisible()
    assert shell.rest.state == "rest"
    assert shell.cover.texts()["cover"].startswith("Monitoring stopped. Watch the oximeter.")


def test_on_one_display_the_cover_is_dark_and_a_touch_on_it_says_call_out_loud(
    one: Shell, light_of: Callable[..., Any]
) -> None:
    one.take(LineLost("ended"))
    assert on_top(one) == ["rest", "cover"]
    assert light_of(one.windows.patient).luminance.mean() < 0.025
    QTest.mouseClick(one.cover, Qt.MouseButton.LeftButton)
    assert "Call out loud." in one.cover.texts()["cover"]


def test_pictures_are_written_whole_with_the_words_that_stood_there(
    one: Shell, line: Any, tmp_path: Path, make_view: Callable[..., View], alarm: Sentence
) -> None:
    one.take(make_view(sentence=alarm))
    for window in ("rest", "sitter"):
        one.take(TakePicture(window, str(tmp_path / "new" / f"{window}.png")))
    rest, sitter = [m for m in line.sent if isinstance(m, Pictured)]
    assert rest.texts["callSitter"] == "Call Sam"
    assert sitter.texts["spo2Value"] == "97"
    assert sitter.texts["phaseLabel"] == "Peak"
    assert sitter.texts["alarmBanner"].startswith("Oxygen is very low: 83")
    assert QImage(sitter.path).size().width() == 1366
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["rest.png", "sitter.png"]


def test_a_picture_that_cannot_be_written_is_told(one: Shell, line: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one.take(TakePicture("rest", str(tmp_path / "file" / "rest.png")))
    assert not any(isinstance(m, Pictured) for m in line.sent)
    assert [m.text for m in line.sent if isinstance(m, ScreenTrouble)]


def test_escape_leaves_only_where_it_may(
    make_shell: Callable[..., Shell], press: Callable[..., None], line: Any
) -> None:
    shell = make_shell(single_screen=True)
    press(shell.rest, Key.Key_Escape)
    assert Left() not in line.sent
    assert line.commands() == [CallSitter("key")]
    shell.end()
    demo = make_shell(single_screen=True, leave_by_escape=True)
    press(demo.rest, Key.Key_Escape)
    assert line.sent[-1] == Left()
    assert line.commands() == [CallSitter("key")]


def test_letters_typed_into_a_field_do_not_open_the_card(one: Shell, make_view: Callable[..., View]) -> None:
    from PySide6.QtWidgets import QLineEdit

    field = QLineEdit(one.windows.patient)
    field.show()
    one.windows.patient.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "eE")
    assert field.text() == "eE"
    assert not one.card.isVisible()
    QTest.keyClick(field, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert one.card.isVisible()


def test_an_answer_reaches_the_pane_with_its_command(one: Shell, line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(one.pane, "answer", lambda answer, command=None: heard.append((answer.id, command)))
    one.outbox.ask(HoldOpen())
    one.take(Answer(line.sent[-1].id, "done"))
    one.take(Answer(999, "done"))
    assert heard == [(line.sent[-1].id, HoldOpen()), (999, None)]


class Child:
    """The real process at the end of real pipes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "_child", "screen"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        self._over = threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    def _beat(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while not self._over.wait(BEAT_EVERY_S):
                self.say()

    def end(self) -> None:
        self._over.set()
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def say(self, *messages: msgspec.Struct) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(encode(message) for message in (Beat(), *messages)))
        self.process.stdin.flush()

    def hear(self, kind: type) -> Any:
        assert self.process.stdout is not None
        decoder = msgspec.json.Decoder(FromScreen | Beat)
        while line := self.process.stdout.readline():
            message = decoder.decode(line)
            if isinstance(message, kind):
                return message
        pytest.fail(f"the screen ended without {kind.__name__}")


@pytest.fixture
def child() -> Iterator[Child]:
    started = Child()
    yield started
    started.end()


def test_the_real_child_shows_its_windows_and_leaves_when_told(
    child: Child, begin: Begin, make_view: Callable[..., View]
) -> None:
    child.say(begin, make_view())
    assert child.hear(Shown).windows
    child.say(Leave())
    assert child.process.wait(20) == 0


def test_the_real_child_stays_when_the_line_ends_and_goes_by_sigterm(
    child: Child, begin: Begin, make_view: Callable[..., View]
) -> None:
    child.say(begin, make_view())
    child.hear(Shown)
    assert child.process.stdin is not None
    child.process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        child.process.wait(2)
    child.process.send_signal(signal.SIGTERM)
    assert child.process.wait(20) == 0
