"""`kiosk music`: what of the person's own music can be played, how loud it is, what is refused and why."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.command import Subparsers, new

if TYPE_CHECKING:
    from media.library import Found
    from media.message import Scanned, Scanning


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    example = "kiosk music ~/Music/sessions"
    parser = new(subparsers, "music", "Look into your own music before a session.", example, json=True)
    parser.add_argument("place", nargs="?", default="", help="folder or list, by default the setting music.source")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Scan what is new, with progress on a terminal (what is known stays when it is interrupted); a line a piece."""
    from kiosk.failure import Reason, Refusal
    from kiosk.launch import load_settings, prepare_folder
    from media.collection import open_place, read, unknown
    from media.error import MediaError
    from media.library import find

    folder = prepare_folder(args.data_dir)
    place = args.place or load_settings(folder).text("music.source")
    if not place:
        raise Refusal(
            Reason.NOT_FOUND, "No music is chosen. Name a folder or list, or set music.source in config.toml."
        )
    try:
        if unknown(read(folder / "music"), find(Path(place)).tracks):
            asyncio.run(_scan(place, folder / "music"))
        found = open_place(Path(place), folder / "music")
    except MediaError as error:
        why = f"{error.reason.value.replace('_', ' ')} {error.detail}".rstrip()
        raise Refusal(Reason.NOT_FOUND, f"{place} holds no music that can be read: {why}.") from error
    sys.stdout.write(json.dumps(_facts(found)) + "\n" if args.json else _lines(found))
    return 0


def _facts(found: Found) -> dict[str, object]:
    return {
        "pieces": [
            {"path": t.path, "title": t.title, "phase": t.phase, "tags": t.tags, "gain_db": t.gain_db}
            for t in found.tracks
        ],
        "refused": [{"path": r.subject, "reason": r.reason.value, "detail": r.detail} for r in found.refused],
    }


def _lines(found: Found) -> str:
    """gain first: what brings the piece to the common loudness."""
    from media.library import escaped

    played = [f"{t.gain_db:+6.1f} dB  {t.title}" + (f"  [{', '.join(t.tags)}]" if t.tags else "") for t in found.tracks]
    refused = [
        f"not played  {escaped(r.subject)}: {r.reason.value.replace('_', ' ')} {r.detail}".rstrip()
        for r in found.refused
    ]
    return "".join(f"{line}\n" for line in (*played, *refused))


async def _scan(place: str, cache: Path) -> None:
    from kiosk.librarian import Librarian

    over: asyncio.Future[Scanned] = asyncio.get_running_loop().create_future()

    def far(scanning: Scanning) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{scanning.done}/{scanning.total}  {scanning.title[:60]}")
            sys.stderr.flush()

    librarian = Librarian(place, cache, over.set_result, far)
    librarian.start()
    try:
        await over
    finally:
        await librarian.end()
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
