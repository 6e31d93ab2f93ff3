"""Playlists of each kind, as text: what they name, and what they must not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from media import library
from media.error import MediaReason
from media.lists import Entry, read

XSPF = """<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>
<track><location>file:///music/a%20b.flac</location><title>First</title></track>
<track><location>c%C3%A9.ogg</location></track>
<track><location>http://example.org/x.mp3</location></track>
<track><title>no place</title></track>
</trackList></playlist>"""


def test_a_pls_list_is_read_by_number() -> None:
    text = "[playlist]\nFile2=b.ogg\nTitle1=One = first\nFile1=sounds/a.flac\nNumberOfEntries=2\nVersion=2\n"
    assert read(text, ".pls") == [Entry("sounds/a.flac", "One = first"), Entry("b.ogg")]


def test_an_xspf_list_names_files_by_address_or_path() -> None:
    assert read(XSPF, ".xspf") == [
        Entry("/music/a b.flac", "First"), Entry("cé.ogg"), Entry("http://example.org/x.mp3")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("just words", ".pls"),
        ("[other]\nFile1=a.ogg", ".pls"),
        ("<playlist", ".xspf"),
        ('<!DOCTYPE x [<!ENTITY a "aa">]><playlist>&a;</playlist>', ".xspf"),
    ],
)
def test_what_is_no_such_list_is_refused(text: str, suffix: str) -> None:
    with pytest.raises(ValueError, match="list"):
        read(text, suffix)


def test_of_a_list_local_sounds_are_taken_and_everything_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ogg").write_bytes(b"OggS")
    (tmp_path / "secret.txt").write_text("x")
    place = tmp_path / "mine.pls"
    entries = ["a.ogg", "a.ogg", "gone.ogg", "secret.txt", "../../../../etc/passwd", "//server/share/a.ogg",
               "https://example.org/a.ogg", "smb:b.ogg"]  # fmt: skip
    place.write_text("[playlist]\n" + "\n".join(f"File{n}={entry}" for n, entry in enumerate(entries, 1)))
    found = library.find(place)
    assert [track.path for track in found.tracks] == [str(tmp_path / "a.ogg")]
    assert [refused.reason for refused in found.refused] == [
        MediaReason.NOT_FOUND, MediaReason.NOT_SOUND, MediaReason.NOT_SOUND,
        MediaReason.NOT_LOCAL, MediaReason.NOT_LOCAL, MediaReason.NOT_LOCAL]  # fmt: skip


def test_a_list_that_is_too_long_is_refused_unread(tmp_path: Path) -> None:
    place = tmp_path / "long.m3u8"
    place.write_text("a.ogg\n" * 400_000)
    with pytest.raises(library.MediaError) as caught:
        library.find(place)
    assert caught.value.reason is MediaReason.UNREADABLE
