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
from ui.dunes import COARSE, Floats, from_srgb, to_srgb
from ui.dusk import Line

WIDEST = 0.92  # of the screen's width
LEAST_PX = 24  # of a message; smaller only where it would be cut otherwise
LINEAR = from_srgb(np.arange(256))  # of each code
HUSH = 0.75  # share of the light that is taken away right behind words


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
    font.setPixelSize(max(LEAST_PX, font.pixelSize()))
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


def hush(words: list[Stencil], width: int, height: int, right: float = 0, down: float = 0) -> Floats | None:
    """How much light is left at every `COARSE`th point behind words (see `Dunes.frame`): a soft dark, without an edge.

    None without words.
    """
    if not words:
        return None
    x = np.arange(0, width + COARSE, COARSE, dtype=np.float32)[None, :] - right
    y = np.arange(0, height + COARSE, COARSE, dtype=np.float32)[:, None] - down
    taken = np.zeros((y.size, x.size), np.float32)
    for line in words:
        rows, columns = line.cover.shape
        across = (x - line.left - columns / 2) / (columns / 2 + 2 * rows)
        along = (y - line.top - rows / 2) / (2 * rows)
        np.maximum(taken, np.exp(-(across**2) - along**2), out=taken)
    return 1 - np.float32(HUSH) * taken


def lay(words: Stencil, frame: NDArray[np.uint8], right: float = 0, down: float = 0) -> None:
    """Mix a line into a frame (B, G, R, unused), shifted by parts of a pixel too: so it drifts without a jump.

    What falls outside is left away.
    """
    rows, columns = words.cover.shape
    whole_right, whole_down = int(np.floor(right)), int(np.floor(down))
    top = min(max(0, words.top + whole_down), max(0, frame.shape[0] - rows))
    left = min(max(0, words.left + whole_right), max(0, frame.shape[1] - columns))
    part = frame[top : top + rows, left : left + columns]
    cover = _shifted(words.cover, right - whole_right, down - whole_down)[: part.shape[0], : part.shape[1]]
    red = LINEAR[part[..., 2]] * (1 - cover) + words.red * cover
    green = LINEAR[part[..., 1]] * (1 - cover) + words.green * cover
    part[..., 2] = np.ceil(to_srgb(red) - 0.5)
    part[..., 1] = np.floor(to_srgb(green) + 0.02)  # down: a rounded-up green would be too much beside a faint red


def _shifted(cover: Floats, right: float, down: float) -> Floats:
    """By less than a pixel. A stencil has a free margin, so that nothing is lost at its far edge."""
    for axis, share in ((0, down), (1, right)):
        if share:
            cover = (1 - share) * cover + share * np.roll(cover, 1, axis)
    return cover.astype(np.float32)
