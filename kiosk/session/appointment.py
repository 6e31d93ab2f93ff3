"""The dates that a series puts into a calendar: sessions and the questions after them, each known by a stable key.

Pure. The same plan and record give the same keys, so that a calendar which imports the file again moves what it has:
what was planned becomes what was, and what was missed is called off. Dates are whole local days where the plan names
no time of day; hours after a dose are hours that really passed, whatever the clocks did meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

import msgspec

from kiosk.session.course import Course, Slot
from kiosk.session.events import Earlier
from kiosk.session.plan import Plan

Kind = Literal["session", "follow_24h", "follow_72h", "bladder"]
FOLLOW_UPS_H: dict[Kind, int] = {"follow_24h": 24, "follow_72h": 72}
BLADDER_EVERY_DAYS = 30
PREPARING_MIN = 60  # before the dose, as a calendar needs to know
OBSERVED_MIN = 120  # where the plan sets no minimum
ASKING_MIN = 15


class Appointment(msgspec.Struct, frozen=True):
    """One entry. key: stable. starts, ends: aware instants, or whole days, the end's day not included.

    number: of the session that it belongs to, 0 for one beside the plan or none. stands: "off" is called off.
    """

    key: str
    kind: Kind
    number: int
    starts: datetime | date
    ends: datetime | date
    stands: Literal["done", "planned", "off"]


def appointments(plan: Plan, found: Course, sessions: tuple[Earlier, ...], zone: tzinfo) -> Iterator[Appointment]:
    """Sessions done, planned and missed, each with what follows it. zone: where the calendar is read."""
    by_id = {session.session_id: session for session in sessions}
    for slot in found.slots:
        done = by_id.get(slot.session_id)
        key = f"session-{slot.number}"
        yield from _of_session(key, slot.number, done, zone) if done else _of_slot(plan, key, slot, zone)
    for session in found.beside:
        yield from _of_session(session.session_id, 0, session, zone)


def _of_session(key: str, number: int, session: Earlier, zone: tzinfo) -> Iterator[Appointment]:
    """From the dose to the end, and the questions so many hours after the dose."""
    dose, end = (_instant(ns, zone) for ns in (session.dose_utc_ns, session.end_utc_ns))
    yield Appointment(key, "session", number, dose, max(dose, end), "done")
    for kind, hours in FOLLOW_UPS_H.items():
        yield _question(f"{key}-{kind}", kind, number, later(dose, hours), "planned")


def _of_slot(plan: Plan, key: str, slot: Slot, zone: tzinfo) -> Iterator[Appointment]:
    stands: Literal["planned", "off"] = "off" if slot.stands == "missed" else "planned"
    at = plan.series.at_time
    if at is None:
        yield Appointment(key, "session", slot.number, slot.from_on, slot.to_on + timedelta(days=1), stands)
        for kind, hours in FOLLOW_UPS_H.items():
            day = slot.from_on + timedelta(hours=hours)
            yield Appointment(f"{key}-{kind}", kind, slot.number, day, day + timedelta(days=1), stands)
        return
    starts = placed(slot.from_on, at, zone)
    minutes = PREPARING_MIN + (plan.release.minimum_min or OBSERVED_MIN)
    yield Appointment(key, "session", slot.number, starts, later(starts, minutes / 60), stands)
    dose = later(starts, PREPARING_MIN / 60)
    for kind, hours in FOLLOW_UPS_H.items():
        yield _question(f"{key}-{kind}", kind, slot.number, later(dose, hours), stands)


def _question(
    key: str, kind: Kind, number: int, starts: datetime, stands: Literal["done", "planned", "off"]
) -> Appointment:
    return Appointment(key, kind, number, starts, later(starts, ASKING_MIN / 60), stands)


def bladder(sessions: tuple[Earlier, ...], last_utc_ns: int | None, zone: tzinfo) -> Appointment | None:
    """The next of the monthly questions; None before the first dose."""
    due = bladder_due_utc_ns(sessions, last_utc_ns)
    if due is None:
        return None
    day = _instant(due, zone).date()
    return Appointment("bladder", "bladder", 0, day, day + timedelta(days=1), "planned")


def bladder_due_utc_ns(sessions: tuple[Earlier, ...], last_utc_ns: int | None) -> int | None:
    """When they are due: so many days after they were answered last, or after the first dose."""
    since = last_utc_ns or min((s.dose_utc_ns for s in sessions), default=None)
    return None if since is None else since + BLADDER_EVERY_DAYS * 86_400 * 10**9


def placed(day: date, at: time, zone: tzinfo) -> datetime:
    """A local time of day. One that the clocks skip that night is as much later as they are moved."""
    return datetime.combine(day, at, zone).astimezone(UTC).astimezone(zone)


def later(start: datetime, hours: float) -> datetime:
    """After so many hours that really pass, in the same zone."""
    return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)


def _instant(utc_ns: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(utc_ns // 10**9, UTC).astimezone(zone)
