"""The record against the air's log: what counts as the same, missing, extra and out of order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from kiosk.airlog import AirLog
from kiosk.compare import Taken, compare_taken, compare_values


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


def test_what_may_be_missing_counts_only_where_it_is_there() -> None:
    sent, optional = {"a": ["1", "2", "2"]}, {"a": Counter(["2"])}
    assert compare_values(sent, {"a": ["1", "2"]}, optional).sentence.startswith("2 values sent, 2 recorded: the same")
    assert compare_values(sent, {"a": ["1", "2", "2"]}, optional).sent == 3
    assert compare_values(sent, {"a": ["1"]}, optional).missing == ("2",)
    assert compare_values(sent, {"a": ["2", "1", "2"]}, optional).in_order is False


STREAMED = (
    {"piece": "eb01", "delivered": True},
    {"hex": "aa01", "owed": "value", "delivered": True},
    {"hex": "aa02", "owed": "other", "delivered": True},
    {"hex": "ee03", "owed": "broken", "delivered": True},
    {"hex": "aa04", "owed": "repeat", "delivered": True},
    {"hex": "aa05", "owed": "value", "delivered": False},
    {"hex": "aa", "owed": "cut", "delivered": True},
)


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        ([("aa01", True), ("ee03", False)], True),
        ([("aa01", True), ("ee", False), ("03", False), ("aa04", True), ("aa05", True), ("aa", False)], True),
        ([("ee03", False)], False),  # the value is missing
        ([("aa01", True)], False),  # broken bytes were neither refused
        ([("aa01", True), ("ee03", True)], False),  # ... nor may they be taken
        ([("aa01", True), ("ee03", False), ("aa02", True)], False),  # a waveform is no value
        ([("aa01", True), ("ee03", False), ("aa02", False)], False),  # and nothing to refuse
        ([("aa04", True), ("aa01", True), ("ee03", False)], False),  # not in this order
    ],
)
def test_of_a_stream_the_frames_count_and_broken_bytes_must_be_refused(
    tmp_path: Path, rows: list[tuple[str, bool]], same: bool
) -> None:
    log = tmp_path / "air.jsonl"
    log.write_text(
        "".join(json.dumps({"device": "D", "characteristic": "C", "kind": "frame", **line}) + "\n" for line in STREAMED)
    )
    taken = [Taken("d", "c", hex_text, is_reading) for hex_text, is_reading in rows]
    assert compare_taken(AirLog.read(log), taken).same is same


def test_what_a_cuff_only_repeats_may_be_left_out_and_what_is_no_value_must_be(tmp_path: Path) -> None:
    log = tmp_path / "air.jsonl"
    lines = (
        {"hex": "01", "delivered": True},
        {"hex": "01", "owed": "repeat", "delivered": True},
        {"hex": "0a", "owed": "other", "delivered": True},
    )
    row = {"device": "D", "characteristic": "C", "kind": "indication"}
    log.write_text("".join(json.dumps({**row, **line}) + "\n" for line in lines))
    for hexes, same in ((["01"], True), (["01", "01"], True), ([], False), (["01", "0a"], False)):
        taken = [Taken("d", "c", one, is_reading=True) for one in hexes]
        assert compare_taken(AirLog.read(log), taken).same is same
