"""What happened, beside the chart: choosing a line puts the crosshair there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from kiosk.line.review import Happening, Lines
from kiosk.text import review_window as words
from ui import theme
from ui.kit import Column, Row, rounded
from ui.review.rows import ENTRY, Drawn, Index, RowList
from ui.review.tabs import Tabs
from ui.sitter.lanes import draw_mark

SHOWN = {  # which kinds each view holds
    "alarms": ("alarm", "call", "override"),
    "notes": ("note", "provider"),
    "all": ("alarm", "call", "override", "note", "provider", "phase", "other"),
}


class LineRow(Drawn):
    """Mark, words and time; a second line of detail."""

    def high(self, entry: Any) -> float:
        return 46.0 if entry.detail else 27.0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Happening = index.data(ENTRY)
        view, larger = self.view, theme.text_of(self.view.u)
        box, state = QRectF(option.rect), option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, box, view.pf(5), theme.colour("accent_dim"))
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, box, view.pf(5), theme.colour("raised"))
        first, second = box.top() + view.pf(14 * larger), box.top() + view.pf(33 * larger)
        if line.shape:
            draw_mark(painter, QPointF(box.left() + view.pf(12), first), line.shape, line.severity, view.pf(5.2))
        time = self.font(14, 500)
        left, right = box.left() + view.pf(26), box.right() - view.pf(4) - view.pf(46 * larger)
        bold = line.kind in ("alarm", "call", "override", "provider")
        self.words(painter, (left, first, right - left), line.text, "ink1", self.font(14, 600 if bold else 400))
        self.words(painter, (right + view.pf(4), first, view.pf(46 * larger)), line.since, "ink2", time)
        if line.detail:
            self.words(painter, (left, second, box.right() - left - view.pf(4)), line.detail, "ink2", self.font(13))
        painter.restore()


class LineList(Column):
    """`chosen` carries a session second."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__(gap=4, margin=(10, 8, 8, 8))
        self.plate("panel", "line", 1)
        self.radius = 8.0
        self.tabs = Tabs([(name, words.lines_title(name)) for name in SHOWN], small=True)
        self.list = RowList(said, "lineList", words.lines_title("all"))
        self.list.setItemDelegate(LineRow(self.list))
        palette = self.list.palette()
        palette.setColor(palette.ColorRole.Base, theme.colour("panel"))
        self.list.setPalette(palette)
        self.add(Row(self.tabs, "stretch"))
        self.grow(self.list)
        self._lines: list[Happening] = []
        self._session_id = ""
        self.tabs.chosen.connect(lambda _name: self._narrow())
        self.list.chosen.connect(lambda line: self.chosen.emit(line.t_s))

    def show_lines(self, lines: Lines) -> None:
        """A page of them."""
        if lines.reset or lines.session_id != self._session_id:
            self._lines, self._session_id = [], lines.session_id
        self._lines += lines.lines
        if not lines.more:
            self._narrow()

    def look_at(self, t_s: float) -> None:
        """The newest line at this second stands out."""
        shown = self.list.rows.entries
        before = [n for n, line in enumerate(shown) if line.t_s <= t_s + 0.5]
        place = before[-1] if before else None
        if self.list.currentIndex().row() != (-1 if place is None else place):
            self.list.mark(place)

    def _narrow(self) -> None:
        kinds = SHOWN[self.tabs.name]
        self.list.show_entries([line for line in self._lines if line.kind in kinds])


def said(line: Happening) -> str:
    """A line as it is read out."""
    return ". ".join(part for part in (line.at, line.text, line.detail) if part)
