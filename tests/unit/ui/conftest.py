"""Qt without a display, the room's fonts and colours, a view to show, and a line that only remembers."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.line.pane import Button, Card, Music, Sentence
from kiosk.line.screen import Begin, RestView, View
from kiosk.line.tile import PressureTile, Tile
from kiosk.session.commands import Acknowledge, PauseSounds


class RememberingLine:
    """Stands for the child's end of the line: what was sent, how often the heart beat."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.beats = 0

    def send(self, message: msgspec.Struct) -> None:
        self.sent.append(message)

    def beat(self) -> None:
        self.beats += 1

    def commands(self) -> list[Any]:
        return [message.command for message in self.sent if hasattr(message, "command")]


class Clock:
    """Seconds that only a test moves."""

    def __init__(self, now_s: float = 1000.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s

    def go(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def line() -> RememberingLine:
    return RememberingLine()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room_app(qapp: QApplication) -> Iterator[QApplication]:
    """The application as the screen process makes it; windows of a test are gone after it."""
    from ui.app import make_application

    yield make_application()
    for window in QApplication.topLevelWidgets():
        window.hide()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def press(room_app: QApplication) -> Callable[..., None]:
    """Presses and releases a key where the keys go, as a person does: through the application's filters."""

    def act(widget: QWidget, key: int, text: str = "", modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            room_app.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))

    return act


@pytest.fixture
def make_view() -> Callable[..., View]:
    """A calm view of a running session; keywords replace fields."""

    def make(**changes: Any) -> View:
        view = View(
            at_utc_ms=1_790_000_000_000,
            t_s=3600,
            clock="21:49",
            stage="live",
            phase="Peak",
            elapsed="0:47 after dose",
            dose="120 mg troche",
            chips=(),
            tags=("Simulated",),
            sentence=Sentence("calm", "No alarms.", "Oxygen and pulse are watched."),
            ahead=(),
            panel=None,
            silences=(),
            spo2=Tile("live", "97", age_s=0.5, note="Good signal"),
            pulse=Tile("live", "72", age_s=0.5),
            pressure=PressureTile("fresh", "138", "86", "103", "21:43"),
            events=(),
            music=Music("off"),
            card=Card("112", "", "", ("Here",), ("Robin",), ("Now",), (), ("Stay",), ()),
            phases=(),
            marks=(),
            limits=(),
            due=None,
            rest=RestView("rest"),
            pane_open=False,
            alarm_over_rest=False,
            armed="",
            started=True,
        )
        return msgspec.structs.replace(view, **changes)

    return make


@pytest.fixture
def alarm() -> Sentence:
    buttons = (
        Button("I'm on it", "A", "primary", Acknowledge("spo2_hard")),
        Button("2 min quiet", "P", "plain", PauseSounds()),
    )
    return Sentence("high", "Oxygen is very low: 83", "for 12 s, limit 85", "spo2_hard", buttons=buttons)


@pytest.fixture
def begin() -> Begin:
    return Begin(False, True, False, True, "Robin", "Sam Rivera", 1_790_000_000_000, 0, pin_digits=6)


@pytest.fixture
def make_shell(
    room_app: QApplication, line: Any, clock: Any, begin: Begin, make_view: Callable[..., View], qtbot: Any
) -> Iterator[Callable[..., Any]]:
    """A shell whose windows are shown; keywords change the first message."""
    from ui.shell import Shell

    made: list[Any] = []

    def make(view: View | None = None, **changes: Any) -> Any:
        shell = Shell(line, lambda: None, clock=clock)
        made.append(shell)
        shell.take(msgspec.structs.replace(begin, **changes))
        shell.take(view or make_view())
        qtbot.waitUntil(lambda: shell.pane is not None, timeout=20_000)
        return shell

    yield make
    for shell in made:
        shell.end()


class Light:
    """A picture in linear light."""

    def __init__(self, image: QImage) -> None:
        plain = image.convertToFormat(QImage.Format.Format_RGB32)
        codes = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4)
        value = codes[..., :3].astype(np.float64) / 255
        linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
        self.blue, self.green, self.red = (linear[..., i] for i in range(3))
        self.luminance = 0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue


@pytest.fixture
def light_of() -> Callable[[QWidget], Light]:
    from ui.rest import RestScreen

    def look(widget: QWidget) -> Light:
        if isinstance(widget, RestScreen):
            widget._next_frame()  # as its own timer would have meanwhile
        return Light(widget.grab().toImage())

    return look
