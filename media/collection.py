"""What is known of each sound file's inside, kept between runs: title, length, tags, loudness, or why it is not played.

One file in the cache folder, written whole or not at all by the scanner, read by the monitor: two thousand entries in
a few milliseconds. An entry counts only for the very file it was made from (size and time of change).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from media.error import MediaError, MediaReason
from media.gain import gain_db
from media.library import Found, find
from media.message import Track

FILE = "music.json"
VERSION = 1


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file as it was at `changed_ns`. lufs: None where it could not be measured. problem: a MediaReason, or ""."""

    size: int
    changed_ns: int
    title: str = ""
    artist: str = ""
    duration_s: float | None = None
    tags: tuple[str, ...] = ()
    lufs: float | None = None
    peak: float = 0.0
    problem: str = ""
    detail: str = ""


class Collection(msgspec.Struct):
    """entries by path. trying: the file that is being looked into; still there after a crash, it is what crashed."""

    version: int = VERSION
    entries: dict[str, Entry] = {}
    trying: str = ""


def read(cache: Path) -> Collection:
    """The collection, empty where there is none or a damaged or older one."""
    try:
        found = msgspec.json.decode((cache / FILE).read_bytes(), type=Collection)
    except (OSError, msgspec.MsgspecError):
        return Collection()
    return found if found.version == VERSION else Collection()


def write(cache: Path, collection: Collection) -> None:
    """Whole or not at all. Raises OSError."""
    cache.mkdir(parents=True, exist_ok=True)
    part = cache / f".{FILE}.{os.getpid()}.part"
    try:
        part.write_bytes(msgspec.json.encode(collection))
        part.replace(cache / FILE)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def fingerprint(path: str) -> tuple[int, int]:
    """(size, changed_ns). Raises OSError."""
    told = Path(path).stat()
    return told.st_size, told.st_mtime_ns


def known(collection: Collection, path: str) -> Entry | None:
    """What is known of this file as it is now."""
    entry = collection.entries.get(path)
    try:
        return entry if entry and (entry.size, entry.changed_ns) == fingerprint(path) else None
    except OSError:
        return None


def unknown(collection: Collection, tracks: Iterable[Track]) -> list[Track]:
    """Those that nobody has looked into as they are now."""
    return [track for track in tracks if known(collection, track.path) is None]


def open_place(place: Path, cache: Path) -> Found:
    """The playable tracks of a folder or list with all that is known of them. Raises MediaError as `library.find`."""
    found, collection = find(place), read(cache)
    tracks: list[Track] = []
    refused = list(found.refused)
    for track in found.tracks:
        entry = known(collection, track.path)
        if entry is not None and entry.problem:
            refused.append(MediaError(MediaReason(entry.problem), track.path, entry.detail))
        else:
            tracks.append(_with(track, entry) if entry else track)
    return Found(tuple(tracks), tuple(refused))


def _with(track: Track, entry: Entry) -> Track:
    return msgspec.structs.replace(
        track,
        title=entry.title or track.title,
        gain_db=gain_db(entry.lufs, entry.peak),
        tags=tuple(dict.fromkeys((*track.tags, *entry.tags))),
    )
