"""Which display is whose, and the windows on them: the rest screen for the patient, the pane for the sitter.

Belongs to the screen process. Displays are known by name and maker, never by their order. It must never put vital
signs on the patient's display because a cable came loose, nor let a window close that nobody allowed to close.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.kit import CENTRE, Text

BUILT_IN = ("eDP", "LVDS", "DSI")
WINDOWED = (1366, 768)


class Display(NamedTuple):
    """A display as it is remembered: the connector's name, and maker, model, serial as far as they are known."""

    name: str
    identity: str = ""


class Places(NamedTuple):
    """Names of the displays. sitter "" : one display, the pane lies behind the PIN; patient "": theirs is gone."""

    patient: str
    sitter: str

    @property
    def one_display(self) -> bool:
        """Whether rest screen and pane share a display."""
        return not self.sitter


def name_of(screen: QScreen) -> str:
    """The connector's name; where a platform gives none, its place."""
    return screen.name() or f"display at {screen.geometry().x()},{screen.geometry().y()}"


def describe(screen: QScreen) -> Display:
    """The display behind a Qt screen."""
    identity = "/".join((screen.manufacturer(), screen.model(), screen.serialNumber())).strip("/")
    return Display(name_of(screen), identity)


def choose(displays: list[Display], primary: str, want_sitter: str = "", want_patient: str = "") -> Places:
    """First choice. What was chosen before wins; else the sitter has the built-in display, or the primary one."""
    names = [display.name for display in displays]
    if len(names) < 2:
        return Places(names[0] if names else "", "")
    others = [
        name for name in (want_sitter, _built_in(displays), primary, *names) if name in names and name != want_patient
    ]
    sitter = others[0]
    patient = want_patient if want_patient in names else next(name for name in names if name != sitter)
    return Places(patient, sitter)


def _built_in(displays: list[Display]) -> str:
    return next((display.name for display in displays if display.name.startswith(BUILT_IN)), "")


def keep(before: Places, displays: list[Display]) -> Places:
    """After a display went or came: each keeps their own. Only the sitter's is gone: one display, the patient's."""
    names = [display.name for display in displays]
    patient = before.patient if before.patient in names else ""
    sitter = before.sitter if before.sitter in names else ""
    if not patient and not sitter:
        return Places(names[0] if names else "", "")
    return Places(patient, sitter)


class Window(QWidget):
    """A top-level window that holds layers of its own size and closes only when allowed."""

    left_by_escape = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWindowTitle("Session room")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.allow_close = False
        self._layers: list[QWidget] = []
        self.warning = Text("", 18, 600, "ink0", CENTRE, name="windowWarning")
        self.warning.setParent(self)
        self.warning.setAutoFillBackground(True)
        self.warning.hide()

    def warn(self, text: str) -> None:
        """A line above everything, "" to take it away: what the windows themselves have to say."""
        self.warning.say(text)
        self.warning.setVisible(bool(text))
        self._place_warning()

    def hold(self, layers: list[QWidget], top: QWidget | None = None) -> None:
        """Show exactly these, bottom first; the last one (or `top`) gets the keys."""
        for gone in [layer for layer in self._layers if layer not in layers and layer.parent() is self]:
            gone.hide()
        changed = layers != self._layers
        self._layers = list(layers)
        for layer in layers:
            if layer.parent() is not self:
                layer.setParent(self)
            if layer.geometry() != self.rect():
                layer.setGeometry(self.rect())
            if changed:
                layer.raise_()
            layer.show()
        if changed:
            self.warning.raise_()
        focus = top or (layers[-1] if layers else None)
        if changed and focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for layer in self._layers:
            layer.setGeometry(self.rect())
        self._place_warning()

    def _place_warning(self) -> None:
        self.warning.rescale(theme.unit(self.width(), self.height()))
        wide = self.warning.sizeHint().width() + self.warning.px(32)
        top, height = self.warning.px(theme.STRIP_TOP), self.warning.px(theme.STRIP_HEIGHT)
        self.warning.setGeometry((self.width() - wide) // 2, top, wide, height)
        self.warning.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.left_by_escape.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept() if self.allow_close else event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("ground"))


class Windows(QObject):
    """The two windows on their displays. `moved` comes after each change of displays, `trouble` with a sentence."""

    moved = Signal()
    trouble = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.patient, self.sitter = Window("patientWindow"), Window("sitterWindow")
        self.places = Places("", "")
        self.single = self.windowed = False
        self.adopt_new = True  # before the session began a newly plugged display may become the patient's
        self._home = self.places  # where each belongs, also while a display is away
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(200)
        self._settle.timeout.connect(self._replace)

    def open(self, single: bool, windowed: bool, want_sitter: str = "", want_patient: str = "") -> None:
        """Choose the displays and show the patient's window; the sitter's comes with `show_sitter`."""
        self.single, self.windowed = single, windowed
        displays, app = _displays(), _app()
        primary = name_of(app.primaryScreen()) if displays else ""
        places = choose(displays, primary, want_sitter, want_patient)
        if windowed:
            places = Places(primary, "" if single else primary)
        elif single:
            known = want_patient if want_patient in [display.name for display in displays] else ""
            places = Places(known or _built_in(displays) or primary, "")
        self.places = self._home = places
        app.screenRemoved.connect(self._removed)
        app.screenAdded.connect(self._settle.start)
        self._put(self.patient, places.patient)

    def show_sitter(self) -> None:
        """Show the sitter's window where there is a display for it."""
        if not self.places.one_display:
            self._put(self.sitter, self.places.sitter)

    def words(self) -> tuple[str, ...]:
        """Where the windows are, for `Shown`."""
        rest = f"rest on {self.places.patient}" if self.places.patient else "rest hidden, its display is gone"
        return (rest, f"sitter on {self.places.sitter or self.places.patient}")

    def exchange(self) -> bool:
        """Swap the displays of patient and sitter. False where there are not two."""
        patient, sitter = self.places
        if not patient or not sitter or self.windowed:
            return False
        self.places = self._home = Places(sitter, patient)
        self._place_all()
        return True

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

    def _replace(self) -> None:
        if self.windowed:
            return
        displays, before = _displays(), self.places
        if not displays:
            return
        places = keep(self._home, displays)
        if places.one_display and self._home.one_display and self.adopt_new and not self.single and len(displays) > 1:
            places = self._home = choose(displays, places.patient)
        self.places = places
        self._place_all()
        if places != before:
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

    def _put(self, window: Window, name: str) -> None:
        if self.windowed:
            window.resize(*WINDOWED)
            window.show()
            return
        screen = next((s for s in _app().screens() if name_of(s) == name), None)
        if screen is None:
            self.trouble.emit(f"The display {name} is not there")
            return
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        window.showFullScreen()


def _displays() -> list[Display]:
    return [describe(screen) for screen in _app().screens()]


def _app() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app
