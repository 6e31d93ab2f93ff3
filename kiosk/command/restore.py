"""`kiosk restore FROM`: a backup into a data folder that has no record; never over one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal

if TYPE_CHECKING:
    from kiosk.backup import Manifest


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(
        subparsers,
        "restore",
        "Bring a backup into a data folder without a record. Asks for the recovery code where the key is not here.",
        "kiosk restore /media/sam/stick/session-room-20261127-221530",
    )
    parser.add_argument("source", type=Path, metavar="FROM", help="the folder that `kiosk backup` made")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Checked first, all of it; then brought in. Exit 1 where nothing was."""
    from kiosk import backup, datadir
    from kiosk.launch import prepare_folder, record_sentence
    from kiosk.record.fault import RecordError
    from kiosk.text.vault import why
    from kiosk.vault.fault import VaultError

    folder = prepare_folder(args.data_dir)
    try:
        with datadir.hold_lock(folder):
            made = backup.read(args.source)
            if made.key_id:
                _find_key(folder, made)
            backup.check(args.source, made, folder)
            _keep_key(folder, made)
            backup.restore(args.source, made, folder)
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error
    except backup.BackupError as error:
        raise Refusal(Reason.FAILED, str(error)) from error
    except VaultError as error:
        raise Refusal(Reason.FAILED, why(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
    except OSError as error:
        raise Refusal(Reason.FAILED, f"Cannot write to {folder} ({error.strerror}). Try again: it goes on.") from error
    sessions = sum(len(one.sessions) for one in made.files)
    sys.stdout.write(f"Restored into {folder}: {len(made.files)} files, {sessions} sessions, every one verified.\n")
    return 0


def _find_key(folder: Path, made: Manifest) -> None:
    """The key that is here, where it is the backup's; else the one of a typed code. Raises VaultError."""
    from kiosk.command.safekeeping import ask_key
    from kiosk.vault.fault import Reason as VaultReason
    from kiosk.vault.fault import VaultError

    if ask_key(folder).id != made.key_id:
        raise VaultError(VaultReason.OTHER_KEY)


def _keep_key(folder: Path, made: Manifest) -> None:
    """Before the first file: a record whose key is nowhere must not come to be."""
    from kiosk.vault import known, place

    if made.key_id and place.load(folder) is None:
        place.save(folder, place.in_file(known.key_of(folder)))
