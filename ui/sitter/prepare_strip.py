"""The strip over the preparation: which check, what is said throughout, and SpO2 and pulse as they are now."""

from __future__ import annotations

from kiosk.line.prepare import Prepare
from kiosk.line.screen import View
from kiosk.text.catalogue import _
from ui.kit import CENTRE, Icon, Row, Text, rescale


class PrepareStrip(Row):
    """Preparation, which check; at the right what is said throughout, SpO2 and pulse now, the clock."""

    def __init__(self) -> None:
        super().__init__(gap=12)
        self.turning()
        self.check = Text("", 17, 400, "ink2", name="checkCount")
        self.undone, self.tags = Text("", 16, 500, "ink1", shrink=True, name="undoText"), Row(gap=8)
        self.spo2 = Text("", 20, 600, "ink1", name="prepareSpo2")
        self.pulse = Text("", 20, 600, "ink1", name="preparePulse")
        self.clock = Text("", 20, 600, "ink1", name="clockLabel")
        left = Row(Text(_("Preparation"), 17, 600, "ink1", name="phaseLabel"), self.check, gap=12)
        right = Row("stretch", self.tags, 12.0, Text("SpO2", 16, 400, "ink3"), self.spo2, 10.0, gap=12)
        right.add(Text(_("Pulse"), 16, 400, "ink3"), self.pulse, 24.0, self.clock)
        self.grow(left.grow(self.undone)).add(right)
        self._drawn: object = None

    def show_strip(self, view: View, ready: Prepare, check: str) -> None:
        """Take what the view says."""
        self.check.say(check)
        self.undone.say(view.undo_text)
        self.show_numbers(ready.spo2, ready.pulse)
        self.clock.say(view.clock)
        chips = tuple(chip for chip in view.chips if chip.loud)
        if (view.tags, chips, self.u) == self._drawn:
            return
        self._drawn = (view.tags, chips, self.u)
        self.tags.clear()
        for tag in view.tags:
            plate = Row(Text(tag, 15, 500, "ink0", CENTRE), margin=(10, 2, 10, 2))
            plate.radius = 6
            plate.plate(None, "ink2", 1.25)
            self.tags.add(plate)
        for chip in chips:
            self.tags.add(Icon(chip.icon, 17, "ink0"), Text(chip.text, 16, 500, "ink0"))
        rescale(self.tags, self.u)

    def show_numbers(self, spo2: str, pulse: str) -> None:
        """SpO2 and pulse, "" where none is live."""
        for part, number in ((self.spo2, spo2), (self.pulse, pulse)):
            part.say(number or "–")
            part.style_as("ink1" if number else "ink3")
