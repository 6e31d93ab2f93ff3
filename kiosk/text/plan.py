"""A plan in words: what it will do, and what it leaves open. For `kiosk plan` and for the sitter's page."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.session.check import checks
from kiosk.session.plan import Plan
from kiosk.text import series
from kiosk.text.aftercare import cares
from kiosk.text.catalogue import _
from kiosk.text.preparation import check_title


def described(plan: Plan) -> list[str]:
    """Lines for a person to read, top to bottom."""
    medicine, release = plan.medication, plan.release
    dose = _("no dose set") if medicine.dose_mg is None else f"{medicine.dose_mg:g} mg"
    confirmed = plan.confirmed_text or _("by nobody: limits not confirmed by a provider")
    return [
        _("Patient {label} ({id}), sitter {sitter}").format(
            label=plan.patient.label, id=plan.patient.id, sitter=plan.sitter.label
        ),
        f"{medicine.name}, {dose}, {medicine.route}"
        + (_(", lot {lot}").format(lot=medicine.lot) if medicine.lot else ""),
        _("Confirmed {by}").format(by=confirmed),
        _("Emergency number {n}, {address}").format(n=plan.contacts.emergency_number, address=plan.contacts.address),
        *_devices(plan),
        "",
        _("Limits"),
        *(f"  {line}" for line in plan.limits.sentences()),
        "",
        _("Phases, minutes after the dose")
        + ("" if plan.phases else _(" (shipped for this route, not set by the plan)")),
        *(f"  {p.name}: {p.from_min:g}–{p.to_min:g}" for p in plan.route_phases),
        "",
        _("Blood pressure, minutes after the dose"),
        "  " + (", ".join(f"{p.at_min:g} ± {p.window_min:g}" for p in plan.pressure) or _("none")),
        "",
        _("Checks before the start (* holds the start)"),
        *_checks(plan),
        "",
        _("Series"),
        *(f"  {line}" for line in series.described(plan.series)),
        "",
        _("Questions"),
        *(f"  {line}" for line in _questions(plan)),
        "",
        _("Standing up: ") + _minimum(release.minimum_min),
        "",
        _("The hours after"),
        *(f"  {care.say} {care.detail}".rstrip() for care in cares(plan)),
    ]


def _devices(plan: Plan) -> list[str]:
    pairs = (("oximeter", plan.devices.oximeter), ("cuff", plan.devices.cuff))
    return [f"{_(name).capitalize()}: {_(use.use)}" + (f" ({use.why})" if use.why else "") for name, use in pairs]


def _checks(plan: Plan) -> list[str]:
    hours = {"solids": plan.checks.solids_h, "clear_liquids": plan.checks.clear_liquids_h}
    return [
        f"  {'*' if k.required else ' '} {k.key}: {check_title(k.key, plan.patient.label, hours.get(k.key))}"
        for k in checks(plan, "patient")
    ]


def _questions(plan: Plan) -> Iterator[str]:
    """What the patient is asked, and when."""
    scores = plan.scores
    for when, items in ((_("before"), scores.before), (_("after"), scores.after)):
        if items:
            yield _("0 to 10, {when}: {items}").format(when=when, items=", ".join(items))
    for name, days in (("PHQ-9", scores.phq9_every_days), ("GAD-7", scores.gad7_every_days)):
        if days is not None:
            often = _("when the last one is {n} days old").format(n=days) if days else _("before each session")
            yield f"{name}: {often}"
    if scores.follow_ups:
        yield _("24 h and 72 h after a session, and three bladder questions a month: first in the next preparation")
    yield from (_("from the file {file}").format(file=file) for file in scores.questionnaires)
    if not any((scores.before, scores.after, scores.asks_for_thoughts, scores.questionnaires)) and (
        scores.gad7_every_days is None
    ):
        yield _("none")


def _minimum(minutes: float | None) -> str:
    if minutes is None:
        return _("not by this plan: it sets no minimum time")
    return _("{m:g} minutes after the dose at the earliest").format(m=minutes)


def left_open(plan: Plan) -> list[str]:
    """What a provider has not decided: each a reason to ask before a session."""
    limits, rules = plan.limits, plan.checks
    found = [line for line in limits.sentences() if line.startswith("No limit set")]
    missing = (
        (plan.confirmed is None, _("nobody has confirmed the plan: the start is a held check")),
        (plan.release.minimum_min is None, _("no minimum time of observation: nobody may stand up by this plan")),
        (rules.hold is None, _("no pressure holds the start")),
        (plan.series.min_gap_hours is None, _("no gap between two sessions")),
        (plan.series.starts_on is None, _("no series: no session is due, no calendar shows one")),
        (plan.series.renewal_every is None, _("no number of sessions after which it is confirmed anew")),
        (plan.series.doses is None, _("no number of doses")),
        (not plan.scores.asks_for_thoughts, _("nothing asks for thoughts of self-harm (PHQ-9 or follow-ups)")),
        (plan.medication.dose_mg is None, _("no dose")),
        (not plan.phases, _("no phases: those shipped for the route are used")),
        (not plan.pressure, _("no blood pressures during the session")),
        (not plan.aftercare.driving_from, _("no clock time from which driving is allowed again")),
    )
    return [*found, *(words for is_open, words in missing if is_open)]
