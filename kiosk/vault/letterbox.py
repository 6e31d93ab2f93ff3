"""What can be closed without the key, and is opened with the key alone: for a room whose key is locked.

HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305). The private half is made from the folder's key, so whoever has
that, or its recovery code, has this; the public half stands in `key.json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.vault.fault import Reason, VaultError
from kiosk.vault.key import KEY_BYTES, Key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

_FOR = b"session-room letterbox 1"


def public_of(key: Key) -> str:
    """What `close` needs, in hex: it opens nothing."""
    return _private(key).public_key().public_bytes_raw().hex()


def close(public: str, content: bytes) -> bytes:
    """Only the key of this public half opens it again; not even who closed it. Raises VaultError DAMAGED."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        half = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
    except ValueError as error:
        raise VaultError(Reason.DAMAGED, detail="its letterbox") from error
    return _suite().encrypt(content, half, _FOR)


def opened(key: Key, sealed: bytes) -> bytes:
    """What was closed, whole and unaltered. Raises VaultError OTHER_KEY: another folder's, or damaged."""
    from cryptography.exceptions import InvalidTag

    try:
        return _suite().decrypt(sealed, _private(key), _FOR)
    except (InvalidTag, ValueError) as error:
        raise VaultError(Reason.OTHER_KEY) from error


def _suite() -> Suite:
    from cryptography.hazmat.primitives import hpke

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _private(key: Key) -> X25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return X25519PrivateKey.from_private_bytes(HKDF(SHA256(), KEY_BYTES, None, _FOR).derive(key.secret))
