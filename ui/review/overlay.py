"""Sessions of one patient over each other, minute by minute: the chosen one in colour, the others grey.

Belongs to the provider's window. Each minute's lowest valid SpO2 and middle valid pulse stand for that minute; a minute
without a valid value is a hole in the line. Axes are fixed; nothing is smoothed or joined.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from kiosk.line.review import Cuff, Minute, SeriesCurve, SeriesView
from kiosk.text import review_window as words
from ui import theme
from ui.kit import Column, Fixed
from ui.review.chart import WHEEL_STEP, ZOOM
from ui.review.cross import Cross, Said
from ui.sitter import axis
from ui.sitter.lanes import Lane, TimeLane
from ui.sitter.plot import Plot
from ui.sitter.series import Readings
from ui.sitter.strokes import Strokes

SIDE_U = 5.0  # between the bars of two sessions
MOST_SAID = 9
MINUTE_S = 60.0
LABEL_SHARE = 0.1  # of the width, for the limits' words


class Line(NamedTuple):
    """One session's minutes."""

    session_id: str
    readings: Readings


def readings_of(minutes: tuple[Minute, ...], field: str) -> Readings:
    """Each minute's value stands for its sixty seconds; a minute that is missing, or has none, is a hole."""
    values = {minute.minute: value for minute in minutes if (value := getattr(minute, field)) is not None}
    ends = {minute + 1: float("nan") for minute in values if minute + 1 not in values}
    steps = sorted((values | ends).items())
    t = np.array([minute * MINUTE_S for minute, _value in steps])
    return Readings(t, np.array([value for _minute, value in steps], dtype=float), np.zeros(t.size, dtype=bool))


class OverlayPlot(Plot):
    """Curves of all sessions; the chosen one over them."""

    def __init__(self, title: str, sub: str, axis_of: tuple[float, float], marked: tuple[int, ...], ink: str) -> None:
        super().__init__(title, sub, *axis_of, marked, 120, 2)
        self.grows = True
        self.ink, self.paper, self.hole = ink, "panel", "raised"
        self.lines: list[Line] = []
        self.chosen_id = ""
        self.is_alone = False

    def draw_curves(self, painter: QPainter, part: QRectF) -> None:
        strokes = Strokes(self, painter, part)
        others = [] if self.is_alone else [line for line in self.lines if line.session_id != self.chosen_id]
        for line in others:
            strokes.draw(strokes.envelope(line.readings, MINUTE_S), "other", 1.1)
        for line in self.lines:
            if line.session_id == self.chosen_id:
                strokes.draw(strokes.envelope(line.readings, MINUTE_S), self.ink, 2.25)


class OverlayPressure(Plot):
    """Bars of all sessions, side by side in the order of the series; beyond the limit red."""

    def __init__(self) -> None:
        super().__init__(words.pressure(), "mmHg", 50, 200, (80, 120), 110, 2)
        self.grows = True
        self.paper = "panel"
        self.bars: list[tuple[str, tuple[Cuff, ...]]] = []
        self.chosen_id = ""
        self.is_alone = False

    def draw_more(self, painter: QPainter, area: QRectF) -> None:
        for place, (session_id, bars) in enumerate(self.bars):
            is_chosen = session_id == self.chosen_id
            if is_chosen or not self.is_alone:
                across = (place - (len(self.bars) - 1) / 2) * self.pf(SIDE_U)
                for bar in bars:
                    self._draw(painter, bar, across, is_chosen)

    def _draw(self, painter: QPainter, bar: Cuff, across: float, is_chosen: bool) -> None:
        ink = "red" if bar.high else "bp" if is_chosen else "other"
        pen = QPen(theme.colour(ink), self.pf(2.6 if is_chosen or bar.high else 1.6))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        x, top, low, half = self.x_of(bar.t_s) + across, self.y_of(bar.systolic), self.y_of(bar.diastolic), self.pf(3.2)
        painter.drawLine(QPointF(x, top), QPointF(x, low))
        for y in (top, low):
            painter.drawLine(QPointF(x - half, y), QPointF(x + half, y))


class Overlay(Column):
    """Built once. Curves come one session at a time by `add_curve`."""

    looked = Signal(float)

    def __init__(self) -> None:
        super().__init__(gap=4)
        self.setObjectName("overlayChart")
        self.setAccessibleName(words.overlay_name())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.spo2 = OverlayPlot("SpO2", "%", (70, 100.9), (80, 90), "spo2")
        self.pulse = OverlayPlot(words.pulse(), words.per_minute(), (36, 154), (60, 90), "pulse")
        self.pressure, self.times = OverlayPressure(), TimeLane()
        self.grow(self.spo2, 3)
        self.grow(self.pulse, 2)
        self.grow(self.pressure, 2)
        self.add(Fixed(self.times, height=27))
        self.cross = Cross(self)
        self.zero = "dose"
        self._view: SeriesView | None = None
        self._curves: dict[str, SeriesCurve] = {}
        self._start_s, self._end_s, self._at_s = -1200.0, 7800.0, 0.0
        for part in (self.spo2, self.pulse, self.pressure, self.times, self.cross, self):
            part.setMouseTracking(True)

    def rows(self) -> tuple[Lane, ...]:
        """All of them, top to bottom."""
        return self.spo2, self.pulse, self.pressure, self.times

    def show_series(self, view: SeriesView) -> None:
        """Another series, or the same counted from another zero; curves follow."""
        self._view, self._curves = view, {}
        for plot, name in ((self.spo2, "spo2"), (self.pulse, "pulse"), (self.pressure, "pressure")):
            plot.show_limits([limit for limit in view.limits if limit.plot == name])
        self.redraw()

    def add_curve(self, curve: SeriesCurve) -> None:
        """One session's minutes."""
        if self._view is None or curve.patient_id != self._view.patient_id:
            return
        self.zero = curve.zero
        self._curves[curve.session_id] = curve
        self.show_all()

    def choose(self, session_id: str) -> None:
        """This session in colour."""
        for plot in (self.spo2, self.pulse, self.pressure):
            plot.chosen_id = session_id
            plot.update()

    def show_alone(self, is_alone: bool) -> None:
        """The chosen session without the others."""
        for plot in (self.spo2, self.pulse, self.pressure):
            plot.is_alone = is_alone
            plot.update()

    def show_all(self) -> None:
        """From the first to the last minute of any session."""
        minutes = [m.minute for curve in self._curves.values() for m in curve.minutes] or [-20, 120]
        start_s, end_s = min(minutes) * 60.0 - 60, max(minutes) * 60.0 + 120
        self._show(start_s, end_s + (end_s - start_s) * LABEL_SHARE)

    def zoom(self, factor: float, around_s: float | None = None) -> None:
        """factor above 1 shows less time."""
        around = (self._start_s + self._end_s) / 2 if around_s is None else around_s
        share = (around - self._start_s) / (self._end_s - self._start_s)
        width = min(max((self._end_s - self._start_s) / factor, 300.0), 172_800.0)
        self._show(around - share * width, around + (1 - share) * width)

    def pan(self, share: float) -> None:
        """Move by a share of what is shown."""
        by = (self._end_s - self._start_s) * share
        self._show(self._start_s + by, self._end_s + by)

    def _show(self, start_s: float, end_s: float) -> None:
        self._start_s, self._end_s = start_s, end_s
        self.redraw()

    def redraw(self) -> None:
        """Draw everything."""
        shown = axis.Span(self._start_s, self._end_s, self._end_s + 1e9)
        ticks = axis.minute_ticks(shown, 0.0, words.zero(self.zero == "dose"))
        self.times.show_span(shown)
        self.times.show_ticks(ticks)
        order = [line.session_id for line in self._view.lines] if self._view else []
        curves = [self._curves[i] for i in order if i in self._curves]
        for plot, field in ((self.spo2, "spo2_low"), (self.pulse, "pulse")):
            plot.lines = [Line(c.session_id, readings_of(c.minutes, field)) for c in curves]
            plot.show_axis(shown, ticks)
        self.pressure.bars = [(c.session_id, c.pressures) for c in curves]
        self.pressure.show_axis(shown, ticks)
        for plot in (self.spo2, self.pulse, self.pressure):
            plot.update()
        self._say()

    def said(self) -> Said:
        """Each session's minute under the crosshair."""
        minute = int(self._at_s // 60)
        rows: list[str] = []
        for line in self._view.lines if self._view else ():
            curve = self._curves.get(line.session_id)
            found = next((m for m in curve.minutes if m.minute == minute), None) if curve else None
            rows.append(words.series_minute(line.number, found and found.spo2_low, found and found.pulse))
        return Said(words.minute(minute, self.zero == "dose"), tuple(rows[:MOST_SAID]), ())

    def _say(self) -> None:
        self.cross.below = float(self.pressure.geometry().bottom())
        is_shown = bool(self._curves) and self.underMouse() and self._start_s <= self._at_s <= self._end_s
        self.cross.show_said(self.spo2.x_of(self._at_s), self.said(), is_shown)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self.spo2.area()
        share = (event.position().x() - area.left()) / max(1.0, area.width())
        if 0 <= share <= 1:
            self._at_s = self._start_s + share * (self._end_s - self._start_s)
            self._say()
            self.looked.emit(self._at_s)

    def wheelEvent(self, event: QWheelEvent) -> None:
        along = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or event.angleDelta().x():
            self.pan(-(event.angleDelta().x() or along) / WHEEL_STEP * 0.1)
        elif along:
            self.zoom(ZOOM ** (along / WHEEL_STEP), self._at_s)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cross.setGeometry(self.rect())
        self.redraw()
