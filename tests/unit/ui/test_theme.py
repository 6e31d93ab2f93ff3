"""Colours that can be read in the dark and protect dark eyes; the shipped fonts and icons are there."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication

from ui import theme

TEXT_ON = [  # ink, surface
    *[(ink, ground) for ink in ("ink0", "ink1", "ink2", "ink3") for ground in ("ground", "panel", "raised")],
    *[(ink, "yellow_dim") for ink in ("ink0", "ink1", "ink2", "ink3")],
    ("on_red", "red"),
    ("red", "on_red"),
    ("on_red", "marker_off"),
    ("on_yellow", "yellow"),
    ("on_fill", "fill"),
    ("ink1", "line"),
]
MARK_ON = [("red", "ground"), ("red_line", "ground"), ("yellow", "ground"), ("yellow", "yellow_dim"), ("fill", "panel")]
DAY_TEXT_ON = [
    *[(ink, ground) for ink in ("ink0", "ink1", "ink2", "ink3") for ground in ("ground", "panel", "raised")],
    ("red", "panel"),
    ("yellow", "panel"),
    ("good", "good_dim"),
    ("on_fill", "fill"),
    ("spo2", "panel"),
    ("pulse", "panel"),
    ("bp", "panel"),
    ("accent", "ground"),
]


@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_every_text_of_the_night_reaches_a_contrast_of_4_5(ink: str, ground: str) -> None:
    assert theme.contrast(theme.NIGHT[ink], theme.NIGHT[ground]) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARK_ON)
def test_every_mark_of_the_night_reaches_a_contrast_of_3(mark: str, ground: str) -> None:
    assert theme.contrast(theme.NIGHT[mark], theme.NIGHT[ground]) >= 3.0


@pytest.mark.parametrize(("ink", "ground"), DAY_TEXT_ON)
def test_every_text_of_the_day_reaches_a_contrast_of_4_5(ink: str, ground: str) -> None:
    assert theme.contrast(theme.DAY[ink], theme.DAY[ground]) >= 4.5


def test_contrast_is_the_one_of_wcag() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_no_bright_colour_of_the_night_is_bluish() -> None:
    for name, value in theme.NIGHT.items():
        red, green, blue = ((int(value[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
        if theme.luminance(value) > 0.03:
            assert blue / (red + green + blue) <= 0.27, name


def test_no_colour_of_the_rest_screen_has_any_blue() -> None:
    assert all(value.endswith("00") for value in theme.REST.values())


def test_yellow_never_outshouts_red_because_medium_fills_only_its_marker() -> None:
    assert theme.luminance(theme.NIGHT["yellow_dim"]) < theme.luminance(theme.NIGHT["red"])


def test_u_is_the_smaller_of_both_ratios() -> None:
    assert theme.unit(1366, 768) == 1
    assert theme.unit(1920, 1080) == pytest.approx(1.4056, abs=0.001)
    assert theme.unit(2000, 768) == 1
    assert theme.unit(768, 1366) == 1  # upright: turned, and as large under the finger


def test_larger_text_enlarges_small_words_by_its_factor_and_large_ones_less() -> None:
    usual, larger = theme.unit(1366, 768), theme.unit(1366, 768, 1.5)
    assert usual == larger == 1
    sizes = [
        (theme.font(size, 400, usual).pixelSize(), theme.font(size, 400, larger).pixelSize()) for size in (16, 40, 184)
    ]
    assert sizes == [(16, 24), (40, 51), (184, 184)]


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_the_shipped_font_is_used_in_each_weight(room_app: QApplication, weight: int) -> None:
    found = QFontInfo(theme.font(20, weight))
    assert (found.family(), found.weight()) == (theme.FAMILY, weight)


def test_figures_are_equally_wide(room_app: QApplication) -> None:
    metrics = QFontMetricsF(theme.font(184, 500))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_every_icon_named_in_the_code_is_shipped() -> None:
    source = "\n".join(p.read_text() for p in (theme.ASSETS.parent).rglob("*.py"))
    named = set(re.findall(r'Icon\("([a-z0-9-]+)"', source))
    assert named
    for name in named:
        assert (theme.ASSETS / "icons" / f"{name}.svg").is_file(), name


def test_licences_lie_beside_what_they_are_for() -> None:
    assert "SIL Open Font License" in (theme.FONTS / "OFL.txt").read_text()
    assert "ISC License" in (theme.ASSETS / "icons" / "LICENSE.txt").read_text()


def test_an_unknown_icon_still_draws_a_sign(room_app: QApplication) -> None:
    assert not theme.icon("no-such-icon", 24, theme.colour("ink1")).toImage().allGray()
