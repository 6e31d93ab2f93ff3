"""The patient's screen: dark dunes, and one thing to do: call. Touch, click and nearly every key do it at once.

Belongs to the screen process. The light of the call is this screen's own and comes with the touch; that the sitter is
coming is only ever shown when the monitor says so. It must never show a value, an alarm, a pointer or blue light, and
never jump in brightness; what the monitor does not confirm within a second becomes "Call out loud".
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QPushButton, QWidget

from kiosk.line.screen import RestView
from kiosk.text import room
from ui import keys
from ui.dusk import BREATH_S, CALM, GUIDE, Door, Line, still_for_s
from ui.theme import REST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ui.landscape import Landscape

STILL_FRAME_MS = 5000  # nothing moves but what a call brings, and that has frames of its own
GUIDE_FRAME_MS = 200  # its light climbs, too
RAMP_FRAME_MS = 100
FIRST_STEP_S = 0.5  # of a ramp: as if the frame before it were no older
RAMP_S = BREATH_S / 2  # the light of a call comes in with one slow breath, its whole way
FIRST_LIGHT = 0.10  # what a touch gives in its first frame; the rest follows as a ramp
CONFIRM_WITHIN_MS = 1000
ALOUD_FOR_S = 60.0
UNDER_KEYPAD = 0.85  # share of the height: between the last row of keys and the bar
CALL_AGAIN_AFTER_S = 0.5
STILL_FOR_S = 54 * BREATH_S  # reduced motion: about ten minutes, whole breaths, so that the brightness is the same
FIRST_SCENE_S = 140.0  # the moment of the dunes' cycle shown at clock 0

DOORS = {
    "rest": Door(0.0, 0.16),
    "calling": Door(0.30, 0.16),
    "aloud": Door(0.30, 0.16),
    "coming": Door(0.66, 0.42),
}


class CallSurface(QPushButton):
    """Covers the whole screen, draws nothing. Acts on the press, not on the release, and on any finger."""

    touched = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("callSitter")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.clicked.connect(self._by_accessibility)

    def _by_accessibility(self) -> None:
        # presses of mouse and fingers never get this far: only a screen reader or a switch "clicks"
        self.touched.emit("click")

    def event(self, event: QEvent) -> bool:
        """Touch and pen, before Qt makes mouse events of them."""
        kind = event.type()
        if kind in (QEvent.Type.TouchBegin, QEvent.Type.TabletPress):
            self.touched.emit("touch")
        if kind in _HANDLED:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit("click")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.touched.emit("click")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing: the dunes beneath are the surface."""


_HANDLED = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
    QEvent.Type.TabletPress,
    QEvent.Type.TabletMove,
    QEvent.Type.TabletRelease,
)


class RestScreen(QWidget):
    """Give it each `RestView`; it emits `called` ("touch", "click" or "key") and `sitter_wanted` (F2, Enter).

    clock: seconds from any origin that go on over a restart of this process, so that the dunes stay where they were.
    """

    called = Signal(str)
    sitter_wanted = Signal()
    painted = Signal()

    def __init__(self, sitter: str = "", *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setObjectName("restScreen")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.leave_by_escape = False
        self.still = self.guide = False  # guide: the light breathes deeply enough to be breathed along with
        self._clock, self._sitter, self._view = clock, sitter, RestView("rest")
        self._called_at_s: float | None = None
        self._emitted_at_s = -math.inf
        self._lost = self._keypad = False
        self._door = self._door_target = DOORS["rest"]
        self._door_at_s = clock()
        self._landscape: Landscape | None = None
        self.plain = False  # nothing but dark: what draws the dunes is not loaded yet
        self._image: QImage | None = None
        self.surface = CallSurface(self)
        self.surface.touched.connect(self.call)
        self._frames, self._doubt = QTimer(self), QTimer(self)
        self._frames.timeout.connect(self._next_frame)
        self._doubt.setSingleShot(True)
        self._doubt.setInterval(CONFIRM_WITHIN_MS)
        self._doubt.timeout.connect(self._next_frame)
        self.name_sitter(sitter)

    def name_sitter(self, sitter: str) -> None:
        """Who is called: a first name."""
        self._sitter = sitter
        self.surface.setAccessibleName(room.call_button(sitter))
        self._next_frame()

    def under_keypad(self, on: bool) -> None:
        """The keypad lies over it: the hint must not show between its keys, and a call's words make way."""
        if on != self._keypad:
            self._keypad = on
            self._next_frame()

    def light_up(self) -> None:
        """What draws the dunes is there: no longer plain."""
        self.plain = False
        self._next_frame()

    def show_rest(self, view: RestView) -> None:
        """Take what the monitor knows of the call. A call that it knows is confirmed."""
        before = self.state, self._lines()
        if view.state != "rest" or (self._called_at_s is not None and self._since_call_s() > ALOUD_FOR_S):
            self._called_at_s = None
            self._doubt.stop()
        self._view = view
        if (self.state, self._lines()) != before:
            self._next_frame()

    def lose_line(self) -> None:
        """Nobody listens any more: stay dark; a call becomes "Call out loud" at once."""
        self._lost = True
        if self._view.state != "rest" and self._called_at_s is None:
            self._called_at_s = self._clock()
        self._next_frame()

    def call(self, by: str = "click") -> None:
        """The patient calls: light and words at once, then the signal."""
        now_s = self._clock()
        if self._view.state == "rest" or self._lost:
            fresh = self._called_at_s is None
            self._called_at_s = now_s if fresh else self._called_at_s
            self.plain = False
            if fresh:
                self._door = Door(max(self._door.light, FIRST_LIGHT), DOORS["calling"].spread)
                self._doubt.start()
            self._next_frame()
            self.repaint()
        if now_s - self._emitted_at_s >= CALL_AGAIN_AFTER_S:
            self._emitted_at_s = now_s
            self.called.emit(by)

    @property
    def state(self) -> str:
        """What is shown: rest, calling, coming or aloud."""
        if self._lost:
            return "rest" if self._called_at_s is None else "aloud"
        if self._view.state != "rest" or self._called_at_s is None:
            return self._view.state
        return "calling" if self._since_call_s() < CONFIRM_WITHIN_MS / 1000 else "aloud"

    def texts(self) -> dict[str, str]:
        """Object name to the words shown now."""
        return {"restScreen": "\n".join(line.text for line in self._lines())}

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab calls like any other key."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
        elif event.key() in keys.SITTER_KEYS:
            self.sitter_wanted.emit()
        elif keys.calls_sitter(event.key(), self.leave_by_escape):
            self.call("key")
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.surface.setGeometry(self.rect())
        self._image = None

    def showEvent(self, event: QShowEvent) -> None:
        self._image = None
        self._pace()

    def hideEvent(self, event: QHideEvent) -> None:
        self._frames.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None and not self.plain:
            self._draw()
        if self._image is not None:
            QPainter(self).drawImage(QPoint(0, 0), self._image)
        elif self.plain:
            QPainter(self).fillRect(self.rect(), QColor(REST["ground"]))
        self.painted.emit()

    def _guides(self) -> bool:
        return self.guide and not self.still and self.state == "rest"

    def _since_call_s(self) -> float:
        return self._clock() - self._called_at_s if self._called_at_s is not None else math.inf

    def _next_frame(self) -> None:
        self._image = None
        self.update()
        self._pace()

    def _pace(self) -> None:
        target = DOORS[self.state]
        moving = abs(target.light - self._door.light) > 0.001 or abs(target.spread - self._door.spread) > 0.001
        wanted = RAMP_FRAME_MS if moving else self._steady_ms()
        if self.isVisible() and (not self._frames.isActive() or self._frames.interval() != wanted):
            self._frames.start(wanted)

    def _steady_ms(self) -> int:
        if self.still:
            return STILL_FRAME_MS
        return GUIDE_FRAME_MS if self._guides() else round(1000 * still_for_s(self._clock() + FIRST_SCENE_S))

    def _move_door(self, now_s: float) -> None:
        """Towards the state's light, the whole way in two seconds: brightness changes only as a ramp."""
        target, passed_s = DOORS[self.state], now_s - self._door_at_s
        if target != self._door_target:  # it stood until now, however long ago the last frame was
            passed_s = min(passed_s, FIRST_STEP_S)
        self._door_at_s, self._door_target = now_s, target
        share = min(1.0, max(0.0, passed_s / RAMP_S))
        light = _towards(self._door.light, target.light, share * DOORS["coming"].light)
        spread = _towards(self._door.spread, target.spread, share * DOORS["coming"].spread)
        self._door = Door(light, spread)

    def _lines(self) -> tuple[Line, ...]:
        state, view = self.state, self._view
        own = {
            "rest": ("", ""),
            "calling": (room.calling(self._sitter), ""),
            "coming": (room.coming(self._sitter), room.stay_lying()),
            "aloud": (room.call_aloud(), ""),
        }[state]
        say, detail = own
        if view.state == state and (view.say or state == "rest"):
            say, detail = view.say, view.detail or detail
        if (self._lost or self._keypad) and state == "rest":
            say, detail = "", ""
        if state == "rest":  # the hint of the first minute: small, and the only words at rest
            return (Line(say, 0.30, 32, 500, "say"),) if say else ()
        if self._keypad:  # the one strip that the keypad leaves free
            return (Line(say, UNDER_KEYPAD, 44, 500, "say"),)
        lines = (Line(say, 0.30, 60, 500, "say"), Line(detail, 0.40, 32, 500, "say"))
        return tuple(line for line in lines if line.text)

    def _draw(self) -> None:
        if not self.draw_now().size:
            return
        self._image = self._land().image
        self._image.setDevicePixelRatio(self.devicePixelRatioF())
        words_shown = " ".join(line.text for line in self._lines())
        if words_shown != self.accessibleDescription():
            self.setAccessibleDescription(words_shown)

    def draw_now(self) -> NDArray[np.uint8]:
        """Pixels of this moment (see `Dunes.frame`), none while the window has no size. Valid until the next call."""
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        now_s = self._clock()
        if width > 0 and height > 0:
            self._move_door(now_s)
        scene_s = STILL_FOR_S * math.floor(now_s / STILL_FOR_S) if self.still else now_s
        breath = GUIDE if self._guides() else CALM
        return self._land().frame(width, height, scene_s, scene_s + FIRST_SCENE_S, self._door, breath, self._lines())

    def _land(self) -> Landscape:
        if self._landscape is None:
            from ui.landscape import Landscape  # with numpy, 60 ms: the first dark frame does not wait for it

            self._landscape = Landscape()
        return self._landscape


def _towards(value: float, target: float, most: float) -> float:
    return target if abs(target - value) <= most else value + math.copysign(most, target - value)
