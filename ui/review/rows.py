"""Lists of the provider's window: a model of frozen entries, drawn by a delegate, walked by keys, read out in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem

from ui import keys, theme
from ui.kit import Part

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
WALKS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class Rows(QAbstractListModel):
    """Entries, and how each is read out."""

    def __init__(self, said: Callable[[Any], str]) -> None:
        super().__init__()
        self.entries: list[Any] = []
        self._said = said

    def show(self, entries: Sequence[Any]) -> None:
        """Other entries."""
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        spoken = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.DisplayRole)
        return self._said(entry) if role in spoken else None


class Drawn(QStyledItemDelegate):
    """Draws one entry; `high` gives its height in u. Below it a subclass paints."""

    def __init__(self, view: RowList) -> None:
        super().__init__(view)
        self.view = view

    def font(self, size: float, weight: int = 400) -> QFont:
        """In the view's scale."""
        return theme.font(size, weight, self.view.u)

    def high(self, entry: Any) -> float:
        """In u."""
        return 54.0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        larger = theme.text_of(self.view.u)
        return QSize(10, self.view.px(self.high(index.data(ENTRY)) * larger))

    def words(self, painter: QPainter, at: tuple[float, float, float], text: str, ink: str, font: QFont) -> float:
        """Words from x to x + width with their middle at y; elided where they do not fit. How wide they are."""
        x, middle, width = at
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        painter.drawText(round(x), round(middle + metrics.ascent() / 2 - metrics.descent() / 2), shown)
        return metrics.horizontalAdvance(shown)


class RowList(QListView, Part):
    """One entry is chosen by click, arrow keys or Enter: `chosen` tells it."""

    chosen = Signal(object)

    def __init__(self, said: Callable[[Any], str], name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.rows = Rows(said)
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour("ground"))
        self.setPalette(palette)
        self.selectionModel().currentChanged.connect(self._changed)
        self.clicked.connect(lambda index: self.chosen.emit(index.data(ENTRY)))
        self._is_quiet = False

    def rescale(self, u: float) -> None:
        self.u = u
        self.doItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """It walks; letters and the like are the window's, not a search."""
        if event.key() in WALKS:
            super().keyPressEvent(event)
        elif event.key() in keys.ENTER_KEYS and self.entry() is not None:
            self.chosen.emit(self.entry())
        else:
            event.ignore()

    def show_entries(self, entries: Sequence[Any], chosen: int | None = None) -> None:
        """Other entries; chosen: which one stands out, without telling."""
        self.rows.show(entries)
        self.mark(chosen)

    def mark(self, place: int | None) -> None:
        """Let one stand out, without telling; None: none."""
        self._is_quiet = True
        index = self.rows.index(place) if place is not None else QModelIndex()
        self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)
        self._is_quiet = False

    def entry(self) -> Any:
        """The one that stands out, None if none does."""
        return self.currentIndex().data(ENTRY)

    def _changed(self, index: QModelIndex) -> None:
        if index.isValid() and not self._is_quiet:
            self.chosen.emit(index.data(ENTRY))
