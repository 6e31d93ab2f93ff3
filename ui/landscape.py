"""The rest screen's whole picture at a moment: dunes, and the words that lie in them.

Belongs to the screen process; imported after the first dark frame, because it brings numpy.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from ui.dunes import Dunes
from ui.dusk import Breath, Door, Line
from ui.heap import keep_pages
from ui.words import Stencil, hush, lay, stencil


class Landscape:
    """Keeps what two frames of one size share."""

    def __init__(self) -> None:
        keep_pages()
        self._dunes: Dunes | None = None
        self._words: tuple[tuple[Line, ...], int, int, list[Stencil]] = ((), 0, 0, [])

    def frame(
        self, width: int, height: int, scene_s: float, at_s: float, door: Door, breath: Breath, lines: tuple[Line, ...]
    ) -> NDArray[np.uint8]:
        """Pixels (see `Dunes.frame`), none where there is no size. Valid until the next call.

        at_s: the moment of the dunes; scene_s: that of the words' drift, which keeps them from wearing a panel.
        """
        if width < 1 or height < 1:
            return np.empty((0, 0, 4), np.uint8)
        if self._dunes is None or (self._dunes.width, self._dunes.height) != (width, height):
            self._dunes = Dunes(width, height)
        right = 0.015 * width * math.sin(2 * math.pi * scene_s / 1170)
        down = 0.02 * height * math.sin(2 * math.pi * scene_s / 910)
        stencils = self._stencils(lines, width, height)
        quiet = hush(stencils, self._dunes.width, self._dunes.height, right, down)
        frame = self._dunes.frame(at_s, door, breath, quiet)
        for words in stencils:
            lay(words, frame, right, down)
        return frame

    def _stencils(self, lines: tuple[Line, ...], width: int, height: int) -> list[Stencil]:
        if self._words[:3] != (lines, width, height):
            self._words = (lines, width, height, [stencil(line, width, height) for line in lines])
        return self._words[3]

    @property
    def image(self) -> QImage:
        """The last frame as Qt draws it: no copy, and no longer valid once there is a frame of another size."""
        assert self._dunes is not None, "no frame yet"
        return self._dunes.image
