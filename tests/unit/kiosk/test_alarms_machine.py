"""A state machine that tries everything a bed, a radio and two people can do, against an oracle of its own.

Never: a high condition older than its delay with neither a signal nor a timed, listed suppression. The oracle looks
at the raw history of samples only; it shares no code with the alarms.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.session import events as e
from kiosk.session.alarms import Alarms
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Delayed, Hard, Limits, Tiered
from kiosk.session.state import State

LIMITS = Limits(
    author="Dr. Okafor",
    set_on=date(2026, 11, 3),
    spo2_low=Delayed(Decimal(90)),
    spo2_hard=Hard(Decimal(85)),
    pulse_low=Delayed(Decimal(45)),
    pulse_high=Delayed(Decimal(130)),
    systolic_high=Tiered(Decimal(160), Decimal(180)),
    diastolic_high=Tiered(Decimal(100), Decimal(110)),
)
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
TOLD = ("not_recording", "no_sound", "battery_low", "protection_lost", "display_gone", "cuff_lost", "device_lost")
REACHED = (
    *(f"raised {name}" for name in ("spo2_low", "spo2_very_low", "pulse_low", "pulse_high", "pressure_high")),
    *(f"raised {name}" for name in ("no_signal", "finger_off", "adapter_off", "questionable", "frozen", *TOLD)),
    "raised no_pulse_signal",
    "raised monitoring_restarted",
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
        self.alarms = Alarms(LIMITS, {"ox": "oximeter", "cuff": "cuff"})
        self.state = State()
        self.seq = 0
        self.usable: list[tuple[int, Decimal, bool]] = []  # second, usable SpO2, valid: the last ones
        self.recent: list[tuple[Reading, float]] = []
        self.not_recording_s: int | None = None
        self.broken_s = -1  # last second at which history was cut (jump, restart)

    @initialize()
    def open(self) -> None:
        opened = e.SessionOpened("s", "trial", True, 1, "", "", "", "", 0, "", "", "", "", "", "", None, ())
        self.say([opened, *self.alarms.arm_technical(0), e.SessionStarted(), *self.alarms.arm_values(0)])

    def say(self, said: list[Event]) -> None:
        for event in said:
            self.seq += 1
            self.state = self.state.apply(event, self.seq, Stamp(self.now * 10**9, self.now * 10**9), self.now)
            self.count(event)
        assert self.state.standing == self.alarms.standing

    def count(self, event: Event) -> None:
        if isinstance(event, e.AlarmRaised):
            COUNTS[f"raised {event.alarm}"] += 1
            COUNTS["kept words"] += "kept" in event.data
        elif isinstance(event, e.AlarmSounded):
            broken = event.why == "worse"
            COUNTS["acknowledgement broken: worse" if broken else "acknowledgement over: two minutes"] += 1
        elif isinstance(event, e.SoundsResumed):
            COUNTS[f"pause over: {event.why}"] += 1
        names = {e.AlarmAcknowledged: "acknowledged", e.SoundsPaused: "paused", e.AlarmClosed: "closed"}
        names[e.SitterCalled] = "call"
        if type(event) in names:
            COUNTS[names[type(event)]] += 1

    @rule(kind=st.sampled_from(sorted(KINDS)), seconds=st.integers(1, 50))
    def live(self, kind: str, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            oximetry = KINDS[kind]
            if oximetry is not None:
                self.take(Reading("ox", Stamp(self.now * 10**9, self.now * 10**9), oximetry))
            self.say(self.alarms.tick(self.now))
            self.check()

    @rule(kind=st.sampled_from(["nothing", "low", "very low", "finger off"]))
    def for_two_minutes(self, kind: str) -> None:
        self.live(kind, 125)

    def take(self, reading: Reading) -> None:
        self.recent = [(r, t) for r, t in self.recent if self.now - t <= 75]
        self.recent.append((reading, self.now))
        if isinstance(reading.measurement, Oximetry):
            spo2 = reading.measurement.spo2
            usable = spo2.number if spo2.quality in (Quality.VALID, Quality.QUESTIONABLE) else None
            if usable is not None:
                self.usable = [*self.usable[-40:], (self.now, usable, spo2.quality is Quality.VALID)]
        self.say(self.alarms.take(reading, self.now))

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
        assert self.alarms.signal(self.now).call == (self.state.standing.call == "calling")

    @rule(names=st.sets(st.sampled_from([*TOLD, "adapter_off", "monitoring_restarted"])), active=st.booleans())
    def told(self, names: set[str], active: bool) -> None:
        for name in sorted(names):
            self.tell(name, active)

    def tell(self, name: str, active: bool) -> None:
        self.say(self.alarms.condition(name, active, self.now))
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
        self.alarms = Alarms(LIMITS, {"ox": "oximeter", "cuff": "cuff"})
        self.say(self.alarms.resume(self.state, self.recent, self.now))
        self.check()

    def check(self) -> None:
        signal = self.alarms.signal(self.now)
        COUNTS["escalation 1"] += signal.escalation == 1
        COUNTS["escalation 2"] += signal.escalation == 2
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
        answered = all(o.answered and 0 < (o.acknowledged_until_s or 0) - self.now <= 120 for o in highs)
        assert paused or answered, f"at {self.now} silent without a reason: {owed}, {signal}"

    def owed(self) -> list[str]:
        """High conditions that are certainly true and older than their delay, by the bare history."""
        last_s = self.usable[-1][0] if self.usable else 0
        owed = ["blind"] if self.now - last_s >= 61 else []
        if self.not_recording_s is not None and self.now - self.not_recording_s >= 61:
            owed.append("not recording")
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
            max_examples=100,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print("\nreached:", *(f"{COUNTS[name]:7d}  {name}" for name in REACHED), sep="\n")
    assert not [name for name in REACHED if not COUNTS[name]]
