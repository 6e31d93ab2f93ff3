"""The words of each alarm: title, detail, mark in the chart, and the script of next actions.

Every script ends at the emergency number; the order is probe, person, position, recheck, call, because most low
readings at home are a slipped probe, and the person is looked at in the same second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from kiosk.text.catalogue import _
from kiosk.text.measure import duration

if TYPE_CHECKING:
    from kiosk.text.event import Names

_SHORT = {
    "spo2_low": "Oxygen is low",
    "spo2_very_low": "Oxygen is very low",
    "pulse_low": "Pulse is low",
    "pulse_high": "Pulse is high",
    "pressure_high": "Blood pressure is high",
    "pressure_low": "Blood pressure is low",
    "no_signal": "No oxygen signal",
    "finger_off": "Finger is out of the probe",
    "device_lost": "Oximeter is out of reach",
    "frozen": "Oxygen numbers stand still",
    "questionable": "Signal is questionable",
    "battery_low": "Oximeter battery is low",
    "adapter_off": "Bluetooth is off",
    "not_recording": "Not recording",
    "no_sound": "No alarm sound",
    "monitoring_restarted": "Monitoring restarted",
    "protection_lost": "Restart protection is lost",
    "display_gone": "A display is gone",
    "no_music": "Music stopped",
}


def short(alarm: str) -> str:
    """The alarm's name as words without numbers."""
    return _(_SHORT.get(alarm, alarm.replace("_", " ")))


def title(alarm: str, data: Mapping[str, str], names: Names) -> str:
    """The one sentence of the top slot. data: value, limit, for_s, last, last_age_s, questionable, gap_s ..."""
    value, words = data.get("value", ""), short(alarm)
    if data.get("questionable") and value:
        return _("SpO2 {value}? Weak signal").format(value=value) if alarm.startswith("spo2") else f"{words}: {value}?"
    if alarm == "no_signal" and (data.get("for_s") or data.get("last")):
        return _no_signal(data)
    if alarm == "not_recording":
        return _("Not recording. Watch {patient}").format(patient=names.patient)
    if alarm == "no_sound":
        return _("No alarm sound. Check the speaker")
    if alarm == "monitoring_restarted" and data.get("gap_s"):
        return _("Monitoring restarted. {gap} are missing").format(gap=duration(float(data["gap_s"])))
    return f"{words}: {value}" if value else words


def _no_signal(data: Mapping[str, str]) -> str:
    if data.get("kept") and data.get("last"):
        return _("No signal. Last: {last} %, {age} ago").format(
            last=data["last"], age=duration(float(data.get("last_age_s") or 0))
        )
    return _("No oxygen signal for {time}").format(time=duration(float(data.get("for_s") or 0)))


def detail(alarm: str, data: Mapping[str, str], limit_text: str, names: Names) -> str:
    """The line below the title: how long, which limit, who set it; for technical alarms what is not known."""
    if alarm in ("no_signal", "device_lost", "finger_off"):
        last, at = data.get("last"), data.get("last_at")
        known = _("Last reading {last} at {at}. ").format(last=last, at=at) if last and at else ""
        return known + _("SpO2 and pulse are not live.")
    if data.get("questionable"):
        return _("Look at the person, then the probe. ") + limit_text
    return limit_text or _DETAIL.get(alarm, "")


_DETAIL = {
    "frozen": "The same numbers for too long. Look at the probe.",
    "battery_low": "Keep fresh batteries at hand.",
    "adapter_off": "SpO2 and pulse cannot arrive. Switch Bluetooth on.",
    "not_recording": "Rows wait in memory and are written when the disk answers.",
    "no_sound": "Keep looking at the screen and at the oximeter.",
    "monitoring_restarted": "Values before and after are kept; the gap is marked.",
    "protection_lost": "If this program stops, nobody restarts it.",
    "display_gone": "One display is missing. Vital signs stay on the sitter's.",
}

_MARK = {
    "spo2_low": "low oxygen",
    "spo2_very_low": "very low oxygen",
    "pulse_low": "low pulse",
    "pulse_high": "high pulse",
    "pressure_high": "high pressure",
    "no_signal": "no signal",
    "finger_off": "probe off",
    "device_lost": "out of reach",
    "not_recording": "not recording",
    "no_sound": "no sound",
    "monitoring_restarted": "restarted",
}


def mark_label(alarm: str) -> str:
    """The word beside a mark in the chart."""
    return _(_MARK.get(alarm, short(alarm).lower()))


class ScriptStep(msgspec.Struct, frozen=True):
    """One next action: chip label, the action, its detail, and the answers (label, key, answer, kind).

    An answer "call" opens the emergency card, "breaths" the breath counter, "pressure" the cuff's form.
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
    ("Not at all", "4", "call", "call"),
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
_SIGNAL: Script = (
    ScriptStep(
        "look",
        "Look",
        "Look at {patient}. Breathing?",
        "The screen cannot see now. You can.",
        (
            ("Breathing", "1", "breathing", "primary"),
            ("Count breaths", "K", "breaths", "plain"),
            ("Not breathing: call", "4", "call", "call"),
        ),
    ),
    ScriptStep("probe", "Probe", "Put the probe back on.", "Flat on the finger, light inside.", _still("No signal")),
    ScriptStep("warm", "Warm", "Warm the hand.", "Cold fingers hide the pulse.", _still("No signal")),
    ScriptStep("other", "Other finger", "Try another finger.", "Without nail polish.", _still("No signal")),
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
_SCRIPTS: dict[str, Script] = {
    "spo2_low": _OXYGEN,
    "spo2_very_low": _OXYGEN,
    "no_signal": _SIGNAL,
    "finger_off": _SIGNAL,
    "device_lost": _SIGNAL,
    "frozen": _SIGNAL,
    "pulse_high": _PULSE,
    "pulse_low": _PULSE,
    "pressure_high": _PRESSURE,
}
