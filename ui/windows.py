"""The windows on their displays: the rest screen for the patient, the pane for the sitter.

Belongs to the screen process; which display is whose is `ui.displays`. It must never put vital signs on the patient's
display because a cable came loose, not for a moment, nor let a window close that nobody allowed to close.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.displays import Display, Places, built_in, choose, describe, find, is_known, keep, name_of

if TYPE_CHECKING:
    from ui.kit import Text

WINDOWED = (1366, 768)
WARNING_HEIGHT = 36
FIRST_SCALE_MS, SCALE_LOOK_MS = 5000, 2000
SETTLE_MS = 100  # displays come and go in several steps


class Window(QWidget):
    """A top-level window that holds layers of its own size and closes only when allowed."""

    left_by_escape = Signal()
    painted = Signal()  # its own ground: before anything lies on it

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWindowTitle("Session room")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.allow_close = False
        self._layers: list[QWidget] = []

    @cached_property
    def warning(self) -> Text:
        """Made when it is wanted: nothing needs a font, or 5 ms of imports, before a display is dark."""
        from ui.kit import CENTRE, Text

        made = Text("", 18, 600, "ink0", CENTRE, name="windowWarning")
        made.setParent(self)
        made.setAutoFillBackground(True)
        made.hide()
        return made

    def keep_place(self, is_kept: bool) -> None:
        """Keep the window manager's hands off, before it is shown: it would put the pane of an unplugged display on the
        other one, and in the moment until we hide it the patient would see values."""
        if bool(self.windowFlags() & Qt.WindowType.X11BypassWindowManagerHint) != is_kept:
            self.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint, is_kept)

    def warn(self, text: str) -> None:
        """A line above everything else, "" to take it away: what the windows themselves have to say."""
        if not text and not self._has_warning():
            return
        self.warning.say(text)
        self.warning.setVisible(bool(text))
        self._place()

    def hold(self, layers: list[QWidget], top: QWidget | None = None) -> None:
        """Show exactly these, bottom first; the last one (or `top`) gets the keys."""
        if self.testAttribute(Qt.WidgetAttribute.WA_SetCursor):
            self.unsetCursor()  # the layers have their own
        for gone in [layer for layer in self._layers if layer not in layers and layer.parent() is self]:
            gone.hide()
        changed = layers != self._layers
        self._layers = list(layers)
        for layer in layers:
            if layer.parent() is not self:
                layer.setParent(self)
            if layer.geometry() != self._free():
                layer.setGeometry(self._free())
            if changed:
                layer.raise_()
            layer.show()
        if changed and self._has_warning():
            self.warning.raise_()
        focus = top or (layers[-1] if layers else None)
        if changed and focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _free(self) -> QRect:
        """What the warning leaves: it has a row of its own, for beneath it the strip says what nobody may miss."""
        taken = self.warning.height() if self._has_warning() and self.warning.isVisibleTo(self) else 0
        return self.rect().adjusted(0, taken, 0, 0)

    def _has_warning(self) -> bool:
        return "warning" in vars(self)

    def _place(self) -> None:
        if self._has_warning():
            self.warning.rescale(theme.unit(self.width(), self.height()))
            self.warning.setGeometry(0, 0, self.width(), self.warning.px(WARNING_HEIGHT))
            self.warning.raise_()
        for layer in self._layers:
            layer.setGeometry(self._free())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.left_by_escape.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept() if self.allow_close else event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))
        self.painted.emit()


class Windows(QObject):
    """The two windows on their displays. `moved` comes after each change of displays, `trouble` with a sentence.

    `outdated`: these windows cannot show what they should any more, a new process can.
    """

    moved = Signal()
    trouble = Signal(str)
    outdated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.patient, self.sitter = Window("patientWindow"), Window("sitterWindow")
        self.places = Places("", "")
        self.single = self.windowed = self._is_open = False
        self.adopt_new = True  # before the session began a newly plugged display may become the patient's
        self.is_known = True  # else nobody has said yet which display is whose
        self._home = self.places  # keys of where each belongs, also while a display is away
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._replace)
        self._scales: list[float] | None = None  # that the windows began with, once that is certain
        self._scaling = QTimer(self)
        self._scaling.setSingleShot(True)
        self._scaling.timeout.connect(self._compare_scales)

    def open(
        self, single: bool, windowed: bool, want_sitter: str = "", want_patient: str = "", had_two: bool = False
    ) -> None:
        """Choose the displays and show the patient's window, once; the sitter's comes with `show_sitter`.

        had_two: this run had both wanted displays; one that is missing is away, and the other stays whose it was.
        """
        if self._is_open:
            return
        self._is_open = True
        self.single, self.windowed = single, windowed
        displays, app = _displays(), _app()
        primary = name_of(app.primaryScreen()) if displays else ""
        places = choose(displays, primary, want_sitter, want_patient)
        if windowed:
            places = Places(primary, "" if single else primary)
        elif single:
            places = Places(find(want_patient, displays) or built_in(displays) or primary, "")
        else:
            self.is_known = is_known(displays, want_sitter, want_patient)
        self._settle_in(places)
        if had_two and not single and not windowed:
            self._home = Places(want_patient, want_sitter)
            self.places = keep(self._home, displays)
        app.screenRemoved.connect(self._removed)
        app.screenAdded.connect(self._settle.start)
        if self.places.patient:
            self._put(self.patient, self.places.patient)
        self._take_keys()

    def size_of_pane(self) -> QSize:
        """Of the display that has the pane, as far as the displays are chosen."""
        if self.windowed:
            return QSize(*WINDOWED)
        screen = _screen(self.places.sitter or self.places.patient)
        return screen.size() if screen else self.patient.size()

    def show_sitter(self) -> None:
        """Show the sitter's window where there is a display for it."""
        if not self.places.one_display:
            self._put(self.sitter, self.places.sitter)
            self._take_keys()
        if _app().platformName().startswith("wayland") and not self.windowed:
            self._scaling.start(FIRST_SCALE_MS)

    def words(self) -> tuple[str, ...]:
        """Where the windows are, for `Shown`."""
        rest = f"rest on {self.places.patient}" if self.places.patient else "rest hidden, its display is gone"
        return (rest, f"sitter on {self.places.sitter or self.places.patient}")

    def exchange(self, may_show_pane: bool = True) -> bool:
        """Swap the displays of patient and sitter; False where there are not two.

        Where one of them is gone and another display is free, that one takes its place: a person says so by this. The
        pane goes to a display that nobody knows only where it may be shown.
        """
        patient, sitter = self.places
        free = next((name for name in (d.name for d in _displays()) if name not in self.places), "")
        if self.windowed or self.single or not ((patient and sitter) or free):
            return False
        if patient and not sitter and not may_show_pane:
            return False
        self._settle_in(Places(sitter, patient) if patient and sitter else Places(patient or free, sitter or free))
        self._place_all()
        return True

    def give(self, patient: str) -> None:
        """Answer of the question which display the patient sees: a name, "" for the one they have."""
        others = [display.name for display in _displays() if display.name != patient]
        if patient and others and not self.windowed:
            self._settle_in(Places(patient, self.places.sitter if self.places.sitter in others else others[0]))
        self.is_known = True
        self._place_all()

    def keys(self) -> Places:
        """What is to be remembered of the displays."""
        return self._home

    def _settle_in(self, places: Places) -> None:
        known = {display.name: display.key for display in _displays()}
        self.places, self._home = places, Places(*(known.get(name, "") for name in places))

    def come_back(self) -> None:
        """Be in front again."""
        window = self.patient if self.places.one_display else self.sitter
        for each in (self.patient, window):
            if each.isVisible():
                each.raise_()
        window.activateWindow()

    def allow_close(self) -> None:
        """Let both windows go."""
        for window in (self.patient, self.sitter):
            window.allow_close = True
            window.hide()

    def _removed(self, screen: QScreen) -> None:
        # at once, before the window manager piles both windows on the display that is left
        if self.windowed:
            return
        if name_of(screen) == self.places.patient and not self.places.one_display:
            self.patient.hide()
        elif name_of(screen) == self.places.sitter:
            self.sitter.hide()
        self._settle.start()

    def _compare_scales(self) -> None:
        """Under Wayland a surface keeps the scale that it began with: Qt draws at another one, and values are cut off.

        Hidden and shown again, some come back without a picture; a new process begins with the right scale. A window
        learns its first scale only some time after it is shown, and that must not end it: so it is looked at slowly.
        """
        scales = [window.devicePixelRatioF() for window in (self.patient, self.sitter)]
        if self._scales is not None and scales != self._scales:
            self.outdated.emit()
            return
        self._scales = scales
        self._scaling.start(SCALE_LOOK_MS)

    def _replace(self) -> None:
        if self.windowed:
            return
        displays, before = _displays(), self.places
        if not displays:
            return
        places = keep(self._home, displays)
        if places.one_display and self._home.one_display and self.adopt_new and not self.single and len(displays) > 1:
            self.is_known = False
            self._settle_in(choose(displays, places.patient))
        else:
            self.places = places
        self._place_all()
        if self.places != before:
            self.moved.emit()

    def _place_all(self) -> None:
        moved = [
            (window, name)
            for window, name in ((self.patient, self.places.patient), (self.sitter, self.places.sitter))
            if not (name and window.isVisible() and name_of(window.screen()) == name)
        ]
        for window, _name in moved:
            window.hide()
        for window, name in moved:
            if name:
                self._put(window, name)
        self._take_keys()

    def _put(self, window: Window, name: str) -> None:
        if self.windowed:
            window.resize(*WINDOWED)
            window.show()
            return
        screen = _screen(name)
        if screen is None:
            self.trouble.emit(f"The display {name} is not there")
            return
        put_on(window, screen, is_kept=not self.places.one_display)

    def _take_keys(self) -> None:
        """To the sitter's window where there is one; no window manager gives them to one that it does not keep."""
        window = self.sitter if self.sitter.isVisible() else self.patient
        window.activateWindow()


def put_on(window: Window, screen: QScreen, is_kept: bool = True) -> None:
    """Show it on the whole of a display. is_kept: see `Window.keep_place`."""
    window.keep_place(is_kept and _is_plain_x11())
    window.setScreen(screen)
    window.setGeometry(screen.geometry())
    window.showFullScreen()


def _is_plain_x11() -> bool:
    """An X server's own displays. Elsewhere the hint is not known, or shows nothing at all."""
    return _app().platformName() == "xcb" and not os.environ.get("WAYLAND_DISPLAY")


def _screen(name: str) -> QScreen | None:
    return next((screen for screen in _app().screens() if name_of(screen) == name), None)


def _displays() -> list[Display]:
    return [describe(screen) for screen in _app().screens()]


def _app() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app
