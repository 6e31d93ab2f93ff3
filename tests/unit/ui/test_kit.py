"""The parts: what does not fit shrinks, what flashes is the marker alone, what is held acts after two seconds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QRegion
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.kit import Column, Row, Text, rescale
from ui.kit_alarm import Countdown, Marker
from ui.kit_button import Button, HoldButton
from ui.kit_value import Hollow, Numeral

pytestmark = pytest.mark.usefixtures("room_app")


def inked_columns(image: QImage) -> list[int]:
    return [x for x in range(image.width()) if any(image.pixelColor(x, y).alpha() for y in range(image.height()))]


def painted(numeral: Numeral) -> QImage:
    image = QImage(numeral.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    numeral.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return image


@pytest.mark.parametrize(("text", "size"), [("100", 184), ("300", 116), ("300/200", 82), ("100~", 184)])
def test_a_value_that_does_not_fit_shrinks_and_is_never_cut(qtbot: QtBot, text: str, size: float) -> None:
    numeral = Numeral(size)
    qtbot.addWidget(numeral)
    numeral.set(text, "ink1")
    numeral.resize(200, numeral.height())
    metrics = QFontMetricsF(theme.font(numeral.drawn_size(), 500))
    assert metrics.horizontalAdvance(text) <= numeral.width()
    ink = inked_columns(painted(numeral))
    assert ink[0] > 0
    assert ink[-1] < numeral.width()


def test_a_value_that_fits_keeps_its_size(qtbot: QtBot) -> None:
    numeral = Numeral(184)
    qtbot.addWidget(numeral)
    numeral.set("96", "ink1")
    numeral.resize(280, numeral.height())
    assert numeral.drawn_size() == 184


def test_bars_stand_where_no_value_is_and_no_digit_with_them(qtbot: QtBot) -> None:
    numeral = Numeral(184)
    qtbot.addWidget(numeral)
    numeral.set("96", "ink1", bars=True)
    numeral.resize(280, numeral.height())
    image = painted(numeral)
    rows = [y for y in range(image.height()) if any(image.pixelColor(x, y).alpha() for x in range(image.width()))]
    assert rows[-1] - rows[0] < 20
    assert numeral.shown() == "--"


def test_an_outlined_value_has_no_filled_stroke(qtbot: QtBot) -> None:
    numeral = Numeral(184)
    qtbot.addWidget(numeral)
    numeral.resize(280, numeral.height())
    numeral.set("1", "ink1")
    solid = sum(1 for x in range(280) if painted(numeral).pixelColor(x, 64).alpha())
    numeral.set("1", "ink1", outlined=True)
    outlined = sum(1 for x in range(280) if painted(numeral).pixelColor(x, 64).alpha())
    assert 0 < outlined < solid


def test_a_long_text_shrinks_then_says_the_rest_to_a_screen_reader(qtbot: QtBot) -> None:
    text = Text("Oxygen is low: 86", 40, 600, shrink=True)
    qtbot.addWidget(text)
    text.resize(240, 60)
    text.show()
    assert text.text() == "Oxygen is low: 86"
    assert text.font().pixelSize() < 40
    text.resize(60, 60)
    assert text.text() != text.shown()
    assert text.accessibleName() == "Oxygen is low: 86"


def test_a_text_grows_again_when_there_is_room(qtbot: QtBot) -> None:
    text = Text("Oxygen is low: 86", 40, 600, shrink=True)
    qtbot.addWidget(text)
    text.show()
    text.resize(100, 60)
    text.resize(900, 60)
    assert text.font().pixelSize() == 40


def test_rescaling_reaches_every_part(qtbot: QtBot) -> None:
    inner, button = Text("a", 20), Button("Note", "N")
    row = Row(Column(inner, 12.0, button), "stretch", gap=8)
    qtbot.addWidget(row)
    rescale(row, 2.0)
    assert inner.font().pixelSize() == 40
    assert button.height() == 2 * theme.BUTTON
    assert row.layout().spacing() == 16


def test_clearing_a_row_leaves_no_part_behind(qtbot: QtBot) -> None:
    row = Row(Text("a"), 8.0, Text("b"), "stretch")
    qtbot.addWidget(row)
    row.clear()
    assert row.layout().count() == 0
    row.add(Text("c"), 4.0)
    rescale(row, 2.0)
    assert row.layout().count() == 2


def test_only_high_and_medium_markers_flash_and_only_until_answered(qtbot: QtBot) -> None:
    marker = Marker("high", steady=False)
    qtbot.addWidget(marker)
    marker.show()
    qtbot.waitUntil(lambda: not marker.lit(), timeout=2000)
    qtbot.waitUntil(marker.lit, timeout=2000)
    marker.set("high", steady=True)
    assert not marker._timer.isActive()
    assert marker.lit()
    marker.set("low", steady=False)
    assert not marker._timer.isActive()


def test_a_button_is_as_wide_as_its_words_and_key(qtbot: QtBot) -> None:
    button = Button("Emergency card", "E", "phone", "outline")
    qtbot.addWidget(button)
    assert button.minimumSizeHint().width() > QFontMetricsF(button.font()).horizontalAdvance("Emergency card") + 60
    assert (button.accessibleName(), button.accessibleDescription()) == ("Emergency card", "E")


def test_a_button_in_a_narrow_row_draws_its_key_smaller_and_not_cut(qtbot: QtBot) -> None:
    button = Button("Seizure-like movement", "6", "phone", "raised")
    qtbot.addWidget(button)
    button.resize(150, 56)
    picture = button.grab().toImage()
    assert button.minimumSizeHint().width() > 200
    plate = picture.pixelColor(20, 4)
    edges = [*range(2, 7), *range(143, 148)]
    assert all(picture.pixelColor(x, y) == plate for x in edges for y in range(14, 42))
    assert any(picture.pixelColor(x, y) != plate for x in range(125, 143) for y in range(14, 42)), "its key"


def test_a_click_does_not_take_the_focus_from_the_pane(qtbot: QtBot) -> None:
    button = Button("Note", "N")
    qtbot.addWidget(button)
    assert not button.focusPolicy() & Qt.FocusPolicy.ClickFocus


def test_the_hold_button_acts_when_held_and_not_when_clicked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "HOLD_S", 0.2)
    button = HoldButton("End")
    qtbot.addWidget(button)
    button.show()
    held: list[bool] = []
    button.held.connect(lambda: held.append(True))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert not held
    with qtbot.waitSignal(button.held, timeout=3000):
        qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)


def test_a_ring_never_shows_more_than_all_or_less_than_nothing(qtbot: QtBot) -> None:
    ring = Countdown()
    qtbot.addWidget(ring)
    ring.leave(1.7)
    assert ring.share == 1
    ring.leave(-3)
    assert ring.share == 0


def test_a_last_value_is_as_wide_as_its_figures(qtbot: QtBot) -> None:
    hollow = Hollow(40)
    qtbot.addWidget(hollow)
    hollow.set("100")
    assert hollow.width() >= QFontMetricsF(theme.font(40, 500)).horizontalAdvance("100")
