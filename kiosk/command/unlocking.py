"""Asks for the passphrase of a data folder's key, where it has one and somebody sits at a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk import datadir
from kiosk.command.entering import typed_line
from kiosk.failure import Reason, Refusal

TRIES = 3


def make_ready(data_dir: Path | None) -> None:
    """The key, and what waited for it, before a command reads the record. Raises Refusal."""
    from kiosk.launch import take_leftovers_aside

    ask_if_locked(data_dir)
    take_leftovers_aside(data_dir or datadir.default())


def ask_if_locked(data_dir: Path | None) -> None:
    """Nothing where the key is no passphrase's, or nobody could type one: then the command says itself what is locked.

    Raises Refusal after the third wrong one.
    """
    folder = data_dir or datadir.default()
    if not (folder / datadir.KEY).exists() or not sys.stdin.isatty():
        return
    from kiosk.text.vault import why
    from kiosk.vault import known, place
    from kiosk.vault.fault import VaultError

    refused = ""
    for _ in range(TRIES):
        try:
            kept = place.load(folder)
            if kept is None or kept.place != "passphrase":
                return
            known.unlock(folder, typed_line("Passphrase: "))
            return
        except VaultError as error:
            refused = why(error)
            sys.stderr.write(refused + "\n")
    raise Refusal(Reason.NEEDS_ANSWER, refused)
