"""Lines: whole, typed, bounded; nothing else comes through."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.line.codec import MAX_LINE_BYTES, Beat, Decoder, Fault, LineError, Splitter, encode
from kiosk.line.screen import FromScreen, Left, ToScreen


class Note(msgspec.Struct, frozen=True, tag="note"):
    text: str


class Other(msgspec.Struct, frozen=True, tag="other"):
    n: int


def refusal(decoder: Decoder, raw: bytes) -> Fault:
    with pytest.raises(LineError) as caught:
        decoder.decode(raw)
    return caught.value.reason


def test_a_message_comes_back_as_it_was():
    assert Decoder(Note | Other).decode(encode(Note("grüß\ngott"))) == Note("grüß\ngott")


def test_one_line_is_one_message_even_with_newlines_in_it():
    assert encode(Note("a\nb\r\nc")).count(b"\n") == 1


def test_a_heartbeat_is_allowed_everywhere():
    assert Decoder(Note).decode(encode(Beat())) == Beat()


@pytest.mark.parametrize("raw", [b"garbage", b"{", b'{"type":"note"', b"\xff\xfe", b"", b"\x00", b'{"x":' * 50_000])
def test_a_line_that_is_not_json_is_refused_as_such(raw):
    assert refusal(Decoder(Note | Other), raw) == Fault.NOT_JSON


@pytest.mark.parametrize(
    "raw",
    [b'{"type":"left"}', b'{"type":"note"}', b'{"type":"note","text":1}', b"[]", b"null", b"3", b'{"text":"x"}'],
)
def test_a_foreign_or_wrongly_typed_message_is_not_allowed_here(raw):
    assert refusal(Decoder(Note | Other), raw) == Fault.NOT_ALLOWED


def test_text_that_is_not_utf8_inside_a_message_is_refused():
    assert refusal(Decoder(Note | Other), b'{"type":"note","text":"\xff"}') in (Fault.NOT_JSON, Fault.NOT_ALLOWED)


def test_each_direction_accepts_only_its_own_messages():
    assert Decoder(FromScreen).decode(encode(Left())) == Left()
    assert refusal(Decoder(ToScreen), encode(Left()).strip()) == Fault.NOT_ALLOWED


def test_a_message_over_256_kib_is_refused_at_the_sender():
    with pytest.raises(LineError) as caught:
        encode(Note("x" * MAX_LINE_BYTES))
    assert caught.value.reason == Fault.TOO_LONG


def test_a_refusal_quotes_at_most_100_printable_characters():
    with pytest.raises(LineError) as caught:
        Decoder(Note | Other).decode(b'{"type":"' + b"\\u0007" * 500 + b'"}')
    assert len(caught.value.detail) <= 100
    assert caught.value.detail.isprintable()


@given(st.lists(st.binary(max_size=30).filter(lambda b: b.strip() and b"\n" not in b and b"\r" not in b)), st.data())
def test_lines_do_not_depend_on_how_the_pipe_cuts_them(lines, data):
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    splitter, found = Splitter(), []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += splitter.feed(stream[start:stop])
    assert found == lines
    assert splitter.end() is None


def test_a_line_that_is_too_long_is_thrown_away_once_and_the_next_line_is_read():
    splitter, found = Splitter(10), []
    for chunk in (b"ok\n12345", b"67890", b"1", b"more", b"still more\nne", b"xt\n"):
        found += splitter.feed(chunk)
    assert [f if isinstance(f, bytes) else f.reason for f in found] == [b"ok", Fault.TOO_LONG, b"next"]


def test_a_line_of_exactly_the_limit_is_kept():
    assert Splitter(10).feed(b"1234567890\n") == [b"1234567890"]


def test_a_line_cut_off_by_the_end_is_reported_and_not_given_out():
    splitter = Splitter()
    assert splitter.feed(b'{"type":"no') == []
    cut = splitter.end()
    assert cut is not None
    assert cut.reason == Fault.CUT_OFF


def test_empty_lines_and_carriage_returns_are_no_messages():
    assert Splitter().feed(b"\n\r\n{}\r\n\n") == [b"{}"]
