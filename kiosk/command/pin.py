"""`kiosk pin`: set the PIN that opens the sitter's pane on one display. Asked twice, never shown, never an argument.

Who changes one gives the old one first, or the recovery code where it is forgotten.
"""

from __future__ import annotations

import argparse
import sys

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(subparsers, "pin", "Set the sitter's PIN for one display.", "kiosk pin")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the PIN twice (from the terminal, or lines of standard input: the old one, if any, first); keep its hash."""
    from kiosk import settings
    from kiosk.command.entering import enter, typed_line
    from kiosk.datadir import RECORD
    from kiosk.launch import prepare_folder
    from kiosk.pin import PinError, set_pin
    from kiosk.text.vault import why
    from kiosk.vault.fault import VaultError
    from kiosk.vault.place import remember_pin

    folder = prepare_folder(args.data_dir)
    enter(folder, folder / RECORD, "The PIN until now, or the recovery code: ", also_by_code=True)
    first, second = typed_line("New PIN: "), typed_line("The same again: ")
    if first != second:
        raise Refusal(Reason.NEEDS_PIN, "The two PINs differ. Nothing was changed; try again.")
    try:
        pin = set_pin(first)
        state = settings.load_state(folder)
        settings.save_state(folder, msgspec.structs.replace(state, pin=pin))
        remember_pin(folder)
    except (PinError, settings.SettingsError) as error:
        raise Refusal(Reason.NEEDS_PIN, str(error)) from error
    except VaultError as error:
        raise Refusal(
            Reason.NEEDS_PIN, f"The PIN is set, but the key file does not know of it: {why(error)}"
        ) from error
    sys.stdout.write("The PIN is set.\n")
    return 0
