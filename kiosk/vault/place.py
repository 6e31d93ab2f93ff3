"""Where a data folder's key is kept: `key.json`, mode 0600, written whole or not at all.

Three places. "file": the key stands in `key.json`: whoever can read the folder can read the record; a copy of the
record alone cannot be read. "keyring": in the desktop's keyring, which is as closed as the login's password makes
it. "passphrase": in `key.json`, wrapped by a passphrase (argon2id, ChaCha20-Poly1305), and typed in at each start.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.datadir import KEY
from kiosk.durable import replace_file
from kiosk.vault.fault import Reason, VaultError
from kiosk.vault.key import Key
from kiosk.vault.letterbox import public_of

Place = Literal["file", "keyring", "passphrase"]
_SALT_BYTES, _NONCE_BYTES = 16, 12


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `key.json` says. id: of the key (`Key.id`). secret: hex, of the place "file". salt, wrapped: hex, of
    "passphrase". backend: which keyring took it. confirmed_utc: when its recovery code was typed back, "" if never.
    has_pin: a sitter's PIN was set here, so that its absence from `state.json` opens nothing. letterbox: of a key that
    can be locked, the public half (`letterbox.public_of`).
    """

    id: str
    place: Place
    secret: str = ""
    salt: str = ""
    wrapped: str = ""
    backend: str = ""
    confirmed_utc: str = ""
    has_pin: bool = False
    letterbox: str = ""
    version: Literal[1] = 1


def load(folder: Path) -> Kept | None:
    """What is known of the folder's key, None where none was made. Raises VaultError DAMAGED or UNREADABLE."""
    path = folder / KEY
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VaultError(Reason.UNREADABLE, path, error.strerror or "") from error
    try:
        return msgspec.json.decode(raw, type=Kept)
    except msgspec.MsgspecError as error:
        raise VaultError(Reason.DAMAGED, path) from error


def save(folder: Path, kept: Kept) -> None:
    """The whole new one or the whole old one, also through a power cut. Raises VaultError NOT_SAVED."""
    path = folder / KEY
    try:
        replace_file(path, msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
    except OSError as error:
        raise VaultError(Reason.NOT_SAVED, path, error.strerror or "") from error


def remember_pin(folder: Path) -> None:
    """A PIN was set in this data folder. Nothing where it has no key. Raises VaultError."""
    kept = load(folder)
    if kept is not None and not kept.has_pin:
        save(folder, msgspec.structs.replace(kept, has_pin=True))


def remember_letterbox(folder: Path, key: Key) -> None:
    """A key that can be locked gets its letterbox, where an older program kept it without one. Raises VaultError."""
    kept = load(folder)
    if kept is not None and kept.id == key.id and kept.place != "file" and not kept.letterbox:
        save(folder, msgspec.structs.replace(kept, letterbox=public_of(key)))


def has_letterbox(folder: Path) -> bool:
    """Whether something can be closed for the folder's key while that is locked."""
    try:
        kept = load(folder)
    except VaultError:
        return False
    return kept is not None and bool(kept.letterbox)


def expects_pin(folder: Path) -> bool:
    """Whether one was set. A key file that cannot be read says so as well: then nothing is shown anyway."""
    try:
        kept = load(folder)
    except VaultError:
        return True
    return kept is not None and kept.has_pin


def in_file(key: Key) -> Kept:
    """The key as it stands in a file."""
    return Kept(key.id, "file", secret=key.secret.hex())


def from_file(kept: Kept, path: Path) -> Key:
    """The key of the place "file". Raises VaultError DAMAGED."""
    try:
        key = Key(bytes.fromhex(kept.secret))
    except ValueError as error:
        raise VaultError(Reason.DAMAGED, path) from error
    if key.id != kept.id:
        raise VaultError(Reason.DAMAGED, path)
    return key


def wrap(key: Key, passphrase: str) -> Kept:
    """The key behind a passphrase. Takes some 0.1 s and 64 MiB, on purpose."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(_stretch(passphrase, salt)).encrypt(nonce, key.secret, key.id.encode())
    return Kept(key.id, "passphrase", salt=salt.hex(), wrapped=(nonce + sealed).hex(), letterbox=public_of(key))


def in_keyring(key: Key, backend: str) -> Kept:
    """A key that the keyring of this name has taken."""
    return Kept(key.id, "keyring", backend=backend, letterbox=public_of(key))


def unwrap(kept: Kept, passphrase: str, path: Path) -> Key:
    """The key behind a passphrase. Raises VaultError WRONG_PASSPHRASE or DAMAGED."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        salt, raw = bytes.fromhex(kept.salt), bytes.fromhex(kept.wrapped)
        opener = ChaCha20Poly1305(_stretch(passphrase, salt))
        return Key(opener.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], kept.id.encode()))
    except InvalidTag as error:
        raise VaultError(Reason.WRONG_PASSPHRASE, path) from error
    except ValueError as error:
        raise VaultError(Reason.DAMAGED, path) from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    """RFC 9106's second recommendation, for small memory: 64 MiB, three passes, four lanes."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(passphrase.encode(), salt, 3, 64 * 1024, 4, 32, Type.ID)
