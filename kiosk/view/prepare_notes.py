"""What a check of the preparation says beside its instruction: what to look for, and what the plan knows of it."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.line.pane import Button
from kiosk.session.check import Check
from kiosk.session.fact import Link
from kiosk.session.spacing import against_series, course_of
from kiosk.text import number
from kiosk.text.catalogue import _
from kiosk.text.pairing import FAULTS, filled
from kiosk.text.series import against, following, renewal
from kiosk.text.told import signature_short
from kiosk.view.pairing import again, device_name
from kiosk.view.scene import Scene
from kiosk.view.untried import untried

Notes = tuple[tuple[str, str], ...]
"""(icon, sentence)."""


def notes_of(scene: Scene, check: Check) -> Notes:
    """What to look for, in order, each with its icon."""
    make = _NOTES.get(check.key)
    reason = _why_device(scene, check)
    return (
        *_bond(scene, check),
        *(make(scene) if make else ()),
        *reason,
        *_untried(scene, check),
    )


def _untried(scene: Scene, check: Check) -> Notes:
    """Where a number is compared with the device's own: whether that matters more than usual."""
    if check.key not in ("same_number", "same_pressure") or check.device not in untried(scene):
        return ()
    return (("info", _("Its readings are built from description only: compare closely.")),)


def _unpaired(scene: Scene, check: Check) -> Link | None:
    """The device of a check at which it is put on, where it could not be paired."""
    links = scene.state.links.values() if check.key in ("probe", "cuff") else ()
    return next((link for link in links if link.role == check.device and again(link) is not None), None)


def _bond(scene: Scene, check: Check) -> Notes:
    link = _unpaired(scene, check)
    if link is None:
        return ()
    words = FAULTS[link.pairing]
    return (("bluetooth-off", filled(f"{words.say} {words.detail}", device_name(scene, link.device))),)


def pair_again(scene: Scene, check: Check) -> tuple[Button, ...]:
    """The button to pair a device anew that could not be paired, at the check where it is put on."""
    link = _unpaired(scene, check)
    button = again(link) if link else None
    return (button,) if button else ()


def _why_device(scene: Scene, check: Check) -> Notes:
    uses = {"oximeter": scene.plan.devices.oximeter, "cuff": scene.plan.devices.cuff}
    use = uses.get(check.device)
    return (("info", _("Why the plan has it: {why}").format(why=use.why)),) if use and use.why else ()


def _medicines(scene: Scene) -> Notes:
    patient = scene.plan.patient
    rows = [("pill", ", ".join(patient.medications))] if patient.medications else []
    rows += [("circle-alert", _("Allergic to {list}").format(list=", ".join(patient.allergies)))] * bool(
        patient.allergies
    )
    return tuple(rows)


def _hold_note(scene: Scene) -> Notes:
    hold, notes = scene.plan.checks.hold, [("bluetooth", _("The cuff sends the reading by itself."))]
    if hold is None:
        return (*notes, ("shield", _("The plan sets no hold limit.")))
    limit = "/".join("–" if n is None else number(n) for n in (hold.systolic, hold.diastolic))
    text = _("{limit} or higher holds the start. {who}").format(limit=limit, who=scene.plan.limits.who)
    return (*notes, ("shield-check", text))


def _arms(scene: Scene) -> Notes:
    if scene.state.prepared.same_arm:
        return (("info", _("Same arm as the probe: SpO2 drops out while the cuff inflates.")),)
    return ()


def _unconfirmed(scene: Scene) -> Notes:
    notes = () if scene.plan.confirmed else (("circle-alert", _("Its limits alarm all the same.")),)
    found = scene.state.signature
    if found is None:
        return notes
    icon = "shield-check" if found.known else "circle-alert" if found.key else "info"
    return (*notes, (icon, signature_short(found.known, found.key, found.name)))


def _on_paper(scene: Scene) -> Notes:
    return (("info", _("On paper, too: “kiosk plan page” makes one sheet for the night.")),)


def _of_series(scene: Scene) -> Notes:
    """Why today is beside the series, when the next session is due, and what is left."""
    found = course_of(scene.state, scene.plan)
    why = [("circle-alert", said) for said in against(against_series(scene.state, scene.plan), found)]
    facts = (following(found), renewal(found) if found.renewal_in and found.renewal_in > 0 else "")
    return (*why, *(("clock", said) for said in facts if said))


_NOTES: dict[str, Callable[[Scene], Notes]] = {
    "medication_list": _medicines,
    "pressures": _hold_note,
    "cuff": _arms,
    "plan_confirmed": _unconfirmed,
    "card_read": _on_paper,
    "series": _of_series,
}
