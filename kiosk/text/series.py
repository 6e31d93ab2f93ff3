"""The words of a series: what is done, due, missed and to come; how many doses are left; when the plan is renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kiosk.session.course import Course, Slot, day_of, local
from kiosk.session.events import Earlier
from kiosk.session.series import Series
from kiosk.text.catalogue import _

NO_PATTERN = "no pattern: no session is due by this plan"
STANDS = {"done": "done", "due": "due", "missed": "missed", "planned": "planned"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date) -> str:
    """ "Sat 14 Nov 2026"."""
    return f"{_(WEEKDAYS[when.weekday()])} {when.day} {_(MONTHS[when.month - 1])} {when.year}"


def days(from_on: date, to_on: date) -> str:
    """ "Sat 14 Nov 2026", or both ends."""
    return day(from_on) if from_on == to_on else f"{day(from_on)} – {day(to_on)}"


def short_days(from_on: date, to_on: date) -> str:
    """ "Sat 14 – Tue 17 Nov 2026": the month and the year once where they are the same."""
    if from_on == to_on:
        return day(from_on)
    begins = f"{_(WEEKDAYS[from_on.weekday()])} {from_on.day}"
    if (from_on.year, from_on.month) != (to_on.year, to_on.month):
        begins += f" {_(MONTHS[from_on.month - 1])}"
    if from_on.year != to_on.year:
        begins += f" {from_on.year}"
    return f"{begins} – {day(to_on)}"


def pattern(series: Series) -> str:
    """How often, in words; "" where the plan sets no pattern."""
    if series.starts_on is None or series.per_week is None or series.weeks is None:
        return ""
    first = _("{n} a week for {w} weeks from {day}").format(
        n=series.per_week, w=series.weeks, day=day(series.starts_on)
    )
    if series.then_every_weeks is None:
        return first
    after = _("every week") if series.then_every_weeks == 1 else _("every {k} weeks").format(k=series.then_every_weeks)
    return _("{first}, then {after}").format(first=first, after=after)


def described(series: Series) -> Iterator[str]:
    """The plan's lines about the series."""
    yield pattern(series) or _(NO_PATTERN)
    if series.min_gap_hours is not None:
        yield _("{h:g} hours at least between two sessions").format(h=series.min_gap_hours)
    if series.renewal_every is not None:
        yield _("confirmed anew after {n} sessions").format(n=series.renewal_every)
    if series.doses is not None and series.doses_on is not None:
        yield _("{n} doses on {day}").format(n=series.doses, day=day(series.doses_on))


def session_of(number: int, planned: int | None) -> str:
    """ "Session 4 of 6"; behind the first weeks only its number."""
    if planned is not None and number <= planned:
        return _("Session {n} of {of}").format(n=number, of=planned)
    return _("Session {n}").format(n=number)


def slot(one: Slot, planned: int | None) -> str:
    """One line of the calendar."""
    return f"{session_of(one.number, planned)}  {days(one.from_on, one.to_on)}  {_(STANDS[one.stands])}"


def beside(session: Earlier) -> str:
    """A session that belongs to no slot."""
    return _("Session beside the plan  {day}  done").format(day=day(day_of(session)))


def doses(found: Course) -> str:
    """How many are left, "" where the plan does not count them."""
    left = found.doses_left
    if left is None:
        return ""
    if left < 0:
        return _("{n} more taken than the plan has").format(n=-left)
    return _("1 dose left") if left == 1 else _("{n} doses left").format(n=left)


def renewal(found: Course) -> str:
    """When the plan has to be confirmed anew, "" where it sets no such number."""
    left = found.renewal_in
    if left is None:
        return ""
    if left <= 0:
        return _("The plan has to be confirmed anew before the next session")
    if left == 1:
        return _("The plan lasts for 1 more session")
    return _("The plan lasts for {n} more sessions").format(n=left)


_AGAINST = {
    "renewal": "The plan has to be confirmed anew: call the provider.",
    "doses": "By the plan no dose is left.",
    "none left": "The series of the plan is over.",
}


def against(reasons: tuple[str, ...], found: Course) -> list[str]:
    """Why a session today is beside the plan's series (`kiosk.session.spacing.against_series`)."""
    early = _("The next session is due from {day} on.").format(day=day(found.next.from_on)) if found.next else ""
    return [early if why == "early" else _(_AGAINST[why]) for why in reasons]


def earliest(found: Course, offset_min: int) -> str:
    """When the gap is over, "" without one."""
    if not found.earliest_utc_ns:
        return ""
    when = local(found.earliest_utc_ns, offset_min)
    return _("not before {day}, {time}").format(day=day(when.date()), time=when.strftime("%H:%M"))


def following(found: Course) -> str:
    """The next session in one line."""
    if found.next is None:
        return _("No further session is planned.")
    what = session_of(found.next.number, found.planned)
    if found.next.stands == "due":
        return _("{what}: due until {day}").format(what=what, day=day(found.next.to_on))
    return _("{what}: from {day} on").format(what=what, day=day(found.next.from_on))


ASKED = {"follow_24h": "How was the night?", "follow_72h": "How are you?"}
APPOINTMENTS = {
    "session": "Session",
    "follow_24h": "How was the night? (24 h)",
    "follow_72h": "How are you? (72 h)",
    "bladder": "Three monthly questions",
}


def appointment(kind: str, number: int, planned: int | None) -> str:
    """What a calendar shows: neither the patient nor the medicine is named."""
    if kind == "session":
        return session_of(number, planned) if number else _("Session")
    return _(APPOINTMENTS[kind])
