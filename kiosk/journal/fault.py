"""What can go wrong with the journal. An error never carries a word of an entry or of the passphrase."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why the journal cannot be used; the key of its sentence in `kiosk.text.journal`."""

    NOT_THERE = "not there"
    THERE_ALREADY = "there already"
    TOO_SHORT = "too short"
    WRONG = "wrong passphrase"
    WAIT = "wait"
    DAMAGED = "damaged"
    OF_ANOTHER_FORM = "of another form"
    IN_USE = "in use"
    DISK = "disk"
    TOO_LONG = "too long"


class JournalError(Exception):
    """reason says what. wait_s: seconds until the next try is taken. detail: of the disk, in the system's words."""

    def __init__(self, reason: Reason, *, wait_s: float = 0.0, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.wait_s, self.detail = reason, wait_s, detail
