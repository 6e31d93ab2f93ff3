"""The words of the hours after: what the patient does and leaves, when to call in the night, what may do good.

Pure, from the plan. Shipped text of 2026-11, educational, from the sources of `kiosk.text.guide`; a time of the plan
goes before every word here, and where the plan says none, none is named. Spoken to the patient, few words a line,
because it is read by somebody who is tired and whose eyes are slow.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from kiosk.session.plan import Plan
from kiosk.text import guide
from kiosk.text.care import Care, Page
from kiosk.text.catalogue import _
from kiosk.text.series import MONTHS, WEEKDAYS


def day_words(day: date) -> str:
    """ "Sun 15 Nov"."""
    return f"{_(WEEKDAYS[day.weekday()])} {day.day} {_(MONTHS[day.month - 1])}"


def day_of(utc_ns: int, offset_min: int) -> str:
    """The local day of an instant."""
    zone = timezone(timedelta(minutes=offset_min))
    return day_words(datetime.fromtimestamp(utc_ns / 1e9, UTC).astimezone(zone).date())


def cares(plan: Plan, tomorrow: date | None = None) -> tuple[Care, ...]:
    """Six of them. tomorrow: the day after the dose; without it the page is of no day."""
    care = plan.aftercare
    decisions = (
        _("until {time}; no serious talks").format(time=_until(care.decisions_from, tomorrow))
        if care.decisions_from
        else _("for several hours; no serious talks")
    )
    driving = (
        _("until {time}, after sleep").format(time=_until(care.driving_from, tomorrow))
        if care.driving_from
        else _("for the rest of the day, and the night")
    )
    return (
        Care("bed", _("Rest for several hours.")),
        Care("glass-water", _("Drink a little, often.")),
        Care("soup", _("Eat something light."), _("when you feel ready")),
        Care("car", _("No driving, no machines."), driving),
        Care("pencil-off", _("Decide nothing big."), decisions),
        Care("user-round-check", _("Someone stays tonight."), care.stays),
    )


def _until(clock: str, tomorrow: date | None) -> str:
    return _("{day}, {time}").format(day=day_words(tomorrow), time=clock) if tomorrow else _next(clock)


def _next(clock: str) -> str:
    return _("{time} of the next day").format(time=clock)


def call_signs() -> tuple[str, ...]:
    """Red flags for the night, a line each: the patient's own, and what whoever stays sees."""
    return (
        _("Chest pain, bad headache, fainting"),
        _("Slow breathing, or hard to wake"),
        _("Vomiting that does not stop"),
        _("Blood in urine"),
        _("Thoughts of suicide"),
    )


def quiet() -> str:
    """What may do good in the days after; offered, never asked for."""
    return _("When you like: reflect, move gently, be with people you trust.")


def page(plan: Plan, tomorrow: date | None = None) -> Page:
    """The whole page."""
    evening = _("For the night before {day}.").format(day=day_words(tomorrow)) if tomorrow else ""
    return Page(
        title=_("The hours after, {patient}").format(patient=plan.patient.label),
        subtitle=evening or _("For the evening and the night after the session."),
        cares=cares(plan, tomorrow),
        call_title=_("Call {number} at once").format(number=plan.contacts.emergency_number),
        number=plan.contacts.emergency_number,
        signs=call_signs(),
        people=(*_crisis(plan), *((p.name, p.role, p.number) for p in plan.contacts.people)),
        quiet=quiet(),
        foot=(_foot(plan), guide.not_a_device(), guide.text_of()),
    )


def _crisis(plan: Plan) -> tuple[tuple[str, str, str], ...]:
    line = plan.contacts.crisis_line
    return ((_("Crisis line"), _("day and night"), line),) if line else ()


def _foot(plan: Plan) -> str:
    if plan.confirmed is None:
        return _("No provider has confirmed this plan. Ask before you rely on its times.")
    return _("Plan confirmed by {who}.").format(who=plan.confirmed_text)


_NOT_MADE = {
    "no letter": "The page's letters do not have {detail}.",
    "too long": "The plan does not fit on one large page: {detail}.",
    "disk": "The page could not be saved ({detail}).",
    "no printer": "No printer is set up here. The page is saved: {path}",
    "printer refused": "The printer did not take it ({detail}). The page is saved: {path}",
}


def not_made(reason: str, detail: str, path: str) -> str:
    """Why there is no page, or no paper."""
    return _(_NOT_MADE.get(reason, "The page could not be made. Try again.")).format(detail=detail, path=path)


def page_made(path: str, printed: bool) -> str:
    """Where it is."""
    return (
        _("It is with the printer, and saved: {path}").format(path=path)
        if printed
        else _("Saved: {path}").format(path=path)
    )
