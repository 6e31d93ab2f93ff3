"""`kiosk pin`: set the PIN that opens the sitter's pane on one display. Asked twice, never shown, never an argument."""

from __future__ import annotations

import argparse
import getpass
import sys

import msgspec

from kiosk.command import Subparsers, new
from kiosk.failure import Reason, Refusal


def add(subparsers: Subparsers) -> None:
    """Grammar of the command."""
    parser = new(subparsers, "pin", "Set the sitter's PIN for one display.", "kiosk pin")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the PIN twice (from the terminal, or two lines of standard input) and keep its hash."""
    from kiosk import settings
    from kiosk.launch import prepare_folder
    from kiosk.pin import PinError, set_pin
    from kiosk.text.vault import why
    from kiosk.vault.fault import VaultError
    from kiosk.vault.place import remember_pin

    folder = prepare_folder(args.data_dir)
    first, second = _ask("New PIN: "), _ask("The same again: ")
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


def _ask(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
