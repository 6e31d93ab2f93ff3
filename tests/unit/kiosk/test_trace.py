"""The chart's points: gaps stay gaps, pages fit a line, typed values can be taken back."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.line.chart import Point
from kiosk.line.codec import encode
from kiosk.points import Points
from kiosk.trace import Trace

STAMP = Stamp(0, 0)


def oximeter(spo2: str | None, source: Source = Source.DEVICE) -> Reading:
    value = Value(Decimal(spo2)) if spo2 else Value(None, Quality.INVALID, ("finger off",))
    return Reading("f1", STAMP, Oximetry(value, value), source=source)


def pressure(systolic: str, source: Source = Source.DEVICE) -> Reading:
    none = Value(None, Quality.INVALID)
    return Reading("f2", STAMP, Pressure(Value(Decimal(systolic)), Value(Decimal(80)), none), source=source)


def trace() -> Trace:
    return Trace(lambda p: p.systolic.number is not None and p.systolic.number >= 160)


def test_a_reading_without_a_number_stays_a_point_without_a_number() -> None:
    added = trace().take(oximeter(None), 3.0)
    assert added is not None
    assert added.points[0].spo2 is None
    assert added.points[0].spo2_quality == "invalid"


def test_stored_readings_are_not_drawn() -> None:
    assert trace().take(pressure("120", Source.STORED), 1.0) is None


def test_a_mean_the_cuff_did_not_send_is_not_computed() -> None:
    added = trace().take(pressure("164"), 1.0)
    assert added is not None
    assert added.bars[0].mean is None
    assert added.bars[0].high


def test_cuff_pressures_make_one_span_an_inflation() -> None:
    t = trace()
    for second in (1.0, 2.0, 3.0, 20.0, 21.0):
        t.take(Reading("f2", STAMP, CuffPressure(Value(Decimal(90)))), second)
    assert [(s.start_s, s.end_s) for s in t.cuff] == [(1.0, 3.0), (20.0, 21.0)]


def test_a_typed_value_taken_back_leaves_the_chart_and_others_stay() -> None:
    t = trace()
    t.take(oximeter("97"), 1.0, 5)
    t.take(oximeter("96", Source.TYPED), 2.0, 6)
    t.take(pressure("120", Source.TYPED), 3.0, 7)
    t.withdraw_seq(6)
    t.withdraw_seq(7)
    assert [p.t_s for p in t.points] == [1.0]
    assert t.bars == []


def test_twelve_hours_come_in_pages_that_fit_a_line() -> None:
    t = trace()
    for second in range(12 * 3600):
        t.take(oximeter("97"), float(second))
    pages = list(t.pages())
    assert sum(len(p.points) for p in pages) == 12 * 3600
    assert [p.reset for p in pages] == [True] + [False] * (len(pages) - 1)
    assert [p.more for p in pages] == [True] * (len(pages) - 1) + [False]
    assert max(len(encode(p)) for p in pages) < 256 * 1024


def test_a_second_source_of_the_pulse_is_kept_apart_and_comes_in_the_pages_too() -> None:
    t = trace()
    t.take(oximeter("97"), 1.0)
    added = t.take(Reading("strap", STAMP, HeartRate(Value(Decimal(61)))), 1.5)
    assert added is not None
    assert ([p.pulse for p in added.others], added.points) == ([61.0], ())
    for second in range(4000):
        t.take(Reading("strap", STAMP, HeartRate(Value(Decimal(62)))), 2.0 + second)
    pages = list(t.pages())
    assert (len(pages), pages[0].reset, pages[-1].more) == (3, True, False)
    assert sum(len(page.others) for page in pages) == 4001
    assert [p.t_s for page in pages for p in page.points] == [1.0]
    assert len(list(trace().pages())) == 1


@given(
    st.lists(
        st.builds(
            Point,
            st.floats(-10, 1e6),
            st.none() | st.floats(0, 300),
            st.sampled_from(Quality).map(str),
            st.none() | st.floats(0, 300),
            st.sampled_from(["", *map(str, Quality)]),
            st.booleans(),
        )
    ),
    st.floats(-20, 1e6),
)
def test_points_come_out_as_they_came_in(points: list[Point], since_s: float) -> None:
    kept = Points(points)
    assert list(kept) == points
    assert list(kept.at(kept.since(since_s))) == [p for p in points if p.t_s >= since_s]
