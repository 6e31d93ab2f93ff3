"""The generated pieces of the phases as files: made once by real VLC, whole or not at all, unlike each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from media.decoder import Decoder
from media.gain import TARGET_LUFS
from media.loudness import Meter
from media.mood import ANY, MOODS
from media.pulse import RATE_HZ
from media.repertoire import pieces

pytestmark = pytest.mark.usefixtures("short_piece")
LOOP_S = 12


def nothing() -> None: ...


@pytest.fixture
def decoder():
    opened = Decoder()
    yield opened
    opened.close()


def test_each_phase_has_a_piece_of_its_own_at_the_common_loudness(tmp_path: Path, decoder: Decoder) -> None:
    spectra: list[np.ndarray] = []
    for track in pieces(tmp_path, decoder, nothing, LOOP_S):
        meter, heard = Meter(), []
        for frames in decoder.frames(track.path, nothing):
            meter.add(frames)
            heard.append(frames)
        piece = np.concatenate(heard)
        # VLC leaves out up to a second at the ends; the pieces are crossfaded, never joined
        assert 0 <= LOOP_S - len(piece) / RATE_HZ < 1
        assert meter.lufs() == pytest.approx(TARGET_LUFS, abs=2)
        assert meter.peak < 0.75
        spectra.append(np.abs(np.fft.rfft(piece[: 8 * RATE_HZ].mean(axis=1)))[: 8 * 2000])
    alike = np.corrcoef(spectra)[np.triu_indices(4, 1)]
    assert alike.max() < 0.8
    assert [path.suffix for path in tmp_path.iterdir()] == [".oga"] * 4


def test_what_is_there_is_not_made_again_and_what_was_stopped_leaves_nothing_half(
    tmp_path: Path, decoder: Decoder
) -> None:
    rounds = 0

    def stop() -> None:
        nonlocal rounds
        rounds += 1
        if rounds > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(pieces(tmp_path, decoder, stop, LOOP_S))
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".oga"] == []
    made = [Path(track.path).stat().st_mtime_ns for track in pieces(tmp_path, decoder, nothing, LOOP_S)]
    assert made == [Path(track.path).stat().st_mtime_ns for track in pieces(tmp_path, decoder, nothing, LOOP_S)]


def test_every_piece_fits_its_tables_and_is_twenty_minutes_long() -> None:
    assert len({mood.seed for mood in (ANY, *MOODS)}) == 5
    for mood in MOODS:
        assert mood.loop_s == 1200
        assert max(mood.order) < len(mood.chords)
