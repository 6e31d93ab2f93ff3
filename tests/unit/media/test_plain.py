"""The generated piece read as it lies there: every frame once, in order, from where it is asked for."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from media.message import Track
from media.plain import AHEAD_S, FRAME_BYTES, PlainDeck, open_plain
from media.pulse import RATE_HZ
from tests.sound import wait_for

COUNT = 7 * RATE_HZ


def write(path: Path, rate_hz: int = RATE_HZ, channels: int = 2) -> Track:
    """A piece in which each frame says where it is."""
    place = (np.arange(COUNT) % 30_000).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.repeat(place, channels).tobytes())
    return Track(str(path), "Piece", seamless=True)


@pytest.fixture
def deck(tmp_path: Path) -> Iterator[PlainDeck]:
    opened = open_plain(write(tmp_path / "piece.wav"), 1.5)
    assert opened
    yield opened
    opened.close()
    wait_for(lambda: not opened.reader.is_alive(), what="the end of the reader")


def test_every_frame_comes_once_and_in_order_from_the_place_that_was_asked_for(deck: PlainDeck) -> None:
    frames = [np.zeros((0, 2), np.float32)]
    while not deck.fifo.empty:
        wait_for(lambda: deck.fifo.ready, what="more")
        frames.append(deck.fifo.read(min(4800, deck.fifo.queued)))
    places = np.round(np.concatenate(frames)[:, 0] * 32768).astype(int)
    assert np.array_equal(places, np.arange(1.5 * RATE_HZ, COUNT).astype(int) % 30_000)
    assert deck.length_s() == 7.0
    assert not deck.failed()


def test_no_more_is_read_ahead_than_a_few_seconds(deck: PlainDeck) -> None:
    wait_for(lambda: deck.fifo.queued > AHEAD_S / 2 * RATE_HZ, what="the first portions")
    assert deck.fifo.queued <= AHEAD_S * RATE_HZ
    assert not deck.fifo.complete


def test_a_piece_that_was_cut_off_is_played_up_to_its_last_whole_frame(tmp_path: Path) -> None:
    track = write(tmp_path / "piece.wav")
    with Path(track.path).open("r+b") as file:
        file.truncate(44 + 1000 * FRAME_BYTES + 3)
    opened = open_plain(track, 0.0)
    assert opened
    wait_for(lambda: opened.fifo.complete and not opened.reader.is_alive(), what="the end of the file")
    assert (len(opened.fifo.read(4800)), opened.fifo.empty, opened.failed()) == (1000, True, False)


def test_what_is_not_our_own_or_not_as_we_write_it_is_left_to_the_decoder(tmp_path: Path) -> None:
    own = write(tmp_path / "own.wav")
    assert open_plain(Track(own.path, "somebody's"), 0.0) is None
    assert open_plain(write(tmp_path / "slow.wav", rate_hz=44_100), 0.0) is None
    assert open_plain(write(tmp_path / "one.wav", channels=1), 0.0) is None
    (tmp_path / "text.wav").write_text("no sound")
    assert open_plain(Track(str(tmp_path / "text.wav"), "", seamless=True), 0.0) is None
    assert open_plain(Track(str(tmp_path / "gone.wav"), "", seamless=True), 0.0) is None
