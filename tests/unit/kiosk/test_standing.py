"""Standing up: not before the plan's minimum, one rung after the other, ready and released apart."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.decision import Refused, Why
from kiosk.session.events import Severity
from kiosk.session.standing import criteria
from tests.unit.kiosk.evening import MIN, PLAN, Evening

DOSE_S = 120.0
OVER_S = DOSE_S + 120 * MIN


def at_the_minimum() -> Evening:
    """Two hours after the dose: answers, all values near those before."""
    evening = Evening().begun()
    evening.at(OVER_S - 60).measure(127, 80)
    evening.must(c.RecordResponse("normal voice"))
    return evening.at(OVER_S)


def climbed() -> Evening:
    """Sat, stood and walked, each for its two minutes."""
    evening = at_the_minimum()
    evening.must(c.BeginStanding())
    for step in ("sit", "stand", "walk"):
        evening.at(evening.now_s + 120).must(c.AnswerStand(step, "steady"))  # type: ignore[arg-type]
    return evening


def test_nobody_stands_up_before_the_plans_minimum() -> None:
    evening = Evening().begun()
    assert evening.at(OVER_S - 1).do(c.BeginStanding()) == Refused(Why.BEFORE_MINIMUM)
    assert evening.at(OVER_S).do(c.BeginStanding()) == [e.StandingBegan()]
    assert evening.do(c.BeginStanding()) == Refused(Why.ALREADY_SO)


def test_a_plan_without_a_minimum_lets_nobody_stand_up() -> None:
    release = msgspec.structs.replace(PLAN.release, minimum_min=None)
    evening = Evening(msgspec.structs.replace(PLAN, release=release)).begun()
    assert evening.at(OVER_S).do(c.BeginStanding()) == Refused(Why.NO_MINIMUM)


def test_a_corrected_dose_moves_the_minimum() -> None:
    evening = Evening().begun()
    assert evening.state.dose is not None
    evening.at(300).must(c.Correct(evening.state.dose.seq, evening.base_ns + 60 * 10**9, "It was a minute earlier."))
    assert evening.at(OVER_S - 61).do(c.BeginStanding()) == Refused(Why.BEFORE_MINIMUM)
    assert evening.at(OVER_S - 60).do(c.BeginStanding()) == [e.StandingBegan()]


def test_steady_waits_for_the_minutes_on_the_rung_and_dizzy_does_not() -> None:
    evening = at_the_minimum()
    evening.must(c.BeginStanding())
    assert evening.at(OVER_S + 119).do(c.AnswerStand("sit", "steady")) == Refused(Why.TOO_EARLY)
    evening.at(OVER_S + 120).must(c.AnswerStand("sit", "steady"))
    assert evening.do(c.AnswerStand("sit", "steady")) == Refused(Why.OTHER_STEP)
    evening.must(c.AnswerStand("stand", "dizzy"))
    assert (evening.state.ladder.step, evening.state.ladder.steady) == ("sit", ())
    assert evening.do(c.AnswerStand("sit", "steady")) == Refused(Why.TOO_EARLY)  # its minutes count anew


@pytest.mark.parametrize(
    ("climb", "answer", "step"),
    [
        ((), ("sit", "dizzy"), ""),
        (("sit",), ("stand", "dizzy"), "sit"),
        (("sit", "stand"), ("walk", "dizzy"), "stand"),
        (("sit", "stand"), ("walk", "back to bed"), ""),
        (("sit", "stand", "walk"), ("walk", "back to bed"), ""),
    ],
)
def test_dizzy_goes_one_step_down_and_below_sitting_is_the_bed(
    climb: tuple[str, ...], answer: tuple[str, str], step: str
) -> None:
    evening = at_the_minimum()
    evening.must(c.BeginStanding())
    for rung in climb:
        evening.at(evening.now_s + 120).must(c.AnswerStand(rung, "steady"))  # type: ignore[arg-type]
    evening.must(c.AnswerStand(*answer))  # type: ignore[arg-type]
    assert evening.state.ladder.step == step
    assert not evening.state.ladder.is_steady


def test_ready_and_released_are_two_times_after_all_rungs() -> None:
    early = at_the_minimum()
    assert early.do(c.MarkReady()) == Refused(Why.NOT_STEADY)
    assert early.do(c.Release()) == Refused(Why.NOT_STEADY)
    evening = climbed()
    assert evening.do(c.Release()) == Refused(Why.NOT_READY)
    evening.must(c.MarkReady())
    ready = evening.now.utc_ns
    evening.at(evening.now_s + 600).must(c.Release())
    ladder = evening.state.ladder
    assert (ladder.ready_utc_ns, ladder.released_utc_ns) == (ready, ready + 600 * 10**9)
    assert evening.events[-1] == e.Released("Sam")
    assert evening.do(c.EndSession("released")) == [e.SessionEnded("released")]


def test_without_a_device_a_number_typed_lately_is_compared_and_a_live_one_goes_before_it() -> None:
    evening = climbed()
    evening.spo2 = evening.pulse = None
    assert failed(evening) == ("spo2", "pulse")
    evening.typed = {"spo2": (Decimal(96), evening.now_s), "pulse": (Decimal(72), evening.now_s)}
    assert failed(evening) == ()
    evening.pulse = Decimal(99)
    assert failed(evening) == ("pulse",)
    evening.pulse = None
    evening.at(evening.now_s + 11 * MIN)
    evening.must(c.RecordResponse("normal voice"))
    assert failed(evening) == ("spo2", "pulse"), "ten minutes is how new an answer must be"


def test_an_end_without_release_is_never_called_a_release() -> None:
    assert Evening().begun().do(c.EndSession()) == [e.SessionEnded("stopped before release")]
    assert Evening().begun().do(c.EndSession("stopped")) == [e.SessionEnded("stopped")]


def failed(evening: Evening) -> tuple[str, ...]:
    said = evening.decide(c.MarkReady())
    return said.what if isinstance(said, Refused) else ()


def test_every_criterion_alone_holds_back_ready() -> None:
    evening = climbed()
    assert failed(evening) == ()
    evening.spo2 = None  # no live value is not a good value
    assert failed(evening) == ("spo2",)
    evening.spo2, evening.pulse = Decimal(97), Decimal(85)
    assert failed(evening) == ("pulse",)
    evening.pulse = Decimal(84)  # 20 % above 70: still within
    assert failed(evening) == ()
    evening.measure(160, 80)
    assert failed(evening) == ("pressure",)
    evening.measure(126, 80)
    evening.must(c.RecordResponse("loud voice"))
    assert failed(evening) == ("answers",)
    evening.must(c.RecordResponse("normal voice"))
    evening.take(e.AlarmRaised("no_signal", Severity.MEDIUM))
    assert failed(evening) == ("alarms",)
    evening.take(e.AlarmCleared("no_signal"))
    evening.at(evening.now_s + 601)
    assert failed(evening) == ("answers",)  # an answer of ten minutes ago says nothing of now


def test_an_old_pressure_is_no_pressure_of_now() -> None:
    evening = climbed()
    evening.at(evening.now_s + 31 * MIN).must(c.RecordResponse("normal voice"))
    assert failed(evening) == ("pressure",)


def test_without_a_baseline_nothing_is_compared_and_that_is_said() -> None:
    evening = Evening()
    evening.answer_all("baseline", "pressures")
    evening.must(c.OverrideCheck("baseline", "The oximeter arrived late.", "Sam"))
    evening.at(60).must(c.StartSession())
    by_key = {k.key: k.ok for k in criteria(evening.state, evening.bedside)}
    assert (by_key["spo2"], by_key["pulse"], by_key["pressure"]) == (None, None, None)
