"""What the alarms need to know of the bed, out of the session's state: answers, breaths, looks, arms.

Pure; worked out anew at each tick, so that an act that was taken back or corrected changes the alarms with it.
"""

from __future__ import annotations

from kiosk.session import events as e
from kiosk.session import schedule
from kiosk.session.alarm.bed import Bed, Breaths
from kiosk.session.plan import Plan
from kiosk.session.state import Stage, State


def bed_of(plan: Plan, state: State) -> Bed:
    """The bed as the sitter last found it."""
    return Bed(
        response=state.response.text if state.response else "",
        breaths=_newest_count(state),
        look_due_s=schedule.next_look_s(plan, state) if state.stage is Stage.STARTED else None,
        same_arm=bool(state.prepared.same_arm),
    )


def _newest_count(state: State) -> Breaths | None:
    """The newest count that is long enough; a shorter one after it says nothing and hides nothing."""
    for act in reversed(state.acts):
        if isinstance(act.event, e.BreathsCounted) and not act.withdrawn:
            counted = Breaths(act.event.count, act.event.seconds)
            if counted.is_enough:
                return counted
    return None
