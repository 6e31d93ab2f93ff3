"""The page of one session: heading, chart, replay; summary, what happened, the provider's note and the report."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kiosk.line.review import Curves, Lines, SessionView, Wave
from kiosk.text import review_window as words
from ui import theme
from ui.kit import Column, Fixed, Row, Text
from ui.kit_button import Button
from ui.review.card import Facts
from ui.review.chart import SessionChart
from ui.review.lines import LineList
from ui.review.replay import Replay


class SessionPage(Row):
    """Built once. `wave_wanted` carries a stretch; `wants` carries "note" or "report"."""

    wave_wanted = Signal(float, float)
    wants = Signal(str)

    def __init__(self) -> None:
        super().__init__(gap=16)
        self.setObjectName("sessionPage")
        self.view: SessionView | None = None
        self.chart, self.replay, self.lines = SessionChart(), Replay(), LineList()
        self.facts = Facts(words.summary(), "summary")
        self.title = Text("", 20, 600, "ink0", name="sessionTitle")
        self.when = Text("", 15, 400, "ink2", shrink=True, name="sessionWhen")
        self.tags = Text("", 14, 600, "yellow", shrink=True, name="sessionTags")
        self.gaps = Text("", 13, 400, "ink2", wrap=True, name="sessionGaps")
        self.clock = Button(words.axis(False), "T", "clock", "bare", 14, theme.BUTTON_DAY, padding=8, name="axisWords")
        self.note = Button(
            words.note_button(), "N", "pencil", "primary", 15, theme.BUTTON_DAY, padding=12, name="addProviderNote"
        )
        self.report = Button(words.report(), "", "file-text", "raised", 15, theme.BUTTON_DAY, padding=12, name="report")
        self.grow(self._middle())
        self.add(Fixed(self._right(), 290))
        self._wire()

    def _middle(self) -> Column:
        self.tools = {
            name: Button("", "", icon, "raised", 15, theme.BUTTON_DAY - 4, padding=9, name=name)
            for name, icon in (
                ("earlier", "chevron-left"),
                ("zoomOut", "zoom-out"),
                ("zoomWhole", "maximize-2"),
                ("zoomIn", "zoom-in"),
                ("later", "chevron-right"),
            )
        }
        for name, button in self.tools.items():
            button.setAccessibleName(words.tool(name))
            button.setToolTip(words.tool(name))
        head = Row(self.title, gap=10)
        head.grow(self.when)
        head.add(self.clock, Row(*self.tools.values(), gap=3))
        plate = Column(gap=0, margin=(10, 8, 4, 4))
        plate.plate("panel", "line", 1)
        plate.radius = 8.0
        plate.grow(self.chart)
        middle = Column(head, self.tags, gap=4)
        middle.grow(plate)
        middle.add(self.replay)
        return middle

    def _right(self) -> Column:
        right = Column(self.facts, gap=8)
        right.grow(self.lines)
        right.add(self.gaps, Row(self.note, "stretch", self.report, gap=8))
        return right

    def _wire(self) -> None:
        self.chart.looked.connect(self.replay.show_position)
        self.chart.looked.connect(self.lines.look_at)
        self.chart.wave_wanted.connect(self.wave_wanted)
        self.replay.moved.connect(lambda t_s: self.chart.look_at(t_s, into_view=True))
        self.lines.chosen.connect(lambda t_s: self.chart.look_at(t_s, into_view=True))
        self.clock.clicked.connect(self.change_axis)
        self.note.clicked.connect(lambda: self.wants.emit("note"))
        self.report.clicked.connect(lambda: self.wants.emit("report"))
        acts = {
            "earlier": lambda: self.chart.pan(-0.25),
            "later": lambda: self.chart.pan(0.25),
            "zoomOut": lambda: self.chart.zoom(0.5),
            "zoomIn": lambda: self.chart.zoom(2),
            "zoomWhole": self.chart.show_all,
        }
        for name, act in acts.items():
            self.tools[name].clicked.connect(lambda _checked=False, act=act: act())

    def change_axis(self) -> None:
        """Minutes since the dose, or the time of day."""
        self.chart.show_clock(not self.chart.is_clock)
        self.clock.relabel(words.axis(self.chart.is_clock))

    def show_session(self, view: SessionView) -> None:
        """A session without its curves; they follow. The same one again keeps its curves until they are sent anew."""
        is_other = self.view is None or self.view.session_id != view.session_id
        self.view = view
        self.title.say(view.title)
        self.when.say(view.when)
        self.tags.say(" · ".join(view.tags))
        self.tags.setVisible(bool(view.tags))
        self.gaps.say(view.gaps)
        self.facts.show_facts(view.facts)
        if is_other:
            self.replay.show_span(view.start_s, view.end_s)
        self.chart.show_session(view)

    def show_curves(self, curves: Curves) -> None:
        """A page of curves of the session that is shown."""
        if self.view is not None and curves.session_id == self.view.session_id:
            self.chart.add_trend(curves.trend)

    def show_lines(self, lines: Lines) -> None:
        """A page of what happened."""
        if self.view is not None and lines.session_id == self.view.session_id:
            self.lines.show_lines(lines)

    def show_wave(self, wave: Wave) -> None:
        """The waveform that the chart asked for."""
        if self.view is not None and wave.session_id == self.view.session_id:
            self.chart.show_wave(wave)

    def take_key(self, event: QKeyEvent) -> bool:
        """A key of this page, wherever the focus is but in a field."""
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False
        if key == Qt.Key.Key_Space:
            self.replay.toggle()
        elif key in (Qt.Key.Key_Less, Qt.Key.Key_Greater, Qt.Key.Key_Comma, Qt.Key.Key_Period):
            self.replay.change_speed(1 if key in (Qt.Key.Key_Greater, Qt.Key.Key_Period) else -1)
        elif key == Qt.Key.Key_T:
            self.change_axis()
        elif key == Qt.Key.Key_N:
            self.wants.emit("note")
        else:
            return self.chart.take_key(event)
        return True
