"""The lower left: newest events, or the action panel of an alarm, or the form that a person opened. One at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.line.pane import Choice, EventLine
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import (
    BeginHandOver,
    Command,
    HandOver,
    MarkDose,
    MarkPhase,
    SkipPressure,
    UnlockRecord,
)
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, reflow, rescale, settle
from ui.sitter.acts import Acts
from ui.sitter.drawer import Drawer
from ui.sitter.drawers import Drawers
from ui.sitter.events import EventList
from ui.sitter.panel import ActionPanel

EVENTS_HEIGHT = 2 * theme.BUTTON + 8


class Lower(Column):
    """`used`: a button of the panel; `asked`: a command; `opens`: another thing; `changed`: its height changed."""

    used = Signal(object)
    asked = Signal(object)
    opens = Signal(str)
    changed = Signal()

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__(gap=0)
        self.events, self.panel = EventList(), ActionPanel()
        self.drawers = Drawers(self, now)
        self._clock = ""
        self._chosen: list[Command] = []
        self.gap = Fixed(Column(), height=9)
        self._places: dict[QWidget, Fixed] = {self.events: Fixed(self.events, height=EVENTS_HEIGHT)}
        self.add(self.gap, self._places[self.events])
        self._is_upright = False
        self._give_place(self.panel)
        self.drawer: Drawer | None = None
        self._asks = False
        self._alarm = ""
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.panel.used.connect(self.used)
        self.panel.chosen.connect(self.asked)
        self.events.opened.connect(self.open)
        self.drawers.corrects.connect(self._correct)
        self.drawers.chosen.connect(self.choose)
        self.drawers.asked.connect(self.asked)
        self.drawers.opens.connect(self.opens)
        self.drawers.closed.connect(self.close_drawer)
        self.drawers.built.connect(self._take_in)

    def _give_place(self, tall: QWidget) -> Fixed:
        place = Fixed(tall, height=theme.PANEL_HEIGHT, upright=(None, theme.UPRIGHT_PANEL))
        place.hide()
        self._places[tall] = place
        self.add(place)
        return place

    def _take_in(self, drawer: Drawer) -> None:
        """A form that was built now: hidden, in the size of the others, and where Tab would have found it."""
        place = self._give_place(drawer)
        reflow(place, self._is_upright)
        self._set_height(place, self.u)
        rescale(place, self.u)
        before: QWidget = self.events.more
        for part in drawer.findChildren(QWidget):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, part)
                before = part

    def _set_height(self, place: Fixed, u: float) -> None:
        if place.height_u != theme.UPRIGHT_PANEL:
            place.height_u = theme.PANEL_HEIGHT + 120 * (theme.text_of(u) - 1)

    def reflow(self, upright: bool) -> None:
        self._is_upright = upright
        super().reflow(upright)

    def rescale(self, u: float) -> None:
        for part, place in self._places.items():
            if part is not self.events:
                self._set_height(place, u)
        super().rescale(u)

    def begin(self, begin: Begin) -> None:
        """Names and zone for the forms."""
        self.drawers.begin(begin)

    def show_view(self, view: View) -> None:
        """Take a view; a new alarm's panel takes the place of an open form, whose words are kept."""
        alarm = view.sentence.alarm if view.panel is not None else ""
        if view.panel is not None and (not self._asks or alarm != self._alarm):
            self.close_drawer()
        self._asks, self._alarm = view.panel is not None, alarm
        if view.panel is not None:
            self.panel.show_panel(view.panel, view.silences)
        self.events.show_events(view.events, view.silences, view.armed)
        self._clock = view.clock
        self.drawers.show_view(view)
        self._arrange()

    def count_on(self, since_s: float) -> None:
        """Countdowns go on between two views."""
        self.panel.silences.count_on(since_s)
        self.events.silences.count_on(since_s)

    def answer(self, answer: Answer, command: Command | None) -> None:
        """What became of a command: to the typed values' form, else said in the open drawer."""
        form = self.drawers.form_of(command) if command is not None else self.drawers.typed
        if form is not None:
            form.answer(answer)
        elif isinstance(self.drawer, Acts) and answer.state == "done" and command in self._chosen:
            self.close_drawer()
        elif self.drawer is not None and answer.sentence:
            self.drawer.message.say(answer.sentence)

    def busy(self) -> bool:
        """Something is half typed or open."""
        return self.drawer is not None or any(drawer.half_typed() for drawer in self.drawers)

    def tall(self) -> bool:
        """Whether the panel or a form needs the place of pulse and pressure."""
        return self.drawer is not None or self._asks

    def confirm(self, title: str, sentence: str, detail: str, command: Command) -> None:
        """Ask with one sentence before a command is sent."""
        self.drawers.question.ask(title, sentence, detail, command)
        self.open("confirm")

    def choose(self, choice: Choice) -> None:
        """An entry of a menu: sent at once, or its form first where it needs words or a second look."""
        command = choice.command
        if isinstance(command, SkipPressure):
            self.open("skip")
        elif isinstance(command, UnlockRecord):
            self.open("unlock")
        elif isinstance(command, HandOver):
            self.asked.emit(BeginHandOver())
            self.open("hand_over")
        elif isinstance(command, MarkDose | MarkPhase):
            title = _("Dose") if isinstance(command, MarkDose) else _("Next phase")
            self.confirm(title, choice.label, self._clock, command)
        elif isinstance(self.drawer, Acts):  # stays open until it is done: a refusal is said in it
            self._chosen.append(command)
            self.asked.emit(command)
        else:
            self.asked.emit(command)
            self.close_drawer()

    def _correct(self, event: EventLine) -> None:
        self.drawers.correct.correct(event)
        self.open("correct")

    def open(self, what: str) -> None:
        """Open a form by its name; an unknown name opens nothing."""
        drawer = self.drawers.named(what)
        if drawer is None:
            return
        self.drawer = drawer
        self._chosen = []
        self.changed.emit()
        self._arrange()
        drawer.opened()
        settle()
        field = drawer.first_field()
        if field is not None:
            field.setFocus()

    def close_drawer(self) -> None:
        """Back to the panel or the events; words half typed stay in their form."""
        if self.drawer is None:
            return
        self.drawer = None
        self._arrange()
        self.changed.emit()
        settle()

    def _arrange(self) -> None:
        shown: QWidget = self.drawer or (self.panel if self._asks else self.events)
        for part, place in self._places.items():
            place.setVisible(part is shown)
        size = 9 if shown is self.events else 11
        if self.gap.height_u != size:
            self.gap.height_u = size
            self.gap.rescale(self.u)
