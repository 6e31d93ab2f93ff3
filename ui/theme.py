"""Colours, type, sizes and motion of every screen, and the one place where u becomes pixels.

Owned by the screen process. All sizes are in u = min(longer side / 1366, shorter / 768) px: multiply, round once.
Text reaches a WCAG ratio of 4.5 on the surfaces it is used on, marks and borders 3.0; a test computes them again.
Nothing here knows which window asks: a process has one palette, named once before its first widget (`wear`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPixmap, QPixmapCache

import kiosk

ASSETS = Path(__file__).resolve().parent / "assets"
FONTS = Path(kiosk.__file__).resolve().parent / "assets" / "fonts"  # with the printed pages, which know no screen
BASE_WIDTH, BASE_HEIGHT = 1366, 768

# Night: one warm hue; red and yellow appear only when a person is needed, or was.
NIGHT: Mapping[str, str] = {
    "ground": "#080504",
    "panel": "#140D08",  # can be pressed, or holds one thing
    "raised": "#20160E",
    "line": "#46341F",  # hairlines and plates, never text
    "grid": "#2A1D12",
    "ink0": "#FFE7C8",  # the sentence to act on
    "ink1": "#EAC08C",  # values, curves, words of buttons
    "ink2": "#C0986B",  # labels
    "ink3": "#A07D57",  # axis, limits, what is fine
    "red": "#BF2A1A",
    "red_deep": "#8E1D11",  # the empty part of a ring on the red plate
    "red_line": "#E8503A",
    "on_red": "#FFE7C8",
    "marker_off": "#1A0502",
    "yellow": "#F0C020",
    "mark": "#F0C020",  # fill of a medium mark
    "yellow_dim": "#1C1504",
    "on_yellow": "#140D00",
    "fill": "#DDB07C",  # the one primary button, the step in force
    "on_fill": "#140D08",
}
# Day: the provider's window.
DAY: Mapping[str, str] = {
    "ground": "#FAF8F4",
    "panel": "#FFFFFF",
    "raised": "#F1EDE6",
    "line": "#D8D0C4",
    "grid": "#E9E3D9",
    "ink0": "#14110D",
    "ink1": "#25201A",
    "ink2": "#574E43",
    "ink3": "#6F6558",
    "red": "#B3241A",
    "red_dim": "#FBE3DF",
    "red_line": "#B3241A",
    "on_red": "#FFFFFF",
    "yellow": "#7A5A00",
    "yellow_dim": "#FBE29A",
    "on_yellow": "#14110D",
    "fill": "#1D5B73",
    "on_fill": "#FFFFFF",
    "accent": "#1D5B73",
    "accent_dim": "#E1ECF0",
    "spo2": "#14597A",
    "pulse": "#8A2F5E",
    "bp": "#3D4A34",
    "other": "#8D8272",
    "mark": "#EDB71A",
    "good": "#2F6B3C",
    "good_dim": "#E3EFE4",
}
# Rest: blue is 0 in every pixel and linear green at most 0.30 of linear red, so that dark eyes stay dark.
# A message, the hint of the first minute included, may reach 12 % of white while it is needed, and then 3:1.
REST: Mapping[str, str] = {"ground": "#000000", "say": "#905000"}

_worn: list[Mapping[str, str]] = [NIGHT]

FAMILY = "IBM Plex Sans"
CAP_HEIGHT = 0.698  # of the pixel size
TYPE: Mapping[str, tuple[float, int]] = {  # role: size in u, weight
    "value_xl": (184, 500),
    "value_l": (116, 500),
    "value_m": (82, 500),
    "say_step": (54, 600),
    "say_action": (46, 600),
    "say_alarm": (40, 600),
    "say_calm": (34, 500),
    "read_out": (29, 600),
    "detail": (22, 400),
    "title": (20, 600),
    "body": (18, 500),
    "label": (16, 400),
    "fine": (15, 400),
    "key": (13, 500),
}
SMALL_U, LARGE_U = 24, 60  # larger text: up to here by the whole factor, from here on not at all
ALARM_WEIGHT = 600  # an alarming value gets heavier, never larger: nothing moves under the hand

MARGIN, GUTTER = 20, 20
COLUMN_LEFT, COLUMN_RIGHT = 916, 390
STRIP_TOP, STRIP_HEIGHT = 12, 32
SENTENCE_TOP, SENTENCE_HEIGHT = 48, 90
BODY_TOP, BODY_HEIGHT = 146, 526
PANEL_HEIGHT = 284
BAR_TOP, BAR_HEIGHT = 690, 64
BUTTON, BUTTON_ACT, BUTTON_DAY = 56, 62, 36  # touch targets: 14 and 15.6 mm on a 15.6-inch panel
UPRIGHT_STRIP, UPRIGHT_SENTENCE = 60, 160  # in an upright window: two lines each
UPRIGHT_PANEL = 424
MARKER_SENTENCE, MARKER_TILE = 68, 58
CHART_GUTTER, CHART_RIGHT = 76, 14
PHASE_LANE, MARK_LANE = 30, 24

DASH_LIMIT, DASH_PLANNED = (5.0, 4.0), (3.0, 3.0)  # in pen widths
HATCH_STEP = 6
BEYOND_ALPHA = 0.34
FLASH_HZ: Mapping[str, float] = {"high": 2.0, "medium": 0.6}  # only the marker, half of the period on
PAUSE_MAX_S = 120
HOLD_S = 2.0
FADE_MS = 160


class Unit(float):
    """Pixels of one u. text: how much larger small words are written, 1.0 to 1.5; large ones need it less."""

    text: float = 1.0

    def enlarged(self, size_u: float) -> float:
        """The size of words on this display."""
        share = 1.0 if size_u <= SMALL_U else max(0.0, (LARGE_U - size_u) / (LARGE_U - SMALL_U))
        return size_u * (1 + (self.text - 1) * share)


def unit(width_px: float, height_px: float, text: float = 1.0) -> Unit:
    """Pixels of one u in a window of this size; never below half a pixel, so that a tiny window still draws.

    An upright window is a turned one: what is 56 u stays as large under the finger.
    """
    wide, high = max(width_px, height_px), min(width_px, height_px)
    found = Unit(max(0.5, min(wide / BASE_WIDTH, high / BASE_HEIGHT)))
    found.text = text
    return found


def text_of(u: float) -> float:
    """How much larger small words are written on a display with this u."""
    return u.text if isinstance(u, Unit) else 1.0


def is_upright(width_px: float, height_px: float) -> bool:
    """Whether a window is higher than wide: then what stands side by side stands below each other."""
    return height_px > width_px


def sentence_bottom(upright: bool) -> float:
    """Where the sentence's slot ends, in u from the top: nothing may cover what lies above."""
    if upright:
        return STRIP_TOP + UPRIGHT_STRIP + 4 + UPRIGHT_SENTENCE
    return SENTENCE_TOP + SENTENCE_HEIGHT


def wear(tones: Mapping[str, str]) -> None:
    """The palette of this process: night, unless the provider's window says day. Before any widget is made."""
    _worn[:] = [tones]


def colour(name: str, alpha: float | None = None) -> QColor:
    """A token's colour in the palette worn; alpha 0..1 makes it translucent. An unknown name raises KeyError."""
    chosen = QColor(_worn[0][name])
    if alpha is not None:
        chosen.setAlphaF(alpha)
    return chosen


def font(size_u: float, weight: int = 400, u: float = 1.0) -> QFont:
    """IBM Plex Sans at size_u; its figures are tabular without a feature switch."""
    size_px = max(1, round((u.enlarged(size_u) if isinstance(u, Unit) else size_u) * u))
    return QFont(_font(size_px, weight))  # a copy shares what Qt has found for it


@cache
def _font(size_px: int, weight: int) -> QFont:
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def load_fonts() -> None:
    """Register the shipped fonts. Call once, after QApplication exists; calling again does nothing new."""
    if FAMILY in QFontDatabase.families():
        return
    for file in sorted(FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def _icon_source(name: str) -> str:
    return (ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, side_px: int, tint: QColor, stroke: float = 1.75, dpr: float = 1.0) -> QPixmap:
    """A Lucide icon in one colour, side_px square. An unknown name draws a plain circle: a sign is never missing."""
    if not (ASSETS / "icons" / f"{name}.svg").is_file():
        name = "circle"
    key = f"{name} {side_px} {tint.rgba()} {stroke} {dpr}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    from PySide6.QtSvg import QSvgRenderer  # 10 ms, and the rest screen has no icon

    source = _icon_source(name).replace("currentColor", tint.name())
    source = source.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    picture = QPixmap(round(side_px * dpr), round(side_px * dpr))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    picture.setDevicePixelRatio(dpr)
    QPixmapCache.insert(key, picture)
    return picture


def luminance(value: str) -> float:
    """WCAG relative luminance of "#RRGGBB"."""
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 ratio of two "#RRGGBB" colours, 1..21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
