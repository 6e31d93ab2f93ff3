"""The words of the emergency card and of the sitter's page: what to read out, what to do until help comes.

From the plan alone; whether it was taken, and when, is said by who knows it. Shipped text of 2026-11, educational:
number, address, who, what and how much first, because that is what a dispatcher asks.
"""

from __future__ import annotations

from kiosk.session.plan import Medication, Patient
from kiosk.text.catalogue import _

_ROUTES = {
    "sublingual": "under the tongue",
    "troche": "as a troche in the mouth",
    "intranasal": "into the nose",
    "esketamine spray": "as nasal spray",
    "intramuscular": "into a muscle",
    "subcutaneous": "under the skin",
    "oral": "swallowed",
}


def route_words(route: str) -> str:
    """A route as a person says it."""
    return _(_ROUTES.get(route, route))


def dose_words(medication: Medication) -> str:
    """ "120 mg under the tongue"; without a dose in the plan only the route."""
    route = route_words(medication.route)
    if medication.dose_mg is None:
        return route
    return _("{mg:g} mg {route}").format(mg=medication.dose_mg, route=route)


def medicine_name(medication: Medication) -> str:
    """The name within a sentence."""
    return medication.name[:1].lower() + medication.name[1:]


def also(patient: Patient) -> tuple[str, ...]:
    """Other medicines and allergies, as far as the plan names any."""
    lines: list[str] = []
    if patient.medications:
        lines.append(_("Takes {list}").format(list=_and(patient.medications)))
    if patient.allergies:
        lines.append(_("Allergic to {list}").format(list=_and(patient.allergies)))
    return tuple(lines)


def _and(words: tuple[str, ...]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("{most} and {last}").format(most=", ".join(words[:-1]), last=words[-1])


def own_phone() -> str:
    """With what to call."""
    return _("Your own phone, speaker on.")


def phone_note(patient: str) -> str:
    """Why it must be the sitter's own."""
    return _("{patient}'s phone is in airplane mode.").format(patient=patient)


def until_help(patient: str) -> tuple[str, ...]:
    """What to do until help comes, in order."""
    return (
        _("Roll {patient} onto one side.").format(patient=patient),
        _("Tilt the head back."),
        _("Unlock the front door."),
        _("Stay. Watch every breath."),
    )
