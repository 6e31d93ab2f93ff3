"""Standing up and leaving."""

from __future__ import annotations

from kiosk.session.events.event import Event


class StandingBegan(Event, frozen=True, tag="standing_began"):
    """The ladder of standing up was opened; the plan's minimum is over."""


class StandAnswered(Event, frozen=True, tag="stand_answered"):
    """One rung: step sit, stand or walk; outcome "steady", "dizzy" or "back to bed"."""

    step: str
    outcome: str


class ReadyMarked(Event, frozen=True, tag="ready_marked"):
    """All criteria are met: the patient would be ready; kept apart from leaving."""


class Released(Event, frozen=True, tag="released"):
    """The patient was released by the sitter; observation ends."""

    by: str = ""


class PageGiven(Event, frozen=True, tag="page_given"):
    """The patient was given the page for the hours after. how: "read" on the screen, "saved", "printed"."""

    how: str


class EntryShared(Event, frozen=True, tag="entry_shared"):
    """The patient shared one entry of their journal. prompt: its key, "" for free words; written_utc_ns: when."""

    text: str
    prompt: str = ""
    written_utc_ns: int = 0


ReleaseEvent = StandingBegan | StandAnswered | ReadyMarked | Released | PageGiven | EntryShared
