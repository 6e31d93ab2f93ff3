"""The library child: looks into each new sound file once, and makes the generated pieces, far behind everything else.

VLC decodes (what it cannot decode here it could not play later) as fast as it can into a pipe, `media.loudness`
measures, tinytag reads the titles. A file that kills or stops the decoder costs this process and nothing else: it was
written down before it was tried, so the next start passes it over. When the line is lost this process ends.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

import msgspec
from tinytag import TinyTag, TinyTagException

from media import collection as c
from media.decoder import Decoder
from media.error import MediaError, MediaReason
from media.library import find, plain
from media.line import Line
from media.loudness import Meter
from media.message import Compose, Composed, Scan, Scanned, Scanning, StopScan
from media.pulse import RATE_HZ
from media.repertoire import pieces

NICE = 19
LISTEN_S = 3 * 3600.0
"""As much of a piece as is measured: nobody needs the fourth hour to know how loud it is."""
TAGS = ("genre", "mood", "grouping")
MAX_TAG, MAX_TAGS = 40, 20


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The person, or the end of the line, wants no more."""


def main(line: Line) -> int:
    """Wait for a place, scan it, say so, wait for the next; ends with the line."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    with contextlib.suppress(line.Lost):
        while True:
            line.beat()
            message = line.get(0.2)
            if isinstance(message, Scan):
                line.send(scan(message, line, Decoder()))
            elif isinstance(message, Compose):
                line.send(compose(message, line, Decoder()))
    return 0


def compose(wanted: Compose, line: Line, decoder: Decoder) -> Composed:
    """Make what is missing, tell each piece; the last word."""
    try:
        for track in pieces(Path(wanted.cache), decoder, lambda: _listen(line)):
            line.send(Composed(track))
    except MediaError as error:
        return Composed(None, str(error))
    except Stopped:
        return Composed(None, "stopped")
    return Composed(None)


def scan(wanted: Scan, line: Line, decoder: Decoder) -> Scanned:
    """Bring the cache up to date. What is done so far stays when it is stopped."""
    cache = Path(wanted.cache)
    try:
        found = find(Path(wanted.place))
    except MediaError as error:
        return Scanned(0, 0, problem=str(error))
    collection = c.read(cache)
    _blame(collection)
    new = c.unknown(collection, found.tracks)
    stopped = False
    try:
        for number, track in enumerate(new):
            _listen(line)
            collection.trying = track.path
            c.write(cache, collection)
            line.send(Scanning(number, len(new), track.title))
            collection.entries[track.path] = _look_into(track.path, decoder, line)
    except Stopped:
        stopped = True
    collection.trying = ""
    c.write(cache, collection)
    opened = c.open_place(Path(wanted.place), cache)
    return Scanned(len(opened.tracks), len(opened.refused), stopped)


def _blame(collection: c.Collection) -> None:
    """The file at which the last scanner died is not tried again until it changes."""
    if collection.trying:
        with contextlib.suppress(OSError):
            size, changed_ns = c.fingerprint(collection.trying)
            collection.entries[collection.trying] = c.Entry(size, changed_ns, problem=MediaReason.CRASHED)
        collection.trying = ""


def _listen(line: Line) -> None:
    line.beat()
    if isinstance(line.get(0), StopScan):
        raise Stopped


def _look_into(path: str, decoder: Decoder, line: Line) -> c.Entry:
    size, changed_ns = c.fingerprint(path)
    entry = msgspec.structs.replace(words(path), size=size, changed_ns=changed_ns)
    meter = Meter()
    try:
        for frames in decoder.frames(path, lambda: _listen(line)):
            meter.add(frames)
            if meter.frames > LISTEN_S * RATE_HZ:
                break
    except MediaError as error:
        return msgspec.structs.replace(entry, problem=error.reason, detail=error.detail)
    if not meter.frames:
        return msgspec.structs.replace(entry, problem=MediaReason.UNREADABLE, detail="no sound in it")
    lufs = meter.lufs()
    return msgspec.structs.replace(
        entry,
        lufs=None if lufs is None else round(lufs, 2),
        peak=round(meter.peak, 4),
        duration_s=round(max(entry.duration_s or 0.0, meter.frames / RATE_HZ), 1),
    )


def words(path: str) -> c.Entry:
    """Title, artist, length and tags as the file itself says; nothing where it says nothing or is damaged."""
    try:
        tag = TinyTag.get(path)
    except (TinyTagException, OSError, ValueError, ArithmeticError, LookupError):
        return c.Entry(0, 0)
    said = [tag.genre, tag.comment, *(word for name in TAGS for word in tag.other.get(name) or ())]
    tags = dict.fromkeys(word.strip().lower() for text in said if text for word in re.split(r"[;,/|]", text))
    short = tuple(word for word in tags if 0 < len(word) <= MAX_TAG and word.isprintable())[:MAX_TAGS]
    return c.Entry(0, 0, plain(tag.title or "")[:200], plain(tag.artist or "")[:200], tag.duration, short)
