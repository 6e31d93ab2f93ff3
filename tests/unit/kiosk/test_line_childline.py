"""The child's end of a line, on real pipes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Queue

import pytest

from kiosk.line.childline import OUTBOX_LINES, ChildLine, LineBack, LineLost, Lost
from kiosk.line.codec import Beat, Splitter, encode
from tests.children.messages import ToTest, Word

WITHIN_S = 10


class Parent:
    """The other end of the pipes, by hand."""

    def __init__(self, **options):
        child_reads, self.to_child = os.pipe()
        self.from_child, child_writes = os.pipe()
        self._fds = [child_reads, self.to_child, self.from_child]
        self._splitter, self._lines = Splitter(), []
        self.line = ChildLine(child_reads, child_writes, ToTest, **options)

    def say(self, *messages):
        for message in messages:
            os.write(self.to_child, encode(message))

    def close_to_child(self):
        os.close(self.to_child)
        self._fds.remove(self.to_child)

    def next_line(self) -> bytes | None:
        while not self._lines:
            chunk = os.read(self.from_child, 65536)
            if not chunk:
                return None
            self._lines += self._splitter.feed(chunk)
        return self._lines.pop(0)

    def close(self):
        self.line._lose("ended")
        for fd in self._fds[1:] if self.to_child in self._fds else self._fds:
            with suppress(OSError):
                os.close(fd)


@pytest.fixture
def parent() -> Iterator[Parent]:
    parent = Parent()
    yield parent
    parent.close()


def test_messages_arrive_in_order(parent):
    parent.say(*(Word("w", n) for n in range(100)))
    assert [parent.line.get(WITHIN_S).n for _ in range(100)] == list(range(100))


def test_none_comes_when_there_is_nothing(parent):
    assert parent.line.get(0) is None
    assert parent.line.get(0.01) is None


def test_the_end_of_stdin_is_told_after_the_last_message_and_again_each_time(parent):
    parent.say(Word("last"))
    parent.close_to_child()
    assert parent.line.get(WITHIN_S) == Word("last")
    for _ in range(2):
        with pytest.raises(parent.line.Lost) as caught:
            parent.line.get(WITHIN_S)
        assert caught.value.reason == "ended"


def test_a_listener_hears_the_loss_once_and_last(parent):
    heard: Queue[object] = Queue()
    parent.line.listen(heard.put)
    parent.say(Word("one"))
    parent.close_to_child()
    assert heard.get(timeout=WITHIN_S) == Word("one")
    assert heard.get(timeout=WITHIN_S) == LineLost("ended")
    assert heard.empty()


def test_three_missed_heartbeats_are_a_loss_and_close_our_own_end(parent):
    parent.say(Beat())
    with pytest.raises(Lost) as caught:
        parent.line.get(WITHIN_S)
    assert caught.value.reason == "silent"
    assert parent.next_line() is None


def test_after_a_loss_sending_does_nothing_and_does_not_fail(parent):
    parent.close_to_child()
    with pytest.raises(Lost):
        parent.line.get(WITHIN_S)
    parent.line.send(Word("nobody listens"))
    parent.line.beat()
    assert parent.next_line() is None


def test_silence_that_is_not_final_is_told_and_so_is_its_end():
    parent = Parent(silence_is_final=False, silent_after_s=0.5)
    heard: Queue[object] = Queue()
    parent.line.listen(heard.put)
    assert heard.get(timeout=WITHIN_S) == LineLost("silent", final=False)
    parent.line.send(Word("still here"))
    assert parent.next_line() == encode(Word("still here")).strip()
    parent.say(Word("back"))
    assert heard.get(timeout=WITHIN_S) == LineBack()
    assert heard.get(timeout=WITHIN_S) == Word("back")
    parent.close_to_child()
    while (last := heard.get(timeout=WITHIN_S)) == LineLost("silent", final=False) or isinstance(last, LineBack):
        pass
    assert last == LineLost("ended")
    parent.close()


def test_foreign_and_broken_lines_are_left_out(parent, capfd):
    os.write(parent.to_child, b'garbage\n{"type":"left"}\n' + b"x" * 300_000 + b"\n")
    parent.say(Word("good"))
    assert parent.line.get(WITHIN_S) == Word("good")
    assert capfd.readouterr().err.count("line refused") == 3


def test_heartbeats_are_sent_at_most_each_half_second(parent):
    for _ in range(1000):
        parent.line.beat()
    parent.line.send(Word("after"))
    assert parent.next_line() == encode(Beat()).strip()
    assert parent.next_line() == encode(Word("after")).strip()


def test_sending_never_waits_when_nobody_reads(parent):
    done = threading.Event()

    def send_far_too_much():
        for n in range(2 * OUTBOX_LINES):
            parent.line.send(Word("x" * 1000, n))
        done.set()

    threading.Thread(target=send_far_too_much, daemon=True).start()
    assert done.wait(WITHIN_S)
    assert parent.line.lost == LineLost("full")


def test_closing_lets_the_last_words_leave(parent):
    for n in range(500):
        parent.line.send(Word("w", n))
    parent.line.close(WITHIN_S)
    seen = [parent.next_line() for _ in range(500)]
    assert seen[-1] == encode(Word("w", 499)).strip()
    assert parent.next_line() is None
