"""The one error of the media package: a reason to act on, and what it was about. Sentences are made elsewhere."""

from __future__ import annotations

from enum import StrEnum


class MediaReason(StrEnum):
    """What went wrong."""

    NO_SERVER = "no_server"
    OUTPUT_GONE = "output_gone"
    NO_VLC = "no_vlc"
    NOT_FOUND = "not_found"
    NOT_LOCAL = "not_local"
    NOTHING_PLAYABLE = "nothing_playable"
    UNREADABLE = "unreadable"
    UNWRITABLE = "unwritable"
    NOT_SOUND = "not_sound"
    BAD_NAME = "bad_name"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"


class MediaError(Exception):
    """reason: for the program; subject: the file, folder, address or output; detail: the system's own words."""

    def __init__(self, reason: MediaReason, subject: str = "", detail: str = "") -> None:
        super().__init__(f"{reason.value}: {subject} {detail}".rstrip())
        self.reason = reason
        self.subject = subject
        self.detail = detail
