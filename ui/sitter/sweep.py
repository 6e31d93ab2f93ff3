"""The pulse wave as the oximeter sends it: six seconds from left to right, with an erased gap before the newest.

Owned by the screen process. Its axis is fixed from 0 to the most that a sample can be and stands beside it: a weak
wave looks weak. Where nothing was sent nothing is drawn, and the gap has its true length. It never stretches, smooths
or joins; what it shows is for eyes only and judges nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.line.chart import Sweep
from kiosk.text.catalogue import _
from ui import theme
from ui.array import np
from ui.kit import Part
from ui.path import path_through

SWEEP_S = 6.0
ERASED_S = 0.4
FRAME_MS = 40
QUIET_S = 1.0  # after so long without a run the head goes on over emptiness, as time does
LATE_S, LOST_S = 0.5, 2.0  # so far behind the newest sample it draws a little faster, or jumps
FASTER = 1.15
GUTTER = 34.0


class Wave(QWidget, Part):
    """Give it each run by `take`. now: a monotonic clock."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self.ink = "ink3"
        self._rate_hz, self._full = 0.0, 1
        self._head = 0.0  # running number up to which it is drawn
        self._end = 0  # running number behind the last sample that came
        self._heard_s = float("-inf")
        self._ticked_s = 0.0
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self.advance)
        self.rescale(1.0)

    @cached_property
    def _ring(self) -> np.ndarray:
        """Nothing yet, and no need of numpy (`ui.array`)."""
        return np.full(1, np.nan)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(34))

    def is_fed(self) -> bool:
        """Whether the device sends a waveform now: something came within the last sweep."""
        return self._now() - self._heard_s <= SWEEP_S

    def colour_as(self, ink: str) -> None:
        """The ink of the tile's dim words."""
        if ink != self.ink:
            self.ink = ink
            self.update()

    def take(self, run: Sweep) -> None:
        """The next samples. A jump in their numbers is a gap; numbers that go back are another strand."""
        if (run.rate_hz, run.full_scale) != (self._rate_hz, self._full) or run.first < self._end:
            self._begin(run)
        self._blank(self._end, run.first)
        for place, sample in enumerate(run.samples, run.first):
            self._ring[place % self._ring.size] = np.nan if sample is None else sample
        if run.first != self._end or self._head > run.first:
            self._head = run.first  # emptiness needs no drawing
            self.update()
        self._end = run.first + len(run.samples)
        self._heard_s = self._now()
        self._follow_visibility()

    def _begin(self, run: Sweep) -> None:
        self._rate_hz, self._full = run.rate_hz, run.full_scale
        self._ring = np.full(max(1, round(SWEEP_S * run.rate_hz)), np.nan)
        self._head, self._end, self._ticked_s = run.first, run.first, self._now()
        self.update()
        words = _("Pulse wave as the oximeter sends it, in its own units, always drawn from 0 to {full}")
        self.setAccessibleName(words.format(full=run.full_scale))
        self.setToolTip(self.accessibleName())

    def _blank(self, first: int, end: int) -> None:
        if end - first >= self._ring.size:
            self._ring[:] = np.nan
        else:
            self._ring[np.arange(first, end) % self._ring.size] = np.nan

    def advance(self) -> None:
        """Time has passed: draw on, not beyond what came; where nothing comes, go on over emptiness."""
        now_s = self._now()
        passed, self._ticked_s = (now_s - self._ticked_s) * self._rate_hz, now_s
        behind, before = self._end - self._head, int(self._head)
        if behind > LOST_S * self._rate_hz:
            self._head = self._end - LATE_S * self._rate_hz
        elif behind > 0:
            late = behind > LATE_S * self._rate_hz
            self._head = min(round(self._head + passed * (FASTER if late else 1), 6), self._end)
        elif now_s - self._heard_s > QUIET_S:
            self._blank(max(self._end, int(self._head)), int(self._head + passed) + 1)
            self._head += passed
        self._repaint(before)

    def _repaint(self, before: int) -> None:
        """Only what changed since the head stood at `before`: a whole curve 25 times a second is work for nothing."""
        size, area = self._ring.size, self.area()
        first, last = before % size, (self._erased_until() - 1) % size
        if last < first:
            self.update()
            return
        step, edge = area.width() / size, self.pf(6)
        left = area.left() + first * step - edge
        self.update(QRectF(left, 0, (last - first) * step + 2 * edge, self.height()).toAlignedRect())

    def _erased_until(self) -> int:
        return max(int(self._head), self._end) + round(ERASED_S * self._rate_hz)

    def drawn(self) -> np.ndarray:
        """What stands on the screen from left to right: a sample's number, NaN where there is none."""
        shown = self._ring.copy()
        shown[np.arange(int(self._head), self._erased_until()) % shown.size] = np.nan
        return shown

    def area(self) -> QRectF:
        """Where the curve runs: behind its axis, with room for its width."""
        left, edge = self.pf(GUTTER), self.pf(2)
        return QRectF(left, edge, max(1.0, self.width() - left), self.height() - 2 * edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rate_hz:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, shown = self.area(), self.drawn()
        self._paint_axis(painter, area)
        x = area.left() + np.arange(shown.size) * (area.width() / shown.size)
        y = area.bottom() - shown * (area.height() / self._full)
        asked = (x > event.rect().left() - self.pf(6)) & (x < event.rect().right() + self.pf(6))
        painter.setPen(QPen(theme.colour(self.ink), self.pf(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path_through(x[asked], y[asked]))
        newest = (int(self._head) - 1) % shown.size
        if np.isfinite(shown[newest]):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("ink1" if self.ink == "ink3" else self.ink))
            painter.drawEllipse(QPointF(x[newest], y[newest]), self.pf(2.5), self.pf(2.5))

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        """Both ends of the fixed axis, in figures."""
        painter.setPen(theme.colour(self.ink))
        painter.setFont(theme.font(13, 400, self.u))
        gutter = QRectF(0, 0, area.left() - self.pf(6), self.height())
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(gutter, right | Qt.AlignmentFlag.AlignTop, str(self._full))
        painter.drawText(gutter, right | Qt.AlignmentFlag.AlignBottom, "0")

    def _follow_visibility(self) -> None:
        if self.isVisible() and self._rate_hz and not self._frames.isActive():
            self._ticked_s = self._now()
            self._frames.start()

    def showEvent(self, event: QShowEvent) -> None:
        self._follow_visibility()

    def hideEvent(self, event: QHideEvent) -> None:
        self._frames.stop()
