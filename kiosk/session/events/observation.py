"""What the sitter saw and did at the bed."""

from __future__ import annotations

from kiosk.session.events.event import Event


class LookedIn(Event, frozen=True, tag="looked_in"):
    """The sitter looked at the patient."""


class ResponseRecorded(Event, frozen=True, tag="response_recorded"):
    """Response check."""

    answer: str


class BreathsCounted(Event, frozen=True, tag="breaths_counted"):
    """Breaths tapped over seconds."""

    count: int
    seconds: float


class PressureSkipped(Event, frozen=True, tag="pressure_skipped"):
    """A planned blood pressure was skipped, with the reason; at_min is its minute in the plan."""

    at_min: float
    reason: str


class HappeningTapped(Event, frozen=True, tag="happening_tapped"):
    """A one-tap event: vomiting, agitation, bathroom, distress, seizure, chest pain, dark thoughts, ..."""

    kind: str


class HelpUpBegan(Event, frozen=True, tag="help_up_began"):
    """Up with help: only finger-off and no-signal are suspended, for `seconds` at most (600)."""

    seconds: int


class HelpUpEnded(Event, frozen=True, tag="help_up_ended"):
    """Back; why: "pressed", "time", "signal"."""

    why: str


ObservationEvent = (
    LookedIn | ResponseRecorded | BreathsCounted | PressureSkipped | HappeningTapped | HelpUpBegan | HelpUpEnded
)
