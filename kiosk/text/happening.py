"""The words of the one-tap events: label, sentence, and what a sitter does next, in order.

Shipped text of 2026-11, educational, not a provider's order; a plan's provider reads it before it is used. Steps are
merged from published sitter guides and clinic templates (vomiting: on the side, clear the mouth, do not leave;
agitation: calm words, block falls, no restraint; distress: the comfort agreed before, it ends; bathroom: both ways;
seizure-like movement, swelling, chest pain, blue lips: emergency number; spoken suicidal thought: stay, remove means,
call the provider or the crisis line; "not breathing right" with a normal SpO2 is often the medicine's feeling, but
the chest is looked at first). Seven words or fewer a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.text.action import Script, ScriptStep
from kiosk.text.catalogue import _

if TYPE_CHECKING:
    from kiosk.text.event import Names


class Words(msgspec.Struct, frozen=True):
    """label: in the menu. sentence: what is recorded and shown. steps: (key, chip, the action, its detail)."""

    label: str
    sentence: str
    steps: tuple[tuple[str, str, str, str], ...]


_CALL = ("call", "Call", "Call for help now.", "The card says what to read out.")

WORDS: dict[str, Words] = {
    "vomiting": Words(
        "Vomiting",
        "{patient} vomits.",
        (
            ("side", "Side", "Roll {patient} onto one side.", "The mouth points down."),
            ("mouth", "Mouth", "Clear the mouth.", "Only what you can see. Headphones and mask off."),
            ("stay", "Stay", "Stay until it is over.", "Choking or not answering: call."),
        ),
    ),
    "distress": Words(
        "Distress, panic",
        "{patient} is in distress.",
        (
            ("say", "Say", "Say “I am here. It ends.”", "Low voice, few words."),
            ("comfort", "Comfort", "Give the comfort you agreed.", "Only that touch, or none."),
            ("breathe", "Breathe", "Breathe slowly together.", "Lasts long, or you are unsure: call the provider."),
        ),
    ),
    "agitation": Words(
        "Restless, getting up",
        "{patient} is restless or tries to get up.",
        (
            ("calm", "Calm", "Speak calmly. Keep lights low.", "Say where we are and that it ends."),
            ("block", "Block", "Block falls with your body.", "Never hold down."),
            ("call", "Call", "Cannot keep it safe: call.", "The card says what to read out."),
        ),
    ),
    "bathroom": Words(
        "Needs the bathroom",
        "{patient} needs the bathroom.",
        (
            ("sit", "Sit", "Sit up first. Wait.", "Dizzy: lie down again, use a bowl."),
            ("walk", "Walk", "Hold on, both ways.", "Press “Up with help” before you go."),
            ("back", "Back", "Probe back on the finger.", "Look for live numbers."),
        ),
    ),
    "not breathing right": Words(
        "Breathing looks wrong",
        "{patient} does not breathe right.",
        (
            ("look", "Look", "Watch the chest. Blue lips?", "Slow, snoring or pausing: go on."),
            ("wake", "Wake", "Say “{patient}!” and touch.", "Then count breaths for 30 seconds."),
            ("head", "Head", "Tilt head back, lift chin.", "Better only while you hold: call."),
            _CALL,
        ),
    ),
    "seizure": Words(
        "Seizure-like movement",
        "{patient} moves as in a seizure.",
        (
            _CALL,
            ("clear", "Clear", "Clear the space. Do not hold.", "Nothing into the mouth. Look at the clock."),
            ("side", "Side", "Then roll onto one side.", "Watch every breath until help is there."),
        ),
    ),
    "chest pain": Words(
        "Chest pain, bad headache",
        "{patient} has chest pain or a severe headache.",
        (
            _CALL,
            ("rest", "Rest", "Keep {patient} lying and still.", "One side weak, or fainting: say so on the phone."),
            ("measure", "Measure", "Measure the blood pressure now.", "Read it out on the phone."),
        ),
    ),
    "rash": Words(
        "Rash, swelling",
        "{patient} has a rash or swelling.",
        (
            ("throat", "Throat", "Look at lips and breathing.", "Swollen, hoarse or wheezing: call now."),
            _CALL,
        ),
    ),
    "fall": Words(
        "Fall",
        "{patient} fell.",
        (
            ("still", "Still", "Do not lift yet. Ask.", "Head, neck or strong pain: call, keep still."),
            ("check", "Check", "Check the response.", "Answers to the name?"),
            ("bed", "Bed", "Help back to bed slowly.", "Note what was hit."),
        ),
    ),
    "dark thoughts": Words(
        "Speaks of dying",
        "{patient} speaks of suicide.",
        (
            ("stay", "Stay", "Stay. Listen. Do not argue.", "Take it seriously, also when it sounds dreamlike."),
            ("remove", "Remove", "Take away what could harm.", "Medicine, blades, keys."),
            ("call", "Call", "Call the provider now.", "Crisis line or emergency number when in doubt."),
        ),
    ),
}


def label(kind: str) -> str:
    """The entry in the menu."""
    return _(WORDS[kind].label) if kind in WORDS else kind


def sentence(kind: str, names: Names) -> str:
    """What happened, as recorded and shown."""
    return _(WORDS[kind].sentence).format(patient=names.patient) if kind in WORDS else f"{kind}."


def guidance(kind: str, names: Names) -> Script:
    """The steps for the action panel; the last is left by "over". () for an unknown kind."""
    words = WORDS.get(kind)
    if words is None:
        return ()
    last = len(words.steps) - 1
    return tuple(
        ScriptStep(
            key,
            _(chip),
            _(say).format(patient=names.patient),
            _(more).format(patient=names.patient),
            _answers(key, i == last),
        )
        for i, (key, chip, say, more) in enumerate(words.steps)
    )


def _answers(key: str, is_last: bool) -> tuple[tuple[str, str, str, str], ...]:
    call = ("Call now", "E", "call", "call")
    on = () if is_last else (("Done. Next", "Enter", "done", "primary"),)
    breaths = (("Count breaths", "K", "breaths", "plain"),) if key == "wake" else ()
    pressure = (("Type it", "B", "pressure", "plain"),) if key == "measure" else ()
    over = (("It is over", "O", "over", "primary" if is_last else "plain"),)
    return (*on, *breaths, *pressure, *over, call)
