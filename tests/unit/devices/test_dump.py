"""A cuff's reading: of now, out of its memory, or of an unknown time."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from devices.dump import REMEMBERED, DumpJudge
from devices.reading import Oximetry, Pressure, Quality, Reading, Stamp, Value

NOON = datetime(2026, 11, 24, 12, 0, 0)
STAMP = Stamp(0, 0)


def judge_at_noon() -> DumpJudge:
    return DumpJudge(local=lambda _utc_ns: NOON)


def pressure(device_time: str | None = None) -> Pressure:
    return Pressure(Value(Decimal(120)), Value(Decimal(80)), Value(Decimal(93)), device_time=device_time)


def quality(judged: Pressure | Oximetry | None) -> tuple[Quality, tuple[str, ...]]:
    if isinstance(judged, Oximetry):
        return judged.spo2.quality, judged.spo2.reasons
    assert judged is not None
    return judged.systolic.quality, judged.systolic.reasons


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, Quality.VALID), (-10, Quality.VALID), (10, Quality.VALID), (-11, Quality.STORED), (11, Quality.STORED)],
)
def test_a_device_time_within_ten_minutes_is_now(minutes: int, expected: Quality) -> None:
    taken = (NOON + timedelta(minutes=minutes)).isoformat()
    assert quality(judge_at_noon().judge(b"1", pressure(taken), STAMP))[0] is expected


@pytest.mark.parametrize("device_time", [None, "0000-04-17T20:41:59", "2026-13-45T99:00:00"])
def test_without_a_clock_the_time_is_unknown(device_time: str | None) -> None:
    judged = judge_at_noon().judge(b"1", pressure(device_time), STAMP)
    assert quality(judged) == (Quality.QUESTIONABLE, ("time unknown",))
    assert judged is not None
    assert judged.systolic.number == 120


def test_without_a_clock_a_measurement_seen_inflating_is_now() -> None:
    judge = judge_at_noon()
    judge.connected()
    judge.saw_inflation()
    assert judge.judge(b"1", pressure(), STAMP) == pressure()
    judge.connected()
    assert quality(judge.judge(b"2", pressure(), STAMP))[0] is Quality.QUESTIONABLE


def test_what_was_said_with_its_time_is_never_said_again() -> None:
    judge = judge_at_noon()
    assert quality(judge.judge(b"1", pressure(NOON.isoformat()), STAMP))[0] is Quality.VALID
    assert judge.judge(b"1", pressure(NOON.isoformat()), STAMP) is None
    judge.connected()
    assert judge.judge(b"1", pressure(NOON.isoformat()), STAMP) is None
    assert quality(judge.judge(b"2", pressure(NOON.isoformat()), STAMP))[0] is Quality.VALID


def test_the_same_bytes_without_a_time_are_one_reading_in_one_connection_and_stored_in_the_next() -> None:
    judge = judge_at_noon()
    assert quality(judge.judge(b"1", pressure(), STAMP)) == (Quality.QUESTIONABLE, ("time unknown",))
    assert judge.judge(b"1", pressure(), STAMP) is None
    judge.connected()
    assert quality(judge.judge(b"1", pressure(), STAMP)) == (Quality.STORED, ("repeated",))


def test_the_same_bytes_without_a_time_after_an_inflation_are_a_new_measurement() -> None:
    judge = judge_at_noon()
    judge.saw_inflation()
    assert judge.judge(b"1", pressure(), STAMP) == pressure()
    judge.saw_inflation()
    assert judge.judge(b"1", pressure(), STAMP) == pressure()


def test_what_an_earlier_run_recorded_is_not_said_again() -> None:
    judge = judge_at_noon()
    judge.recall([Reading("f2", STAMP, pressure(NOON.isoformat()), raw=b"1")])
    judge.connected()
    assert judge.judge(b"1", pressure(NOON.isoformat()), STAMP) is None


def test_a_clock_that_was_read_and_is_wrong_is_reckoned_with_in_both_directions() -> None:
    judge = judge_at_noon()
    judge.saw_clock(timedelta(days=1))
    fresh, old = NOON + timedelta(days=1, minutes=-2), NOON
    assert quality(judge.judge(b"1", pressure(fresh.isoformat()), STAMP)) == (
        Quality.QUESTIONABLE,
        ("device clock wrong",),
    )
    # it was taken yesterday, and its stamp says today
    assert quality(judge.judge(b"2", pressure(old.isoformat()), STAMP)) == (Quality.STORED, ("from memory",))
    judge.connected()
    assert quality(judge.judge(b"3", pressure(old.isoformat()), STAMP))[0] is Quality.VALID


def test_a_spot_check_out_of_memory_is_stored_and_one_without_a_date_is_of_now() -> None:
    def spot(device_time: str) -> Oximetry:
        return Oximetry(Value(Decimal(97)), Value(Decimal(60)), spot=True, device_time=device_time)

    old = judge_at_noon().judge(b"1", spot("2026-11-20T12:00:00"), STAMP)
    assert quality(old) == (Quality.STORED, ("from memory",))
    undated = spot("0000-00-00T14:30:05")
    assert judge_at_noon().judge(b"1", undated, STAMP) == undated


def test_of_more_readings_than_any_cuff_keeps_the_oldest_are_forgotten() -> None:
    judge = judge_at_noon()
    for number in range(REMEMBERED + 5):
        judge.judge(number.to_bytes(2, "big"), pressure(NOON.isoformat()), STAMP)
    assert judge.judge((REMEMBERED).to_bytes(2, "big"), pressure(NOON.isoformat()), STAMP) is None
    assert judge.judge(b"\0\0", pressure(NOON.isoformat()), STAMP) is not None


def test_what_was_invalid_stays_invalid() -> None:
    broken = Pressure(*[Value(None, Quality.INVALID, ("no value",))] * 3)
    judged = judge_at_noon().judge(b"1", broken, STAMP)
    assert quality(judged) == (Quality.INVALID, ("no value", "time unknown"))
