"""Which questions are due at the opening of a session.

Pure. Due is what the plan asks for and the record does not have yet: it is worked out from the instant of the opening
and what was known then, so that nothing comes or goes while people answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session.appointment import FOLLOW_UPS_H, bladder_due_utc_ns
from kiosk.session.course import HOUR_NS, local
from kiosk.session.events import Earlier, SeriesRead
from kiosk.session.form import BLADDER, FEEL, FOLLOW_UPS, SHIPPED, Form, feelings
from kiosk.session.scores import OWN, own_key

if TYPE_CHECKING:
    from kiosk.session.plan import Plan
    from kiosk.session.state import State


def forms_before(state: State, plan: Plan) -> tuple[Form, ...]:
    """The forms of this preparation, in order: what follows the last session first, then how the patient is."""
    past = state.series or SeriesRead(())
    due = [SHIPPED[key] for key in FOLLOW_UPS if plan.scores.follow_ups and _is_due_after(key, past, state)]
    feel = [feelings("feel_before", plan.scores.before)] if plan.scores.before else []
    ages = (("phq9", plan.scores.phq9_every_days), ("gad7", plan.scores.gad7_every_days))
    old = [SHIPPED[key] for key, days in ages if days is not None and _is_old(key, days, past, state)]
    wanted = {own_key(file) for file in plan.scores.questionnaires}
    return (*due, *feel, *old, *(form for form in state.imported if form.key in wanted))


def forms_after(plan: Plan) -> tuple[Form, ...]:
    """The forms after release."""
    return (feelings("feel_after", plan.scores.after),) if plan.scores.after else ()


def about(key: str, past: SeriesRead | None) -> str:
    """The earlier session that a follow-up is about; "" for what belongs to the session in hand."""
    last = _last(past) if past and key in FOLLOW_UPS_H else None
    return last.session_id if last else ""


def _last(past: SeriesRead) -> Earlier | None:
    return max(past.sessions, key=lambda s: s.dose_utc_ns, default=None)


def last_taken(key: str, past: SeriesRead, of: str = "") -> int | None:
    """When this form was gone through last (of: about that session), None if never."""
    times = [t.utc_ns for t in past.taken if t.form == key and (not of or t.about == of)]
    return max(times, default=None)


def follow_up_due(key: str, past: SeriesRead, now_utc_ns: int) -> bool:
    """Whether the questions after the last session, or the monthly ones, are due at this instant."""
    last = _last(past)
    if last is None:
        return False
    if key == BLADDER.key:
        due = bladder_due_utc_ns(past.sessions, last_taken(key, past))
        return due is not None and now_utc_ns >= due
    hours = next(h for kind, h in FOLLOW_UPS_H.items() if kind == key)
    is_time = now_utc_ns >= last.dose_utc_ns + hours * HOUR_NS
    return is_time and last_taken(key, past, last.session_id) is None


def _is_due_after(key: str, past: SeriesRead, state: State) -> bool:
    return follow_up_due(key, past, state.opened_utc_ns)


def _is_old(key: str, days: int, past: SeriesRead, state: State) -> bool:
    """By local calendar days, so that "every 14 days" does not wait for the hour."""
    last, opened = last_taken(key, past), state.opened
    if last is None or opened is None:
        return True
    offset = opened.utc_offset_min
    return (local(state.opened_utc_ns, offset).date() - local(last, offset).date()).days >= days


def form_of(state: State, plan: Plan, key: str, *, before: bool) -> Form | None:
    """The form that is asked now under that key, None where it is not."""
    forms = forms_before(state, plan) if before else forms_after(plan)
    return next((form for form in forms if form.key == key), None)


def is_form(key: str) -> bool:
    """Whether a check of that key is a set of questions."""
    return key in FEEL or key in SHIPPED or key.startswith(OWN)
