"""The words of each alarm: title, detail, and its mark in the chart. What to do about it is in `kiosk.text.action`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kiosk.text.catalogue import _
from kiosk.text.measure import duration

if TYPE_CHECKING:
    from kiosk.text.event import Names

_Title = Callable[[Mapping[str, str], "Names"], str]
SEALED_AT_END, LOST_AT_END = "sealed", "lost"  # what becomes of rows that wait for a locked key
CUFF_ON_ARM = "cuff on the probe's arm"  # the reason that `kiosk.session.alarm.inflation` gives

_SHORT = {
    "spo2_low": "Oxygen is low",
    "spo2_very_low": "Oxygen is very low",
    "spo2_area": "Oxygen keeps dipping",
    "response_poor": "Hard to wake",
    "breaths_low": "Breathing is slow",
    "breaths_high": "Breathing is fast",
    "look_in_due": "Nobody has looked",
    "call_unanswered": "The call is not answered",
    "pulse_low": "Pulse is low",
    "pulse_high": "Pulse is high",
    "pressure_high": "Blood pressure is high",
    "no_signal": "No oxygen signal",
    "finger_off": "Finger is out of the probe",
    "device_lost": "Oximeter is out of reach",
    "device_doubted": "Oximeter is not confirmed",
    "cuff_doubted": "Cuff is not confirmed",
    "adapter_off": "No Bluetooth",
    "no_pulse_signal": "No pulse signal",
    "frozen": "Oxygen numbers stand still",
    "questionable": "Signal is questionable",
    "sources_disagree": "Two devices disagree",
    "battery_low": "Device battery is low",
    "laptop_battery": "Computer battery is low",
    "cuff_lost": "Cuff does not connect",
    "not_recording": "Not recording",
    "no_sound": "No alarm sound",
    "monitoring_restarted": "Monitoring restarted",
    "protection_lost": "Restart protection is lost",
    "clock_jumped": "The computer stood still",
    "display_gone": "A display is gone",
}


def short(alarm: str) -> str:
    """The alarm's name as words without numbers."""
    return _(_SHORT.get(alarm, alarm.replace("_", " ")))


def title(alarm: str, data: Mapping[str, str], names: Names) -> str:
    """The one sentence of the top slot. data: value, limit, for_s, last, last_age_s, questionable, gap_s ..."""
    value, words = data.get("value", ""), short(alarm)
    if data.get("questionable") and value:
        return _questionable(alarm, words, value, data)
    if alarm in _TITLES and (made := _TITLES[alarm](data, names)):
        return made
    return f"{words}: {value}" if value else words


def _questionable(alarm: str, words: str, value: str, data: Mapping[str, str]) -> str:
    why = _("Cuff on the probe's arm") if data.get("reason") == CUFF_ON_ARM else _("Weak signal")
    return _("SpO2 {value}? {why}").format(value=value, why=why) if alarm.startswith("spo2") else f"{words}: {value}?"


def _no_signal(data: Mapping[str, str]) -> str:
    if data.get("kept") and data.get("last"):
        return _("No signal. Last: {last} %, {age} ago").format(
            last=data["last"], age=duration(float(data.get("last_age_s") or 0))
        )
    return _("No oxygen signal for {time}").format(time=duration(float(data.get("for_s") or 0)))


def _blind(data: Mapping[str, str], names: Names) -> str:
    return _no_signal(data) if data.get("for_s") or data.get("last") else ""


def _waking(data: Mapping[str, str], names: Names) -> str:
    if data.get("answer") == "not at all":
        return _("{patient} does not wake").format(patient=names.patient)
    return _("{patient} wakes only when touched").format(patient=names.patient)


def _breathing(word: str) -> _Title:
    def made(data: Mapping[str, str], names: Names) -> str:
        if data.get("value") == "0":
            return _("No breath was counted")
        return _("{word}: {value} a minute").format(word=_(word), value=data["value"]) if data.get("value") else ""

    return made


def _looked(data: Mapping[str, str], names: Names) -> str:
    late = duration(float(data.get("for_s") or 0))
    return _("Look at {patient}: {late} overdue").format(patient=names.patient, late=late)


def _disagree(data: Mapping[str, str], names: Names) -> str:
    if not data.get("other"):
        return ""
    return _("{what} {mine} or {other}? Two devices disagree").format(
        what=_(data.get("what", "")), mine=data.get("mine", "?"), other=data["other"]
    )


def _battery(data: Mapping[str, str], names: Names) -> str:
    words = {"oximeter": _("Oximeter battery is low"), "cuff": _("Cuff battery is low")}.get(data.get("role", ""), "")
    return f"{words}: {data['value']} %" if words and data.get("value") else words


def _laptop(data: Mapping[str, str], names: Names) -> str:
    return _("Computer battery is low: {value} %").format(value=data["value"]) if data.get("value") else ""


def _gap(words: str) -> _Title:
    def made(data: Mapping[str, str], names: Names) -> str:
        return _(words).format(gap=duration(float(data["gap_s"]))) if data.get("gap_s") else ""

    return made


def _whose(words: str) -> _Title:
    return lambda data, names: _(words).format(patient=names.patient)


_TITLES: dict[str, _Title] = {
    "device_doubted": _whose("Is this {patient}'s oximeter?"),
    "cuff_doubted": _whose("Is this {patient}'s cuff?"),
    "no_signal": _blind,
    "response_poor": _waking,
    "breaths_low": _breathing("Breathing is slow"),
    "breaths_high": _breathing("Breathing is fast"),
    "look_in_due": _looked,
    "call_unanswered": lambda data, names: _("{patient} calls. Nobody has answered").format(patient=names.patient),
    "sources_disagree": _disagree,
    "battery_low": _battery,
    "laptop_battery": _laptop,
    "not_recording": lambda data, names: _("Not recording. Watch {patient}").format(patient=names.patient),
    "no_sound": lambda data, names: _("No alarm sound. Check the speaker"),
    "monitoring_restarted": _gap("Monitoring restarted. {gap} are missing"),
    "clock_jumped": _gap("The computer stood still for {gap}"),
}


def detail(alarm: str, data: Mapping[str, str], limit_text: str, names: Names) -> str:
    """The line below the title: how long, which limit, who set it; for technical alarms what is not known."""
    if alarm in ("no_signal", "device_lost", "finger_off", "adapter_off"):
        return _not_live(data)
    if alarm in ("device_doubted", "cuff_doubted"):
        return (data.get("doubt") or _("It may be another device.")) + " " + _("Nothing of it is recorded.")
    if data.get("locked"):
        if data["locked"] == SEALED_AT_END:
            return _("Its key is locked: press O, then L. Rows wait, and are sealed if the room ends.")
        return _("Its key is locked: press O, then L. Rows are LOST if the room ends first.")
    if data.get("questionable"):
        return _("Look at the person, then the probe. ") + limit_text
    return limit_text or _(_DETAIL.get(alarm, ""))


def _not_live(data: Mapping[str, str]) -> str:
    last, at = data.get("last"), data.get("last_at")
    known = _("Last reading {last} at {at}. ").format(last=last, at=at) if last and at else ""
    squeezed = _(" The cuff squeezes the probe's arm now.") if data.get("cuff") else ""
    return known + _("SpO2 and pulse are not live.") + squeezed


_GOES_ON = {  # what happened, and was no state that could be over
    "monitoring_restarted": "Monitoring goes on.",
    "clock_jumped": "The computer runs again.",
}


def cleared(alarm: str, why: str) -> str:
    """How an alarm ended, a whole sentence."""
    if alarm in _GOES_ON and why == "recovered":
        return _(_GOES_ON[alarm])
    words = {
        "recovered": _("{alarm}: over."),
        "data stopped": _("{alarm}: no data to judge any more."),
        "session ended": _("{alarm}: still there when the session ended."),
    }.get(why, _("{alarm}: over ({why})."))
    return words.format(alarm=short(alarm), why=why)


_DETAIL = {
    "spo2_area": "Each dip was short. Together they are not.",
    "response_poor": "The alarm ends with a better answer.",
    "breaths_low": "The alarm ends with a better count.",
    "breaths_high": "The alarm ends with a better count.",
    "look_in_due": "“I looked”, a response check or a breath count ends it.",
    "call_unanswered": "The call sounds until somebody answers.",
    "no_pulse_signal": "Oxygen still comes. The pulse limits cannot be judged.",
    "sources_disagree": "Only the first oximeter is judged. Look at the person.",
    "frozen": "The same numbers for too long. Look at the probe.",
    "questionable": "The oximeter itself doubts its numbers.",
    "battery_low": "Keep fresh batteries at hand.",
    "laptop_battery": "Plug it in. Without power all monitoring ends.",
    "cuff_lost": "Measure by hand and type it in.",
    "not_recording": "Rows wait in memory and are written as soon as they can be.",
    "no_sound": "Keep looking at the screen and at the oximeter.",
    "monitoring_restarted": "Values before and after are kept; the gap is marked.",
    "protection_lost": "If this program stops, nobody restarts it.",
    "clock_jumped": "Nothing was watched in that time. Look at the person.",
    "display_gone": "One display is missing. Vital signs are shown to the sitter alone.",
}

_MARK = {
    "spo2_low": "low oxygen",
    "spo2_very_low": "very low oxygen",
    "spo2_area": "oxygen dips",
    "response_poor": "hard to wake",
    "breaths_low": "slow breathing",
    "breaths_high": "fast breathing",
    "look_in_due": "no look",
    "call_unanswered": "call unanswered",
    "pulse_low": "low pulse",
    "pulse_high": "high pulse",
    "pressure_high": "high pressure",
    "no_signal": "no signal",
    "finger_off": "probe off",
    "device_lost": "out of reach",
    "device_doubted": "which oximeter?",
    "cuff_doubted": "which cuff?",
    "adapter_off": "Bluetooth off",
    "no_pulse_signal": "no pulse",
    "frozen": "frozen",
    "questionable": "questionable",
    "sources_disagree": "devices disagree",
    "battery_low": "device battery",
    "laptop_battery": "computer battery",
    "cuff_lost": "cuff lost",
    "not_recording": "not recording",
    "no_sound": "no sound",
    "monitoring_restarted": "restarted",
    "protection_lost": "unprotected",
    "clock_jumped": "stood still",
    "display_gone": "display gone",
}


def mark_label(alarm: str) -> str:
    """The word beside a mark in the chart."""
    return _(_MARK.get(alarm, short(alarm).lower()))
