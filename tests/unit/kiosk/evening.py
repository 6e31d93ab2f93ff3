"""Support: one session at the bed in simulated time. Commands are decided and folded as the monitor does it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from devices.reading import Pressure, Stamp
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session import schedule
from kiosk.session.asking import form_of
from kiosk.session.bedside import Bedside, Taken
from kiosk.session.check import TONES, checks
from kiosk.session.decision import Decision, Refused, Typed, decide
from kiosk.session.events import Event
from kiosk.session.plan import Plan
from kiosk.session.preparation import pressures_taken
from kiosk.session.prepared import LEVELS
from kiosk.session.state import Stage, State
from kiosk.text import Names, sentence

EXAMPLE = (Path(__file__).parents[3] / "kiosk" / "assets" / "example-plan.toml").read_text(encoding="utf-8")
PLAN = Plan.from_toml(EXAMPLE)
BASE_NS = 1_795_550_400 * 10**9  # 2026-11-24 20:00 UTC
MIN = 60.0


def opened(kind: str = "patient", last_end_utc_ns: int = 0) -> e.SessionOpened:
    made = e.SessionOpened("s", kind, False, 1, "p", "Robin", "Sam", "0", 0, "", "", "", "", "K", "oral", None, ())
    return msgspec.structs.replace(made, last_session_end_utc_ns=last_end_utc_ns)


def with_checks(plan: Plan, **fields: Any) -> Plan:
    return msgspec.structs.replace(plan, checks=msgspec.structs.replace(plan.checks, **fields))


class Evening:
    """State, clock and what can be seen; `story` is the sentence of every event in order."""

    def __init__(self, plan: Plan = PLAN, kind: str = "demo", last_end_utc_ns: int = 0, base_ns: int = BASE_NS) -> None:
        self.plan, self.base_ns = plan, base_ns
        self.state, self.now_s = State(), 0.0
        self.spo2: Decimal | None = Decimal(97)
        self.pulse: Decimal | None = Decimal(70)
        self.back_s: float | None = None
        self.typed: dict[str, tuple[Decimal, float]] = {}
        self.pressures: list[Taken] = []
        self.events: list[Event] = []
        self.story: list[str] = []
        self.take(opened(kind, last_end_utc_ns))

    @property
    def now(self) -> Stamp:
        ns = round(self.now_s * 1e9)
        return Stamp(self.base_ns + ns, ns)

    @property
    def bedside(self) -> Bedside:
        taken = tuple(self.pressures)
        return Bedside(self.plan, self.now_s, self.spo2, self.pulse, taken, self.back_s, typed=self.typed)

    def at(self, now_s: float) -> Evening:
        """The clock reaches this session second."""
        assert now_s >= self.now_s
        self.now_s = now_s
        self.tick()
        return self

    def take(self, event: Event) -> int:
        """One event is recorded; its row."""
        names = Names("Robin", self.state.sitter_name or "Sam", 0)
        self.story.append(sentence(event, names))
        self.events.append(event)
        self.state = self.state.apply(event, self.state.seq + 1, self.now, self.now_s)
        return self.state.seq

    def tick(self) -> None:
        """What time and arriving values bring."""
        found: list[Event | None] = [schedule.phase_due(self.plan, self.state, self.now_s)]
        if self.state.stage is Stage.STARTED:
            found.append(schedule.help_up_over(self.state, self.bedside))
        if self.state.stage is Stage.OPENED:
            found += pressures_taken(self.state, self.bedside)
        for event in found:
            if event is not None:
                self.take(event)

    def decide(self, command: c.Command) -> Decision:
        return decide(self.state, command, self.now, schedule.phase_names(self.plan), self.bedside)

    def do(self, command: c.Command) -> Decision:
        """Decide, and take what follows from it."""
        said = self.decide(command)
        if isinstance(said, Typed):
            self._typed(said)
        elif isinstance(said, list):
            for event in said:
                self.take(event)
        self.tick()
        return said

    def must(self, command: c.Command) -> int:
        """Do it; a refusal fails the test. The row of its last event."""
        said = self.do(command)
        assert not isinstance(said, Refused), (command, said)
        return self.state.seq

    def _typed(self, said: Typed) -> None:
        for event in said.events:
            self.take(event)
            if isinstance(event, e.ValueWithdrawn):
                self.pressures = [p for p in self.pressures if p.seq != event.reading_seq]
        self.state = msgspec.structs.replace(self.state, seq=self.state.seq + 1)  # the reading's row
        if isinstance(said.measurement, Pressure):
            systolic, diastolic = said.measurement.systolic.number, said.measurement.diastolic.number
            assert systolic is not None
            assert diastolic is not None
            t_s = self.now_s - (self.now.utc_ns - said.utc_ns) / 1e9
            self.pressures.append(Taken(self.state.seq, t_s, said.utc_ns, systolic, diastolic, typed=True))

    def measure(self, systolic: int, diastolic: int) -> Taken:
        """The cuff sends a pressure now."""
        self.state = msgspec.structs.replace(self.state, seq=self.state.seq + 1)
        taken = Taken(self.state.seq, self.now_s, self.now.utc_ns, Decimal(systolic), Decimal(diastolic))
        self.pressures.append(taken)
        self.tick()
        return taken

    def hear(self, *tones: str) -> None:
        """The sound test of these tones, each played and heard."""
        for tone in tones:
            self.take(e.SoundTested(LEVELS[tone], "sitter", 70, False))
            self.must(c.AnswerCheck("sound", "heard", {"tone": tone}))

    def answer_all(self, *but: str) -> Evening:
        """Every check passed as it should be, but for these."""
        typed = {
            "solids": {"last_solids": "13:00"},
            "clear_liquids": {"last_liquids": "17:30"},
            "sitter": {"name": "Sam"},
        }
        for check in checks(self.plan, self.state.opened.kind if self.state.opened else ""):
            if check.key in but or check.kind == "plan":
                continue
            if check.kind == "form":
                self.answer_form(check.key)
                continue
            if check.kind == "sound":
                self.hear(*TONES)
            elif check.kind == "pressures":
                self.measure(126, 78)
                self.now_s += self.plan.checks.pressures_apart_s
                self.measure(124, 80)
            elif check.key != "same_pressure" or self.state.prepared.sent_pressure:
                self.must(c.AnswerCheck(check.key, check.passes[0], typed.get(check.key, {})))
        return self

    def answer_form(self, key: str, **values: int | str | bool | None) -> Evening:
        """Every question of a form where it is due: the first answer, but for those that are named."""
        form = form_of(self.state, self.plan, key, before=self.state.stage is Stage.OPENED)
        for item in form.items if form else ():
            first = item.choices[0].value if item.choices else {"number": 1, "text": "words"}[item.kind]
            self.must(c.AnswerItem(key, item.key, values.get(item.key, first)))
        return self

    def begun(self) -> Evening:
        """Prepared, started at 60 s, dose at 120 s."""
        self.answer_all()
        self.at(60).must(c.StartSession())
        self.at(120).must(c.MarkDose())
        return self
