"""The seal of a record: who recorded it, and that nothing was changed, moved or cut off up to here.

A hash chain shows a changed row but not rows cut off at its end. So its head is signed (Ed25519) together with the
number of rows and the session's id, as one more row of the same chain. The key lies in the data folder, in a file
that only its owner can read: it protects against a file that is altered on its way, not against who owns the computer.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.newfile import whole_file
from kiosk.record.fault import Reason, RecordError
from kiosk.session.events import ChainSealed

KEY_FILE = "signing.key"
PROVIDER_FILE = "provider.key"
"""A provider's own: it signs plans and never a session, as a room's key never signs a plan."""
_SEED_BYTES = 32  # RFC 8032
_UNSIGNED = '"signature":""'


class Signer:
    """This computer's signing key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def fingerprint(self) -> str:
        """Short enough to be read out, long enough not to be met by chance."""
        return fingerprint(self.public_key)

    def seal(self, length: int, head: bytes) -> ChainSealed:
        """The seal over the first `length` rows of a session, whose last hash is `head`; not yet signed."""
        return ChainSealed(length, head.hex(), self.fingerprint, self.public_key.hex(), "")

    def signed(self, session_id: str, line: str) -> str:
        """The seal's body with its signature: over all of the body, so that its own time and words cannot change."""
        signature = self._key.sign(message(session_id, line)).hex()
        return line.replace(_UNSIGNED, f'"signature":"{signature}"', 1)

    def sign_bytes(self, content: bytes) -> bytes:
        """Ed25519 over these bytes: 64 bytes."""
        return self._key.sign(content)


def fingerprint(public_key: bytes) -> str:
    """The first 100 bits of SHA-256 of the public key in five groups of five hex digits: "1f0c4-..."."""
    digits = hashlib.sha256(public_key).hexdigest()[:25]
    return "-".join(digits[i : i + 5] for i in range(0, 25, 5))


def message(session_id: str, line: str) -> bytes:
    """What a seal signs. line: its body with an empty signature, which holds length and head."""
    return f"session-room seal 1\n{session_id}\n{line}".encode()


def is_signed(public_key: bytes, signature: bytes, content: bytes) -> bool:
    """Whether this key made the signature over these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_sealed(seal: ChainSealed, line: str, session_id: str, length: int, head: bytes, vouched: str = "") -> bool:
    """Whether the seal is over just these rows, by the key that it names. line: its body as it is stored.

    vouched: fingerprint of a key that is known to have signed the whole chain, so that its earlier signatures within
    the chain need not be verified as well.
    """
    try:
        key, signature = bytes.fromhex(seal.public_key), bytes.fromhex(seal.signature)
    except ValueError:
        return False
    if (seal.length, seal.head, seal.key) != (length, head.hex(), fingerprint(key)):
        return False
    if seal.key == vouched:
        return True
    unsigned = line.replace(f'"signature":"{seal.signature}"', _UNSIGNED, 1)
    return is_signed(key, signature, message(session_id, unsigned))


def load_signer(folder: Path, file: str = KEY_FILE) -> Signer:
    """The data folder's key, made where there is none yet. Waits for the disk. file: `KEY_FILE` or `PROVIDER_FILE`.

    A key that cannot be read is never replaced: its fingerprint is what the provider knows. Raises RecordError NO_KEY.
    """
    path = folder / file
    try:
        if not path.exists():
            _make(path)
        raw = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise RecordError(Reason.NO_KEY, f"{path}: {error.strerror}") from error
    if len(raw) != _SEED_BYTES:
        raise RecordError(Reason.NO_KEY, f"{path} is damaged: {len(raw)} bytes instead of {_SEED_BYTES}")
    return Signer(Ed25519PrivateKey.from_private_bytes(raw))


def _make(path: Path) -> None:
    try:
        with whole_file(path) as part:
            part.write_bytes(os.urandom(_SEED_BYTES))
    except FileExistsError:
        pass  # another process of ours was first: its key is the key
