"""Playlists as text: M3U8, M3U, PLS and XSPF read into entries. Pure; looks at no other file, asks no network.

An entry is exactly what the list says, untrusted: `media.library` decides what of it is a local file.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

SUFFIXES = frozenset({".m3u8", ".m3u", ".pls", ".xspf"})
MAX_BYTES = 2 * 1024 * 1024
_XSPF = "{http://xspf.org/ns/0/}"


class Entry(NamedTuple):
    """location: a path, or an address. group: "#EXTGRP", lower case. title: "" where the list gives none."""

    untrusted_location: str
    title: str = ""
    group: str = ""


def read(text: str, suffix: str) -> list[Entry]:
    """Entries in order. Raises ValueError when the text is not what the suffix says."""
    if suffix == ".pls":
        return _read_pls(text)
    return _read_xspf(text) if suffix == ".xspf" else _read_m3u(text)


def _read_m3u(text: str) -> list[Entry]:
    """`#EXTINF` gives the title, `#EXTGRP:` the group until the next one."""
    entries: list[Entry] = []
    title, group = "", ""
    for raw_line in text.splitlines():
        line = raw_line.strip()
        if line.startswith("#EXTINF:"):
            title = line.partition(",")[2].strip()
        elif line.startswith("#EXTGRP:"):
            group = line.partition(":")[2].strip().lower()
        elif line and not line.startswith("#"):
            entries.append(Entry(line, title, group))
            title = ""
    return entries


def _read_pls(text: str) -> list[Entry]:
    import configparser  # a monitor knows lists and rarely reads one

    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=(";",))
    try:
        parser.read_string(text)
        section = parser["playlist"]
    except (configparser.Error, KeyError) as error:
        raise ValueError("not a PLS list") from error
    numbers = sorted(int(m[1]) for key in section if (m := re.fullmatch(r"file(\d{1,6})", key)))
    return [Entry(section[f"file{n}"].strip(), section.get(f"title{n}", "").strip()) for n in numbers]


def _read_xspf(text: str) -> list[Entry]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("an XSPF list needs no document type")
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    except ElementTree.ParseError as error:
        raise ValueError("not an XSPF list") from error
    tracks = root.iter(f"{_XSPF}track")
    return [Entry(_path(place), (track.findtext(f"{_XSPF}title") or "").strip()) for track in tracks
            if (place := (track.findtext(f"{_XSPF}location") or "").strip())]  # fmt: skip


def _path(location: str) -> str:
    """XSPF names files by URI: "file:///a%20b" and "a%20b" are paths, other schemes stay addresses."""
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", location)
    if scheme is None:
        return unquote(location)
    rest = location[len("file://") :]
    return unquote(rest) if location.lower().startswith("file:///") else location
