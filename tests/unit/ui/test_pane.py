"""The pane shows exactly what the view says, and grows old by itself when no view comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.pane import Ahead, Button, Chip, EventLine, Music, Panel, Sentence, Silence, Step
from kiosk.line.screen import Begin, View
from kiosk.line.tile import PressureTile, Tile
from kiosk.session.commands import (
    Acknowledge,
    AnswerCall,
    AnswerStep,
    CloseAlarm,
    PauseSounds,
    ResumeSounds,
    StartSession,
    Undo,
)
from ui.kit_alarm import Marker
from ui.kit_button import Button as KitButton
from ui.sitter.pane import SitterPane

ON_IT = Button("I'm on it", "A", "primary", Acknowledge("spo2_low"))
SOUNDS_ON = Button("Sounds on", "P", "plain", ResumeSounds())
SEEN = Button("Seen", "A", "primary", CloseAlarm("spo2_low"))
PAUSE = Button("Pause sounds 2 min", "P", "plain", PauseSounds())
LOW = Sentence("high", "Oxygen is low: 86", "SpO2 below 90 for 22 s.", "spo2_low", buttons=(ON_IT, PAUSE))
STEPS = (
    Step("Probe", "done", AnswerStep("spo2_low", "probe", "choose")),
    Step("Wake", "now", AnswerStep("spo2_low", "wake", "choose")),
    Step("Call", "next", AnswerStep("spo2_low", "call", "choose")),
)
ANSWERS = (
    Button("Answers", "1", "plain", AnswerStep("spo2_low", "wake", "normal voice")),
    Button("To touch", "2", "plain", AnswerStep("spo2_low", "wake", "touch")),
    Button("Not at all: call", "4", "call", None, "card"),
)
PANEL = Panel(
    STEPS, "Say “Robin!” loudly.", "Then touch the shoulder.", ANSWERS, "After that", ("Blood pressure", "due")
)


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, clock: Any) -> Iterator[SitterPane]:
    made = SitterPane(now=clock)
    made.resize(1366, 768)
    made.begin(begin)
    yield made
    made.close()


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    commands: list[Any] = []
    pane.asked.connect(commands.append)
    return commands


def show(pane: SitterPane, view: View) -> dict[str, str]:
    pane.show_view(view)
    pane.show()
    QApplication.processEvents()
    return pane.texts()


def visible_button(pane: SitterPane, name: str) -> KitButton:
    found = [b for b in pane.findChildren(KitButton) if b.objectName() == name and b.isVisible()]
    assert len(found) == 1, name
    return found[0]


def test_the_texts_are_those_of_the_view(pane: SitterPane, make_view: Callable[..., View]) -> None:
    view = make_view(
        pressure=PressureTile("fresh", "146", "89", "108", "21:43", "6 min ago", "Next 22:02"),
        music=Music("playing", "Slow tide", "Peak · 12 min left"),
        chips=(Chip("circle-dot", "Recording"),),
        ahead=(Ahead("eye", "Look at Robin", "21:52 · in 3 min"),),
    )
    texts = show(pane, view)
    assert texts["spo2Value"] == "97"
    assert texts["pulseValue"] == "72"
    assert texts["bpValue"] == "146/89"
    assert texts["nextBp"] == "Next 22:02"
    assert texts["phaseLabel"] == "Peak"
    assert texts["alarmBanner"] == "No alarms.\nOxygen and pulse are watched."
    assert texts["musicStrip"] == "Slow tide\nPeak · 12 min left"
    assert texts["spo2Age"] == "now"
    assert "emergencyCard" in texts


def test_a_form_is_built_when_it_is_opened_and_tab_goes_through_it_before_the_bar(
    pane: SitterPane, make_view: Callable[..., View]
) -> None:
    show(pane, make_view())
    assert pane.findChild(QWidget, "responseDrawer") is None
    pane.open("response")
    drawer = pane.below.drawers.response
    assert pane.below.drawer is drawer
    assert drawer.isVisible()
    assert "Robin" in drawer.say.text()
    assert drawer.u == pane.below.u
    reached = pane.nextInFocusChain()
    order: list[QWidget] = []
    while reached is not pane:
        if reached.isVisible() and reached.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order.append(reached)
        reached = reached.nextInFocusChain()
    in_drawer = [drawer.isAncestorOf(part) for part in order]
    assert in_drawer == sorted(in_drawer, reverse=True)
    assert any(in_drawer)


def test_every_named_object_is_there_for_a_persons_test(pane: SitterPane, make_view: Callable[..., View]) -> None:
    show(pane, make_view(stage="opening", started=False))
    names = {w.objectName() for w in pane.findChildren(QWidget)} | {pane.objectName()}
    wanted = {
        "sitterPane", "spo2Value", "pulseValue", "bpValue", "alarmBanner", "emergencyCard", "startSession",
        "addNote", "phaseLabel", "musicStrip", "nextBp",
    }  # fmt: skip
    assert wanted <= names
    show(pane, make_view(sentence=LOW))
    assert pane.findChild(QWidget, "endSession") is not None
    assert visible_button(pane, "acknowledgeAlarm").text() == "I'm on it"
    assert visible_button(pane, "pauseAlarms").text() == "Pause sounds 2 min"


def test_a_value_greys_and_leaves_its_place_although_no_view_comes(
    pane: SitterPane, make_view: Callable[..., View], clock: Any
) -> None:
    show(pane, make_view())
    clock.go(3)
    pane.count_on()
    assert pane.texts()["spo2Age"] == "3 s ago"
    assert not pane.numbers.spo2.numeral.outlined
    clock.go(3)
    pane.count_on()
    assert pane.numbers.spo2.numeral.outlined
    assert pane.texts()["spo2Value"] == "97"
    clock.go(9)
    pane.count_on()
    assert pane.texts()["spo2Value"] == "--"
    assert pane.texts()["pulseValue"] == "--"
    assert pane.numbers.spo2.last.shown() == "97"
    assert pane.texts()["spo2Age"] == "15 s ago, not live"


def test_a_new_view_makes_the_value_live_again(pane: SitterPane, make_view: Callable[..., View], clock: Any) -> None:
    show(pane, make_view())
    clock.go(40)
    pane.count_on()
    assert show(pane, make_view())["spo2Value"] == "97"


@pytest.mark.parametrize("state", ["gone", "invalid", "off", "waiting"])
def test_no_number_stands_in_the_place_of_a_value_that_is_not_there(
    pane: SitterPane, make_view: Callable[..., View], state: Any
) -> None:
    texts = show(pane, make_view(spo2=Tile(state, last="96", age_s=42, note="Finger is out of the probe")))
    assert texts["spo2Value"] == "--"
    assert pane.numbers.spo2.last.shown() == "96"
    assert "no live value" in pane.numbers.spo2.accessibleName()


def test_a_questionable_value_says_so_beside_the_number(pane: SitterPane, make_view: Callable[..., View]) -> None:
    texts = show(pane, make_view(spo2=Tile("live", "82", age_s=0.3, questionable=True, note="Weak signal")))
    assert texts["spo2Value"] == "82~"
    assert pane.numbers.spo2.note.text() == "Weak signal"
    assert "questionable" in pane.numbers.spo2.accessibleName()


def test_the_accessible_name_holds_name_value_unit_and_age(pane: SitterPane, make_view: Callable[..., View]) -> None:
    show(pane, make_view(spo2=Tile("ageing", "96", age_s=7, severity="high")))
    assert pane.numbers.spo2.accessibleName() == "SpO2, 96, oxygen, %, 7 s ago, high alarm"
    show(pane, make_view(pressure=PressureTile("fresh", "146", "89", "108", "21:43", "6 min ago")))
    assert pane.numbers.pressure.accessibleName() == "Blood pressure, 146/89, mmHg, 21:43, 6 min ago"


def test_a_cuff_pressure_never_stands_in_the_value_s_place(pane: SitterPane, make_view: Callable[..., View]) -> None:
    tile = PressureTile("inflating", "146", "89", "108", "21:43", "20 min ago", cuff="171")
    texts = show(pane, make_view(pressure=tile))
    assert texts["bpValue"] == "146/89"
    assert texts["nextBp"] == "Cuff at 171"


def test_an_alarm_replaces_pulse_pressure_and_events_and_moves_no_number(
    pane: SitterPane, make_view: Callable[..., View]
) -> None:
    show(pane, make_view())
    place = pane.numbers.pulse.geometry()
    card = pane.bar.card.geometry()
    alarm = make_view(sentence=LOW, panel=PANEL, spo2=Tile("live", "86", age_s=0.3, severity="high"))
    show(pane, alarm)
    assert pane.below.panel.isVisible()
    assert not pane.chart.pulse.isVisible()
    assert not pane.below.events.isVisible()
    assert pane.chart.spo2.isVisible()
    assert (pane.numbers.pulse.geometry(), pane.bar.card.geometry()) == (place, card)
    assert (pane.width(), pane.height()) == (1366, 768)


def test_buttons_of_the_sentence_send_their_commands(
    pane: SitterPane, make_view: Callable[..., View], asked: list[Any]
) -> None:
    show(pane, make_view(sentence=LOW, panel=PANEL))
    visible_button(pane, "acknowledgeAlarm").click()
    visible_button(pane, "pauseAlarms").click()
    assert asked == [Acknowledge("spo2_low"), PauseSounds()]


def test_an_alarm_that_counts_its_seconds_keeps_its_buttons(pane: SitterPane, make_view: Callable[..., View]) -> None:
    show(pane, make_view(sentence=LOW, panel=PANEL))
    before = visible_button(pane, "acknowledgeAlarm"), pane.below.panel.answers.findChildren(KitButton)[0]
    later = Sentence("high", "Oxygen is low: 85", "SpO2 below 90 for 23 s.", "spo2_low", buttons=(ON_IT, PAUSE))
    panel = Panel(STEPS, "Say “Robin!” loudly.", "Since 23 s.", ANSWERS, "After that", ("Blood pressure", "due"))
    show(pane, make_view(sentence=later, panel=panel))
    after = visible_button(pane, "acknowledgeAlarm"), pane.below.panel.answers.findChildren(KitButton)[0]
    assert after == before


def test_an_answered_alarm_is_steady_but_keeps_its_plate(pane: SitterPane, make_view: Callable[..., View]) -> None:
    answered = Sentence(
        "high", "Oxygen is low: 86", "below 90", "spo2_low", answered=True,
        buttons=(SOUNDS_ON,), held=("You are on it, 21:56", "Below 85 sounds again"),
    )  # fmt: skip
    silences = (Silence("All sounds", "1:32 left", 92.0), Silence("Low oxygen", "until 21:58 or below 85"))
    tile = Tile("live", "86", severity="high", answered=True)
    show(pane, make_view(sentence=answered, panel=PANEL, silences=silences, spo2=tile))
    assert pane.sentence.marker.steady
    assert pane.numbers.spo2.marker.steady
    show(pane, make_view(sentence=answered, panel=PANEL, spo2=msgspec.structs.replace(tile, answered=False)))
    assert not pane.numbers.spo2.marker.steady
    show(pane, make_view(sentence=answered, panel=PANEL, silences=silences, spo2=tile))
    assert pane.sentence.fill == "red"
    assert pane.sentence.left.text() == "1:32"
    assert pane.below.panel.silences.shown() == "All sounds: 1:32 left\nLow oxygen: until 21:58 or below 85"


def test_the_countdown_of_a_pause_runs_on_between_two_views(
    pane: SitterPane, make_view: Callable[..., View], clock: Any
) -> None:
    sentence = Sentence(
        "low", "Battery is low", "", "battery_low", buttons=(Button("Sounds on", "P", "plain", ResumeSounds()),)
    )
    show(pane, make_view(sentence=sentence, silences=(Silence("All sounds", "1:32 left", 92.0),)))
    clock.go(12)
    pane.count_on()
    assert pane.sentence.left.text() == "1:20"
    assert pane.below.events.silences.isVisible()


def test_a_pause_that_outlives_its_alarm_counts_on_in_the_list_alone(
    pane: SitterPane, make_view: Callable[..., View], clock: Any
) -> None:
    silences = (Silence("All sounds", "1:32 left", 92.0),)
    paused = Sentence("high", "Oxygen is low: 86", "", "spo2_low", answered=True, buttons=(SOUNDS_ON,))
    over = Sentence("low", "Oxygen is back: 94", "", "spo2_low", latched=True, answered=True, buttons=(SEEN,))
    show(pane, make_view(sentence=paused, silences=silences))
    show(pane, make_view(sentence=over, silences=silences))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # the row of the pause goes
    clock.go(2)
    pane.count_on()
    assert pane.below.events.silences.shown() == "All sounds: 1:30 left"


def test_silences_are_visible_even_when_no_panel_is(pane: SitterPane, make_view: Callable[..., View]) -> None:
    show(pane, make_view(silences=(Silence("Low oxygen", "until 21:58 or below 85"),)))
    assert pane.below.events.silences.shown() == "Low oxygen: until 21:58 or below 85"


def test_the_patient_s_call_is_no_alarm_colour_and_has_one_button(
    pane: SitterPane, make_view: Callable[..., View], asked: list[Any]
) -> None:
    call = Sentence(
        "call",
        "Robin calls. Go now.",
        "Touched the screen.",
        "call",
        buttons=(Button("I'm coming", "A", "primary", AnswerCall()),),
    )
    show(pane, make_view(sentence=call))
    assert (pane.sentence.fill, pane.sentence.border) == ("panel", "fill")
    visible_button(pane, "acknowledgeAlarm").click()
    assert asked == [AnswerCall()]


def test_the_session_is_started_by_its_button_in_the_opening(
    pane: SitterPane, make_view: Callable[..., View], asked: list[Any]
) -> None:
    show(pane, make_view(stage="opening", started=False))
    visible_button(pane, "startSession").click()
    assert asked == [StartSession()]
    show(pane, make_view())
    assert not [b for b in pane.findChildren(KitButton) if b.objectName() == "startSession" and b.isVisible()]


def test_the_newest_note_can_be_undone_and_says_that_it_is_not_saved(
    pane: SitterPane, make_view: Callable[..., View], asked: list[Any]
) -> None:
    events = (EventLine("21:49", "Talked.", 12, True, "saving…"), EventLine("21:48", "Dose.", 11, False, "NOT SAVED"))
    texts = show(pane, make_view(events=events, undo_seq=12, undo_text="Talked."))
    assert texts["events"] == "21:49 Talked. saving…\n21:48 Dose. NOT SAVED"
    visible_button(pane, "undoAct").click()
    assert asked == [Undo(12)]


def test_with_reduced_motion_no_marker_flashes_anywhere_and_the_colour_stays(
    pane: SitterPane, begin: Begin, make_view: Callable[..., View]
) -> None:
    pane.begin(msgspec.structs.replace(begin, reduced_motion=True))
    alarm = Sentence("high", "Oxygen is very low: 83", "", "spo2_hard")
    show(pane, make_view(sentence=alarm, spo2=Tile("live", "83", age_s=0.2, severity="high")))
    pane.open_card()
    markers = [marker for marker in pane.findChildren(Marker) if marker.isVisible()]
    assert len(markers) > 2
    assert not any(marker._timer.isActive() for marker in markers)
    assert all(marker.lit() for marker in markers)
    assert pane.sentence.fill == "red"


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (1280, 800), (1024, 768), (2560, 1080)])
def test_nothing_is_cut_and_the_window_is_never_made_larger(
    pane: SitterPane, make_view: Callable[..., View], size: tuple[int, int]
) -> None:
    pane.resize(*size)
    view = make_view(
        spo2=Tile("live", "100", age_s=0.2, limits=("low 90", "hard 85"), note="Good signal"),
        pulse=Tile("live", "300", age_s=0.2, limits=("high 130", "low 45")),
        pressure=PressureTile("fresh", "300", "200", "250", "21:43", "6 min ago", "Next 22:02"),
        tags=("Simulated", "Limits not confirmed by a provider"),
        chips=(Chip("circle-dot", "Recording"), Chip("volume-2", "Sam's speaker"), Chip("battery-medium", "84 %")),
    )
    show(pane, view)
    assert (pane.width(), pane.height()) == size
    for part in (pane.strip, pane.sentence, pane.numbers, pane.bar, pane.bar.card, pane.below, pane.chart):
        place = part.rect().translated(part.mapTo(pane, part.rect().topLeft()))
        assert pane.rect().contains(place), part.objectName()
        assert part.width() >= part.minimumSizeHint().width(), part
    assert pane.numbers.spo2.numeral.drawn_size() > 100


def test_the_pane_can_be_smaller_again_after_it_was_large(pane: SitterPane, make_view: Callable[..., View]) -> None:
    pane.resize(1920, 1080)
    show(pane, make_view())
    pane.resize(1366, 768)
    QApplication.processEvents()
    assert (pane.width(), pane.height()) == (1366, 768)
    assert pane.numbers.spo2.u == 1


def test_words_of_a_view_are_never_read_as_markup(pane: SitterPane, make_view: Callable[..., View]) -> None:
    texts = show(pane, make_view(events=(EventLine("21:49", "<b>note</b> & more", 3),)))
    assert texts["events"] == "21:49 <b>note</b> & more"


@pytest.mark.parametrize(("alarming", "most"), [(False, 0.025), (True, 0.085)])
def test_the_pane_stays_dark_enough_for_the_patient_beside_it(
    pane: SitterPane, make_view: Callable[..., View], light_of: Callable[..., Any], alarming: bool, most: float
) -> None:
    changes: dict[str, Any] = {"music": Music("playing", "Slow tide", "Peak · 12 min left")}
    if alarming:
        changes |= {"sentence": LOW, "panel": PANEL, "spo2": Tile("live", "86", age_s=0.3, severity="high")}
    show(pane, make_view(**changes))
    assert light_of(pane).luminance.mean() <= most
