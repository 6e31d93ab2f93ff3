"""The checks before the start, and the hand-over to another sitter."""

from __future__ import annotations

from kiosk.session.events.event import Event


class CheckAnswered(Event, frozen=True, tag="check_answered"):
    """One check of the preparation was answered; a later answer replaces it. data: what was typed or measured."""

    check: str
    answer: str
    passed: bool
    data: dict[str, str] = {}


class CheckOverridden(Event, frozen=True, tag="check_overridden"):
    """A failed required check was overridden: typed reason and name, read by the provider first."""

    check: str
    reason: str
    by: str


class HoldBegan(Event, frozen=True, tag="hold_began"):
    """The start is held for `seconds` until a check is done again (blood pressure above the hold limit)."""

    check: str
    seconds: float
    why: str


class SoundTested(Event, frozen=True, tag="sound_tested"):
    """An alarm tone was played for the sound test: what the sound server said of it.

    severity: 1 to 3, 0 for the patient's call. trouble: why it was not heard, "" if it was played.
    """

    severity: int
    output: str
    level_percent: int | None = None
    muted: bool | None = None
    trouble: str = ""


class HandOverBegan(Event, frozen=True, tag="hand_over_began"):
    """Another sitter is about to take over: what they hear from now on is theirs."""


class SitterChanged(Event, frozen=True, tag="sitter_changed"):
    """Another person sits now. confirmed: present, sober, briefed, sound; without sound its check was overridden."""

    name: str
    before: str
    confirmed: tuple[str, ...] = ()


PreparationEvent = CheckAnswered | CheckOverridden | HoldBegan | SoundTested | HandOverBegan | SitterChanged
