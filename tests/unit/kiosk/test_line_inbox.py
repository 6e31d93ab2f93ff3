"""The parent's reading end: portions, and refusals that cannot flood the record."""

from __future__ import annotations

from kiosk.line.codec import encode
from kiosk.line.inbox import PORTION, Inbox
from tests.children.messages import FromTest, Page, Word


class Desk:
    def __init__(self):
        self.now_s = 0.0
        self.got: list[object] = []
        self.refused: list[str] = []
        self.inbox = Inbox(FromTest, self.got.append, self.refused.append, lambda: self.now_s)


def test_a_flood_is_handled_in_portions():
    desk = Desk()
    desk.inbox.feed(b"".join(encode(Word("w", n)) for n in range(3 * PORTION)))
    assert desk.inbox.work()
    assert len(desk.got) == PORTION
    assert desk.inbox.work()
    assert not desk.inbox.work()
    assert [w.n for w in desk.got] == list(range(3 * PORTION))


def test_a_message_that_this_child_may_not_send_is_refused_and_the_next_one_read():
    desk = Desk()
    desk.inbox.feed(encode(Page(1)) + encode(Word("good")))
    desk.inbox.work()
    assert desk.got == [Word("good")]
    assert desk.refused[0].startswith("not allowed here")


def test_a_thousand_refusals_in_a_second_become_two_reports_that_count_them():
    desk = Desk()
    desk.inbox.feed(b"garbage\n" * 1000)
    while desk.inbox.work():
        pass
    assert len(desk.refused) == 1
    desk.now_s = 2.0
    desk.inbox.feed(b"garbage\n")
    desk.inbox.work()
    assert len(desk.refused) == 2
    assert "999 more" in desk.refused[1]


def test_at_the_end_everything_left_is_handled_and_a_cut_line_refused():
    desk = Desk()
    desk.inbox.feed(b"".join(encode(Word("w", n)) for n in range(2 * PORTION)) + b'{"type": "word"')
    desk.inbox.end()
    assert len(desk.got) == 2 * PORTION
    assert desk.refused == ["cut off: after 15 bytes"]
