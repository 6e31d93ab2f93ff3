"""Why a command does nothing, and the question back for a number that can hardly be: each a sentence."""

from __future__ import annotations

from kiosk.session.verdict import Ask, Refused, Why
from kiosk.text.catalogue import _
from kiosk.text.measure import number
from kiosk.text.preparation import check_title
from kiosk.text.standing import criterion

_WHY = {
    Why.NOT_OPEN: "No session is open.",
    Why.NOT_STARTED: "Start the session first.",
    Why.ALREADY_STARTED: "The session runs already.",
    Why.ENDED: "The session has ended.",
    Why.SECOND_DOSE: "The dose is marked already. A second one is never given.",
    Why.IN_THE_FUTURE: "That time is still to come. Look at the clock.",
    Why.TOO_LONG_AGO: "That time is too long ago. Look at the clock.",
    Why.NO_SUCH_PHASE: "The plan has no such phase.",
    Why.NO_SUCH_NOTE: "That note is gone already.",
    Why.EMPTY: "Nothing was typed.",
    Why.IMPOSSIBLE: "That number cannot be. Type it again.",
    Why.SOMETHING_STANDS: "Something still needs you here.",
    Why.NOT_ASKED: "That is not asked any more.",
    Why.NOT_HERE: "That cannot be done here.",
    Why.CHECKS_MISSING: "The start is held: {what}.",
    Why.NO_SUCH_CHECK: "This session has no such check.",
    Why.NO_SUCH_ANSWER: "That check cannot be answered so.",
    Why.NOT_MEASURED: "There is no live number now. Look at the probe, or type it in.",
    Why.NOTHING_SENT: "The cuff has sent no pressure yet. Start it first.",
    Why.NOT_TESTED: "Play the tone first. It must be loud enough and not muted.",
    Why.REASON_TOO_SHORT: "Write the reason: ten characters or more.",
    Why.NAME_MISSING: "Write a name.",
    Why.MAY_NOT_OVERRIDE: "The plan does not let this be overridden like that.",
    Why.NOTHING_TO_OVERRIDE: "This check needs no override.",
    Why.NO_SUCH_ACT: "That entry is gone already, or has no time of its own.",
    Why.TOO_LATE_TO_UNDO: "Too late to undo. Correct its time, or add a note.",
    Why.NOTHING_DUE: "No blood pressure is due now.",
    Why.NO_SUCH_HAPPENING: "There is no such event.",
    Why.NOT_CONFIRMED: "All four are needed: present, sober, briefed, and the sound heard or a reason.",
    Why.ALREADY_SO: "That is so already.",
    Why.NO_MINIMUM: "The plan sets no minimum time. Ask the provider before anybody gets up.",
    Why.BEFORE_MINIMUM: "Not yet: the plan's observation time still runs.",
    Why.NOT_STANDING_UP: "Begin with “Stand up”.",
    Why.OTHER_STEP: "That is not the step of now.",
    Why.TOO_EARLY: "Wait for the countdown of this step.",
    Why.NOT_STEADY: "Sit, stand and walk come first, each steady.",
    Why.NOT_READY: "Mark “ready” first.",
    Why.CRITERIA: "Not all rules of the plan are met: {what}.",
    Why.NOT_RELEASED: "Release first: the page is for the hours after.",
    Why.TOO_LONG: "That is too long to be shared in one piece. Share a shorter entry.",
    Why.NOTHING_MADE: "The page could not be made.",
}
_FIELD = {
    "systolic": "the upper pressure",
    "diastolic": "the lower pressure",
    "spo2": "oxygen",
    "pulse": "pulse",
    "time": "the time",
}


def _word(why: Why, key: str) -> str:
    return criterion(key) if why is Why.CRITERIA else check_title(key)


def refused(refusal: Refused) -> str:
    """The sentence of a refusal."""
    field = _FIELD.get(refusal.field)
    what = ", ".join(_word(refusal.why, key) for key in refusal.what)
    return _(_WHY[refusal.why]).format(what=what) + (_(" ({field})").format(field=_(field)) if field else "")


def ask_back(ask: Ask) -> str:
    """The question: is it really this number?"""
    field = _(_FIELD.get(ask.field, ask.field))
    return _("{value} for {field}? Usual is {low} to {high}. Really {value}?").format(
        value=number(ask.value), field=field, low=number(ask.low), high=number(ask.high)
    )
