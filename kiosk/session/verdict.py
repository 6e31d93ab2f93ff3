"""What `decide` answers: events, a refusal with its reason, a question back, or a typed value. No rule of its own.

Pure vocabulary, shared by every module that decides (`decision`, `preparation`, `standing`, `correction`); a reason
is never a sentence, `kiosk.text.refusal` makes that.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from devices.reading import Measurement, Stamp
from kiosk.session.events import Event


class Why(StrEnum):
    """Why a command is refused; the key of its sentence."""

    NOT_OPEN = "not open"
    NOT_STARTED = "not started"
    ALREADY_STARTED = "already started"
    ENDED = "ended"
    SECOND_DOSE = "second dose"
    IN_THE_FUTURE = "in the future"
    TOO_LONG_AGO = "too long ago"
    NO_SUCH_PHASE = "no such phase"
    NO_SUCH_NOTE = "no such note"
    EMPTY = "empty"
    IMPOSSIBLE = "impossible"
    SOMETHING_STANDS = "something stands"  # the pane stays while anything is signalled or the patient calls
    NOT_ASKED = "not asked"  # a question about pairing that is over
    NOT_HERE = "not here"  # not a command of the session's state
    CHECKS_MISSING = "checks missing"
    NO_SUCH_CHECK = "no such check"
    NO_SUCH_ANSWER = "no such answer"
    NOT_MEASURED = "not measured"  # the check takes a live value and there is none
    NOTHING_SENT = "nothing sent"  # the check compares a pressure from the cuff and none came
    NOT_TESTED = "not tested"  # the tone was not played, or not heard by the sound server
    REASON_TOO_SHORT = "reason too short"
    NAME_MISSING = "name missing"
    MAY_NOT_OVERRIDE = "may not override"
    NOTHING_TO_OVERRIDE = "nothing to override"
    NO_SUCH_ACT = "no such act"
    TOO_LATE_TO_UNDO = "too late to undo"
    NOTHING_DUE = "nothing due"
    NO_SUCH_HAPPENING = "no such happening"
    NOT_CONFIRMED = "not confirmed"
    ALREADY_SO = "already so"
    NO_MINIMUM = "no minimum"
    BEFORE_MINIMUM = "before minimum"
    NOT_STANDING_UP = "not standing up"
    OTHER_STEP = "other step"
    TOO_EARLY = "too early"
    NOT_STEADY = "not steady"
    NOT_READY = "not ready"
    CRITERIA = "criteria"
    NOT_RELEASED = "not released"
    TOO_LONG = "too long"
    NOTHING_MADE = "nothing made"  # the page for the patient could not be made, saved or printed


class Refused(msgspec.Struct, frozen=True):
    """The command does nothing. field: which typed field, if one. what: names in question (checks, criteria)."""

    why: Why
    field: str = ""
    what: tuple[str, ...] = ()


class Ask(msgspec.Struct, frozen=True):
    """Outside the plausible band: ask back, and take it when the command comes again confirmed."""

    field: str
    value: Decimal
    low: Decimal
    high: Decimal


class Typed(msgspec.Struct, frozen=True):
    """A typed value: the monitor makes a reading of it (device "typed", source TYPED), then takes `events`.

    utc_ns: when it was taken. replaces: seq of the reading that no longer counts.
    """

    measurement: Measurement
    utc_ns: int
    events: tuple[Event, ...] = ()
    replaces: int | None = None


Decision = list[Event] | Refused | Ask | Typed

OLDEST_TYPED_NS = 12 * 3600 * 10**9  # a session lasts hours, not days: an older time is a slip
SLACK_NS = 60 * 10**9  # typed times have minutes only
SHORTEST_REASON = 10


def instant(utc_ns: int | None, now: Stamp) -> int | Refused:
    """The instant meant, now if None; a time in the future or too long ago is a slip."""
    if utc_ns is None:
        return now.utc_ns
    if utc_ns > now.utc_ns + SLACK_NS:
        return Refused(Why.IN_THE_FUTURE, "time")
    if now.utc_ns - utc_ns > OLDEST_TYPED_NS:
        return Refused(Why.TOO_LONG_AGO, "time")
    return min(utc_ns, now.utc_ns)
