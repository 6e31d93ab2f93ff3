"""The strip at the top: where the session is, and what the program itself is doing. Never blank, never loud alone."""

from __future__ import annotations

from kiosk.line.screen import View
from ui import theme
from ui.kit import CENTRE, Icon, Row, Text, rescale


class Strip(Row):
    """Left: phase, time since the dose, dose or what can be undone. Right: tags, chips, clock."""

    def __init__(self) -> None:
        super().__init__(gap=0)
        self.turning()
        self.phase = Text("", 17, 600, "ink1", name="phaseLabel")
        self.elapsed = Text("", 17, 400, "ink2", name="elapsedLabel")
        self.dose = Text("", 17, 400, "ink3", shrink=True)
        self.chips = Row(gap=7)
        self.clock = Text("", 20, 600, "ink1", name="clockLabel")
        self.undone = Text("", 16, 500, "ink1", shrink=True, name="undoText")
        left = Row(self.phase, self.elapsed, gap=16)
        left.grow(self.dose)
        left.grow(self.undone)
        self.grow(left)
        self.add(Row(16.0, "stretch", self.chips, 17.0, self.clock, gap=0))
        self._drawn: tuple[object, ...] | None = None

    def show_view(self, view: View) -> None:
        """Take what the view says."""
        self.phase.say(view.phase)
        self.elapsed.say(view.elapsed)
        self.elapsed.setVisible(bool(view.elapsed))
        self.dose.say(view.dose)
        self.undone.say(view.undo_text)
        self.undone.setVisible(bool(view.undo_seq))
        # for some seconds what can be taken back stands in its place; larger words leave no room for it
        self.dose.setVisible(not view.undo_seq and theme.text_of(self.u) <= 1)
        self.clock.say(view.clock)
        if (view.tags, view.chips, self.u) != self._drawn:
            self._drawn = (view.tags, view.chips, self.u)
            self._draw_chips(view)

    def _draw_chips(self, view: View) -> None:
        self.chips.clear()
        for tag in view.tags:
            plate = Row(Text(tag, 15, 500, "ink0", CENTRE), margin=(10, 2, 10, 2))
            plate.radius = 6
            plate.plate(None, "ink2", 1.25)
            self.chips.add(plate, 8.0)
        for i, chip in enumerate(view.chips):
            ink = "ink0" if chip.loud else "ink3"
            if i:
                self.chips.add(10.0)
            self.chips.add(Icon(chip.icon, 17, ink), Text(chip.text, 16, 500 if chip.loud else 400, ink))
        rescale(self.chips, self.u)
