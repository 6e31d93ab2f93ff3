"""`kiosk backup TO`: the records and the library, encrypted, into a new folder, verified before it counts."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "backup",
        "Copy the records and the library, encrypted, into a new folder. A room may run meanwhile.",
        "kiosk backup /media/sam/stick",
        json=True,
    )
    parser.add_argument("to", type=Path, metavar="TO", help="a folder, in which one of its own is made; or a new one")
    parser.add_argument("--plain", action="store_true", help="also where nothing is encrypted: it is plain then")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Says what is in it; exit 1 where it could not be made whole, or a chain was broken before."""
    from kiosk import datadir
    from kiosk.backup import BackupError, back_up, databases
    from kiosk.clock import Clock, iso
    from kiosk.launch import record_sentence
    from kiosk.record.fault import RecordError
    from kiosk.text.vault import why
    from kiosk.vault import known
    from kiosk.vault.fault import VaultError

    folder = Path(args.data_dir or datadir.default())
    if not folder.is_dir() or not databases(folder):
        raise Refusal(Reason.NOT_FOUND, "There is nothing to back up: no session is recorded yet.")
    if not known.has_key(folder) and not args.plain:
        raise Refusal(
            Reason.NEEDS_ANSWER,
            "This data folder has no key, so its backup could be read by anybody. `kiosk key new` encrypts both; "
            "--plain makes it all the same.",
        )
    target = args.to / f"session-room-{datetime.now():%Y%m%d-%H%M%S}" if args.to.is_dir() else args.to  # noqa: DTZ005
    try:
        key = known.key_of(folder) if known.has_key(folder) else None
        made = back_up(folder, target, key, iso(Clock().now().utc_ns), lambda name: _say(args, f"{name} ..."))
    except FileExistsError as error:
        raise Refusal(Reason.FAILED, f"{target} is there already and is left as it is.") from error
    except OSError as error:
        raise Refusal(Reason.FAILED, f"Cannot write {target} ({error.strerror}). Nothing is left of it.") from error
    except VaultError as error:
        raise Refusal(Reason.FAILED, why(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    except BackupError as error:
        raise Refusal(Reason.RECORD, f"{error} Nothing is left of the backup.") from error
    broken = [one for file in made.files for one, chain in file.sessions.items() if chain.problems]
    if args.json:
        sys.stdout.write(json.dumps({"to": str(target), "broken": broken} | msgspec.to_builtins(made)) + "\n")
    for file in made.files:
        _say(args, f"{file.name}: sessions {len(file.sessions)}")
    _say(args, f"{target} is written, opened and verified{'' if made.key_id else '. It is NOT encrypted'}.")
    for one in broken:
        sys.stderr.write(f"kiosk: session {one} was altered or damaged before the backup; it is in it as it is.\n")
    return 1 if broken else 0


def _say(args: argparse.Namespace, sentence: str) -> None:
    if not args.json:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
