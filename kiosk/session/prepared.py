"""What has been answered in the preparation, as the fold of its events. Nothing is worked out here.

Pure; part of `kiosk.session.state.State`. A later answer replaces an earlier one and ends its override; a typed
value that is taken back takes the answer made from it with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from kiosk.session import events as e
from kiosk.session.events import Event

CALL = 0
LEVELS = {"low": 1, "medium": 2, "high": 3, "call": CALL}
"""Tone of the sound test -> severity of `SoundTested`."""


class Answered(msgspec.Struct, frozen=True):
    """One answer with what was typed or measured."""

    answer: str
    passed: bool
    data: dict[str, str]
    seq: int
    t_s: float
    utc_ns: int


class Overridden(msgspec.Struct, frozen=True):
    """A failed check that somebody took on."""

    reason: str
    by: str
    seq: int
    utc_ns: int


class Held(msgspec.Struct, frozen=True):
    """The check can be done again after `until_s` (session second); why: the number that holds."""

    until_s: float
    seconds: float
    why: str


class Tested(msgspec.Struct, frozen=True):
    """The newest test of one tone. trouble: "" when the sound server played it."""

    output: str
    level_percent: int | None
    trouble: str
    t_s: float


class Prepared(msgspec.Struct, frozen=True):
    """Answers, overrides and holds by check; tested: severity -> newest sound test."""

    answers: dict[str, Answered] = {}
    overrides: dict[str, Overridden] = {}
    holds: dict[str, Held] = {}
    tested: dict[int, Tested] = {}

    def value(self, check: str, name: str) -> str:
        """One typed or measured value of a check's answer, "" without one."""
        found = self.answers.get(check)
        return found.data.get(name, "") if found else ""

    @property
    def same_arm(self) -> bool | None:
        """Whether probe and cuff are on the same arm; None while either is not known."""
        arms = [a.answer for key in ("probe", "cuff") if (a := self.answers.get(key)) and a.passed]
        return arms[0] == arms[1] if len(arms) == 2 else None

    @property
    def sent_pressure(self) -> str:
        """The newest pressure before the dose that the cuff itself sent ("128/79"), "" while there is none."""
        found = self.answers.get("pressures")
        data = found.data if found else {}
        return next((data[k] for k in ("second", "first") if data.get(f"{k}_how") == "measured"), "")

    @property
    def heard(self) -> tuple[str, ...]:
        """Tones that the sitter said to have heard."""
        found = self.answers.get("sound")
        return tuple(found.data) if found and found.answer in ("heard", "in part") else ()

    def apply(self, event: Event, seq: int, t_s: float, utc_ns: int) -> Prepared:
        """After `event`, row `seq`."""
        fold = _FOLDS.get(type(event))
        return self if fold is None else fold(self, event, (seq, t_s, utc_ns))


_Row = tuple[int, float, int]
_replace = msgspec.structs.replace


def _without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in table.items() if k != key}


def _answered(p: Prepared, v: e.CheckAnswered, row: _Row) -> Prepared:
    new = Answered(v.answer, v.passed, v.data, *row)
    holds = _without(p.holds, v.check) if v.passed or v.answer == "first" else p.holds
    return _replace(p, answers={**p.answers, v.check: new}, overrides=_without(p.overrides, v.check), holds=holds)


def _overridden(p: Prepared, v: e.CheckOverridden, row: _Row) -> Prepared:
    new = Overridden(v.reason, v.by, row[0], row[2])
    return _replace(p, overrides={**p.overrides, v.check: new}, holds=_without(p.holds, v.check))


def _held(p: Prepared, v: e.HoldBegan, row: _Row) -> Prepared:
    return _replace(p, holds={**p.holds, v.check: Held(row[1] + v.seconds, v.seconds, v.why)})


def _tested(p: Prepared, v: e.SoundTested, row: _Row) -> Prepared:
    trouble = v.trouble or ("the output is muted" if v.muted else "")
    return _replace(p, tested={**p.tested, v.severity: Tested(v.output, v.level_percent, trouble, row[1])})


def _withdrawn(p: Prepared, v: e.ValueWithdrawn, row: _Row) -> Prepared:
    seq = str(v.reading_seq)
    gone = [k for k, a in p.answers.items() if seq in (a.data.get("first_seq"), a.data.get("second_seq"))]
    for key in gone:
        p = _replace(
            p,
            answers=_without(p.answers, key),
            overrides=_without(p.overrides, key),
            holds=_without(p.holds, key),
        )
    return p


def _reported(p: Prepared, v: e.ThoughtsReported, row: _Row) -> Prepared:
    """A new report was not there when somebody took the one before on."""
    return _replace(p, overrides=_without(p.overrides, "thoughts"))


_FOLDS: dict[type[Event], Callable[[Prepared, Any, _Row], Prepared]] = {
    e.CheckAnswered: _answered,
    e.CheckOverridden: _overridden,
    e.HoldBegan: _held,
    e.SoundTested: _tested,
    e.ValueWithdrawn: _withdrawn,
    e.ThoughtsReported: _reported,
}
