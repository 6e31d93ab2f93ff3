"""The keys that this process knows, and how one is looked up when a file is opened.

A process's own memory, like an agent's: whoever opens a record needs no key in hand. A keyring is asked once a
process, and never waited for where monitoring would wait with it (`ask`).
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from kiosk.datadir import KEY
from kiosk.vault import place
from kiosk.vault.fault import Reason, VaultError
from kiosk.vault.key import CODE_LETTERS, Key, key_of_code
from kiosk.vault.ring import Asking

PERSON_ANSWERS_S = 60.0  # a dialog of the desktop that asks for the login's password

_guard = threading.Lock()
_given: dict[Path, Key] = {}
_asking: dict[Path, Asking] = {}


def give(folder: Path, key: Key) -> None:
    """From now on this is the folder's key in this process. Raises VaultError OTHER_KEY: `key.json` names another."""
    kept = _kept(folder)
    if kept is not None and kept.id != key.id:
        raise VaultError(Reason.OTHER_KEY, folder / KEY)
    with _guard:
        _given[folder.resolve()] = key


def forget(folder: Path) -> None:
    """As if this process had never known it."""
    with _guard:
        _given.pop(folder.resolve(), None)
        _asking.pop(folder.resolve(), None)


def given(folder: Path) -> Key | None:
    """The key that this process was given or got from a keyring, None where it has only looked into the key file."""
    return _given.get(folder.resolve())


def has_key(folder: Path) -> bool:
    """Whether a key was made for this folder, be it locked or its file damaged."""
    return folder.resolve() in _given or (folder / KEY).exists()


def key_of(folder: Path) -> Key:
    """The folder's key. Raises VaultError: none was made, it is locked, its file is damaged."""
    found = _given.get(folder.resolve())
    if found:
        return found
    path = folder / KEY
    kept = place.load(folder)
    if kept is None:
        raise VaultError(Reason.NONE_MADE, path)
    if kept.place == "file":
        return place.from_file(kept, path)
    if kept.place == "passphrase":
        raise VaultError(Reason.LOCKED, path, "by a passphrase")
    is_new = folder.resolve() not in _asking
    asking = _ask(folder, kept.id)
    key = asking.wait(PERSON_ANSWERS_S if is_new else 0)
    if key is None:
        raise VaultError(Reason.LOCKED, path, asking.why)
    return key


def ask(folder: Path, within_s: float) -> None:
    """Ask the keyring, if that is the key's place, and wait so long at most: a later answer counts as well."""
    kept = _kept(folder)
    if kept is not None and kept.place == "keyring" and folder.resolve() not in _given:
        _ask(folder, kept.id).wait(within_s)


def unlock(folder: Path, passphrase: str) -> Key:
    """The key behind a passphrase, known from now on. Raises VaultError."""
    kept = place.load(folder)
    if kept is None or kept.place != "passphrase":
        raise VaultError(Reason.NONE_MADE if kept is None else Reason.WRONG_PASSPHRASE, folder / KEY)
    key = place.unwrap(kept, passphrase, folder / KEY)
    give(folder, key)
    remember_letterbox(folder)
    return key


def remember_letterbox(folder: Path) -> None:
    """A key that this process was given gets its letterbox, if it has none yet; a disk that refuses loses nothing."""
    key = given(folder)
    if key is not None:
        with contextlib.suppress(VaultError):
            place.remember_letterbox(folder, key)


def opened_by(folder: Path, untrusted_secret: str) -> Key:
    """The folder's key by what a person typed: its passphrase, or its recovery code. Raises VaultError.

    A passphrase that looks like a code is tried as a passphrase first.
    """
    kept = _kept(folder)
    if kept is not None and kept.place == "passphrase":
        try:
            return place.unwrap(kept, untrusted_secret, folder / KEY)
        except VaultError as error:
            if error.reason is not Reason.WRONG_PASSPHRASE or len(untrusted_secret) < CODE_LETTERS:
                raise
    key = key_of_code(untrusted_secret)
    if kept is not None and kept.id != key.id:
        raise VaultError(Reason.OTHER_KEY, folder / KEY)
    return key


def _ask(folder: Path, key_id: str) -> Asking:
    with _guard:
        known = _asking.get(folder.resolve())
        if known is None:
            known = _asking[folder.resolve()] = Asking(key_id, lambda key: give(folder, key))
    return known


def _kept(folder: Path) -> place.Kept | None:
    """A key file that cannot be read says nothing of which key it was: a recovery code is taken all the same."""
    try:
        return place.load(folder)
    except VaultError:
        return None
