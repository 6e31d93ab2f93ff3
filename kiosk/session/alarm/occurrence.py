"""Occurrence: an alarm from raised to cleared, and everything that stands now, as the fold of the record's events.

Pure; owned by the monitor, rebuilt from the record after a restart. Whatever sounds or is shown is a function of
`Standing` and the time, so nothing that silences an alarm can exist without its event in the record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from kiosk.session import events as e
from kiosk.session.events import Event, Severity

ACKNOWLEDGED_FOR_S = 120.0
COVERS = {"spo2_very_low": ("spo2_low",)}  # the worse one of one cause speaks for the lesser
COVERED_BY = {lesser: worse for worse, lessers in COVERS.items() for lesser in lessers}
VALUE_ALARMS = frozenset({"spo2_low", "spo2_very_low", "spo2_area", "pulse_low", "pulse_high", "pressure_high"})
ALWAYS_LATCHED = frozenset({"monitoring_restarted", "clock_jumped"})
HELP_SUSPENDS = frozenset({"finger_off", "no_signal", "device_lost"})  # while somebody is up with help
LONGEST_HELP_S = 600.0


class Occurrence(msgspec.Struct, frozen=True):
    """One alarm that stands. Times are session seconds. cleared_s: not None when only latched.

    unanswered_since_s: from when the sitter owes an answer; every answer and every renewed sound moves it.
    """

    name: str
    severity: Severity
    raised_s: float
    unanswered_since_s: float
    limit_text: str = ""
    data: dict[str, str] = {}
    acknowledged_s: float | None = None
    acknowledged_until_s: float | None = None
    cleared_s: float | None = None

    @property
    def is_active(self) -> bool:
        """Whether the condition is still true."""
        return self.cleared_s is None

    @property
    def keeps_words(self) -> bool:
        """Whether it stands for a value alarm whose data stopped: no help excuses that."""
        return "kept" in self.data

    def is_acknowledged(self, now_s: float) -> bool:
        """Whether the sitter's "I'm on it" still holds."""
        return self.acknowledged_until_s is not None and now_s < self.acknowledged_until_s


class Standing(msgspec.Struct, frozen=True):
    """All occurrences by name, the pause, the patient's call, "up with help" until `help_until_s`.

    pause_ended_s: when the last pause ended.
    """

    occurrences: dict[str, Occurrence] = {}
    pause_until_s: float | None = None
    pause_ended_s: float = 0.0
    call: Literal["", "calling", "coming"] = ""
    call_s: float = 0.0
    help_until_s: float | None = None

    def active(self, name: str) -> Occurrence | None:
        """The occurrence of that name whose condition is still true."""
        found = self.occurrences.get(name)
        return found if found is not None and found.is_active else None

    def is_paused(self, now_s: float) -> bool:
        """Whether the sitter's pause of all sounds still runs."""
        return self.pause_until_s is not None and now_s < self.pause_until_s

    def is_suspended(self, found: Occurrence, now_s: float) -> bool:
        """Whether "up with help" excuses this one: the probe is off or out of reach because somebody walks."""
        helped = self.help_until_s is not None and now_s < self.help_until_s
        return helped and found.name in HELP_SUSPENDS and not found.keeps_words

    def put(self, occurrence: Occurrence) -> Standing:
        """With this occurrence in its name's place."""
        return msgspec.structs.replace(self, occurrences={**self.occurrences, occurrence.name: occurrence})

    def changed(self, name: str, **fields: Any) -> Standing:
        """With other fields of that occurrence, if it stands."""
        found = self.occurrences.get(name)
        return self if found is None else self.put(msgspec.structs.replace(found, **fields))

    def without(self, name: str) -> Standing:
        """Without that occurrence."""
        left = {key: value for key, value in self.occurrences.items() if key != name}
        return msgspec.structs.replace(self, occurrences=left)

    def apply(self, event: Event, t_s: float) -> Standing:
        """What stands after `event`, which happened at session second `t_s`."""
        fold = _FOLDS.get(type(event))
        return self if fold is None else fold(self, event, t_s)


def _raised(s: Standing, v: e.AlarmRaised, t_s: float) -> Standing:
    owed_since_s = s.call_s if v.alarm == "call_unanswered" else t_s
    new = Occurrence(v.alarm, Severity(v.severity), t_s, owed_since_s, v.limit_text, v.data)
    old = s.active(v.data.get("follows", ""))
    if old is not None and new.severity <= old.severity:  # the same blindness under a better name
        new = msgspec.structs.replace(
            new,
            unanswered_since_s=t_s if s.is_suspended(old, t_s) else old.unanswered_since_s,
            acknowledged_s=old.acknowledged_s,
            acknowledged_until_s=old.acknowledged_until_s,
        )
    return s.put(new)


def _stepped(s: Standing, v: e.AlarmStepped, t_s: float) -> Standing:
    found = s.occurrences.get(v.alarm)
    since = t_s if found is None or v.severity > found.severity else found.unanswered_since_s
    return s.changed(
        v.alarm,
        severity=Severity(v.severity),
        unanswered_since_s=since,
        limit_text=v.limit_text or (found.limit_text if found else ""),
        data=v.data,
    )


def _acknowledged(s: Standing, v: e.AlarmAcknowledged, t_s: float) -> Standing:
    worse = s.active(COVERED_BY.get(v.alarm, ""))
    until = t_s + ACKNOWLEDGED_FOR_S
    if worse is not None and worse.is_acknowledged(t_s) and worse.acknowledged_until_s is not None:
        until = worse.acknowledged_until_s
    return s.changed(v.alarm, acknowledged_s=t_s, acknowledged_until_s=until)


def _sounded(s: Standing, v: e.AlarmSounded, t_s: float) -> Standing:
    for name in (v.alarm, *COVERS.get(v.alarm, ())):
        s = s.changed(name, acknowledged_s=None, acknowledged_until_s=None, unanswered_since_s=t_s)
    return s


def _cleared(s: Standing, v: e.AlarmCleared, t_s: float) -> Standing:
    found = s.active(v.alarm)
    if found is None:
        return s
    is_latching = found.name in ALWAYS_LATCHED or (found.name in VALUE_ALARMS and found.severity is Severity.HIGH)
    is_renamed = v.why.startswith("now ")
    if not is_latching or is_renamed or v.why == "session ended":
        return s.without(v.alarm)
    return s.changed(v.alarm, cleared_s=t_s, acknowledged_s=None, acknowledged_until_s=None)


def _answered(s: Standing, v: e.StepAnswered, t_s: float) -> Standing:
    return s.changed(v.alarm, unanswered_since_s=t_s) if s.active(v.alarm) else s


def _helped(s: Standing, v: e.HelpUpBegan, t_s: float) -> Standing:
    return msgspec.structs.replace(s, help_until_s=t_s + min(v.seconds, LONGEST_HELP_S))


def _help_over(s: Standing, v: e.HelpUpEnded, t_s: float) -> Standing:
    """What it excused is owed from now on."""
    for name in HELP_SUSPENDS:
        s = s.changed(name, unanswered_since_s=t_s) if s.active(name) else s
    return msgspec.structs.replace(s, help_until_s=None)


_FOLDS: dict[type[Event], Callable[[Standing, Any, float], Standing]] = {
    e.AlarmRaised: _raised,
    e.AlarmStepped: _stepped,
    e.AlarmAcknowledged: _acknowledged,
    e.AlarmSounded: _sounded,
    e.AlarmCleared: _cleared,
    e.AlarmClosed: lambda s, v, t_s: s.without(v.alarm),
    e.StepAnswered: _answered,
    e.SoundsPaused: lambda s, v, t_s: msgspec.structs.replace(s, pause_until_s=t_s + v.seconds),
    e.SoundsResumed: lambda s, v, t_s: msgspec.structs.replace(s, pause_until_s=None, pause_ended_s=t_s),
    e.SitterCalled: lambda s, v, t_s: msgspec.structs.replace(s, call="calling", call_s=t_s),
    e.CallAnswered: lambda s, v, t_s: msgspec.structs.replace(s, call="coming"),
    e.CallEnded: lambda s, v, t_s: msgspec.structs.replace(s, call=""),
    e.HelpUpBegan: _helped,
    e.HelpUpEnded: _help_over,
    e.SessionEnded: lambda s, v, t_s: Standing(),
}
