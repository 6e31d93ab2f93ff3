"""What was known of the earlier sessions of the same patient."""

from __future__ import annotations

import msgspec

from kiosk.session.events.event import Event


class Earlier(msgspec.Struct, frozen=True):
    """An earlier session of the same patient with a dose. end_utc_ns: its last event where it never ended."""

    session_id: str
    dose_utc_ns: int
    end_utc_ns: int
    utc_offset_min: int  # of the place and day where it was


class Taken(msgspec.Struct, frozen=True):
    """A set of questions that was gone through. about: the session it belongs to. total: None where one is missing."""

    form: str
    about: str
    utc_ns: int
    total: int | None = None


class SeriesRead(Event, frozen=True, tag="series_read"):
    """At the opening: what the record held of this patient, oldest first. zone: this computer's, "" if not known."""

    sessions: tuple[Earlier, ...]
    taken: tuple[Taken, ...] = ()
    zone: str = ""


SeriesEvent = SeriesRead
