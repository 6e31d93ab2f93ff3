"""Text is broken into lines without losing a letter, and no line is wider than it may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange.flow import Span, broken


def width(text: str, heavy: bool) -> float:
    return len(text) * (1.2 if heavy else 1.0)


SPANS = st.lists(st.builds(Span, st.text(st.sampled_from("ab \n"), max_size=40), st.booleans()), max_size=4)


@given(SPANS, st.floats(1.2, 30))
def test_every_letter_is_there_in_order_and_no_line_is_too_wide(spans: list[Span], wide: float) -> None:
    lines = broken(spans, wide, width)
    drawn = "".join(span.text for line in lines for span in line)
    assert drawn.replace(" ", "") == "".join(span.text for span in spans).replace(" ", "").replace("\n", "")
    assert all(sum(width(s.text.rstrip(), s.heavy) for s in line) <= wide + 1.2 for line in lines)


def test_words_stay_whole_where_they_fit_and_weights_where_they_change() -> None:
    lines = broken((Span("Look at Robin.", True), Span("Chest rises?", False)), 22, width)
    assert lines == [(Span("Look at Robin.", True),), (Span("Chest rises?", False),)]
    assert broken((Span("Look.", True), Span("Chest?", False)), 22, width) == [
        (Span("Look. ", True), Span("Chest?", False))
    ]


def test_a_word_wider_than_a_line_is_broken_within_and_line_ends_are_kept() -> None:
    assert broken((Span("abcdefgh", False),), 3, width) == [
        (Span("abc", False),),
        (Span("def", False),),
        (Span("gh", False),),
    ]
    assert broken((Span("a\n\nb", False),), 9, width) == [(Span("a", False),), (), (Span("b", False),)]
    assert broken((), 9, width) == [()]
