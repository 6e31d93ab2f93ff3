"""The list (L): newest events, what is armed, limits with their authors, the end of the session."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from kiosk.line.pane import EventLine
from kiosk.line.screen import View
from kiosk.session.commands import EndSession
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Row, Rule, Text, rescale
from ui.kit_button import Button, HoldButton
from ui.sitter.drawer import Drawer
from ui.sitter.events import event_row

PLOTS = {"spo2": _("SpO2"), "pulse": _("Pulse"), "pressure": _("Pressure")}


class Listing(Drawer):
    """Scrolls by arrow keys or their buttons; End the session is held for two seconds, so that no stray key ends it.

    `correct` carries the event whose time was another one.
    """

    correct = Signal(object)

    def __init__(self) -> None:
        super().__init__("listDrawer", _("Events"))
        self.lines = Column(gap=3)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.lines)
        self.area.viewport().setAutoFillBackground(False)
        self.lines.setAutoFillBackground(False)
        self.area.setAccessibleName(_("Events"))
        self.facts = Column(gap=1)
        self.end = HoldButton(_("End the session (hold 2 s)"), "square", "outline", name="endSession", key="Q")
        self.end.held.connect(self._end)
        self.happened = Button(_("It happened"), "H", "", "raised", size=17, padding=10)
        self.happened.clicked.connect(lambda: self.opens.emit("happenings"))
        self.acts = Button(_("Acts"), "O", "", "raised", size=17, padding=10)
        self.acts.clicked.connect(lambda: self.opens.emit("acts"))
        top = Row(gap=16)
        top.grow(self.area)
        top.add(Rule(vertical=True), Fixed(self.facts, 290))
        self.grow(top)
        self.newer, self.older = self._turner("↑", _("Newer events")), self._turner("↓", _("Older events"))
        foot = Row(self.happened, self.acts, self.newer, self.older, "stretch", self.end, self.back, gap=8)
        self.add(foot)
        self._drawn: object = None

    def _turner(self, words: str, said: str) -> Button:
        button = Button(words, "", "", "raised", 22, padding=22)
        button.setAccessibleName(said)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self._turn(-1 if words == "↑" else 1))
        return button

    def _turn(self, by: int) -> None:
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + by * self.px(theme.BUTTON + 3))

    def show_view(self, view: View) -> None:
        """Take events, limits and stage of a view."""
        self.end.setEnabled(view.stage == "live")
        drawn = (view.events, view.limits, view.armed, view.plan_signature, self.u)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._draw_events(view.events)
        self.facts.clear()
        self.facts.add(
            Text(_("Armed"), 16, 500, "ink3"),
            Text(view.armed or _("Nothing is armed yet."), 16, 400, "ink1", wrap=True),
        )
        head = f"{_('Limits')}. {view.plan_signature}" if view.plan_signature else _("Limits")
        self.facts.add(4.0, Text(head, 16, 500, "ink3", shrink=True))
        for limit in view.limits[: 4 if theme.text_of(self.u) <= 1 else 2]:
            named = f"{PLOTS.get(limit.plot, limit.plot)} {limit.text}"
            words = f"{named}, {limit.author}" if limit.author else named
            self.facts.add(Text(words, 15, 400, "ink2", shrink=True))
        self.facts.add("stretch")
        rescale(self.facts, self.u)

    def first_field(self) -> QScrollArea:
        return self.area

    def _draw_events(self, events: tuple[EventLine, ...]) -> None:
        self.lines.clear()
        for i, event in enumerate(events):
            row = event_row(event, i == 0)
            if event.correctable:
                row.add(self._correction(event))
            self.lines.add(row)
        self.lines.add("stretch")
        rescale(self.lines, self.u)

    def _correction(self, event: EventLine) -> Button:
        button = Button(_("Another time"), "", "clock", "raised", 16, padding=10, name=f"correct_{event.seq}")
        button.setAccessibleName(_("Another time: {event}").format(event=event.text))
        button.clicked.connect(lambda: self.correct.emit(event))
        return button

    def _end(self) -> None:
        self.asked.emit(EndSession())
        self.closed.emit()
