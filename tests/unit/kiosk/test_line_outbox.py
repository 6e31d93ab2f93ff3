"""What waits for a slow child: bounded, in order, state replaces state."""

from __future__ import annotations

import pytest

from kiosk.line.codec import Beat, LineError, encode
from kiosk.line.outbox import Outbox
from tests.children.messages import Page, State, Word


def drained(outbox: Outbox) -> list[bytes]:
    lines = []
    while (line := outbox.take()) is not None:
        lines.append(line)
    return lines


def outbox(**limits: int) -> Outbox:
    return Outbox(replaceable=(State,), droppable=(Page,), **limits)


def test_order_is_kept():
    box = outbox()
    for n in range(5):
        box.put(Word("w", n))
    assert drained(box) == [encode(Word("w", n)) for n in range(5)]


def test_state_replaces_state_and_never_overtakes_what_was_sent_before_it():
    box = outbox()
    for message in (State(1), Word("a"), State(2), Word("b")):
        box.put(message)
    assert drained(box) == [encode(m) for m in (Word("a"), State(2), Word("b"))]


def test_a_thousand_states_cost_the_memory_of_one():
    box = outbox(limit_bytes=1000)
    for n in range(1000):
        box.put(State(n, "x" * 500))
    assert len(box) == 1
    assert not box.hopeless


def test_a_heartbeat_goes_first_and_only_one_waits():
    box = outbox()
    for message in (Word("a"), Beat(), Word("b"), Beat()):
        box.put(message)
    assert drained(box) == [encode(m) for m in (Beat(), Word("a"), Word("b"))]


def test_too_many_readings_are_dropped_and_asked_for_again_when_all_else_is_written():
    box = outbox(limit_lines=4)
    box.put(Word("kept"))
    for n in range(10):
        box.put(Page(n))
    assert not box.has_gap()
    assert encode(Word("kept")) in drained(box)
    assert box.has_gap()
    assert not box.has_gap()


def test_readings_make_room_for_what_must_not_be_lost():
    box = outbox(limit_lines=3)
    for n in range(3):
        box.put(Page(n))
    box.put(Word("alarm"))
    assert drained(box) == [encode(Word("alarm"))]
    assert not box.hopeless


def test_a_child_that_leaves_even_the_rest_unread_is_hopeless_and_memory_stays_bounded():
    box = outbox(limit_bytes=1000)
    for n in range(1000):
        box.put(Word("x" * 50, n))
    assert box.hopeless
    assert sum(map(len, drained(box))) <= 1000


def test_a_message_that_is_too_long_leaves_the_box_as_it_was():
    box = outbox()
    box.put(State(1))
    with pytest.raises(LineError):
        box.put(Word("x" * 300_000))
    assert drained(box) == [encode(State(1))]


def test_what_is_of_the_moment_only_is_thrown_away_first_and_no_history_is_asked_for():
    box = Outbox(replaceable=(State,), droppable=(Page,), perishable=(Word,), limit_lines=4)
    for n in range(3):
        box.put(Page(n))
    box.put(Word("wave", 0))
    box.put(Page(3))
    box.put(Word("wave", 1))
    assert drained(box) == [encode(Page(n)) for n in range(4)]
    assert not box.has_gap()


def test_a_few_of_the_moment_wait_and_the_newest_of_them():
    box = Outbox(perishable=(Word,))
    box.put(Page(0))
    for n in range(1000):
        box.put(Word("wave", n))
    assert drained(box) == [encode(Page(0)), *(encode(Word("wave", n)) for n in range(990, 1000))]
    assert not box.hopeless
