"""The emergency card: the number, what to read out as spoken, what to do until help comes. From the plan alone."""

from __future__ import annotations

from kiosk.line.pane import Card
from kiosk.text import number
from kiosk.text.catalogue import _
from kiosk.text.emergency import also, dose_words, medicine_name, own_phone, phone_note, until_help
from kiosk.view.scene import Scene

_RESPONSE = {
    "normal voice": "Answers to a normal voice",
    "loud voice": "Answers only to a loud voice",
    "touch": "Opens the eyes only when touched",
    "not at all": "Does not answer at all",
}


def card(scene: Scene) -> Card:
    """The card of this instant. Vital signs on it are only numbers that are live now, with their time."""
    plan, patient = scene.plan, scene.plan.patient
    taken = scene.dose_utc_ns
    when = _(" at {time}").format(time=scene.local(taken)) if taken else ""
    what = _("{who}, took {name}") if taken else _("{who}, was to take {name}")
    name = medicine_name(plan.medication)
    return Card(
        number=plan.contacts.emergency_number,
        own_phone=own_phone(),
        phone_note=phone_note(patient.label),
        where=(plan.contacts.address,),
        who=(what.format(who=patient.card_name or patient.label, name=name), dose_words(plan.medication) + when),
        now=_now(scene),
        also=also(patient),
        until=until_help(patient.label),
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
