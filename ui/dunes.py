"""Dunes at dusk, the patient's picture: how much light each point gives at a moment, and the picture made of it.

Belongs to the screen process. Light is computed at a quarter of the resolution, scaled up in 16 bit and dithered by
one noise tile, so that no band is seen and one frame a second is enough. Must never give blue light, an edge, a
disc or a pair of lights (they become eyes), or anything faster than a slow breath; green stays below 0.30 of red.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Floats = NDArray[np.floating]

BREATH_S = 11.0
TOP_OF_LIGHT = 0.066  # relative to white; the brightest pixel of the dunes themselves
COARSE = 4  # light is computed for every 4th pixel
GAIN = 2.1


class Wave(NamedTuple):
    """One wave of a ridge: height and length in screen heights, phase, and the period of its drift in seconds."""

    height: float
    per_width: float
    phase: float
    period_s: float


class Ridge(NamedTuple):
    """One dune: where its crest lies, its waves, its light at the crest, softness of the crest, depth of light."""

    base: float
    waves: tuple[Wave, ...]
    rim: float
    softness: float
    depth: float


RIDGES = (
    Ridge(0.14, (Wave(0.030, 0.74, 0.9, 1900), Wave(0.011, 2.05, 2.0, 1300)), 0.0125, 0.014, 0.10),
    Ridge(0.235, (Wave(0.046, 0.60, 2.9, 1500), Wave(0.012, 1.70, 0.7, 1100)), 0.0110, 0.012, 0.11),
    Ridge(0.36, (Wave(0.052, 0.52, 5.0, 1200), Wave(0.010, 1.55, 3.3, 900)), 0.0085, 0.014, 0.14),
)


class Door(NamedTuple):
    """Light from the sitter's side: 0 (shut) to 1; spread in screen heights."""

    light: float = 0.0
    spread: float = 0.35


def light(width: int, height: int, at_s: float, door: Door = Door(), step: int = 1) -> Floats:  # noqa: B008
    """Luminance relative to white at every `step`th point of a screen, one row and column beyond its end.

    at_s: seconds, any origin.
    """
    aspect = width / height
    x = (np.arange(0, width + step, step, dtype=np.float32) / max(1, width - 1) - 0.5)[None, :] * np.float32(aspect)
    y = (np.arange(0, height + step, step, dtype=np.float32) / max(1, height - 1) - 0.5)[:, None]
    breath = np.float32(0.76 + 0.24 * (0.5 - 0.5 * np.cos(2 * np.pi * at_s / BREATH_S)))
    centre = np.float32(0.30 * np.sin(2 * np.pi * at_s / 1400) + 0.12)
    side = door.light * np.exp(-(aspect / 2 - x) / (door.spread * min(1.0, aspect / 1.78)))
    sky = 0.0085 * breath * np.exp(np.minimum(y - 0.13, 0) / 0.15)
    lit = sky * np.exp(-0.5 * ((x - centre) / 0.55) ** 2)
    lit = lit + 0.0125 * side * np.exp(-0.5 * ((y - 0.02) / 0.34) ** 2)
    for ridge in RIDGES:
        lit = _lay(ridge, lit, x, y, at_s, breath * np.exp(-0.5 * ((x - centre) / 0.62) ** 2), side)
    return np.clip(lit * GAIN, 0, TOP_OF_LIGHT).astype(np.float32)


def _lay(ridge: Ridge, behind: Floats, x: Floats, y: Floats, at_s: float, glow: Floats, side: Floats) -> Floats:
    """Lay one ridge over the light behind it; slopes that face the light are brighter."""
    angles = [(w, 2 * np.pi * (w.per_width * x / 1.8 + at_s / w.period_s) + w.phase) for w in ridge.waves]
    below = y - (ridge.base + sum(w.height * np.sin(a) for w, a in angles))
    slope = sum(w.height * w.per_width * np.cos(a) for w, a in angles)
    cover = 1 / (1 + np.exp(np.clip(-below / (ridge.softness * 0.35), -40, 40)))
    depth = np.maximum(below, 0) / ridge.depth
    body = ridge.rim * np.exp(-depth) * glow * (0.74 + 6.0 * np.clip(slope, -0.05, 0.06))
    body = body + 3.0 * ridge.rim * np.exp(-depth / 1.5) * side * (0.8 - 4.0 * np.clip(slope, -0.06, 0.06))
    return behind * (1 - cover) + np.maximum(body, 0) * cover


def to_srgb(linear: Floats) -> Floats:
    """sRGB codes 0..255 (not rounded) of linear light 0..1."""
    curve = 1.055 * np.power(np.maximum(linear, 1e-9), np.float32(1 / 2.4)) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, curve).astype(np.float32) * 255


def from_srgb(code: NDArray[np.generic]) -> Floats:
    """Linear light 0..1 of sRGB codes 0..255."""
    value = np.asarray(code, np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _colour_table() -> tuple[Floats, Floats]:
    """sRGB codes of red and green for 4096 steps of light: a deeper red where it is darker, no green at the end."""
    lit = np.linspace(0, TOP_OF_LIGHT, 4096, dtype=np.float32)
    rise = np.clip((lit - 0.00035) / 0.0010, 0, 1)
    share = (0.085 + 2.0 * lit) * rise * rise * (3 - 2 * rise)
    red = lit / (0.2126 + 0.7152 * share)
    return to_srgb(red), to_srgb(red * share)


class Dunes:
    """Draws frames of one size. Keep one for a window; make a new one when its size changes."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(COARSE, width), max(COARSE, height)
        rows, columns = -(-self.height // COARSE) * COARSE, -(-self.width // COARSE)
        noise = np.random.default_rng(3)
        self._noise = noise.integers(0, 256, (COARSE, rows, columns), dtype=np.uint16)
        red, green = _colour_table()
        self._red, self._green = (np.round(codes * 256).astype(np.uint16) for codes in (red, green))
        self._whole = np.full((rows, columns * COARSE), 0xFF000000, np.uint32)

    def frame(self, at_s: float, door: Door = Door()) -> NDArray[np.uint8]:  # noqa: B008
        """Pixels as B, G, R, unused: `height` rows, up to 3 columns more than `width`. Overwritten by the next call."""
        lit = light(self.width, self.height, at_s, door, COARSE)
        step = np.round(lit * (4095 / TOP_OF_LIGHT)).astype(np.int16)
        red, green = self._taller(self._red[step]), self._taller(self._green[step])
        for phase in range(COARSE):
            self._lay_columns(phase, red, green)
        return self._whole.view(np.uint8).reshape(*self._whole.shape, 4)[: self.height]

    def _lay_columns(self, phase: int, red: NDArray[np.uint16], green: NDArray[np.uint16]) -> None:
        # one tile of noise for both, so that a pixel that rounds up does so in its own colour
        rows, columns = self._noise.shape[1:]
        pixels = ((_between(red.T, phase)[:columns].T[:rows] + self._noise[phase]) & 0xFF00).astype(np.uint32)
        pixels <<= np.uint32(8)
        pixels |= (_between(green.T, phase)[:columns].T[:rows] + self._noise[phase]) & np.uint16(0xFF00)
        pixels |= np.uint32(0xFF000000)
        self._whole[:, phase::COARSE] = pixels

    @staticmethod
    def _taller(codes: NDArray[np.uint16]) -> NDArray[np.uint16]:
        rows, columns = codes.shape
        taller = np.empty(((rows - 1) * COARSE, columns), np.uint16)
        for phase in range(COARSE):
            taller[phase::COARSE] = _between(codes, phase)
        return taller


def _between(codes: NDArray[np.integer], quarters: int) -> NDArray[np.integer]:
    """Each row's value, `quarters` of the way to the next row's, in whole 16-bit arithmetic."""
    here, following = codes[:-1], codes[1:]
    if quarters == 0:
        return here
    middle = (here + following) >> 1
    return {1: (here + middle) >> 1, 2: middle, 3: (middle + following) >> 1}[quarters]


def image_of(frame: NDArray[np.uint8], width: int) -> QImage:
    """A picture of its own (a copy) of the first `width` columns of a frame."""
    return QImage(frame.data, width, frame.shape[0], frame.strides[0], QImage.Format.Format_RGB32).copy()
