"""A state machine that tries everything a bed, a radio and two people can do, against an oracle of its own.

Never: a high condition older than its delay with neither a signal nor a timed, listed suppression. The oracle looks
at the raw history of samples only; it shares no code with the alarms.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from devices.reading import CuffPressure, Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.session import events as e
from kiosk.session import observed, schedule
from kiosk.session.alarm import told
from kiosk.session.alarm.signal import RANK
from kiosk.session.alarms import Alarms, Listed
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Area, Bound, Delayed, Hard, Limits, Tiered
from kiosk.session.plan import Checks, Contacts, Medication, Patient, Plan, PlannedPhase, Sitter
from kiosk.session.state import Stage, State

LIMITS = Limits(
    author="Dr. Okafor",
    set_on=date(2026, 11, 3),
    spo2_low=Delayed(Decimal(90)),
    spo2_hard=Hard(Decimal(85)),
    pulse_low=Delayed(Decimal(45)),
    pulse_high=Delayed(Decimal(130)),
    systolic_high=Tiered(Decimal(160), Decimal(180)),
    diastolic_high=Tiered(Decimal(100), Decimal(110)),
    spo2_area=Area(Decimal(100)),
    breaths_low=Bound(Decimal(8)),
    breaths_high=Bound(Decimal(30)),
)
PHASES = ("onset", "peak", "return", "after")
PLAN = Plan(
    Patient("p", "Robin"),
    Sitter("Sam"),
    Medication("Ketamine", "sublingual"),
    Contacts("here", "112"),
    limits=LIMITS,
    phases=tuple(PlannedPhase(key, key, i, i + 1) for i, key in enumerate(PHASES)),  # minutes: short, to be reached
    checks=Checks(look_in_every_min=5),
)
ROLES = {"ox": "oximeter", "ox2": "oximeter", "cuff": "cuff"}
COUNTS: Counter[str] = Counter()
OFF = Value(None, Quality.INVALID, ("finger off",))
KINDS: dict[str, Oximetry | None] = {
    "well": Oximetry(Value(Decimal(97)), Value(Decimal(70))),
    "low": Oximetry(Value(Decimal(88)), Value(Decimal(70))),
    "very low": Oximetry(Value(Decimal(80)), Value(Decimal(70))),
    "between": Oximetry(Value(Decimal(91)), Value(Decimal(70))),
    "doubted low": Oximetry(Value(Decimal(82), Quality.QUESTIONABLE, ("poor signal",)), Value(Decimal(70))),
    "frozen": Oximetry(Value(Decimal(97), Quality.QUESTIONABLE, ("frozen",)), Value(Decimal(70))),
    "pulse high": Oximetry(Value(Decimal(97)), Value(Decimal(140))),
    "pulse low": Oximetry(Value(Decimal(97)), Value(Decimal(40))),
    "no pulse": Oximetry(Value(Decimal(97)), Value(None, Quality.INVALID)),
    "finger off": Oximetry(OFF, OFF),
    "test": Oximetry(Value(Decimal(50), Quality.TEST), Value(Decimal(30), Quality.TEST)),
    "nothing": None,
}
TOLD = (*(name for name in told.KINDS if not told.KINDS[name].is_moment), "device_lost", "device_doubted")
REACHED = (
    *(f"raised {name}" for name in RANK),
    *(f"stage {stage}" for stage in ("opened", "started", "ended")),
    *(f"phase {phase}" for phase in PHASES),
    "help up",
    "help over: pressed",
    "help over: time",
    "help over: signal",
    "suspended by help",
    "doubted under the cuff",
    "kept words",
    "acknowledged",
    "acknowledgement broken: worse",
    "acknowledgement over: two minutes",
    "paused",
    "pause over: time",
    "pause over: pressed",
    "pause over: worse",
    "latched",
    "closed",
    "call",
    "escalation 1",
    "escalation 2",
    "jump",
    "restart",
    "owed high",
    "owed high, silent by a timed suppression",
)


class Room(RuleBasedStateMachine):
    """One session, one tick a second."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.alarms = Alarms(LIMITS, ROLES)
        self.alarms.judge("ox")  # what is owed below is reckoned from its values
        self.state = State()
        self.seq = 0
        self.usable: list[tuple[int, Decimal, bool]] = []  # second, usable SpO2, valid: the last ones
        self.recent: list[tuple[Reading, float]] = []
        self.not_recording_s: int | None = None
        self.broken_s = -1  # last second at which history was cut (jump, restart)
        self.squeezed_s = -1000  # last second at which the cuff pressed on the probe's arm
        self.back_s: float | None = None  # since when SpO2 is back after it had been gone
        self.poor_s: int | None = None
        self.called_s: int | None = None

    @initialize()
    def open(self) -> None:
        opened = e.SessionOpened("s", "trial", True, 1, "", "", "", "", 0, "", "", "", "", "", "", None, ())
        self.say([opened, *self.alarms.arm_technical(0)])
        COUNTS[f"stage {self.state.stage}"] += 1
        self.say([e.CheckAnswered("probe", "left", True), e.CheckAnswered("cuff", "left", True)])
        self.say([e.SessionStarted(), *self.alarms.arm_values(0)])
        COUNTS[f"stage {self.state.stage}"] += 1

    def say(self, said: list[Event]) -> None:
        for event in said:
            self.seq += 1
            self.alarms.hear(event, self.now)
            self.state = self.state.apply(event, self.seq, Stamp(self.now * 10**9, self.now * 10**9), self.now)
            self.count(event)
        assert self.state.standing == self.alarms.standing

    def count(self, event: Event) -> None:
        if isinstance(event, e.AlarmRaised):
            COUNTS[f"raised {event.alarm}"] += 1
            COUNTS["kept words"] += "kept" in event.data
            COUNTS["doubted under the cuff"] += event.data.get("reason", "").startswith("cuff")
        elif isinstance(event, e.PhaseMarked):
            COUNTS[f"phase {event.phase}"] += 1
        elif isinstance(event, e.HelpUpEnded):
            COUNTS[f"help over: {event.why}"] += 1
        elif isinstance(event, e.AlarmSounded):
            broken = event.why == "worse"
            COUNTS["acknowledgement broken: worse" if broken else "acknowledgement over: two minutes"] += 1
        elif isinstance(event, e.SoundsResumed):
            COUNTS[f"pause over: {event.why}"] += 1
        names = {e.AlarmAcknowledged: "acknowledged", e.SoundsPaused: "paused", e.AlarmClosed: "closed"}
        names |= {e.SitterCalled: "call", e.HelpUpBegan: "help up"}
        if type(event) in names:
            COUNTS[names[type(event)]] += 1

    @rule(kind=st.sampled_from(sorted(KINDS)), seconds=st.integers(1, 50))
    def live(self, kind: str, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            oximetry = KINDS[kind]
            if oximetry is not None:
                self.take(Reading("ox", Stamp(self.now * 10**9, self.now * 10**9), oximetry))
            self.tick()

    def tick(self) -> None:
        """One tick, as the monitor's: alarms, then what the plan's clock brings, then the bed for the next one."""
        self.say(self.alarms.tick(self.now))
        self.say([event for event in (schedule.phase_due(PLAN, self.state, self.now), self.help_over()) if event])
        self.alarms.observe(observed.bed_of(PLAN, self.state))
        self.check()

    def help_over(self) -> e.HelpUpEnded | None:
        until_s, since_s = self.state.help_up_until_s, self.state.help_up_since_s
        if until_s is None or since_s is None:
            return None
        is_back = self.back_s is not None and self.back_s > since_s and self.now - self.back_s >= 5
        return e.HelpUpEnded("time") if self.now >= until_s else e.HelpUpEnded("signal") if is_back else None

    @rule(kind=st.sampled_from(["nothing", "low", "very low", "finger off"]))
    def for_two_minutes(self, kind: str) -> None:
        self.live(kind, 125)

    def take(self, reading: Reading) -> None:
        self.recent = [(r, t) for r, t in self.recent if self.now - t <= 75]
        self.recent.append((reading, self.now))
        if isinstance(reading.measurement, Oximetry):
            spo2 = reading.measurement.spo2
            usable = spo2.number if spo2.quality in (Quality.VALID, Quality.QUESTIONABLE) else None
            if reading.device != "ox":
                usable = None
            if usable is not None:
                if not self.usable or self.now - self.usable[-1][0] >= 15:
                    self.back_s = self.now
                self.usable = [
                    *self.usable[-40:],
                    (self.now, usable, spo2.quality is Quality.VALID and self.now - self.squeezed_s > 10),
                ]
        self.say(self.alarms.take(reading, self.now))

    @rule(seconds=st.integers(2, 40), kind=st.sampled_from(["well", "low", "very low", "nothing"]))
    def squeeze(self, seconds: int, kind: str) -> None:
        for _ in range(seconds):
            self.squeezed_s = self.now + 1
            stamp = Stamp((self.now + 1) * 10**9, (self.now + 1) * 10**9)
            self.take(Reading("cuff", stamp, CuffPressure(Value(Decimal(120)))))
            self.live(kind, 1)

    @rule(kind=st.sampled_from(["doubted low", "frozen", "no pulse", "pulse low", "pulse high"]))
    def be_odd_for_long(self, kind: str) -> None:
        self.live("well", 1)
        self.live(kind, 20)

    @rule()
    def get_worse_once_answered(self) -> None:
        self.live("low", 20)
        self.acknowledge(False)
        self.live("very low", 5)

    @rule(falls=st.integers(3, 5), low=st.integers(3, 8), well=st.integers(2, 6))
    def dip_again_and_again(self, falls: int, low: int, well: int) -> None:
        for _ in range(falls):
            self.live("low", low)
            self.live("well", well)

    @rule(spo2=st.sampled_from([97, 89, 80]), seconds=st.integers(20, 45))
    def wear_a_second_oximeter(self, spo2: int, seconds: int) -> None:
        for _ in range(seconds):
            stamp = Stamp(self.now * 10**9, self.now * 10**9)
            self.take(Reading("ox2", stamp, Oximetry(Value(Decimal(spo2)), Value(Decimal(70)))))
            self.live("well", 1)

    @rule(answer=st.sampled_from(["normal voice", "loud voice", "touch", "not at all"]))
    def check_the_response(self, answer: str) -> None:
        self.say([e.ResponseRecorded(answer)])
        is_poor = answer in ("touch", "not at all")
        self.poor_s = (self.now if self.poor_s is None else self.poor_s) if is_poor else None
        self.alarms.observe(observed.bed_of(PLAN, self.state))

    @rule(count=st.sampled_from([0, 3, 7, 20]), seconds=st.sampled_from([10, 30]))
    def count_breaths(self, count: int, seconds: int) -> None:
        self.say([e.BreathsCounted(count, seconds)])
        self.alarms.observe(observed.bed_of(PLAN, self.state))

    @rule()
    def look_in(self) -> None:
        self.say([e.LookedIn()])
        self.alarms.observe(observed.bed_of(PLAN, self.state))

    @rule()
    def take_the_dose(self) -> None:
        if self.state.dose is None:
            self.say([e.DoseMarked(self.now * 10**9)])

    @rule(on=st.booleans(), seconds=st.integers(1, 60))
    def help_up(self, on: bool, seconds: int) -> None:
        helped = self.state.help_up_until_s is not None
        if on and not helped:
            self.say([e.HelpUpBegan(600)])
            self.live("finger off", seconds)
        elif helped and not on:
            self.say([e.HelpUpEnded("pressed")])

    @rule(one_in_four=st.integers(0, 3))
    def walk_for_too_long(self, one_in_four: int) -> None:
        if one_in_four:
            return
        self.help_up(True, 1)
        for _ in range(0, 610, 5):
            self.now += 4
            self.live("finger off", 1)

    @rule(seconds=st.integers(1, 90))
    def call_in_vain(self, seconds: int) -> None:
        self.call("call")
        self.live("well", seconds)

    @rule(pair=st.sampled_from([(140, 85), (165, 90), (185, 115)]), typed=st.booleans())
    def pressure(self, pair: tuple[int, int], typed: bool) -> None:
        values = [Value(Decimal(n)) for n in pair]
        measured = Pressure(values[0], values[1], Value(None, Quality.INVALID))
        stamp = Stamp(self.now * 10**9, self.now * 10**9)
        source = Source.TYPED if typed else Source.DEVICE
        self.take(Reading("typed" if typed else "cuff", stamp, measured, source=source))

    @rule(first=st.booleans())
    def acknowledge(self, first: bool) -> None:
        for listed in self.alarms.signal(self.now).occurrences[: 1 if first else None]:
            self.say(self.alarms.acknowledge(listed.name, self.now))
        if self.state.standing.call != "calling":
            self.called_s = None  # "I'm on it" for an unanswered call is its answer: the next call is a new one

    @rule(seconds=st.integers(1, 200))
    def pause(self, seconds: int) -> None:
        self.say(self.alarms.pause(seconds, self.now))

    @rule()
    def sounds_on(self) -> None:
        self.say(self.alarms.resume_sounds(self.now))

    @rule()
    def seen(self) -> None:
        for listed in self.alarms.signal(self.now).occurrences:
            self.say(self.alarms.close(listed.name, self.now))

    @rule(act=st.sampled_from(["call", "answer_call", "end_call"]))
    def call(self, act: str) -> None:
        self.say(getattr(self.alarms, act)(self.now))
        self.called_s = self.now if self.called_s is None and act == "call" else self.called_s
        self.called_s = self.called_s if self.state.standing.call == "calling" else None
        assert self.alarms.signal(self.now).call == (self.state.standing.call == "calling")

    @rule(names=st.sets(st.sampled_from([*TOLD, "adapter_off", "monitoring_restarted"])), active=st.booleans())
    def told(self, names: set[str], active: bool) -> None:
        for name in sorted(names):
            self.tell(name, active)

    def tell(self, name: str, active: bool) -> None:
        self.say(self.alarms.condition(name, active, self.now, {"value": "15"} if name == "laptop_battery" else {}))
        if name == "not_recording":
            self.not_recording_s = (self.not_recording_s or self.now) if active else None

    @rule(seconds=st.integers(16, 70))
    def lose_the_link(self, seconds: int) -> None:
        self.tell("device_lost", True)
        self.live("nothing", seconds)

    @rule(seconds=st.integers(4, 30))
    def jump(self, seconds: int) -> None:
        COUNTS["jump"] += 1
        self.now += seconds
        self.broken_s = self.now
        self.say(self.alarms.jumped(self.now))
        self.check()

    @rule(seconds=st.integers(0, 20))
    def restart(self, seconds: int) -> None:
        COUNTS["restart"] += 1
        self.now += seconds
        self.broken_s = self.now
        self.not_recording_s = None
        self.alarms = Alarms(LIMITS, ROLES)
        self.alarms.judge("ox")
        self.alarms.observe(observed.bed_of(PLAN, self.state))
        self.say(self.alarms.resume(self.state, self.recent, self.now))
        self.say(self.alarms.condition("monitoring_restarted", True, self.now, {"gap_s": str(seconds)}))
        self.check()

    def teardown(self) -> None:
        """Every run ends its session: nothing sounds any more."""
        self.say([*self.alarms.end(self.now), e.SessionEnded("released")])
        COUNTS[f"stage {self.state.stage}"] += 1
        assert self.state.stage is Stage.ENDED
        assert self.alarms.signal(self.now).severity is Severity.NONE

    def check(self) -> None:
        signal = self.alarms.signal(self.now)
        COUNTS["escalation 1"] += signal.escalation == 1
        COUNTS["escalation 2"] += signal.escalation == 2
        COUNTS["suspended by help"] += any(o.suspended for o in signal.occurrences)
        COUNTS["latched"] += any(o.latched for o in signal.occurrences)
        owed = self.owed()
        if not owed:
            return
        COUNTS["owed high"] += 1
        highs = [o for o in signal.occurrences if o.severity is Severity.HIGH and not o.latched]
        assert highs, f"at {self.now} owed: {owed}"
        if signal.severity is Severity.HIGH:
            return
        COUNTS["owed high, silent by a timed suppression"] += 1
        paused = signal.pause_until_s is not None and 0 < signal.pause_until_s - self.now <= 120
        answered = all(self.is_silenced(o, signal.help_until_s) for o in highs)
        assert paused or answered, f"at {self.now} silent without a reason: {owed}, {signal}"

    def is_silenced(self, o: Listed, help_until_s: float | None) -> bool:
        """Answered for two minutes at most, or excused by a help of ten minutes at most that is listed."""
        if o.suspended:
            helped = help_until_s is not None and 0 < help_until_s - self.now <= 600
            return helped and o.name in ("finger_off", "no_signal", "device_lost")
        return o.answered and 0 < (o.acknowledged_until_s or 0) - self.now <= 120

    def owed(self) -> list[str]:
        """High conditions that are certainly true and older than their delay, by the bare history."""
        last_s = self.usable[-1][0] if self.usable else 0
        owed = ["blind"] if self.now - last_s >= 61 else []
        if self.not_recording_s is not None and self.now - self.not_recording_s >= 61:
            owed.append("not recording")
        if self.poor_s is not None and self.now > self.poor_s:
            owed.append("hard to wake")
        calls = self.called_s is not None and self.state.standing.call == "calling"  # to be on it is an answer
        if calls and self.now - (self.called_s or 0) >= 31:
            owed.append("call unanswered")
        for name, limit, delay in (("low", 90, 15), ("very low", 85, 2)):
            run_s, before_s = None, self.now
            for t, number, valid in reversed(self.usable):
                if t <= self.broken_s or not valid or number >= limit or before_s - t > 5:
                    break
                run_s, before_s = t, t
            if run_s is not None and self.now - run_s >= delay:
                owed.append(name)
        return owed


def test_a_high_condition_is_never_silent_without_a_timed_and_listed_reason() -> None:
    COUNTS.clear()
    run_state_machine_as_test(
        Room,
        settings=settings(
            max_examples=80,
            phases=(Phase.generate, Phase.shrink),
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print("\nreached:", *(f"{COUNTS[name]:7d}  {name}" for name in REACHED), sep="\n")
    assert not [name for name in REACHED if not COUNTS[name]]
