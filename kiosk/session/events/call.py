"""The patient's call, and the emergency number."""

from __future__ import annotations

from kiosk.session.events.event import Event


class SitterCalled(Event, frozen=True, tag="sitter_called"):
    """The patient called."""

    by: str


class CallSignalled(Event, frozen=True, tag="call_signalled"):
    """Banner and tone of the call are under way: only now may the patient read "is coming"."""


class CallAnswered(Event, frozen=True, tag="call_answered"):
    """The sitter is coming."""


class CallEnded(Event, frozen=True, tag="call_ended"):
    """The sitter was there."""


class EmergencyCardShown(Event, frozen=True, tag="emergency_card_shown"):
    """The card was opened; by: "sitter" or "alarm"."""

    by: str = "sitter"


class EmergencyCalled(Event, frozen=True, tag="emergency_called"):
    """The sitter says the emergency number was called."""


CallEvent = SitterCalled | CallSignalled | CallAnswered | CallEnded | EmergencyCardShown | EmergencyCalled
