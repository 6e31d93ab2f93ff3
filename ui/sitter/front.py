"""A whole page in front of the pane: preparation, standing up. It keeps the pane's rules: the sentence at the top when
anything is signalled, an alarm's panel or an open form at the lower left, the emergency card at the lower right end.

Owned by the screen process. It must never hide what is signalled, nor let a key that was held from the page before
press something on this one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.line.pane import Button as Asked
from kiosk.line.screen import Answer, Begin, View
from kiosk.session.commands import Command
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Rule, reflow, rescale
from ui.kit_button import Button
from ui.sitter.acts import UndoAct
from ui.sitter.lower import Lower
from ui.sitter.press import press, press_primary
from ui.sitter.sentence import SentenceSlot

ENTER_QUIET_S = 0.3  # a busy machine tears a held key into presses and releases, some tens of milliseconds apart
_FALL_THROUGH = ("Enter", "Esc", "Space")


class Front(QWidget):
    """`asked` carries commands; `opens` carries "card"."""

    asked = Signal(object)
    opens = Signal(str)

    def __init__(self, name: str, said: str, parent: QWidget | None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(said)
        self._now, self._u, self._is_upright, self._text = now, 0.0, False, 1.0
        self._view: View | None = None
        self._enter_at_s, self._fresh = float("-inf"), True
        self.sentence, self.below = SentenceSlot(), Lower(now)
        self.card = Button(_("Emergency card"), "E", "phone", "outline", weight=600, padding=14, name="emergencyCard")
        self.card.clicked.connect(lambda: self.opens.emit("card"))
        self.undo = UndoAct()
        self.undo.asked.connect(self.asked)
        self.sentence.used.connect(self._use)
        self.below.used.connect(self._use)
        self.below.asked.connect(self.asked)
        self.below.opens.connect(self.open)
        self.below.changed.connect(self._drawer_changed)

    def put_together(self, strip: QWidget, slot: QWidget, body: QWidget, foot: QWidget) -> None:
        """Lay the page out: strip, what stands where the sentence goes, body, foot."""
        self.slot = slot
        top = Column(self.sentence, slot, gap=0)
        strip_place = Fixed(strip, height=theme.STRIP_HEIGHT, upright=(None, theme.UPRIGHT_STRIP))
        page = Column(strip_place, 4.0, gap=0, margin=(20, 12, 20, 22))
        page.add(Fixed(top, height=theme.SENTENCE_HEIGHT, upright=(None, theme.UPRIGHT_SENTENCE)))
        page.grow(body)
        page.add(2.0, Rule(), 15.0, Fixed(foot, height=theme.BUTTON, upright=(None, 2 * theme.BUTTON + 8)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(page)
        self._page = page

    def begin(self, begin: Begin) -> None:
        """Names and zone for the forms."""
        self.below.begin(begin)

    def show_view(self, view: View) -> None:
        """Take a view: what is signalled first."""
        self._view = view
        signalled = view.sentence.kind != "calm"
        self.sentence.show_view(view)
        self.sentence.setVisible(signalled)
        self.slot.setVisible(not signalled)
        self.below.show_view(view)
        self.undo.show_undo(view.undo_seq, view.undo_text)
        self.draw(view)

    def draw(self, view: View) -> None:
        """The page's own part of a view."""

    def arrange(self) -> None:
        """The lower left opened or closed."""

    def refocus(self) -> None:
        """The keys come back to this page: to its field, if it has one."""

    def own_key(self, key: str) -> bool:
        """A key of the page itself."""
        return press(key, self)

    def count_on(self, since_s: float) -> None:
        """Countdowns go on between two views."""
        self.sentence.count_on(since_s)
        self.below.count_on(since_s)

    def answer(self, answer: Answer, command: Command | None) -> None:
        """What became of a command."""
        self.below.answer(answer, command)

    def busy(self) -> bool:
        """Somebody prepares or stands up: never back to rest by itself."""
        return True

    def open(self, what: str) -> None:
        """Open a form, or have the emergency card opened."""
        if what == "card":
            self.opens.emit(what)
        else:
            self.below.open(what)

    def see_key(self, event: QKeyEvent, pressed: bool = True) -> None:
        """Every press and release of a key, held ones too, before it is taken."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        now = self._now()
        if pressed:
            self._fresh = not event.isAutoRepeat() and now - self._enter_at_s >= ENTER_QUIET_S
        self._enter_at_s = now

    def take_key(self, key: str) -> bool:
        """Do what a key stands for; False when it means nothing here."""
        fresh, self._fresh = self._fresh, True
        if key == "Enter" and not fresh:
            return True
        drawer = self.below.drawer
        if drawer is not None:
            if drawer.take_key(key) or press(key, drawer):
                return True
            if key == "Esc":
                drawer.leave()
            if key in _FALL_THROUGH or key.isdigit():
                return True
        if self.sentence.isVisible() and press(key, self.sentence):
            return True
        if self.below.isVisible() and (press(key, self.below) or (key == "Enter" and press_primary(self.below))):
            return True
        return self.own_key(key)

    def _use(self, asked: Asked) -> None:
        if asked.command is not None:
            self.asked.emit(asked.command)
        if asked.opens:
            self.open(asked.opens)

    def _drawer_changed(self) -> None:
        if self.isVisible():
            parent = self.parentWidget()
            if self.below.drawer is None and parent is not None:
                parent.setFocus()
            self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scale()

    def enlarge(self, text: float) -> None:
        """How much larger small words are written."""
        self._text = text
        self._scale()

    def _scale(self) -> None:
        upright = theme.is_upright(self.width(), self.height())
        u = theme.unit(self.width(), self.height(), self._text)
        if (u, u.text, upright) != (self._u, theme.text_of(self._u), self._is_upright):
            self._u, self._is_upright = u, upright
            reflow(self._page, upright)
            rescale(self._page, u)
            if self._view is not None:
                self.show_view(self._view)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))
