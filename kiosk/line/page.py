"""What the monitor and the child that makes the patient's page say to each other: one page wanted, one answer."""

from __future__ import annotations

from typing import Literal

import msgspec


class Make(msgspec.Struct, frozen=True, tag="make"):
    """One page as a new file `path`. tomorrow: ISO date of the day after the dose. printed: hand it to the printer."""

    plan_toml: str
    path: str
    tomorrow: str
    letter_paper: bool = False
    printed: bool = False


class Made(msgspec.Struct, frozen=True, tag="made"):
    """It is on the disk, whole; printed: the print system took it as well."""

    path: str
    printed: bool = False


class NotMade(msgspec.Struct, frozen=True, tag="not_made"):
    """Why not. path: where it was saved all the same, when only printing failed."""

    reason: Literal["no letter", "too long", "disk", "no printer", "printer refused", "ended"]
    detail: str = ""
    path: str = ""


FromPage = Made | NotMade
