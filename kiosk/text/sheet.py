"""The sitter's page in words: everything for the night from the plan, in sections. Drawn by `kiosk.exchange.page`.

Pure. Every number is the plan's; what the plan leaves out is said to be left out. What the screen says in the night
(steps, limits, standing up) is taken from the same words, so that paper and screen never disagree.
"""

from __future__ import annotations

import msgspec

from kiosk.session.plan import Plan
from kiosk.text import emergency, guide
from kiosk.text.catalogue import _
from kiosk.text.section import Item, Section, called, sections

TO_FILL_IN = "____:____"


class CallBox(msgspec.Struct, frozen=True):
    """The emergency number, with what to call, what to read out, what to do then, and whom else to call."""

    title: str
    notes: tuple[str, ...]
    read_out_title: str
    read_out: tuple[Item, ...]
    until_title: str
    until: str
    people: tuple[tuple[str, str, str], ...]  # name, role, number


class Sheet(msgspec.Struct, frozen=True):
    """The whole page. confirmed: who answers for the limits; "" when nobody does, then `warning` says so.

    columns: head and window of each blood pressure, for the numbers written by hand.
    """

    title: str
    subtitle: str
    medicine: str
    taken: str
    confirmed: str
    warning: str
    call: CallBox
    sections: tuple[Section, ...]
    log_title: str
    log_rows: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    foot: tuple[str, ...]


def sheet(plan: Plan) -> Sheet:
    """The page of a plan."""
    return Sheet(
        title=_("Sitting by {patient}").format(patient=plan.patient.label),
        subtitle=_("For {sitter}. Keep it beside you, with your phone.").format(sitter=plan.sitter.label),
        medicine=_medicine(plan),
        taken=_("Taken at {time}").format(time=TO_FILL_IN),
        confirmed=_("Plan confirmed by {who}").format(who=plan.confirmed_text) if plan.confirmed else "",
        warning="" if plan.confirmed else _("Limits not confirmed by a provider. Ask the provider before the session."),
        call=_call(plan),
        sections=sections(plan),
        log_title=_("Blood pressure, minutes after the dose. Write here what you measure by hand"),
        log_rows=(_("time"), _("upper / lower"), _("SpO2 · pulse")),
        columns=_columns(plan),
        foot=(
            guide.own_alarms().format(patient=called(plan)),
            guide.not_a_device(),
            guide.text_of() + _(" Names, times and limits are the plan's."),
        ),
    )


def _medicine(plan: Plan) -> str:
    """Name, dose, route and lot; what is missing is said to be missing."""
    m = plan.medication
    dose = emergency.route_words(m.route)
    if m.dose_mg is None:
        dose += ", " + _("no dose set in the plan")
    else:
        dose = emergency.dose_words(m)
    lot = _("lot {lot}").format(lot=m.lot) if m.lot else _("no lot in the plan")
    return f"{m.name}, {dose}, {lot}"


def _call(plan: Plan) -> CallBox:
    patient, contacts = plan.patient, plan.contacts
    took = _("Took {name}, {dose}, at {time}").format(
        name=emergency.medicine_name(plan.medication), dose=emergency.dose_words(plan.medication), time=TO_FILL_IN
    )
    also = emergency.also(patient)
    if not patient.medications:
        also = (_("The plan lists no other medicines"), *also)
    if not patient.allergies:
        also = (*also, _("The plan lists no allergies"))
    return CallBox(
        title=_("Call {number}").format(number=contacts.emergency_number),
        notes=(
            emergency.own_phone(),
            emergency.phone_note(called(plan)),
            _("On the computer: E or F1, without a PIN."),
        ),
        read_out_title=_("Read this out"),
        read_out=(
            Item(contacts.address),
            Item(patient.card_name or patient.label),
            Item(took),
            Item("", ". ".join(also) + "."),
        ),
        until_title=_("Until help is here"),
        until=" ".join((*emergency.until_help(called(plan)), _("Not breathing: say so. They tell you how."))),
        people=tuple((p.name, p.role, p.number) for p in contacts.people),
    )


def _columns(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Two before the dose, then the plan's."""
    times = sorted(plan.pressure, key=lambda p: p.at_min)
    return (
        (_("before"), _("first")),
        (_("before"), _("second")),
        *((f"{p.at_min:g}", f"± {p.window_min:g}") for p in times),
    )
