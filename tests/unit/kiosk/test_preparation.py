"""The preparation: what passes, what holds the start, and that no answer is invented."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.check import ALL, GROUPS, KEYS, TONES, checks
from kiosk.session.decision import Ask, Refused, Typed, Why
from kiosk.session.plan import Confirmed, Devices, DeviceUse, Plan
from kiosk.session.preparation import checks_of, gap_h, missing, status
from kiosk.session.prepared import LEVELS
from tests.unit.kiosk.evening import BASE_NS, PLAN, Evening, with_checks

HOUR_NS = 3600 * 10**9
CONFIRMED = msgspec.structs.replace(PLAN, confirmed=Confirmed("Dr. Okafor", PLAN.limits.set_on, "prescriber"))  # type: ignore[arg-type]


def using(oximeter: str, cuff: str) -> Plan:
    devices = Devices(DeviceUse(oximeter), DeviceUse(cuff))  # type: ignore[arg-type]
    return msgspec.structs.replace(PLAN, devices=devices)


def stands(evening: Evening, key: str) -> str:
    found = next(k for k in checks(evening.plan, "demo") if k.key == key)
    return status(found, evening.state, evening.plan)


def answered(evening: Evening, key: str) -> Any:
    return evening.state.prepared.answers[key]


# --- which checks there are -------------------------------------------------------------------------------------------


def test_checks_come_group_by_group_and_each_key_is_there_once() -> None:
    groups = [check.group for check in ALL]
    assert groups == sorted(groups, key=GROUPS.index)
    assert len(set(KEYS)) == len(KEYS)


def test_an_unused_device_drops_its_checks_and_a_wanted_one_makes_them_optional() -> None:
    dropped = {k.key for k in checks(using("unused", "unused"), "patient")}
    assert dropped.isdisjoint({"probe", "same_number", "baseline", "cuff", "pressures"})
    wanted = {k.key: k.required for k in checks(using("wanted", "required"), "patient")}
    assert (wanted["probe"], wanted["baseline"], wanted["cuff"], wanted["pressures"]) == (False, False, True, True)


def test_a_check_that_the_plan_calls_optional_does_not_hold_the_start() -> None:
    evening = Evening(with_checks(PLAN, optional=("music",)))
    evening.answer_all("music")
    assert evening.do(c.StartSession()) == [e.SessionStarted()]


def test_without_a_tone_child_there_is_no_sound_test() -> None:
    assert "sound" not in {k.key for k in checks(PLAN, "patient", has_sound=False)}


# --- the start --------------------------------------------------------------------------------------------------------


def test_the_start_is_held_until_every_required_check_is_passed() -> None:
    evening = Evening()
    said = evening.decide(c.StartSession())
    assert isinstance(said, Refused)
    assert said.why is Why.CHECKS_MISSING
    assert said.what == missing(evening.state, evening.bedside)
    assert {"person", "solids", "sound", "baseline"} <= set(said.what)
    evening.answer_all("card_read")
    assert evening.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("card_read",))
    evening.must(c.AnswerCheck("card_read", "yes"))
    assert evening.do(c.StartSession()) == [e.SessionStarted()]


def test_a_failed_check_holds_the_start_until_it_is_answered_again() -> None:
    evening = Evening().answer_all()
    evening.must(c.AnswerCheck("person", "no"))
    assert evening.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("person",))
    evening.must(c.AnswerCheck("person", "yes"))
    assert evening.decide(c.StartSession()) == [e.SessionStarted()]


def test_a_plain_restart_starts_without_waiting_for_any_check() -> None:
    evening = Evening()
    evening.take(e.RunAnchored("boot", 0, 1, plain=True))
    assert evening.decide(c.StartSession()) == [e.SessionStarted()]


def test_in_a_patients_session_an_unconfirmed_plan_is_a_held_check() -> None:
    unconfirmed = Evening(kind="patient").answer_all()
    assert unconfirmed.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("plan_confirmed",))
    unconfirmed.must(c.OverrideCheck("plan_confirmed", "Dr. Okafor agreed on the phone.", "Sam"))
    assert unconfirmed.decide(c.StartSession()) == [e.SessionStarted()]
    assert Evening(CONFIRMED, kind="patient").answer_all().decide(c.StartSession()) == [e.SessionStarted()]
    assert Evening(kind="demo").answer_all().decide(c.StartSession()) == [e.SessionStarted()]


def test_a_session_closer_than_the_plans_gap_is_a_held_check() -> None:
    close = Evening(CONFIRMED, kind="patient", last_end_utc_ns=BASE_NS - 5 * HOUR_NS).answer_all()
    assert gap_h(close.state) == 5
    assert close.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("gap",))
    far = Evening(CONFIRMED, kind="patient", last_end_utc_ns=BASE_NS - 21 * HOUR_NS).answer_all()
    assert far.decide(c.StartSession()) == [e.SessionStarted()]


def test_a_record_that_is_locked_says_nothing_of_the_last_session_so_the_start_is_held() -> None:
    locked = Evening(CONFIRMED, kind="patient")
    assert locked.state.opened
    locked.state = msgspec.structs.replace(
        locked.state, opened=msgspec.structs.replace(locked.state.opened, record_locked=True)
    )
    assert locked.answer_all().decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("gap",))
    locked.must(c.OverrideCheck("gap", "Dr. Okafor knows of none since May.", "Sam"))
    assert locked.decide(c.StartSession()) == [e.SessionStarted()]


# --- answers ----------------------------------------------------------------------------------------------------------


def test_every_answer_is_an_event_whether_it_passes_or_not() -> None:
    evening = Evening()
    assert evening.do(c.AnswerCheck("no_water", "no")) == [e.CheckAnswered("no_water", "no", False)]
    assert evening.do(c.AnswerCheck("no_water", "yes")) == [e.CheckAnswered("no_water", "yes", True)]
    assert evening.do(c.AnswerCheck("no_water", "perhaps")) == Refused(Why.NO_SUCH_ANSWER, what=("no_water",))
    assert evening.do(c.AnswerCheck("no_fire", "yes")) == Refused(Why.NO_SUCH_CHECK, what=("no_fire",))


@pytest.mark.parametrize(
    ("key", "time", "passed", "hours"),
    [
        ("solids", "13:59", True, "6.0"),
        ("solids", "14:01", False, "6.0"),
        ("clear_liquids", "18:00", True, "2.0"),
        ("clear_liquids", "18:01", False, "2.0"),
        ("solids", "22:30", True, "21.5"),  # yesterday's
    ],
)
def test_fasting_is_counted_from_the_time_of_day(key: str, time: str, passed: bool, hours: str) -> None:
    evening = Evening()
    field = "last_solids" if key == "solids" else "last_liquids"
    evening.must(c.AnswerCheck(key, "time", {field: time}))
    assert (answered(evening, key).passed, answered(evening, key).data["hours"]) == (passed, hours)


@pytest.mark.parametrize(("time", "why"), [("", Why.EMPTY), ("25:00", Why.IMPOSSIBLE), ("20:30", Why.IN_THE_FUTURE)])
def test_a_time_that_cannot_be_is_refused(time: str, why: Why) -> None:
    said = Evening().decide(c.AnswerCheck("solids", "time", {"last_solids": time}))
    assert said == Refused(why, "time")


def test_the_sitter_gives_a_name() -> None:
    evening = Evening()
    assert evening.do(c.AnswerCheck("sitter", "yes", {"name": " "})) == Refused(Why.NAME_MISSING, "name")
    evening.must(c.AnswerCheck("sitter", "yes", {"name": "Alex Rivera"}))
    assert evening.state.sitter_name == "Alex Rivera"


def test_the_same_number_needs_a_live_number() -> None:
    evening = Evening()
    evening.spo2 = None
    assert evening.do(c.AnswerCheck("same_number", "yes")) == Refused(Why.NOT_MEASURED, "spo2")
    evening.spo2 = Decimal(97)
    evening.must(c.AnswerCheck("same_number", "yes"))
    assert answered(evening, "same_number").data == {"spo2": "97"}


def test_which_arms_are_used_is_known_and_whether_it_is_the_same() -> None:
    evening = Evening()
    evening.must(c.AnswerCheck("probe", "left"))
    assert evening.state.prepared.same_arm is None
    evening.must(c.AnswerCheck("cuff", "right"))
    assert evening.state.prepared.same_arm is False
    evening.must(c.AnswerCheck("cuff", "left"))
    assert evening.state.prepared.same_arm is True


# --- sound ------------------------------------------------------------------------------------------------------------


def test_the_sound_test_passes_only_when_each_tone_was_played_and_heard() -> None:
    evening = Evening()
    for tone in TONES:
        assert stands(evening, "sound") == "todo"
        said = evening.decide(c.AnswerCheck("sound", "heard", {"tone": tone}))
        assert said == Refused(Why.NOT_TESTED, "tone", (tone,))
        evening.hear(tone)
    assert stands(evening, "sound") == "passed"
    assert answered(evening, "sound").data == dict.fromkeys(TONES, "70 %")


@pytest.mark.parametrize("test", [e.SoundTested(3, "sitter", 0, True), e.SoundTested(3, "x", None, None, "too quiet")])
def test_a_tone_that_is_muted_or_too_quiet_cannot_be_called_heard(test: e.SoundTested) -> None:
    evening = Evening()
    evening.take(test)
    assert evening.do(c.AnswerCheck("sound", "heard", {"tone": "high"})) == Refused(Why.NOT_TESTED, "tone", ("high",))


def test_a_tone_that_the_sitter_does_not_hear_fails_the_check_whatever_the_server_says() -> None:
    evening = Evening()
    evening.take(e.SoundTested(LEVELS["low"], "sitter", 90, False))
    evening.must(c.AnswerCheck("sound", "not heard", {"tone": "low"}))
    assert stands(evening, "sound") == "failed"


# --- baseline ---------------------------------------------------------------------------------------------------------


def test_the_baseline_is_what_is_live_at_the_press() -> None:
    evening = Evening()
    evening.pulse = None
    assert evening.do(c.AnswerCheck("baseline", "take")) == Refused(Why.NOT_MEASURED, "pulse")
    evening.pulse = Decimal(68)
    evening.must(c.AnswerCheck("baseline", "take"))
    assert answered(evening, "baseline").data == {"spo2": "97", "pulse": "68"}


def test_a_typed_baseline_is_a_reading_too_and_is_asked_back_when_hardly_possible() -> None:
    evening = Evening()
    evening.spo2 = evening.pulse = None
    low = c.AnswerCheck("baseline", "typed", {"spo2": "64", "pulse": "70"})
    assert isinstance(evening.decide(low), Ask)
    said = evening.decide(msgspec.structs.replace(low, data={**low.data, "spo2": "96"}))
    assert isinstance(said, Typed)
    assert said.events == (e.CheckAnswered("baseline", "typed", True, {"spo2": "96", "pulse": "70"}),)
    assert evening.decide(c.AnswerCheck("baseline", "typed", {"spo2": "96"})) == Refused(Why.EMPTY, "spo2")


def test_a_baseline_beyond_the_plans_limits_holds_the_start_even_where_it_is_optional() -> None:
    evening = Evening(with_checks(PLAN, optional=("baseline",)))
    evening.answer_all()
    evening.spo2 = Decimal(88)
    evening.must(c.AnswerCheck("baseline", "take"))
    assert answered(evening, "baseline").data["beyond"] == "SpO2"
    assert evening.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("baseline",))


# --- two pressures ----------------------------------------------------------------------------------------------------


def test_two_pressures_arrive_by_themselves_and_the_second_is_another_reading() -> None:
    evening = Evening(with_checks(PLAN, pressures_apart_s=60.0))
    evening.at(10).measure(126, 78)
    assert (answered(evening, "pressures").answer, stands(evening, "pressures")) == ("first", "todo")
    evening.at(300)
    assert stands(evening, "pressures") == "todo"  # never made from the first
    evening.measure(124, 80)
    data = answered(evening, "pressures").data
    assert (data["first"], data["second"], stands(evening, "pressures")) == ("126/78", "124/80", "passed")


def test_a_second_pressure_too_soon_does_not_count() -> None:
    evening = Evening(with_checks(PLAN, pressures_apart_s=60.0))
    evening.at(10).measure(126, 78)
    evening.at(50).measure(124, 80)
    assert stands(evening, "pressures") == "todo"
    evening.at(75).measure(122, 79)
    assert answered(evening, "pressures").data["second"] == "122/79"


def test_a_pressure_from_before_the_opening_never_counts() -> None:
    evening = Evening()
    evening.at(10)
    evening.must(c.TypePressure(Decimal(126), Decimal(78), utc_ns=BASE_NS - 60 * 10**9))
    assert "pressures" not in evening.state.prepared.answers
    evening.must(c.TypePressure(Decimal(126), Decimal(78)))
    assert answered(evening, "pressures").data["first_how"] == "typed"


@pytest.mark.parametrize(("systolic", "diastolic"), [(140, 70), (120, 90), (146, 92)])
def test_a_pressure_at_the_hold_limit_holds_the_start_until_it_is_measured_again(systolic: int, diastolic: int) -> None:
    evening = Evening().answer_all("pressures")
    evening.at(10).measure(systolic, diastolic)
    assert evening.events[-1] == e.HoldBegan("pressures", 300, f"{systolic}/{diastolic}")
    assert evening.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("pressures",))
    evening.at(200).measure(120, 75)  # the countdown still runs
    assert stands(evening, "pressures") == "failed"
    evening.at(311).measure(128, 79)
    evening.at(372).measure(127, 80)
    assert stands(evening, "pressures") == "passed"
    assert evening.state.prepared.holds == {}
    evening.must(c.AnswerCheck("same_pressure", "yes"))
    assert evening.decide(c.StartSession()) == [e.SessionStarted()]


def test_a_cuff_error_does_not_end_a_hold() -> None:
    evening = Evening()
    evening.at(10).measure(146, 92)
    evening.at(20).must(c.AnswerCheck("pressures", "no"))
    evening.at(30).measure(120, 75)
    assert "pressures" in evening.state.prepared.holds
    assert stands(evening, "pressures") == "failed"


def test_a_typing_mistake_that_is_corrected_takes_its_hold_with_it() -> None:
    evening = Evening()
    evening.at(10).must(c.TypePressure(Decimal(162), Decimal(78)))
    wrong = evening.pressures[-1].seq
    assert stands(evening, "pressures") == "failed"
    evening.at(15).must(c.TypePressure(Decimal(126), Decimal(78), corrects=wrong))
    assert evening.state.prepared.holds == {}
    assert answered(evening, "pressures").data["first"] == "126/78"


def test_what_the_cuff_sent_is_compared_with_its_display() -> None:
    devices = msgspec.structs.replace(PLAN.devices, cuff=DeviceUse("required"))
    evening = Evening(msgspec.structs.replace(PLAN, devices=devices)).answer_all("pressures")
    same = c.AnswerCheck("same_pressure", "yes")
    assert evening.decide(same) == Refused(Why.NOTHING_SENT)
    evening.at(10).measure(126, 78)
    evening.at(75).measure(124, 80)
    assert evening.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("same_pressure",))
    evening.must(c.AnswerCheck("same_pressure", "no"))
    assert stands(evening, "same_pressure") == "failed"
    assert evening.decide(c.StartSession()) == Refused(Why.CHECKS_MISSING, what=("same_pressure",))
    evening.must(same)
    assert answered(evening, "same_pressure").data == {"pressure": "124/80"}
    assert evening.decide(c.StartSession()) == [e.SessionStarted()]


def test_typed_pressures_need_no_comparison_with_the_cuff() -> None:
    evening = Evening().answer_all("pressures")
    evening.at(10).must(c.TypePressure(Decimal(126), Decimal(78)))
    evening.at(75).must(c.TypePressure(Decimal(124), Decimal(80)))
    assert evening.decide(c.StartSession()) == [e.SessionStarted()]


def test_without_a_cuff_or_with_the_pressures_taken_on_nothing_is_compared() -> None:
    evening = Evening()
    evening.must(c.OverrideCheck("pressures", "The cuff was left at home.", "Sam"))
    kept = [k.key for k in checks_of(evening.state, evening.bedside)]
    assert "same_pressure" not in kept
    devices = msgspec.structs.replace(PLAN.devices, cuff=DeviceUse("unused", "No cuff here"))
    none = Evening(msgspec.structs.replace(PLAN, devices=devices))
    assert "same_pressure" not in [k.key for k in checks_of(none.state, none.bedside)]


def test_no_hold_limit_in_the_plan_holds_nothing() -> None:
    evening = Evening(with_checks(PLAN, hold=None))
    evening.at(10).measure(180, 110)
    assert answered(evening, "pressures").answer == "first"


# --- overrides --------------------------------------------------------------------------------------------------------


def test_an_override_takes_a_reason_of_ten_characters_and_a_name() -> None:
    evening = Evening().answer_all()
    evening.must(c.AnswerCheck("no_water", "no"))
    assert evening.do(c.OverrideCheck("no_water", "too short", "Sam")) == Refused(Why.REASON_TOO_SHORT, "reason")
    assert evening.do(c.OverrideCheck("no_water", "The bath is locked.", " ")) == Refused(Why.NAME_MISSING, "by")
    evening.must(c.OverrideCheck("no_water", "The bath is locked.", "Sam"))
    assert stands(evening, "no_water") == "overridden"
    assert evening.decide(c.StartSession()) == [e.SessionStarted()]
    assert evening.decide(c.OverrideCheck("no_water", "The bath is locked.", "Sam")) == Refused(
        Why.NOTHING_TO_OVERRIDE, what=("no_water",)
    )


def test_an_answer_after_an_override_ends_it() -> None:
    evening = Evening().answer_all()
    evening.must(c.AnswerCheck("no_water", "no"))
    evening.must(c.OverrideCheck("no_water", "The bath is locked.", "Sam"))
    evening.must(c.AnswerCheck("no_water", "no"))
    assert stands(evening, "no_water") == "failed"


def test_the_plan_says_who_may_override_and_what_nobody_may() -> None:
    evening = Evening(with_checks(PLAN, override_by=("Dr. Okafor",), never_override=("person",)))
    for key in ("person", "bed"):
        evening.must(c.AnswerCheck(key, "no"))
    reason = "There is a good reason."
    assert evening.do(c.OverrideCheck("person", reason, "Dr. Okafor")) == Refused(
        Why.MAY_NOT_OVERRIDE, what=("person",)
    )
    assert evening.do(c.OverrideCheck("bed", reason, "Sam")) == Refused(Why.MAY_NOT_OVERRIDE, "by", ("Dr. Okafor",))
    evening.must(c.OverrideCheck("bed", reason, "dr. okafor"))


# --- whatever is answered ---------------------------------------------------------------------------------------------

_ANSWERS = sorted({*(a for k in ALL for a in (*k.passes, *k.fails)), "perhaps"})
_ACTS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from([*KEYS, "nothing"]), st.sampled_from(_ANSWERS)),
    st.tuples(st.just("override"), st.sampled_from(KEYS), st.sampled_from(["Because I say so.", "short", ""])),
    st.tuples(st.just("measure"), st.integers(100, 150), st.integers(60, 95)),
    st.tuples(st.just("wait"), st.integers(1, 400), st.just(0)),
    st.tuples(st.just("tone"), st.sampled_from([0, 1, 2, 3]), st.booleans()),
)


@given(acts=st.lists(_ACTS, max_size=60))
def test_the_session_never_starts_while_a_required_check_is_neither_passed_nor_overridden(acts: list[Any]) -> None:
    evening = Evening(kind="patient")
    typed = {"last_solids": "12:00", "last_liquids": "12:00", "name": "Sam", "spo2": "97", "pulse": "70"}
    for act, first, second in acts:
        if act == "answer":
            evening.do(c.AnswerCheck(first, second, typed))
        elif act == "override":
            evening.do(c.OverrideCheck(first, second, "Sam"))
        elif act == "measure":
            evening.measure(first, second)
        elif act == "wait":
            evening.at(evening.now_s + first)
        else:
            evening.take(e.SoundTested(first, "sitter", 70, second))
        prepared = evening.state.prepared
        allowed = evening.decide(c.StartSession()) == [e.SessionStarted()]
        good = {k for k, a in prepared.answers.items() if a.passed} | prepared.overrides.keys() | {"gap"}
        required = {k.key for k in checks(evening.plan, "patient") if k.required}
        held = "pressures" in prepared.holds and "pressures" not in good
        assert allowed == (required <= good and not held and _no_failed_measure(evening))


def _no_failed_measure(evening: Evening) -> bool:
    return all(stands(evening, key) != "failed" for key in ("baseline", "pressures"))
