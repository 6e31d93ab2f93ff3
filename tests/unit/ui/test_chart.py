"""The trend: a hole stays a hole, in the numbers and in the pixels; nothing is joined, filled or smoothed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.screen import Bar, Begin, LimitLine, Mark, Phase, Point, Span, Trend, View
from kiosk.session.trend import gaps
from ui import theme
from ui.sitter import axis
from ui.sitter.chart import Chart
from ui.sitter.plot import PIECE_POINTS, pieces
from ui.sitter.series import columns, curve, per_pixel, steps

LOW = LimitLine("spo2", 90, "low", "low 90", "Dr. Okafor, 3 Nov 2026")


def point(t_s: float, spo2: float | None = 97, quality: str = "valid") -> Point:
    return Point(t_s, spo2, quality if spo2 is not None else "invalid", 72, "valid")


def readings(start: int, end: int, hole: tuple[int, int] = (0, 0)) -> tuple[Point, ...]:
    return tuple(point(t, None if hole[0] < t < hole[1] else 97) for t in range(start, end + 1))


@pytest.fixture
def chart(room_app: QApplication, begin: Begin) -> Iterator[Chart]:
    window = QWidget()
    window.resize(916, 437)
    made = Chart()
    made.setParent(window)
    made.setGeometry(window.rect())
    made.begin(msgspec.structs.replace(begin, simulated=False))
    yield made
    window.close()


@pytest.fixture
def drawn(chart: Chart, make_view: Callable[..., View]) -> Callable[..., QImage]:
    def draw(trend: Trend, **changes: Any) -> QImage:
        chart.add_trend(trend)
        chart.show_view(make_view(**changes))
        chart.window().show()
        chart.show()
        QApplication.processEvents()
        chart.redraw()
        return chart.spo2.grab().toImage()

    return draw


def close_to(pixel: QColor, name: str) -> bool:
    wanted = theme.colour(name)
    pairs = ((pixel.red(), wanted.red()), (pixel.green(), wanted.green()), (pixel.blue(), wanted.blue()))
    return all(abs(a - b) < 30 for a, b in pairs)


def columns_of(image: QImage, name: str, rows: range) -> set[int]:
    return {x for x in range(image.width()) if any(close_to(image.pixelColor(x, y), name) for y in rows)}


def test_a_dropout_is_a_hatched_gap_in_the_pixels_from_edge_to_edge(chart: Chart, drawn: Callable[..., QImage]) -> None:
    image = drawn(Trend(readings(2000, 3600, hole=(2600, 2900)), reset=True))
    left, right = round(chart.spo2.x_of(2600)), round(chart.spo2.x_of(2900))
    curve_rows = range(round(chart.spo2.y_of(97)) - 3, round(chart.spo2.y_of(97)) + 4)
    inked = columns_of(image, "ink1", curve_rows)
    assert not [x for x in inked if left + 3 < x < right - 3]
    assert {left - 20, left - 10, right + 10, right + 20} <= inked
    for y in (5, image.height() // 2, image.height() - 5):
        hatched = [x for x in range(left + 3, right - 3) if image.pixelColor(x, y).lightness() > 25]
        assert len(hatched) >= (right - left) // 12
    for edge in (left, right):
        assert any(image.pixelColor(x, 60).lightness() > 60 for x in (edge - 1, edge, edge + 1))


def test_a_short_gap_is_still_two_units_wide(chart: Chart, drawn: Callable[..., QImage]) -> None:
    chart.choose_window("whole")
    image = drawn(Trend((point(0), *readings(2000, 2600), *readings(2620, 3600)), reset=True))
    x = round(chart.spo2.x_of(2600))
    assert any(image.pixelColor(i, 120).lightness() > 60 for i in range(x - 1, x + 4))


def test_an_open_gap_grows_although_no_view_comes(chart: Chart, drawn: Callable[..., QImage]) -> None:
    drawn(Trend(readings(3000, 3590), reset=True))
    assert chart.spo2.curve is not None
    assert chart.spo2.curve.gaps == []
    chart.count_on(20)
    chart.redraw()
    assert chart.spo2.curve.gaps == [(3590, 3620)]


def test_a_gap_that_began_before_the_window_is_drawn_from_its_edge(chart: Chart, drawn: Callable[..., QImage]) -> None:
    drawn(Trend((point(100), *(point(t, None) for t in range(101, 2000)), *readings(2000, 3600)), reset=True))
    assert chart.spo2.curve is not None
    assert chart.spo2.curve.gaps == [(100, 2000)]


def test_points_beyond_a_limit_are_red_and_fill_the_area(chart: Chart, drawn: Callable[..., QImage]) -> None:
    points = tuple(point(t, 84 if 3000 <= t < 3200 else 97) for t in range(2400, 3600))
    image = drawn(Trend(points, reset=True), limits=(LOW,))
    x = round(chart.spo2.x_of(3100))
    assert any(close_to(image.pixelColor(x, y), "red_line") for y in range(image.height()))
    middle = image.pixelColor(x, round(chart.spo2.y_of(87)))
    assert middle.red() > 60 > middle.green()
    before = round(chart.spo2.x_of(2700))
    assert not any(close_to(image.pixelColor(before, y), "red_line") for y in range(image.height()))


def test_questionable_values_are_dots_without_a_line() -> None:
    points = [point(t, 97, "questionable" if 10 <= t < 20 else "valid") for t in range(30)]
    found = curve(columns(points), (), 30, 15, 3, 0)
    assert found.doubtful_t.tolist() == [10, 13, 16, 19]
    between = found.values[(found.t > 10) & (found.t < 20)]
    assert np.isnan(between).all()
    assert found.gaps == []


def test_typed_values_are_never_joined_to_the_curve() -> None:
    points = [point(1), Point(2, 91, "valid", None, "invalid", True), point(3)]
    found = curve(columns(points), (), 4, 15, 3, 0)
    assert found.typed == ((2, 91),)
    assert 91 not in found.values
    assert 91 not in curve(columns(points, pulse=True), (), 4, 15, 3, 0).values


def test_a_value_stands_until_the_next_one_comes_and_not_longer_than_it_may_be_old() -> None:
    t, values = steps(np.array([0.0, 4.0, 30.0]), np.array([97.0, 95.0, 96.0]), 15)
    assert t.tolist() == [0, 4, 4, 30, 30]
    np.testing.assert_array_equal(values, [97, 97, 95, np.nan, 96])


def test_hours_in_one_window_lose_no_dip_and_no_hole() -> None:
    t = np.arange(12 * 3600) / 60
    values = np.full(t.size, 97.0)
    values[20_000] = 71
    values[30_000:30_003] = np.nan
    x, y = per_pixel(t, values)
    assert x.size < 4 * 720
    assert np.nanmin(y) == 71
    assert np.isnan(y).sum() >= 1
    assert np.isnan(y[(x >= 499.9) & (x < 501)]).any()


@pytest.mark.parametrize("per_column", [4, 60, 400])
def test_no_line_crosses_a_gap_of_readings_where_many_share_a_pixel(per_column: int) -> None:
    """Of a dropout no point comes at all: the line must end before the pixel in which the values come back."""
    seconds = np.concatenate([np.arange(0.0, 3000), np.arange(3060, 6000)])
    t, values = steps(seconds, np.where(seconds < 3000, 97.0, 95.0), 15)
    x, y = per_pixel(t / per_column, values)
    slanted = [(a, b) for (a, b), (v, w) in zip(pairwise(x), pairwise(y), strict=True) if a != b and {v, w} == {95, 97}]
    assert slanted == []
    assert (y == 97).any()
    assert (y == 95).any()


def test_few_points_are_drawn_as_they_came() -> None:
    t, values = np.arange(10.0), np.arange(10.0)
    assert per_pixel(t, values)[0] is t


def test_the_axis_never_rescales(chart: Chart, drawn: Callable[..., QImage]) -> None:
    drawn(Trend(readings(3000, 3600), reset=True))
    before = chart.spo2.y_of(90)
    drawn(Trend((point(3601, 41),)))
    assert chart.spo2.y_of(90) == before
    assert (chart.spo2.low, chart.pulse.low, chart.pulse.high) == (70, 36, 154)
    assert (chart.pressure.low, chart.pressure.high) == (50, 200)


def test_a_young_session_keeps_the_same_window() -> None:
    shown = axis.span("60", 120)
    assert (shown.start_s, shown.end_s) == (120 - 36 * 60, 120 + 19 * 60)
    assert axis.span("10", 600).end_s - axis.span("10", 600).start_s == 600
    assert axis.span("whole", 7200, 30).start_s == 30


def test_ticks_are_round_local_times() -> None:
    # 21:02:30 UTC, zone +90 min
    origin_ms = (21 * 3600 + 2 * 60 + 30) * 1000
    found = axis.ticks(axis.Span(0, 3300, 2000), origin_ms, 90)
    assert found[0] == (7 * 60 + 30, "22:40")
    assert [words for _t, words in found] == ["22:40", "22:50", "23:00", "23:10", "23:20"]


def test_a_page_that_resets_forgets_what_was_there(chart: Chart) -> None:
    chart.add_trend(Trend(readings(0, 10), reset=True))
    chart.add_trend(Trend(readings(5, 6), (Bar(3, 120, 80, None, True, False, "120/80"),), (Span(1, 2),), reset=True))
    assert chart.spo2_readings.t.tolist() == [5, 6]
    assert len(chart.bars) == 1


def test_a_cuff_span_that_grows_stays_one(chart: Chart) -> None:
    chart.add_trend(Trend(cuff=(Span(10, 11),)))
    chart.add_trend(Trend(cuff=(Span(10, 40),)))
    assert chart.cuff == [Span(10, 40)]


def test_simulated_data_carry_the_word_in_the_plot_s_corner(
    chart: Chart, drawn: Callable[..., QImage], begin: Begin
) -> None:
    plain = drawn(Trend(readings(3000, 3600), reset=True))
    chart.begin(begin)
    marked = drawn(Trend())
    corner = range(plain.width() - 120, plain.width() - 16)

    def ink(image: QImage) -> int:
        rows = range(image.height() - 26, image.height() - 4)
        return sum(image.pixelColor(x, y).lightness() > 60 for x in corner for y in rows)

    assert begin.simulated
    assert ink(marked) > ink(plain) + 50


def test_marks_phases_bars_and_due_windows_are_drawn(chart: Chart, drawn: Callable[..., QImage]) -> None:
    bars = (Bar(3000, 170, 99, 120, False, True, "170/99"), Bar(3300, 138, 86, 103, True, False, "138/86"))
    drawn(
        Trend(readings(3000, 3600), bars, (Span(2980, 3010),), reset=True),
        marks=(Mark(3100, "low", "high", "low oxygen"),),
        phases=(Phase("Peak", 0, 3600, True, True), Phase("Return", 3600, 4600, False)),
        due=(4000, 4400, "due 22:02"),
    )
    pressure = chart.pressure.grab().toImage()
    red = columns_of(pressure, "red_line", range(pressure.height()))
    assert round(chart.pressure.x_of(3000)) in red
    assert round(chart.pressure.x_of(3300)) not in red
    box = range(round(chart.pressure.x_of(4000)) + 5, round(chart.pressure.x_of(4400)) - 5)
    dashes = [x for x in box if any(pressure.pixelColor(x, y).lightness() > 50 for y in range(2, 8))]
    assert len(box) * 0.3 < len(dashes) < len(box) * 0.9
    marks = chart.marks.grab().toImage()
    assert round(chart.marks.x_of(3100)) in columns_of(marks, "red_line", range(marks.height()))
    phases = chart.phases.grab().toImage()
    assert close_to(phases.pixelColor(round(chart.phases.x_of(3500)), 15), "line")
    assert close_to(phases.pixelColor(round(chart.phases.x_of(4200)), 15), "ground")


def test_twelve_hours_of_readings_are_drawn(chart: Chart, drawn: Callable[..., QImage]) -> None:
    chart.choose_window("whole")
    image = drawn(Trend(readings(0, 43_200, hole=(20_000, 22_000)), reset=True), t_s=43_200.0)
    assert chart.spo2.curve is not None
    assert chart.spo2.curve.gaps == [(20_000, 22_000)]
    x = round(chart.spo2.x_of(21_000))
    row = round(chart.spo2.y_of(97))
    assert not any(close_to(image.pixelColor(x, y), "ink1") for y in range(row - 3, row + 4))
    assert chart.spo2.pixels(chart.spo2.curve.t, chart.spo2.curve.values)[0].size < 4 * image.width()


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=300, unique=True), st.sampled_from([5.0, 15.0]))
def test_thinning_before_the_search_changes_no_gap(seconds: list[int], stale_after_s: float) -> None:
    ordered = sorted(seconds)
    found = curve(columns([point(t) for t in ordered]), (), 4100, stale_after_s, 3, 0)
    assert found.gaps == gaps([(float(t), True) for t in ordered], 4100, stale_after_s)


@given(st.integers(2, 9 * PIECE_POINTS))
def test_a_curve_drawn_in_pieces_leaves_out_no_line_between_two_points(size: int) -> None:
    points = range(size)
    drawn = [pair for part in pieces(size) for pair in pairwise(points[part])]
    assert drawn == list(pairwise(points))


def test_a_source_that_is_only_compared_is_a_thin_line_beside_the_curve(
    chart: Chart, drawn: Callable[..., QImage]
) -> None:
    others = tuple(Point(float(t), None, "", 100, "valid") for t in range(2000, 3600))
    drawn(Trend(readings(2000, 3599), others=others, reset=True))
    image = chart.pulse.grab().toImage()
    x = round(chart.pulse.x_of(2800))
    thin, judged = round(chart.pulse.y_of(100)), round(chart.pulse.y_of(72))
    line = max(image.pixelColor(x, y).red() for y in range(thin - 1, thin + 2))
    assert theme.colour("ground").red() + 25 < line < theme.colour("ink1").red() - 60
    assert max(image.pixelColor(x, y).red() for y in range(judged - 1, judged + 2)) > line + 40
    drawn(Trend(readings(2000, 3599), reset=True))
    assert chart.pulse.other[0].size == 0
