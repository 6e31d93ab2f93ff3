"""Another sitter takes over: what they confirm themselves, and the alarm tone that they must have heard.

Pure; asked by `decision` and by the view. A tone heard by the sitter before proves nothing for the new one, so only a
test after the hand-over began counts. Without it: a reason and the new sitter's name, as for every check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.bedside import Bedside
from kiosk.session.prepared import Tested
from kiosk.session.verdict import SHORTEST_REASON, Decision, Refused, Why

if TYPE_CHECKING:
    from kiosk.session.state import State

CONFIRMED = ("present", "sober", "briefed", "sound")  # all of it; "sound" or a reason
OPEN_FOR_S = 600  # a form closed and opened again within it is the same hand-over; a test counts as long


def begin(state: State, now_s: float) -> Decision:
    """The new sitter sits down at the form; looking into it again begins nothing new."""
    since_s = state.hand_over_s
    return [] if since_s is not None and now_s - since_s <= OPEN_FOR_S else [e.HandOverBegan()]


def newest_test(state: State, now_s: float) -> Tested | None:
    """The newest tone tested since the hand-over began, played or not."""
    since_s = state.hand_over_s
    if since_s is None:
        return None
    found = (t for t in state.prepared.tested.values() if since_s <= t.t_s and now_s - t.t_s <= OPEN_FOR_S)
    return max(found, key=lambda tested: tested.t_s, default=None)


def may_be_heard(state: State, now_s: float, has_sound: bool) -> bool:
    """Whether a tone was played that the new sitter can have heard; a run without tones asks for none."""
    test = newest_test(state, now_s)
    return not has_sound or (test is not None and not test.trouble)


def finish(state: State, command: c.HandOver, now_s: float, bedside: Bedside | None) -> Decision:
    """The new sitter, and the override of the sound where they gave a reason."""
    name, reason = command.name.strip(), command.reason.strip()
    heard = "sound" in command.confirmed
    left = tuple(word for word in CONFIRMED if word not in command.confirmed and not (word == "sound" and reason))
    if not name:
        return Refused(Why.NAME_MISSING, "name")
    if left:
        return Refused(Why.NOT_CONFIRMED, what=left)
    if heard and not may_be_heard(state, now_s, bedside is None or bedside.has_sound):
        return Refused(Why.NOT_TESTED, "tone")
    refusal = None if heard else _may_not(reason, name, bedside)
    if refusal is not None:
        return refusal
    taken_on: list[e.Event] = [] if heard else [e.CheckOverridden("sound", reason, name)]
    confirmed = tuple(word for word in CONFIRMED if word in command.confirmed)
    return [*taken_on, e.SitterChanged(name, state.sitter_name, confirmed)]


def _may_not(reason: str, by: str, bedside: Bedside | None) -> Refused | None:
    """Why the unheard sound cannot be taken on; the plan's rules for the check of the same name."""
    if len(reason) < SHORTEST_REASON:
        return Refused(Why.REASON_TOO_SHORT, "reason")
    rules = bedside.plan.checks if bedside else None
    if rules is not None and "sound" in rules.never_override:
        return Refused(Why.MAY_NOT_OVERRIDE, what=("sound",))
    if rules is not None and rules.override_by and by.casefold() not in [n.casefold() for n in rules.override_by]:
        return Refused(Why.MAY_NOT_OVERRIDE, "by", rules.override_by)
    return None
