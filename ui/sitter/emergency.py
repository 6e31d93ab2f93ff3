"""The emergency card: who to call, what to read out, what to do until help is here. One key from everywhere, no PIN.

Owned by the screen process. Nothing on it scrolls, is edited, or must be dismissed first; alarms go on behind it.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kiosk.line.pane import Card
from kiosk.line.screen import View
from kiosk.line.tile import Tile
from kiosk.session.commands import ReportCalled
from kiosk.text.catalogue import _
from ui import keys, theme
from ui.kit import CENTRE, RIGHT, Column, Fixed, Icon, Part, Row, Rule, Text, reflow, rescale, take_out
from ui.kit_alarm import Marker
from ui.kit_button import Button
from ui.sitter.tiles import aged

PARTS = (("where", _("Where")), ("who", _("Who and what")), ("now", _("Now")), ("also", _("Also")))


class Small(Row):
    """One live value at the foot of the card; red with its marker while it alarms, bars when there is none."""

    def __init__(self, label: str) -> None:
        super().__init__(gap=10, margin=(8, 4, 16, 4))
        self.radius = 8
        self.marker = Marker("high", 40)
        self.label, self.number = Text(label, 18, 500, "ink2"), Text("", 40, 600, "ink1")
        self.add(self.marker, self.label, self.number)

    def show_tile(self, tile: Tile) -> None:
        """Take a tile; what is not live is not shown as a number."""
        high, live = tile.severity == "high", tile.state == "live" and bool(tile.number)
        self.plate("red" if high else None)
        self.margins((8, 4, 16, 4) if high else (10, 4, 0, 4))
        self.marker.setVisible(tile.severity != "none")
        if tile.severity != "none":
            self.marker.set(tile.severity, tile.answered)
        self.label.style_as("on_red" if high else "ink2", weight=600 if high else 500)
        self.number.style_as("on_red" if high else "ink1" if live else "ink3")
        self.number.say(tile.number + ("~" if tile.questionable else "") if live else "--")


class Contacts(QWidget, Part):
    """Other people to call: name, role, number."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)

    def rescale(self, u: float) -> None:
        self.u = u
        self._grid.setVerticalSpacing(self.px(14))
        self._grid.setHorizontalSpacing(self.px(16))
        self._grid.setColumnMinimumWidth(0, self.px(110))

    def show_contacts(self, contacts: tuple[tuple[str, str, str], ...]) -> None:
        """Draw the rows."""
        take_out(self._grid)
        for row, (name, role, number) in enumerate(contacts[:3]):
            cells = (
                Text(name, 20, 600, "ink1"),
                Text(role, 17, 400, "ink3", shrink=True),
                Text(number, 22, 600, "ink1", RIGHT),
            )
            for column, cell in enumerate(cells):
                self._grid.addWidget(cell, row, column)
                cell.show()


class EmergencyCard(QWidget, Part):
    """The whole page. `asked` carries commands, `closed` when a person goes back, `opens` "breaths"."""

    asked = Signal(object)
    closed = Signal()
    opens = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emergencyPage")
        self.text = 1.0  # how much larger small words are written
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strip_clock = Text("", 20, 600, "ink1")
        self.recording = Text("", 16, 400, "ink3", name="cardRecording")
        self.recording_sign = Icon("circle-dot", 17, "ink3")
        strip = Row(
            Text(_("Emergency card"), 17, 600, "ink1"), Text(_("always here, no PIN"), 17, 400, "ink2"), "stretch",
            self.recording_sign, self.recording, 2.0, self.strip_clock, gap=10,
        )  # fmt: skip
        self.page = Column(Fixed(strip, height=32), 8.0, self._head(), 20.0, gap=0, margin=(20, 12, 20, 22))
        body = Row(gap=27).turning()
        body.grow(self._read_out(), 800)
        self.rule = Rule(vertical=True)
        body.add(self.rule)
        body.grow(self._until(), 480)
        self.page.grow(body)
        self.page.add(10.0, Rule(), 15.0, self._foot())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # u follows the window, never vice versa
        layout.addWidget(self.page)
        self._card: Card | None = None
        self._view: View | None = None
        self._with_values = True

    def _head(self) -> Fixed:
        self.call = Text("", 58, 700, "on_red", name="emergencyNumber")
        self.own, self.note = Text("", 23, 500, "on_red", shrink=True), Text("", 19, 400, "on_red", shrink=True)
        self.called = Button(_("I called"), "C", "check", "on_red", 21, 66, 600, name="reportCalled")
        self.called.clicked.connect(lambda: self.asked.emit(ReportCalled()))
        number = Row(Icon("phone", 62, "on_red"), self.call, 18.0, "stretch", gap=18)
        head = Row(number, gap=18, margin=(24, 4, 20, 4)).turning()
        head.grow(Column("stretch", self.own, self.note, "stretch", gap=2))
        head.add(self.called)
        head.plate("red")
        return Fixed(head, height=110, upright=(None, 232))

    def _read_out(self) -> Column:
        self.parts = {name: Column(gap=0) for name, _title in PARTS}
        column = Column(Text(_("Read this out"), 20, 600, "ink2"), gap=0)
        for name, _title in PARTS:
            column.add(5.0, self.parts[name], 7.0)
        return column.add("stretch")

    def _until(self) -> Column:
        self.steps = Column(gap=8)
        warning = Column(
            Row(Icon("triangle-alert", 24, "red_line", 2), Text(_("Not breathing?"), 22, 600, "ink0"), gap=12),
            Text(_("Say so. They tell you how."), 22, 500, "ink0"),
            gap=2, margin=(18, 10, 18, 10),
        )  # fmt: skip
        warning.plate(None, "red_line")
        self.contacts = Contacts()
        return Column(
            Text(_("Until help is here"), 20, 600, "ink2"), 10.0, self.steps, 18.0, Fixed(warning, height=86), 26.0,
            self.contacts, "stretch", gap=0,
        )  # fmt: skip

    def _foot(self) -> Fixed:
        self.back = Button(_("Back to the screen"), "Esc", "arrow-left", name="closeCard")
        self.back.clicked.connect(self.closed)
        self.breaths = Button(_("Count breaths"), "K", "wind")
        self.breaths.clicked.connect(lambda: self.opens.emit("breaths"))
        self.spo2, self.pulse = Small("SpO2"), Small(_("Pulse"))
        self.spo2.setObjectName("cardSpo2")
        return Fixed(Row(self.back, self.breaths, "stretch", self.spo2, self.pulse, gap=10), height=56)

    def show_card(self, view: View, with_values: bool = True) -> None:
        """Take the card of a view. with_values: False while the pane is locked and nothing alarms."""
        self._view, self._with_values = view, with_values
        self.strip_clock.say(view.clock)
        for part in (self.spo2, self.pulse):
            part.setVisible(with_values)
        self.count_on(0.0)
        self._show_recording(view)
        self.called.relabel(
            _("Called {time}").format(time=view.card.called_at) if view.card.called_at else _("I called")
        )
        if view.card == self._card:
            return
        self._card = card = view.card
        self.call.say(_("Call {number}").format(number=card.number))
        self.own.say(card.own_phone)
        self.note.say(card.phone_note)
        for name, title in PARTS:
            self._draw_part(self.parts[name], title, getattr(card, name))
        self._draw_steps(card.until)
        self.contacts.show_contacts(card.contacts)
        rescale(self.page, self.u)

    def count_on(self, since_s: float, ageing_after_s: float = 5.0, gone_after_s: float = 15.0) -> None:
        """A value that grows old between two views stops being one here too."""
        if self._view is None:
            return
        self.spo2.show_tile(aged(self._view.spo2, since_s, ageing_after_s, gone_after_s))
        self.pulse.show_tile(aged(self._view.pulse, since_s, ageing_after_s, gone_after_s))

    def take_key(self, key: str) -> bool:
        """Press the button that shows this key."""
        for button in (self.called, self.back, self.breaths):
            if button.key == key and button.isVisibleTo(self):
                button.click()
                return True
        return False

    def _show_recording(self, view: View) -> None:
        chip = next((c for c in view.chips if c.icon == "circle-dot"), None)
        self.recording.say(chip.text if chip is not None else "")
        self.recording.style_as("ink0" if chip is not None and chip.loud else "ink3")
        self.recording_sign.setVisible(chip is not None)

    def _draw_part(self, column: Column, title: str, lines: tuple[str, ...]) -> None:
        column.clear()
        column.setVisible(bool(lines))
        if lines:
            column.add(Text(title, 17, 500, "ink3"))
        for i, line in enumerate(lines):
            column.add(Text(line, 29, 600 if i == 0 else 500, "ink0", shrink=True))

    def _draw_steps(self, steps: tuple[str, ...]) -> None:
        self.steps.clear()
        for number, words in enumerate(steps, 1):
            digit = Row(Text(str(number), 22, 600, "ink1", CENTRE))
            digit.plate("raised")
            digit.radius = 8
            row = Row(Fixed(digit, 44, 44), gap=16)
            row.grow(Text(words, 28, 600, "ink0", shrink=True))
            self.steps.add(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        upright = theme.is_upright(self.width(), self.height())
        self.u = theme.unit(self.width(), self.height(), self.text)
        reflow(self.page, upright)
        self.rule.setVisible(not upright)
        rescale(self.page, self.u)

    def rescale(self, u: float) -> None:
        """The card's scale follows its own size."""

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(self.rect()), theme.colour("ground"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or not self.take_key(keys.name_of(event)):
            event.ignore()
