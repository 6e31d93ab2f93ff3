"""Replay: the crosshair goes through the session by itself, 1 to 120 times as fast as it was.

It moves a position and shows what was recorded there; nothing is made up between two readings.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider

from kiosk.text import review_window as words
from ui import theme
from ui.kit import Part, Row
from ui.kit_button import Button
from ui.review.shelf import Choice

SPEEDS = (1, 5, 10, 30, 60, 120)
FRAME_MS = 50
STEPS = 10_000


class Scrub(QSlider, Part):
    """The position in the session. A click goes there."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("replayPosition")
        self.setAccessibleName(words.position())
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 200)
        self.setPageStep(STEPS // 20)
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(theme.BUTTON_DAY))

    def _edges(self) -> tuple[float, float]:
        return self.pf(9), self.width() - self.pf(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        (left, right), middle = self._edges(), self.height() / 2
        x = left + (right - left) * self.value() / STEPS
        for end, ink in ((right, "line"), (x, "accent")):
            painter.setPen(QPen(theme.colour(ink), self.pf(4)))
            painter.drawLine(QPointF(left, middle), QPointF(end, middle))
        painter.setPen(QPen(theme.colour("ink0" if self.hasFocus() else "accent"), self.pf(2.5)))
        painter.setBrush(theme.colour("panel"))
        side = self.pf(16 if self.hasFocus() else 14)
        painter.drawEllipse(QRectF(x - side / 2, middle - side / 2, side, side))

    def _go(self, event: QMouseEvent) -> None:
        left, right = self._edges()
        share = (event.position().x() - left) / max(1.0, right - left)
        self.setValue(round(min(max(share, 0.0), 1.0) * STEPS))
        self.sliderMoved.emit(self.value())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(event)


class Replay(Row):
    """`moved` carries a session second. clock: monotonic seconds."""

    moved = Signal(float)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(gap=10)
        self._clock, self._from_s, self._to_s, self.at_s = clock, 0.0, 1.0, 0.0
        self._ticked_s = 0.0
        self.play = Button("", "", "play", "primary", 15, theme.BUTTON_DAY, padding=16, name="replayPlay")
        self.play.setAccessibleName(words.play())
        self.scrub = Scrub()
        self.speed = Choice(words.speed(), "replaySpeed")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(60))
        self.add(self.play)
        self.grow(self.scrub)
        self.add(self.speed)
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self.advance)
        self.play.clicked.connect(self.toggle)
        self.scrub.sliderMoved.connect(self._scrubbed)
        self.scrub.actionTriggered.connect(lambda _action: self._scrubbed(self.scrub.sliderPosition()))

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._frames.isActive()

    def show_span(self, from_s: float, to_s: float) -> None:
        """Another session: from its first to its last second."""
        self.stop()
        self._from_s, self._to_s = from_s, max(to_s, from_s + 0.001)

    def show_position(self, t_s: float) -> None:
        """The crosshair was put there."""
        self.at_s = t_s
        self.scrub.setValue(round((t_s - self._from_s) / (self._to_s - self._from_s) * STEPS))

    def toggle(self) -> None:
        """Play or pause; at the end it begins anew."""
        if self.is_playing:
            self.stop()
            return
        if self.at_s >= self._to_s:
            self.at_s = self._from_s
        self._ticked_s = self._clock()
        self._frames.start()
        self._name()

    def stop(self) -> None:
        """Stand still."""
        self._frames.stop()
        self._name()

    def change_speed(self, by: int) -> None:
        """Faster (+1) or slower (-1)."""
        self.speed.setCurrentIndex(min(max(self.speed.currentIndex() + by, 0), len(SPEEDS) - 1))

    def advance(self) -> None:
        """Time has passed."""
        now_s = self._clock()
        passed, self._ticked_s = now_s - self._ticked_s, now_s
        self.at_s = min(self._to_s, self.at_s + passed * self.speed.currentData())
        if self.at_s >= self._to_s:
            self.stop()
        self.moved.emit(self.at_s)

    def _scrubbed(self, value: int) -> None:
        self.at_s = self._from_s + value / STEPS * (self._to_s - self._from_s)
        self.moved.emit(self.at_s)

    def _name(self) -> None:
        words_now = words.pause() if self.is_playing else words.play()
        self.play.relabel("", icon="pause" if self.is_playing else "play")
        self.play.setAccessibleName(words_now)
