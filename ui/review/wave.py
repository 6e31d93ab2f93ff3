"""The pulse wave below the plots, in a window narrow enough to see it: as sent, on its fixed axis, holes as holes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from kiosk.line.review import WaveRun
from kiosk.text import review_window as words
from ui import theme
from ui.path import path_through
from ui.sitter.axis import Span
from ui.sitter.lanes import Lane

WIDEST_S = 60.0


class WaveLane(Lane):
    """Give it what was asked for by `is_wanted`."""

    def __init__(self) -> None:
        super().__init__(48)
        self.title = words.wave_title()
        self.setAccessibleName(self.title)
        self._runs: tuple[WaveRun, ...] = ()
        self._asked: Span | None = None

    def forget(self) -> None:
        """Another session."""
        self._runs, self._asked = (), None

    def is_wanted(self, shown: Span) -> bool:
        """Whether this stretch is narrow enough to be seen and was not asked for already."""
        if shown.end_s - shown.start_s > WIDEST_S:
            self.forget()
            return False
        if shown == self._asked:
            return False
        self._asked = shown
        return True

    def show_runs(self, runs: tuple[WaveRun, ...]) -> None:
        """What was recorded there."""
        self._runs = runs
        self.update()

    def paint(self, painter: QPainter, part: QRectF | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_title(painter)
        area = self.area()
        if self.shown_span.end_s - self.shown_span.start_s > WIDEST_S:
            painter.setPen(theme.colour("ink3"))
            painter.setFont(theme.font(14, 400, self.u))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words.wave_zoom(round(WIDEST_S)))
            return
        painter.setClipRect(area)
        painter.setPen(QPen(theme.colour("pulse"), self.pf(1.25)))
        for run in self._runs:
            self._draw(painter, area, run)

    def _draw(self, painter: QPainter, area: QRectF, run: WaveRun) -> None:
        samples = np.array([np.nan if s is None else s for s in run.samples], dtype=float)
        t = run.t_s + np.arange(samples.size) / run.rate_hz
        span = self.shown_span
        x = area.left() + (t - span.start_s) / (span.end_s - span.start_s) * area.width()
        y = area.bottom() - self.pf(3) - samples / max(1, run.full_scale) * (area.height() - self.pf(6))
        painter.drawPath(path_through(x, y))
