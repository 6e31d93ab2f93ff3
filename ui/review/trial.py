"""Limits that are tried on a whole series: typed here, judged by the process behind the window, counted by session."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from kiosk.line.review import Rule, SeriesView, Told, Tried, TryLimits
from kiosk.text import review_window as words
from ui import theme
from ui.kit import CENTRE, RIGHT, Column, Row, Text
from ui.kit_button import Button
from ui.review.card import Card, Grid
from ui.review.shelf import Field

FIRST_ROW = 2


class Cell(Column):
    """How often a session would have alarmed; red where it would."""

    def __init__(self, tried: Tried | None) -> None:
        super().__init__(gap=0, margin=(10, 3, 10, 3))
        self.radius = 6.0
        count = tried.high + tried.medium + tried.low if tried else 0
        text = Text("…" if tried is None else str(count), 15, 600, "red" if count else "ink2", CENTRE)
        if tried is not None:
            text.setToolTip(tried.words)
            text.setAccessibleName(tried.words)
        self.plate("red_dim" if count else "raised")
        self.add(text)


class Trial(Card):
    """`asked` carries a TryLimits, with an id that counts up: answers to an older one are not shown."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(words.trial_title(), "limitTrial")
        self.fields: dict[str, tuple[Field, Field | None]] = {}
        self.form = Grid(gap=8, between=4)
        self.judge = Button(words.judge(), "", "play", "raised", 15, theme.BUTTON_DAY, padding=12, name="tryLimits")
        self.says = Text("", 15, 600, "ink1", wrap=True, name="trialSays")
        self.cells = Grid(gap=6)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.cells)
        area.setAccessibleName(words.trial_title())
        palette = area.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.colour("panel"))
        area.setPalette(palette)
        self.head.add("stretch", self.judge)
        self.add(Row(self.form, "stretch", gap=0))
        self.grow(area)
        self.add(self.says)
        self.judge.clicked.connect(self.ask)
        self.id = 0
        self._view: SeriesView | None = None
        self._tried: dict[tuple[str, str], Tried] = {}

    def show_series(self, view: SeriesView) -> None:
        """The rules of another series; the same one keeps what was typed and found."""
        is_other = self._view is None or self._view.patient_id != view.patient_id
        self._view = view
        if is_other:
            self._tried = {}
            self._make_form(view.rules)
            self.ask()
        self._draw()

    def _make_form(self, rules: tuple[Rule, ...]) -> None:
        self.fields = {}
        cells: list[list[QWidget]] = [[], []]
        for rule in rules:
            value = Field(words.limit_field(rule.label, rule.unit), f"limit_{rule.key}", 56)
            value.setText(rule.value)
            delay = Field(words.delay_field(rule.label), f"delay_{rule.key}", 44) if rule.has_delay else None
            pair = [Text(rule.label, 14, 400, "ink2", RIGHT), value]
            if delay is not None:
                delay.setText(rule.delay)
                pair += [Text(words.for_seconds(), 14, 400, "ink2"), delay, Text("s", 14, 400, "ink2")]
                delay.returnPressed.connect(self.ask)
            value.returnPressed.connect(self.ask)
            self.fields[rule.key] = value, delay
            cells[len(self.fields) > FIRST_ROW] += pair
        self.form.show_cells(cells, wide=-1)

    def typed(self) -> dict[str, tuple[str, str]]:
        """Each rule's value and delay as they stand in the fields."""
        return {key: (v.text().strip(), d.text().strip() if d else "") for key, (v, d) in self.fields.items()}

    def ask(self) -> None:
        """Judge the series anew."""
        if self._view is None or not self._view.lines:
            return
        self.id += 1
        self._tried = {key: tried for key, tried in self._tried.items() if key[0] == "planned"}
        self.says.say(words.judging())
        self._draw()
        self.asked.emit(TryLimits(self.id, self._view.patient_id, self.typed()))

    def take(self, tried: Tried) -> None:
        """One session's result."""
        if tried.id != self.id or self._view is None:
            return
        self._tried[tried.name, tried.session_id] = tried
        if tried.left == 0:
            found = [t for (name, _id), t in self._tried.items() if name == "trial"]
            counts = (sum(t.high for t in found), sum(t.medium for t in found), sum(t.low for t in found))
            self.says.say(words.would_have(len(found), *counts))
        self._draw()

    def told(self, told: Told) -> None:
        """What was typed cannot be a limit."""
        if told.id == self.id:
            self.says.say(told.sentence)

    def _draw(self) -> None:
        if self._view is None:
            return
        lines = self._view.lines
        head: list[QWidget] = [Text("", 14), *(Text(str(line.number), 14, 600, "ink2", CENTRE) for line in lines)]
        rows: list[list[QWidget]] = [head]
        for name, title in (("planned", self._view.planned), ("trial", words.as_typed())):
            cells = [Cell(self._tried.get((name, line.session_id))) for line in lines]
            rows.append([Text(title, 14, 400 if name == "planned" else 600, "ink2"), *cells])
        self.cells.show_cells(rows)
