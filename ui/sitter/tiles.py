"""SpO2 and pulse in large figures, each with quality and age; a number that is not live leaves its place.

Owned by the screen process. The tile computes no value. It counts the age on by itself between two views, so that a
feed that stands still never looks live.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.line.chart import Sweep
from kiosk.line.tile import Tile
from kiosk.text import age
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import RIGHT, Column, Part, Row, Text
from ui.kit_alarm import Marker
from ui.kit_button import Button
from ui.kit_value import Hollow, Numeral
from ui.sitter.sweep import Wave

_PLATES = {"high": ("red", None), "medium": ("yellow_dim", "yellow"), "low": (None, None), "none": (None, None)}
_EMPTY = ("gone", "invalid", "off", "waiting")


def aged(tile: Tile, since_s: float, ageing_after_s: float, gone_after_s: float) -> Tile:
    """The tile as it must be drawn `since_s` seconds after its view: older, then outlined, then gone."""
    if tile.age_s is None or since_s <= 0:
        return tile
    older = msgspec.structs.replace(tile, age_s=tile.age_s + since_s)
    if older.state == "live" and older.age_s is not None and older.age_s > ageing_after_s:
        older = msgspec.structs.replace(older, state="ageing")
    if older.state == "ageing" and older.age_s is not None and older.age_s > gone_after_s:
        older = msgspec.structs.replace(older, state="gone", number="", last=tile.number or tile.last)
    return older


class Beat(QWidget, Part):
    """One tick a reading, sweeping from left to right with a gap before the newest: it stands still when data do."""

    PLACES = 44

    def __init__(self) -> None:
        super().__init__()
        self.count, self.ink = 0, "ink3"
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(34))

    def show_count(self, count: int, ink: str) -> None:
        """The number of readings so far."""
        if (count, ink) != (self.count, self.ink):
            self.count, self.ink = count, ink
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step, low = self.width() / self.PLACES, self.height() - self.pf(6)
        head = (self.count - 1) % self.PLACES
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1.5)))
        for place in range(min(self.count, self.PLACES)):
            if 0 < (place - head) % self.PLACES <= 4:
                continue
            x = (place + 0.5) * step
            painter.drawLine(QPointF(x, low), QPointF(x, low - self.pf(7)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("ink1" if self.ink == "ink3" else self.ink))
        dot = QRectF(0, 0, self.pf(5), self.pf(5))
        dot.moveCenter(QPointF((head + 0.5) * step, low - self.pf(13)))
        painter.drawEllipse(dot)


class VitalTile(Column):
    """One measured value: head, limits and marker at the left, the number at the right, below them age and quality.

    typing_wanted: a person wants to type what the device shows; offered where no number can come by itself.
    """

    typing_wanted = Signal()

    def __init__(
        self, name: str, label: str, unit: str, size: float, bars: tuple[float, float], with_foot: bool
    ) -> None:
        super().__init__(gap=0)
        self.setObjectName(name)
        self.label_words, self.unit_words, self.size_u, self.with_foot = label, unit, size, with_foot
        self.ageing_after_s, self.gone_after_s = 5.0, 15.0
        self.tile = Tile("waiting")
        self._base = self.tile
        self.label, self.unit = Text(label, 20, 600, "ink2"), Text(unit, 17, 400, "ink3")
        self.aside = Text("", 17, 500, "ink1", RIGHT, shrink=True)
        self.badge = Marker("medium", 38)
        head = Row(self.label, self.unit, gap=8)
        head.grow(self.aside)
        head.add(self.badge)
        self.marker = Marker("high", theme.MARKER_TILE if with_foot else 46)
        self.limits = Column(gap=2)
        self.numeral = Numeral(size, bar=bars)
        side = Column("stretch", self.marker, 6.0, self.limits, gap=2)
        middle = Row(side, gap=8)
        middle.grow(self.numeral)
        middle.at_bottom(self.numeral)
        self.beat, self.wave = Beat(), Wave()
        self.still = False  # reduced motion: ticks instead of the wave
        self.sweep = Column(self.beat, self.wave, margin=(0, 6, 0, 0))
        self.last_word, self.last = Text(_("last"), 17, 400, "ink2"), Hollow()
        self.note = Text("", 16, 400, "ink3", shrink=True)
        self.age = Text("", 16, 400, "ink3", RIGHT, shrink=True)
        self.foot = Row(self.last_word, self.last, self.note, gap=10, margin=(0, 6, 0, 0))
        self.foot.grow(self.age)
        self.type = Button(_("Type values"), "T", "", "raised", padding=14, name=f"type_{name}")
        self.type.clicked.connect(self.typing_wanted)
        self.add(head, "stretch", middle, "stretch", self.sweep, self._offer(), self.foot)
        self._limits: tuple[str, ...] | None = None
        self._dress()

    def _offer(self) -> Row:
        """Why no number comes by itself, and the way to type one."""
        self.why = Text("", 17, 500, "ink1", RIGHT, shrink=True, name=f"why_{self.objectName()}")
        self.offer = Row(self.type, gap=12)
        return self.offer.grow(self.why)

    def show_tile(self, tile: Tile) -> None:
        """Take the tile of a new view."""
        self._base = tile
        self._draw(tile)

    def count_on(self, since_s: float) -> None:
        """Grow older by itself: `since_s` seconds have passed since the view."""
        self._choose_sweep()
        self._draw(aged(self._base, since_s, self.ageing_after_s, self.gone_after_s))

    def take_wave(self, run: Sweep) -> None:
        """A stretch of the pulse wave."""
        if self.with_foot and not self.still:
            self.wave.take(run)
            self._choose_sweep()

    def _choose_sweep(self) -> None:
        """The wave where the device sends one, else a tick a reading: in either case it stands still when data do."""
        fed = self.wave.is_fed()
        self.wave.setVisible(fed)
        self.beat.setVisible(not fed)

    def empty(self) -> bool:
        """Whether no number stands in the value's place."""
        return self.tile.state in _EMPTY or not self.tile.number

    def shown(self) -> str:
        return self.numeral.shown()

    def _draw(self, tile: Tile) -> None:
        if tile == self.tile:
            return
        self.tile = tile
        self._dress()

    def _inks(self) -> tuple[str, str, str, str]:
        """Ink of number, label, dim words, bright words."""
        severity, empty = self.tile.severity, self.empty()
        if severity == "high":
            return "on_red", "on_red", "on_red", "on_red"
        if severity == "medium":
            return ("ink1", "ink2", "ink3", "ink1") if empty else ("ink0", "ink0", "ink1", "ink0")
        dim = "ink3" if self.tile.state in ("off", "waiting") else "ink2"
        return (dim if empty else "ink1"), "ink2", "ink3", "ink1"

    def _dress(self) -> None:
        tile, empty = self.tile, self.empty()
        number, label, dim, bright = self._inks()
        plated = tile.severity in ("high", "medium")
        self.plate(*_PLATES[tile.severity])
        side = 12 if self.with_foot else 10
        self.margins((16, side, 16, 10) if plated else (16, 0 if self.with_foot else 8, 16, 8))
        self.label.style_as(label)
        self.unit.style_as(dim if tile.severity == "high" else "ink3")
        self.marker.setVisible(tile.severity == "high" and not empty)
        self.badge.setVisible(tile.severity in ("low", "medium") or (tile.severity == "high" and empty))
        for marker in (self.marker, self.badge):
            if tile.severity != "none":
                marker.set(tile.severity, tile.answered)
        self._draw_limits(dim)
        weight = theme.ALARM_WEIGHT if tile.severity in ("high", "medium") and not empty else 500
        text = "" if empty else tile.number + ("~" if tile.questionable else "")
        self.numeral.set(text, number, weight, outlined=tile.state == "ageing", bars=empty)
        self._draw_foot(dim, bright)
        self._name()

    def _draw_limits(self, ink: str) -> None:
        if self._limits != self.tile.limits:
            self._limits = self.tile.limits
            self.limits.clear()
            for limit in self.tile.limits:
                self.limits.add(Text(limit, 17, 500, ink))
            for child in self.limits.findChildren(Text):
                child.rescale(self.u)
        for child in self.limits.findChildren(Text):
            child.style_as(ink)

    def age_words(self) -> str:
        """The value's age as it is written: "now", "7 s ago", "42 s ago, not live"."""
        tile = self.tile
        if tile.age_s is None:
            return ""
        words = age(tile.age_s)
        if tile.state == "gone":
            return _("{age}, not live").format(age=words)
        return words

    def _draw_foot(self, dim: str, bright: str) -> None:
        tile, empty = self.tile, self.empty()
        last = tile.last if empty else ""
        self.last_word.setVisible(bool(last))
        self.last.setVisible(bool(last))
        ink = "on_red" if tile.severity == "high" else "ink2"
        self.last_word.style_as(ink)
        self.last.set(last, ink)
        self.sweep.setVisible(self.with_foot and not empty)
        self.offer.setVisible(self.with_foot and bool(tile.unread))
        room = 1 - 0.34 * (theme.text_of(self.u) - 1)  # larger words around it leave less for the number
        self.numeral.grow_to(self.size_u * (0.5 if self.with_foot and tile.unread else room))
        self.why.say(tile.unread)
        self.why.style_as(bright)
        self.beat.show_count(tile.count, dim)
        self.wave.colour_as(dim)
        self._choose_sweep()
        self.note.say("" if tile.state == "gone" and last else tile.note)
        self.note.setVisible(bool(self.note.shown()))
        quiet = tile.state == "live" and not tile.questionable
        self.note.style_as(dim if quiet else bright)
        self.age.say(self.age_words())
        self.age.style_as(
            dim if tile.state == "live" else bright,
            16 if tile.state == "live" else 17,
            400 if tile.state == "live" else 500,
        )
        aside = tile.state in ("ageing", "live") and not quiet
        self.foot.setVisible(self.with_foot or bool(last) or (empty and bool(tile.note)))
        self.aside.say(f"{self.age_words()}" if aside and not self.with_foot else "")
        self.aside.style_as(bright)

    def _name(self) -> None:
        tile = self.tile
        value = _("no live value") if self.empty() else tile.number
        last = _("last {value}").format(value=tile.last) if self.empty() and tile.last else ""
        doubt = _("questionable") if tile.questionable else ""
        alarm = {"high": _("high alarm"), "medium": _("alarm"), "low": _("notice"), "none": ""}[tile.severity]
        parts = [self.label_words, value, self.unit_words, last, self.age_words(), doubt, tile.note, alarm]
        self.setAccessibleName(", ".join(p for p in parts if p))
