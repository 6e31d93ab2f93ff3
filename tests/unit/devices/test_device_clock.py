"""A device's own clock: wrong or not, by how much, said once."""

from datetime import datetime, timedelta

from devices.device_clock import ClockJudge
from devices.reading import DeviceClock, Stamp

NOON = datetime(2026, 11, 24, 12, 0, 0)
STAMP = Stamp(0, 0)


def judged() -> tuple[ClockJudge, list[DeviceClock]]:
    found: list[DeviceClock] = []
    return ClockJudge("f2", lambda _utc_ns: NOON, found.append), found


def test_a_clock_that_is_right_within_a_minute_is_no_news() -> None:
    judge, found = judged()
    assert judge.read("2026-11-24T12:01:00", STAMP) == timedelta(minutes=1)
    assert judge.read("2026-11-24T11:59:00", STAMP) == timedelta(minutes=-1)
    judge.written("2026-11-24T12:00:00", STAMP)
    assert found == []


def test_a_wrong_clock_is_said_once_with_how_much_and_again_when_it_changed() -> None:
    judge, found = judged()
    for _ in range(3):
        judge.connected()
        judge.read("2026-11-24T14:05:00", STAMP)
    judge.read("2026-11-24T13:00:00", STAMP)
    assert [one.ahead_s for one in found] == [7500, 3600]


def test_a_clock_that_nobody_ever_set_has_no_number() -> None:
    judge, found = judged()
    assert judge.read("0000-04-17T20:41:59", STAMP) is None
    assert found == [DeviceClock("f2", STAMP, "0000-04-17T20:41:59", None)]


def test_a_wrong_clock_that_was_set_is_said_to_be_set() -> None:
    judge, found = judged()
    judge.read("2026-11-23T12:00:00", STAMP)
    judge.written("2026-11-24T12:00:00", STAMP)
    assert [(one.ahead_s, one.set_to) for one in found] == [(-86400, ""), (None, "2026-11-24T12:00:00")]
    judge.connected()
    judge.read("2026-11-24T12:00:00", STAMP)
    judge.written("2026-11-24T12:00:00", STAMP)
    assert len(found) == 2


def test_a_reading_of_the_future_has_a_wrong_clock_and_one_of_the_past_may_be_old() -> None:
    judge, found = judged()
    judge.stamped("2026-11-20T12:00:00", STAMP)
    judge.stamped("2026-11-24T12:10:00", STAMP)
    assert found == []
    judge.stamped("2026-11-24T12:11:00", STAMP)
    assert [one.ahead_s for one in found] == [660]


def test_a_cuff_that_was_seen_inflating_hands_over_a_reading_of_now_whatever_its_time_says() -> None:
    judge, found = judged()
    judge.saw_inflation()
    for time in ("2025-01-01T08:00:00", "2025-03-01T08:00:00"):
        judge.stamped(time, STAMP)
    assert found == []
    judge.ended(STAMP)
    behind = datetime(2025, 3, 1, 8) - NOON
    assert [(one.device_time, one.ahead_s) for one in found] == [("2025-03-01T08:00:00", behind.total_seconds())]
    judge.connected()
    judge.stamped("2025-01-01T08:00:00", STAMP)
    judge.ended(STAMP)
    assert len(found) == 1
