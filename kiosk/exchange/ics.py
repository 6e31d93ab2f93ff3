"""A series as an iCalendar file (RFC 5545), for any calendar program. By the icalendar library; no network.

A calendar is often shared: an entry names neither the patient nor the medicine. UIDs come from the plan's random
patient id and a stable key, and SEQUENCE grows with time, so that importing the file again moves what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import icalendar

from kiosk.session.appointment import Appointment
from kiosk.text.series import appointment

PRODUCT = "-//session-room//kiosk//EN"
SEQUENCE_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_STATUS = {"done": "CONFIRMED", "planned": "TENTATIVE", "off": "CANCELLED"}


def calendar_file(
    entries: Iterable[Appointment], patient_id: str, planned: int | None, now_utc_ns: int, zone: tzinfo
) -> bytes:
    """The file. planned: sessions of the first weeks, for "Session 4 of 6". zone: of the entries' instants."""
    now = datetime.fromtimestamp(now_utc_ns // 10**9, UTC)
    calendar: Any = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    listed = list(entries)
    instants = [at.astimezone(UTC) for entry in listed for at in (entry.starts, entry.ends) if isinstance(at, datetime)]
    if instants:
        calendar.add_component(_zone(zone, min(instants), max(instants)))
    for entry in listed:
        calendar.add_component(_event(entry, patient_id, planned, now))
    return calendar.to_ical()


def _zone(zone: tzinfo, first: datetime, last: datetime) -> Any:
    """The rule of the zone as each change of its offset in that time, and the offset that stood before.

    Not by the library's own: it writes the onset of summer time in the new offset, where RFC 5545 (3.6.5) has the old.
    """
    made: Any = icalendar.Timezone()
    made.add("tzid", str(zone))
    begins = first - timedelta(days=2)
    made.add_component(_observance(zone, begins, begins))
    for change in _changes(zone, begins, last + timedelta(days=2)):
        made.add_component(_observance(zone, change, change - timedelta(seconds=1)))
    return made


def _changes(zone: tzinfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Instants (UTC) at which the offset or its name becomes another, to the second."""
    step, at = timedelta(hours=6), first
    while at < last:
        low, high = at, at + step
        if _offset(zone, low) != _offset(zone, high):
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, at) else (low, middle)
            yield high
        at += step


def _offset(zone: tzinfo, at: datetime) -> tuple[timedelta, str]:
    there = at.astimezone(zone)
    return there.utcoffset() or timedelta(0), there.tzname() or ""


def _observance(zone: tzinfo, at: datetime, before: datetime) -> Any:
    """One offset from that instant on; its beginning is told in the offset that stood before."""
    (new, name), (old, _old_name) = _offset(zone, at), _offset(zone, before)
    summer = bool(at.astimezone(zone).dst())
    made: Any = icalendar.TimezoneDaylight() if summer else icalendar.TimezoneStandard()
    made.add("dtstart", at.replace(tzinfo=None) + old)
    made.add("tzoffsetfrom", old)
    made.add("tzoffsetto", new)
    made.add("tzname", name)
    return made


def _event(entry: Appointment, patient_id: str, planned: int | None, now: datetime) -> Any:
    event: Any = icalendar.Event()
    event.add("uid", f"{patient_id}.{entry.key}@session-room")
    event.add("dtstamp", now)
    event.add("sequence", max(0, int((now - SEQUENCE_FROM).total_seconds() // 60)))
    event.add("summary", appointment(entry.kind, entry.number, planned))
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("status", _STATUS[entry.stands])
    event.add("transp", "OPAQUE" if entry.kind == "session" and entry.stands == "planned" else "TRANSPARENT")
    if entry.stands == "planned" and entry.kind != "session":
        event.add_component(_reminder(entry))
    return event


def _reminder(entry: Appointment) -> Any:
    alarm: Any = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", appointment(entry.kind, entry.number, None))
    whole_day = not isinstance(entry.starts, datetime)
    alarm.add("trigger", timedelta(hours=9) if whole_day else timedelta(0))
    return alarm
