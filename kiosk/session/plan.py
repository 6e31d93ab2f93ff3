"""The provider's plan: who lies here, what is taken, which limits alarm, what happens when. Read once, frozen.

Pure, from the text of `plan.toml`; the whole text also goes into the record's first event. Every mistake is told
with its line. It never fills in a limit, a dose or a contact that the provider left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Literal

import msgspec

from kiosk.session.aftercare import Aftercare, aftercare_problems
from kiosk.session.check import KEYS
from kiosk.session.checked_toml import BadToml, Problem, near, problems_at, read
from kiosk.session.light import Light, light_problems
from kiosk.session.limits import Limits, contradictions
from kiosk.session.profile import PROFILES
from kiosk.session.scores import Scores, own_key, scores_problems
from kiosk.session.series import Series, series_problems

Route = Literal["sublingual", "troche", "intranasal", "esketamine spray", "intramuscular", "subcutaneous", "oral"]
Use = Literal["required", "wanted", "unused"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the plan."""


class Patient(_Part, frozen=True):
    """id: random, never initials; a series is one id. label: how the sitter calls the person.

    card_name: as read out to the emergency number ("Robin M., 41 years"); falls back to the label.
    """

    id: str
    label: str
    card_name: str = ""
    medications: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()


class Sitter(_Part, frozen=True):
    """label: how the sitter is called."""

    label: str


class Medication(_Part, frozen=True):
    """What is taken. dose_mg in milligrams, None if the plan does not say."""

    name: str
    route: Route
    dose_mg: Decimal | None = None
    lot: str = ""


class Contact(_Part, frozen=True):
    """One person to call."""

    name: str
    role: str
    number: str


class Contacts(_Part, frozen=True):
    """Where the patient lies, as read out, and whom to call. crisis_line: for thoughts of suicide, day and night."""

    address: str
    emergency_number: str
    people: tuple[Contact, ...] = ()
    crisis_line: str = ""


class DeviceUse(_Part, frozen=True):
    """Whether a device is needed and why; the reason is shown where the device is missing."""

    use: Use = "wanted"
    why: str = ""


class Devices(_Part, frozen=True):
    """The two devices of this room."""

    oximeter: DeviceUse = DeviceUse()
    cuff: DeviceUse = DeviceUse()


class Confirmed(_Part, frozen=True):
    """Who confirmed the limits of this plan, and when."""

    by: str
    on: date
    role: str


class PlannedPhase(_Part, frozen=True):
    """One phase, in minutes after the dose. routes: for which it is meant, () for every route."""

    key: str
    name: str
    from_min: float
    to_min: float
    routes: tuple[Route, ...] = ()


class PressureTime(_Part, frozen=True):
    """One blood pressure of the plan: minutes after the dose, give or take `window_min`."""

    at_min: float
    window_min: float = 5


class Hold(_Part, frozen=True):
    """mmHg: a baseline pressure at either number or above holds the start; measured again after `recheck_min`."""

    systolic: Decimal | None = None
    diastolic: Decimal | None = None
    recheck_min: float = 5


class Checks(_Part, frozen=True):
    """The preparation: which checks hold the start, and what they ask for.

    optional: keys (`kiosk.session.check.KEYS`) that do not hold the start. override_by: names that may override a
    failed check, () for anybody who gives a name. never_override: keys that nobody may override. solids_h,
    clear_liquids_h: hours of fasting. pressures_apart_s: from the first baseline pressure to the second.
    look_in_every_min: minutes between two looks at the patient during the session; 0 asks for none.
    """

    look_in_every_min: float = 15
    optional: tuple[str, ...] = ()
    never_override: tuple[str, ...] = ()
    override_by: tuple[str, ...] = ()
    solids_h: float = 6
    clear_liquids_h: float = 2
    pressures_apart_s: float = 60
    hold: Hold | None = None


class Release(_Part, frozen=True):
    """Standing up and leaving. minimum_min: minutes of observation from the dose; None: not set, so no standing up.

    rung_min: minutes on each step before "Steady". within_percent: of the baseline, for SpO2, pulse and pressure.
    answers_within_min, pressure_within_min: how new the last answer (and typed SpO2 and pulse, where no device sends
    any) and the last pressure must be.
    """

    minimum_min: float | None = None
    rung_min: float = 2
    within_percent: float = 20
    answers_within_min: float = 10
    pressure_within_min: float = 30


class PlanReason(StrEnum):
    """Why a plan cannot be used; `Problem` says where."""

    UNREADABLE = "unreadable"
    CONTRADICTORY = "contradictory"


class PlanError(Exception):
    """The root error of `kiosk.session`: the plan cannot be used. problems: all of them, with their lines."""

    def __init__(self, reason: PlanReason, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.reason = reason
        self.problems = problems


class Plan(_Part, frozen=True):
    """The whole plan. confirmed is None until a provider confirms it: its limits alarm, and every page says so."""

    patient: Patient
    sitter: Sitter
    medication: Medication
    contacts: Contacts
    devices: Devices = Devices()
    limits: Limits = Limits()
    confirmed: Confirmed | None = None
    phases: tuple[PlannedPhase, ...] = ()
    pressure: tuple[PressureTime, ...] = ()
    music: dict[str, str] = {}
    light: Light = Light()
    checks: Checks = Checks()
    series: Series = Series()
    scores: Scores = Scores()
    release: Release = Release()
    aftercare: Aftercare = Aftercare()

    @classmethod
    def from_toml(cls, text: str) -> Plan:
        """The plan in `text`. Raises `PlanError` with every mistake and its line."""
        try:
            plan, lines = read(cls, text)
        except BadToml as bad:
            raise PlanError(PlanReason.UNREADABLE, bad.problems) from bad
        found = list(_contradictions(plan))
        if found:
            raise PlanError(PlanReason.CONTRADICTORY, problems_at(lines, found))
        return plan

    @property
    def confirmed_text(self) -> str:
        """ "Dr. Okafor, 2026-11-03, physician", "" when no provider has confirmed the plan."""
        c = self.confirmed
        return f"{c.by}, {c.on.isoformat()}, {c.role}" if c else ""

    @property
    def route_phases(self) -> tuple[PlannedPhase, ...]:
        """The phases for this medication's route, in time order; the route's profile if the plan names none."""
        phases = self.phases or profile_of(self.medication.route)
        mine = (p for p in phases if not p.routes or self.medication.route in p.routes)
        return tuple(sorted(mine, key=lambda p: p.from_min))


def profile_of(route: Route) -> tuple[PlannedPhase, ...]:
    """The shipped phases of a route (`kiosk.session.profile`)."""
    return tuple(PlannedPhase(*phase) for phase in PROFILES[route].phases)


def _contradictions(plan: Plan) -> Iterator[tuple[tuple[str, ...], str]]:
    for path, what in contradictions(plan.limits):
        yield ("limits", *path), what
    if plan.medication.dose_mg is not None and plan.medication.dose_mg <= 0:
        yield ("medication", "dose_mg"), f"{plan.medication.dose_mg} must be above 0"
    yield from _phase_problems(plan)
    for i, entry in enumerate(plan.pressure):
        if entry.window_min <= 0:
            yield ("pressure", str(i), "window_min"), f"{entry.window_min:g} must be above 0"
    known = {phase.key for phase in plan.phases or plan.route_phases}
    for key in plan.music:
        if key not in known:
            yield ("music", key), "is not the key of a phase"
    yield from light_problems(plan.light, known)
    yield from aftercare_problems(plan.aftercare)
    yield from _check_problems(plan)
    yield from series_problems(plan.series)
    yield from scores_problems(plan)
    yield from _time_problems(plan)


def _check_problems(plan: Plan) -> Iterator[tuple[tuple[str, ...], str]]:
    checks, known = plan.checks, (*KEYS, *map(own_key, plan.scores.questionnaires))
    for field in ("optional", "never_override"):
        for key in getattr(checks, field):
            if key not in known:
                yield ("checks", field), f"{key!r} is not a check{near(key, known)}"
    if checks.hold is not None:
        for name, low, high in (("systolic", 90, 260), ("diastolic", 50, 160)):
            limit: Decimal | None = getattr(checks.hold, name)
            if limit is not None and not low <= limit <= high:
                yield ("checks", "hold", name), f"{limit} must be from {low} to {high}"


def _time_problems(plan: Plan) -> Iterator[tuple[tuple[str, ...], str]]:
    """Times that cannot be meant. (path, value, least, most)."""
    checks, release = plan.checks, plan.release
    hold_min = checks.hold.recheck_min if checks.hold else None
    rows: tuple[tuple[tuple[str, ...], float | None, float, float], ...] = (
        (("checks", "look_in_every_min"), checks.look_in_every_min, 0, 120),
        (("checks", "solids_h"), checks.solids_h, 0, 24),
        (("checks", "clear_liquids_h"), checks.clear_liquids_h, 0, 24),
        (("checks", "pressures_apart_s"), checks.pressures_apart_s, 0, 1800),
        (("checks", "hold", "recheck_min"), hold_min, 1, 120),
        (("release", "minimum_min"), release.minimum_min, 1, 24 * 60),
        (("release", "rung_min"), release.rung_min, 0, 30),
        (("release", "within_percent"), release.within_percent, 1, 100),
        (("release", "answers_within_min"), release.answers_within_min, 1, 60),
        (("release", "pressure_within_min"), release.pressure_within_min, 1, 240),
    )
    for path, value, least, most in rows:
        if value is not None and not least <= value <= most:
            yield path, f"{value:g} must be from {least:g} to {most:g}"


def _phase_problems(plan: Plan) -> Iterator[tuple[tuple[str, ...], str]]:
    index = {id(phase): str(i) for i, phase in enumerate(plan.phases)}
    for phase in plan.phases:
        if phase.to_min <= phase.from_min:
            yield ("phases", index[id(phase)], "to_min"), f"{phase.to_min:g} must be after from_min {phase.from_min:g}"
    mine = plan.route_phases
    for before, after in pairwise(mine):
        if after.key == before.key:
            yield ("phases", index[id(after)], "key"), f"{after.key!r} is there twice"
        if after.from_min < before.to_min:
            yield ("phases", index[id(after)], "from_min"), f"{after.from_min:g} is before the end of {before.key!r}"
