"""The words of the preparation: for each check its row, its one instruction, what to look for, and its answers.

Shipped text of 2026-11, educational. Facts behind it, as far as published: no solid food for six hours and clear
liquid until two hours before (the plan's own hours are shown); a sober person present throughout; phone in airplane
mode; no bath or pool near; bed, mask, music; blood pressure twice, sitting, about a minute apart; agreed comfort
before the dose; the sitter briefed and able to call, the address at hand. Instructions have seven words or fewer.
"""

from __future__ import annotations

import msgspec

from kiosk.text import form
from kiosk.text.catalogue import _


class CheckWords(msgspec.Struct, frozen=True):
    """title: its row. say: seven words. detail: below. yes, no: labels of the two usual answers, "" for none."""

    title: str
    say: str
    detail: str
    yes: str = "Yes"
    no: str = "No"


GROUPS = {
    "since": "Since then",
    "patient": "{patient}",
    "feel": "How it is",
    "room": "Room",
    "you": "You",
    "devices": "Devices",
    "baseline": "Baseline",
}

WORDS: dict[str, CheckWords] = {
    "person": CheckWords("{patient} lies here", "Does {patient} lie here?", "Ask for the name. Read it on the plan."),
    "plan_confirmed": CheckWords(
        "Limits confirmed by a provider", "The plan is not confirmed yet.", "A provider confirms limits and schedule."
    ),
    "gap": CheckWords("Far enough from the last session", "The last session was too recent.", "Call the provider."),
    "series": CheckWords("By the plan's series", "Today is beside the plan's series.", "Call the provider first."),
    "thoughts": CheckWords(
        "Thoughts of self-harm", "Stay with {patient}. Call now.", "Take away what could harm. Do not leave."
    ),
    "solids": CheckWords(
        "No solid food for {hours} hours", "When did {patient} last eat?", "Solid food. Time of day, like 13:30."
    ),
    "clear_liquids": CheckWords(
        "No clear liquid for {hours} hours",
        "When did {patient} last drink?",
        "Water, tea, juice. Time of day, like 13:30.",
    ),
    "medication_list": CheckWords(
        "Medication list read", "Read the medication list together.", "Anything new, or missed today?", "It is right"
    ),
    "no_water": CheckWords(
        "No bath or pool near", "No bath, pool or open water?", "Lock the bathroom if there is one."
    ),
    "dim_quiet": CheckWords(
        "Dim and quiet", "Make the room dim and quiet.", "Pets and phones out. Door closed.", "Done"
    ),
    "bed": CheckWords("Bed ready, floor clear", "Make the bed. Clear the floor.", "Side rail or wall. A bowl.", "Done"),
    "mask_headphones": CheckWords(
        "Mask and headphones", "Lay out mask and headphones.", "The patient can take both off alone.", "Done"
    ),
    "music": CheckWords("Music queued", "Is the music ready?", "Play a moment of it. Not too loud."),
    "patient_phone": CheckWords(
        "{patient}'s phone in airplane mode", "Put {patient}'s phone in airplane mode.", "Then out of reach.", "Done"
    ),
    "sitter": CheckWords(
        "Sober, staying throughout",
        "Write your name. All of it true?",
        "Present to the end, sober, briefed, able to call.",
        "All true",
        "Not all",
    ),
    "sitter_phone": CheckWords(
        "Your phone on", "Is your phone on and charged?", "With signal, beside you, not silent."
    ),
    "comfort": CheckWords("Touch agreed", "Which touch did {patient} agree to?", "Ask now. It holds for the session."),
    "card_read": CheckWords(
        "Emergency card read", "Read the emergency card.", "Is the address right? Press E.", "Read"
    ),
    "probe": CheckWords(
        "Probe on {patient}'s finger", "Put the probe on {patient}'s finger.", "Which arm?", "", "It does not work"
    ),
    "same_number": CheckWords(
        "Same number as on the device",
        "Same number as on the oximeter?",
        "Compare SpO2 here with the device on {patient}'s finger.",
    ),
    "cuff": CheckWords(
        "Cuff on {patient}'s arm", "Put the cuff on {patient}'s arm.", "Which arm?", "", "It does not work"
    ),
    "sound": CheckWords("Alarm sound heard", "Play each tone. Do you hear it?", "At your place, door as it will be."),
    "baseline": CheckWords(
        "SpO2 and pulse", "Take SpO2 and pulse now.", "{patient} lies still for a minute.", "Take these", ""
    ),
    "pressures": CheckWords(
        "Blood pressure, twice",
        "Start the cuff.",
        "Sitting, arm at heart height, nobody talking.",
        "",
        "Cuff says error",
    ),
    "same_pressure": CheckWords(
        "Same pressure as on the cuff",
        "Same pressure as on the cuff?",
        "Compare the number here with the cuff's own display.",
    ),
    "page_read": CheckWords(
        "{patient}'s page read aloud",
        "Read this aloud to {patient}.",
        "“Stay lying. Eyes closed. Let it come. To call me, touch the screen.”",
        "Read aloud",
    ),
}
ANSWERS = {
    "yes": "yes",
    "no": "no",
    "touch": "touch agreed",
    "hand only": "hand only",
    "no touch": "no touch",
    "left": "left",
    "right": "right",
}
TONES = {"low": "low", "medium": "medium", "high": "high", "call": "call"}
AGAIN = CheckWords("", "Start the cuff again.", "Second of two readings. Same arm, nobody talking.")
TAKEN = CheckWords(
    "", "Both pressures are taken.", "Measure again only if one of them is in doubt.", "", "Measure again"
)
LOCKED = CheckWords("", "The record is locked.", "When the last session was is not known. Call the provider.")
ASKING = CheckWords("", "{patient} answers. Read aloud, or hand over.", "No answer is right or wrong.")
REMEASURE = CheckWords("", "Start is held: pressure {value}.", "Rest. Lie quietly until the countdown is over.")


def check_title(key: str, patient: str = "", hours: float | None = None) -> str:
    """The row of a check. patient "" gives the general word; hours: of fasting."""
    words = WORDS.get(key)
    if words is None:
        return form.title(key, patient)
    told = patient or _("the patient")
    title = _(words.title) if hours is not None else _(words.title).replace(" for {hours} hours", "")
    return _capital(title.format(patient=told, hours="" if hours is None else f"{hours:g}"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
