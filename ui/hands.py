"""What hands do anywhere in the room: the last touch, the keys that work everywhere, and a window put in front of it.

Belongs to the screen process. It sees every key before the part that has the focus does, and takes only those that
must work from everywhere; whatever else is typed goes on to that part.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ui import keys

HOLD_MS = 3000
AWAY_MS = 3000
_INPUT = (
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)


class Hands(QObject):
    """Signals: card_wanted (E, F1), exchange_wanted (F9), held (F2 for three seconds); away (another program's window
    has the keys, for so many seconds, again and again) and back (it had them for so long).

    try_key: asked before the focused part for any other key; True takes the key. watch_away: only where the room owns
    the machine. clock: seconds from any origin.
    """

    card_wanted = Signal()
    exchange_wanted = Signal()
    held = Signal()
    away = Signal(float)
    back = Signal(float)

    def __init__(self, try_key: Callable[[QKeyEvent], bool], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._try_key, self._clock = try_key, clock
        self._touched_at_s = clock()
        self.watch_away = self._is_away = False
        self._down = False
        self._away_since_s: float | None = None
        self._hold, self._away, self._release = QTimer(self), QTimer(self), QTimer(self)
        for timer, wait_ms, act in (
            (self._hold, HOLD_MS, self.held),
            (self._away, AWAY_MS, self._stay_away),
            (self._release, keys.LET_GO_MS, self._let_go),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait_ms)
            timer.timeout.connect(act)
        _app().installEventFilter(self)
        _app().applicationStateChanged.connect(self._state_changed)

    def untouched_s(self) -> float:
        """Seconds since anybody touched, moved or typed anything."""
        return self._clock() - self._touched_at_s

    def end(self) -> None:
        """Watch no more."""
        for timer in (self._hold, self._away, self._release):
            timer.stop()
        _app().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _INPUT or not watched.isWidgetType():
            return False
        self._touched_at_s = self._clock()
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return False
        if kind == QEvent.Type.KeyPress:
            return self._press(event)
        if event.key() == Qt.Key.Key_F2:
            self._release.start()
        return False

    def _hold_down(self) -> None:
        self._release.stop()
        if not self._down:
            self._down = True
            self._hold.start()

    def _let_go(self) -> None:
        self._down = False
        self._hold.stop()

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F2:
            self._hold_down()
        elif event.key() == Qt.Key.Key_F9:
            self.exchange_wanted.emit()
            return True
        elif keys.opens_card(event, QApplication.focusWidget()):
            self.card_wanted.emit()
            return True
        return self._try_key(event)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if not self.watch_away:
            return
        if state != Qt.ApplicationState.ApplicationActive:
            self._away_since_s = self._clock() if self._away_since_s is None else self._away_since_s
            self._away.start()
            return
        self._away.stop()
        since_s, self._away_since_s = self._away_since_s, None
        if since_s is not None and self._is_away:
            self._is_away = False
            self.back.emit(self._clock() - since_s)

    def _stay_away(self) -> None:
        assert self._away_since_s is not None
        self._is_away = True
        self._away.start()  # until it is undone: a window manager may refuse once
        self.away.emit(self._clock() - self._away_since_s)


@contextmanager
def unwatched(watcher: QObject) -> Iterator[None]:
    """While many widgets are built: no hand can do anything in between, and a watcher of the whole application is asked
    about each of their events, which takes a third of the time."""
    _app().removeEventFilter(watcher)
    try:
        yield
    finally:
        _app().installEventFilter(watcher)


def holds_words(root: QWidget) -> bool:
    """Whether any visible text field in `root` holds words that were not sent."""
    lines = (f.text() for f in root.findChildren(QLineEdit) if f.isVisible() and not f.isReadOnly())
    pages = (
        f.toPlainText()
        for kind in (QTextEdit, QPlainTextEdit)
        for f in root.findChildren(kind)
        if f.isVisible() and not f.isReadOnly()
    )
    return any(lines) or any(pages)


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
