"""Dunes at dusk, the patient's picture: how much light each point gives at a moment, and the picture made of it.

Belongs to the screen process. Light is computed at a quarter of the resolution, scaled up in 16 bit and dithered by
one noise tile, so that no band is seen and two frames a second are enough. Must never give blue light, an edge, a
disc or a pair of lights (they become eyes), or anything faster than a slow breath; green stays below 0.30 of red.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from ui import dusk
from ui.dusk import CALM, Breath, Door, swell

Floats = NDArray[np.floating]

GRAIN_S = 180.0  # in which each pixel's dither passes all its steps: no code stands still on a panel that wears
TOP_OF_LIGHT = 0.066  # relative to white; the brightest pixel of the dunes themselves
COARSE = 4  # light is computed for every 4th pixel
GAIN = 2.1
HERE, THERE = np.array([[4, 3, 2, 1], [0, 1, 2, 3]], np.uint16).view(np.uint64)[:, 0]  # weights, a lane each
WIDE = 1.78  # width in heights, of the screen that the picture was made for


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

    @property
    def top(self) -> float:
        """Height above which nothing of it is seen: its highest crest, and a softness that has faded to a millionth."""
        return self.base - sum(wave.height for wave in self.waves) - 5 * self.softness


RIDGES = (
    Ridge(0.14, (Wave(0.030, 0.74, 0.9, 1900), Wave(0.011, 2.05, 2.0, 1300)), 0.0125, 0.014, 0.10),
    Ridge(0.235, (Wave(0.046, 0.60, 2.9, 1500), Wave(0.012, 1.70, 0.7, 1100)), 0.0110, 0.012, 0.11),
    Ridge(0.36, (Wave(0.052, 0.52, 5.0, 1200), Wave(0.010, 1.55, 3.3, 900)), 0.0085, 0.014, 0.14),
)


def light(
    width: int,
    height: int,
    at_s: float,
    door: Door = Door(),  # noqa: B008
    step: int = 1,
    breath: Breath = CALM,
) -> Floats:
    """Luminance relative to white at every `step`th point of a screen, one row and column beyond its end.

    at_s: seconds, any origin.
    """
    aspect = width / height
    x = (np.arange(0, width + step, step, dtype=np.float32) / max(1, width - 1) - 0.5)[None, :] * np.float32(aspect)
    y = (np.arange(0, height + step, step, dtype=np.float32) / max(1, height - 1) - 0.5)[:, None]
    full = swell(at_s, breath)
    glow = np.float32(dusk.glow(at_s, breath))
    centre = np.float32(0.30 * np.sin(2 * np.pi * at_s / 1400) + 0.12)
    side = door.light * np.exp(-(aspect / 2 - x) / (door.spread * min(1.0, aspect / WIDE)))
    sky = 0.0085 * glow * np.exp(np.minimum(y - 0.13, 0) / (0.15 * (1 + breath.climb * full)))
    lit = sky * np.exp(-0.5 * ((x - centre) / 0.55) ** 2)
    lit += 0.0125 * side * np.exp(-0.5 * ((y - 0.02) / 0.34) ** 2)
    across = glow * np.exp(-0.5 * ((x - centre) / 0.62) ** 2)
    for ridge in RIDGES:
        first = int(np.searchsorted(y[:, 0], ridge.top))
        lit[first:] = _lay(ridge, lit[first:], x, y[first:], at_s, across, side)
    gain = GAIN * min(1.0, 0.72 + 0.28 * aspect / WIDE)  # an upright screen lies in the middle of the light
    return np.clip(lit * gain, 0, TOP_OF_LIGHT).astype(np.float32)


def _lay(ridge: Ridge, behind: Floats, x: Floats, y: Floats, at_s: float, glow: Floats, side: Floats) -> Floats:
    """Lay one ridge over the light behind it; slopes that face the light are brighter."""
    angles = [(w, 2 * np.pi * (w.per_width * x / 1.8 + at_s / w.period_s) + w.phase) for w in ridge.waves]
    below = y - (ridge.base + sum(w.height * np.sin(a) for w, a in angles))
    slope = sum(w.height * w.per_width * np.cos(a) for w, a in angles)
    cover = 1 / (1 + np.exp(np.clip(below * (-1 / (0.35 * ridge.softness)), -40, 40)))
    depth = np.maximum(below, 0) * (-1 / ridge.depth)
    body = np.exp(depth) * (ridge.rim * glow * (0.74 + 6.0 * np.clip(slope, -0.05, 0.06)))
    if side.any():
        body += np.exp(depth / 1.5) * (3.0 * ridge.rim * side * (0.8 - 4.0 * np.clip(slope, -0.06, 0.06)))
    return behind + (body - behind) * cover


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
    """Draws frames of one size. Keep one for a window; make a new one when its size changes.

    Codes are whole numbers with a part of a code behind them: 16 steps in the tables, 64 when they are laid out
    across, 256 down, where the noise decides whether the next code is shown.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(COARSE, width), max(COARSE, height)
        rows, columns = -(-self.height // COARSE), -(-self.width // COARSE) * COARSE
        noise = np.random.default_rng(3)
        self._noise = noise.integers(0, 256, (COARSE, rows, columns), dtype=np.uint8)
        red, green = _colour_table()
        self._tables = {2: np.round(red * 16).astype(np.uint16), 1: np.round(green * 16).astype(np.uint16)}  # by byte
        self._shaken, self._sum, *kept = (np.empty((rows, columns), np.uint16) for _ in range(6))
        self._rows = (kept[:2], kept[2:])
        self._whole = np.full((rows * COARSE, columns), 0xFF000000, np.uint32)
        self.image = QImage(
            self._whole.data, self.width, self.height, self._whole.strides[0], QImage.Format.Format_RGB32
        )
        """The last frame. It shows our own memory: keep it no longer than this object."""

    def frame(
        self,
        at_s: float,
        door: Door = Door(),  # noqa: B008
        breath: Breath = CALM,
        quiet: Floats | None = None,
    ) -> NDArray[np.uint8]:
        """Pixels as B, G, R, unused: `height` rows, up to 3 columns more than `width`. Overwritten by the next call.

        quiet: how much of the light is left at every `COARSE`th point (shape of `light`), for words to stand out.
        """
        lit = light(self.width, self.height, at_s, door, COARSE, breath)
        if quiet is not None:
            lit *= quiet
        step = np.round(lit * (4095 / TOP_OF_LIGHT)).astype(np.intp)
        pixels = self._whole.view(np.uint8).reshape(*self._whole.shape, 4)
        self._lay_rows(pixels, step, at_s)
        return pixels[: self.height]

    def _lay_rows(self, pixels: NDArray[np.uint8], step: NDArray[np.intp], at_s: float) -> None:
        """Every 4th row at once, the next ones by adding a quarter of the way down: four additions a pixel in all.

        Into arrays that stay: large ones that are made anew for each frame cost as much again, in pages to be cleared.
        """
        grain = np.uint8(256 * (at_s / GRAIN_S % 1))
        for table, (row, down) in zip(self._tables.values(), self._rows, strict=True):
            wide = _across(table.take(step))
            np.multiply(wide[:-1], COARSE, out=row)
            np.subtract(wide[1:], wide[:-1], out=down)  # unsigned numbers wrap, and back again
        for phase in range(COARSE):
            # one tile of noise for both, so that a pixel that rounds up does so in its own colour
            self._shaken[:] = self._noise[phase] + grain
            for byte, (row, down) in zip(self._tables, self._rows, strict=True):
                np.add(row, self._shaken, out=self._sum)
                pixels[phase::COARSE, :, byte] = self._sum.view(np.uint8)[:, 1::2]  # the whole codes
                row += down


def _across(codes: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Each value and three more on the way to its neighbour on the right, four times as large.

    All four in one number, a lane of 16 bits each: a tenth of the time that laying them out one by one takes.
    """
    wide = codes.astype(np.uint64)
    return (wide[:, :-1] * HERE + wide[:, 1:] * THERE).view(np.uint16)
