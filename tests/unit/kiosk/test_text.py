"""Words: every event has a sentence, instructions are short, durations and times read as people say them."""

from __future__ import annotations

import typing
from decimal import Decimal

import pytest

from kiosk.session import events as e
from kiosk.session.decision import Why
from kiosk.text import Names, age, clock_time, duration, elapsed, number, script, sentence, title
from kiosk.text import refusal as refusal_text
from kiosk.text.alarm import short
from kiosk.text.event import _SENTENCES
from kiosk.text.measure import iso_time

NAMES = Names("Robin", "Sam", 60, {"f1:00": "oximeter"})


def test_every_event_has_a_sentence() -> None:
    assert set(typing.get_args(e.AnyEvent)) <= set(_SENTENCES)


def test_every_reason_to_refuse_has_a_sentence() -> None:
    assert set(Why) <= set(refusal_text._WHY)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (42, "42 s"), (61, "1 min 1 s"), (120, "2 min"), (5400, "1 h 30 min")]
)  # fmt: skip
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "now"), (42, "42 s ago"), (1620, "27 min ago"), (7300, "2 h ago")]
)
def test_ages(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_numbers_are_rounded_half_up_and_nothing_stays_nothing() -> None:
    assert [number(Decimal(x)) for x in ("95.5", "96.4", "100")] == ["96", "96", "100"]
    assert number(None) == ""


def test_times_are_told_in_the_sessions_zone() -> None:
    at = 1_796_000_000_512_000_000
    assert clock_time(at, 0, with_seconds=True) == "00:53:20"
    assert clock_time(at, 90) == "02:23"
    assert iso_time(at, -300).endswith("19:53:20.512-05:00")
    assert elapsed(2840) == "0:47"


def test_a_device_is_called_by_its_role_and_a_strange_one_by_its_address() -> None:
    assert sentence(e.LinkMoved("f1:00", "lost"), NAMES) == "The link to the oximeter was lost."
    assert sentence(e.LinkMoved("aa:bb", "streaming"), NAMES) == "Device aa:bb is connected and sends."


def test_a_questionable_low_value_says_both() -> None:
    assert title("spo2_low", {"value": "82", "questionable": "1"}, NAMES) == "SpO2 82? Weak signal"
    assert title("spo2_low", {"value": "86"}, NAMES) == "Oxygen is low: 86"


def test_a_signal_that_stopped_while_low_keeps_its_last_number() -> None:
    data = {"for_s": "40", "last": "84", "last_age_s": "40", "kept": "1"}
    assert title("no_signal", data, NAMES) == "No signal. Last: 84 %, 40 s ago"


@pytest.mark.parametrize("alarm", ["spo2_low", "no_signal", "finger_off", "pulse_high", "pressure_high"])
def test_each_script_is_short_words_and_ends_in_help(alarm: str) -> None:
    steps = script(alarm, NAMES)
    assert steps
    for step in steps:
        assert len(step.say.rstrip(".?").split()) <= 7, step.say
        assert "{" not in step.say + step.detail
    assert any(answer[2] == "call" for step in steps for answer in step.answers)


def test_an_alarm_without_a_name_of_its_own_still_reads_as_words() -> None:
    assert short("some_new_thing") == "some new thing"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (e.StepAnswered("spo2_low", "wake", "done", "probe"), "Oxygen is low, step Probe: done."),
        (
            e.StepAnswered("spo2_low", "position", "loud voice", "wake"),
            "Oxygen is low, step Wake: Robin answers only to a loud voice.",
        ),
        (e.StepAnswered("spo2_low", "recheck", "chosen"), "Oxygen is low: turned to step Recheck."),
        (e.StepAnswered("happening distress", "comfort", "done", "say"), "Distress, panic, step Say: done."),
        (e.StepAnswered("happening distress", "say", "over", "say"), "Distress, panic: over."),
        (e.NoteAdded("asks for water"), "Note: Asks for water."),
        (e.PinRefused(1, 0), "Wrong PIN. 1 try left."),
        (e.RunResumed(17.0, False), "The session is taken up again. Nothing was recorded for 17 s."),
        (e.AlarmCleared("monitoring_restarted", "recovered"), "Monitoring goes on."),
        (e.CheckAnswered("sitter_phone", "yes", True), "Sam's phone is on and charged."),
        (e.ResponseRecorded("touch"), "Robin wakes only when touched."),
        (e.PhaseMarked("peak", "Peak", planned=True), "Phase: Peak."),
        (e.PhaseMarked("peak", "Peak"), "Phase: Peak, marked by Sam."),
        (e.PaneOpened("held key"), "The sitter's pane was opened without the PIN, by holding the key."),
        (e.CheckAnswered("comfort", "hand only", True), "Robin agreed to a hand only."),
        (e.CheckAnswered("probe", "left", True), "The probe is on Robin's left hand."),
        (e.CheckAnswered("cuff", "no", False), "The cuff does not work."),
    ],
)
def test_what_was_answered_is_told_and_not_what_comes_next(event: e.Event, words: str) -> None:
    assert sentence(event, NAMES) == words
