"""The sitter's pane: what now, the trend, the numbers, and what a person can do. Draws views, sends commands.

Owned by the screen process. It computes no domain value and waits for nobody. It must never show an old number as live:
between two views it lets every age grow by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.line.chart import Sweep, Trend
from kiosk.line.pane import Button as Asked
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import (
    Command,
    LookIn,
    MarkDose,
    MarkPhase,
    ShowEmergencyCard,
    SkipPressure,
)
from kiosk.text.catalogue import _
from ui import theme
from ui.keyboard import Keyboard
from ui.kit import Column, Fixed, Part, Row, reflow, rescale, settle
from ui.kit_alarm import keep_still
from ui.sitter import pane_keys
from ui.sitter.bar import Bar
from ui.sitter.chart import Chart
from ui.sitter.emergency import EmergencyCard
from ui.sitter.fronts import Fronts
from ui.sitter.lower import Lower
from ui.sitter.numbers import Numbers
from ui.sitter.press import release
from ui.sitter.sentence import SentenceSlot
from ui.sitter.strip import Strip

COUNT_ON_MS = 500
UPRIGHT_NUMBERS = 382.0


class SitterPane(QWidget):
    """`asked` carries commands of `kiosk.session.commands`. now: a monotonic clock, for ages between two views."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setObjectName("sitterPane")
        self.setAccessibleName(_("Sitter's pane"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._now = now
        self._seen_s = 0.0
        self._u, self._is_upright, self._text = 0.0, False, 1.0
        self._view: View | None = None
        self._begin: Begin | None = None
        self.strip, self.sentence, self.chart = Strip(), SentenceSlot(), Chart()
        self.below, self.numbers, self.bar = Lower(now), Numbers(), Bar()
        self._lay_out()
        self.fronts = Fronts(self, now)
        self.card = EmergencyCard(self)
        self.card.hide()
        self.keyboard = Keyboard(self)
        self._connect()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.count_on)
        self._tick.setInterval(COUNT_ON_MS)

    def _lay_out(self) -> None:
        left = Column(gap=0)
        left.grow(self.chart)
        left.add(self.below)
        body = Row(gap=theme.GUTTER).turning(last_first=True)
        body.grow(left)
        body.add(Fixed(self.numbers, theme.COLUMN_RIGHT, upright=(None, UPRIGHT_NUMBERS)))
        page = Column(gap=0, margin=(theme.MARGIN, theme.STRIP_TOP, theme.MARGIN, 14))
        page.add(Fixed(self.strip, height=theme.STRIP_HEIGHT, upright=(None, theme.UPRIGHT_STRIP)), 4.0)
        page.add(Fixed(self.sentence, height=theme.SENTENCE_HEIGHT, upright=(None, theme.UPRIGHT_SENTENCE)), 8.0)
        page.grow(body)
        page.add(18.0, Fixed(self.bar, height=theme.BAR_HEIGHT, upright=(None, 2 * theme.BAR_HEIGHT + 8)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # u follows the window, never vice versa
        layout.addWidget(page)
        self._page = page

    def _connect(self) -> None:
        self.sentence.used.connect(self._use)
        self.below.used.connect(self._use)
        self.bar.opens.connect(self.open)
        self.below.opens.connect(self.open)
        self.numbers.opens.connect(self.open)
        self.card.opens.connect(self._leave_card_for)
        self.card.closed.connect(self._close_card)
        self.below.changed.connect(self._changed)
        self.fronts.opens.connect(self.open)
        self.fronts.changed.connect(self._front_changed)
        for part in (self.below, self.card, self.bar.music, self.bar.undo, self.fronts):
            part.asked.connect(self.asked)

    def make_ready(self) -> None:
        """What takes long can be done before the first message, in the size of now: the page that a new room begins
        with."""
        self._scale()
        _ = self.fronts.prepare

    def begin(self, begin: Begin) -> None:
        """First message: names, origin of the time axis, ages."""
        self._begin, self._text, self.card.text = begin, begin.text_percent / 100, begin.text_percent / 100
        self.fronts.enlarge(self._text)
        self.chart.begin(begin)
        for part in (self.below, self.numbers, self.fronts):
            part.begin(begin)
        keep_still(self, begin.reduced_motion)
        self._scale()

    def show_view(self, view: View, age_s: float = 0.0) -> None:
        """Show this view, whole. age_s: how long ago it came."""
        self._view, self._seen_s = view, self._now() - age_s
        self.strip.show_view(view)
        self.sentence.show_view(view)
        self.chart.show_view(view)
        self.below.show_view(view)
        self.numbers.show_view(view)
        self.bar.show_view(view)
        self._show_front(view)
        if self.card.isVisible():
            self.card.show_card(view)
        self._arrange()
        settle()
        self._place_keyboard()

    def _show_front(self, view: View) -> None:
        changed = self.fronts.show_view(view, self.rect())
        self._page.setVisible(self.fronts.now is None)
        self.chart.cover(self.fronts.now is not None)
        if changed:
            self._take_keys()

    def _front_changed(self) -> None:
        if self._view is not None:
            self._show_front(self._view)
            self.card.raise_()
            self._place_keyboard()

    def end(self) -> None:
        """The process ends: what somebody typed for themselves is saved."""
        self.fronts.end()

    def _take_keys(self) -> None:
        """The keys belong to the pane again, or to the page in front of it."""
        self.setFocus()
        if self.fronts.now is not None:
            self.fronts.now.refocus()

    def add_trend(self, trend: Trend) -> None:
        """Add points to the chart."""
        self.chart.add_trend(trend)

    def take_wave(self, run: Sweep) -> None:
        """A stretch of the pulse wave."""
        self.numbers.spo2.take_wave(run)

    def answer(self, answer: Answer, command: Command | None = None) -> None:
        """What became of a command; with `command` it reaches exactly the form that sent it."""
        if self.fronts.now is not None:
            self.fronts.now.answer(answer, command)
        else:
            self.below.answer(answer, command)

    def open_card(self, recorded: bool = False) -> None:
        """Show the emergency card over everything, and have it recorded unless it is already."""
        if self.card.isVisible():
            return
        if self._view is not None:
            self.card.show_card(self._view)
        self.card.setGeometry(self.rect())
        self.card.show()
        self.card.raise_()
        self.card.setFocus()
        if not recorded:
            self.asked.emit(ShowEmergencyCard())

    def busy(self) -> bool:
        """Something is half typed or open: the pane must not go back to rest by itself."""
        return self.below.busy() or self.card.isVisible() or self.fronts.now is not None

    def texts(self) -> dict[str, str]:
        """objectName -> text shown now, of every named part that is visible."""
        found = {
            part.objectName(): part.shown()
            for part in self.findChildren(QWidget)
            if isinstance(part, Part) and part.objectName() and part.isVisibleTo(self) and part.shown()
        }
        found["spo2Age"], found["pulseAge"] = self.numbers.spo2.age_words(), self.numbers.pulse.age_words()
        found["events"] = self.below.events.texts()
        return found

    def count_on(self) -> None:
        """Time goes on although no view came: ages, countdowns and the chart with it."""
        if self._view is None:
            return
        since_s = max(0.0, self._now() - self._seen_s)
        self.sentence.count_on(since_s)
        self.below.count_on(since_s)
        self.numbers.count_on(since_s)
        self.chart.count_on(since_s)
        settle()
        if self.fronts.now is not None:
            self.fronts.now.count_on(since_s)
        if self.card.isVisible():
            self.card.count_on(since_s)

    def _arrange(self) -> None:
        self.chart.short(self.below.tall())

    def _changed(self) -> None:
        # the keys belong to the pane again; a form with a field takes the focus after this
        self.setFocus()
        self._arrange()

    def _use(self, asked: Asked) -> None:
        if asked.command is not None:
            self.asked.emit(asked.command)
        if asked.opens:
            self.open(asked.opens)

    def open(self, what: str) -> None:
        """Open a form or the card, or do what needs no form."""
        if what == "card":
            self.open_card()
        elif what == "look_in":
            self.asked.emit(LookIn())
        elif what == "dose":
            clock = self._view.clock if self._view else ""
            self.below.confirm(_("Dose"), _("Mark the dose now?"), clock, MarkDose())
        elif what == "phase":
            self._open_phase()
        elif what == "skip":
            self._skip()
        else:
            self.below.open(what)

    def _skip(self) -> None:
        """S: skip the blood pressure that is due, with a reason; only where the view offers it."""
        acts = self._view.acts if self._view else ()
        if any(isinstance(choice.command, SkipPressure) for choice in acts):
            self.below.open("skip")

    def _open_phase(self) -> None:
        phases = self._view.phases if self._view else ()
        after = next((p for p in phases if not p.marked and p.key), None)
        if after is not None:
            words = _("Mark the start of {phase} now?").format(phase=after.name)
            self.below.confirm(_("Next phase"), words, self._view.clock if self._view else "", MarkPhase(after.key))

    def _leave_card_for(self, what: str) -> None:
        self._close_card()
        self.open(what) if self.fronts.now is None else self.fronts.now.open(what)

    def _close_card(self) -> None:
        self.card.hide()
        self._take_keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.fronts.now is not None:
            self.fronts.now.see_key(event)
        key = pane_keys.named(event)
        if not key or not self.take_key(key):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self.fronts.now is not None:
            self.fronts.now.see_key(event, pressed=False)
        release(pane_keys.named(event), self)
        event.ignore()

    def take_key(self, key: str) -> bool:
        """Do what a key stands for; False when it means nothing here."""
        return pane_keys.take(self, key)

    def showEvent(self, event: QShowEvent) -> None:
        # keys reach the pane at once; without this Qt gives the focus to the first button
        if not self.card.isVisible() and self.below.drawer is None:
            self.setFocus()
        self.count_on()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.card.setGeometry(self.rect())
        self.fronts.place(self.rect())
        self._scale()
        self.chart.redraw_soon()
        self._place_keyboard()

    def _scale(self) -> None:
        """Give every part the pixels of one u; only where something changed."""
        upright = theme.is_upright(self.width(), self.height())
        u = theme.unit(self.width(), self.height(), self._text)
        if (u, u.text, upright) != (self._u, theme.text_of(self._u), self._is_upright):
            self._u, self._is_upright = u, upright
            reflow(self._page, upright)
            rescale(self._page, u)
            rescale(self.chart, float(u))  # its figures have their places on the axis: larger ones would meet
            if self._view is not None:
                self.show_view(self._view, self._now() - self._seen_s)

    def _place_keyboard(self) -> None:
        """Below the sentence, which it must never cover."""
        margin, top = round(theme.MARGIN * self._u), round((theme.sentence_bottom(self._is_upright) + 1) * self._u)
        if self._is_upright and self.fronts.now is None:  # there the numbers stand above the form
            top = self.numbers.mapTo(self, self.numbers.rect().bottomLeft()).y()
        room = QRect(margin, top, self.width() - 2 * margin, self.height() - top - round(self._u))
        self.keyboard.place(room, self._u)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))
