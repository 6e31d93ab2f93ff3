"""Standing up: the ladder sit, stand, walk; what must be near the values before; ready and released, two times.

Pure. The ladder is a fold of its events; the criteria are worked out from state and bedside at each look. It never
counts a value that is not live, and nothing to compare with is said to be so, not passed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.bedside import Bedside, Taken, whole
from kiosk.session.events import Event, Severity
from kiosk.session.verdict import Decision, Refused, Why

if TYPE_CHECKING:
    from kiosk.session.state import State

RUNGS = ("sit", "stand", "walk")
READY = "ready"


class Steady(msgspec.Struct, frozen=True):
    """A rung that was held."""

    step: str
    t_s: float
    utc_ns: int


class Ladder(msgspec.Struct, frozen=True):
    """step: the rung in force, "" while the ladder is not open, "ready" after the last. since_s: of that rung."""

    step: Literal["", "sit", "stand", "walk", "ready"] = ""
    since_s: float = 0.0
    steady: tuple[Steady, ...] = ()
    dizzy: int = 0  # how often a rung was given up
    ready_utc_ns: int | None = None
    released_utc_ns: int | None = None
    released_by: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a rung is in force, or all are done."""
        return self.step != ""

    @property
    def is_steady(self) -> bool:
        """Whether sit, stand and walk were all held, one after the other."""
        return self.step == READY

    def apply(self, event: Event, t_s: float, utc_ns: int) -> Ladder:
        """After `event`."""
        fold = _FOLDS.get(type(event))
        return self if fold is None else fold(self, event, t_s, utc_ns)


_replace = msgspec.structs.replace


def _answered(s: Ladder, v: e.StandAnswered, t_s: float, utc_ns: int) -> Ladder:
    at = RUNGS.index(v.step)
    if v.outcome == "steady":
        following: Any = (*RUNGS, READY)[at + 1]
        kept = tuple(x for x in s.steady if RUNGS.index(x.step) < at)
        return _replace(s, step=following, since_s=t_s, steady=(*kept, Steady(v.step, t_s, utc_ns)))
    if v.outcome == "dizzy" and at > 0:
        lower: Any = RUNGS[at - 1]
        kept = tuple(x for x in s.steady if RUNGS.index(x.step) < at - 1)
        return _replace(s, step=lower, since_s=t_s, steady=kept, dizzy=s.dizzy + 1)
    # below sitting is the bed
    return _replace(s, step="", since_s=t_s, steady=(), dizzy=s.dizzy + (v.outcome == "dizzy"))


_FOLDS: dict[type[Event], Callable[[Ladder, Any, float, int], Ladder]] = {
    e.StandingBegan: lambda s, v, t_s, utc_ns: _replace(s, step="sit", since_s=t_s, steady=()),
    e.StandAnswered: _answered,
    e.ReadyMarked: lambda s, v, t_s, utc_ns: _replace(s, ready_utc_ns=utc_ns),
    e.Released: lambda s, v, t_s, utc_ns: _replace(s, released_utc_ns=utc_ns, released_by=v.by),
}


class Criterion(msgspec.Struct, frozen=True):
    """One rule of the plan at this instant. ok None: nothing to compare with. now, before: as text, "" for none."""

    key: Literal["minimum", "answers", "alarms", "spo2", "pulse", "pressure"]
    ok: bool | None
    now: str = ""
    before: str = ""


def minimum_s(state: State, bedside: Bedside) -> float | None:
    """Session second at which the plan's observation is over; None if the plan sets none or nothing was begun."""
    minutes = bedside.plan.release.minimum_min
    since_s = state.dose.t_s if state.dose is not None else state.started_s
    return None if minutes is None or since_s is None else since_s + minutes * 60


def criteria(state: State, bedside: Bedside) -> tuple[Criterion, ...]:
    """Every rule for getting up and leaving, in the order in which they are shown."""
    until_s, said = minimum_s(state, bedside), state.response
    is_new = said is not None and bedside.now_s - said.t_s <= bedside.plan.release.answers_within_min * 60
    alarmed = any(o.is_active and o.severity >= Severity.MEDIUM for o in state.standing.occurrences.values())
    return (
        Criterion("minimum", until_s is not None and bedside.now_s >= until_s),
        Criterion("answers", is_new and said is not None and said.text == "normal voice", said.text if said else ""),
        Criterion("alarms", not alarmed),
        *_compared(state, bedside),
    )


def _compared(state: State, bedside: Bedside) -> tuple[Criterion, ...]:
    prepared, percent = state.prepared, bedside.plan.release.within_percent
    taken = _pressure_now(state, bedside)
    pressure_before = prepared.value("pressures", "second")
    return (
        _near("spo2", _now(bedside, "spo2", bedside.spo2), prepared.value("baseline", "spo2"), percent),
        _near("pulse", _now(bedside, "pulse", bedside.pulse), prepared.value("baseline", "pulse"), percent),
        Criterion(
            "pressure",
            _pressures_near(taken, pressure_before, percent),
            taken.text if taken else "",
            pressure_before,
        ),
    )


def _now(bedside: Bedside, name: str, live: Decimal | None) -> Decimal | None:
    """The live number; where none comes, one typed as lately as an answer must be: the sitter read it off."""
    value, at_s = bedside.typed.get(name, (None, 0.0))
    is_new = bedside.now_s - at_s <= bedside.plan.release.answers_within_min * 60
    return live if live is not None else value if is_new else None


def _near(key: Literal["spo2", "pulse"], now: Decimal | None, before: str, percent: float) -> Criterion:
    ok = None if not before else now is not None and _is_within(now, Decimal(before), percent)
    return Criterion(key, ok, "" if now is None else whole(now), before)


def _is_within(now: Decimal, before: Decimal, percent: float) -> bool:
    return abs(now - before) * 100 <= before * Decimal(str(percent))


def _pressure_now(state: State, bedside: Bedside) -> Taken | None:
    """The newest pressure of the session itself that is new enough."""
    oldest_s = max(state.started_s or 0.0, bedside.now_s - bedside.plan.release.pressure_within_min * 60)
    return next((p for p in reversed(bedside.pressures) if p.t_s >= oldest_s), None)


def _pressures_near(taken: Taken | None, before: str, percent: float) -> bool | None:
    if not before:
        return None
    if taken is None:
        return False
    pairs = zip((taken.systolic, taken.diastolic), before.split("/"), strict=True)
    return all(_is_within(now, Decimal(was), percent) for now, was in pairs)


def steady_s(state: State, bedside: Bedside) -> float:
    """Session second from which "Steady" can be pressed on the rung in force."""
    return state.ladder.since_s + bedside.plan.release.rung_min * 60


# --- decisions --------------------------------------------------------------------------------------------------------


def begin(state: State, bedside: Bedside | None) -> Decision:
    """Open the ladder: not before the plan's minimum, and never without one."""
    if state.ladder.is_open:
        return Refused(Why.ALREADY_SO)
    if bedside is None or bedside.plan.release.minimum_min is None:
        return Refused(Why.NO_MINIMUM)
    until_s = minimum_s(state, bedside)
    if until_s is None or bedside.now_s < until_s:
        return Refused(Why.BEFORE_MINIMUM)
    return [e.StandingBegan()]


def answer(state: State, command: c.AnswerStand, bedside: Bedside | None) -> Decision:
    """One rung's answer. Going down is always allowed; going up only after the plan's minutes on the rung."""
    if not state.ladder.is_open or bedside is None:
        return Refused(Why.NOT_STANDING_UP)
    if command.outcome == "back to bed":
        at: Any = state.ladder.step if state.ladder.step in RUNGS else "walk"
        return [e.StandAnswered(at, command.outcome)]
    if command.step != state.ladder.step:
        return Refused(Why.OTHER_STEP)
    if command.outcome == "steady" and bedside.now_s < steady_s(state, bedside):
        return Refused(Why.TOO_EARLY)
    return [e.StandAnswered(command.step, command.outcome)]


def ready(state: State, bedside: Bedside | None) -> Decision:
    """Every criterion is met now; those without anything to compare with do not hold."""
    if state.ladder.ready_utc_ns is not None:
        return Refused(Why.ALREADY_SO)
    if bedside is None or not state.ladder.is_steady:
        return Refused(Why.NOT_STEADY)
    failed = tuple(k.key for k in criteria(state, bedside) if k.ok is False)
    return Refused(Why.CRITERIA, what=failed) if failed else [e.ReadyMarked()]


def release(state: State) -> Decision:
    """The patient leaves the sitter's watch: after all rungs, and after "ready"."""
    if state.ladder.released_utc_ns is not None:
        return Refused(Why.ALREADY_SO)
    if not state.ladder.is_steady:
        return Refused(Why.NOT_STEADY)
    return [e.Released(state.sitter_name)] if state.ladder.ready_utc_ns is not None else Refused(Why.NOT_READY)
