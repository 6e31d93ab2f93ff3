"""The series on one page: which sessions are done, due, missed and still to come; what is left.

Owned by the screen process; stands in the preparation and in the hours after. It draws what the view says.
"""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from kiosk.line.calendar import Calendar, CalendarLine
from kiosk.text.catalogue import _
from ui.kit import RIGHT, Column, Fixed, Row, Text, rescale
from ui.sitter.prepare_parts import StateMark

SIGNS = {"done": "passed", "due": "now", "missed": "failed", "planned": "todo"}
ROW = 46.0


class CalendarPage(Column):
    """One view of a series."""

    def __init__(self) -> None:
        super().__init__(gap=0)
        self.setObjectName("calendarPage")
        self.title = Text("", 40, 600, "ink0", shrink=True, name="calendarTitle")
        self.pattern = Text("", 20, 400, "ink2", shrink=True, name="calendarPattern")
        self.lists = [Column(gap=0), Column(gap=0)]
        self.facts = Text("", 20, 500, "ink1", shrink=True, name="calendarFacts")
        self.against = Text("", 20, 600, "yellow", shrink=True, name="calendarAgainst")
        columns = Row(gap=40).turning()
        for column in self.lists:
            columns.grow(column)
        self.add(self.title, 2.0, self.pattern, 2.0, self.against, 10.0)
        self.grow(columns)
        self.add(6.0, self.facts, 6.0)
        self._drawn: object = None

    def show_calendar(self, calendar: Calendar) -> None:
        """Draw the series of a view."""
        if self._drawn == (calendar, self.u):
            return
        self._drawn = (calendar, self.u)
        self.title.say(calendar.title)
        before = _("{n} earlier not shown").format(n=calendar.earlier) if calendar.earlier else ""
        self.pattern.say(" · ".join(part for part in (calendar.pattern, before) if part))
        self.facts.say(" · ".join(calendar.facts))
        self.against.say(" ".join(calendar.against))
        self.against.setVisible(bool(calendar.against))
        half = (len(calendar.lines) + 1) // 2
        for column, lines in zip(self.lists, (calendar.lines[:half], calendar.lines[half:]), strict=True):
            column.clear()
            for line in lines:
                column.add(Fixed(_row(line), height=ROW))
            column.add("stretch")
            rescale(column, self.u)

    def shown(self) -> str:
        """The page in words, for tests."""
        return self.title.shown()


def _row(line: CalendarLine) -> Row:
    loud = line.stands in ("due", "missed")
    ink = {"done": "ink2", "due": "ink0", "missed": "ink1", "planned": "ink2"}[line.stands]
    row = Row(StateMark(SIGNS[line.stands], 22), gap=12)
    row.setAccessibleName(f"{line.what}, {line.days}, {line.word}")
    what = Text(line.what, 19, 600 if loud else 500, ink, shrink=True)
    row.add(Fixed(what, 190))
    row.grow(Text(line.days, 18, 400, ink, shrink=True))
    word = Text(line.word, 18, 600 if loud else 400, "yellow" if line.stands == "missed" else ink, RIGHT)
    word.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
    return row.add(word)
