"""Blindness: no usable oxygen value. One cause, one alarm at a time, under its most specific name.

Pure. The clock runs from the last usable value (or from arming), whatever the cause; so a technical alarm is as
loud as what it hides, and neither a restart nor a change of cause begins it anew.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from devices.reading import Quality, Value
from kiosk.session.alarm.condition import Channel
from kiosk.session.alarm.inflation import REASON
from kiosk.session.events import Severity
from kiosk.session.limits import Stale

LOST_FOR_S = 5.0  # a link that is made anew after silence is back within seconds: no other name for so short a time

NAMES = ("adapter_off", "device_doubted", "finger_off", "device_lost", "no_signal")
FINGER_OFF = "finger off"

Use = Literal["required", "wanted", "unused"]


class Blind(NamedTuple):
    """The one technical alarm about the oximeter."""

    name: str
    severity: Severity


class Blindness:
    """What is known about the oximeter's silence."""

    def __init__(self, spo2: Channel, pulse: Channel, stale: Stale, use: Use) -> None:
        self._spo2, self._pulse, self._stale, self._use = spo2, pulse, stale, use
        self.armed_s: float | None = None
        self.link_lost_s: float | None = None
        self.is_adapter_off = False
        self.is_doubted = False  # nobody has confirmed that it is the chosen one: its values are nobody's
        self._finger_off_s: float | None = None
        self._jumped = False

    def take(self, value: Value, now_s: float, is_usable: bool) -> None:
        """A message of the oximeter came, usable or not: so its link is up."""
        self.link_lost_s = None
        if is_usable:
            self._jumped, self._finger_off_s = False, None
        elif value.quality is Quality.INVALID and FINGER_OFF in value.reasons:
            self._finger_off_s = now_s

    def lose_link(self, is_lost: bool, now_s: float) -> None:
        """The link is gone, or there again; lost anew while it is gone, it keeps its first time."""
        if not is_lost:
            self.link_lost_s = None
        elif self.link_lost_s is None:
            self.link_lost_s = now_s

    def jump(self) -> None:
        """The clock jumped: the last value is as good as gone."""
        self._jumped = True

    def for_s(self, now_s: float) -> float:
        """Seconds since the last usable value, counted from arming if there was none."""
        armed_s = now_s if self.armed_s is None else self.armed_s
        last_s = self._spo2.last_s
        return now_s - (armed_s if last_s is None else max(armed_s, last_s))

    def now(self, now_s: float) -> Blind | None:
        """The alarm that is true now, if any."""
        if not self._is_armed():
            return None
        severity = self._severity(now_s)
        if self.is_adapter_off:
            return Blind("adapter_off", max(severity, Severity.MEDIUM))
        if self.is_doubted:
            return Blind("device_doubted", max(severity, Severity.MEDIUM))
        if severity is Severity.NONE:
            return None
        if self.link_lost_s is not None and now_s - self.link_lost_s >= LOST_FOR_S:
            return Blind("device_lost", severity)
        return Blind("finger_off" if self._is_finger_off(now_s) else "no_signal", severity)

    def _is_armed(self) -> bool:
        """A wanted oximeter is missed only after it was there."""
        if self.armed_s is None or self._use == "unused":
            return False
        return self._use == "required" or self._spo2.last_s is not None

    def _severity(self, now_s: float) -> Severity:
        blind_s = self.for_s(now_s)
        if blind_s < self._stale.gone_s and not self._jumped:
            return Severity.NONE
        own = Severity.HIGH if blind_s >= self._stale.high_s else Severity.MEDIUM
        return max(own, self._spo2.kept.severity, self._pulse.kept.severity)

    def _is_finger_off(self, now_s: float) -> bool:
        """The device said so lately; other complaints in between do not change the name each second."""
        return self._finger_off_s is not None and now_s - self._finger_off_s < self._stale.gone_s

    def is_pulse_gone(self) -> bool:
        """Oxygen still comes, but the pulse, once there, does not: its limits cannot be judged."""
        pulse = self._pulse
        return bool(pulse.thresholds) and pulse.last_s is not None and not pulse.is_live and self._spo2.is_live


class Doubt:
    """How long the device itself has doubted its oxygen value, and whether its numbers stand still."""

    def __init__(self, spo2: Channel, stale: Stale, hold_s: float) -> None:
        self._spo2, self._after_s, self._hold_s = spo2, stale.gone_s, hold_s
        self._since_s: float | None = None
        self._valid_s: float | None = None

    def take(self, value: Value, now_s: float) -> None:
        """One usable value. A frozen one has a name of its own, so it does not count for "questionable"."""
        if REASON in value.reasons:  # doubted for half a minute at each measuring: known, and no fault of the probe
            return
        if "frozen" in value.reasons:
            self._since_s = self._valid_s = None
        elif value.quality is Quality.QUESTIONABLE:
            self._since_s = now_s if self._since_s is None else self._since_s
            self._valid_s = None
        else:
            self._valid_s = now_s if self._valid_s is None else self._valid_s
            if now_s - self._valid_s >= self._hold_s:
                self._since_s = None

    def now(self, now_s: float) -> Blind | None:
        """Frozen (medium) or questionable for as long as a missing value would take (low)."""
        if not self._spo2.is_live or self._spo2.last is None:
            self._since_s = self._valid_s = None
            return None
        if "frozen" in self._spo2.last.reasons:
            return Blind("frozen", Severity.MEDIUM)
        if self._since_s is not None and now_s - self._since_s >= self._after_s:
            return Blind("questionable", Severity.LOW)
        return None
