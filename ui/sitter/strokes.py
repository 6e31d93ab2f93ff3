"""Curves as filled outlines: of each column of the display's pixels what stands in it, drawn as wide as a pen would.

A path of thousands of wide strokes costs Qt many times what one filled outline costs, for the same picture.
"""

from __future__ import annotations

from math import ceil, floor
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ui import theme
from ui.array import np
from ui.path import polygon_of
from ui.sitter.envelope import Envelope, beyond, envelope, outlines, widened
from ui.sitter.series import Readings

REACH_U = 6.0  # no stroke is wider


class Axes(Protocol):
    """Where a plot draws a second and a value, and how many pixels it has for one u."""

    def pf(self, size_u: float) -> float: ...
    def second_at(self, x: float) -> float: ...
    def y_of(self, value: float) -> float: ...


class Strokes:
    """For one paint of one part of a plot."""

    def __init__(self, axes: Axes, painter: QPainter, part: QRectF) -> None:
        self._axes, self._painter = axes, painter
        to_device = painter.deviceTransform()
        self._columns_a_pixel = to_device.m11()  # more than one on a display of high density, and on paper
        reach = axes.pf(REACH_U)
        first, last = (x * to_device.m11() + to_device.dx() for x in (part.left() - reach, part.right() + reach))
        self._x = (np.arange(floor(first), ceil(last) + 1) - to_device.dx()) / to_device.m11()
        start_s, end_s = axes.second_at(self._x[0]), axes.second_at(self._x[-1])
        self._edges = np.linspace(start_s, end_s, self._x.size)
        zero, one = axes.y_of(0.0), axes.y_of(1.0)
        self._y_of = lambda value: zero + (one - zero) * value

    def envelope(self, readings: Readings, stale_after_s: float) -> Envelope:
        """What stands in each column."""
        return envelope(readings.t, readings.line, self._edges, stale_after_s)

    def draw(self, shape: Envelope, ink: str, width_u: float) -> None:
        """The curve, width_u wide."""
        if not np.isfinite(shape.low).any():
            return
        width = self._axes.pf(width_u)
        wide = widened(shape, max(1, round(width * self._columns_a_pixel)))
        top, bottom = self._y_of(wide.high) - width / 2, self._y_of(wide.low) + width / 2
        self._fill(top, bottom, wide.joined, theme.colour(ink))

    def draw_beyond(self, shape: Envelope, is_low: bool, level: float, width_u: float) -> None:
        """What of the curve lies beyond a limit, in red."""
        self.draw(beyond(shape, is_low, level), "red_line", width_u)

    def fill_beyond(self, shape: Envelope, is_low: bool, level: float) -> None:
        """The area between a limit and the curve: its size is depth times time."""
        out = beyond(shape, is_low, level)
        farthest = self._y_of(out.low if is_low else out.high)
        limit = np.full(farthest.size, self._y_of(level))
        top, bottom = (limit, farthest) if is_low else (farthest, limit)
        self._fill(top, bottom, out.joined, theme.colour("red_line", theme.BEYOND_ALPHA))

    def _fill(self, top: np.ndarray, bottom: np.ndarray, joined: np.ndarray, colour: QColor) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        for edges, y in outlines(top, bottom, joined):
            self._painter.drawPolygon(polygon_of(np.column_stack([self._x[edges], y])))
