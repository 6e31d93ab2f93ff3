"""Sentences of the opening and the preparation, as they stand in the record: what was planned, asked and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.session import events as e
from kiosk.text.catalogue import _
from kiosk.text.emergency import route_words
from kiosk.text.measure import duration
from kiosk.text.preparation import ANSWERS, check_title

if TYPE_CHECKING:
    from kiosk.text.event import Names

_HAND = {  # checks whose answer is more than yes or no
    "probe": {
        "left": "The probe is on {patient}'s left hand.",
        "right": "The probe is on {patient}'s right hand.",
        "no": "The probe does not work.",
    },
    "cuff": {
        "left": "The cuff is on {patient}'s left arm.",
        "right": "The cuff is on {patient}'s right arm.",
        "no": "The cuff does not work.",
    },
    "sitter_phone": {"yes": "{sitter}'s phone is on and charged.", "no": "{sitter}'s phone is not ready."},
    "comfort": {
        "touch": "{patient} agreed to be touched.",
        "hand only": "{patient} agreed to a hand only.",
        "no touch": "{patient} wants no touch.",
    },
}
_TONE = {0: "call", 1: "low", 2: "medium", 3: "high"}


def opened(v: e.SessionOpened, names: Names) -> str:
    """The first sentence of a record: who, with whom, what was planned, and what is not as it should be."""
    kind = {"patient": _("Session"), "trial": _("Trial"), "demo": _("Demonstration")}.get(v.kind, v.kind)
    who = _("for {patient}, with {sitter}").format(patient=v.patient_label or names.patient, sitter=names.sitter)
    simulated = _(" Devices are simulated.") if v.simulated else ""
    faster = _(" The clock runs {x:g} times faster.").format(x=v.speed) if v.speed != 1 else ""
    dose = "" if v.dose_mg is None else f" {v.dose_mg:g} mg"
    taken = _(" Planned: {what}{dose} {route}.").format(what=v.medication, dose=dose, route=route_words(v.route))
    confirmed = "" if v.plan_confirmed else _(" Limits not confirmed by a provider.")
    return _("{kind} opened {who}.").format(kind=kind, who=who) + taken + simulated + faster + confirmed


def answered(v: e.CheckAnswered, names: Names) -> str:
    """One answer of the preparation."""
    title = check_title(v.check, names.patient)
    if v.check in ("solids", "clear_liquids"):
        return _fasting(v, names)
    if v.check == "pressures":
        return _pressures(v)
    if v.check == "sound":
        return _sound(v)
    if v.check == "baseline" and v.data.get("spo2"):
        beyond = _(" Beyond the plan's limits: {what}.").format(what=v.data["beyond"]) if v.data.get("beyond") else ""
        return _("Before the dose: SpO2 {spo2}, pulse {pulse}.").format(**v.data) + beyond
    if v.check == "sitter" and v.passed:
        return _("{name} sits: present, sober, briefed, able to call.").format(name=v.data.get("name", names.sitter))
    if v.check in _HAND:
        words = _HAND[v.check].get(v.answer)
        return f"{title}: {_(ANSWERS.get(v.answer, v.answer))}." if words is None else _person(words, names)
    return f"{title}: {_(ANSWERS.get(v.answer, v.answer))}."


def _person(words: str, names: Names) -> str:
    text = _(words).format(patient=names.patient, sitter=names.sitter)
    return text[:1].upper() + text[1:]


def _fasting(v: e.CheckAnswered, names: Names) -> str:
    what = {"solids": _("solid food"), "clear_liquids": _("clear liquid")}[v.check]
    time = v.data.get("last_solids") or v.data.get("last_liquids") or "?"
    said = _("{patient}'s last {what} was at {time}, {hours} h ago.").format(
        patient=names.patient, what=what, time=time, hours=v.data.get("hours", "?")
    )
    return said if v.passed else said + _(" That is too recent.")


def _pressures(v: e.CheckAnswered) -> str:
    if v.answer == "held":
        return _("Blood pressure before the dose is too high: {value}.").format(value=v.data.get("value", "?"))
    if v.answer == "first":
        return _("First blood pressure before the dose: {first}.").format(first=v.data.get("first", "?"))
    if v.answer == "measured":
        return _("Second blood pressure before the dose: {second}.").format(second=v.data.get("second", "?"))
    if v.answer == "again":
        return _("Blood pressure before the dose is taken again.")
    return _("The cuff gave no blood pressure.")


def _sound(v: e.CheckAnswered) -> str:
    if v.answer == "not heard":
        return _("The {tone} tone was not heard.").format(tone=v.data.get("tone") or _("alarm"))
    level = next((level for level in v.data.values() if level), "")
    at = _(", mixer at {level}").format(level=level) if level else ""
    return _("Heard at the sitter's place: {tones}{at}.").format(tones=", ".join(v.data), at=at)


def overridden(v: e.CheckOverridden, names: Names) -> str:
    """Who went on although a check failed, and why, word by word."""
    return _("OVERRIDDEN by {by}: {check}. “{reason}”").format(
        by=v.by, check=check_title(v.check, names.patient), reason=v.reason
    )


def held(v: e.HoldBegan, names: Names) -> str:
    """The start is held until a measurement can be repeated."""
    return _("The start is held for {time}: {why}.").format(time=duration(v.seconds), why=v.why)


def tested(v: e.SoundTested, names: Names) -> str:
    """A tone of the sound test."""
    tone = _TONE.get(v.severity, "?")
    if v.trouble or v.muted:
        return _("Sound test: the {tone} tone is not heard ({why}).").format(tone=tone, why=v.trouble or _("muted"))
    level = "" if v.level_percent is None else _(", level {level} %").format(level=v.level_percent)
    return _("Sound test: the {tone} tone was played on {output}{level}.").format(
        tone=tone, output=v.output or "?", level=level
    )


def signature(key: str, known: bool, name: str) -> str:
    """Whose plan it is, in one sentence. key: fingerprint, "" where nobody signed it; name: of a known key's owner."""
    if not key:
        return _("The plan is not signed: nobody can tell whether it was changed.")
    if not known:
        return _("The plan is signed with the key {key}, which is not known here.").format(key=key)
    by = _("{name} ({key})").format(name=name, key=key) if name else key
    return _("The plan is signed by {by}, a known key: its limits are the provider's and nobody changed them.").format(
        by=by
    )


def signature_short(known: bool, key: str, name: str) -> str:
    """The same for a line on a page."""
    if not key:
        return _("The plan is not signed.")
    return _("Signed by {who}, unchanged.").format(who=name or key[:11]) if known else _("Signed with an unknown key.")
