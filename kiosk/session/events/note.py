"""Notes, and what was taken back or corrected."""

from __future__ import annotations

from kiosk.session.events.event import Event


class NoteAdded(Event, frozen=True, tag="note_added"):
    """A note."""

    text: str
    preset: str = ""


class NoteWithdrawn(Event, frozen=True, tag="note_withdrawn"):
    """A note was taken back; the note itself stays in the record."""

    note_seq: int


class ValueWithdrawn(Event, frozen=True, tag="value_withdrawn"):
    """A typed value was replaced: reading_seq no longer counts; the new one is its own row."""

    reading_seq: int


class EventWithdrawn(Event, frozen=True, tag="event_withdrawn"):
    """A one-key act was undone within its seconds; the event itself stays in the record. kind: tag of that event."""

    event_seq: int
    kind: str = ""


class EventCorrected(Event, frozen=True, tag="event_corrected"):
    """The time of an earlier event was wrong: at_utc_ns is when it was; reason in the sitter's words. kind: its tag."""

    event_seq: int
    at_utc_ns: int
    reason: str
    kind: str = ""


NoteEvent = NoteAdded | NoteWithdrawn | ValueWithdrawn | EventWithdrawn | EventCorrected
