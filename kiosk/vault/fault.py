"""The vault's one error: why a data folder's key cannot be had now."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Reason(StrEnum):
    """What is wrong with the key."""

    NONE_MADE = "no key was made here"
    LOCKED = "the key is locked"
    DAMAGED = "the key file is damaged"
    UNREADABLE = "the key file cannot be read"
    NOT_SAVED = "the key could not be saved"
    NO_KEYRING = "this computer has no keyring that keeps it"
    WRONG_CODE = "this is no recovery code"
    OTHER_KEY = "this is another folder's key"
    WRONG_PASSPHRASE = "wrong passphrase"  # noqa: S105 - a reason, no password
    EXISTS = "there is a key already"


class VaultError(Exception):
    """reason says what, path where, detail what the system said; never with a part of a key or a passphrase."""

    def __init__(self, reason: Reason, path: Path | None = None, detail: str = "") -> None:
        super().__init__(reason, path, detail)
        self.reason, self.path, self.detail = reason, path, detail

    def __str__(self) -> str:
        """For a log; what a person reads is made by `kiosk.text`."""
        more = ", ".join(part for part in (str(self.path) if self.path else "", self.detail) if part)
        return f"{self.reason}" + (f" ({more})" if more else "")
