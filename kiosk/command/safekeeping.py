"""`kiosk key new|code|lock|restore|unlock`: the key with which a data folder's record and library are encrypted.

Codes and passphrases are read from the terminal without an echo, or as lines of standard input; never from the command
line or the environment.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk import datadir
from kiosk.backup import databases
from kiosk.clock import Clock, iso
from kiosk.command.entering import typed_line
from kiosk.failure import Reason, Refusal
from kiosk.record.fault import RecordError
from kiosk.settings import SettingsError, load_state
from kiosk.text import vault as text
from kiosk.vault import known, place, ring
from kiosk.vault.fault import Reason as VaultReason
from kiosk.vault.fault import VaultError
from kiosk.vault.key import Key, code_of, key_of_code, new_key

if TYPE_CHECKING:
    from kiosk.vault.place import Kept

TRIES = 3
PASSPHRASE_LEAST = 10


def new(args: argparse.Namespace, folder: Path) -> int:
    """Make the key, show its code, have it typed back, keep it, and encrypt what is there plain."""
    from kiosk.launch import finish_rewriting

    finish_rewriting(folder)
    with _held(folder):
        kept = place.load(folder)
        if kept is None:
            key = new_key()
            confirmed = _confirm(key)
            _keep(folder, key, args.key or text.FILE, confirmed)
        elif not plain_files(folder):
            raise VaultError(VaultReason.EXISTS, folder / datadir.KEY)
        encrypted = _encrypt_all(folder, known.key_of(folder))
    _tell(args, folder, encrypted)
    return 0


def code(args: argparse.Namespace, folder: Path) -> int:
    """Show the recovery code once more, and have it typed back."""
    key, kept = ask_key(folder), place.load(folder)
    if kept is None:
        raise VaultError(VaultReason.NONE_MADE, folder / datadir.KEY)
    place.save(folder, msgspec.structs.replace(kept, confirmed_utc=_confirm(key)))
    _tell(args, folder, [])
    return 0


def lock(args: argparse.Namespace, folder: Path) -> int:
    """Move the key to another place. A code that was never typed back comes first: a lost key is a lost record."""
    key, kept = ask_key(folder), place.load(folder)
    if kept is None:
        raise VaultError(VaultReason.NONE_MADE, folder / datadir.KEY)
    _keep(folder, key, args.key or text.KEYRING, kept.confirmed_utc or _confirm(key))
    if kept.place == text.KEYRING and args.key != text.KEYRING:
        ring.forget(key.id)
    _tell(args, folder, [])
    return 0


def restore(args: argparse.Namespace, folder: Path) -> int:
    """Take the key from its recovery code, where it was lost or on another computer; tried on the record first."""
    from kiosk.record.reader import Reader

    key = _typed_code()
    known.give(folder, key)
    for path in databases(folder):
        Reader(path).close()
    _keep(folder, key, args.key or text.FILE, iso(Clock().now().utc_ns))
    _tell(args, folder, [])
    return 0


def unlock(args: argparse.Namespace, folder: Path) -> int:
    """Give a room that runs its key: the passphrase is asked for, or the code where there is none."""
    from kiosk.hatch import HatchError, hand_over

    key = ask_key(folder)
    try:
        taken = hand_over(folder, key)
    except HatchError as error:
        raise Refusal(Reason.NOT_FOUND, f"No room runs on {folder} that could take the key ({error}).") from error
    if not taken:
        raise Refusal(Reason.FAILED, "The room did not take the key: it belongs to another data folder.")
    sys.stdout.write("The room has its key. What waited is written now.\n")
    return 0


def ask_key(folder: Path) -> Key:
    """The folder's key from its place, else from what a person types. Raises VaultError."""
    kept = place.load(folder) if (folder / datadir.KEY).exists() else None
    if kept is not None and kept.place == text.PASSPHRASE:
        return known.unlock(folder, typed_line("Passphrase: "))
    try:
        return known.key_of(folder)
    except VaultError:
        key = _typed_code()
        known.give(folder, key)
        return key


def plain_files(folder: Path) -> list[str]:
    """Those that are not encrypted."""
    from kiosk.record.opener import is_plain

    return [path.name for path in databases(folder) if is_plain(path)]


def _encrypt_all(folder: Path, key: Key) -> list[str]:
    from kiosk.record.rewrite import encrypt

    return [path.name for path in databases(folder) if encrypt(path, key.secret, folder)]


def _keep(folder: Path, key: Key, where: str, confirmed_utc: str) -> None:
    has_pin = place.expects_pin(folder) or bool(load_state(folder).pin.hash)
    kept = _kept(folder, key, where)
    place.save(folder, msgspec.structs.replace(kept, confirmed_utc=confirmed_utc, has_pin=has_pin))
    known.give(folder, key)


def _kept(folder: Path, key: Key, where: str) -> Kept:
    if where == text.FILE:
        return place.in_file(key)
    if where == text.KEYRING:
        return place.in_keyring(key, ring.put(key))
    first, second = typed_line("New passphrase: "), typed_line("The same again: ")
    if first != second:
        raise Refusal(Reason.NEEDS_ANSWER, "The two passphrases differ. Nothing was changed; try again.")
    if len(first) < PASSPHRASE_LEAST:
        raise Refusal(
            Reason.NEEDS_ANSWER, f"Use {PASSPHRASE_LEAST} characters or more: four unusual words are good. Try again."
        )
    return place.wrap(key, first)


def _confirm(key: Key) -> str:
    """Show the code and have it typed back; when that was (UTC). Raises Refusal."""
    sys.stderr.write(text.here_is_the_code(code_of(key)) + "\n\n")
    for _ in range(TRIES if sys.stdin.isatty() else 1):
        try:
            if key_of_code(_line(text.type_it_back())) == key:
                return iso(Clock().now().utc_ns)
        except VaultError as error:
            sys.stderr.write(text.why(error) + "\n")
    raise Refusal(Reason.NEEDS_ANSWER, text.not_the_same())


def _typed_code() -> Key:
    return key_of_code(_line("Recovery code: "))


def _line(prompt: str) -> str:
    """A code is read from paper: whoever types 56 letters has to see them."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline()


def _held(folder: Path) -> datadir.Lock:
    try:
        return datadir.hold_lock(folder)
    except datadir.DataDirError as error:
        raise Refusal(Reason.IN_USE, str(error)) from error


def _tell(args: argparse.Namespace, folder: Path, encrypted: list[str]) -> None:
    import json

    kept = place.load(folder)
    assert kept is not None
    if args.json:
        facts = {"id": kept.id, "place": kept.place, "confirmed": bool(kept.confirmed_utc), "encrypted": encrypted}
        sys.stdout.write(json.dumps(facts) + "\n")
        return
    for name in encrypted:
        sys.stdout.write(f"{name} is encrypted; the same in every row. The plain file is removed.\n")
    sys.stdout.write(text.protects(kept.place, kept.backend) + "\n")


RUN = {"new": new, "code": code, "lock": lock, "restore": restore, "unlock": unlock}


def run(args: argparse.Namespace, folder: Path) -> int:
    """One of them. Raises Refusal."""
    from kiosk.launch import record_sentence

    allowed = (None,) if args.action in ("code", "unlock") else (None, text.FILE, text.KEYRING, text.PASSPHRASE)
    if args.key not in allowed:
        wanted = "file, keyring, passphrase or nothing" if len(allowed) > 1 else "nothing"
        raise Refusal(Reason.BAD_SETTING, f"kiosk key {args.action} takes {wanted} behind it, not {args.key}.")
    try:
        return RUN[args.action](args, folder)
    except VaultError as error:
        raise Refusal(Reason.FAILED, text.why(error)) from error
    except SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error
