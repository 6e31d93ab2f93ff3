"""A key and the code by which a person keeps it on paper. Pure.

The code is the key itself in Crockford's base 32: no I, L, O or U, read in either case, and typed I, L or O are taken
for 1 and 0. Its last 24 bits are a checksum, so that a mistyped one is told at once (one in 16 million is not).
"""

from __future__ import annotations

import hashlib
import os

from kiosk.vault.fault import Reason, VaultError

KEY_BYTES = 32  # SQLCipher's raw key: AES-256
CHECK_BYTES = 3
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = (KEY_BYTES + CHECK_BYTES) * 8 // 5
GROUP = 4
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Key:
    """32 secret bytes. `id` names it without telling it; it prints as its id only."""

    __slots__ = ("id", "secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise VaultError(Reason.DAMAGED, detail=f"{len(secret)} bytes instead of {KEY_BYTES}")
        self.secret = secret
        self.id = hashlib.sha256(b"session-room key id 1\n" + secret).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"Key({self.id})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self.secret == other.secret

    def __hash__(self) -> int:
        return hash(self.id)


def new_key() -> Key:
    """A key that nobody had before."""
    return Key(os.urandom(KEY_BYTES))


def code_of(key: Key) -> str:
    """The recovery code: 14 groups of 4 letters, with "-" between them."""
    number = int.from_bytes(key.secret + _check(key.secret))
    letters = "".join(ALPHABET[number >> 5 * i & 31] for i in range(CODE_LETTERS - 1, -1, -1))
    return "-".join(letters[i : i + GROUP] for i in range(0, CODE_LETTERS, GROUP))


def key_of_code(untrusted_text: str) -> Key:
    """The key of a typed code; spaces and "-" anywhere are fine. Raises VaultError WRONG_CODE with what is wrong."""
    letters = "".join(c for c in untrusted_text.upper() if not c.isspace() and c not in "-\N{EN DASH}").translate(
        _MEANT
    )
    strange = next((c for c in letters if c not in ALPHABET), "")
    if strange:
        raise VaultError(Reason.WRONG_CODE, detail=f"{strange!r} is in no code")
    if len(letters) != CODE_LETTERS:
        raise VaultError(Reason.WRONG_CODE, detail=f"{len(letters)} letters and digits instead of {CODE_LETTERS}")
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    raw = number.to_bytes(KEY_BYTES + CHECK_BYTES)
    if _check(raw[:KEY_BYTES]) != raw[KEY_BYTES:]:
        raise VaultError(Reason.WRONG_CODE, detail="a letter is mistyped or two have changed places")
    return Key(raw[:KEY_BYTES])


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"session-room recovery 1\n" + secret).digest()[:CHECK_BYTES]
