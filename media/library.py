"""The user's own music: a folder or an M3U8 list of local files, checked before anything is queued.

Called by whoever fills the queue. Reads names and lists only, never a sound file's inside, never an address on a
network: a session must not depend on, or tell anything to, the outside.
"""

from __future__ import annotations

import re
from pathlib import Path

from media.error import MediaError, MediaReason
from media.message import Track

SUFFIXES = frozenset(
    {".flac", ".wav", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".mka"}
)
LISTS = frozenset({".m3u8", ".m3u"})
MAX_TRACKS = 2000
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")


def load(place: Path) -> tuple[Track, ...]:
    """Tracks of a folder or list in order. Raises MediaError (NOT_FOUND, NOT_LOCAL, NOTHING_PLAYABLE, UNREADABLE)."""
    try:
        if place.suffix.lower() in LISTS and place.is_file():
            found = _read_list(place)
        elif place.is_dir():
            found = _read_folder(place)
        else:
            raise MediaError(MediaReason.NOT_FOUND, str(place))
    except (OSError, UnicodeDecodeError) as error:
        raise MediaError(MediaReason.UNREADABLE, str(place), str(error)) from error
    if not found:
        raise MediaError(MediaReason.NOTHING_PLAYABLE, str(place))
    return tuple(found[:MAX_TRACKS])


def _read_folder(folder: Path) -> list[Track]:
    """Sorted by name; a folder inside names the phase its tracks belong to."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return [Track(str(path.resolve()), _title(path), _phase(folder, path)) for path in files]


def _title(path: Path) -> str:
    """The file's name without its number: "03 - Slow river.flac" is "Slow river"."""
    return re.sub(r"^\d{1,3}[ ._-]+", "", path.stem).replace("_", " ").strip() or path.stem


def _phase(folder: Path, path: Path) -> str:
    inner = path.relative_to(folder).parts[:-1]
    return inner[0].lower() if inner else ""


def _read_list(place: Path) -> list[Track]:
    """Paths relative to the list; `#EXTINF` gives the title, `#EXTGRP:` the phase until the next one."""
    tracks: list[Track] = []
    title, phase = "", ""
    for raw_line in place.read_text(encoding="utf-8-sig").splitlines():
        line = raw_line.strip()
        if line.startswith("#EXTINF:"):
            title = line.partition(",")[2].strip()
        elif line.startswith("#EXTGRP:"):
            phase = line.partition(":")[2].strip().lower()
        elif line and not line.startswith("#"):
            path = _local(place, line)
            tracks.append(Track(str(path), title or _title(path), phase))
            title = ""
    return tracks


def _local(place: Path, untrusted_entry: str) -> Path:
    if _ADDRESS.match(untrusted_entry) and not Path(untrusted_entry).drive:
        raise MediaError(MediaReason.NOT_LOCAL, untrusted_entry)
    path = (place.parent / untrusted_entry).resolve()
    if not path.is_file():
        raise MediaError(MediaReason.NOT_FOUND, str(path), f"named in {place.name}")
    return path
