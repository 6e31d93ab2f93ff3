"""The emergency card: the number, what to read out as spoken, what to do until help comes. From the plan alone."""

from __future__ import annotations

from kiosk.line.screen import Card
from kiosk.text import number
from kiosk.text.catalogue import _
from kiosk.view.scene import Scene

ROUTES = {
    "sublingual": "under the tongue",
    "troche": "as a troche in the mouth",
    "intranasal": "into the nose",
    "esketamine spray": "as nasal spray",
    "intramuscular": "into a muscle",
    "subcutaneous": "under the skin",
    "oral": "swallowed",
}
_RESPONSE = {
    "normal voice": "Answers to a normal voice",
    "loud voice": "Answers only to a loud voice",
    "touch": "Opens the eyes only when touched",
    "not at all": "Does not answer at all",
}


def route_words(route: str) -> str:
    """A route as a person says it."""
    return _(ROUTES.get(route, route))


def dose_words(scene: Scene) -> str:
    """ "120 mg under the tongue"; without a dose in the plan only the route."""
    medication = scene.plan.medication
    route = route_words(medication.route)
    if medication.dose_mg is None:
        return route
    return _("{mg:g} mg {route}").format(mg=medication.dose_mg, route=route)


def card(scene: Scene) -> Card:
    """The card of this instant. Vital signs on it are only numbers that are live now, with their time."""
    plan, patient = scene.plan, scene.plan.patient
    taken = scene.dose_utc_ns
    when = _(" at {time}").format(time=scene.local(taken)) if taken else ""
    what = _("{who}, took {name}") if taken else _("{who}, was to take {name}")
    name = plan.medication.name[:1].lower() + plan.medication.name[1:]
    return Card(
        number=plan.contacts.emergency_number,
        own_phone=_("Your own phone, speaker on."),
        phone_note=_("{patient}'s phone is in airplane mode.").format(patient=patient.label),
        where=(plan.contacts.address,),
        who=(what.format(who=patient.card_name or patient.label, name=name), dose_words(scene) + when),
        now=_now(scene),
        also=_also(scene),
        until=(
            _("Roll {patient} onto one side.").format(patient=patient.label),
            _("Tilt the head back."),
            _("Unlock the front door."),
            _("Stay. Watch every breath."),
        ),
        contacts=tuple((c.name, c.role, c.number) for c in plan.contacts.people),
        called_at=scene.local(scene.state.called_utc_ns) if scene.state.called_utc_ns else "",
    )


def _now(scene: Scene) -> tuple[str, ...]:
    said = scene.state.response
    lines: list[str] = [_(_RESPONSE[said.text])] if said and said.text in _RESPONSE else []
    rules = scene.plan.limits.stale
    values = [
        _("{name} {value}").format(name=name, value=number(newest.good.number))
        for name, newest in ((_("oxygen"), scene.latest.spo2), (_("pulse"), scene.latest.pulse))
        if newest.good is not None and scene.t_s - newest.good_s <= rules.gone_s
    ]
    if values:
        text = ", ".join(values)
        time = _(", at {time}").format(time=scene.local(scene.latest.spo2.good_utc_ns))
        lines.append(text[:1].upper() + text[1:] + time)
    else:
        lines.append(_("No live reading from the oximeter"))
    return tuple(lines)


def _also(scene: Scene) -> tuple[str, ...]:
    lines: list[str] = []
    if scene.plan.patient.medications:
        lines.append(_("Takes {list}").format(list=_and(scene.plan.patient.medications)))
    if scene.plan.patient.allergies:
        lines.append(_("Allergic to {list}").format(list=_and(scene.plan.patient.allergies)))
    return tuple(lines)


def _and(words: tuple[str, ...]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("{most} and {last}").format(most=", ".join(words[:-1]), last=words[-1])
