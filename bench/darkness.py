"""What a dark picture does to dark-adapted eyes and to a panel: its light, its words, what stands still, what moves.

Pure: pictures in, figures out. Light is linear and relative to white: sRGB codes are undone, then weighted as in
WCAG 2. Nothing is smoothed before it is judged, except where a figure says so.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
Floats = NDArray[np.floating]

BLOCK = 16  # pixels each way: motion is judged on their means, so that dither is not taken for it
SLOW_BREATH_S = 8.0  # at rest adults take a breath in 3 to 5 s; 8 s is a slow one
FAINT = 2e-5  # of white: what changes less in ten minutes is not looked at for motion
WORDS_IN = (0.18, 0.50)  # of the height: where words may stand
LEAST_WORD_PX = 24


class Limits(msgspec.Struct, frozen=True):
    """Of white, unless named otherwise. mean and p999: of each picture. brightest: of any pixel at any time."""

    mean: float = 0.01
    brightest: float = 0.08
    contrast: float = 0.0
    fast_share: float = 0.02


class Figures(msgspec.Struct, frozen=True):
    """What was measured over all pictures. mean, p999 and brightest: the highest of any picture, of white.

    blue: the brightest blue code. green_share: most linear green in linear red, of pixels with red 16 and more.
    static: subpixels (red, green or blue of one pixel) with one and the same code above 0 in every picture.
    fast_share: how much of the change, summed over the picture, is faster than one slow breath. step: the largest
    change of any block from one picture to the next, of white. period_s: of the strongest cycle below a minute.
    contrast: WCAG ratio of the words as drawn to the ground around them, the lowest of any picture; 0 without words.
    word_px: height of the words' box.
    """

    pictures: int
    seconds: float
    mean: float
    mean_of_means: float
    p999: float
    brightest: float
    blue: int
    green_share: float
    static: int
    lit: int
    fast_share: float
    step: float
    period_s: float
    contrast: float = 0.0
    word_px: int = 0

    def problems(self, limits: Limits) -> list[str]:
        """What is beyond a limit, in words."""
        rules = (
            (self.mean < limits.mean, f"mean {self.mean:.2%} is not below {limits.mean:.0%}"),
            (self.brightest <= limits.brightest, f"a pixel of {self.brightest:.1%} is above {limits.brightest:.0%}"),
            (self.blue == 0, f"blue light, code {self.blue}"),
            (self.static == 0, f"{self.static} subpixels stood still above black"),
            (self.fast_share <= limits.fast_share, f"{self.fast_share:.1%} of the change is faster than a slow breath"),
            (self.contrast >= limits.contrast, f"words reach {self.contrast:.2f}:1, not {limits.contrast:.0f}:1"),
            (not limits.contrast or self.word_px >= LEAST_WORD_PX, f"words of {self.word_px} px"),
        )
        return [text for kept, text in rules if not kept]


class Darkness:
    """Give it each picture, (height, width, 3) as sRGB codes; `figures` at the end. every_s: between two pictures."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._light = [_linear() * weight for weight in (0.2126, 0.7152, 0.0722)]
        self._lowest: Codes | None = None
        self._highest: Codes | None = None
        self._means: list[float] = []
        self._p999 = self._brightest = self._green_share = 0.0
        self._blocks: list[Floats] = []
        self._words: list[tuple[float, int]] = []

    def take(self, picture: Codes) -> None:
        """One picture."""
        red, green, blue = (table[picture[..., i]] for i, table in enumerate(self._light))
        light = red + green + blue
        self._means.append(float(light.mean()))
        place = round(0.001 * light.size)
        self._p999 = max(self._p999, float(np.partition(light, light.size - place, axis=None)[light.size - place]))
        self._brightest = max(self._brightest, float(light.max()))
        self._note_codes(picture)
        rows, columns = light.shape[0] // BLOCK, light.shape[1] // BLOCK
        cut = light[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
        self._blocks.append(cut.mean(axis=(1, 3), dtype=np.float64).ravel())
        if found := words_in(light):
            self._words.append(found)

    def _note_codes(self, picture: Codes) -> None:
        if self._lowest is None or self._highest is None:
            self._lowest, self._highest = picture.copy(), picture.copy()
        np.minimum(self._lowest, picture, out=self._lowest)
        np.maximum(self._highest, picture, out=self._highest)
        red, green = (_linear()[picture[..., i]] for i in (0, 1))
        seen = picture[..., 0] >= 16  # below, one code of green is a quarter of the light and no eye sees its colour
        if seen.any():
            self._green_share = max(self._green_share, float((green[seen] / red[seen]).max()))

    def figures(self) -> Figures:
        """Of all pictures taken."""
        assert self._lowest is not None
        assert self._highest is not None
        fast_share, step, period_s = motion(np.array(self._blocks), self._every_s)
        return Figures(
            pictures=len(self._means),
            seconds=len(self._means) * self._every_s,
            mean=max(self._means),
            mean_of_means=float(np.mean(self._means)),
            p999=self._p999,
            brightest=self._brightest,
            blue=int(self._highest[..., 2].max()),
            green_share=self._green_share,
            static=int(((self._lowest == self._highest) & (self._lowest > 0)).sum()),
            lit=int((self._highest > 0).sum()),
            fast_share=fast_share,
            step=step,
            period_s=period_s,
            contrast=min((contrast for contrast, _ in self._words), default=0.0),
            word_px=min((height for _, height in self._words), default=0),
        )


def words_in(light: Floats) -> tuple[float, int] | None:
    """Contrast of the faintest line of words with the ground around it, and the height of that line's box.

    A row of pixels belongs to a line where it holds a letter's edge; the words are the 98th percentile of the box
    (the strokes' cores), the ground the 60th of the box with a margin around it, which holds mostly ground.
    """
    top, bottom = (round(light.shape[0] * share) for share in WORDS_IN)
    part = light[top:bottom]
    edges = np.abs(np.diff(part, axis=1)) > 0.02
    lines = [run for run in _runs(np.asarray(edges.any(axis=1))) if run[1] - run[0] >= 8]
    if not lines:
        return None
    found: list[tuple[float, int]] = []
    for first, last in lines:
        columns = np.flatnonzero(edges[first:last].any(axis=0))
        box = part[max(0, first - 4) : last + 4, max(0, columns[0] - 8) : columns[-1] + 8]
        words, ground = np.percentile(box, 98), np.percentile(box, 60)
        found.append((float((words + 0.05) / (ground + 0.05)), last - first))
    return min(contrast for contrast, _ in found), min(height for _, height in found)


def motion(blocks: Floats, every_s: float) -> tuple[float, float, float]:
    """fast_share, step and period_s (see `Figures`) of block means, a row a picture."""
    if len(blocks) < 3:
        return 0.0, 0.0, 0.0
    step = float(np.abs(np.diff(blocks, axis=0)).max())
    alive = blocks[:, np.ptp(blocks, axis=0) > FAINT]
    times = np.arange(len(alive)) - (len(alive) - 1) / 2
    level = alive - alive.mean(axis=0)
    level = level - np.outer(times, times @ level / (times @ times))  # a slow drift over the whole run is no cycle
    power = (np.abs(np.fft.rfft(level * np.hanning(len(level))[:, None], axis=0)) ** 2).sum(axis=1)
    hertz = np.fft.rfftfreq(len(level), every_s)
    if not power[1:].sum():
        return 0.0, step, 0.0
    fast = float(power[hertz > 1 / SLOW_BREATH_S].sum() / power[1:].sum())
    cycles = np.where(hertz > 1 / 60, power, 0)
    return fast, step, float(1 / hertz[int(cycles.argmax())]) if cycles.any() else 0.0


def _runs(flags: NDArray[np.generic]) -> list[tuple[int, int]]:
    """First and last+1 of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _linear() -> NDArray[np.float32]:
    value = np.arange(256, dtype=np.float64) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)
