"""Asks for the sitter's PIN before a command shows, hands on or changes what the PIN guards in the room.

At a terminal; elsewhere the PIN is the first line of standard input. Tries count as in the room, and the same lock-out
holds. Where no PIN was set, nothing is asked. It keeps out who finds a terminal open, not who owns the disk.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from kiosk.failure import Reason, Refusal

_CHANGES = {"devices": ("add", "forget"), "key": ("new", "code", "lock")}


def ask_pin(command: str, args: argparse.Namespace) -> None:
    """Nothing where this command asks for none, or no PIN was set. Raises Refusal where it was not given."""
    from kiosk import datadir

    if command in _CHANGES and args.action not in _CHANGES[command]:
        return
    if command == "review" and args.picture is None:
        return  # its window asks
    folder = args.data_dir or datadir.default()
    path: Path = folder / datadir.RECORD
    if command == "replay":  # a table of numbers is nobody's
        path, folder = args.file, args.file.parent
    elif command == "export" and args.source:
        path = args.source
    elif command == "review" and args.what:
        path = args.what
    enter(folder, path, "PIN: ")


def enter(folder: Path, path: Path, prompt: str, also_by_code: bool = False) -> None:
    """Until the PIN was right. also_by_code: the recovery code does as well. Raises Refusal."""
    from kiosk.clock import Clock
    from kiosk.review.unlock import Unlock
    from kiosk.settings import SettingsError

    try:
        unlock = Unlock(folder, path)
    except SettingsError as error:
        raise Refusal(Reason.NEEDS_PIN, str(error)) from error
    while not unlock.is_open:
        typed = typed_line(prompt)
        if not typed:  # no try: a script that knows no PIN must not lock the sitter out
            raise Refusal(Reason.NEEDS_PIN, "This is guarded by the sitter's PIN, and none was typed.")
        if also_by_code and _is_code(folder, typed):
            return
        result = unlock.try_pin(typed, Clock().now().utc_ns)
        if result.ok:
            return
        if result.locked_s:
            raise Refusal(Reason.NEEDS_PIN, f"Too many wrong tries: the next one is taken in {result.locked_s:.0f} s.")
        if not sys.stdin.isatty() or not result.tries_left:
            raise Refusal(Reason.NEEDS_PIN, "This is guarded by the sitter's PIN, and what was typed is not it.")
        sys.stderr.write(f"This is not the PIN. {result.tries_left} more before a pause.\n")


def typed_line(prompt: str) -> str:
    """What a person types, unseen; a line of standard input where there is no terminal. "" at its end."""
    if sys.stdin.isatty():
        try:
            return getpass.getpass(prompt)
        except EOFError:
            return ""
    return sys.stdin.readline().rstrip("\r\n")


def _is_code(folder: Path, untrusted_code: str) -> bool:
    """Whether it is the recovery code of the folder's own key."""
    from kiosk.vault import place
    from kiosk.vault.fault import VaultError
    from kiosk.vault.key import key_of_code

    try:
        kept = place.load(folder)
        return kept is not None and key_of_code(untrusted_code).id == kept.id
    except VaultError:
        return False
