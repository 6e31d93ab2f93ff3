"""The record against the air's log: what counts as the same, missing, extra and out of order."""

from __future__ import annotations

from kiosk.compare import compare_values


def test_the_same_values_in_the_same_order_are_the_same() -> None:
    result = compare_values({"a": ["x 01", "x 02"], "b": ["y 01"]}, {"a": ["x 01", "x 02"], "b": ["y 01"]})
    assert result.same
    assert result.sentence == "3 values sent, 3 recorded: the same, in the same order."


def test_a_missing_an_extra_and_a_doubled_value_are_found() -> None:
    assert compare_values({"a": ["1", "2"]}, {"a": ["1"]}).missing == ("2",)
    assert compare_values({"a": ["1"]}, {"a": ["1", "9"]}).extra == ("9",)
    doubled = compare_values({"a": ["1"]}, {"a": ["1", "1"]})
    assert doubled.extra == ("1",)
    assert not doubled.same


def test_values_out_of_order_are_not_the_same() -> None:
    result = compare_values({"a": ["1", "2"]}, {"a": ["2", "1"]})
    assert not result.in_order
    assert not result.same


def test_order_is_still_judged_when_one_is_missing() -> None:
    assert compare_values({"a": ["1", "2", "3"]}, {"a": ["1", "3"]}).in_order
    assert not compare_values({"a": ["1", "2", "3"]}, {"a": ["3", "1"]}).in_order
