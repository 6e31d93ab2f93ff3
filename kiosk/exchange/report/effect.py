"""Sedation and breathing as far as the record tells of them: occurred, from when, until when. Pure.

Sedation is what the response checks found; of breathing, the signs that somebody or something noticed. Nobody asked
is not "no": where no check was made, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kiosk.exchange.report.case import Case
from kiosk.session import correction
from kiosk.session import events as e
from kiosk.session.alarm.bed import Breaths

LEVELS = ("normal voice", "loud voice", "touch", "not at all")
"""What wakes the person, the deepest sleep last."""
SIGNS = ("spo2_low", "spo2_very_low", "spo2_area", "breaths_low")
"""Alarms that a respiratory depression would raise."""
BREATHES_WRONG = "not breathing right"


class Effect(msgspec.Struct, frozen=True):
    """occurred None: the record does not tell. Times in ns of UTC, None for what is not recorded.

    seen: what was seen, "" for nothing. checks: how often somebody looked.
    """

    occurred: bool | None
    onset_ns: int | None = None
    resolved_ns: int | None = None
    seen: tuple[str, ...] = ()
    checks: int = 0


class Sign(msgspec.Struct, frozen=True):
    """One sign of troubled breathing. name: of the alarm or happening. to_ns: None where its end is not known."""

    name: str
    from_ns: int
    to_ns: int | None


def sedation(case: Case) -> Effect:
    """From the first answer that was not to a normal voice to the first that was again, and no other after it."""
    found = [(act.utc_ns, act.event.answer) for act in _acts(case) if isinstance(act.event, e.ResponseRecorded)]
    known = [(at_ns, answer) for at_ns, answer in found if answer in LEVELS]
    deep = [(at_ns, answer) for at_ns, answer in known if answer != LEVELS[0]]
    if not known:
        return Effect(None)
    if not deep:
        return Effect(False, checks=len(known))
    deepest = max((answer for _, answer in deep), key=LEVELS.index)
    last_ns = deep[-1][0]
    resolved_ns = next((at_ns for at_ns, answer in known if at_ns > last_ns and answer == LEVELS[0]), None)
    return Effect(True, deep[0][0], resolved_ns, (deepest,), len(known))


def breathing(case: Case) -> Effect:
    """From the first sign to the end of the last; resolved only where every one of them ended by recovering."""
    signs = list(_signs(case))
    counts = [a for a in _acts(case) if isinstance(a.event, e.BreathsCounted) and _is_enough(a.event)]
    if not signs:
        looked = counts or any(known for _, known in case.spo2.usable())
        return Effect(False if looked else None, checks=len(counts))
    ends = [sign.to_ns for sign in signs]
    resolved_ns = None if None in ends else max(end for end in ends if end is not None)
    names = tuple(dict.fromkeys(sign.name for sign in signs))
    return Effect(True, min(sign.from_ns for sign in signs), resolved_ns, names, len(counts))


def _signs(case: Case) -> Iterator[Sign]:
    since_ns = _since_ns(case)
    for alarm in case.whole.alarms:
        if alarm.name in SIGNS and alarm.raised_ns >= since_ns:
            over = case.why_cleared.get((alarm.name, alarm.cleared_ns or 0)) == "recovered"
            yield Sign(alarm.name, alarm.raised_ns, alarm.cleared_ns if over else None)
    for happened in case.state.happenings:
        if happened.kind == BREATHES_WRONG and happened.utc_ns >= since_ns:
            over_s = happened.closed_s
            yield Sign(happened.kind, happened.utc_ns, None if over_s is None else case.utc_ns(over_s))


def _acts(case: Case) -> Iterator[correction.Act]:
    """What the sitter did from the dose on, as corrected."""
    since_ns = _since_ns(case)
    return (act for act in correction.in_order(case.state.acts) if act.utc_ns >= since_ns)


def _since_ns(case: Case) -> int:
    """From the dose; without one, from the beginning."""
    return case.state.dose.at_utc_ns if case.state.dose else case.whole.opened_ns


def _is_enough(counted: e.BreathsCounted) -> bool:
    return Breaths(counted.count, counted.seconds).is_enough
