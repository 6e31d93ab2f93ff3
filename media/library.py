"""The user's own music by name: folders and playlists of local files, checked before anything is queued.

Called by whoever fills the queue. Reads names, lists and a file's first bytes, never an address on a network: a
session must not depend on, or tell anything to, the outside. What cannot be used is left out and named with its reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from media import lists
from media.error import MediaError, MediaReason
from media.message import Track

SUFFIXES = frozenset(
    {".flac", ".wav", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".mka"}
)
MAX_TRACKS = 20_000
MAX_BYTES = 8 * 1024**3
NOT_TEXT = "its name is not UTF-8"
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")
_IS_A_LIST = (b"#EXTM3U", b"<?xml", b"<asx", b"<ASX", b"<smil", b"[playlist]", b"[Reference]", b"v=0", b"http", b"rtsp")
"""A list under a sound file's name could lead a player to an address."""


class Found(NamedTuple):
    """tracks: what can be tried, in order, each file once. refused: what cannot, each with its reason."""

    tracks: tuple[Track, ...] = ()
    refused: tuple[MediaError, ...] = ()


def load(place: Path) -> tuple[Track, ...]:
    """What of a folder or list can be played, in order. Raises MediaError when that is nothing, with the first why."""
    found = find(place)
    if not found.tracks:
        raise found.refused[0] if found.refused else MediaError(MediaReason.NOTHING_PLAYABLE, str(place))
    return found.tracks


def find(place: Path) -> Found:
    """All of a folder (with its folders) or list. Raises MediaError (NOT_FOUND, UNREADABLE, BAD_NAME) for the place."""
    if not _is_text(str(place)):
        raise MediaError(MediaReason.BAD_NAME, escaped(str(place)), NOT_TEXT)
    try:
        if place.suffix.lower() in lists.SUFFIXES and place.is_file():
            candidates = _of_list(place)
        elif place.is_dir():
            candidates = _of_folder(place)
        else:
            raise MediaError(MediaReason.NOT_FOUND, str(place))
        return _sorted_out(candidates)
    except (OSError, ValueError) as error:
        raise MediaError(MediaReason.UNREADABLE, str(place), str(error)) from error


def _sorted_out(candidates: Iterator[Track | MediaError]) -> Found:
    tracks: dict[str, Track] = {}
    refused: list[MediaError] = []
    for candidate in candidates:
        problem = candidate if isinstance(candidate, MediaError) else _problem(Path(candidate.path))
        if problem is not None:
            refused.append(problem)
        elif isinstance(candidate, Track) and len(tracks) < MAX_TRACKS:
            tracks.setdefault(candidate.path, candidate)
    return Found(tuple(tracks.values()), tuple(refused))


def _problem(path: Path) -> MediaError | None:
    """Why this file is not to be opened as sound; nothing of it but the first bytes is read."""
    if not _is_text(str(path)):  # no line between processes, and no record, could carry it
        return MediaError(MediaReason.BAD_NAME, escaped(str(path)), NOT_TEXT)
    try:
        size = path.stat().st_size
        if not path.is_file():
            return MediaError(MediaReason.NOT_SOUND, str(path), "not a regular file")
        if size == 0:
            return MediaError(MediaReason.EMPTY, str(path))
        if size > MAX_BYTES:
            return MediaError(MediaReason.TOO_BIG, str(path), f"{size} bytes")
        with path.open("rb") as file:
            head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    except FileNotFoundError:
        return MediaError(MediaReason.NOT_FOUND, str(path))
    except OSError as error:
        return MediaError(MediaReason.UNREADABLE, str(path), error.strerror or str(error))
    except ValueError as error:  # a name that no system takes
        return MediaError(MediaReason.BAD_NAME, str(path), str(error))
    return MediaError(MediaReason.NOT_SOUND, str(path), "a list of addresses") if head.startswith(_IS_A_LIST) else None


def _of_folder(folder: Path) -> Iterator[Track]:
    """Sorted by name; the folders inside are tags, the first names the phase. Links to folders are not followed."""
    paths: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [Path(where, name) for name in names if not name.startswith(".")]
    for path in sorted(path for path in paths if path.suffix.lower() in SUFFIXES):
        tags = tuple(part.lower() for part in path.relative_to(folder).parts[:-1])
        yield Track(str(path.absolute()), title_of(path), tags[0] if tags else "", tags=tags)


def title_of(path: Path) -> str:
    """The file's name without its number: "03 - Slow river.flac" is "Slow river"."""
    stem = plain(path.stem)
    return re.sub(r"^\d{1,3}[ ._-]+", "", stem).replace("_", " ").strip() or stem


def plain(untrusted_words: str) -> str:
    """A title as one line of letters: what would steer a terminal or turn the writing round becomes a space."""
    return "".join(c if c.isprintable() else " " for c in untrusted_words).strip()


def escaped(untrusted_name: str) -> str:
    """A name that can be shown and still be told from every other."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in untrusted_name)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _of_list(place: Path) -> Iterator[Track | MediaError]:
    """Paths are relative to the list."""
    if place.stat().st_size > lists.MAX_BYTES:
        raise ValueError("the list is too long")
    for entry in lists.read(place.read_text(encoding="utf-8-sig"), place.suffix.lower()):
        location = entry.untrusted_location
        if (_ADDRESS.match(location) and not Path(location).drive) or location.startswith(("//", "\\\\")):
            yield MediaError(MediaReason.NOT_LOCAL, location)
            continue
        path = Path(os.path.normpath(place.absolute().parent / location))
        if path.suffix.lower() not in SUFFIXES:
            yield MediaError(MediaReason.NOT_SOUND, str(path), f"named in {place.name}")
        else:
            yield Track(str(path), plain(entry.title) or title_of(path), entry.group)
