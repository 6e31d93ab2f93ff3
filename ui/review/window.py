"""The provider's window: header, list, and one page of session or series. It takes messages and emits wishes.

Belongs to the review's child process. It computes no domain value and opens no file; nothing stands in its title or in
any list of the desktop that names a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLayout, QStackedLayout, QVBoxLayout, QWidget

from kiosk.line import review as m
from kiosk.line.screen import PinAnswer
from kiosk.text import review_act as act_words
from kiosk.text import review_window as words
from ui import keys, theme
from ui.kit import CENTRE, Column, Fixed, Row, Rule, Text, reflow, rescale
from ui.review.dialog import ExportDialog, NoteDialog
from ui.review.header import Header
from ui.review.pin import PinPage
from ui.review.printing import draw_page, printer
from ui.review.series import SeriesPage
from ui.review.session import SessionPage
from ui.review.shelf import SessionList

SIZE, LEAST = (1366, 768), (940, 620)
LEAST_SHARE = 0.85  # words never get smaller than this, however small the window
TEXT_LEAST, TEXT_MOST, TEXT_STEP = 100, 150, 10


class ReviewWindow(QWidget):
    """`wished` carries each message for the review's process; `closed`: a person closed it."""

    wished = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reviewWindow")
        self.setWindowTitle(words.window_title())
        self.resize(*SIZE)
        self.text_percent = TEXT_LEAST
        self.header, self.shelf = Header(), SessionList()
        self.session, self.series, self.pin = SessionPage(), SeriesPage(), PinPage()
        self.message = Text("", 15, 500, "ink1", wrap=True, name="reviewMessage")
        self.blank_title = Text("", 24, 600, "red", CENTRE, wrap=True, name="refusedTitle")
        self.blank_says = Text("", 16, 400, "ink1", CENTRE, wrap=True, name="refusedReasons")
        self.notes, self.exports = NoteDialog(self), ExportDialog(self)
        self._note_why, self._id = "", 0
        self.printer = None
        self._asked: dict[int, str] = {}
        self._build()
        self._wire()

    def _build(self) -> None:
        self.pages, holder = QStackedLayout(), QWidget()
        holder.setLayout(self.pages)
        blank = Column("stretch", self.blank_title, self.blank_says, "stretch", gap=14)
        for page in (blank, self.session, self.series):
            self.pages.addWidget(page)
        body = Row(Fixed(self.shelf, 244), gap=16, margin=(16, 10, 16, 10))
        body.grow(holder)
        main = Column(self.header, Rule(), gap=0)
        main.grow(body)
        main.add(Row(self.message, margin=(16, 0, 16, 8)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.front = QStackedLayout()
        layout.addLayout(self.front)  # first: what is added to a layout of no window becomes one for a moment
        for part in (main, self.pin):
            self.front.addWidget(part)

    def _wire(self) -> None:
        self.shelf.chosen.connect(self._choose)
        self.header.view_chosen.connect(self._show_view)
        self.header.wants.connect(self._want)
        self.session.wants.connect(self._want)
        self.session.wave_wanted.connect(self._ask_wave)
        self.series.asked.connect(self.wished)
        self.pin.typed.connect(lambda pin: self.wished.emit(m.TypePin(pin)))
        self.notes.saved.connect(self._save_note)
        self.exports.chosen.connect(self._export)

    # --- messages ----------------------------------------------------------------------------------------------------

    def take(self, message: Any) -> None:
        """One message of the review's process."""
        takers: dict[type, Callable[[Any], None]] = {
            m.Opening: self._open,
            m.Refused: self._refuse,
            m.Shelf: self._take_shelf,
            m.SessionView: self._take_session,
            m.Sealed: self._take_seal,
            m.Lines: self.session.show_lines,
            m.Curves: self.session.show_curves,
            m.Wave: self.session.show_wave,
            m.SeriesView: self._take_series,
            m.SeriesCurve: self.series.add_curve,
            m.Tried: self.series.trial.take,
            m.Told: self._take_told,
            PinAnswer: self._take_pin,
        }
        takers[type(message)](message)

    def _open(self, opening: m.Opening) -> None:
        self._note_why = opening.note_why
        self.text_percent = max(self.text_percent, opening.text_percent)
        self.front.setCurrentIndex(1 if opening.pin else 0)
        if opening.pin:
            self.pin.field.setFocus()
        else:
            self.message.say(words.looked_at(opening.source) if opening.source else "")
            self.shelf.list.setFocus()
        self._rescale()

    def _take_pin(self, answer: PinAnswer) -> None:
        self.pin.show_answer(answer)

    def _refuse(self, refused: m.Refused) -> None:
        self.blank_title.say(act_words.refused_title(refused.name) if refused.name else act_words.empty())
        self.blank_title.style_as("red" if refused.name else "ink1")
        reasons = (act_words.refused_detail(), *refused.reasons) if refused.is_altered else refused.reasons
        self.blank_says.say("\n".join(reasons))
        self.pages.setCurrentIndex(0)

    def _take_shelf(self, shelf: m.Shelf) -> None:
        self.shelf.show_shelf(shelf)

    def _take_session(self, view: m.SessionView) -> None:
        self.header.show_patient(view.patient, view.series)
        self.header.seal.show_seal(view.seal)
        self.session.show_session(view)
        self.shelf.mark(view.session_id)
        self.series.choose(view.session_id)
        if self.pages.currentIndex() == 0:
            self._show_page("session")

    def _take_seal(self, sealed: m.Sealed) -> None:
        if self.session.view is not None and sealed.session_id == self.session.view.session_id:
            self.header.seal.show_seal(sealed.seal)

    def _take_series(self, view: m.SeriesView) -> None:
        self.series.show_series(view)
        if self.session.view is not None:
            self.series.choose(self.session.view.session_id)

    def _take_told(self, told: m.Told) -> None:
        what = self._asked.get(told.id, "")
        if what == "note" and told.state != "under way":
            self.notes.told(told.state == "done", told.sentence)
            self.session.lines.tabs.choose("notes")
        if not what:
            self.series.trial.told(told)
            return
        share = f" {told.share:.0%}" if told.state == "under way" and told.share else ""
        self.message.say(told.sentence + share)
        self.message.style_as("red" if told.state == "failed" else "ink1")

    # --- wishes ------------------------------------------------------------------------------------------------------

    def _choose(self, entry: m.Entry) -> None:
        before = self.session.view
        self.wished.emit(m.OpenSession(entry.session_id))
        if self.header.tabs.name == "series" and (before is None or entry.patient_id != self._patient_id()):
            self.wished.emit(m.OpenSeries(entry.patient_id))

    def _patient_id(self) -> str:
        return self.series.view.patient_id if self.series.view else ""

    def _show_view(self, name: str) -> None:
        entry = self._entry()
        if entry is None:
            self.header.tabs.show_chosen("session")
            return
        if name == "series" and self._patient_id() != entry.patient_id:
            self.wished.emit(m.OpenSeries(entry.patient_id))
        self._show_page(name)

    def _show_page(self, name: str) -> None:
        self.header.tabs.show_chosen(name)
        self.pages.setCurrentIndex(1 if name == "session" else 2)

    def _entry(self) -> m.Entry | None:
        shown = self.session.view.session_id if self.session.view else ""
        return next((e for e in self.shelf.entries if e.session_id == shown), None)

    def _ask_wave(self, from_s: float, to_s: float) -> None:
        if self.session.view is not None:
            self.wished.emit(m.AskWave(self.session.view.session_id, from_s, to_s))

    def _want(self, what: str) -> None:
        view = self.session.view
        if view is None:
            return
        if what == "print":
            self._print()
        elif what == "note" and self._note_why:
            self.message.say(self._note_why)
        elif what == "note":
            self.notes.ask(self.session.chart.said().time, self._scale())
        else:
            self.exports.ask(view.file_stem, "pdf" if what == "report" else "archive", self._scale())

    def _next_id(self, what: str) -> int:
        self._id -= 1  # below 0: the trial of limits counts up
        self._asked[self._id] = what
        return self._id

    def _save_note(self, text: str, author: str, is_about: bool) -> None:
        view = self.session.view
        if view is not None:
            at_s = round(self.session.chart.at_s, 3) if is_about else None
            self.wished.emit(m.AddNote(self._next_id("note"), view.session_id, text, author, at_s))

    def _export(self, format_name: str, path: str) -> None:
        view = self.session.view
        if view is not None:
            self.wished.emit(m.Export(self._next_id("export"), view.session_id, format_name, path))  # type: ignore[arg-type]

    def _print(self) -> None:
        self.printer = printer()
        dialog = QPrintDialog(self.printer, self)
        dialog.setObjectName("printDialog")
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.accepted.connect(lambda: self.print_on(dialog))
        dialog.show()

    def print_on(self, dialog: QPrintDialog) -> None:
        """The page that is shown, on the printer of the dialog."""
        is_session = self.header.tabs.name == "session"
        chart = self.session.chart if is_session else self.series.overlay
        title, lines = self.printed()
        done = draw_page(dialog.printer(), title, lines, chart, chart.rows())
        self.message.say(act_words.printed() if done else act_words.not_printed())

    def printed(self) -> tuple[str, list[str]]:
        """Heading and lines over the printed chart."""
        view, seal = self.session.view, self.header.seal
        if view is None:
            return "", []
        verified = f"{seal.says.shown()} {seal.detail.shown()}".strip()
        if self.header.tabs.name == "series":
            said = [self.series.how.shown(), self.series.trial.says.shown()]
            return f"{view.patient}: {self.series.title.shown()}", said
        facts = " · ".join(f"{fact.label}: {fact.value}" for fact in view.facts)
        return f"{view.patient}, {view.title}, {view.when}", [verified, " · ".join(view.tags), facts, view.gaps]

    # --- keys, size --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.front.currentIndex() == 1:
            return False
        if control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.enlarge(-TEXT_STEP if key == Qt.Key.Key_Minus else TEXT_STEP)
        elif control and key == Qt.Key.Key_F:
            self.shelf.search.setFocus()
        elif control and key in (Qt.Key.Key_P, Qt.Key.Key_E):
            self._want("print" if key == Qt.Key.Key_P else "export")
        elif control and key in (Qt.Key.Key_1, Qt.Key.Key_2):
            self._show_view("session" if key == Qt.Key.Key_1 else "series")
        elif control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.shelf.step(-1 if key == Qt.Key.Key_Up else 1)
        elif keys.typing_in(QApplication.focusWidget()):
            return False
        else:
            return self._page_key(event)
        return True

    def _page_key(self, event: QKeyEvent) -> bool:
        if isinstance(QApplication.focusWidget(), QAbstractItemView) and event.key() in (
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
        ):
            return False
        page = {1: self.session, 2: self.series}.get(self.pages.currentIndex())
        return page is not None and page.take_key(event)

    def enlarge(self, by_percent: int) -> None:
        """Larger or smaller words."""
        self.text_percent = min(max(self.text_percent + by_percent, TEXT_LEAST), TEXT_MOST)
        self._rescale()

    def _scale(self) -> theme.Unit:
        wide = max(self.width(), theme.BASE_WIDTH * LEAST_SHARE)
        high = max(self.height(), theme.BASE_HEIGHT * LEAST_SHARE)
        return theme.unit(max(wide, high), min(wide, high), self.text_percent / 100)

    def _rescale(self) -> None:
        reflow(self, False)
        rescale(self, self._scale())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rescale()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()
