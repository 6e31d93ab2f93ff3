"""From two arrays to a path that Qt can stroke or fill: whole runs of points at once, never across a gap.

Belongs to whoever paints curves. Points are copied into Qt's own memory, which is as fast as a library that does as
much and brings 40 MiB into the process (docs/decisions/0031).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QPainterPath, QPolygonF
from shiboken6 import Shiboken, VoidPtr

from ui.array import np


def path_through(x: np.ndarray, y: np.ndarray) -> QPainterPath:
    """A line through the points, in order; it ends at a NaN and begins again after it.

    A point that stands alone is a line to itself, which a pen with caps shows as a dot.
    """
    points = np.empty((x.size, 2))
    points[:, 0], points[:, 1] = x, y
    finite, path = np.isfinite(points), QPainterPath()
    if finite.all():
        _add(path, points)
        return path
    edges = np.flatnonzero(np.diff(finite.all(axis=1), prepend=False, append=False))
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        _add(path, points[first:end])
    return path


def _add(path: QPainterPath, points: np.ndarray) -> None:
    if not len(points):
        return
    path.addPolygon(polygon_of(np.repeat(points, 2, axis=0) if len(points) == 1 else points))


def polygon_of(points: np.ndarray) -> QPolygonF:
    """points: finite, (n, 2), n at least 1."""
    polygon = QPolygonF()
    polygon.resize(len(points))
    take: Any = VoidPtr  # its stub knows only the address
    size = 16 * len(points)
    np.frombuffer(take(Shiboken.getCppPointer(polygon.data())[0], size, True)).reshape(-1, 2)[:] = points
    return polygon
