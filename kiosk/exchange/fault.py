"""The one error of `kiosk.exchange`: what was asked for cannot be put into this format as it should be."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why nothing was made."""

    NO_LETTER = "the font has no such letter"
    TOO_LONG = "does not fit on one page"
    ALTERED = "the record is not what was written"
    NO_SESSION = "the rows do not begin with the opening of a session"
    NOT_A_RECIPIENT = "not an age recipient"
    SECRET_KEY = "a secret key where a recipient belongs"  # noqa: S105 - says what it is
    NOT_AN_IDENTITY = "no age identity"
    NEEDS_IDENTITY = "encrypted, and no identity was given"
    OTHER_READER = "encrypted for other readers, or its beginning is damaged"
    BROKEN = "encrypted, and damaged or cut off"


class ExchangeError(Exception):
    """reason, and detail: the text or the part that is meant. A person's sentence hangs on the reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        """For a log."""
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)
