"""The emergency card: there at once, complete, with nothing to dismiss; old values never stand on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea

from kiosk.line.pane import Card, Chip
from kiosk.line.screen import Begin, View
from kiosk.line.tile import Tile
from kiosk.session.commands import ReportCalled, ShowEmergencyCard
from ui.kit import Text
from ui.sitter.emergency import EmergencyCard
from ui.sitter.pane import SitterPane

CARD = Card(
    "911", "Your own phone, speaker on.", "Robin's phone is in airplane mode.",
    ("14 Alder Lane, Flat 3, Springfield",),
    ("Robin M., 41 years, took ketamine", "120 mg under the tongue at 21:02"),
    ("Opens the eyes only when touched",),
    ("Takes sertraline and lisinopril", "Allergic to penicillin"),
    ("Roll Robin onto one side.", "Tilt the head back.", "Unlock the front door.", "Stay. Watch every breath."),
    (("Dr. Okafor", "provider", "555 0142"), ("Jo Rivera", "second contact", "555 0199")),
)  # fmt: skip


@pytest.fixture
def card(room_app: QApplication) -> Iterator[EmergencyCard]:
    made = EmergencyCard()
    made.resize(1366, 768)
    yield made
    made.close()


def words(card: EmergencyCard) -> set[str]:
    return {t.shown() for t in card.findChildren(Text) if t.isVisible() and t.shown()}


def test_everything_of_the_plan_stands_on_it(card: EmergencyCard, make_view: Callable[..., View]) -> None:
    card.show()
    card.show_card(make_view(card=CARD))
    seen = words(card)
    assert "Call 911" in seen
    for part in (CARD.where, CARD.who, CARD.now, CARD.also, CARD.until, *CARD.contacts):
        assert set(part) <= seen


def test_nothing_on_it_scrolls_or_is_edited(card: EmergencyCard, make_view: Callable[..., View]) -> None:
    card.show_card(make_view(card=CARD))
    assert not card.findChildren(QScrollArea)
    assert not card.findChildren(QLineEdit)


def test_i_called_is_reported_by_its_key_and_shows_the_time(
    card: EmergencyCard, make_view: Callable[..., View]
) -> None:
    asked: list[Any] = []
    card.asked.connect(asked.append)
    card.show_card(make_view(card=CARD))
    card.show()
    QTest.keyClick(card, Qt.Key.Key_C)
    assert asked == [ReportCalled()]
    card.show_card(make_view(card=Card(*[getattr(CARD, n) for n in CARD.__struct_fields__[:-1]], "21:58")))
    assert card.called.text() == "Called 21:58"


def test_a_value_that_is_not_live_is_no_number_on_the_card(card: EmergencyCard, make_view: Callable[..., View]) -> None:
    card.show()
    card.show_card(make_view(card=CARD))
    assert card.spo2.number.text() == "97"
    card.count_on(6)
    assert card.spo2.number.text() == "--"
    card.show_card(make_view(card=CARD, spo2=Tile("gone", last="97", age_s=42, severity="medium")))
    assert card.spo2.number.text() == "--"
    assert card.spo2.marker.isVisible()


def test_no_value_is_shown_while_the_pane_is_locked_and_calm(
    card: EmergencyCard, make_view: Callable[..., View]
) -> None:
    card.show()
    card.show_card(make_view(card=CARD), with_values=False)
    assert not card.spo2.isVisible()
    assert not card.pulse.isVisible()


def test_it_says_whether_it_is_recording_now(card: EmergencyCard, make_view: Callable[..., View]) -> None:
    card.show_card(make_view(card=CARD, chips=(Chip("circle-dot", "Recording"),)))
    card.show_card(make_view(card=CARD, chips=(Chip("circle-dot", "NOT RECORDING", True),)))
    assert card.recording.text() == "NOT RECORDING"


def test_an_empty_part_of_the_plan_leaves_no_empty_heading(card: EmergencyCard, make_view: Callable[..., View]) -> None:
    card.show()
    card.show_card(make_view(card=Card("112", "", "", ("Here",), (), (), (), (), ())))
    assert "Also" not in words(card)
    assert "Where" in words(card)


def test_one_key_opens_it_over_the_pane_and_escape_closes_it(
    room_app: QApplication, begin: Begin, make_view: Callable[..., View]
) -> None:
    pane, asked = SitterPane(), []
    pane.asked.connect(asked.append)
    pane.resize(1366, 768)
    pane.begin(begin)
    pane.show_view(make_view(card=CARD))
    pane.show()
    QTest.keyClick(pane, Qt.Key.Key_F1)
    assert pane.card.isVisible()
    assert pane.card.geometry() == pane.rect()
    assert asked == [ShowEmergencyCard()]
    QTest.keyClick(pane.card, Qt.Key.Key_Escape)
    assert not pane.card.isVisible()
    pane.close()


def test_counting_breaths_from_the_card_leads_to_the_counter(
    room_app: QApplication, begin: Begin, make_view: Callable[..., View]
) -> None:
    pane = SitterPane()
    pane.begin(begin)
    pane.show_view(make_view(card=CARD))
    pane.show()
    pane.open_card()
    QTest.keyClick(pane.card, Qt.Key.Key_K)
    assert pane.below.drawer is pane.below.drawers.breaths
    pane.close()


def test_contacts_that_change_twice_at_once_leave_no_window_of_their_own(card: EmergencyCard) -> None:
    card.show()
    QApplication.processEvents()
    card.contacts.show_contacts(CARD.contacts)
    card.contacts.show_contacts(CARD.contacts)
    QApplication.processEvents()
    assert [w for w in QApplication.topLevelWidgets() if w is not card and w.isVisible()] == []
