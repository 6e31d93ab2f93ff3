"""Alarm occurrences, what the sitter did about them, and whether their tone was heard."""

from __future__ import annotations

from enum import IntEnum

from kiosk.session.events.event import Event


class Severity(IntEnum):
    """Ordered, so that the severity of a whole is max() of its parts."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class AlarmRaised(Event, frozen=True, tag="alarm_raised"):
    """An occurrence began. data: the facts of its sentence (value, limit, seconds, last value ...), as text."""

    alarm: str
    severity: int
    limit_text: str = ""
    data: dict[str, str] = {}


class AlarmStepped(Event, frozen=True, tag="alarm_stepped"):
    """The same occurrence changed severity or words (escalated, worse)."""

    alarm: str
    severity: int
    limit_text: str = ""
    data: dict[str, str] = {}


class AlarmAcknowledged(Event, frozen=True, tag="alarm_acknowledged"):
    """The sitter took responsibility for this occurrence."""

    alarm: str


class AlarmSounded(Event, frozen=True, tag="alarm_sounded"):
    """The alarm signals again: the acknowledgement ended (worse, or 2 minutes passed)."""

    alarm: str
    why: str  # "worse" or "two minutes"


class AlarmCleared(Event, frozen=True, tag="alarm_cleared"):
    """The condition ended; why: "recovered", "data stopped", "session ended"."""

    alarm: str
    why: str = "recovered"
    data: dict[str, str] = {}


class AlarmClosed(Event, frozen=True, tag="alarm_closed"):
    """The sitter pressed Seen on a latched alarm."""

    alarm: str


class StepAnswered(Event, frozen=True, tag="step_answered"):
    """An answer in the action panel. step: key of the one that follows; on: of the one that was answered, or ""."""

    alarm: str
    step: str
    answer: str
    on: str = ""


class SoundsPaused(Event, frozen=True, tag="sounds_paused"):
    """All alarm sounds quiet for this many seconds."""

    seconds: int


class SoundsResumed(Event, frozen=True, tag="sounds_resumed"):
    """The pause ended; why: "pressed", "time", "worse"."""

    why: str


class TonePlayed(Event, frozen=True, tag="tone_played"):
    """First burst of a signal that the audio server took, and each change of output, level or mute."""

    severity: int
    output: str
    frames: int
    level_percent: int | None = None
    muted: bool | None = None


class ToneFailed(Event, frozen=True, tag="tone_failed"):
    """A burst was not heard: output gone, muted, too quiet, no audio server."""

    reason: str
    output: str = ""


AlarmEvent = (
    AlarmRaised
    | AlarmStepped
    | AlarmAcknowledged
    | AlarmSounded
    | AlarmCleared
    | AlarmClosed
    | StepAnswered
    | SoundsPaused
    | SoundsResumed
    | TonePlayed
    | ToneFailed
)
