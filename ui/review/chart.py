"""One session's chart: the sitter's own plots and lanes over any stretch of it, by wheel, drag, keys and buttons.

Belongs to the provider's window. It shows recorded readings only: a gap stays a gap at every width, an axis never
rescales. `looked` tells where the crosshair stands, in session seconds; `wave_wanted` asks for a stretch of waveform.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent

from kiosk.line.chart import Trend
from kiosk.line.review import SessionView, Wave
from kiosk.text import review_window as words
from kiosk.text.review import simulated
from ui.review.cross import Cross, Said
from ui.review.nearest import nearest, step
from ui.review.wave import WaveLane
from ui.sitter import axis
from ui.sitter.chart import Chart
from ui.sitter.lanes import Lane, MarkLane, PhaseLane

NARROWEST_S = 10.0
ZOOM, WHEEL_STEP = 1.25, 120
MARGIN = 0.015  # of the session, left free at both ends
NEAR_U = 8.0  # a mark so near to the crosshair is named


class SessionChart(Chart):
    """The provider's chart of one session; built once, given another session by `show_session`."""

    looked = Signal(float)
    wave_wanted = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reviewChart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.planned, self.notes, self.wave = PhaseLane(), MarkLane(), WaveLane()
        box = self._box()
        box.insertWidget(0, self.planned)
        box.insertWidget(3, self.notes)
        box.insertWidget(box.indexOf(self.times), self.wave)
        for lane, title in zip((self.planned, self.phases, self.marks, self.notes), words.lane_titles(), strict=True):
            lane.title = title
        self._colour()
        self.is_clock = False
        self.at_s = 0.0
        self._session: SessionView | None = None
        self._start_s, self._end_s, self._is_whole = 0.0, 1.0, False
        self._dragged: tuple[float, float] | None = None
        self.cross = Cross(self)
        for part in (*self.rows(), self.cross):
            part.setMouseTracking(True)
        self.setMouseTracking(True)

    def _colour(self) -> None:
        for plot, ink in ((self.spo2, "spo2"), (self.pulse, "pulse"), (self.pressure, "bp")):
            plot.ink, plot.paper, plot.hole = ink, "panel", "raised"
        self.pulse.height_u, self.pressure.height_u, self.pressure.labels_all = 108, 120, True
        self.wave.hide()

    def rows(self) -> tuple[Lane, ...]:
        """All of them, top to bottom."""
        upper = (self.planned, self.phases, self.marks, self.notes)
        return (*upper, self.spo2, self.pulse, self.pressure, self.wave, self.times)

    def show_session(self, view: SessionView) -> None:
        """Another session, whole; its curves follow by `add_trend`. The same one again (a new note) keeps its place."""
        is_other = self._session is None or self._session.session_id != view.session_id
        self._session = view
        self.spo2.show_word(simulated() if view.simulated else "")
        self.planned.show_phases(view.planned)
        self.phases.show_phases(view.marked)
        self.marks.show_marks(view.marks)
        self.notes.show_marks(view.notes)
        for plot, name in ((self.spo2, "spo2"), (self.pulse, "pulse"), (self.pressure, "pressure")):
            plot.show_limits([limit for limit in view.limits if limit.plot == name])
        self.wave.setVisible(view.has_wave)
        if is_other:
            self._is_whole = False
            self.wave.forget()
            self._start_s, self._end_s = self._whole()
            urgent = [mark.t_s for mark in view.marks if mark.severity == "high"]
            self.look_at(urgent[0] if urgent else view.zero_s)
        self.redraw_soon()

    def add_trend(self, trend: Trend) -> None:
        super().add_trend(trend)
        self._is_whole = not trend.more
        if self._is_whole:
            self.redraw()

    def show_wave(self, wave: Wave) -> None:
        """The waveform of the stretch that was asked for."""
        self.wave.show_runs(wave.runs)

    def show_clock(self, is_clock: bool) -> None:
        """Time of day below the plots, or minutes since the dose."""
        self.is_clock = is_clock
        self.redraw()

    def look_at(self, t_s: float, into_view: bool = False) -> None:
        """Put the crosshair on a session second; into_view: move the window there where it is outside."""
        if self._session is None:
            return
        self.at_s = min(max(t_s, self._session.start_s), self._session.end_s)
        if into_view and not self._start_s <= self.at_s <= self._end_s:
            self._show(self.at_s - (self._end_s - self._start_s) / 2, self.at_s + (self._end_s - self._start_s) / 2)
        self._say()
        self.looked.emit(self.at_s)

    def zoom(self, factor: float, around_s: float | None = None) -> None:
        """factor above 1 shows less time; around_s stays where it is, by default the crosshair or the middle."""
        inside = self._start_s <= self.at_s <= self._end_s
        around = around_s if around_s is not None else self.at_s if inside else (self._start_s + self._end_s) / 2
        low, high = self._whole()
        width = min(max((self._end_s - self._start_s) / factor, NARROWEST_S), high - low)
        share = (around - self._start_s) / (self._end_s - self._start_s)
        self._show(around - share * width, around + (1 - share) * width)

    def pan(self, share: float) -> None:
        """Move by a share of what is shown."""
        by = (self._end_s - self._start_s) * share
        self._show(self._start_s + by, self._end_s + by)

    def show_all(self) -> None:
        """The whole session."""
        self._show(*self._whole())

    def _whole(self) -> tuple[float, float]:
        if self._session is None:
            return 0.0, 1.0
        free = max(self._session.end_s - self._session.start_s, 60.0) * MARGIN
        return self._session.start_s - free, self._session.end_s + free

    def _show(self, start_s: float, end_s: float) -> None:
        low, high = self._whole()
        width = min(end_s - start_s, high - low)
        self._start_s = min(max(start_s, low), high - width)
        self._end_s = self._start_s + width
        self.redraw()

    def redraw(self) -> None:
        if self._session is None:
            return
        view = self._session
        self._last.start()
        shown = axis.Span(self._start_s, self._end_s, view.end_s)
        zero = words.zero(view.has_dose)
        by_clock = axis.ticks(shown, view.origin_utc_ms, view.offset_min)
        ticks = by_clock if self.is_clock else axis.minute_ticks(shown, view.zero_s, zero)
        self.planned.show_span(axis.Span(self._start_s, self._end_s, view.start_s))
        for lane in (self.phases, self.marks, self.notes, self.wave, self.times):
            lane.show_span(shown)
        self.times.show_ticks(ticks)
        for plot in (self.spo2, self.pulse, self.pressure):
            plot.show_axis(shown, ticks)
        if self._is_whole:
            self._show_readings(view.gone_after_s)
        else:  # of half a session the other half would look like a gap
            self.spo2.show_readings(None, view.gone_after_s)
            self.pulse.show_readings(None, view.gone_after_s)
        self.spo2.show_cuff([c for c in self.cuff if c.end_s >= self._start_s])
        seen = [b for b in self.bars if self._start_s <= b.t_s <= self._end_s] if self._is_whole else []
        self.pressure.show_bars(seen)
        if view.has_wave and self.wave.is_wanted(shown):
            self.wave_wanted.emit(self._start_s, self._end_s)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        self.cross.below = float(self.pulse.geometry().center().y())  # mostly empty there: no dip is covered
        self.cross.show_said(self.spo2.x_of(self.at_s), self.said(), self._start_s <= self.at_s <= self._end_s)
        self.setAccessibleDescription(self.said().text)

    def said(self) -> Said:
        """What is known of the crosshair's instant, in words: the nearest recorded reading and its time."""
        view = self._session
        if view is None:
            return Said("", (), ())
        spo2, pulse = (nearest(r, self.at_s, view.ageing_after_s) for r in (self.spo2_readings, self.pulse_readings))
        at_s = spo2.t_s if spo2 else self.at_s
        time = words.instant(view.origin_utc_ms, view.offset_min, at_s, at_s - view.zero_s)
        values = words.reading(spo2 and (spo2.number, spo2.doubtful), pulse and (pulse.number, pulse.doubtful))
        near_s = (self._end_s - self._start_s) / max(1.0, self.spo2.area().width()) * self.pf(NEAR_U)
        bars = sorted(self.bars, key=lambda bar: abs(bar.t_s - self.at_s))[:1]
        named = [m for m in (*view.marks, *view.notes) if abs(m.t_s - self.at_s) <= near_s]
        beside = [b for b in bars if abs(b.t_s - self.at_s) <= max(near_s, 30.0)]
        pressures = tuple(words.pressure_at(b.label, b.typed) for b in beside)
        return Said(time, (values, *pressures), tuple(m.label for m in named[:3] if m.label))

    def second_at(self, x: float) -> float:
        """The session second of a pixel."""
        area = self.spo2.area()
        return self._start_s + (x - area.left()) / max(1.0, area.width()) * (self._end_s - self._start_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragged is not None and event.buttons() & Qt.MouseButton.LeftButton:
            at_x, start_s = self._dragged
            width = self._end_s - self._start_s
            start = start_s - (x - at_x) / max(1.0, self.spo2.area().width()) * width
            self._show(start, start + width)
        elif self._is_inside(event.position()):
            self.look_at(self.second_at(x))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._is_inside(event.position()):
            self._dragged = event.position().x(), self._start_s
            self.look_at(self.second_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.zoom(4.0, self.second_at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        across, along = event.angleDelta().x(), event.angleDelta().y()
        if across or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-(across or along) / WHEEL_STEP * 0.1)
        elif along:
            self.zoom(ZOOM ** (along / WHEEL_STEP), self.second_at(event.position().x()))
        event.accept()

    def _is_inside(self, at: QPointF) -> bool:
        area = self.spo2.area()
        return area.left() <= at.x() <= area.right()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """A key that moves the crosshair or the window; False for any other."""
        key, by = event.key(), {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if by and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(by * 0.25)
        elif by:
            self._step(by, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.pan(-0.8 if key == Qt.Key.Key_PageUp else 0.8)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM**2)
        elif key == Qt.Key.Key_Minus:
            self.zoom(ZOOM**-2)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_W):
            self.show_all()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._session is not None:
            self.look_at(self._session.start_s if key == Qt.Key.Key_Home else self._session.end_s, into_view=True)
        else:
            return False
        return True

    def _step(self, by: int, is_next: bool) -> None:
        """To the next reading (is_next), or by a hundredth of the window, at least to the next reading."""
        following = step(self.spo2_readings, self.at_s, by)
        far = self.at_s + by * (self._end_s - self._start_s) / 100
        if following is None or (not is_next and abs(far - self.at_s) > abs(following - self.at_s)):
            following = far
        self.look_at(following, into_view=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cross.setGeometry(self.rect())
        self.redraw_soon()
