"""Words laid into the dunes in linear light, so that even the edge of a letter keeps to the colours of the dark.

Belongs to the screen process. Painting text over the picture would mix sRGB codes and give edge pixels too much green.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from ui import theme
from ui.dunes import Floats, from_srgb, to_srgb

WIDEST = 0.92  # of the screen's width


class Line(NamedTuple):
    """One line of words: where its middle lies (share of the height), size in u, weight, colour of `theme.REST`."""

    text: str
    middle: float
    size_u: float
    weight: int
    tone: str


class Stencil(NamedTuple):
    """A line ready to be laid in: coverage 0..1, top left corner in pixels, linear red and green of its colour."""

    cover: Floats
    left: int
    top: int
    red: float
    green: float


def stencil(line: Line, width: int, height: int) -> Stencil:
    """Cut one line for a screen of this size in pixels. What is too wide gets smaller, it is never cut."""
    u = theme.unit(width, height)
    font = theme.font(line.size_u, line.weight, u)
    wide = QFontMetricsF(font).horizontalAdvance(line.text)
    if wide > width * WIDEST:
        font.setPixelSize(max(1, int(font.pixelSize() * width * WIDEST / wide)))
    metrics = QFontMetricsF(font)
    columns, rows = min(width, int(metrics.horizontalAdvance(line.text)) + 8), min(height, int(metrics.height()) + 4)
    image = QImage(columns, rows, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(QRectF(0, 0, columns, rows), Qt.AlignmentFlag.AlignCenter, line.text)
    painter.end()
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(rows, image.bytesPerLine())[:, :columns]
    tone = QColor(theme.REST[line.tone])
    red, green = (float(from_srgb(np.array(code))) for code in (tone.red(), tone.green()))
    cover = (grey / np.float32(255)).astype(np.float32)
    return Stencil(cover, (width - columns) // 2, int(height * line.middle - rows / 2), red, green)


def lay(words: Stencil, frame: NDArray[np.uint8], right: int = 0, down: int = 0) -> None:
    """Mix a line into a frame (B, G, R, unused), shifted by whole pixels; what falls outside is left away."""
    rows, columns = words.cover.shape
    top = min(max(0, words.top + down), max(0, frame.shape[0] - rows))
    left = min(max(0, words.left + right), max(0, frame.shape[1] - columns))
    part = frame[top : top + rows, left : left + columns]
    cover = words.cover[: part.shape[0], : part.shape[1]]
    red = from_srgb(part[..., 2]) * (1 - cover) + words.red * cover
    green = from_srgb(part[..., 1]) * (1 - cover) + words.green * cover
    part[..., 2] = np.ceil(to_srgb(red) - 0.5)
    part[..., 1] = np.floor(to_srgb(green) + 0.02)  # down: a rounded-up green would be too much beside a faint red
