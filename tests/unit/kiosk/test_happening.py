"""One-tap events: each has its words and guidance, calls for help where it must, and stays open until it is over."""

from __future__ import annotations

import re

import pytest

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.decision import Refused, Why
from kiosk.session.happening import KINDS, Happened, newest_open
from kiosk.text import Names
from kiosk.text.happening import WORDS, guidance, label, sentence
from kiosk.text.preparation import WORDS as CHECKS
from kiosk.text.standing import RUNGS
from tests.unit.kiosk.evening import Evening

NAMES = Names("Robin", "Sam")
KEYS = [kind.key for kind in KINDS]


def words_of(say: str) -> list[str]:
    return re.findall(r"[\w'’]+", say)


@pytest.mark.parametrize("kind", KEYS)
def test_each_has_guidance_of_seven_words_a_step_and_always_a_way_to_call(kind: str) -> None:
    steps = guidance(kind, NAMES)
    assert steps
    for step in steps:
        assert len(words_of(step.say)) <= 7, step.say
        assert "call" in [answer for _, _, answer, _ in step.answers]
        assert "over" in [answer for _, _, answer, _ in step.answers]
    assert label(kind)
    assert sentence(kind, NAMES).startswith("Robin")


def test_the_words_and_the_kinds_are_the_same_set_and_every_letter_is_its_own() -> None:
    assert set(WORDS) == set(KEYS)
    assert len({kind.letter for kind in KINDS}) == len(KINDS)


def test_instructions_of_checks_and_rungs_have_seven_words_too() -> None:
    for say in [*(w.say for w in CHECKS.values()), *(r.say for r in RUNGS.values())]:
        assert len(words_of(say.format(patient="Robin"))) <= 7, say


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS if kind.card])
def test_what_endangers_life_opens_the_emergency_card_with_the_same_tap(kind: str) -> None:
    assert Evening().begun().do(c.TapHappening(kind)) == [e.HappeningTapped(kind), e.EmergencyCardShown()]


def test_chest_pain_seizure_breathing_and_swelling_call_for_help() -> None:
    assert {k.key for k in KINDS if k.card} == {"chest pain", "seizure", "not breathing right", "rash"}


def test_an_unknown_one_is_refused() -> None:
    assert Evening().begun().do(c.TapHappening("alien")) == Refused(Why.NO_SUCH_HAPPENING)


def test_it_is_open_until_the_sitter_says_that_it_is_over() -> None:
    evening = Evening().begun().at(600)
    evening.must(c.TapHappening("vomiting"))
    happened = evening.state.happening
    assert happened is not None
    evening.take(e.StepAnswered(happened.script, "mouth", "done"))
    assert evening.state.happening is not None
    assert [a.step for a in evening.state.answers_to(happened.script)] == ["mouth"]
    evening.take(e.StepAnswered(happened.script, "stay", "over"))
    assert evening.state.happening is None
    evening.must(c.TapHappening("vomiting"))  # again: its guidance begins at the first step
    assert evening.state.answers_to(happened.script) == ()


def test_what_calls_for_help_is_shown_before_what_does_not() -> None:
    urgent, later = Happened("seizure", 1, 10, 0), Happened("vomiting", 2, 20, 0)
    assert newest_open((urgent, later)) is urgent
    assert newest_open((Happened("distress", 1, 10, 0), later)) is later
    assert newest_open(()) is None
