"""The plan's word on the hours after, and that the patient was given it: rest, driving, decisions, who stays.

Pure, a part of the plan (`kiosk.session.plan`). A clock time is one of the day after the dose: "09:00" after a dose at
23:30 comes nine and a half hours later, after a dose at 0:30 a day later. Where the plan says none, none is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.verdict import Decision, Refused, Why

if TYPE_CHECKING:
    from kiosk.session.state import State

LONGEST_SHARED = 20_000  # letters of one journal entry; a line of the screen holds no more


class Aftercare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """driving_from, decisions_from: clock time of the next day ("09:00") before which there is none, "" : no time set.

    stays: who stays for the night, "" where the plan names nobody.
    """

    driving_from: str = ""
    decisions_from: str = ""
    stays: str = ""


def aftercare_problems(aftercare: Aftercare) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path in the plan, what is wrong)."""
    for field in ("driving_from", "decisions_from"):
        typed: str = getattr(aftercare, field)
        if typed and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", typed):
            yield ("aftercare", field), f"{typed!r} must be a time of day like 09:00"


def next_day(dose_utc_ns: int, offset_min: int) -> date:
    """The local day after the dose."""
    zone = timezone(timedelta(minutes=offset_min))
    return datetime.fromtimestamp(dose_utc_ns / 1e9, UTC).astimezone(zone).date() + timedelta(days=1)


def give(state: State, command: c.GivePage) -> Decision:
    """The page is the patient's once they are released; given again it is told again."""
    if state.ladder.released_utc_ns is None:
        return Refused(Why.NOT_RELEASED)
    return [e.PageGiven(command.how)]


def share(state: State, command: c.ShareEntry) -> Decision:
    """One entry of the patient's journal, as they confirmed it; nothing of the others is known here."""
    if not command.text.strip():
        return Refused(Why.EMPTY, "text")
    if len(command.text) > LONGEST_SHARED:
        return Refused(Why.TOO_LONG, "text")
    return [e.EntryShared(command.text, command.prompt, command.written_utc_ns)]
