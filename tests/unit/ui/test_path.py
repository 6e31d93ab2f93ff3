"""Paths from arrays: as the library makes them that this one replaced, whole, and never across a gap."""

from __future__ import annotations

import numpy as np
import pytest
from pyqtgraph.functions import arrayToQPath
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication

from ui.path import path_through

SEEDS = range(20)
Element = tuple[int, float, float]


def elements(path: QPainterPath) -> list[Element]:
    found = (path.elementAt(i) for i in range(path.elementCount()))
    return [(one.type.value, one.x, one.y) for one in found]  # pyright: ignore[reportAttributeAccessIssue]


def without_repeats(path: QPainterPath) -> list[Element]:
    """A line to where it is already draws nothing that the line before did not, and the library puts some there."""
    kept: list[Element] = []
    for kind, x, y in elements(path):
        if kind and kept and kept[-1][0] and kept[-1][1:] == (x, y):
            continue
        kept.append((kind, x, y))
    return [one for one, after in zip(kept, [*kept[1:], (0, 0.0, 0.0)], strict=True) if one[0] or after[0]]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_path_with_gaps_is_the_one_that_pyqtgraph_makes(seed: int) -> None:
    noise = np.random.default_rng(seed)
    size = int(noise.integers(2, 200))
    x, y = np.sort(noise.random(size) * 1000), noise.random(size) * 100
    y[noise.random(size) < seed / 40] = np.nan
    y[-2:] = 1.0, 2.0  # the library leaves a lone last point away
    assert without_repeats(path_through(x, y)) == without_repeats(arrayToQPath(x, y, connect="finite"))


def test_no_points_or_only_holes_are_an_empty_path() -> None:
    assert path_through(np.empty(0), np.empty(0)).isEmpty()
    assert path_through(np.arange(5.0), np.full(5, np.nan)).isEmpty()


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_value_that_stands_alone_is_seen(qapp: QApplication, place: int) -> None:
    x, y = np.arange(5) * 4.0 + 2, np.full(5, np.nan)
    y[place] = 10
    image = QImage(20, 20, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setPen(QPen(QColor("white"), 2))
    painter.drawPath(path_through(x, y))
    painter.end()
    assert image.pixelColor(int(x[place]), 10).red() > 0
