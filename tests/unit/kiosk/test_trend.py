"""One definition of a gap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.session.trend import gaps, valid_share


def test_a_gap_runs_from_the_last_value_to_the_next() -> None:
    points = [(float(t), not 10 < t < 40) for t in range(60)]
    assert gaps(points, 59, 15) == [(10.0, 40.0)]


def test_what_is_no_older_than_a_value_may_be_is_no_gap() -> None:
    assert gaps([(0, True), (15, True)], 15, 15) == []
    assert gaps([(0, True), (15.1, True)], 15.1, 15) == [(0, 15.1)]


def test_an_open_gap_ends_now() -> None:
    assert gaps([(0, True), (10, True), (11, False)], 40, 15) == [(10, 40)]


def test_before_the_first_value_is_a_gap_only_where_values_were_expected() -> None:
    assert gaps([(50, True)], 50, 15) == []
    assert gaps([(50, True)], 50, 15, since_s=0) == [(0, 50)]
    assert gaps([], 50, 15, since_s=0) == [(0, 50)]
    assert gaps([], 50, 15) == []


def test_share_of_valid_time() -> None:
    points = [(float(t), not 10 < t < 40) for t in range(101)]
    assert valid_share(points, 0, 100, 15) == pytest.approx(0.7)
    assert valid_share([], 0, 100, 15) == 0
    assert valid_share(points, 5, 5, 15) == 0


@given(st.lists(st.tuples(st.floats(0, 1000), st.booleans()), max_size=40))
def test_no_usable_value_lies_within_a_gap(points: list[tuple[float, bool]]) -> None:
    points = sorted(points)
    found = gaps(points, 1000, 15, since_s=0)
    for a, b in found:
        assert b - a > 15
        assert not any(usable and a < t < b for t, usable in points)
    assert all(left[1] <= right[0] for left, right in pairwise(found))
    assert 0 <= valid_share(points, 0, 1000, 15) <= 1
