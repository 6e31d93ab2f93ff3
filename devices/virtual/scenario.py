"""What the simulated devices go through: scripted stories as data.

Pure: time is a parameter, chance comes from a seed, nothing here sends a byte. A story is written in seconds of one
minute ("act seconds"); a longer run waits longer for its act and stretches it at most five times, so that a fall of
oxygen in an hour's run still takes two minutes and not thirty.
"""

from __future__ import annotations

import math
from decimal import Decimal
from random import Random

import msgspec

from devices.virtual.garbage import garbage

ACT_START_S = 12
MAX_STRETCH = 5.0
SHORT_S = 300

MEASUREMENT_ONGOING = 1 << 5
EARLY_ESTIMATED = 1 << 6
VALIDATED = 1 << 7
MEASUREMENT_UNAVAILABLE = 1 << 13
INVALID_MEASUREMENT = 1 << 15
NON_PULSATILE = 1 << 7
SENSOR_UNCONNECTED_TO_USER = 1 << 11

Curve = tuple[tuple[float, float], ...]
Span = tuple[float, float]


class Scenario(msgspec.Struct, frozen=True):
    """One story in act seconds. Curves are (second, value); spans (from, until); pressures (sys, dia, mean, pulse)."""

    name: str
    about: str
    spo2: Curve = ((0, 97),)
    pulse: Curve = ((0, 62),)
    perfusion: Curve = ((0, 4.2),)
    pressures: tuple[tuple[int, int, int, int], ...] = ((118, 76, 90, 62), (121, 78, 92, 64), (116, 74, 88, 61))
    finger_off: Span | None = None
    frozen: Span | None = None
    garbage: Span | None = None
    absent: Span | None = None


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("calm", "steady, nothing to act on"),
        Scenario("help-call", "calm vitals, while the patient calls"),
        Scenario(
            "desaturation",
            "SpO2 falls below 90, then below 85, and recovers",
            spo2=((0, 97), (12, 97), (18, 89), (24, 82), (38, 82), (42, 91), (45, 96)),
            pulse=((0, 62), (12, 62), (24, 84), (36, 88), (50, 66)),
            perfusion=((0, 4.2), (12, 4.2), (24, 2.1), (36, 2.0), (48, 4.0)),
        ),
        Scenario(
            "hypertension",
            "the blood pressure is high, the pulse with it",
            pulse=((0, 78), (12, 92), (40, 90), (60, 80)),
            pressures=((168, 104, 125, 92), (172, 106, 128, 94), (158, 98, 118, 88), (142, 88, 106, 80)),
        ),
        Scenario(
            "dropout", "the finger is out: numbers go on at first, marked invalid; then none", finger_off=(12, 35)
        ),
        Scenario("frozen", "the same numbers again and again", frozen=(8, math.inf)),
        Scenario("garbage", "broken payloads among good ones", garbage=(10, 50)),
        Scenario("disconnect", "the link is lost without a word, and comes back", absent=(20, 28)),
    )
}


class Sample(msgspec.Struct, frozen=True):
    """What the oximeter sends in one second: numbers with their status words, or `raw`, exact bytes instead."""

    spo2: Decimal | None
    pulse: Decimal | None
    perfusion: Decimal | None
    measurement_status: int = MEASUREMENT_ONGOING | VALIDATED
    sensor_status: int = 0
    raw: bytes | None = None


class CuffRun(msgspec.Struct, frozen=True):
    """One measurement of the cuff: start and duration in script seconds, mmHg, beats per minute, status bits."""

    start_s: int
    inflate_s: int
    systolic: int
    diastolic: int
    mean: int
    pulse: int
    status: int = 0


class UnknownScenario(KeyError):  # noqa: N818 - reads as what it says
    """No scenario of this name."""


class Story:
    """One scenario laid over a run of `length_s` script seconds; afterwards its last state goes on."""

    def __init__(self, name: str, length_s: int, seed: int) -> None:
        if name not in SCENARIOS:
            raise UnknownScenario(name)
        self.scenario = SCENARIOS[name]
        self.length_s = length_s
        self.seed = seed

    def act_s(self, second: int) -> float:
        """The act second at a script second."""
        start = self.length_s * ACT_START_S / 60
        if second < start:
            return second * 60 / self.length_s
        return ACT_START_S + (second - start) / min(self.length_s / 60, MAX_STRETCH)

    def _during(self, span: Span | None, second: int) -> bool:
        return span is not None and span[0] <= self.act_s(second) < span[1]

    def absent(self, second: int) -> bool:
        """True while the oximeter is out of reach."""
        return self._during(self.scenario.absent, second)

    def sample(self, second: int) -> Sample:
        """What the oximeter measures at a script second."""
        story = self.scenario
        if story.finger_off and self._during(story.finger_off, second):
            return self._without_finger(second - self._first_second(story.finger_off), second)
        if story.frozen and self._during(story.frozen, second):
            return self._measured(self._first_second(story.frozen))
        if self._during(story.garbage, second) and second % 3 == 0:
            return Sample(None, None, None, raw=garbage(second // 3))
        return self._measured(second)

    def _first_second(self, span: Span) -> int:
        """The first script second within a span."""
        before, after = min(span[0], ACT_START_S), max(span[0] - ACT_START_S, 0)
        return math.ceil(before * self.length_s / 60 + after * min(self.length_s / 60, MAX_STRETCH))

    def _without_finger(self, since_s: int, second: int) -> Sample:
        """The last numbers for 4 s, as real clips do, marked invalid; then "not a number"."""
        if since_s >= 4:
            return Sample(None, None, None, MEASUREMENT_UNAVAILABLE, SENSOR_UNCONNECTED_TO_USER | NON_PULSATILE)
        last = self._measured(max(second - since_s - 1, 0))
        return msgspec.structs.replace(
            last, measurement_status=INVALID_MEASUREMENT, sensor_status=SENSOR_UNCONNECTED_TO_USER
        )

    def _measured(self, second: int) -> Sample:
        """The scenario's curves with the small unrest of a living person."""
        chance = Random(f"{self.seed}:{second}")
        act_s = self.act_s(second)
        spo2 = _at(self.scenario.spo2, act_s) + chance.uniform(-0.7, 0.7)
        pulse = _at(self.scenario.pulse, act_s) + 1.6 * math.sin(second / 2.3) + chance.uniform(-0.9, 0.9)
        perfusion = _at(self.scenario.perfusion, act_s) + 0.3 * math.sin(second / 5) + chance.uniform(-0.3, 0.3)
        status = MEASUREMENT_ONGOING | (EARLY_ESTIMATED if self._finger_just_back(second) else VALIDATED)
        tenths = Decimal(round(perfusion * 10)).scaleb(-1)
        return Sample(Decimal(min(round(spo2), 100)), Decimal(round(pulse)), tenths, status)

    def _finger_just_back(self, second: int) -> bool:
        back = self.scenario.finger_off
        return back is not None and back[1] <= self.act_s(second) < back[1] + 2

    def cuff_runs(self) -> tuple[CuffRun, ...]:
        """Every measurement of the cuff that starts by itself, in order."""
        return tuple(self.cuff_run(number, start) for number, start in enumerate(self._cuff_starts()))

    def _cuff_starts(self) -> list[int]:
        if self.length_s < 60:
            return [self.length_s * 8 // 60]
        if self.length_s < SHORT_S:
            return [8, self.length_s * 36 // 60]
        return list(range(20, self.length_s - 60, 900))

    def cuff_run(self, number: int, start_s: int) -> CuffRun:
        """The story's measurement of this number (the last one when there are no more), to start at a script second."""
        pressures = self.scenario.pressures
        inflate_s = min(10, self.length_s // 5) if self.length_s < SHORT_S else 25
        return CuffRun(start_s, inflate_s, *pressures[min(number, len(pressures) - 1)])


def _at(curve: Curve, act_s: float) -> float:
    """Straight lines between the points; level before the first and after the last."""
    before = curve[0]
    for after in curve:
        if act_s < after[0]:
            share = (act_s - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
            return before[1] + share * (after[1] - before[1])
        before = after
    return before[1]
