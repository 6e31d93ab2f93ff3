"""Sentences of what the sitter answered: to a step of the action panel, to what wakes the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session import events as e
from kiosk.session.happening import PREFIX
from kiosk.text import alarm, happening
from kiosk.text.action import script
from kiosk.text.catalogue import _

if TYPE_CHECKING:
    from kiosk.text.event import Names


def step(v: e.StepAnswered, names: Names) -> str:
    """What was answered to which step; a step that was only turned to is not one that was done."""
    kind = v.alarm.removeprefix(PREFIX) if v.alarm.startswith(PREFIX) else ""
    what = happening.label(kind) if kind else alarm.short(v.alarm)
    if v.answer == "over":
        return _("{what}: over.").format(what=what)
    steps = happening.guidance(kind, names) if kind else script(v.alarm, names)
    labels = {found.key: found.label for found in steps}
    words = _("{what}, step {step}: {answer}.") if v.on else _("{what}: turned to step {step}.")
    key, answer = v.on or v.step, _(_ANSWERED.get(v.answer, v.answer))
    return words.format(what=what, step=labels.get(key, key), answer=answer.format(patient=names.patient))


_RESPONSE = {
    "normal voice": "{patient} answers to a normal voice",
    "loud voice": "{patient} answers only to a loud voice",
    "touch": "{patient} wakes only when touched",
    "not at all": "{patient} does not wake",
}
_ANSWERED = {**_RESPONSE, "breathing": "{patient} is breathing", "coming": "the sitter went there"}


def response(v: e.ResponseRecorded, names: Names) -> str:
    """What wakes the person."""
    if v.answer not in _RESPONSE:
        return f"{names.patient}: {v.answer}."
    words = _(_RESPONSE[v.answer]).format(patient=names.patient)
    return words[:1].upper() + words[1:] + "."
