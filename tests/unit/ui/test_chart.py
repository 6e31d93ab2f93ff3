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
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.chart import Bar, LimitLine, Mark, Phase, Point, Span, Trend
from kiosk.line.screen import Begin, View
from kiosk.session.trend import gaps
from ui import theme
from ui.sitter import axis
from ui.sitter.chart import Chart
from ui.sitter.envelope import Envelope, beyond, envelope, outlines, widened
from ui.sitter.lanes import Lane
from ui.sitter.plot import Plot
from ui.sitter.series import columns

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


def gaps_of(plot: Plot) -> list[tuple[float, float]]:
    return plot.gaps(plot.shown_span.start_s, plot.shown_span.end_s)


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
    assert gaps_of(chart.spo2) == []
    chart.count_on(20)
    chart.redraw()
    assert gaps_of(chart.spo2) == [(3590, 3620)]


def test_a_gap_that_began_before_the_window_is_drawn_from_its_edge(chart: Chart, drawn: Callable[..., QImage]) -> None:
    drawn(Trend((point(100), *(point(t, None) for t in range(101, 2000)), *readings(2000, 3600)), reset=True))
    assert gaps_of(chart.spo2) == [(100, 2000)]


def test_points_beyond_a_limit_are_red_and_fill_the_area(chart: Chart, drawn: Callable[..., QImage]) -> None:
    points = tuple(point(t, 84 if 3000 <= t < 3200 else 97) for t in range(2400, 3600))
    image = drawn(Trend(points, reset=True), limits=(LOW,))
    x = round(chart.spo2.x_of(3100))
    assert any(close_to(image.pixelColor(x, y), "red_line") for y in range(image.height()))
    middle = image.pixelColor(x, round(chart.spo2.y_of(87)))
    assert middle.red() > 60 > middle.green()
    before = round(chart.spo2.x_of(2700))
    assert not any(close_to(image.pixelColor(before, y), "red_line") for y in range(image.height()))


def test_questionable_values_are_dots_without_a_line(chart: Chart, drawn: Callable[..., QImage]) -> None:
    points = [point(t, 97, "questionable" if 10 <= t < 20 else "valid") for t in range(30)]
    found = columns(points)
    assert found.dots(0, 30, 3)[0].tolist() == [10, 13, 16, 19]
    assert found.dots(12, 18, 3)[0].tolist() == [13, 16]
    assert found.gaps(0, 30, 30, 15) == []
    assert np.isnan(found.line[10:20]).all()
    late = tuple(point(t, 97, "questionable" if 3000 <= t < 3300 else "valid") for t in range(2400, 3600))
    image = drawn(Trend(late, reset=True))
    row = round(chart.spo2.y_of(97))
    inside = range(round(chart.spo2.x_of(3000)) + 3, round(chart.spo2.x_of(3300)) - 3)
    inked = columns_of(image, "ink1", range(row - 4, row + 5)) & set(inside)
    assert 0 < len(inked) < len(inside) / 2


def test_typed_values_are_never_joined_to_the_curve() -> None:
    points = [point(1), Point(2, 91, "valid", None, "invalid", True), point(3)]
    found = columns(points)
    assert found.typed == ((2, 91),)
    assert 91 not in found.line
    assert 91 not in columns(points, pulse=True).line


def test_a_value_stands_until_the_next_one_comes_and_not_longer_than_it_may_be_old() -> None:
    found = envelope(np.array([0.0, 4.0, 30.0]), np.array([97.0, 95.0, 96.0]), np.arange(0.0, 33.0), 15)
    assert found.low[:5].tolist() == [97, 97, 97, 97, 95]
    assert found.high[:5].tolist() == [97, 97, 97, 97, 97]
    assert np.isnan(found.low[5:30]).all()
    assert found.low[30] == 96
    assert np.isnan(found.low[31:]).all()


def test_hours_in_one_window_lose_no_dip_and_no_hole() -> None:
    t = np.arange(12 * 3600.0)
    values = np.full(t.size, 97.0)
    values[20_000] = 71
    values[30_000:30_003] = np.nan
    found = envelope(t, values, np.arange(0.0, 12 * 3600 + 1, 60), 15)
    assert np.nanmin(found.low) == 71
    assert sum(edges.size for edges, _y in outlines(found.high, found.low, found.joined)) < 4 * 720
    begun = {int(edges.min()) for edges, _y in outlines(found.high, found.low, found.joined)}
    assert begun == {0, 500}  # no line crosses the hole in column 500


@pytest.mark.parametrize("per_column", [4, 60, 400])
def test_no_line_crosses_a_gap_of_readings_where_many_share_a_pixel(per_column: int) -> None:
    """Of a dropout no point comes at all: the line must end before the pixel in which the values come back."""
    t = np.concatenate([np.arange(0.0, 3000), np.arange(3060, 6000)])
    found = envelope(t, np.where(t < 3000, 97.0, 95.0), np.arange(0.0, 6000 + per_column, per_column), 15)
    begun = [int(edges.min()) for edges, _y in outlines(found.high, found.low, found.joined)]
    assert begun == [0, 3060 // per_column]
    assert (found.low == 97).any()
    assert (found.high == 95).any()


ROUNDING = 4  # Qt fills a rectangle in another way than other outlines
SECONDS = st.lists(st.integers(0, 300), min_size=1, max_size=80, unique=True).map(sorted)


@given(SECONDS, st.data(), st.sampled_from([0.7, 0.75, 3.0, 11.0]), st.sampled_from([4.0, 15.0]))
def test_every_column_has_the_values_that_stand_in_it_and_no_others(
    seconds: list[int], data: st.DataObject, wide_s: float, stale_after_s: float
) -> None:
    values = data.draw(st.lists(st.sampled_from([90.0, 91.0, 95.0, np.nan]), min_size=81, max_size=81))
    t, line = np.array(seconds, dtype=float), np.array(values[: len(seconds)])
    # rounded: else an edge that is meant for a second lies a hair before it, and a value stands for that long
    edges = np.arange(-wide_s, 310, wide_s).round(6)
    found = envelope(t, line, edges, stale_after_s)
    stretches = [(a, a, v) for a, v in zip(t, line, strict=True)]
    ends = zip(pairwise(t), pairwise(line), strict=True)
    # the last instant of a value belongs to the step to the next one, if there is one
    stretches += [(a, b if w == w else b - 0.01, v) for (a, b), (v, w) in ends if b - a <= stale_after_s]
    for column, (left, right) in enumerate(pairwise(edges)):
        standing = [v for a, b, v in stretches if v == v and a < right and b >= left]
        assert (found.low[column] == min(standing)) if standing else np.isnan(found.low[column])
        assert (found.high[column] == max(standing)) if standing else np.isnan(found.high[column])
        if column and found.joined[column]:  # an unbroken line: both share a value
            assert found.low[column] <= found.high[column - 1]
            assert found.high[column] >= found.low[column - 1]


@given(SECONDS, st.data(), st.integers(2, 7))
def test_strokes_made_wider_stay_on_their_side_of_a_hole(seconds: list[int], data: st.DataObject, by: int) -> None:
    values = data.draw(st.lists(st.sampled_from([90.0, 95.0, np.nan]), min_size=81, max_size=81))
    found = envelope(np.array(seconds, dtype=float), np.array(values[: len(seconds)]), np.arange(0.0, 302, 2), 15)
    wide = widened(found, by)
    np.testing.assert_array_equal(np.isnan(wide.low), np.isnan(found.low))
    run = np.cumsum(~found.joined)
    for number in set(run.tolist()):
        mine = run == number
        if not np.isnan(found.low[mine]).all():
            assert np.nanmin(wide.low[mine]) == np.nanmin(found.low[mine])
            assert np.nanmax(wide.high[mine]) == np.nanmax(found.high[mine])


def test_what_lies_beyond_a_limit_ends_at_it() -> None:
    shape = Envelope(np.array([88.0, 91, 84, np.nan]), np.array([97.0, 92, 86, np.nan]), np.ones(4, dtype=bool))
    low, high, _joined = beyond(shape, True, 90)
    assert np.array_equal(low, [88, np.nan, 84, np.nan], equal_nan=True)
    assert np.array_equal(high, [90, np.nan, 86, np.nan], equal_nan=True)
    low, high, _joined = beyond(shape, False, 91)
    assert np.array_equal(low, [91, 91, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(high, [97, 92, np.nan, np.nan], equal_nan=True)


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


@pytest.mark.parametrize("window", axis.WINDOWS)
def test_the_shown_stretch_moves_in_steps_and_keeps_its_scale_between_them(window: axis.Window) -> None:
    exact = [axis.span(window, float(now_s), 100) for now_s in range(5000, 5600)]
    steady = [axis.steady(one) for one in exact]
    for one, other in zip(exact, steady, strict=True):
        step_s = (one.end_s - one.start_s) / axis.STEPS
        assert one.start_s - step_s <= other.start_s <= one.start_s
        assert abs(other.end_s - one.end_s) <= step_s
        assert other.now_s == one.now_s < other.end_s
    moved = sum(not a.is_same_stretch(b) for a, b in pairwise(steady))
    assert moved <= 600 / 4
    if window != "whole":
        assert len({one.end_s - one.start_s for one in steady}) == 1


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


def test_of_two_cuff_brackets_too_close_for_the_word_between_them_only_the_later_has_it(
    chart: Chart, drawn: Callable[..., QImage]
) -> None:
    drawn(Trend(readings(0, 1100), cuff=(Span(10, 30), Span(40, 60), Span(1000, 1020))), t_s=1100.0)
    brackets = chart.spo2.brackets(name_width=40)
    assert [is_named for _left, _right, is_named in brackets] == [False, True, True]
    assert [left < right for left, right, _ in brackets] == [True] * 3


def test_a_chart_without_a_cuff_has_no_bracket(chart: Chart, drawn: Callable[..., QImage]) -> None:
    drawn(Trend(readings(0, 300)))
    assert chart.spo2.brackets(name_width=40) == []


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
    assert gaps_of(chart.spo2) == [(20_000, 22_000)]
    x = round(chart.spo2.x_of(21_000))
    row = round(chart.spo2.y_of(97))
    assert not any(close_to(image.pixelColor(x, y), "ink1") for y in range(row - 3, row + 4))


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=300, unique=True), st.sampled_from([5.0, 15.0]))
def test_a_part_of_the_chart_finds_the_gaps_that_touch_it(seconds: list[int], stale_after_s: float) -> None:
    found = columns([point(t) for t in sorted(seconds)])
    known = gaps([(float(t), True) for t in sorted(seconds)], 4100, stale_after_s)
    assert found.gaps(0, 4100, 4100, stale_after_s) == known
    part = found.gaps(1000, 2000, 4100, stale_after_s)
    assert [g for g in known if g[1] > 1000 and g[0] < 2000] == [g for g in part if g[1] > 1000 and g[0] < 2000]


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
    assert chart.pulse.other is not None
    assert chart.pulse.other.t.size == 0


# --- only what changed is painted anew --------------------------------------------------------------------------------


def seen(chart: Chart) -> QImage:
    """What stands on the display: painted bit by bit."""
    QApplication.processEvents()
    window = chart.window()
    return window.screen().grabWindow(window.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def whole(chart: Chart) -> QImage:
    """The same, painted at once."""
    for row in chart.findChildren(Lane):
        row.update()
    return seen(chart)


def farthest(one: QImage, other: QImage) -> int:
    """The largest difference of any channel of any pixel."""
    pair = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)]
    return int(np.abs(pair[0] - pair[1]).max())


def evening() -> Iterator[Trend]:
    """A reading a second with all that can happen to it; some seconds bring none."""
    for t in range(2400, 2700):
        if 2440 < t < 2480 or 2520 < t < 2524:
            yield Trend()
        elif 2490 < t < 2500:
            yield Trend((point(t, None),))
        elif 2560 < t < 2580:
            yield Trend((point(t, 96, "questionable"),), others=(Point(t, None, "", 100, "valid"),))
        elif t == 2600:
            yield Trend((Point(t, 93, "valid", 80, "valid", True),), cuff=(Span(t, t + 5),))
        elif t == 2610:
            yield Trend((point(2450, 92), point(2451, 91)), (Bar(t, 150, 90, 110, False, True, "150/90"),))
        else:
            yield Trend((point(t, 84 if 2530 < t < 2540 or t == 2650 else 97 - t // 7 % 2),))


@pytest.mark.parametrize("window", ["10", "60", "whole"])
def test_a_picture_painted_bit_by_bit_is_the_one_painted_at_once(
    chart: Chart, make_view: Callable[..., View], window: axis.Window
) -> None:
    chart.choose_window(window)
    chart.add_trend(Trend(readings(0, 2399), reset=True))
    chart.window().show()
    view, phases = make_view(), (Phase("Peak", 0, 2500, True, True), Phase("Return", 3600, 4600, False))
    for t, trend in enumerate(evening(), 2400):
        marks = (Mark(2535, "low", "high", "low oxygen"),) if t > 2540 else ()
        chart.add_trend(trend)
        chart.show_view(msgspec.structs.replace(view, t_s=float(t), limits=(LOW,), marks=marks, phases=phases))
        chart.redraw()
        if t % 30 == 0 or t in (2481, 2541, 2611):
            assert farthest(seen(chart), whole(chart)) <= ROUNDING, t
        QApplication.processEvents()


def test_a_frame_paints_few_columns_of_a_long_session(
    chart: Chart, make_view: Callable[..., View], monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[float] = []
    paint = Plot.paint

    def watch(plot: Plot, painter: QPainter, part: QRectF | None = None) -> None:
        assert part is not None
        painted.append(part.width())
        paint(plot, painter, part)

    chart.choose_window("whole")
    chart.add_trend(Trend(readings(0, 20_000), reset=True))
    chart.window().show()
    chart.show_view(make_view(t_s=20_000.0))
    chart.redraw()
    QApplication.processEvents()
    monkeypatch.setattr(Plot, "paint", watch)
    chart.add_trend(Trend((point(20_001, 71),)))
    chart.show_view(make_view(t_s=20_001.0))
    chart.redraw()
    image = seen(chart)
    assert painted
    assert max(painted) < 20
    top = chart.spo2.mapTo(chart, QPoint(0, 0))
    low = top.y() + round(chart.spo2.y_of(71)) - 1
    assert any(
        close_to(image.pixelColor(top.x() + round(chart.spo2.x_of(20_001)) + i, low), "ink1") for i in (-1, 0, 1)
    )


def test_a_value_that_is_withdrawn_leaves_the_picture(chart: Chart, drawn: Callable[..., QImage]) -> None:
    typed = Point(3000, 88, "valid", None, "invalid", True)
    drawn(Trend((*readings(2400, 3599), typed), reset=True))
    before = seen(chart)
    drawn(Trend(readings(2400, 3599), reset=True))
    corner = chart.spo2.mapTo(chart, QPoint(round(chart.spo2.x_of(3000)) - 4, round(chart.spo2.y_of(88))))
    now = seen(chart)
    assert any(close_to(before.pixelColor(corner.x() + i, corner.y()), "ink1") for i in (-1, 0, 1))
    assert not any(now.pixelColor(corner.x() + i, corner.y()).lightness() > 60 for i in (-1, 0, 1))


def test_a_mark_is_seen_with_the_view_that_brings_it(chart: Chart, drawn: Callable[..., QImage]) -> None:
    drawn(Trend(readings(3000, 3600), reset=True))
    chart.show_view(msgspec.structs.replace(chart._view, marks=(Mark(3100, "low", "high", "low oxygen"),)))
    image = seen(chart)
    at = chart.marks.mapTo(chart, QPoint(round(chart.marks.x_of(3100)), chart.marks.height() // 2))
    assert close_to(image.pixelColor(at), "red_line")


def test_behind_a_page_nothing_is_drawn_and_at_once_when_that_goes(
    chart: Chart, make_view: Callable[..., View], qtbot: Any
) -> None:
    drawings: list[bool] = []
    chart.changed.connect(lambda: drawings.append(True))
    chart.cover(True)
    chart.show_view(make_view())
    qtbot.waitUntil(lambda: not chart._due.isActive())
    assert drawings == []
    chart.cover(False)
    assert drawings == [True]
    chart.cover(False)
    assert drawings == [True]


def test_a_chart_that_nobody_sees_draws_no_reading_until_a_view_comes_with_it(
    chart: Chart, make_view: Callable[..., View]
) -> None:
    drawn: list[bool] = []
    chart.changed.connect(lambda: drawn.append(True))
    chart.show_view(make_view())
    chart.redraw()
    drawn.clear()
    chart._due.stop()
    chart.add_trend(Trend(readings(0, 10)))
    assert not chart._due.isActive()
    chart.show_view(make_view())
    assert chart._due.isActive()
