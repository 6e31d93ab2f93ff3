"""The facts of each alarm's sentence, as text: value, limit, how long, the last value and its age.

Pure. They are recorded with the event that raises or steps an alarm, and given anew at each look so that a banner
counts on; they never decide whether or how loudly an alarm sounds.
"""

from __future__ import annotations

from decimal import Decimal

from devices.reading import Quality, Value
from kiosk.session.alarm.area import Dips
from kiosk.session.alarm.blindness import NAMES, Blindness
from kiosk.session.alarm.condition import Channel, Threshold
from kiosk.session.alarm.pressure import PressureJudge
from kiosk.session.alarm.told import Told
from kiosk.session.limits import Limits


class Facts:
    """Reads what the conditions know; changes nothing."""

    def __init__(
        self, limits: Limits, channels: tuple[Channel, Channel], pressure: PressureJudge, blind: Blindness, told: Told
    ) -> None:
        self._limits, self._pressure, self._blind, self._told = limits, pressure, blind, told
        self._spo2, self._pulse = channels
        self._thresholds = {t.rule.name: (c, t) for c in channels for t in c.thresholds}

    def limit_text(self, alarm: str) -> str:
        """The limit in words with who set it and when, "" for technical alarms."""
        return self._limits.text(alarm, hard=alarm == "pressure_high" and self._pressure.is_hard)

    def of(self, alarm: str, now_s: float) -> dict[str, str]:
        """The facts at `now_s`. Seconds are whole numbers."""
        if alarm in self._thresholds:
            return self._of_value(*self._thresholds[alarm], now_s)
        if alarm == "pressure_high":
            return self._of_pressure()
        if alarm in NAMES or alarm == "no_pulse_signal":
            return self._of_blindness(alarm, now_s)
        if alarm in ("frozen", "questionable"):
            return {} if self._spo2.last is None else {"reason": next(iter(self._spo2.last.reasons), "")}
        since_s = self._told.since_s(alarm)
        for_s = {} if since_s is None else {"for_s": _whole(now_s - since_s)}
        return {**self._told.data.get(alarm, {}), **for_s}

    def _of_value(self, channel: Channel, threshold: Threshold, now_s: float) -> dict[str, str]:
        data = {"limit": _text(threshold.rule.value)}
        if isinstance(threshold, Dips):
            data = {"falls": str(threshold.falls), "points": str(int(threshold.points))}
        if threshold.since_s is not None:
            data["for_s"] = _whole(now_s - threshold.since_s)
        last = threshold.single if threshold.is_held else channel.last
        if last is not None and last.number is not None:
            data["value"] = _text(last.number)
            data |= _doubt(last)
        return data

    def _of_pressure(self) -> dict[str, str]:
        newest = self._pressure.newest
        if newest is None or newest.systolic.number is None or newest.diastolic.number is None:
            return {}
        value = f"{_text(newest.systolic.number)}/{_text(newest.diastolic.number)}"
        return {"value": value, **({"questionable": "1"} if self._pressure.is_doubted else {})}

    def _of_blindness(self, alarm: str, now_s: float) -> dict[str, str]:
        pulse_alone = alarm == "no_pulse_signal"
        channel = self._pulse if pulse_alone else self._spo2
        data: dict[str, str] = {}
        if not pulse_alone:
            data["for_s"] = _whole(self._blind.for_s(now_s))
        elif channel.last_s is not None:
            data["for_s"] = _whole(now_s - channel.last_s)
        if channel.last is not None and channel.last.number is not None and channel.last_s is not None:
            data["last"] = _text(channel.last.number)
            data["last_age_s"] = _whole(now_s - channel.last_s)
            data["last_t_s"] = f"{channel.last_s:.3f}"
        kept = self._pulse.kept if pulse_alone else max(self._spo2.kept, self._pulse.kept)
        if kept.severity:
            data["kept"] = kept.alarm
        return data


def _doubt(value: Value) -> dict[str, str]:
    if value.quality is not Quality.QUESTIONABLE:
        return {}
    return {"questionable": "1", "reason": value.reasons[0] if value.reasons else ""}


def _whole(seconds: float) -> str:
    return str(max(0, int(seconds + 1e-6)))


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"
