"""Every alarm has words: a name, a line below it, a mark in the chart, and what to do where something can be done."""

from __future__ import annotations

import pytest

from kiosk.session.alarm import bed, blindness, inflation, occurrence, told
from kiosk.session.alarm.signal import RANK
from kiosk.text import Names, detail, mark_label, script, title
from kiosk.text import alarm as words

NAMES = Names("Robin", "Sam", 60, {})
EVERY = sorted({*RANK, *told.KINDS, *blindness.NAMES, *bed.NAMES, *occurrence.VALUE_ALARMS, *occurrence.HELP_SUSPENDS})
INFORM = {"monitoring_restarted", "clock_jumped", "protection_lost"}
DANGERS = ("spo2_low", "spo2_very_low", "spo2_area", "response_poor", "breaths_low", "no_signal", "pulse_low")


def test_every_alarm_has_its_place_in_the_order() -> None:
    assert set(RANK) == set(EVERY)


@pytest.mark.parametrize("alarm", EVERY)
def test_every_alarm_has_a_name_a_detail_and_a_mark(alarm: str) -> None:
    assert alarm in words._SHORT
    assert alarm in words._MARK
    assert detail(alarm, {}, "SpO2 below 90" if alarm in occurrence.VALUE_ALARMS else "", NAMES)
    assert len(mark_label(alarm)) <= 16
    assert "_" not in title(alarm, {}, NAMES)


@pytest.mark.parametrize("alarm", EVERY)
def test_an_alarm_about_which_something_can_be_done_says_it_in_seven_words(alarm: str) -> None:
    steps = script(alarm, NAMES)
    assert bool(steps) is (alarm not in INFORM)
    assert len({step.key for step in steps}) == len(steps)
    for step in steps:
        assert len(step.say.rstrip(".?").split()) <= 7, step.say
        assert "{" not in step.say + step.detail
        assert step.answers


@pytest.mark.parametrize("alarm", DANGERS)
def test_every_danger_offers_to_call_at_each_step(alarm: str) -> None:
    for step in script(alarm, NAMES):
        assert any(kind == "call" for *_rest, kind in step.answers), step


@pytest.mark.parametrize(
    ("alarm", "data", "said"),
    [
        ("spo2_area", {"value": "88"}, "Oxygen keeps dipping: 88"),
        ("response_poor", {"answer": "touch"}, "Robin wakes only when touched"),
        ("response_poor", {"answer": "not at all"}, "Robin does not wake"),
        ("breaths_low", {"value": "6"}, "Breathing is slow: 6 a minute"),
        ("breaths_low", {"value": "0"}, "No breath was counted"),
        ("breaths_high", {"value": "34"}, "Breathing is fast: 34 a minute"),
        ("look_in_due", {"for_s": "120"}, "Look at Robin: 2 min overdue"),
        ("call_unanswered", {}, "Robin calls. Nobody has answered"),
        ("sources_disagree", {"what": "SpO2", "mine": "97", "other": "88"}, "SpO2 97 or 88? Two devices disagree"),
        ("battery_low", {"role": "cuff", "value": "9"}, "Cuff battery is low: 9 %"),
        ("laptop_battery", {"value": "18"}, "Computer battery is low: 18 %"),
        ("clock_jumped", {"gap_s": "25"}, "The computer stood still for 25 s"),
    ],
)
def test_the_title_says_what_is_known(alarm: str, data: dict[str, str], said: str) -> None:
    assert title(alarm, data, NAMES) == said


def test_a_low_value_under_the_cuff_names_the_cuff_and_not_the_signal() -> None:
    data = {"value": "82", "questionable": "1", "reason": inflation.REASON}
    assert title("spo2_low", data, NAMES) == "SpO2 82? Cuff on the probe's arm"
    assert "cuff" in detail("no_signal", {"cuff": "1"}, "", NAMES)
