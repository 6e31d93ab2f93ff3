"""The calendar file, read back by another parser: zones, changes of the clocks, stable entries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest

from kiosk.exchange.ics import calendar_file
from kiosk.session.appointment import appointments
from kiosk.session.course import course
from kiosk.session.events import Earlier
from kiosk.session.series import Series
from tests.unit.kiosk.test_course import plan_with, session

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC")
NOW = int(datetime(2026, 10, 20, 12, tzinfo=UTC).timestamp()) * 10**9
SERIES = Series(starts_on=date(2026, 10, 21), per_week=2, weeks=3, then_every_weeks=8, at="19:00", min_gap_hours=20)


def written(
    zone: ZoneInfo, series: Series = SERIES, done: tuple[Earlier, ...] = (), today: date | None = None
) -> bytes:
    plan = plan_with(series)
    day = today or date(2026, 10, 20)
    now = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) * 10**9
    found = course(plan, done, now, day)
    return calendar_file(appointments(plan, found, done, zone), plan.patient.id, found.planned, now, zone)


def read(raw: bytes) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(raw)
    assert not calendar.errors
    events = {str(event["UID"]).split("@")[0].split(".", 1)[1]: event for event in calendar.events}
    assert len(events) == len(calendar.events)
    for event in calendar.events:
        assert not event.errors
        assert event["DTSTAMP"]
    return events


@pytest.mark.parametrize("name", ZONES)
def test_every_time_read_back_is_the_wall_time_of_its_zone(name: str) -> None:
    zone = ZoneInfo(name)
    events = read(written(zone))
    for n, slot_day in ((1, date(2026, 10, 21)), (2, date(2026, 10, 24)), (6, date(2026, 11, 7))):
        at = events[f"session-{n}"].DTSTART
        assert (at.date(), at.time().isoformat()) == (slot_day, "19:00:00")
        assert at.utcoffset() == datetime.combine(slot_day, at.time(), zone).utcoffset()


def test_a_question_after_the_night_of_the_change_is_a_whole_day_later() -> None:
    events = read(written(ZoneInfo("Europe/Berlin")))
    # the session of Saturday 24 October has its dose at 20:00 in summer time; 24 hours later it is 19:00
    night = events["session-2-follow_24h"]
    assert night.DTSTART.isoformat() == "2026-10-25T19:00:00+01:00"
    hours = night.DTSTART.astimezone(UTC) - events["session-2"].DTSTART.astimezone(UTC)
    assert hours == timedelta(hours=25)  # an hour of preparation before the dose


@pytest.mark.parametrize("name", ZONES)
def test_the_rule_in_the_file_is_the_rule_of_the_zone_at_every_half_hour(name: str) -> None:
    """Whoever reads the file may not know the zone's name: the rule that comes with it must do."""
    zone = ZoneInfo(name)
    calendar = icalendar.Calendar.from_ical(written(zone))
    (timezone,) = calendar.timezones
    assert timezone["TZID"] == name
    onsets = sorted(
        (
            part.DTSTART.replace(tzinfo=UTC) - part.TZOFFSETFROM,
            part.TZOFFSETFROM,
            part.TZOFFSETTO,
        )
        for part in timezone.subcomponents
    )
    instants = [event.DTSTART.astimezone(UTC) for event in calendar.events]
    at, last = min(instants), max(instants)
    assert onsets[0][0] <= at
    while at <= last:
        newest = max(onset for onset in onsets if onset[0] <= at)
        assert newest[2] == at.astimezone(zone).utcoffset()
        at += timedelta(minutes=30)
    for (_, _, to), (_, before, _) in pairwise(onsets):
        assert to == before


def test_importing_again_moves_what_is_there() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = read(written(berlin))
    done = session(datetime(2026, 10, 22, 20, 15, tzinfo=berlin))
    second = read(written(berlin, done=(done,), today=date(2026, 10, 27)))
    assert set(first) <= set(second)
    for key in first:
        assert second[key]["SEQUENCE"] > first[key]["SEQUENCE"]
    assert second["session-1"].DTSTART.isoformat() == "2026-10-22T20:15:00+02:00"
    assert second["session-1"]["STATUS"] == "CONFIRMED"
    assert second["session-1-follow_72h"].DTSTART.isoformat() == "2026-10-25T19:15:00+01:00"
    assert second["session-2"]["STATUS"] == "TENTATIVE"  # Saturday to Tuesday: due until the 27th
    later = read(written(berlin, done=(done,), today=date(2026, 10, 28)))
    assert later["session-2"]["STATUS"] == "CANCELLED"
    assert later["session-2-follow_24h"]["STATUS"] == "CANCELLED"


def test_without_a_time_of_day_the_entries_are_whole_days() -> None:
    series = Series(starts_on=date(2026, 12, 30), per_week=1, weeks=1)
    events = read(written(ZoneInfo("Asia/Kathmandu"), series))
    session_1, after = events["session-1"], events["session-1-follow_72h"]
    days = [session_1.DTSTART, session_1.DTEND, after.DTSTART]
    assert days == [date(2026, 12, 30), date(2027, 1, 6), date(2027, 1, 2)]


def test_an_entry_names_neither_the_patient_nor_the_medicine() -> None:
    raw = written(ZoneInfo("UTC")).decode()
    for word in ("Robin", "Sam", "etamine", "mg", "Okafor"):
        assert word not in raw
