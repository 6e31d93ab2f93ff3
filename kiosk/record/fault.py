"""The record's one error. Raised by recorder, reader and schema; never raised for a disk that is full for a while
(that is told by `on_failed`, and the rows wait)."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why the record refuses; the words of `text.py` hang on these."""

    NEWER_FILE = "written by a newer version"
    OLDER_FILE = "not yet brought to this version"
    OLDER_LIBRARY = "a library that was not yet brought to this version"
    FOREIGN_FILE = "not a session record"
    DAMAGED_SCHEMA = "protection missing"
    OLD_SQLITE = "SQLite too old"
    CANNOT_OPEN = "cannot be opened"
    NO_SESSION = "no session is open"
    SESSION_OPEN = "a session is open already"
    UNKNOWN_SESSION = "unknown session"
    UNREADABLE_ROW = "a row cannot be read"
    NOT_WRITABLE_AS_TEXT = "cannot be written down"
    MEMORY_FULL = "too many rows wait for the disk"
    NOT_SAVED = "rows could not be saved"
    OTHER_CHAIN = "the file ends otherwise than it was written"
    NO_KEY = "the signing key cannot be used"
    KEY_LOCKED = "the key is locked"
    KEY_MISSING = "it is encrypted, and its key is not here"
    WRONG_KEY = "it does not open with this key"
    DAMAGED = "the file is damaged"
    IN_USE = "another program has it open"
    NOT_A_LIBRARY = "this is the record of a room, not a library"
    A_LIBRARY = "this is a library, not the record of a room"
    EXISTS = "the target exists already"
    COPY_FAILED = "the copy could not be written"


# What opening the file for writing mends.
OLDER = frozenset({Reason.OLDER_FILE, Reason.OLDER_LIBRARY})
# What a key that comes later can mend: rows wait for it.
LOCKED = frozenset({Reason.KEY_LOCKED, Reason.KEY_MISSING})


class RecordError(Exception):
    """reason says what, detail says where or with which numbers; str() is a sentence."""

    def __init__(self, reason: Reason, detail: str = "", *, count: int = 0) -> None:
        super().__init__(reason, detail, count)
        self.reason = reason
        self.detail = detail
        self.count = count

    def __str__(self) -> str:
        """The sentence for a log; what a person reads is made by `text.py` from reason and data."""
        return f"record: {self.reason}" + (f" ({self.detail})" if self.detail else "")
