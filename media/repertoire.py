"""The generated pieces of all phases, as files: each made once, behind everything else, kept as FLAC.

Runs in the library child. Twenty minutes take about half a minute of one core; while a piece is not there yet, the
piece that fits every phase plays in its place.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from media import ambient
from media.decoder import Decoder
from media.error import MediaError, MediaReason
from media.message import Track
from media.mood import MOODS, Mood


def file_of(cache: Path, mood: Mood, loop_s: int) -> Path:
    """Named after all that the piece is made from."""
    return cache / f"{Path(ambient.file_name(loop_s, mood)).stem}.oga"


def pieces(
    cache: Path, decoder: Decoder, each_round: Callable[[], object], loop_s: int | None = None
) -> Iterator[Track]:
    """Each piece as soon as it exists. each_round(): called often, may raise to stop. Raises MediaError."""
    for mood in MOODS:
        length_s = loop_s or mood.loop_s
        path = file_of(cache, mood, length_s)
        if not path.is_file():
            _make(path, mood, length_s, decoder, each_round)
        yield Track(str(path), mood.title, mood.key)


def _make(path: Path, mood: Mood, loop_s: int, decoder: Decoder, each_round: Callable[[], object]) -> None:
    raw, part = path.with_suffix(".raw.wav"), path.with_suffix(".part.oga")
    try:
        ambient.make(raw, mood, loop_s, lambda percent: each_round())
        decoder.encode(str(raw), str(part), each_round)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise MediaError(MediaReason.UNWRITABLE, str(path), str(error)) from error
    finally:
        for left in (raw, part):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
