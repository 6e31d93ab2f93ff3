"""The sections of the sitter's page, each made from the plan and from the words that the screen uses.

Pure; put together by `kiosk.text.sheet`. Nothing here has a threshold of its own, and what the plan leaves out is said
to be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from kiosk.session import decision, schedule
from kiosk.session.limits import LIMITS, Limits
from kiosk.session.plan import Plan
from kiosk.text import guide
from kiosk.text.action import ScriptStep, script
from kiosk.text.aftercare import cares
from kiosk.text.catalogue import _
from kiosk.text.event import Names
from kiosk.text.measure import duration
from kiosk.text.room import first_name
from kiosk.text.standing import DIZZY, RUNGS

LONG_LABEL = 20


class Item(msgspec.Struct, frozen=True):
    """One line. lead: read first, heavier. more: behind it."""

    lead: str = ""
    more: str = ""


class Section(msgspec.Struct, frozen=True):
    """A heading and its lines. mark: what stands before each of them."""

    title: str
    items: tuple[Item, ...]
    mark: Literal["dot", "number", "cross", "box"] = "dot"


def called(plan: Plan) -> str:
    """What the person is called within a sentence: the label, of a long one its first word."""
    label = plan.patient.label
    return label if len(label) <= LONG_LABEL else first_name(label)


def sections(plan: Plan) -> tuple[Section, ...]:
    """All of them, the most urgent first."""
    names = Names(called(plan), plan.sitter.label, 0)
    return (
        _call_now(plan),
        _steps(names),
        _never(names),
        _normal(names),
        _before(plan),
        _during(plan),
        _limits(plan),
        _standing(plan),
        _after(plan),
    )


def _call_now(plan: Plan) -> Section:
    patient, number = called(plan), plan.contacts.emergency_number
    sign, what = guide.dark_thoughts()
    items = [Item("", sign.format(patient=patient)) for sign in guide.call_now()]
    items.append(Item("", f"{sign.format(patient=patient)}: {what.format(number=number)}"))
    return Section(_("Call {number} now if").format(number=number), tuple(items))


def _steps(names: Names) -> Section:
    """Look, then what the screen asks for when oxygen is low."""
    look = script("response_poor", names)[0]
    return Section(
        _("An alarm, or something looks wrong: in this order"),
        tuple(_step(s) for s in (look, *script("spo2_low", names))),
        "number",
    )


def _step(step: ScriptStep) -> Item:
    more = _("The box above says what to read out.") if step.key == "call" else step.detail
    return Item(step.say, more)


def _never(names: Names) -> Section:
    return Section(
        _("Never"),
        tuple(
            Item(lead.format(patient=names.patient), more.format(patient=names.patient)) for lead, more in guide.never()
        ),
        "cross",
    )


def _normal(names: Names) -> Section:
    return Section(_("Normal, and it passes"), tuple(Item("", line) for line in guide.normal()))


def _before(plan: Plan) -> Section:
    rules, gap = plan.checks, plan.series.min_gap_hours
    items = [
        Item(
            _("No solid food for {solids:g} h,").format(solids=rules.solids_h),
            _("no clear liquid for {liquids:g} h.").format(liquids=rules.clear_liquids_h),
        ),
        Item("", _hold(plan)),
        Item(
            "",
            _("{h:g} h at least since the last session.").format(h=gap)
            if gap is not None
            else _("The plan sets no time since the last session."),
        ),
        *_devices(plan),
    ]
    return Section(_("Before the dose"), tuple(items), "box")


def _hold(plan: Plan) -> str:
    hold = plan.checks.hold
    apart_s = plan.checks.pressures_apart_s
    twice = _("Blood pressure twice, {s:g} s apart. ").format(s=apart_s) if apart_s else _("Blood pressure twice. ")
    if hold is None or (hold.systolic is None and hold.diastolic is None):
        return twice + _("The plan sets no hold limit.")
    limit = "/".join("–" if n is None else f"{n:g}" for n in (hold.systolic, hold.diastolic))
    again = _("{limit} or higher: no dose, measure again after {m:g} min.").format(limit=limit, m=hold.recheck_min)
    return twice + again


def _devices(plan: Plan) -> list[Item]:
    words = {"required": _("must be there"), "wanted": _("if there is one"), "unused": _("not used")}
    pairs = ((_("Oximeter"), plan.devices.oximeter), (_("Cuff"), plan.devices.cuff))
    return [Item("", f"{name}: {words[use.use]}" + (f" ({use.why})." if use.why else ".")) for name, use in pairs]


def _during(plan: Plan) -> Section:
    patient, every = called(plan), plan.checks.look_in_every_min
    look = (
        Item(_("Look in every {m:g} min.").format(m=every), _("Chest rises? Answers to the name?"))
        if every
        else Item("", _("The plan asks for no looks in. Look often."))
    )
    phases = ", ".join(f"{p.name}\u00a0{p.from_min:g}–{p.to_min:g}" for p in plan.route_phases)
    shipped = "" if plan.phases else _(" (usual for this route, not set by the plan)")
    again = duration(schedule.AGAIN_AFTER_S)
    return Section(
        _("While {patient} lies").format(patient=patient),
        (
            look,
            Item(_("Minutes after the dose:"), phases + shipped + "."),
            Item(_("A high blood pressure:"), _("measure again after {time}.").format(time=again)),
            Item(_("{patient} calls you").format(patient=patient), _("by a touch anywhere on the dark screen.")),
            Item(
                _("Up with help (bathroom):"),
                _(
                    "press “Up with help” first: for {time} at most nothing alarms when the probe is off. Sit up, "
                    "wait, hold on both ways. Probe back on, look for live numbers."
                ).format(time=duration(decision.HELP_UP_S)),
            ),
        ),
    )


def _limits(plan: Plan) -> Section:
    who = plan.limits.who or _("no author in the plan")
    title = _("Alarms of the program. Limits set by {who}").format(who=who)
    if plan.confirmed is None:
        title += _(" – not confirmed by a provider")
    return Section(title, tuple(Item("", line + ".") for line in _alarms(plan.limits)))


def _alarms(limits: Limits) -> Iterator[str]:
    """What sounds, in the words of the screen without the author, who stands above them. Two to a line: low, high."""
    plain = msgspec.structs.replace(limits, author="", set_on=None)
    words = dict(zip(LIMITS, plain.sentences(), strict=True))
    hard = plain.text("pressure_high", hard=True)
    yield f"{words['spo2_low']}. {words['spo2_very_low']}"
    yield words["spo2_area"]
    yield f"{words['pulse_low']}. {words['pulse_high']}"
    yield words["pressure_high"] + (_("; {pressure}: urgent").format(pressure=hard) if hard else "")
    yield f"{words['breaths_low']}. {words['breaths_high']}"
    yield _("No number for {gone:g} s: alarm; for {high:g} s: urgent; grey from {grey:g} s").format(
        gone=limits.stale.gone_s, high=limits.stale.high_s, grey=limits.stale.ageing_s
    )
    yield _("Wakes only when touched, or not at all: urgent")
    yield _("Two devices {spo2:g} % or {pulse:g}/min apart for {s:g} s: alarm").format(
        spo2=limits.differ.spo2, pulse=limits.differ.pulse, s=limits.differ.for_s
    )
    yield _("An alarm is over when the value is more than {margin:g} inside its limit for {s:g} s").format(
        margin=limits.clear.margin, s=limits.clear.hold_s
    )


def _standing(plan: Plan) -> Section:
    rules, patient = plan.release, called(plan)
    each = _("{m:g} min steady on each step before the next.").format(m=rules.rung_min)
    if rules.minimum_min is None:
        first = Item(_("The plan sets no minimum time."), _("Ask the provider before anybody gets up. ") + each)
    else:
        first = Item(_("Not before {m:g} min after the dose.").format(m=rules.minimum_min), each)
    steps = tuple(
        Item(RUNGS[key].say.format(patient=patient), f"{RUNGS[key].detail} {DIZZY[key]}.")
        for key in ("sit", "stand", "walk")
    )
    leave = Item(
        _("Then, and only then:"),
        _(
            "SpO2, pulse and pressure within {p:g} % of before; answered in a normal voice in the last {a:g} min; "
            "pressure of the last {b:g} min; no alarm stands."
        ).format(p=rules.within_percent, a=rules.answers_within_min, b=rules.pressure_within_min),
    )
    return Section(_("Standing up"), (first, *steps, leave), "number")


def _after(plan: Plan) -> Section:
    """Two to a line; the signs to call for on a line of their own."""
    said = [care.say.rstrip(".") + (f" ({care.detail})." if care.detail else ".") for care in cares(plan)]
    pairs = [Item("", " ".join(said[i : i + 2])) for i in range(0, len(said), 2)]
    return Section(_("Afterwards"), (*pairs, Item(guide.call_after())))
