"""The list at the left: every session with its marks, narrowed by a search and by what is true of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyleOptionViewItem

from kiosk.line.review import FLAGS, Entry, Shelf
from kiosk.text import review_window as words
from kiosk.text.review import session_title
from ui import theme
from ui.kit import Column, Part, Row, Text, rounded
from ui.review.rows import ENTRY, Drawn, Index, RowList
from ui.sitter.lanes import draw_mark


def paint_field(field: QLineEdit | QComboBox) -> None:
    """The day's surface of something to type in or to choose from."""
    palette = field.palette()
    for role, tone in (
        (QPalette.ColorRole.Base, "panel"),
        (QPalette.ColorRole.Window, "panel"),
        (QPalette.ColorRole.Button, "panel"),
        (QPalette.ColorRole.Text, "ink1"),
        (QPalette.ColorRole.ButtonText, "ink1"),
        (QPalette.ColorRole.WindowText, "ink1"),
        (QPalette.ColorRole.PlaceholderText, "ink3"),
        (QPalette.ColorRole.Highlight, "fill"),
        (QPalette.ColorRole.HighlightedText, "on_fill"),
    ):
        palette.setColor(role, theme.colour(tone))
    field.setPalette(palette)


class Field(QLineEdit, Part):
    """Something to type, in the day's colours."""

    def __init__(self, hint: str, name: str, width: float | None = None) -> None:
        super().__init__()
        self.width_u = width
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setObjectName(name)
        paint_field(self)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(15, 400, u))
        self.setMinimumHeight(self.px(theme.BUTTON_DAY))
        self.setTextMargins(self.px(6), 0, self.px(6), 0)
        if self.width_u is not None:
            self.setFixedWidth(self.px(self.width_u * theme.text_of(u)))

    def shown(self) -> str:
        return self.text()


class Choice(QComboBox, Part):
    """One of a few, in the day's colours."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setObjectName(name)
        paint_field(self)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFont(theme.font(14, 400, u))
        self.setMinimumHeight(self.px(theme.BUTTON_DAY - 4))

    def shown(self) -> str:
        return self.currentText()


class SessionRow(Drawn):
    """Number, date and marks; dose and overrides; what must be known."""

    def high(self, entry: Any) -> float:
        return 78.0 if entry.notices else 58.0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        view, larger = self.view, theme.text_of(self.view.u)
        box = QRectF(option.rect).adjusted(view.pf(1), view.pf(2), -view.pf(1), -view.pf(2))  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            rounded(painter, box, view.pf(8), theme.colour("panel"), theme.colour("accent"), view.pf(1.75))
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, box, view.pf(8), theme.colour("raised"))
        left, right = box.left() + view.pf(40), box.right() - view.pf(10)
        first, second, third = (box.top() + view.pf(y * larger) for y in (17, 37, 57))
        self.words(
            painter, (box.left() + view.pf(12), first, view.pf(28)), str(entry.number), "ink1", self.font(18, 600)
        )
        marks = right - view.pf(20) * len(entry.signs)
        self.words(painter, (left, first, marks - left), entry.title, "ink1", self.font(15, 600 if chosen else 500))
        self.words(painter, (left, second, right - left), entry.detail, "ink2", self.font(14))
        self.words(painter, (left, third, right - left), entry.notices, "yellow", self.font(13, 500))
        for n, sign in enumerate(entry.signs):
            at = QPointF(marks + view.pf(20) * (n + 0.5), first)
            draw_mark(painter, at, sign.shape, sign.severity, view.pf(5.2))
        painter.restore()


class Search(Field):
    """Down leaves for the list."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class SessionList(Column):
    """Search, flags and list. `chosen` carries an Entry."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(gap=6)
        self.entries: list[Entry] = []
        self.search = Search(words.search_hint(), "searchSessions")
        self.flags = Choice(words.flag_title(), "narrowSessions")
        self.flags.addItem(words.flag(""), "")
        for flag in FLAGS:
            self.flags.addItem(words.flag(flag), flag)
        self.list = RowList(said, "sessionList", words.list_title())
        self.list.setItemDelegate(SessionRow(self.list))
        self.count = Text("", 14, 400, "ink3", name="sessionCount")
        self.add(self.search, self.flags)
        self.grow(self.list)
        self.add(self.count, Legend())
        self.search.textChanged.connect(lambda _text: self._narrow())
        self.search.left.connect(self.list.setFocus)
        self.flags.currentIndexChanged.connect(lambda _index: self._narrow())
        self.list.chosen.connect(self.chosen)
        self._chosen_id = ""

    def show_shelf(self, shelf: Shelf) -> None:
        """A page; entries that are here already are replaced."""
        if shelf.reset:
            self.entries = []
        places = {entry.session_id: n for n, entry in enumerate(self.entries)}
        for entry in shelf.entries:
            if entry.session_id in places:
                self.entries[places[entry.session_id]] = entry
            else:
                self.entries.append(entry)
        if not shelf.more:
            self._narrow()

    def mark(self, session_id: str) -> None:
        """This session is shown."""
        self._chosen_id = session_id
        self.list.mark(self._place())

    def step(self, by: int) -> None:
        """The next or previous session of the list."""
        place = self._place()
        to = (place if place is not None else -1) + by
        if 0 <= to < len(self.list.rows.entries):
            self.chosen.emit(self.list.rows.entries[to])

    def _narrow(self) -> None:
        flag, asked = self.flags.currentData(), self.search.text().lower().split()
        shown = [e for e in self.entries if (not flag or flag in e.flags) and all(word in e.words for word in asked)]
        self.list.show_entries(shown)
        self.list.mark(self._place())
        self.count.say(words.shown_of(len(shown), len(self.entries)))

    def _place(self) -> int | None:
        ids = [entry.session_id for entry in self.list.rows.entries]
        return ids.index(self._chosen_id) if self._chosen_id in ids else None


def said(entry: Entry) -> str:
    """An entry as it is read out."""
    signs = [sign.words for sign in entry.signs]
    parts = (session_title(entry.number), entry.title, entry.detail, *signs, entry.notices)
    return ". ".join(part for part in parts if part)


class Legend(Column):
    """What the marks mean."""

    def __init__(self) -> None:
        super().__init__(gap=2)
        for pair in words.legend():
            row = Row(gap=6)
            for shape, severity, text in pair:
                row.add(Mark(shape, severity))
                row.grow(Text(text, 13, 400, "ink2", shrink=True))
            self.add(row)


class Mark(Text):
    """One small mark."""

    def __init__(self, shape: str, severity: str, size: float = 16) -> None:
        super().__init__()
        self.shape, self.severity, self.side = shape, severity, size
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        super().rescale(u)
        if hasattr(self, "side"):
            self.setFixedSize(self.px(self.side), self.px(self.side))

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        draw_mark(painter, middle, self.shape, self.severity, self.pf(self.side * 0.33))
