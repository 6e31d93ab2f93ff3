"""What the generated pieces are like, in figures and pictures: `python -m bench.ambient CACHE [OUT]`.

CACHE: the folder `music` of a data folder in which a room has run (or any folder: missing pieces are made). For each
piece: loudness (EBU R 128), loudness range (EBU Tech 3342), crest, share of power by band, the longest passage that
comes again, and what the passage into the next piece does to the level. OUT gets a spectrogram a piece and ambient.md.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media import ambient
from media.decoder import Decoder
from media.loudness import Meter
from media.message import Track
from media.mood import ANY
from media.ramp import crossing
from media.repertoire import pieces

RATE_HZ = 48_000
BANDS = ((20, 80), (80, 250), (250, 800), (800, 2500), (2500, 8000), (8000, 20_000))
STEP_S = 2
ALIKE = 0.95
Piece = NDArray[np.float32]


def main(argv: list[str]) -> int:
    """Print and write the figures."""
    cache, out = Path(argv[0]), Path(argv[1]) if len(argv) > 1 else None
    decoder = Decoder()
    tracks = [Track(str(ambient.ensure(cache)), ANY.title), *pieces(cache, decoder, lambda: None)]
    sounds = [np.concatenate(list(decoder.frames(track.path, lambda: None))) for track in tracks]
    bands = " | ".join(f"{low}–{high} Hz" for low, high in BANDS)
    rows = [f"| piece | phase | LUFS | range LU | crest dB | longest repeat s | {bands} |", "|" + " --- |" * 12]
    for track, sound in zip(tracks, sounds, strict=True):
        meter = Meter()
        meter.add(sound)
        crest = 20 * np.log10(meter.peak / np.sqrt(np.mean(sound**2)))
        shares = " | ".join(f"{100 * share:.1f} %" for share in balance(sound))
        head = (
            f"| {track.title} | {track.phase or 'any'} | {meter.lufs():.1f} | {loudness_range(sound):.1f} | {crest:.1f}"
        )
        rows.append(f"{head} | {longest_repeat_s(sound)} | {shares} |")
        if out:
            out.mkdir(parents=True, exist_ok=True)
            spectrogram(sound).save(out / f"{track.phase or 'any'}.png", optimize=True)
    rows += ["", "Level in steps of 0.2 s over a crossfade of 5 s, and in the two pieces just beside it:", ""]
    for one, two in itertools.pairwise(range(1, len(tracks))):
        rows.append(f"- {tracks[one].title} → {tracks[two].title}: {passage(sounds[one], sounds[two])}")
    text = "\n".join(rows) + "\n"
    sys.stdout.write(text)
    if out:
        (out / "ambient.md").write_text(text, encoding="utf-8")
    return 0


def balance(sound: Piece) -> list[float]:
    """Share of power by band."""
    power = np.zeros(RATE_HZ // 2 + 1)
    for begin in range(0, len(sound) - RATE_HZ, RATE_HZ):
        power += np.abs(np.fft.rfft(sound[begin : begin + RATE_HZ].mean(axis=1) * np.hanning(RATE_HZ))) ** 2
    return [float(power[a:b].sum() / power.sum()) for a, b in BANDS]


def loudness_range(sound: Piece) -> float:
    """EBU Tech 3342: between the 10th and 95th percentile of 3 s loudness, gated at -20 LU."""
    short: list[float] = []
    for begin in range(0, len(sound) - 3 * RATE_HZ, RATE_HZ):
        meter = Meter()
        meter.add(sound[begin : begin + 3 * RATE_HZ])
        lufs = meter.lufs()
        if lufs is not None:
            short.append(lufs)
    values = np.array(short)
    gate = 10 * np.log10(np.mean(10 ** (values / 10))) - 20
    return float(np.subtract(*np.percentile(values[values > gate], [95, 10])))


def longest_repeat_s(sound: Piece) -> int:
    """The longest passage whose colour (40 bands, every 2 s) comes again at least 30 s later, alike to 0.95."""
    size = STEP_S * RATE_HZ
    edges = np.geomspace(40, 12_000, 41) * STEP_S
    rows = []
    for begin in range(0, len(sound) - size, size):
        power = np.abs(np.fft.rfft(sound[begin : begin + size].mean(axis=1) * np.hanning(size))) ** 2
        rows.append(
            [np.log(power[int(a) : max(int(b), int(a) + 1)].mean() + 1e-9) for a, b in itertools.pairwise(edges)]
        )
    colour = np.array(rows)
    colour -= colour.mean(axis=0)
    colour /= np.linalg.norm(colour, axis=1, keepdims=True)
    alike = colour @ colour.T > ALIKE
    longest = 0
    for lag in range(30 // STEP_S, len(alike)):
        run = 0
        for same in np.diagonal(alike, lag):
            run = run + 1 if same else 0
            longest = max(longest, run)
    return longest * STEP_S


def passage(one: Piece, two: Piece, seconds: float = 5.0) -> str:
    """Lowest and highest level in the crossfade and in as long a time on both sides of it, dB against their mean."""
    count = round(seconds * RATE_HZ)
    down, up = crossing(0.0, count, 1 / count)
    mixed = (one[-count:] * down + two[:count] * up).astype(np.float32)
    beside = np.concatenate([one[-2 * count : -count], two[count : 2 * count]])
    whole = np.mean(beside**2)
    (low, high), (least, most) = (_extremes_db(part, whole) for part in (mixed, beside))
    return f"{low:+.1f} to {high:+.1f} dB; beside it {least:+.1f} to {most:+.1f} dB"


def _extremes_db(sound: Piece, against: np.floating) -> tuple[float, float]:
    parts = sound[: len(sound) // 9600 * 9600].reshape(-1, 9600 * 2)
    levels = 10 * np.log10(np.mean(parts**2, axis=1) / against)
    return float(levels.min()), float(levels.max())


def spectrogram(sound: Piece) -> Image.Image:
    """Width: time. Height: 40 Hz to 12 kHz, even to the ear. Black is 90 dB, white 20 dB below the loudest."""
    size, columns, height = 1 << 15, 1000, 260
    edges = np.geomspace(12_000, 40, height) * size / RATE_HZ
    picture = np.zeros((height, columns))
    for column, begin in enumerate(np.linspace(0, len(sound) - size - 1, columns).astype(int)):
        power = np.abs(np.fft.rfft(sound[begin : begin + size].mean(axis=1) * np.hanning(size))) ** 2
        picture[:, column] = 10 * np.log10(np.interp(edges, np.arange(len(power)), power) + 1e-12)
    shade = np.clip((picture - picture.max() + 90) / 70, 0, 1)
    return Image.fromarray((255 * shade).astype(np.uint8))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
