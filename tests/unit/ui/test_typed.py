"""Values typed by hand: asked back when implausible, with their own time, never sent by half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import AddNote, TypeOximetry, TypePressure
from ui.sitter.pane import SitterPane
from ui.sitter.typed import Typed, clock_to_utc_ns

NOW = datetime(2026, 11, 24, 21, 49, 20, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


def ns(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000_000  # type: ignore[misc]


@pytest.fixture
def pane(room_app: QApplication, begin: Begin, make_view: Callable[..., View]) -> Iterator[SitterPane]:
    made = SitterPane()
    made.resize(1366, 768)
    made.begin(begin)
    made.show_view(make_view(at_utc_ms=NOW_MS))
    made.show()
    made.take_key("B")
    yield made
    made.close()


@pytest.fixture
def form(pane: SitterPane) -> Typed:
    return pane.below.drawers.typed


@pytest.fixture
def asked(pane: SitterPane) -> list[Any]:
    commands: list[Any] = []
    pane.asked.connect(commands.append)
    return commands


def fill(form: Typed, **words: str) -> None:
    for name, text in words.items():
        field = getattr(form, name)
        field.clear()
        QTest.keyClicks(field, text)


def test_both_pressures_and_a_pulse_are_sent_as_typed(form: Typed, asked: list[Any]) -> None:
    fill(form, systolic="146", diastolic="89", pressure_pulse="84")
    form.save.click()
    assert asked == [TypePressure(Decimal(146), Decimal(89), Decimal(84))]


def test_spo2_alone_can_be_typed(form: Typed, asked: list[Any]) -> None:
    fill(form, spo2="95")
    form.save.click()
    assert asked == [TypeOximetry(Decimal(95), None)]


@pytest.mark.parametrize("words", [{"systolic": "146"}, {"diastolic": "80", "spo2": "95"}, {}])
def test_half_a_pressure_is_not_sent(form: Typed, asked: list[Any], words: dict[str, str]) -> None:
    fill(form, **words)
    form.save.click()
    assert asked == []
    assert form.message.text()


def test_letters_and_signs_cannot_be_typed_into_a_number(form: Typed) -> None:
    fill(form, systolic="1a4-6.9")
    assert form.systolic.text() == "146"


def test_an_implausible_value_is_asked_back_and_sent_again_confirmed(
    pane: SitterPane, form: Typed, asked: list[Any]
) -> None:
    fill(form, systolic="86", diastolic="138")
    form.save.click()
    pane.answer(Answer(1, "ask", "Upper 86, lower 138: is that right?"), asked[0])
    assert form.message.text() == "Upper 86, lower 138: is that right?"
    assert pane.below.drawer is form
    form.save.click()
    assert asked[1] == msgspec.structs.replace(asked[0], confirmed=True)
    pane.answer(Answer(2, "saving"), asked[1])
    assert pane.below.drawer is None
    assert form.systolic.text() == ""


def test_a_number_corrected_after_the_question_is_judged_anew(pane: SitterPane, form: Typed, asked: list[Any]) -> None:
    fill(form, systolic="86", diastolic="138")
    form.save.click()
    pane.answer(Answer(1, "ask", "Is that right?"), asked[0])
    fill(form, systolic="138", diastolic="86")
    form.save.click()
    assert asked[1] == TypePressure(Decimal(138), Decimal(86))


def test_a_failure_keeps_the_numbers_and_says_so(pane: SitterPane, form: Typed, asked: list[Any]) -> None:
    fill(form, spo2="95")
    form.save.click()
    pane.answer(Answer(1, "failed"), asked[0])
    assert form.message.text() == "NOT SAVED"
    assert form.spo2.text() == "95"
    assert pane.busy()


def test_the_answer_to_another_command_touches_no_typed_value(pane: SitterPane, form: Typed, asked: list[Any]) -> None:
    fill(form, spo2="95")
    form.save.click()
    pane.answer(Answer(7, "done"), AddNote("Talked."))
    assert form.spo2.text() == "95"
    assert pane.below.drawer is form


def test_the_time_can_be_corrected(form: Typed, asked: list[Any]) -> None:
    fill(form, systolic="146", diastolic="89", clock="21:30")
    form.save.click()
    assert asked[0].utc_ns == ns(2026, 11, 24, 21, 30)


def test_a_time_that_is_none_is_refused(form: Typed, asked: list[Any]) -> None:
    fill(form, systolic="146", diastolic="89", clock="29:1")
    form.save.click()
    assert asked == []
    assert "hours:minutes" in form.message.text()


def test_the_ready_time_moves_with_the_clock_until_it_is_corrected(
    pane: SitterPane, form: Typed, make_view: Callable[..., View]
) -> None:
    pane.show_view(make_view(at_utc_ms=NOW_MS, clock="21:50"))
    assert form.clock.text() == "21:50"
    fill(form, clock="21:30")
    pane.show_view(make_view(at_utc_ms=NOW_MS, clock="21:51"))
    assert form.clock.text() == "21:30"


@pytest.mark.parametrize(
    ("clock", "offset_min", "expected"),
    [
        ("21:43", 0, ns(2026, 11, 24, 21, 43)),
        ("23:10", 0, ns(2026, 11, 23, 23, 10)),  # later than now: it was yesterday
        ("21:50", 0, ns(2026, 11, 24, 21, 50)),  # the minute that just turns
        ("00:10", 150, ns(2026, 11, 24, 21, 40)),
        ("9:05", 0, ns(2026, 11, 24, 9, 5)),
        ("24:00", 0, None),
        ("12", 0, None),
        ("", 0, None),
    ],
)
def test_a_time_of_day_is_the_latest_one_that_is_not_in_the_future(
    clock: str, offset_min: int, expected: int | None
) -> None:
    assert clock_to_utc_ns(clock, NOW_MS, offset_min) == expected
