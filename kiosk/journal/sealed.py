"""The journal as bytes: argon2id makes a key of the passphrase, that key holds the journal's own, which seals the text.

Pure. One JSON line that says how (no secret in it), then the sealed content. ChaCha20-Poly1305 (RFC 8439) with a new
random nonce at each sealing; argon2id with RFC 9106's second choice. The content is padded, so that the file's size
tells little of how much was written. Two keys, so that a check of the passphrase and damage are told apart.
"""

from __future__ import annotations

import secrets
import unicodedata

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.journal.entry import Content
from kiosk.journal.fault import JournalError, Reason

FORMAT = "session-room journal 1"
KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
BLOCK = 4096
SHORTEST = 8
MOST_MEMORY_KIB, MOST_TIME = 1 << 21, 64  # a damaged file must not take the computer's memory


class Cost(msgspec.Struct, frozen=True):
    """How dear a try is: passes, memory in KiB, lanes (RFC 9106, section 4, second recommended option)."""

    time: int = 3
    memory_kib: int = 1 << 16
    lanes: int = 4


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line. wrapped: the journal's key, sealed with the passphrase's."""

    format: str
    cost: Cost
    salt: bytes
    wrapped: bytes


class Key(msgspec.Struct, frozen=True):
    """What is held while the journal is open: the first line as it stands, and the journal's key."""

    head: bytes
    key: bytes


def new_key(passphrase: str, cost: Cost) -> Key:
    """A new journal's key under a new salt. Raises JournalError TOO_SHORT."""
    if len(passphrase) < SHORTEST:
        raise JournalError(Reason.TOO_SHORT)
    salt, key = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(KEY_BYTES)
    wrapped = _seal(_derived(passphrase, salt, cost), key, _bound(salt, cost))
    return Key(msgspec.json.encode(Head(FORMAT, cost, salt, wrapped)) + b"\n", key)


def seal(key: Key, content: Content) -> bytes:
    """The whole file."""
    plain = msgspec.msgpack.encode(content)
    plain = len(plain).to_bytes(8) + plain
    return key.head + _seal(key.key, plain + bytes(-len(plain) % BLOCK), key.head)


def unseal(whole: bytes, passphrase: str) -> tuple[Key, Content]:
    """Key and content of a file. Raises JournalError WRONG, DAMAGED or OF_ANOTHER_FORM."""
    head_line, head = _read_head(whole)
    try:
        opened = _open(_derived(passphrase, head.salt, head.cost), head.wrapped, _bound(head.salt, head.cost))
    except InvalidTag:
        raise JournalError(Reason.WRONG) from None
    key = Key(head_line, opened)
    try:
        plain = _open(key.key, whole[len(head_line) :], head_line)
        length = int.from_bytes(plain[:8])
        return key, msgspec.msgpack.decode(plain[8 : 8 + length], type=Content)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        raise JournalError(Reason.DAMAGED) from None  # the error's own words could hold words of an entry


def opens(key: Key, passphrase: str) -> bool:
    """Whether this is the passphrase of an open journal."""
    _line, head = _read_head(key.head)
    try:
        _open(_derived(passphrase, head.salt, head.cost), head.wrapped, _bound(head.salt, head.cost))
    except InvalidTag:
        return False
    return True


def _read_head(whole: bytes) -> tuple[bytes, Head]:
    line, end, _rest = whole.partition(b"\n")
    try:
        head = msgspec.json.decode(line, type=Head)
    except (msgspec.DecodeError, ValueError):
        raise JournalError(Reason.DAMAGED) from None
    if head.format != FORMAT:
        raise JournalError(Reason.OF_ANOTHER_FORM)
    cost = head.cost
    if not (0 < cost.time <= MOST_TIME and 8 * cost.lanes <= cost.memory_kib <= MOST_MEMORY_KIB and cost.lanes > 0):
        raise JournalError(Reason.DAMAGED)
    if len(head.salt) < 8:
        raise JournalError(Reason.DAMAGED)
    return line + end, head


def _bound(salt: bytes, cost: Cost) -> bytes:
    """What the wrapped key is bound to, so that no cheaper cost can be put beside it."""
    return msgspec.json.encode((FORMAT, cost, salt))


def _derived(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The same letters make the same key, however a keyboard composes them."""
    secret = unicodedata.normalize("NFC", passphrase).encode()
    return hash_secret_raw(secret, salt, cost.time, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def _seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, bound)


def _open(key: bytes, box: bytes, bound: bytes) -> bytes:
    if len(box) < NONCE_BYTES + 16:
        raise InvalidTag
    return ChaCha20Poly1305(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
