"""How loud a piece is as a whole, by EBU R 128 / ITU-R BS.1770-4, measured while its frames go by. Pure.

Memory does not grow with the piece except by one number for each tenth of a second. K weighting is applied as a finite
filter in the spectrum (the recursive filters' response, cut where it has fallen below a millionth), because numpy has
no recursive filter and scipy would weigh more than the whole program.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from media.frames import Frames
from media.pulse import CHANNELS, RATE_HZ

_HOP = RATE_HZ // 10
_CHUNK = 10 * _HOP
_TAPS = 1 << 14
_SIZE = 1 << 16
_OFFSET = -0.691
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0


class Meter:
    """`add` frames in order, then ask `lufs` and `peak`."""

    def __init__(self) -> None:
        self.frames = 0
        self.peak = 0.0
        self._rest: Frames = np.zeros((0, CHANNELS), np.float32)
        self._before: NDArray[np.float64] = np.zeros((_TAPS, CHANNELS))
        self._powers: list[float] = []  # of each tenth of a second, both channels together

    def add(self, frames: Frames) -> None:
        """More of the piece, shape (n, 2)."""
        self.frames += len(frames)
        if len(frames):
            self.peak = max(self.peak, float(np.abs(frames).max()))
        self._rest = np.concatenate([self._rest, frames])
        while len(self._rest) >= _CHUNK:
            self._measure(self._rest[:_CHUNK])
            self._rest = self._rest[_CHUNK:]

    def lufs(self) -> float | None:
        """Integrated loudness; None for a piece under 0.4 s, and for one that never rises above -70 LUFS."""
        whole = len(self._rest) // _HOP * _HOP
        powers = [*self._powers, *self._tenths(self._rest[:whole])] if whole else self._powers
        if len(powers) < 4:
            return None
        blocks = np.convolve(powers, np.full(4, 0.25), "valid")  # 0.4 s, overlapping by three quarters
        loud = blocks[_lufs(blocks) > _ABSOLUTE_GATE]
        if not len(loud):
            return None
        gated = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
        return float(_lufs(gated.mean()))

    def _measure(self, chunk: Frames) -> None:
        self._powers += self._tenths(chunk)
        self._before = np.concatenate([self._before, chunk.astype(np.float64)])[-_TAPS:]

    def _tenths(self, chunk: Frames) -> list[float]:
        heard = np.concatenate([self._before, chunk])
        spectrum = np.fft.rfft(heard, _SIZE, axis=0) * _response()[:, None]
        weighted = np.fft.irfft(spectrum, _SIZE, axis=0)[_TAPS : _TAPS + len(chunk)]
        return [float(part.sum()) for part in np.square(weighted).reshape(-1, _HOP, CHANNELS).mean(axis=1)]


def k_weight(hertz: NDArray[np.floating]) -> NDArray[np.complex128]:
    """The two K filters at 48 kHz, one after the other (coefficients: ITU-R BS.1770-4, tables 1 and 2)."""
    z = np.exp(-2j * np.pi * hertz / RATE_HZ)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(shelf * high_pass, np.complex128)


_cached: list[NDArray[np.complex128]] = []


def _response() -> NDArray[np.complex128]:
    """Spectrum of the filter's first _TAPS samples, zero-padded to _SIZE, so that convolution does not wrap."""
    if not _cached:
        long = np.fft.irfft(k_weight(np.fft.rfftfreq(_SIZE, 1 / RATE_HZ)), _SIZE)
        _cached.append(np.fft.rfft(long[:_TAPS], _SIZE))
    return _cached[0]


def _lufs(power: NDArray[np.floating] | np.floating) -> NDArray[np.floating]:
    return _OFFSET + 10 * np.log10(np.maximum(power, 1e-30))
