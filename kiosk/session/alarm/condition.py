"""Condition: whether a stream of one value is beyond a limit, long enough, and not yet back inside it.

Pure, time is a parameter. Only valid and questionable numbers of a live stream are judged. A value counts for a
pending condition until it is `gone_s` old; nothing older is judged, and what was true then is handed on as `kept`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import msgspec

from devices.reading import Quality, Value
from kiosk.session.events import Severity
from kiosk.session.limits import Clear, Delayed, Hard, Limits

KEPT_FOR_S = 60.0  # data that stop this soon after a value condition keep its words


class Rule(msgspec.Struct, frozen=True):
    """One limit of one stream. is_low: alarms below `value`; else above. Delays in seconds."""

    name: str
    value: Decimal
    is_low: bool
    delay_s: float
    severity: Severity
    margin: Decimal
    hold_s: float

    def is_beyond(self, number: Decimal) -> bool:
        """Outside the limit; the limit itself is inside."""
        return number < self.value if self.is_low else number > self.value

    def is_well_inside(self, number: Decimal) -> bool:
        """More than the margin inside, so that a value at the limit does not flicker."""
        return number > self.value + self.margin if self.is_low else number < self.value - self.margin


def lower(severity: Severity) -> Severity:
    """One step lower, for values that the device itself doubts; never below low."""
    return Severity(max(Severity.LOW, severity - 1))


class Threshold:
    """One rule over one stream: pending from the first sample beyond, true after the delay, over after the hold."""

    __slots__ = (
        "at_once",
        "back_s",
        "ended_s",
        "ended_severity",
        "is_doubted",
        "is_held",
        "is_true",
        "rule",
        "since_s",
        "single",
    )

    gives_way = False  # to every other threshold of its stream

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.is_true = False
        self.is_held = False  # by a single value, which nothing follows each second
        self.single: Value | None = None
        self.ended_s: float | None = None
        self.ended_severity = Severity.NONE
        self._start_over()

    def _start_over(self) -> None:
        self.since_s: float | None = None
        self.back_s: float | None = None
        self.is_doubted = True  # until one valid sample is beyond the limit
        self.at_once = False

    @property
    def severity(self) -> Severity:
        """Severity of the run: one step lower when every sample of it was questionable."""
        return lower(self.rule.severity) if self.is_doubted else self.rule.severity

    def take(self, number: Decimal, is_valid: bool, now_s: float) -> None:
        """One usable sample of the stream."""
        self.is_held = False
        if self.rule.is_beyond(number):
            self._beyond(is_valid, now_s)
        elif not self.is_true:
            self._start_over()
        elif self.rule.is_well_inside(number):
            self._inside(now_s)
        else:
            self.back_s = None

    def _beyond(self, is_valid: bool, now_s: float) -> None:
        self.back_s = None
        self.is_doubted = self.is_doubted and not is_valid
        if self.since_s is None:
            self.since_s = now_s
        if self.at_once or now_s - self.since_s >= self.rule.delay_s:
            self.is_true = True
        self.at_once = False

    def _inside(self, now_s: float) -> None:
        if self.back_s is None:
            self.back_s = now_s
        if now_s - self.back_s >= self.rule.hold_s:
            self._end(now_s)

    def _end(self, now_s: float) -> None:
        self.ended_s, self.ended_severity = now_s, self.severity
        self.is_true = False
        self._start_over()

    def wait(self, now_s: float) -> None:
        """Time passes between two samples: a pending run can become true."""
        if not self.is_true and self.since_s is not None and now_s - self.since_s >= self.rule.delay_s:
            self.is_true = True

    def take_single(self, value: Value, number: Decimal, now_s: float) -> None:
        """A value that stands alone (typed, spot check): judged at once, holds until the next one."""
        was_true = self.is_true
        self.single = value
        self.is_true = self.is_held = self.rule.is_beyond(number)
        if self.is_true:
            self.is_doubted = value.quality is not Quality.VALID
            self.since_s = self.since_s if was_true else now_s
        else:
            self._start_over()

    def take_back(self) -> None:
        """The single value that holds it was a mistake."""
        if self.is_held:
            self.is_true = self.is_held = False
            self.single = None
            self._start_over()

    def give_way(self) -> None:
        """Another threshold of this stream is true; a limit stands by itself."""

    def stop(self, last_s: float) -> Severity:
        """Data stopped after `last_s`: nothing is judged any more. Returns the severity whose words are kept."""
        if self.is_held:
            return Severity.NONE
        kept = Severity.NONE
        if self.since_s is not None or self.is_true:
            kept = self.severity
        elif self.ended_s is not None and last_s - self.ended_s <= KEPT_FOR_S:
            kept = self.ended_severity
        was_true = self.is_true
        self.is_true = False
        self._start_over()
        self.at_once = was_true  # it was not seen to end: the first sample beyond does not wait again
        return kept


class Kept(NamedTuple):
    """The value condition whose words a technical alarm keeps."""

    severity: Severity = Severity.NONE
    alarm: str = ""


class Channel:
    """One judged stream (SpO2 or pulse): its newest usable value and its thresholds."""

    def __init__(self, thresholds: tuple[Threshold, ...], gone_s: float) -> None:
        self.thresholds = thresholds
        self._limits = tuple(t for t in thresholds if not t.gives_way)
        self._lesser = tuple(t for t in thresholds if t.gives_way)
        self._aged_s = -1.0
        self.last: Value | None = None
        self.last_s: float | None = None
        self.is_live = False
        self.kept = Kept()
        self.single_utc_ns = 0  # when the newest single value was taken, by its stamp
        self._gone_s = gone_s

    def take(self, value: Value, now_s: float, is_judged: bool) -> bool:
        """One sample; returns whether it was usable. Not judged before the session starts."""
        number = value.number
        if number is None or value.quality not in (Quality.VALID, Quality.QUESTIONABLE):
            return False
        self.age(now_s)
        self.last, self.last_s, self.is_live, self.kept = value, now_s, True, Kept()
        if is_judged:
            for threshold in self.thresholds:
                threshold.take(number, value.quality is Quality.VALID, now_s)
            self._give_way()
        return True

    def take_single(self, value: Value, now_s: float, taken_utc_ns: int) -> None:
        """A value that stands alone; a live stream of the same kind goes before it."""
        self.age(now_s)
        if self.is_live or value.number is None or value.quality not in (Quality.VALID, Quality.QUESTIONABLE):
            return
        self.single_utc_ns = taken_utc_ns
        for threshold in self.thresholds:
            threshold.take_single(value, value.number, now_s)

    def age(self, now_s: float) -> None:
        """Time passes: pending runs become true, or the stream is gone."""
        if not self.is_live or self.last_s is None or now_s == self._aged_s:
            return
        self._aged_s = now_s
        if now_s - self.last_s >= self._gone_s:
            self.stop()
            return
        for threshold in self.thresholds:
            threshold.wait(now_s)
        self._give_way()

    def _give_way(self) -> None:
        """What counts dips that the limits miss is silent while a limit of this stream speaks."""
        if self._lesser and any(limit.is_true for limit in self._limits):
            for threshold in self._lesser:
                threshold.give_way()

    def take_back(self, taken_utc_ns: int) -> None:
        """The single value taken then was a mistake: what it held is over."""
        if taken_utc_ns == self.single_utc_ns:
            self.single_utc_ns = 0
            for threshold in self.thresholds:
                threshold.take_back()

    def remember(self, name: str, raised_s: float, severity: Severity) -> None:
        """After a restart: a threshold that stood as raised stays true until new samples end it."""
        for threshold in self.thresholds:
            if threshold.rule.name == name and not threshold.is_true:
                threshold.is_true, threshold.is_held = True, not self.is_live
                threshold.since_s = raised_s
                threshold.is_doubted = severity < threshold.rule.severity

    def stop(self) -> None:
        """The stream is gone (too old, or the clock jumped): keep the words of what was true."""
        if self.is_live and self.last_s is not None:
            self.is_live = False
            last_s = self.last_s
            self.kept = max(Kept(t.stop(last_s), t.rule.name) for t in self.thresholds) if self.thresholds else Kept()


def spo2_rules(limits: Limits) -> tuple[Rule, ...]:
    """Very low first: the worse one speaks for both."""
    made = (
        _rule("spo2_very_low", limits.spo2_hard, True, Severity.HIGH, limits.clear),
        _rule("spo2_low", limits.spo2_low, True, Severity.HIGH, limits.clear),
    )
    return tuple(rule for rule in made if rule)


def pulse_rules(limits: Limits) -> tuple[Rule, ...]:
    """Both medium: a lone pulse is not yet a danger within minutes."""
    made = (
        _rule("pulse_low", limits.pulse_low, True, Severity.MEDIUM, limits.clear),
        _rule("pulse_high", limits.pulse_high, False, Severity.MEDIUM, limits.clear),
    )
    return tuple(rule for rule in made if rule)


def _rule(name: str, limit: Delayed | Hard | None, is_low: bool, severity: Severity, clear: Clear) -> Rule | None:
    if limit is None:
        return None
    return Rule(name, limit.value, is_low, limit.delay_s, severity, clear.margin, clear.hold_s)
