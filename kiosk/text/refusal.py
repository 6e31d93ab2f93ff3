"""Why a command does nothing, and the question back for a number that can hardly be: each a sentence."""

from __future__ import annotations

from kiosk.session.decision import Ask, Refused, Why
from kiosk.text.catalogue import _
from kiosk.text.measure import number

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
    Why.NOT_HERE: "That cannot be done here.",
}
_FIELD = {"systolic": "the upper pressure", "diastolic": "the lower pressure", "spo2": "oxygen", "pulse": "pulse"}


def refused(refusal: Refused) -> str:
    """The sentence of a refusal."""
    field = _FIELD.get(refusal.field)
    return _(_WHY[refusal.why]) + (_(" ({field})").format(field=_(field)) if field else "")


def ask_back(ask: Ask) -> str:
    """The question: is it really this number?"""
    field = _(_FIELD.get(ask.field, ask.field))
    return _("{value} for {field}? Usual is {low} to {high}. Really {value}?").format(
        value=number(ask.value), field=field, low=number(ask.low), high=number(ask.high)
    )
