"""The one error of `kiosk.exchange`: what was asked for cannot be put into this format as it should be."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why nothing was made."""

    NO_LETTER = "the font has no such letter"
    TOO_LONG = "does not fit on one page"
    ALTERED = "the record is not what was written"
    NO_SESSION = "the rows do not begin with the opening of a session"


class ExchangeError(Exception):
    """reason, and detail: the text or the part that is meant. A person's sentence hangs on the reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        """For a log."""
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)
