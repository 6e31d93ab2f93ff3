"""The page of a series: sessions over each other, a table by session, totals, and limits tried on all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kiosk.line.review import OpenSeries, SeriesCurve, SeriesLine, SeriesView
from kiosk.text import review_window as words
from ui import theme
from ui.kit import LEFT, RIGHT, Column, Fixed, Row, Text
from ui.kit_button import Button
from ui.review.card import Card, Facts, Grid, Scroll
from ui.review.overlay import Overlay
from ui.review.trial import Trial


class SeriesPage(Row):
    """Built once. `asked` carries a wish: OpenSeries or TryLimits."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(gap=16)
        self.setObjectName("seriesPage")
        self.view: SeriesView | None = None
        self.overlay, self.trial = Overlay(), Trial()
        self.totals = Facts(words.totals(), "seriesTotals")
        self.scores = Facts(words.scores(), "seriesScores")
        self.table = Grid(gap=8, between=5)
        self.title = Text("", 20, 600, "ink0", name="seriesTitle")
        self.how = Text("", 14, 400, "ink2", shrink=True, name="seriesHow")
        self.zero = Button(words.align("dose"), "T", "clock", "bare", 14, theme.BUTTON_DAY, padding=8, name="alignAt")
        self.alone = Button(words.alone(False), "O", "eye", "bare", 14, theme.BUTTON_DAY, padding=8, name="chosenOnly")
        self._chosen_id, self._is_alone = "", False
        self.grow(self._middle())
        self.add(Fixed(self._right(), 344))
        self.zero.clicked.connect(self.change_zero)
        self.alone.clicked.connect(self.change_alone)
        self.trial.asked.connect(self.asked)

    def _middle(self) -> Column:
        head = Row(self.title, "stretch", self.zero, self.alone, gap=10)
        plate = Column(gap=0, margin=(10, 10, 4, 4))
        plate.plate("panel", "line", 1)
        plate.radius = 8.0
        plate.grow(self.overlay)
        middle = Column(head, self.how, gap=6)
        middle.grow(plate)
        middle.add(Fixed(self.trial, height=258))
        return middle

    def _right(self) -> Column:
        by_session = Card(words.by_session(), "bySession")
        by_session.add(self.table)
        inner = Column(by_session, self.scores, self.totals, "stretch", gap=8)
        right = Column(gap=0)
        right.grow(Scroll(inner, words.by_session()))
        return right

    def show_series(self, view: SeriesView) -> None:
        """A series without its curves; they follow."""
        self.view = view
        self.title.say(words.series_title(len(view.lines)))
        self.how.say(words.series_how())
        self.totals.show_facts(view.totals)
        self.scores.show_facts(view.scores)
        self.overlay.show_series(view)
        self.trial.show_series(view)
        self._draw_table()

    def add_curve(self, curve: SeriesCurve) -> None:
        """One session's curves."""
        self.overlay.add_curve(curve)
        self.zero.relabel(words.align(curve.zero))

    def choose(self, session_id: str) -> None:
        """This session stands out."""
        self._chosen_id = session_id
        self.overlay.choose(session_id)
        self._draw_table()

    def change_zero(self) -> None:
        """Counted from the dose, or from each session's start."""
        if self.view is not None:
            self.asked.emit(OpenSeries(self.view.patient_id, "started" if self.overlay.zero == "dose" else "dose"))

    def change_alone(self) -> None:
        """The chosen session with or without the others."""
        self._is_alone = not self._is_alone
        self.overlay.show_alone(self._is_alone)
        self.alone.relabel(words.alone(self._is_alone))

    def take_key(self, event: QKeyEvent) -> bool:
        """A key of this page, wherever the focus is but in a field."""
        acts = {
            Qt.Key.Key_T: self.change_zero,
            Qt.Key.Key_O: self.change_alone,
            Qt.Key.Key_Plus: lambda: self.overlay.zoom(1.5),
            Qt.Key.Key_Minus: lambda: self.overlay.zoom(1 / 1.5),
            Qt.Key.Key_Left: lambda: self.overlay.pan(-0.1),
            Qt.Key.Key_Right: lambda: self.overlay.pan(0.1),
            Qt.Key.Key_0: self.overlay.show_all,
            Qt.Key.Key_W: self.overlay.show_all,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        act()
        return True

    def _draw_table(self) -> None:
        if self.view is None:
            return
        head = [Text(title, 13, 400, "ink3", RIGHT if n else LEFT) for n, title in enumerate(words.table_head())]
        self.table.show_cells([head, *(self._row(line) for line in self.view.lines)])

    def _row(self, line: SeriesLine) -> list[Text]:
        weight = 600 if line.session_id == self._chosen_id else 400
        first = Text(str(line.number), 14, 600, "ink1")
        first.setToolTip(line.title)
        cells = (line.dose, line.lowest, line.highest, line.ready, line.alarms, line.valid)
        return [first, *(Text(cell, 14, weight, "ink1", RIGHT) for cell in cells)]
