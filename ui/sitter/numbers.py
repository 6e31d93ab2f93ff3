"""The right column: SpO2, pulse, blood pressure, in one place on every screen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout

from kiosk.line.screen import Begin, View
from kiosk.text.catalogue import _
from ui.kit import Column, Fixed, Row, Rule
from ui.sitter.pressure import PressureView
from ui.sitter.tiles import VitalTile

# heights in u: SpO2, gap, hairline, gap, pulse, gap, hairline, gap, pressure.
# A pulse that is gone needs one line more, for its last value.
CALM = (252, 6, 1, 5, 138, 4, 1, 3, 116)
ALARM = (258, 6, 0, 0, 138, 4, 1, 3, 116)
GONE = (234, 8, 0, 0, 166, 6, 0, 0, 112)
GONE_CALM = (226, 8, 1, 6, 166, 4, 1, 2, 112)
UPRIGHT = (258, 0, 0, 0, 258, 4, 1, 3, 116)  # SpO2 and pulse side by side


class Numbers(Column):
    """Three tiles; hairlines between those that have no plate. `opens`: what a tile offers ("pressure": type)."""

    opens = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=0)
        self.spo2 = VitalTile("spo2Value", "SpO2", _("oxygen, %"), 184, (78, 22), with_foot=True)
        self.pulse = VitalTile("pulseValue", _("Pulse"), _("per minute"), 116, (78, 22), with_foot=False)
        self.pressure = PressureView()
        self.spo2.typing_wanted.connect(lambda: self.opens.emit("pressure"))
        self._rules = [Row(16.0, gap=0).grow(Rule()).add(16.0) for _i in range(2)]
        parts = [self.spo2, Column(), self._rules[0], Column(), self.pulse, Column(), self._rules[1], Column()]
        self._places = [Fixed(part, height=size) for part, size in zip([*parts, self.pressure], CALM, strict=True)]
        self._pair = Column(gap=0)
        for place in self._places[:5]:
            self._pair.grow(place)
        self._pair.upright = QBoxLayout.Direction.LeftToRight
        self.add(self._pair, *self._places[5:], "stretch")
        self._sizes: tuple[int, ...] = CALM
        self._is_upright = False
        self._after_s = (5.0, 15.0)

    def begin(self, begin: Begin) -> None:
        """Ages at which a value is outlined, and leaves its place."""
        for tile in (self.spo2, self.pulse):
            tile.ageing_after_s, tile.gone_after_s = begin.ageing_after_s, begin.gone_after_s
        self.spo2.still = begin.reduced_motion

    def show_view(self, view: View) -> None:
        """Take the three tiles of a view."""
        self.spo2.show_tile(view.spo2)
        self.pulse.show_tile(view.pulse)
        self.pressure.show_tile(view.pressure)
        self._arrange()

    def count_on(self, since_s: float) -> None:
        """Values grow older between two views."""
        self.spo2.count_on(since_s)
        self.pulse.count_on(since_s)
        self._arrange()

    def reflow(self, upright: bool) -> None:
        self._is_upright = upright
        for place in self._places[1:4]:
            place.setVisible(not upright)
        self._arrange()

    def _arrange(self) -> None:
        spo2, pulse = self.spo2.tile, self.pulse.tile
        plated = spo2.severity in ("high", "medium")
        needs_foot = self.pulse.empty() and bool(pulse.last or pulse.note)
        if self._is_upright:
            sizes = UPRIGHT
        elif needs_foot:
            sizes = GONE if plated else GONE_CALM
        elif plated:
            sizes = ALARM
        else:
            sizes = CALM
        if sizes != self._sizes:
            self._sizes = sizes
            for place, size in zip(self._places, sizes, strict=True):
                place.height_u = size
                place.rescale(self.u)
