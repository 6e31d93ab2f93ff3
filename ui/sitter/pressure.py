"""The blood-pressure tile: the last measurement with its time, and when the next one is due.

A momentary cuff pressure never stands in the value's place: in large figures it would be read as a systolic one.
"""

from __future__ import annotations

from kiosk.line.tile import PressureTile
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import RIGHT, Column, Icon, Row, Text
from ui.kit_alarm import Marker
from ui.kit_value import Numeral


class PressureView(Column):
    """Head with what comes next, at the left time and mean (or age), at the right systolic/diastolic."""

    def __init__(self) -> None:
        super().__init__(gap=0, margin=(16, 6, 14, 4))
        self.setObjectName("bpValue")
        self.label, self.unit = Text(_("Blood pressure"), 20, 600, "ink2", shrink=True), Text("mmHg", 17, 400, "ink3")
        self.clock = Icon("clock", 20, "ink0", 2)
        self.next = Text("", 17, 500, "ink2", RIGHT, shrink=True, name="nextBp")
        self.badge = Marker("low", 30)
        head = Row(self.label, self.unit, gap=8)
        head.add("stretch", self.clock, self.next, self.badge)
        self.at, self.beside = Text("", 17, 500, "ink3"), Text("", 17, 500, "ink3")
        self.numeral = Numeral(82, bar=(60, 18))
        middle = Row(Column("stretch", self.at, self.beside, gap=2), gap=8)
        middle.grow(self.numeral)
        middle.at_bottom(self.numeral)
        self.add(head, "stretch", middle, "stretch")
        self._tile: PressureTile | None = None

    def show_tile(self, tile: PressureTile) -> None:
        """Take the tile of a new view."""
        if tile == self._tile:
            return
        self._tile = tile
        high = tile.severity == "high"
        self.plate(
            "red" if high else "yellow_dim" if tile.severity == "medium" else None,
            "yellow" if tile.severity == "medium" else None,
        )
        ink = "on_red" if high else "ink1" if tile.state in ("fresh", "inflating") else "ink2"
        self.label.style_as("on_red" if high else "ink2")
        for words in (self.unit, self.at, self.beside):
            words.style_as("on_red" if high else "ink3")
        value = f"{tile.systolic}/{tile.diastolic}" if tile.systolic and tile.diastolic else ""
        if tile.state == "inflating":
            ink = "ink2"
        elif tile.state in ("none", "off"):
            ink = "ink3"
        weight = theme.ALARM_WEIGHT if tile.severity in ("high", "medium") else 500
        self.numeral.set(value, ink, weight, bars=not value)
        self._draw_head(tile, high)
        self._draw_side(tile, bool(value))
        self._name(tile, value)

    def shown(self) -> str:
        return self.numeral.shown()

    def _draw_head(self, tile: PressureTile, high: bool) -> None:
        loud = tile.state in ("due", "late", "inflating")
        words = tile.next
        if tile.state == "inflating":
            words = _("Cuff at {pressure}").format(pressure=tile.cuff) if tile.cuff else _("Cuff is measuring")
        self.unit.setVisible(not loud)
        self.clock.setVisible(tile.state in ("due", "late"))
        self.next.style_as("on_red" if high else "ink0" if loud else "ink2", 18 if loud else 17, 600 if loud else 500)
        self.next.say(words)
        self.badge.setVisible(tile.state == "late" or tile.severity != "none")
        self.badge.set(tile.severity if tile.severity != "none" else "low", False)

    def _draw_side(self, tile: PressureTile, known: bool) -> None:
        if not known:
            self.at.say("")
            self.beside.say(tile.note or (_("not used") if tile.state == "off" else _("none yet")))
            return
        self.at.say(_("{time}, typed").format(time=tile.at) if tile.typed else tile.at)
        mean = _("mean {value}").format(value=tile.mean) if tile.mean else ""
        self.beside.say(tile.note or (mean or tile.age if tile.state == "fresh" else tile.age))

    def _name(self, tile: PressureTile, value: str) -> None:
        parts = [_("Blood pressure"), value or _("no value"), "mmHg", tile.at, tile.age, tile.note, self.next.shown()]
        self.setAccessibleName(", ".join(p for p in parts if p))
