"""A provider's signature on a plan: the last line of its file, a comment, over every byte before it.

One file, so that plan and signature cannot be parted by chance; the record keeps the plan's text and with it the
signature. Used where a plan is read, signed and shown. Who changes one byte is found out; who takes the whole line
away has an unsigned plan, and that is said everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kiosk.record.seal import Signer

_LINE = re.compile(r"# signed: ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\n")
# What is left of a signature that somebody bent: the words, or as many digits as only a signature has.
_BEGUN = re.compile(r"signed: ed25519|[0-9a-fA-F]{60}")
_OWN_LINE = "# signed: ed25519 "


class Signature(msgspec.Struct, frozen=True):
    """A signature that holds. key: fingerprint of who made it; public_key in hex."""

    key: str
    public_key: str


class SignatureError(Exception):
    """The plan was signed, and is not what was signed. key: fingerprint of the key in it, "" if none can be read."""

    def __init__(self, key: str = "") -> None:
        super().__init__(key)
        self.key = key


def read(text: str) -> Signature | None:
    """The signature of a plan's exact text, None where it has none. Raises SignatureError where it does not hold."""
    content, line = parted(text)
    found = _LINE.fullmatch(line)
    if found is None:
        if _BEGUN.search(text):
            raise SignatureError
        return None
    from kiosk.record.seal import fingerprint, is_signed

    key = bytes.fromhex(found[1])
    if _BEGUN.search(content) or not is_signed(key, bytes.fromhex(found[2]), _message(content)):
        raise SignatureError(fingerprint(key))
    return Signature(fingerprint(key), found[1])


def signer_of(text: str) -> str:
    """Fingerprint of the key whose signature holds, "" where there is none."""
    try:
        found = read(text)
    except SignatureError:
        return ""
    return found.key if found else ""


def signed(text: str, signer: Signer) -> str:
    """The plan with this signature as its last line, in the place of an older one, whether that holds or not.

    Raises SignatureError where something of a signature stands elsewhere: it would never hold.
    """
    content, line = parted(text)
    content = content if line.startswith(_OWN_LINE) else text
    if _BEGUN.search(content):
        raise SignatureError
    content = content if content.endswith("\n") else content + "\n"
    return f"{content}# signed: ed25519 {signer.public_key.hex()} {signer.sign_bytes(_message(content)).hex()}\n"


def parted(text: str) -> tuple[str, str]:
    """All before the last line, and the last line with its end."""
    at = text.rfind("\n", 0, len(text) - 1) + 1
    return text[:at], text[at:]


def _message(content: str) -> bytes:
    return b"session-room plan 1\n" + content.encode()
