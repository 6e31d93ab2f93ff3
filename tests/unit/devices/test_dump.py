"""A cuff's reading: of now, out of its memory, or of an unknown time."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from devices.dump import DumpJudge
from devices.reading import Pressure, Quality, Stamp, Value

NOON = datetime(2026, 11, 24, 12, 0, 0)
STAMP = Stamp(0, 0)


def judge_at_noon() -> DumpJudge:
    return DumpJudge(local=lambda _utc_ns: NOON)


def pressure(device_time: str | None = None) -> Pressure:
    return Pressure(Value(Decimal(120)), Value(Decimal(80)), Value(Decimal(93)), device_time=device_time)


def quality(judged: Pressure) -> tuple[Quality, tuple[str, ...]]:
    return judged.systolic.quality, judged.systolic.reasons


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, Quality.VALID), (-10, Quality.VALID), (10, Quality.VALID), (-11, Quality.STORED), (11, Quality.STORED)],
)
def test_a_device_time_within_ten_minutes_is_now(minutes: int, expected: Quality) -> None:
    taken = (NOON + timedelta(minutes=minutes)).isoformat()
    assert judge_at_noon().judge(b"1", pressure(taken), STAMP).systolic.quality is expected


@pytest.mark.parametrize("device_time", [None, "0000-04-17T20:41:59", "2026-13-45T99:00:00"])
def test_without_a_clock_the_time_is_unknown(device_time: str | None) -> None:
    judged = judge_at_noon().judge(b"1", pressure(device_time), STAMP)
    assert quality(judged) == (Quality.QUESTIONABLE, ("time unknown",))
    assert judged.systolic.number == 120


def test_without_a_clock_a_measurement_seen_inflating_is_now() -> None:
    judge = judge_at_noon()
    judge.connected()
    judge.saw_inflation()
    assert judge.judge(b"1", pressure(), STAMP) == pressure()
    judge.connected()
    assert judge.judge(b"2", pressure(), STAMP).systolic.quality is Quality.QUESTIONABLE


def test_what_an_earlier_connection_brought_is_a_repetition() -> None:
    judge = judge_at_noon()
    for _ in range(2):
        assert judge.judge(b"1", pressure(NOON.isoformat()), STAMP).systolic.quality is Quality.VALID
    judge.connected()
    assert quality(judge.judge(b"1", pressure(NOON.isoformat()), STAMP)) == (Quality.STORED, ("repeated",))
    assert judge.judge(b"2", pressure(NOON.isoformat()), STAMP).systolic.quality is Quality.VALID


def test_what_was_invalid_stays_invalid() -> None:
    broken = Pressure(*[Value(None, Quality.INVALID, ("no value",))] * 3)
    judged = judge_at_noon().judge(b"1", broken, STAMP)
    assert quality(judged) == (Quality.INVALID, ("no value", "time unknown"))
