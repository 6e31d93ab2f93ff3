"""A series over changes of the clocks, ends of years and zones: what is done, due, missed and next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kiosk.session.appointment import appointments, later, placed
from kiosk.session.course import Course, course, day_of, planned_slots
from kiosk.session.events import Earlier
from kiosk.session.plan import Confirmed, Plan
from kiosk.session.series import Series
from tests.unit.kiosk.evening import PLAN

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu")
HOUR_NS = 3600 * 10**9

zones = st.sampled_from(ZONES).map(ZoneInfo)
# the weeks around the changes of the clocks, the end of a year and a leap day come up often
starts = st.one_of(
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.sampled_from([date(2026, 3, 5), date(2026, 3, 26), date(2026, 10, 22), date(2026, 12, 28), date(2028, 2, 26)]),
)
series = st.builds(
    Series,
    min_gap_hours=st.one_of(st.none(), st.floats(0, 24)),
    starts_on=starts,
    per_week=st.integers(1, 7),
    weeks=st.integers(1, 8),
    then_every_weeks=st.one_of(st.none(), st.integers(1, 6)),
    at=st.sampled_from(["", "02:30", "19:00", "23:59"]),
    renewal_every=st.integers(1, 12),
)


def plan_with(one: Series, confirmed_on: date | None = None) -> Plan:
    confirmed = Confirmed("Dr. Okafor", confirmed_on, "prescriber") if confirmed_on else None
    return msgspec.structs.replace(PLAN, series=one, confirmed=confirmed)


def session(at: datetime, hours: float = 2) -> Earlier:
    offset = at.utcoffset()
    assert offset is not None
    ns = int(at.timestamp()) * 10**9
    return Earlier(f"s-{ns}", ns, ns + round(hours * HOUR_NS), round(offset.total_seconds() / 60))


def at_day(one: Series, sessions: list[Earlier], today: date, confirmed_on: date | None = None) -> Course:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    return course(plan_with(one, confirmed_on), tuple(sessions), int(noon.timestamp()) * 10**9, today)


@st.composite
def told(draw: st.DrawFn) -> tuple[Series, list[Earlier], ZoneInfo, date]:
    """A plan, sessions at any local time of day in one zone, and a day at which somebody looks."""
    one, zone = draw(series), draw(zones)
    assert one.starts_on is not None
    days = draw(st.lists(st.integers(-10, 80), max_size=12))
    minutes = draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=len(days), max_size=len(days)))
    sessions = [
        session(datetime.combine(one.starts_on + timedelta(days=d), datetime.min.time(), zone) + timedelta(minutes=m))
        for d, m in zip(days, minutes, strict=True)
    ]
    return one, sessions, zone, one.starts_on + timedelta(days=draw(st.integers(-20, 100)))


@given(series)
def test_the_weeks_at_the_beginning_are_shared_without_a_rest_and_nothing_overlaps(one: Series) -> None:
    assert one.starts_on is not None
    assert one.per_week is not None
    assert one.weeks is not None
    slots = planned_slots(one)
    first = [next(slots) for _ in range(one.per_week * one.weeks)]
    days = [slot.from_on + timedelta(days=i) for slot in first for i in range((slot.to_on - slot.from_on).days + 1)]
    assert days == [one.starts_on + timedelta(days=i) for i in range(7 * one.weeks)]
    last = first[-1]
    for slot in (next(slots, None) for _ in range(3)):
        if slot is None:
            assert one.then_every_weeks is None
            break
        assert slot.number == last.number + 1
        assert slot.from_on > last.to_on
        last = slot


@given(told())
def test_every_session_is_in_the_slot_of_its_local_day_or_beside_the_plan(
    case: tuple[Series, list[Earlier], ZoneInfo, date],
) -> None:
    one, sessions, zone, today = case
    found = at_day(one, sessions, today)
    placed_ids = [slot.session_id for slot in found.slots if slot.session_id]
    assert sorted([*placed_ids, *(s.session_id for s in found.beside)]) == sorted(s.session_id for s in sessions)
    by_id = {s.session_id: s for s in sessions}
    for slot in found.slots:
        if slot.session_id:
            wall = datetime.fromtimestamp(by_id[slot.session_id].dose_utc_ns / 1e9, zone)
            assert slot.from_on <= wall.date() <= slot.to_on
    for left in found.beside:  # nobody is left out while its slot is free
        assert all(s.session_id for s in found.slots if s.from_on <= day_of(left) <= s.to_on)


@given(told())
def test_done_missed_due_and_planned_are_what_the_day_says(
    case: tuple[Series, list[Earlier], ZoneInfo, date],
) -> None:
    one, sessions, _zone, today = case
    found = at_day(one, sessions, today)
    for slot in found.slots:
        expected = (
            "done" if slot.session_id
            else "missed" if slot.to_on < today
            else "due" if slot.from_on <= today
            else "planned"
        )  # fmt: skip
        assert slot.stands == expected
    assert sum(slot.stands == "due" for slot in found.slots) <= 1
    still = [slot for slot in found.slots if slot.stands in ("due", "planned")]
    assert found.next == (still[0] if still else None)
    if one.then_every_weeks is not None:
        assert found.next is not None
    assert found.done == len(sessions)


@given(told())
def test_a_gap_is_hours_that_really_pass(case: tuple[Series, list[Earlier], ZoneInfo, date]) -> None:
    one, sessions, _zone, today = case
    found = at_day(one, sessions, today)
    if one.min_gap_hours is None or not sessions:
        assert found.earliest_utc_ns == 0
    else:
        last = max(s.end_utc_ns for s in sessions)
        assert abs(found.earliest_utc_ns - last - one.min_gap_hours * HOUR_NS) < 10**6


@given(told(), st.integers(-20, 60))
def test_doses_and_renewal_count_from_their_day_on(
    case: tuple[Series, list[Earlier], ZoneInfo, date], after: int
) -> None:
    one, sessions, _zone, today = case
    assert one.starts_on is not None
    assert one.renewal_every is not None
    since = one.starts_on + timedelta(days=after)
    counted = msgspec.structs.replace(one, doses=8, doses_on=since)
    found = at_day(counted, sessions, today, confirmed_on=since)
    used = sum(day_of(s) >= since for s in sessions)
    assert found.doses_left == 8 - used
    assert found.renewal_in == one.renewal_every - used


@given(told())
def test_dates_for_a_calendar_have_stable_keys_and_follow_the_dose_by_whole_hours(
    case: tuple[Series, list[Earlier], ZoneInfo, date],
) -> None:
    one, sessions, zone, today = case
    plan, found = plan_with(one), at_day(one, sessions, today)
    entries = list(appointments(plan, found, tuple(sessions), zone))
    keys = [entry.key for entry in entries]
    unique = len({s.session_id for s in sessions}) == len(sessions)
    assert len(set(keys)) == len(keys) or not unique
    by_key = {entry.key: entry for entry in entries}
    for slot in found.slots:
        entry, night = by_key[f"session-{slot.number}"], by_key[f"session-{slot.number}-follow_24h"]
        assert entry.stands == {"done": "done", "missed": "off"}.get(slot.stands, "planned")
        if slot.stands == "done":
            assert isinstance(entry.starts, datetime)
            assert isinstance(night.starts, datetime)
            assert night.starts.astimezone(UTC) - entry.starts.astimezone(UTC) == timedelta(hours=24)
    before = at_day(one, [], today)
    assert {entry.key for entry in appointments(plan, before, (), zone)} <= set(keys)


def test_a_time_of_day_that_the_clocks_skip_is_moved_by_as_much() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    from_half_past_two = placed(date(2026, 3, 29), datetime(2026, 1, 1, 2, 30).time(), berlin)
    assert from_half_past_two.isoformat() == "2026-03-29T03:30:00+02:00"
    assert later(placed(date(2026, 10, 24), datetime(2026, 1, 1, 19).time(), berlin), 24).isoformat() == (
        "2026-10-25T18:00:00+01:00"
    )


def test_a_session_at_night_belongs_to_the_day_of_the_place_where_it_was() -> None:
    one = Series(starts_on=date(2026, 12, 31), per_week=7, weeks=1)
    late = session(datetime(2026, 12, 31, 23, 50, tzinfo=ZoneInfo("America/New_York")))  # in UTC it is the next year
    found = at_day(one, [late], date(2027, 1, 1))
    assert [slot.stands for slot in found.slots][:3] == ["done", "due", "planned"]


def test_a_plan_without_a_pattern_has_no_slots_and_still_counts() -> None:
    one = Series(min_gap_hours=20, doses=1, doses_on=date(2026, 11, 1))
    sessions = [session(datetime(2026, 11, day, 19, tzinfo=UTC)) for day in (3, 5)]
    found = at_day(one, sessions, date(2026, 11, 6))
    assert (found.slots, found.next, found.planned) == ((), None, None)
    assert (len(found.beside), found.doses_left, found.renewal_in) == (2, -1, None)
