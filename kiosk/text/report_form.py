"""The names of the report's fields."""

from __future__ import annotations

from kiosk.text.catalogue import _


def patient() -> str:
    """As the sitter calls them."""
    return _("Patient")


def full_name() -> str:
    """As read out to the emergency number."""
    return _("Name on the card")


def patient_id() -> str:
    """The random one that joins a series."""
    return _("Patient id")


def earlier() -> str:
    """How many came before, as far as this computer's record knew."""
    return _("Earlier sessions")


def sitter() -> str:
    """Everybody who sat."""
    return _("Monitored by")


def provider() -> str:
    """Who answers for the limits."""
    return _("Provider")


def not_confirmed_by(author: str) -> str:
    """The limits' author, who has not confirmed them."""
    return _("{author} (limits; not confirmed)").format(author=author)


def place() -> str:
    """Where."""
    return _("Place")


def other_medicines() -> str:
    """Of the plan."""
    return _("Other medicines")


def allergies() -> str:
    """Of the plan."""
    return _("Allergies")


def none_in_plan() -> str:
    """The plan lists none; that is not the same as none."""
    return _("none in the plan")


def medicine() -> str:
    """What is taken."""
    return _("Medicine")


def dose() -> str:
    """How much, how."""
    return _("Dose by the plan")


def lot() -> str:
    """Of the plan."""
    return _("Lot")


def taken() -> str:
    """When the dose was marked."""
    return _("Dose taken")


def started() -> str:
    """When the session began."""
    return _("Session started")


def ready() -> str:
    """When the patient would have been ready."""
    return _("Ready")


def released() -> str:
    """When the sitter let them go."""
    return _("Released")


def ended() -> str:
    """When the record of the session ended, and how."""
    return _("Session ended")


def not_ended() -> str:
    """It goes on, or nobody ended it."""
    return _("not ended")


def monitored() -> str:
    """From the dose to release or end."""
    return _("Dose to end")


def pressure_before() -> str:
    """The last before the dose."""
    return _("Blood pressure before")


def pressure_at_40() -> str:
    """The nearest to minute 40, from 30 to 50."""
    return _("40 min after (30 to 50)")


def pressure_leaving(is_released: bool) -> str:
    """The last of all."""
    return _("Last before release") if is_released else _("Last before the end")


def pressure_highest() -> str:
    """By the upper number."""
    return _("Highest in the session")


def baseline() -> str:
    """As taken in the preparation."""
    return _("SpO2, pulse before")


def acceptable_before() -> str:
    """By the checks of the preparation."""
    return _("Acceptable before dose")


def acceptable_leaving() -> str:
    """By the rules for leaving."""
    return _("Acceptable at the end")


def lowest_spo2() -> str:
    """Valid ones only."""
    return _("Lowest valid SpO2")


def valid_spo2() -> str:
    """Share of the session."""
    return _("Valid SpO2")


def over_after(time: str) -> str:
    """Behind what happened."""
    return _(", over after {time}").format(time=time)
