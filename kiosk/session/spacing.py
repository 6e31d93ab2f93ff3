"""How this session stands to the ones before: hours since the last, and what the plan's series says to today.

Pure; asked by the preparation and by the view. It holds nothing by itself: `kiosk.session.preparation` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session.course import HOUR_NS, Course, course, local
from kiosk.session.plan import Plan

if TYPE_CHECKING:
    from kiosk.session.state import State


def course_of(state: State, plan: Plan) -> Course:
    """Where the series stands at this session's opening, without this session."""
    sessions = state.series.sessions if state.series else ()
    offset_min = state.opened.utc_offset_min if state.opened else 0
    return course(plan, sessions, state.opened_utc_ns, local(state.opened_utc_ns, offset_min).date())


def against_series(state: State, plan: Plan) -> tuple[str, ...]:
    """What speaks against a session today by the plan's series: "renewal", "doses", "early", "none left".

    It is told and holds nothing: only the gap does, by its own check.
    """
    found, series = course_of(state, plan), plan.series
    early = found.next is not None and found.next.stands == "planned"
    return tuple(
        why
        for why, is_so in (
            ("renewal", found.renewal_in is not None and found.renewal_in <= 0),
            ("doses", found.doses_left is not None and found.doses_left <= 0),
            ("early", early),
            ("none left", series.starts_on is not None and found.next is None),
        )
        if is_so
    )


def gap_h(state: State) -> float | None:
    """Hours from the end of this patient's last session to the opening of this one; None when none is known."""
    if state.opened is None or not state.opened.last_session_end_utc_ns:
        return None
    return (state.opened_utc_ns - state.opened.last_session_end_utc_ns) / HOUR_NS
