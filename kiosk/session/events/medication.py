"""What was taken."""

from __future__ import annotations

from kiosk.session.events.event import Event


class DoseMarked(Event, frozen=True, tag="dose_marked"):
    """The dose was taken; at_utc_ns is when, which may be earlier than the row."""

    at_utc_ns: int


MedicationEvent = DoseMarked
