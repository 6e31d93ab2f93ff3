"""A PDF document with the shipped fonts, the same bytes for the same content. The one user of the PDF library.

Millimetres from the upper left corner, sizes in points. What a title, author or date of the file says must name no
person: viewers list them.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import cast

from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.flow import Line, Span, broken

# The library takes numpy where it finds it, for pictures, which are never drawn here: a quarter of loading it.
_is_spared = "numpy" not in sys.modules
if _is_spared:
    sys.modules["numpy"] = cast(ModuleType, None)  # to import it fails
from fpdf import FPDF, ViewerPreferences  # noqa: E402
from fpdf.fonts import TTFFont  # noqa: E402

if _is_spared:
    del sys.modules["numpy"]

MM_PER_PT = 25.4 / 72
_FAMILY = "plex"
_FONTS = Path(str(resources.files("kiosk"))) / "assets" / "fonts"
_FILES = {False: "IBMPlexSans-Regular.ttf", True: "IBMPlexSans-SemiBold.ttf"}
_SHAPELESS = "\u00ad\u200b\ufeff"  # soft hyphen, break here, byte order: seen by nobody
_NO_SHAPE = ("Cc", "Cf", "Zl")  # a mark of direction would turn a line around
_MEASURED_PT = 100  # widths are measured at this size and scaled: they grow with the size


class Paper(StrEnum):
    """Sheets of paper."""

    A4 = "a4"
    LETTER = "letter"


class Document:
    """One file in the making; a context manager that gives the fonts' files back.

    dated: what the file gives as its day, so that equal content is equal bytes.
    """

    def __init__(self, paper: Paper, title: str, dated: date) -> None:
        self.pdf = FPDF(orientation="portrait", unit="mm", format=paper.value)
        self.pdf.set_auto_page_break(False)
        self.pdf.set_title(title)
        self.pdf.set_creator("session-room")
        self.pdf.set_lang("en")  # the words' own; a catalogue of another language says so here
        self.pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.pdf.set_creation_date(datetime(dated.year, dated.month, dated.day, tzinfo=UTC))
        for heavy, name in _FILES.items():
            self.pdf.add_font(_FAMILY, "B" if heavy else "", _FONTS / name)
        self.pdf.add_page()
        self.width, self.height = float(self.pdf.w), float(self.pdf.h)
        self._em = cache(self._measure_em)

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self._fonts():
            font.ttfont.close()

    def _fonts(self) -> list[TTFFont]:
        return [cast(TTFFont, font) for font in self.pdf.fonts.values()]

    def turn(self) -> None:
        """Begin the next sheet."""
        self.pdf.add_page()

    def entry(self, title: str, y: float) -> None:
        """An entry of the document's outline, for this place."""
        self.pdf.set_y(y)
        self.pdf.start_section(title)

    @cached_property
    def drawable(self) -> frozenset[str]:
        """Letters that every one of the fonts can draw, and that have a shape."""
        cmaps = [set(font.cmap) for font in self._fonts()]
        found = (chr(c) for c in set[int].intersection(*cmaps))
        return frozenset(letter for letter in found if unicodedata.category(letter) not in _NO_SHAPE)

    def check_letters(self, texts: Iterable[str]) -> None:
        """Raises ExchangeError NO_LETTER with the first text that has letters the fonts cannot draw."""
        for text in texts:
            missing = sorted(set(text) - self.drawable - {"\n"})
            if missing:
                names = ", ".join(_named(letter) for letter in missing[:3])
                raise ExchangeError(Reason.NO_LETTER, f"{names} in “{_shown(text)}”")

    def _measure_em(self, text: str, heavy: bool) -> float:
        self._font(_MEASURED_PT, heavy)
        return self.pdf.get_string_width(text) / _MEASURED_PT

    def _font(self, size_pt: float, heavy: bool) -> None:
        self.pdf.set_font(_FAMILY, "B" if heavy else "", size_pt)

    def measure(self, text: str, heavy: bool, size_pt: float) -> float:
        """Width in mm."""
        return self._em(text, heavy) * size_pt

    def lines(self, spans: Iterable[Span], width: float, size_pt: float) -> list[Line]:
        """The text broken to a width in mm."""
        return broken(spans, width, lambda text, heavy: self.measure(text, heavy, size_pt))

    def line(self, x: float, baseline: float, spans: Line, size_pt: float, grey: float = 0.0) -> None:
        """One line of text. grey: 0 black to 1 white."""
        self.pdf.set_text_color(round(grey * 255))
        for span in spans:
            self._font(size_pt, span.heavy)
            self.pdf.text(x, baseline, span.text)
            x += self.measure(span.text, span.heavy, size_pt)

    def box(self, x: float, y: float, width: float, height: float, *, fill: float | None = None, mm: float = 0) -> None:
        """A rectangle: filled with a grey (0 black to 1 white), or outlined with a line of `mm`."""
        if fill is not None:
            self.pdf.set_fill_color(round(fill * 255))
            self.pdf.rect(x, y, width, height, style="F")
        if mm:
            self.pdf.set_draw_color(0)
            self.pdf.set_line_width(mm)
            self.pdf.rect(x, y, width, height)

    def rule(self, x: float, y: float, x2: float, y2: float, mm: float = 0.2, grey: float = 0.0) -> None:
        """A straight line of `mm`."""
        self.pdf.set_draw_color(round(grey * 255))
        self.pdf.set_line_width(mm)
        self.pdf.line(x, y, x2, y2)

    def curve(self, points: Sequence[tuple[float, float]], mm: float = 0.2, grey: float = 0.0) -> None:
        """Straight lines from point to point, of `mm`."""
        self.pdf.set_draw_color(round(grey * 255))
        self.pdf.set_line_width(mm)
        self.pdf.polyline(points)

    def shape(self, points: Sequence[tuple[float, float]], *, fill: float | None = None, mm: float = 0.2) -> None:
        """A closed outline of `mm` (0: none), filled with a grey (0 black to 1 white) or not."""
        self.pdf.polyline(points, polygon=True, style=self._style(fill, mm))

    def disc(self, x: float, y: float, radius: float, *, fill: float | None = 0.0, mm: float = 0.2) -> None:
        """A circle around (x, y), outlined with a line of `mm`, filled with a grey or not."""
        self.pdf.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style=self._style(fill, mm))

    def _style(self, fill: float | None, mm: float) -> str:
        """Sets ground and line, and says in the library's letters which of them are drawn."""
        if fill is not None:
            self.pdf.set_fill_color(round(fill * 255))
        if mm:
            self.pdf.set_draw_color(0)
            self.pdf.set_line_width(mm)
        return ("D" if mm else "") + ("F" if fill is not None else "")

    @contextmanager
    def dashed(self, dash: float, gap: float) -> Generator[None]:
        """Lines within are dashed, in mm."""
        self.pdf.set_dash_pattern(dash, gap)
        yield
        self.pdf.set_dash_pattern()

    def content(self) -> bytes:
        """The finished file."""
        out = BytesIO()
        self.pdf.output(out)
        return out.getvalue()


def clean(text: str) -> str:
    """As it is drawn: composed letters, one kind of line end, no tab, nothing that has no shape. No word changes."""
    shown = "".join(c for c in text.replace("\t", " ") if c not in _SHAPELESS)
    return unicodedata.normalize("NFC", "\n".join(shown.splitlines()))


def _named(letter: str) -> str:
    name = unicodedata.name(letter, f"U+{ord(letter):04X}")
    return name if unicodedata.category(letter) in _NO_SHAPE else f"“{letter}” ({name})"


def _shown(text: str) -> str:
    return "".join("\ufffd" if unicodedata.category(c) in _NO_SHAPE else c for c in text)[:60]
