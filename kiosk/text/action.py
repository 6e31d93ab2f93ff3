"""What to do about an alarm: its next actions in order, one line each.

Every script of a danger ends at the emergency number; the order is probe, person, position, recheck, call, because
most low readings at home are a slipped probe, and the person is looked at in the same second. Shipped text of
2026-11, educational, merged from published sitter guides and monitor manuals; a plan's provider reads it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kiosk.text.event import Names


class ScriptStep(msgspec.Struct, frozen=True):
    """One next action: chip label, the action, its detail, and the answers (label, key, answer, kind).

    An answer "call" opens the emergency card, "breaths" the breath counter, "pressure" the cuff's form. "breathing"
    is a look at the person as well, "coming" answers the call, and what wakes the person is a response check.
    """

    key: str
    label: str
    say: str
    detail: str
    answers: tuple[tuple[str, str, str, str], ...]


Script = tuple[ScriptStep, ...]

_CALL = ("Call now", "E", "call", "call")


def script(alarm: str, names: Names) -> Script:
    """The next actions of one alarm, in order; () for alarms that only inform."""
    make = _SCRIPTS.get(alarm)
    return tuple(_named(step, names) for step in make) if make else ()


def _named(step: ScriptStep, names: Names) -> ScriptStep:
    fill = {"patient": names.patient, "sitter": names.sitter}
    return ScriptStep(step.key, step.label, step.say.format(**fill), step.detail.format(**fill), step.answers)


def _still(word: str) -> tuple[tuple[str, str, str, str], ...]:
    return ((f"Done. {word}", "Enter", "done", "primary"), _CALL)


_WAKE_ANSWERS = (
    ("Answers", "1", "normal voice", "primary"),
    ("Loud voice", "2", "loud voice", "plain"),
    ("Touch", "3", "touch", "plain"),
    ("Not at all", "4", "not at all", "call"),
)
_OXYGEN: Script = (
    ScriptStep("probe", "Probe", "Check the finger probe.", "Flat on a warm, still finger?", _still("Still low")),
    ScriptStep("wake", "Wake", "Say “{patient}!” loudly.", "Then touch the shoulder. What wakes?", _WAKE_ANSWERS),
    ScriptStep(
        "position", "Position", "Roll {patient} onto one side.", "Tilt the head back a little.", _still("Still low")
    ),
    ScriptStep("recheck", "Recheck", "Watch the number for 30 seconds.", "Breathing easily?", _still("Still low")),
    ScriptStep("call", "Call", "Call for help now.", "The card says what to read out.", (_CALL,)),
)
_LOOKED = (
    ("Breathing", "1", "breathing", "primary"),
    ("Count breaths", "K", "breaths", "plain"),
    ("Not breathing: call", "4", "call", "call"),
)
_LOOK = ScriptStep("look", "Look", "Look at {patient}. Breathing?", "The screen cannot see now. You can.", _LOOKED)
_SIGNAL: Script = (
    _LOOK,
    ScriptStep("probe", "Probe", "Put the probe back on.", "Flat on the finger, light inside.", _still("No signal")),
    ScriptStep("warm", "Warm", "Warm the hand.", "Cold fingers hide the pulse.", _still("No signal")),
    ScriptStep("other", "Other finger", "Try another finger.", "Without nail polish.", _still("No signal")),
)
_WHOSE = (
    ("Same: it is ours", "1", "ours", "primary"),
    ("Not ours", "2", "not ours", "plain"),
)
_DOUBTED: Script = (
    ScriptStep("number", "Number", "Same number as on the oximeter?", "Look at {patient} first.", (*_WHOSE, _CALL)),
    *_SIGNAL,
)
_PULSE: Script = (
    ScriptStep("look", "Look", "Look at {patient}. Calm?", "Chest pain, or very upset?", _still("Still so")),
    ScriptStep("probe", "Probe", "Check the finger probe.", "A loose probe miscounts.", _still("Still so")),
    ScriptStep("call", "Call", "Call for help now.", "Chest pain or fainting: call at once.", (_CALL,)),
)
_PRESSURE: Script = (
    ScriptStep("calm", "Calm", "Keep {patient} calm and still.", "Headache or chest pain?", _still("No pain")),
    ScriptStep(
        "again",
        "Again",
        "Measure again in 5 minutes.",
        "Arm at heart height, no talking.",
        (("Type it", "B", "pressure", "primary"), _CALL),
    ),
    ScriptStep("call", "Call", "Call for help now.", "With pain or weakness: call at once.", (_CALL,)),
)
_AWAKE: Script = (
    ScriptStep("look", "Look", "Look at {patient}. Breathing?", "Chest rises? Lips pink?", _LOOKED),
    ScriptStep("side", "Side", "Roll {patient} onto one side.", "Tilt the head back a little.", _still("No better")),
    ScriptStep("wake", "Wake", "Say “{patient}!” and touch.", "What wakes now?", _WAKE_ANSWERS),
    ScriptStep("call", "Call", "Call for help now.", "The card says what to read out.", (_CALL,)),
)
_BREATHING: Script = (
    ScriptStep("wake", "Wake", "Say “{patient}! Breathe!” loudly.", "Then touch the shoulder.", _WAKE_ANSWERS),
    ScriptStep("head", "Head", "Tilt head back, lift chin.", "Snoring or pauses: keep it so.", _still("No better")),
    ScriptStep(
        "count",
        "Count",
        "Count breaths for 30 seconds.",
        "The alarm ends with a better count.",
        (("Count breaths", "K", "breaths", "primary"), _CALL),
    ),
    ScriptStep("call", "Call", "Call for help now.", "The card says what to read out.", (_CALL,)),
)
_LOOK_IN: Script = (
    ScriptStep("look", "Look", "Look at {patient}. Breathing?", "Chest rises? Answers to the name?", _LOOKED),
)
_GO: Script = (
    ScriptStep(
        "go",
        "Go",
        "Go to {patient} now.",
        "The call sounds until you answer.",
        (("I am there", "1", "coming", "primary"), _CALL),
    ),
)
_PROBE: Script = (
    ScriptStep("probe", "Probe", "Check the finger probe.", "Flat on a warm, still finger?", _still("No better")),
    ScriptStep("warm", "Warm", "Warm the hand.", "Cold fingers hide the pulse.", _still("No better")),
    ScriptStep("other", "Other finger", "Try another finger.", "Without nail polish.", _still("No better")),
)
_DISAGREE: Script = (
    ScriptStep("look", "Look", "Look at {patient}. Breathing?", "Until both agree, believe the worse one.", _LOOKED),
    *_PROBE,
)
_ADAPTER: Script = (
    _LOOK,
    ScriptStep("switch", "Switch", "Switch Bluetooth on.", "In the computer's settings.", _still("Still off")),
)


def _fix(key: str, chip: str, say: str, more: str) -> Script:
    return (ScriptStep(key, chip, say, more, (("Done", "Enter", "done", "primary"),)),)


_SCRIPTS: dict[str, Script] = {
    "spo2_low": _OXYGEN,
    "spo2_very_low": _OXYGEN,
    "spo2_area": _OXYGEN,
    "response_poor": _AWAKE,
    "breaths_low": _BREATHING,
    "breaths_high": _PULSE,
    "look_in_due": _LOOK_IN,
    "call_unanswered": _GO,
    "no_signal": _SIGNAL,
    "finger_off": _SIGNAL,
    "device_lost": _SIGNAL,
    "device_doubted": _DOUBTED,
    "cuff_doubted": (ScriptStep("label", "Label", "Look at the cuff's own label.", "Is it the one you use?", _WHOSE),),
    "adapter_off": _ADAPTER,
    "no_pulse_signal": _SIGNAL,
    "frozen": _SIGNAL,
    "questionable": _PROBE,
    "sources_disagree": _DISAGREE,
    "pulse_high": _PULSE,
    "pulse_low": _PULSE,
    "pressure_high": _PRESSURE,
    "battery_low": _fix("battery", "Battery", "Put in fresh batteries.", "One device after the other."),
    "laptop_battery": _fix("plug", "Plug", "Plug the computer in.", "Without power all monitoring ends."),
    "cuff_lost": _fix("cuff", "Cuff", "Switch the cuff on again.", "Until then: measure by hand and type it in."),
    "display_gone": _fix("plug", "Plug", "Plug the display in again.", "Nobody can call by touch without it."),
    "no_sound": _fix("speaker", "Speaker", "Turn the speaker on and up.", "Not muted, and the right output?"),
    "not_recording": _fix("paper", "Paper", "Write the numbers on paper.", "Time, oxygen, pulse, pressure."),
}
"""Alarms without a script only inform: nothing about them is in the sitter's hands."""
