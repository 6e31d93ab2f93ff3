"""Suppression: acknowledgement and pause. They silence for a time, are listed, and never change a condition.

Pure functions from what stands to the events that say so. There is no mute without an end: an acknowledgement ends
when the alarm clears, gets worse or 120 s pass; a pause after 120 s at most, or when a new high alarm comes.
"""

from __future__ import annotations

from kiosk.session import events as e
from kiosk.session.alarm.occurrence import COVERED_BY, COVERS, VALUE_ALARMS, Standing
from kiosk.session.events import Event, Severity

LONGEST_PAUSE_S = 120


def acknowledge(standing: Standing, name: str, now_s: float) -> list[Event]:
    """ "I'm on it" for one occurrence and the lesser ones it covers. A running one is never extended.

    Of a call that nobody answered it is the answer.
    """
    found = standing.active(name)
    if found is not None and name == "call_unanswered":
        return [e.CallAnswered()] if standing.call == "calling" else []
    if found is None or found.is_acknowledged(now_s):
        return []
    return [e.AlarmAcknowledged(name), *(e.AlarmAcknowledged(x) for x in COVERS.get(name, ()) if standing.active(x))]


def pause(standing: Standing, seconds: float, now_s: float) -> list[Event]:
    """All sounds quiet for `seconds`, 1 to 120. A running pause is never extended."""
    if standing.is_paused(now_s):
        return []
    return [e.SoundsPaused(max(1, min(LONGEST_PAUSE_S, int(seconds))))]


def resume_sounds(standing: Standing, now_s: float) -> list[Event]:
    """The sitter ends the pause early."""
    return [e.SoundsResumed("pressed")] if standing.is_paused(now_s) else []


def close(standing: Standing, name: str) -> list[Event]:
    """ "Seen": only a latched occurrence can be closed; what is still true stays."""
    found = standing.occurrences.get(name)
    return [e.AlarmClosed(name)] if found is not None and not found.is_active else []


def expired(standing: Standing, now_s: float) -> list[Event]:
    """What sounds again because its time is over."""
    over: list[Event] = []
    if standing.pause_until_s is not None and now_s >= standing.pause_until_s:
        over.append(e.SoundsResumed("time"))
    due = {
        o.name
        for o in standing.occurrences.values()
        if o.is_active and o.acknowledged_until_s is not None and now_s >= o.acknowledged_until_s
    }
    over += [e.AlarmSounded(name, "two minutes") for name in sorted(due) if COVERED_BY.get(name) not in due]
    return over


def broken(before: Standing, event: Event, now_s: float) -> list[Event]:
    """Which silences end because of `event` ("worse"); before: what stood when it came."""
    if isinstance(event, e.AlarmRaised):
        return _broken_by_raise(before, event, now_s)
    if isinstance(event, e.AlarmStepped):
        return _broken_by_step(before, event, now_s)
    return []


def _broken_by_raise(before: Standing, event: e.AlarmRaised, now_s: float) -> list[Event]:
    worse = before.active(COVERED_BY.get(event.alarm, ""))
    if worse is not None:  # nothing new: the worse one of this cause already stands
        return [e.AlarmAcknowledged(event.alarm)] if worse.is_acknowledged(now_s) else []
    out: list[Event] = []
    for name in COVERS.get(event.alarm, ()):
        lesser = before.active(name)
        if lesser is not None and lesser.is_acknowledged(now_s):
            out.append(e.AlarmSounded(name, "worse"))
    if event.severity == Severity.HIGH and "follows" not in event.data and before.is_paused(now_s):
        out.append(e.SoundsResumed("worse"))
    return out


def _broken_by_step(before: Standing, event: e.AlarmStepped, now_s: float) -> list[Event]:
    found = before.active(event.alarm)
    if found is None or event.severity <= found.severity:
        return []
    out: list[Event] = [e.AlarmSounded(event.alarm, "worse")] if found.is_acknowledged(now_s) else []
    # A technical alarm that turns high by time alone is what the sitter paused for, so the pause holds.
    if event.severity == Severity.HIGH and event.alarm in VALUE_ALARMS and before.is_paused(now_s):
        out.append(e.SoundsResumed("worse"))
    return out
