"""The newest events, newest first, each with its state of storing; and what opens the list and the menus."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from kiosk.line.pane import EventLine, Silence
from kiosk.text.catalogue import _
from ui.kit import RIGHT, Column, Fixed, Row, Text, rescale
from ui.kit_button import Button
from ui.sitter.panel import SilenceList

UNSAVED = "NOT SAVED"


def event_row(event: EventLine, first: bool) -> Row:
    """One line: local time, sentence, what is not stored yet."""
    row = Row(Fixed(Text(event.at, 16, 400, "ink3"), 76), gap=0)
    words = Text(event.text, 16, 400, "ink2" if first else "ink3", shrink=True)
    words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    row.add(words)
    if event.stored:
        row.add(12.0, Text(event.stored, 16, 600, "yellow" if event.stored == UNSAVED else "ink3"))
    row.add("stretch")
    return row


class EventList(Row):
    """Newest events at the left; the silences, when nothing else shows them, and what opens the menus at the right."""

    opened = Signal(str)

    def __init__(self, rows: int = 4) -> None:
        super().__init__(gap=12)
        self.rows, self._is_upright = rows, False
        self.lines = Column(gap=3)
        self.lines.setObjectName("events")
        self.silences = SilenceList(compact=True)
        self.armed = Text("", 15, 400, "ink3", RIGHT, wrap=True, name="armedLabel")
        self.more = Button(_("List"), "L", "list", "raised", 16, padding=10, fill_width=True, name="openList")
        self.acts = Button(_("Acts"), "O", "", "raised", 16, padding=10, fill_width=True, name="openActs")
        self.happened = Button(_("It happened"), "H", "", "raised", 16, padding=10, fill_width=True)
        self.happened.setObjectName("openHappenings")
        for button, what in ((self.more, "list"), (self.acts, "acts"), (self.happened, "happenings")):
            button.clicked.connect(lambda _checked=False, w=what: self.opened.emit(w))
        self.grow(self.lines)
        self._beside, self._armed = Fixed(self.silences, 320), Fixed(self.armed, 260)
        self.add(self._beside, self._armed, Column(self.happened, Row(self.acts, self.more, gap=8), gap=8))
        self._drawn: object = None
        self._events: tuple[EventLine, ...] = ()

    def show_events(self, events: tuple[EventLine, ...], silences: tuple[Silence, ...], armed: str) -> None:
        """Draw the newest events of a view, and what is silent now or else what is armed."""
        self.silences.show_silences(silences)
        self._beside.setVisible(bool(silences))
        self.armed.say(armed)
        self._armed.setVisible(bool(armed) and not silences and not self._is_upright)
        self._events = events[: self.rows]
        drawn = (self._events, self.u)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.lines.clear()
        for i, event in enumerate(self._events):
            self.lines.add(event_row(event, i == 0))
        for _missing in range(self.rows - len(self._events)):
            self.lines.add(Text("", 16))
        rescale(self.lines, self.u)

    def reflow(self, upright: bool) -> None:
        self._is_upright = upright  # what is armed stands in the list; here the lines need the room

    def texts(self) -> str:
        """The lines as they are read."""
        return "\n".join(f"{e.at} {e.text} {e.stored}".strip() for e in self._events)
