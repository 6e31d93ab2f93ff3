"""The user's own folder and list: local files that exist, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from media import library
from media.error import MediaError, MediaReason
from media.message import Track
from media.playlist import after, for_phase


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def refused(place: Path) -> MediaReason:
    with pytest.raises(MediaError) as caught:
        library.load(place)
    return caught.value.reason


def test_a_folder_is_read_in_order_and_its_folders_name_the_phase(tmp_path: Path) -> None:
    for name in ("02 River.flac", "01 - Slow_sea.ogg", "Peak/a.mp3", "notes.txt", "cover.jpg"):
        touch(tmp_path / name)
    found = [(track.title, track.phase) for track in library.load(tmp_path)]
    assert found == [("Slow sea", ""), ("River", ""), ("a", "peak")]


def test_a_list_gives_titles_phases_and_paths_relative_to_itself(tmp_path: Path) -> None:
    touch(tmp_path / "sounds" / "één.flac")
    touch(tmp_path / "two.ogg")
    place = tmp_path / "list.m3u8"
    place.write_text(
        "\ufeff#EXTM3U\n#EXTGRP:Onset\n#EXTINF:120,Quiet, and slow\nsounds/één.flac\n#EXTGRP:\n\ntwo.ogg\n", "utf-8"
    )
    assert library.load(place) == (
        Track(str(tmp_path / "sounds" / "één.flac"), "Quiet, and slow", "onset"),
        Track(str(tmp_path / "two.ogg"), "two", ""),
    )


@pytest.mark.parametrize(
    "address", ["https://example.org/a.mp3", "http://x/a", "smb://nas/a.flac", "file:///etc/passwd"]
)
def test_an_address_is_refused(tmp_path: Path, address: str) -> None:
    place = tmp_path / "list.m3u8"
    place.write_text(f"#EXTM3U\n{address}\n", "utf-8")
    assert refused(place) is MediaReason.NOT_LOCAL


def test_a_list_that_names_a_missing_file_says_so(tmp_path: Path) -> None:
    place = tmp_path / "list.m3u8"
    place.write_text("gone.flac\n", "utf-8")
    assert refused(place) is MediaReason.NOT_FOUND


def test_a_list_that_is_not_text_is_unreadable(tmp_path: Path) -> None:
    place = tmp_path / "list.m3u8"
    place.write_bytes(b"\xff\xfe\x00\xd8")
    assert refused(place) is MediaReason.UNREADABLE


def test_an_empty_folder_and_no_folder_are_told_apart(tmp_path: Path) -> None:
    assert refused(tmp_path) is MediaReason.NOTHING_PLAYABLE
    assert refused(tmp_path / "none") is MediaReason.NOT_FOUND


A, B, PEAK = Track("a", "A"), Track("b", "B"), Track("p", "P", "peak")
FILLER = Track("f", "F", seamless=True)


def test_a_phase_plays_its_own_tracks_else_those_of_no_phase_else_the_filler() -> None:
    assert for_phase((A, PEAK, B), "peak") == (PEAK,)
    assert for_phase((A, PEAK, B), "return") == (A, B)
    assert for_phase((PEAK,), "return", filler=FILLER) == (FILLER,)
    assert for_phase((PEAK,), "return") == ()
    tagged = Track("t", "T", "evening", tags=("evening", "piano"))
    assert for_phase((A, tagged), "peak", frozenset({"piano", "drone"})) == (tagged,)
    assert for_phase((A, tagged), "peak", frozenset({"voice"})) == (A,)


def test_the_queue_goes_round_and_passes_over_what_cannot_be_played() -> None:
    queue = (A, B, PEAK)
    assert [after(queue, index) for index in (-1, 0, 1, 2)] == [0, 1, 2, 0]
    assert after(queue, 0, frozenset({"b"})) == 2
    assert after((A,), 0) == 0
    assert after((A,), 0, frozenset({"a"})) is None
    assert after((), -1) is None
