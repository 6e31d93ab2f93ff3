"""Ambient pieces, generated: something to lie down to, without a licence question and without a loop click.

Runs once for each piece, in a thread of the sound child or in the library child, into a cache. Pure numbers until a
file is written; it never plays. Every layer is periodic in the loop by construction (spectra turned into samples by
one inverse FFT, movements in whole cycles), so the end continues in the beginning as in any other moment. Pads are
spectra with each partial spread over a narrow band, which is what makes them breathe; nothing has an attack shorter
than seconds.
"""

from __future__ import annotations

import contextlib
import os
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from media.error import MediaError, MediaReason
from media.gain import TARGET_LUFS
from media.loudness import k_weight
from media.message import Track
from media.mood import ANY, Mood

VERSION = 1
RATE_HZ = 48_000
LOOP_S = ANY.loop_s
PAD_S, NOISE_S, BLOCK_S = 24, 30, 6
"""Periods of the tables. A loop is a multiple of both, both are multiples of the block."""
CONTROL_HZ = 20
CEILING = 0.7

Samples = NDArray[np.float32]
ROOT_HZ = 73.416
DRONE = ((1.0, 1.0), (1.5, 0.55), (2.0, 0.6))
BOWLS = (6.0, 8.0, 9.0)


class Layer(msgspec.Struct, frozen=True):
    """table: (2, n), one period; level: loudness over the loop at CONTROL_HZ, one more point than the loop has."""

    table: Samples
    level: Samples


def file_name(loop_s: int = LOOP_S, mood: Mood = ANY) -> str:
    """Changes whenever the piece does, so that an old cache is never taken for the new piece."""
    return f"ambient-{VERSION}-{mood.seed}-{loop_s}s.wav"


def track(path: Path) -> Track:
    """The piece that fits every phase as something to queue."""
    return Track(str(path), ANY.title, seamless=True)


def ensure(cache_dir: Path, progress: Callable[[int], None] = lambda _: None, loop_s: int = LOOP_S) -> Path:
    """The file of the piece that fits every phase, made now if it is not there whole; progress gets percent.

    Raises MediaError(UNWRITABLE) when the folder cannot take it. Half a file never gets the final name.
    """
    path = cache_dir / file_name(loop_s)
    whole = 44 + loop_s * RATE_HZ * 4
    if not (path.is_file() and path.stat().st_size == whole):
        make(path, ANY, loop_s, progress)
    return path


def make(path: Path, mood: Mood, loop_s: int, progress: Callable[[int], object]) -> None:
    """Write a piece, whole or not at all. Raises MediaError(UNWRITABLE)."""
    half = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(half, mood, loop_s, progress)
        half.replace(path)
    except OSError as error:
        raise MediaError(MediaReason.UNWRITABLE, str(path), str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)


def _write(path: Path, mood: Mood, loop_s: int, progress: Callable[[int], object]) -> None:
    random = np.random.default_rng(mood.seed)
    layers = compose(random, loop_s, mood)
    progress(20)
    gain = _gain(layers, loop_s)
    with path.open("wb") as out:
        with wave.open(out, "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(RATE_HZ)
            for number, block in enumerate(blocks(layers, loop_s)):
                sound.writeframesraw(_sixteen_bit(block * gain, random))
                progress(20 + 80 * (number + 1) * BLOCK_S // loop_s)
        out.flush()
        os.fsync(out.fileno())


def blocks(layers: list[Layer], loop_s: int) -> Iterator[Samples]:
    """The loop in order, BLOCK_S at a time."""
    for start_s in range(0, loop_s, BLOCK_S):
        yield render(layers, start_s)


def render(layers: list[Layer], start_s: int) -> Samples:
    """One block of the mix before its gain; start_s a multiple of BLOCK_S."""
    count, step = BLOCK_S * RATE_HZ, RATE_HZ // CONTROL_HZ
    mixed = np.zeros((2, count), np.float32)
    way = np.arange(step, dtype=np.float32) / np.float32(step)
    for layer in layers:
        level = layer.level[start_s * CONTROL_HZ : (start_s + BLOCK_S) * CONTROL_HZ + 1]
        if level.max() > 0:
            begin = start_s * RATE_HZ % layer.table.shape[1]
            smooth = (level[:-1, None] + np.diff(level)[:, None] * way).reshape(-1)
            mixed += layer.table[:, begin : begin + count] * smooth
    return mixed.T


def compose(random: np.random.Generator, loop_s: int, mood: Mood = ANY) -> list[Layer]:
    """All layers: drone, chords dark and bright, surf in three bands, bowls that swell now and then."""
    time = np.arange(loop_s * CONTROL_HZ + 1) / (loop_s * CONTROL_HZ)
    drone = _pad(random, [(ROOT_HZ * r, w) for r, w in DRONE], 1.9, 14)
    layers = [Layer(drone, _f4(mood.drone * _sway(time, 3, 0.2)))]
    bright = mood.bright * (_sway(time, 7, 0.45) * _sway(time, 11, 0.35))
    for number, chord in enumerate(mood.chords):
        notes = [(ROOT_HZ * ratio, ratio**-0.5) for ratio in chord]
        level = _turns(time, number, mood.order)
        layers.append(Layer(_pad(random, notes, mood.dark_falloff, 16), _f4(mood.dark * level)))
        layers.append(Layer(_pad(random, notes, mood.dark_falloff / 2, 26), _f4(bright * level)))
    layers += _surf(random, time, loop_s, mood.surf)
    for number, ratio in enumerate(BOWLS):
        table = _pad(random, [(ROOT_HZ * ratio, 1.0), (ROOT_HZ * ratio * 2, 0.12)], 4.0, 5)
        layers.append(Layer(table, _f4(mood.bowls * _swells(time, loop_s, number))))
    return layers


def _f4(level: NDArray[np.float64]) -> Samples:
    return level.astype(np.float32)


def _sway(time: NDArray[np.float64], cycles: int, depth: float) -> NDArray[np.float64]:
    """Around 1 by +-depth, in whole cycles a loop."""
    return 1 + depth * np.sin(2 * np.pi * (cycles * time + cycles * 0.37))


def _turns(time: NDArray[np.float64], chord: int, order: tuple[int, ...]) -> NDArray[np.float64]:
    """When this chord sounds: slots of equal length that melt into each other at equal power."""
    place = time * len(order)
    level = np.zeros_like(time)
    for slot in (slot for slot, which in enumerate(order) if which == chord):
        away = np.abs((place - slot + len(order) / 2) % len(order) - len(order) / 2)
        level += np.cos(np.pi / 2 * np.clip((away - 0.3) / 0.4, 0, 1))
    return level


def _swells(time: NDArray[np.float64], loop_s: int, bowl: int) -> NDArray[np.float64]:
    """Three long swells a bowl and loop, at times that do not line up."""
    level = np.zeros_like(time)
    for visit in range(3):
        begin = (0.11 + 0.113 * bowl + 0.347 * visit + 0.031 * bowl * visit) % 1.0
        since_s = (time - begin) % 1.0 * loop_s
        level += np.sin(np.pi / 2 * np.clip(since_s / 6, 0, 1)) ** 2 * np.exp(-np.maximum(since_s - 6, 0) / 8)
    # after a whole loop a swell is silent again, so the wrap is one more moment without it
    return np.where(level < 1e-4, 0.0, level)


def _surf(random: np.random.Generator, time: NDArray[np.float64], loop_s: int, loud: float) -> list[Layer]:
    """Distant water: one wave in about 13 s, its hiss a little after its rumble."""
    bands = ((110.0, 1.3, 0.22, 0.0), (420.0, 1.1, 0.13, 0.07), (1600.0, 0.9, 0.035, 0.16))
    whole = round(loop_s / 13)
    layers: list[Layer] = []
    for centre_hz, octaves, level, delay in bands:
        phase = whole * time - delay + 0.35 * np.sin(2 * np.pi * 5 * time) + 0.2 * np.sin(2 * np.pi * 3 * time)
        wave_height = (0.5 + 0.5 * np.sin(2 * np.pi * phase)) ** 1.8
        layers.append(
            Layer(_noise(random, centre_hz, octaves), _f4(loud * level * (0.25 + wave_height * _sway(time, 4, 0.3))))
        )
    return layers


def _pad(random: np.random.Generator, notes: list[tuple[float, float]], falloff: float, width_cents: float) -> Samples:
    """One period of a pad: each partial is a narrow band around its frequency, wider the higher it lies."""
    count = PAD_S * RATE_HZ
    weight = np.zeros(count // 2 + 1, np.float32)
    for note_hz, level in notes:
        for partial in range(1, 13):
            hertz = note_hz * partial
            if hertz < 5000:
                _band(weight, hertz, hertz * (2 ** (width_cents / 1200) - 1), level * partial**-falloff)
    return _samples(random, weight, count, together=0.35)


def _band(weight: Samples, hertz: float, spread_hz: float, level: float) -> None:
    centre, spread = hertz * PAD_S, max(spread_hz * PAD_S, 1.0)
    bins = np.arange(int(centre - 4 * spread), int(centre + 4 * spread) + 1)
    weight[bins] += level / np.sqrt(spread) * np.exp(-0.5 * ((bins - centre) / spread) ** 2)


def _noise(random: np.random.Generator, centre_hz: float, octaves: float) -> Samples:
    count = NOISE_S * RATE_HZ
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    hertz[0] = 1e-3
    away = np.log2(hertz / centre_hz) / octaves
    weight = np.exp(-0.5 * away**2) / np.sqrt(hertz)
    weight[hertz < 30] = 0
    return _samples(random, weight.astype(np.float32), count, together=0.15)


def _samples(random: np.random.Generator, weight: Samples, count: int, together: float) -> Samples:
    """Random phases, left and right partly together (a wide but not hollow picture), each at RMS 1."""
    bins = np.flatnonzero(weight > weight.max() * 1e-5)
    middle, left, right = (np.exp(2j * np.pi * random.random(len(bins))) for _ in range(3))
    table = np.empty((2, count), np.float32)
    for channel, own in enumerate((left, right)):
        spectrum = np.zeros(count // 2 + 1, np.complex64)
        spectrum[bins] = weight[bins] * (together * middle + (1 - together) * own)
        side = np.fft.irfft(spectrum, count)
        table[channel] = side / np.sqrt(np.mean(np.square(side)))
    return table


def _gain(layers: list[Layer], loop_s: int) -> np.float32:
    """To TARGET_LUFS by samples of every fifth block, within the ceiling."""
    power: list[float] = []
    highest = 0.0
    for start_s in range(0, loop_s, BLOCK_S * 5):
        block = render(layers, start_s)
        power.append(_weighted_power(block[: 2 * RATE_HZ]))
        highest = max(highest, float(np.abs(block).max()))
    wanted = 10 ** ((TARGET_LUFS + 0.691) / 20) / np.sqrt(np.mean(power))
    return np.float32(min(wanted, CEILING / highest))


def _weighted_power(block: Samples) -> float:
    """Power of both channels after the K weighting of ITU-R BS.1770, applied to the spectrum."""
    spectrum = np.fft.rfft(block * np.hanning(len(block))[:, None], axis=0)
    weight = np.abs(k_weight(np.fft.rfftfreq(len(block), 1 / RATE_HZ)))
    # a Hann window leaves 3/8 of the power; one-sided spectrum counts twice
    return float(np.sum(np.abs(spectrum * weight[:, None]) ** 2) * 2 / len(block) ** 2 / 0.375)


def _sixteen_bit(block: Samples, random: np.random.Generator) -> bytes:
    """Rounded with triangular dither of one step. Raises ValueError rather than clip."""
    if float(np.abs(block).max()) >= 1.0:
        raise ValueError("the piece would clip")
    dither = random.random(block.shape, np.float32) - random.random(block.shape, np.float32)
    return np.round(block * 32766 + dither).astype("<i2").tobytes()
