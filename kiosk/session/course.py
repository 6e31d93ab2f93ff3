"""The course of a series: which planned sessions are done, due, missed or still to come, and what is left.

Pure: plan, earlier sessions and an instant in, values out. A day is the local calendar day of the place where a
session was, by the offset that its own record has; so neither a change of the clocks nor a journey moves a session
to another day. A gap is counted in hours that really passed.

The plan is a list of slots, each a stretch of whole days. A week is seven days from `starts_on` on; N a week share it
in N stretches without a rest. Afterwards each slot is a whole week, every k weeks. A session belongs to the slot of
its day if that is free; else it is beside the plan, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count, takewhile
from typing import Literal

import msgspec

from kiosk.session.events import Earlier
from kiosk.session.plan import Plan
from kiosk.session.series import Series

Stands = Literal["done", "due", "missed", "planned"]
AHEAD_DAYS = 84  # how far a series without an end is looked at
HOUR_NS = 3600 * 10**9


class Slot(msgspec.Struct, frozen=True):
    """One planned session. number counts from 1; from_on to to_on, both included. session_id: "" until it is done."""

    number: int
    from_on: date
    to_on: date
    stands: Stands = "planned"
    session_id: str = ""


class Course(msgspec.Struct, frozen=True):
    """The series at an instant.

    slots: in order, at least up to the next one. beside: sessions that belong to no slot. next: due now or to come.
    done: sessions with a dose so far. planned: slots of the weeks at the beginning, None where the plan has none.
    earliest_utc_ns: when the gap after the last session is over; 0 where there is no rule or no session.
    doses_left: negative when more were taken than there were; None where the plan does not count them.
    renewal_in: sessions until the plan has to be confirmed anew, 0 or less: now; None where it sets no such number.
    """

    slots: tuple[Slot, ...]
    beside: tuple[Earlier, ...]
    next: Slot | None
    done: int
    planned: int | None
    earliest_utc_ns: int
    doses_left: int | None
    renewal_in: int | None

    @property
    def number(self) -> int:
        """Which session of the series the next one is."""
        return self.done + 1


def day_of(session: Earlier) -> date:
    """The local calendar day of its dose."""
    return local(session.dose_utc_ns, session.utc_offset_min).date()


def local(utc_ns: int, offset_min: int) -> datetime:
    """An instant with its local offset, whole seconds."""
    zone = timezone(timedelta(minutes=offset_min))
    return datetime.fromtimestamp(utc_ns // 10**9, UTC).astimezone(zone)


def course(plan: Plan, sessions: tuple[Earlier, ...], now_utc_ns: int, today: date) -> Course:
    """Where the series stands. sessions: all earlier ones with a dose; today: the local day of `now_utc_ns`."""
    series, ordered = plan.series, sorted(sessions, key=lambda s: s.dose_utc_ns)
    slots, beside = _matched(_slots_until(series, _horizon(today, ordered)), ordered)
    stands = tuple(_standing(slot, today) for slot in slots)
    following = next((s for s in stands if s.stands in ("due", "planned")), None)
    return Course(
        slots=stands,
        beside=tuple(beside),
        next=following,
        done=len(ordered),
        planned=series.per_week * series.weeks if series.per_week and series.weeks else None,
        earliest_utc_ns=_earliest(series, ordered),
        doses_left=_doses_left(series, ordered),
        renewal_in=_renewal_in(plan, ordered),
    )


def _horizon(today: date, ordered: list[Earlier]) -> date:
    last = day_of(ordered[-1]) if ordered else today
    return max(today, last) + timedelta(days=AHEAD_DAYS)


def planned_slots(series: Series) -> Iterator[Slot]:
    """The slots in order, without an end where the plan sets none; nothing where it has no pattern."""
    if series.starts_on is None or series.per_week is None or series.weeks is None:
        return
    first, each, number = series.starts_on, series.per_week, 0
    for week in range(series.weeks):
        for i in range(each):
            number += 1
            begins, ends = 7 * i // each, 7 * (i + 1) // each
            start = first + timedelta(days=7 * week + begins)
            yield Slot(number, start, start + timedelta(days=ends - begins - 1))
    if series.then_every_weeks is None:
        return
    for i in count(1):
        week = series.weeks - 1 + i * series.then_every_weeks
        start = first + timedelta(weeks=week)
        yield Slot(number + i, start, start + timedelta(days=6))


def _slots_until(series: Series, horizon: date) -> list[Slot]:
    """Those that begin up to the horizon; all of the weeks at the beginning, and one behind the horizon."""
    found: list[Slot] = []
    initial = (series.per_week or 0) * (series.weeks or 0)
    for slot in planned_slots(series):
        found.append(slot)
        if slot.from_on > horizon and slot.number >= initial:
            break
    return found


def _matched(slots: list[Slot], ordered: list[Earlier]) -> tuple[list[Slot], list[Earlier]]:
    found, beside = list(slots), list[Earlier]()
    for session in ordered:
        day = day_of(session)
        at = next((i for i, s in enumerate(found) if s.from_on <= day <= s.to_on and not s.session_id), None)
        if at is None:
            beside.append(session)
        else:
            found[at] = msgspec.structs.replace(found[at], session_id=session.session_id)
    return found, beside


def _standing(slot: Slot, today: date) -> Slot:
    stands: Stands = "planned"
    if slot.session_id:
        stands = "done"
    elif slot.to_on < today:
        stands = "missed"
    elif slot.from_on <= today:
        stands = "due"
    return msgspec.structs.replace(slot, stands=stands)


def _earliest(series: Series, ordered: list[Earlier]) -> int:
    if series.min_gap_hours is None or not ordered:
        return 0
    return max(s.end_utc_ns for s in ordered) + round(series.min_gap_hours * HOUR_NS)


def _doses_left(series: Series, ordered: list[Earlier]) -> int | None:
    if series.doses is None or series.doses_on is None:
        return None
    return series.doses - sum(day_of(s) >= series.doses_on for s in ordered)


def _renewal_in(plan: Plan, ordered: list[Earlier]) -> int | None:
    """Counted from the day on which the plan was confirmed, that day included; from the first session without one."""
    every = plan.series.renewal_every
    if every is None:
        return None
    since = plan.confirmed.on if plan.confirmed else date.min
    return every - sum(day_of(s) >= since for s in ordered)


def ahead(found: Course, today: date, days: int = AHEAD_DAYS) -> tuple[Slot, ...]:
    """Slots that are due or begin within so many days; for calendars."""
    until = today + timedelta(days=days)
    return tuple(takewhile(lambda s: s.from_on <= until, (s for s in found.slots if s.stands in ("due", "planned"))))
