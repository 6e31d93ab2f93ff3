"""`kiosk import FILE...`: session files into a provider's library, each verified first."""

# ruff: noqa: N999 -- a command's module has the command's name; it is imported by name only

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.command import Subparsers, new
from kiosk.command.envelope import add_identity, identities_of
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.exchange.intake import Outcome

LIBRARY = "library.db"
FILES = "*.session.zip"


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "import",
        "Verify session files and add them to a library.",
        "kiosk import ~/sessions --into practice.db",
        json=True,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"session files, or folders with {FILES}")
    add_identity(parser)
    parser.add_argument("--into", type=Path, metavar="DB", help=f"the library; without it {LIBRARY} in the data folder")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """A line a file and a summary; exit 1 where one of them was not taken."""
    from kiosk.clock import Clock
    from kiosk.command.verify import signer_known
    from kiosk.exchange.intake import taken
    from kiosk.launch import encrypt_new, prepare_folder, record_sentence
    from kiosk.progress import Progress
    from kiosk.record.fault import RecordError
    from kiosk.record.library import Library
    from kiosk.signers import load, rooms

    folder = prepare_folder(args.data_dir)
    files, keys = _files(args.files), identities_of(args)
    outcomes: list[Outcome] = []
    encrypt_new(folder)
    try:
        with Library(args.into or folder / LIBRARY, folder) as library, Progress("import", len(files)) as progress:
            now = lambda: Clock().now().utc_ns  # noqa: E731
            for outcome in taken(files, library, lambda v: signer_known(v, folder), now, keys, rooms(load(folder))):
                outcomes.append(outcome)
                progress.at(len(outcomes))
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    _tell(args, outcomes)
    return 1 if any(one.what in ("quarantined", "closed") for one in outcomes) else 0


def _files(given: list[Path]) -> list[Path]:
    """Folders opened, in order of their names. Raises Refusal where something is missing or holds nothing."""
    found: list[Path] = []
    for path in given:
        if not path.exists():
            raise Refusal(Reason.NOT_FOUND, f"{path} is not there. Nothing was imported.")
        inside = sorted([*path.rglob(FILES), *path.rglob(f"{FILES}.age")]) if path.is_dir() else [path]
        if not inside:
            raise Refusal(Reason.NOT_FOUND, f"{path} holds no {FILES}. Nothing was imported.")
        found += inside
    return found


def _tell(args: argparse.Namespace, told: list[Outcome]) -> None:
    counts = Counter(one.what for one in told)
    if args.json:
        facts = {what: counts[what] for what in ("added", "extended", "same", "quarantined", "closed")}
        sys.stdout.write(json.dumps(facts | {"files": msgspec.to_builtins(told)}) + "\n")
        return
    for one in told:
        taken = f"{one.session}, {one.rows} rows, signer {one.verified}"
        sys.stdout.write(f"{one.file}: {one.what}: {one.reason or taken}\n")
    sys.stdout.write(", ".join(f"{what} {n}" for what, n in sorted(counts.items())) + ".\n")
