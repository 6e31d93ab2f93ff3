"""Undo within ten seconds, a corrected time later, a skipped and a repeated pressure, hand-over, up with help."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.correction import can_be_undone
from kiosk.session.decision import Refused, Why, decide
from kiosk.session.events import Severity
from kiosk.session.schedule import look_in_state, next_window, windows
from kiosk.session.state import State
from tests.unit.kiosk.evening import MIN, PLAN, Evening, with_checks

DOSE_S = 120.0
ONE_KEY: list[c.Command] = [
    c.AddNote("hand moved"),
    c.LookIn(),
    c.MarkPhase("peak"),
    c.RecordResponse("loud voice"),
    c.RecordBreaths(6, 30),
    c.TapHappening("vomiting"),
    c.HelpUp(on=True),
]


def shown(state: State) -> tuple[Any, ...]:
    """What acts alone decide."""
    notes = tuple(n.text for n in state.notes if not n.withdrawn)
    open_ = state.happening.kind if state.happening else ""
    return state.dose, state.phases, state.looked_in_s, state.response, state.breaths, notes, open_, state.skipped_min


# --- undo -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ONE_KEY, ids=lambda command: type(command).__name__)
def test_every_one_key_act_can_be_taken_back_within_ten_seconds(command: c.Command) -> None:
    evening = Evening().begun().at(600)
    before = shown(evening.state), evening.state.help_up_until_s
    seq = evening.must(command)
    assert (shown(evening.state), evening.state.help_up_until_s) != before
    evening.at(610).must(c.Undo(seq))
    assert (shown(evening.state), evening.state.help_up_until_s) == before


@pytest.mark.parametrize("command", ONE_KEY, ids=lambda command: type(command).__name__)
def test_after_ten_seconds_it_is_too_late(command: c.Command) -> None:
    evening = Evening().begun().at(600)
    seq = evening.must(command)
    assert evening.at(610.5).do(c.Undo(seq)) == Refused(Why.TOO_LATE_TO_UNDO)
    assert can_be_undone(evening.state.acts, evening.now_s) is None


def test_an_act_is_taken_back_once_and_stays_in_the_record() -> None:
    evening = Evening().begun().at(600)
    seq = evening.must(c.LookIn())
    evening.must(c.Undo(seq))
    assert evening.do(c.Undo(seq)) == Refused(Why.NO_SUCH_ACT)
    assert e.LookedIn() in evening.events
    assert evening.story[-1] == f"Taken back at once: the look (row {seq})."


def test_a_dose_taken_back_takes_the_phases_of_the_clock_with_it() -> None:
    evening = Evening()
    evening.answer_all()
    evening.at(60).must(c.StartSession())
    evening.must(c.MarkDose())
    assert [p.key for p in evening.state.phases] == ["onset"]
    assert evening.state.dose is not None
    evening.at(65).must(c.Undo(evening.state.dose.seq))
    assert (evening.state.dose, evening.state.phases) == (None, ())
    evening.at(90).must(c.MarkDose())
    assert [p.t_s for p in evening.state.phases] == [90]


def test_a_second_dose_is_refused() -> None:
    assert Evening().begun().do(c.MarkDose()) == Refused(Why.SECOND_DOSE)


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_corrected_dose_moves_windows_and_phases() -> None:
    evening = Evening().begun().at(DOSE_S + 20 * MIN)
    assert [(p.key, p.t_s) for p in evening.state.phases] == [("onset", 120), ("peak", DOSE_S + 20 * MIN)]
    assert evening.state.dose is not None
    earlier = evening.base_ns + round((DOSE_S - 60) * 1e9)
    evening.must(c.Correct(evening.state.dose.seq, earlier, "Typed too late."))
    assert evening.state.dose.t_s == DOSE_S - 60
    assert [(p.key, p.t_s) for p in evening.state.phases] == [("onset", 60), ("peak", DOSE_S + 19 * MIN)]
    assert windows(PLAN, evening.state, [], evening.now_s)[0].at_s == DOSE_S - 60 + 15 * MIN


def test_a_dose_that_was_later_takes_back_a_phase_that_is_still_to_come() -> None:
    evening = Evening().begun().at(DOSE_S + 15 * MIN)
    assert evening.state.phases[-1].key == "peak"
    assert evening.state.dose is not None
    evening.must(c.Correct(evening.state.dose.seq, evening.base_ns + round((DOSE_S + 300) * 1e9), "It was later."))
    assert [p.key for p in evening.state.phases] == ["onset"]
    evening.at(DOSE_S + 20 * MIN)
    assert [p.key for p in evening.state.phases] == ["onset", "peak"]


def test_what_the_sitter_marked_does_not_move_with_the_dose() -> None:
    evening = Evening().begun()
    evening.at(400).must(c.MarkPhase("peak"))
    assert evening.state.dose is not None
    evening.must(c.Correct(evening.state.dose.seq, evening.base_ns + 90 * 10**9, "Half a minute earlier."))
    assert [(p.key, p.t_s) for p in evening.state.phases] == [("onset", 90), ("peak", 400)]


def test_a_correction_takes_a_reason_and_a_time_that_can_be() -> None:
    evening = Evening().begun().at(600)
    seq = evening.must(c.LookIn())
    at_ns = evening.base_ns + 500 * 10**9
    assert evening.do(c.Correct(seq, at_ns, " ")) == Refused(Why.EMPTY, "reason")
    assert evening.do(c.Correct(seq, at_ns + 10**12, "why not")) == Refused(Why.IN_THE_FUTURE, "time")
    assert evening.do(c.Correct(9999, at_ns, "why not")) == Refused(Why.NO_SUCH_ACT)
    evening.must(c.Correct(seq, at_ns, "Entered late."))
    assert evening.state.looked_in_s == 500
    assert evening.story[-1].startswith(f"Corrected: the look (row {seq}) was at 20:08:")


_ACTS = st.sampled_from(["dose", "look", "phase", "note", "response", "happening", "wait", "undo", "correct"])


@given(acts=st.lists(st.tuples(_ACTS, st.integers(0, 900)), max_size=40))
def test_undoing_everything_leaves_what_was_before_and_folding_anew_gives_the_same(acts: list[tuple[str, int]]) -> None:
    evening = Evening()
    evening.answer_all()
    evening.at(60).must(c.StartSession())
    commands: dict[str, c.Command] = {
        "dose": c.MarkDose(),
        "look": c.LookIn(),
        "phase": c.MarkPhase("return"),
        "note": c.AddNote("x"),
        "response": c.RecordResponse("touch"),
        "happening": c.TapHappening("distress"),
    }
    for act, number in acts:
        if act == "wait":
            evening.at(evening.now_s + number)
        elif act == "undo":
            before = shown(evening.state)
            seq = evening.must(c.LookIn())
            evening.must(c.Undo(seq))
            assert shown(evening.state) == before
        elif act == "correct" and evening.state.acts:
            found = evening.state.acts[number % len(evening.state.acts)]
            evening.do(c.Correct(found.seq, evening.now.utc_ns - number * 10**9, "another time"))
        elif act in commands:
            evening.do(commands[act])
        if evening.state.dose is not None:
            marked = [a for a in evening.state.acts if isinstance(a.event, e.DoseMarked) and not a.withdrawn]
            assert len(marked) == 1
        assert all(p.t_s <= evening.now_s for p in evening.state.phases)


# --- pressures of the plan --------------------------------------------------------------------------------------------


def test_a_pressure_is_skipped_only_while_it_is_due_and_with_a_reason() -> None:
    evening = Evening().begun()
    assert evening.do(c.SkipPressure("asleep")) == Refused(Why.NOTHING_DUE)
    evening.at(DOSE_S + 12 * MIN)
    assert evening.do(c.SkipPressure(" ")) == Refused(Why.EMPTY, "reason")
    seq = evening.must(c.SkipPressure("deeply asleep"))
    assert windows(PLAN, evening.state, [], evening.now_s)[0].state == "skipped"
    following = next_window(PLAN, evening.state, [], evening.now_s)
    assert following is not None
    assert following.at_min == 40
    evening.must(c.Undo(seq))
    assert windows(PLAN, evening.state, [], evening.now_s)[0].state == "due"


def test_a_high_pressure_is_measured_again_after_five_minutes() -> None:
    evening = Evening().begun().at(DOSE_S + 15 * MIN)
    taken = evening.measure(165, 95)
    again = next_window(PLAN, evening.state, evening.pressures, evening.now_s)
    assert again is not None
    assert (again.again, again.at_s, again.state) == (True, taken.t_s + 300, "later")
    late = next_window(PLAN, evening.state, evening.pressures, taken.t_s + 421)
    assert late is not None
    assert late.state == "late"
    evening.at(taken.t_s + 310).measure(150, 90)
    following = next_window(PLAN, evening.state, evening.pressures, evening.now_s)
    assert following is not None
    assert not following.again


# --- looks, help, hand-over -------------------------------------------------------------------------------------------


def test_a_look_is_due_every_fifteen_minutes_and_counts_how_long_it_waits() -> None:
    evening = Evening().begun()
    look = look_in_state(PLAN, evening.state, DOSE_S + 15 * MIN - 1)
    assert (look.state, look.unanswered_s) == ("later", 0)
    assert look_in_state(PLAN, evening.state, DOSE_S + 17 * MIN).unanswered_s == 120
    evening.at(DOSE_S + 17 * MIN).must(c.RecordResponse("normal voice"))  # who asks, looks
    assert look_in_state(PLAN, evening.state, evening.now_s).due_s == DOSE_S + 32 * MIN
    assert look_in_state(PLAN, State(), 10).state == "none"


def test_up_with_help_ends_after_ten_minutes_at_most() -> None:
    evening = Evening().begun().at(600)
    evening.must(c.HelpUp(on=True))
    assert evening.state.help_up_until_s == 1200
    assert evening.do(c.HelpUp(on=True)) == Refused(Why.ALREADY_SO)
    evening.at(1199)
    assert evening.state.help_up_until_s == 1200
    evening.at(1200)
    assert evening.events[-1] == e.HelpUpEnded("time")
    assert evening.do(c.HelpUp(on=False)) == Refused(Why.ALREADY_SO)


def test_up_with_help_ends_when_a_lost_signal_is_back_for_some_seconds() -> None:
    evening = Evening().begun().at(600)
    evening.back_s = 500.0  # an older return is none
    evening.must(c.HelpUp(on=True))
    assert evening.at(620).state.help_up_until_s is not None
    evening.back_s = 700.0
    assert evening.at(704).state.help_up_until_s is not None
    assert evening.at(705).state.help_up_until_s is None
    assert evening.events[-1] == e.HelpUpEnded("signal")


def test_a_hand_over_needs_a_name_and_all_four_confirmations() -> None:
    evening = Evening().begun().at(600)
    four = ("present", "sober", "briefed", "sound")
    evening.must(c.BeginHandOver())
    evening.take(e.SoundTested(3, "sitter", 70, False))
    assert evening.do(c.HandOver(" ", four)) == Refused(Why.NAME_MISSING, "name")
    for left in four:
        given = tuple(word for word in four if word != left)
        assert evening.do(c.HandOver("Jo", given)) == Refused(Why.NOT_CONFIRMED, what=(left,))
    evening.must(c.HandOver("Jo", four))
    assert evening.state.sitter_name == "Jo"
    assert evening.events[-1] == e.SitterChanged("Jo", "Sam", four)


FOUR = ("present", "sober", "briefed", "sound")
UNHEARD = Refused(Why.NOT_TESTED, "tone")


def test_the_new_sitter_must_have_heard_a_tone_after_the_hand_over_began() -> None:
    evening = Evening().begun().at(600)
    evening.take(e.SoundTested(3, "sitter", 70, False))  # heard by the sitter before
    assert evening.do(c.HandOver("Jo", FOUR)) == UNHEARD
    evening.at(610).must(c.BeginHandOver())
    assert evening.do(c.HandOver("Jo", FOUR)) == UNHEARD
    evening.take(e.SoundTested(3, "sitter", 0, True))
    assert evening.do(c.HandOver("Jo", FOUR)) == UNHEARD
    evening.take(e.SoundTested(1, "sitter", 70, False))
    evening.must(c.HandOver("Jo", FOUR))
    assert evening.do(c.HandOver("Kim", FOUR)) == UNHEARD  # the next one hears it again


def test_a_tone_heard_by_somebody_who_left_the_form_long_ago_does_not_count() -> None:
    evening = Evening().begun().at(600)
    evening.must(c.BeginHandOver())
    evening.take(e.SoundTested(3, "sitter", 70, False))
    evening.at(900)
    assert evening.do(c.BeginHandOver()) == []  # the same hand-over, looked into again
    assert evening.decide(c.HandOver("Jo", FOUR)) != UNHEARD
    evening.at(1201)
    assert evening.do(c.BeginHandOver()) == [e.HandOverBegan()]
    assert evening.do(c.HandOver("Jo", FOUR)) == UNHEARD


def test_a_new_sitter_who_heard_no_tone_answers_for_it_with_a_reason() -> None:
    evening = Evening().begun().at(600)
    evening.must(c.BeginHandOver())
    short = c.HandOver("Jo", FOUR[:3], "no time")
    assert evening.do(short) == Refused(Why.REASON_TOO_SHORT, "reason")
    never = Evening(with_checks(PLAN, never_override=("sound",))).begun().at(600)
    told = c.HandOver("Jo", FOUR[:3], "I sat here all evening.")
    assert never.do(told) == Refused(Why.MAY_NOT_OVERRIDE, what=("sound",))
    named = Evening(with_checks(PLAN, override_by=("Sam",))).begun().at(600)
    assert named.do(told) == Refused(Why.MAY_NOT_OVERRIDE, "by", ("Sam",))
    evening.must(told)
    assert evening.events[-2:] == [
        e.CheckOverridden("sound", "I sat here all evening.", "Jo"),
        e.SitterChanged("Jo", "Sam", ("present", "sober", "briefed")),
    ]


def test_a_run_without_tones_asks_a_new_sitter_for_none() -> None:
    evening = Evening().begun().at(600)
    silent = msgspec.structs.replace(evening.bedside, has_sound=False)
    said = decide(evening.state, c.HandOver("Jo", FOUR), evening.now, {}, silent)
    assert said == [e.SitterChanged("Jo", "Sam", FOUR)]


def test_an_alarm_is_no_act() -> None:
    evening = Evening().begun().at(600)
    seq = evening.take(e.AlarmRaised("spo2_low", Severity.HIGH))
    assert evening.do(c.Undo(seq)) == Refused(Why.NO_SUCH_ACT)
    assert evening.do(c.Correct(seq, evening.now.utc_ns, "no")) == Refused(Why.NO_SUCH_ACT)
    assert evening.do(c.TypePressure(Decimal(128), Decimal(80))) is not None
