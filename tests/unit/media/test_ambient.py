"""The generated piece: loud enough, never clipping, without a seam, whole or not there."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from media import ambient
from media.error import MediaError, MediaReason
from media.loudness import k_weight

LOOP_S = 120
Piece = NDArray[np.float64]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def file(folder: Path) -> Path:
    """Two minutes by the same code that makes ten."""
    return ambient.ensure(folder, loop_s=LOOP_S)


@pytest.fixture(scope="module")
def piece(file: Path) -> Piece:
    with wave.open(str(file)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (48_000, 2, 2)
        raw = sound.readframes(sound.getnframes())
    return np.frombuffer(raw, "<i2").reshape(-1, 2) / 32768


def test_the_piece_that_is_shipped_lasts_ten_minutes_and_fits_its_tables() -> None:
    assert ambient.LOOP_S >= 600
    assert ambient.LOOP_S % ambient.PAD_S == ambient.LOOP_S % ambient.NOISE_S == 0
    assert ambient.PAD_S % ambient.BLOCK_S == ambient.NOISE_S % ambient.BLOCK_S == 0


def test_its_loudness_is_near_minus_23_lufs_and_it_never_clips(piece: Piece) -> None:
    parts = piece.reshape(-1, 48_000, 2)[::2]
    weight = np.abs(k_weight(np.fft.rfftfreq(48_000, 1 / 48_000)))
    powers = np.sum(np.abs(np.fft.rfft(parts, axis=1) * weight[:, None]) ** 2, axis=(1, 2)) * 2 / 48_000**2
    assert -0.691 + 10 * np.log10(powers.mean()) == pytest.approx(ambient.TARGET_LUFS, abs=1.5)
    assert np.abs(piece).max() < 0.7


def test_the_step_over_the_seam_is_an_ordinary_step(piece: Piece) -> None:
    steps = np.abs(np.diff(piece, axis=0))
    assert np.abs(piece[0] - piece[-1]).max() < 4 * np.sqrt(np.mean(steps**2))
    slopes = np.abs(np.diff(np.concatenate([piece[-3:], piece[:3]]), n=2, axis=0))
    assert slopes.max() < np.abs(np.diff(piece, n=2, axis=0)).max()


def test_nothing_in_it_startles(piece: Piece) -> None:
    power = np.mean(np.square(piece[: len(piece) // 24_000 * 24_000].reshape(-1, 24_000, 2)), axis=(1, 2))
    level = 10 * np.log10(np.concatenate([power, power[:1]]))
    assert np.abs(np.diff(level)).max() < 6.0
    assert level.max() - np.median(level) < 8.0


def test_it_is_stereo_and_it_moves(piece: Piece) -> None:
    assert -0.2 < np.corrcoef(piece.T)[0, 1] < 0.9
    early, late = (
        np.abs(np.fft.rfft(part.mean(axis=1)))[:50_000] for part in (piece[:480_000], piece[2_880_000:3_360_000])
    )
    assert np.corrcoef(early, late)[0, 1] < 0.7


def test_a_whole_file_is_used_again_and_half_a_file_never(folder: Path, file: Path) -> None:
    made_ns = file.stat().st_mtime_ns
    assert ambient.ensure(folder, loop_s=LOOP_S).stat().st_mtime_ns == made_ns
    assert [path.name for path in folder.iterdir()] == [file.name]


def test_a_cut_file_is_made_again(tmp_path: Path, short_piece: int) -> None:
    (tmp_path / ambient.file_name(short_piece)).write_bytes(b"RIFF")
    percents: list[int] = []
    path = ambient.ensure(tmp_path, percents.append, short_piece)
    assert path.stat().st_size == 44 + short_piece * 48_000 * 4
    assert percents == sorted(percents)
    assert percents[-1] == 100


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, short_piece: int) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(MediaError) as caught:
        ambient.ensure(tmp_path / "file" / "cache", loop_s=short_piece)
    assert caught.value.reason is MediaReason.UNWRITABLE


def test_an_interrupted_making_leaves_nothing_behind(tmp_path: Path, short_piece: int) -> None:
    def stop(percent: int) -> None:
        if percent > 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ambient.ensure(tmp_path, stop, short_piece)
    assert list(tmp_path.iterdir()) == []
