"""The series as the screen draws it: words ready to be shown, a part of `View`."""

from __future__ import annotations

from typing import Literal

import msgspec


class CalendarLine(msgspec.Struct, frozen=True):
    """One planned session, or one beside the plan. stands decides its sign."""

    what: str  # "Session 4 of 6"
    days: str  # "Sat 14 Nov – Tue 17 Nov 2026"
    word: str  # "done", "due", ...
    stands: Literal["done", "due", "missed", "planned"]


class Calendar(msgspec.Struct, frozen=True):
    """The series around today. earlier: how many lines before the first one are not shown. facts: doses, renewal.

    against: why a session today is beside the plan, () where it is not or the session is over.
    """

    title: str
    pattern: str
    lines: tuple[CalendarLine, ...]
    earlier: int = 0
    facts: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
