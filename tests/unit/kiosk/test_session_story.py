"""A whole session in plain words: what its log tells to somebody who was not there; and whatever people press."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import get_args

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from devices.reading import Stamp
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.check import ALL, TONES
from kiosk.session.decision import Refused, decide
from kiosk.session.happening import KINDS
from kiosk.session.schedule import Window, windows
from kiosk.session.state import Stage, State
from tests.unit.kiosk.evening import MIN, Evening

STORY = """\
Demonstration opened for Robin, with Sam. Planned: K swallowed. Limits not confirmed by a provider.
Robin's last clear liquid was at 19:05, 0.9 h ago. That is too recent.
OVERRIDDEN by Sam: No clear liquid. “A sip with the tablet. Dr. Okafor agreed.”
Sound test: the high tone was played on sitter, level 70 %.
Heard at the sitter's place: low, medium, call, high, mixer at 70 %.
Before the dose: SpO2 97, pulse 70.
Blood pressure before the dose is too high: 146/92.
The start is held for 5 min: 146/92.
First blood pressure before the dose: 128/79.
Second blood pressure before the dose: 126/80.
Sam started the session.
Robin took the dose at 20:10.
Phase: Onset.
Sam looked at Robin.
Taken back at once: the look (row {look}).
Corrected: the dose (row {dose}) was at 20:09: “The clock was read late.”
Phase: Peak.
Blood pressure at 15 min was skipped: “Deeply asleep.”
Robin is in distress.
Distress, panic: over.
Jo took over from Sam: present, sober, briefed, sound.
Robin is up with help. Probe alarms wait, 10 min at most.
Robin is back.
Robin answers to a normal voice.
Robin begins to get up.
Robin is steady: sitting.
Robin is dizzy: standing. One step down.
Robin is steady: sitting.
Robin is steady: standing.
Robin is steady: walking.
Robin is ready: every rule of the plan is met.
Jo released Robin.
The session ended: released."""


def test_the_log_of_a_whole_session_tells_its_story_in_order() -> None:
    evening, rows = whole_session()
    wanted = STORY.format(**rows).splitlines()
    told = iter(evening.story)
    missing = [line for line in wanted if line not in told]
    assert missing == [], "\n".join(evening.story)


def whole_session() -> tuple[Evening, dict[str, int]]:
    evening = Evening(kind="demo")
    evening.answer_all("clear_liquids", "pressures", "page_read")
    evening.must(c.AnswerCheck("clear_liquids", "time", {"last_liquids": "19:05"}))
    evening.must(c.OverrideCheck("clear_liquids", "A sip with the tablet. Dr. Okafor agreed.", "Sam"))
    evening.hear(*TONES)
    evening.must(c.AnswerCheck("baseline", "take"))
    evening.at(60).measure(146, 92)
    evening.at(370).measure(128, 79)
    evening.at(440).measure(126, 80)
    evening.must(c.AnswerCheck("page_read", "yes"))
    evening.at(10 * MIN).must(c.StartSession())
    evening.must(c.MarkDose())
    assert evening.state.dose is not None
    rows = {"dose": evening.state.dose.seq}
    rows["look"] = evening.at(11 * MIN).must(c.LookIn())
    evening.at(11 * MIN + 5).must(c.Undo(rows["look"]))
    evening.must(c.Correct(rows["dose"], evening.base_ns + 590 * 10**9, "The clock was read late."))
    evening.at(26 * MIN).must(c.SkipPressure("Deeply asleep."))
    evening.at(40 * MIN).must(c.TapHappening("distress"))
    assert evening.state.happening is not None
    evening.take(e.StepAnswered(evening.state.happening.script, "breathe", "over"))
    evening.at(50 * MIN).must(c.BeginHandOver())
    evening.take(e.SoundTested(3, "sitter", 70, False))
    evening.must(c.HandOver("Jo", ("present", "sober", "briefed", "sound")))
    evening.at(70 * MIN).must(c.HelpUp(on=True))
    evening.at(75 * MIN).must(c.HelpUp(on=False))
    evening.at(129 * MIN).measure(127, 80)
    evening.must(c.RecordResponse("normal voice"))
    evening.at(130 * MIN).must(c.BeginStanding())
    for step, outcome in (("sit", "steady"), ("stand", "dizzy"), ("sit", "steady"), ("stand", "steady")):
        evening.at(evening.now_s + 2 * MIN).must(c.AnswerStand(step, outcome))  # type: ignore[arg-type]
    evening.at(evening.now_s + 2 * MIN).must(c.AnswerStand("walk", "steady"))
    evening.must(c.RecordResponse("normal voice"))
    evening.must(c.MarkReady())
    evening.at(150 * MIN).must(c.Release())
    evening.must(c.EndSession("released"))
    return evening, rows


COUNTS: Counter[str] = Counter()
REACHED = ("prepared", "held", "overridden", "started", "dosed", "undone", "corrected", "skipped", "happening",
           "help up", "handed over", "standing", "dizzy", "ready", "released", "ended", "refused")  # fmt: skip
_NAMES = {
    e.HoldBegan: "held", e.CheckOverridden: "overridden", e.SessionStarted: "started", e.DoseMarked: "dosed",
    e.EventWithdrawn: "undone", e.EventCorrected: "corrected", e.PressureSkipped: "skipped",
    e.HappeningTapped: "happening", e.HelpUpBegan: "help up", e.SitterChanged: "handed over",
    e.StandingBegan: "standing", e.ReadyMarked: "ready", e.Released: "released", e.SessionEnded: "ended",
}  # fmt: skip
TYPED = {"last_solids": "12:00", "last_liquids": "12:00", "name": "Sam", "spo2": "97", "pulse": "70"}


class Press(RuleBasedStateMachine):
    """Everything two people can press, in any order, with time passing in between. START: how far it has come."""

    START = "opened"

    def __init__(self) -> None:
        super().__init__()
        self.evening = Evening(kind="demo")
        if self.START != "opened":
            self.evening.begun()
        if self.START == "observed":
            self.evening.at(2.1 * 3600)
        self.seen = 0

    @rule(seconds=st.sampled_from([1, 5, 30, 130, 700]))
    def wait(self, seconds: int) -> None:
        self.evening.at(self.evening.now_s + seconds)

    @rule(hours=st.sampled_from([1, 2]))
    def wait_long(self, hours: int) -> None:
        self.evening.at(self.evening.now_s + hours * 3600)

    @precondition(lambda self: self.evening.state.stage is Stage.OPENED)
    @rule()
    def prepare_well(self) -> None:
        if self.evening.now_s < 3600:  # later, the times of day that are typed here would not pass
            self.evening.answer_all()
            COUNTS["prepared"] += 1

    @rule()
    def begin(self) -> None:
        self.do(c.StartSession())
        self.do(c.MarkDose())

    @precondition(lambda self: self.evening.state.stage is Stage.OPENED)
    @rule(check=st.sampled_from(ALL), good=st.booleans())
    def answer(self, check: object, good: bool) -> None:
        answers = check.passes if good else check.fails  # type: ignore[attr-defined]
        if answers:
            self.do(c.AnswerCheck(check.key, answers[0], TYPED))  # type: ignore[attr-defined]

    @precondition(lambda self: self.evening.state.stage is Stage.OPENED)
    @rule(check=st.sampled_from(ALL))
    def override(self, check: object) -> None:
        self.do(c.OverrideCheck(check.key, "There is a good reason.", "Sam"))  # type: ignore[attr-defined]

    @rule(systolic=st.sampled_from([120, 128, 146, 170]))
    def measure(self, systolic: int) -> None:
        self.evening.measure(systolic, 80)

    @rule(command=st.sampled_from([
        c.MarkDose(), c.LookIn(), c.HelpUp(on=True), c.HelpUp(on=False), c.BeginStanding(), c.MarkReady(), c.Release(),
        c.RecordResponse("normal voice"), c.RecordResponse("touch"), c.SkipPressure("asleep"), c.MarkPhase("peak"),
        c.BeginHandOver(), c.HandOver("Jo", ("present", "sober", "briefed"), "She knows the sound."), c.HandOver("Jo"),
        c.HandOver("Jo", ("present", "sober", "briefed", "sound")), c.AddNote("x"),
        *(c.TapHappening(kind.key) for kind in KINDS),
    ]))  # fmt: skip
    def press(self, command: c.Command) -> None:
        self.do(command)

    @rule()
    def regret(self) -> None:
        """Press a key and take it back at once."""
        self.do(c.LookIn())
        self.do(c.Undo(self.evening.state.seq))

    @precondition(lambda self: self.evening.state.dose is not None)
    @rule()
    def skip(self) -> None:
        """At the next pressure of the plan, if one is still to come."""
        due = next((w for w in self.windows() if w.state in ("later", "due", "late")), None)
        if due is not None:
            self.evening.at(max(self.evening.now_s, due.at_s))
            self.do(c.SkipPressure("Asleep."))

    def windows(self) -> tuple[Window, ...]:
        evening = self.evening
        return windows(evening.plan, evening.state, [p.t_s for p in evening.pressures], evening.now_s)

    @precondition(lambda self: self.evening.state.ladder.is_open)
    @rule(outcome=st.sampled_from(["steady", "steady", "steady", "dizzy", "back to bed"]))
    def stand(self, outcome: str) -> None:
        step = self.evening.state.ladder.step or "sit"
        self.evening.at(self.evening.now_s + 120)
        if step != "ready":
            COUNTS["dizzy"] += outcome == "dizzy" and self.evening.state.ladder.is_open
            self.do(c.AnswerStand(step, outcome))  # type: ignore[arg-type]

    @precondition(lambda self: self.evening.now_s > 7200)
    @rule(dizzy=st.booleans(), leaves=st.booleans())
    def climb(self, dizzy: bool, leaves: bool) -> None:
        self.do(c.BeginStanding())
        if dizzy:
            self.stand("dizzy")
        for _ in range(3):
            self.stand("steady")
        self.evening.measure(124, 80)
        self.do(c.RecordResponse("normal voice"))
        self.do(c.MarkReady())
        if leaves:
            self.do(c.Release())

    @rule(back=st.integers(0, 900), seq=st.integers(0, 40), correct=st.booleans())
    def change(self, back: int, seq: int, correct: bool) -> None:
        acts = self.evening.state.acts
        found = acts[-1 - seq % len(acts)].seq if acts else seq
        at_ns = self.evening.now.utc_ns - back * 10**9
        self.do(c.Correct(found, at_ns, "It was another time.") if correct else c.Undo(found))

    @precondition(lambda self: self.evening.now_s > 600)
    @rule(rarely=st.integers(0, 9))
    def end(self, rarely: int) -> None:
        if rarely == 0:
            self.do(c.EndSession())

    def do(self, command: c.Command) -> None:
        COUNTS["refused"] += isinstance(self.evening.do(command), Refused)

    @invariant()
    def what_must_always_be_true(self) -> None:
        evening, state = self.evening, self.evening.state
        for event in evening.events[self.seen :]:
            COUNTS[_NAMES.get(type(event), "")] += 1
        self.seen = len(evening.events)
        self._doses(evening)
        assert state.help_up_until_s is None or 0 <= state.help_up_until_s - evening.now_s <= 600
        ladder = state.ladder
        assert ladder.released_utc_ns is None or ladder.ready_utc_ns is not None
        assert not state.phases or all(p.t_s <= evening.now_s for p in state.phases)
        released = any(isinstance(x, e.Released) for x in evening.events)
        assert released or not any(isinstance(x, e.SessionEnded) and x.how == "released" for x in evening.events)

    def _doses(self, evening: Evening) -> None:
        taken_back = {x.event_seq for x in evening.events if isinstance(x, e.EventWithdrawn)}
        doses = [a for a in evening.state.acts if isinstance(a.event, e.DoseMarked) and a.seq not in taken_back]
        assert len(doses) <= 1
        assert (evening.state.dose is None) == (not doses)


class PressLater(Press):
    """The same, after the dose."""

    START = "begun"


class PressLate(Press):
    """The same, after the plan's minimum."""

    START = "observed"


def test_whatever_is_pressed_in_whatever_order_the_rules_hold_and_every_state_is_reached() -> None:
    COUNTS.clear()
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    config = settings(
        max_examples=40,
        stateful_step_count=50,
        derandomize=True,
        suppress_health_check=checks,
        phases=[Phase.generate],
    )
    for machine in (Press, PressLater, PressLate):
        run_state_machine_as_test(machine, settings=config)
    print("\n".join(f"{name:12s} {COUNTS[name]}" for name in REACHED))
    assert [name for name in REACHED if not COUNTS[name]] == []


def test_after_the_end_nothing_is_accepted_but_the_emergency_card() -> None:
    evening, _ = whole_session()
    made: list[c.Command] = [
        c.LookIn(), c.MarkDose(), c.AddNote("x"), c.Undo(1), c.BeginStanding(), c.TapHappening("fall"),
        c.TypePressure(Decimal(120), Decimal(80)), c.HandOver("Jo", ("present", "sober", "briefed", "sound")),
    ]  # fmt: skip
    assert all(isinstance(evening.do(command), Refused) for command in made)
    assert evening.do(c.ShowEmergencyCard()) == [e.EmergencyCardShown()]


def test_every_command_can_be_decided_before_anything_is_open() -> None:
    for kind in get_args(c.AnyCommand):
        fields = [f for f in kind.__struct_fields__ if f in ("seq", "name", "reason", "check")]
        if not fields:
            continue
        said = decide(State(), kind(*[1] * len(kind.__struct_fields__)), Stamp(0, 0))
        assert isinstance(said, Refused)
