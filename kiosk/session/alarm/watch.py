"""What is true now: all conditions of a session together, fed with readings and with what the monitor tells.

Pure, time is a parameter. It keeps what the record does not need (runs, newest values) and is rebuilt from the last
recorded readings. It raises nothing: `kiosk.session.alarms` compares what is true with what stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from devices.reading import HeartRate, Oximetry, Pressure, Reading, Source
from kiosk.session.alarm import bed
from kiosk.session.alarm.area import dips
from kiosk.session.alarm.bed import Bed
from kiosk.session.alarm.blindness import NAMES, Blindness, Doubt, Use
from kiosk.session.alarm.condition import Channel, Threshold, pulse_rules, spo2_rules
from kiosk.session.alarm.facts import Facts
from kiosk.session.alarm.inflation import Inflation
from kiosk.session.alarm.occurrence import VALUE_ALARMS, Occurrence
from kiosk.session.alarm.pressure import PressureJudge
from kiosk.session.alarm.rivals import Rivals
from kiosk.session.alarm.told import KINDS, Told
from kiosk.session.events import Severity
from kiosk.session.limits import Limits

TYPED_COUNTS_FOR_S = 60.0  # typed times have minutes only
_OF_CUFF = {"device_lost": "cuff_lost", "device_doubted": "cuff_doubted"}
CONFIRM_WITHIN_S = 10.0  # a restarted monitor knows its link, adapter, disk and sound again within this time


class Watch:
    """All conditions. roles: device key -> "oximeter" or "cuff"; may grow while devices come."""

    def __init__(self, limits: Limits, roles: Mapping[str, str], oximeter: Use) -> None:
        self._roles, self._limits = roles, limits
        gone_s = limits.stale.gone_s
        self._spo2 = Channel((*(Threshold(rule) for rule in spo2_rules(limits)), *dips(limits)), gone_s)
        self._pulse = Channel(tuple(Threshold(rule) for rule in pulse_rules(limits)), gone_s)
        self.pressure = PressureJudge(limits)
        self.blind = Blindness(self._spo2, self._pulse, limits.stale, oximeter)
        self._doubt = Doubt(self._spo2, limits.stale, limits.clear.hold_s)
        self._told = Told()
        self.rivals = Rivals(limits, self._spo2, self._pulse)
        self.inflation = Inflation()
        self.bed = Bed()
        self.facts = Facts(limits, (self._spo2, self._pulse), self.pressure, self.blind, self._told)
        self.judged_device = ""
        self._unconfirmed: dict[str, float] = {}
        self.values_armed = False

    def feed(self, reading: Reading, taken_s: float, now_s: float) -> None:
        """One reading; stored ones are nobody's state now, nor is an oxygen value typed for a time long gone."""
        if reading.source is Source.STORED:
            return
        reading = self.inflation.annotated(reading, taken_s, self.bed.same_arm)
        measurement = reading.measurement
        if isinstance(measurement, Pressure):
            self._take_pressure(reading, measurement, taken_s)
        elif isinstance(measurement, HeartRate):
            self.rivals.take_strap(reading.device, measurement.pulse, taken_s)
        elif isinstance(measurement, Oximetry):
            if reading.source is Source.TYPED:
                if now_s - taken_s <= TYPED_COUNTS_FOR_S:
                    self._take_single(measurement, now_s, reading.stamp.utc_ns)
            elif self.is_judged(reading.device):
                self._take_oximetry(measurement, taken_s, reading.stamp.utc_ns)
            elif self._roles.get(reading.device) == "oximeter":
                self.rivals.take_oximetry(reading.device, measurement, taken_s)

    def _take_pressure(self, reading: Reading, measurement: Pressure, taken_s: float) -> None:
        is_cuff = self._roles.get(reading.device) == "cuff"
        if is_cuff or reading.source is Source.TYPED:
            self.pressure.take(measurement, reading.stamp.utc_ns, taken_s, self.values_armed)
        if is_cuff:
            self.rivals.take_cuff(reading.device, measurement.pulse, taken_s)

    def withdraw(self, taken_utc_ns: int) -> None:
        """The value typed for that instant was a mistake; what replaces it is judged whatever its time."""
        self.pressure.withdraw(taken_utc_ns)
        self._spo2.take_back(taken_utc_ns)
        self._pulse.take_back(taken_utc_ns)

    def is_judged(self, device: str) -> bool:
        """The first oximeter that speaks is judged to the end: no other takes over in silence."""
        if self._roles.get(device) != "oximeter":
            return False
        self.judged_device = self.judged_device or device
        return device == self.judged_device

    def _take_oximetry(self, measurement: Oximetry, now_s: float, taken_utc_ns: int) -> None:
        if measurement.spot and not self._spo2.is_live:
            self._take_single(measurement, now_s, taken_utc_ns)
        is_usable = self._spo2.take(measurement.spo2, now_s, self.values_armed)
        self._pulse.take(measurement.pulse, now_s, self.values_armed)
        self.blind.take(measurement.spo2, now_s, is_usable)
        if is_usable:
            self._doubt.take(measurement.spo2, now_s)

    def _take_single(self, measurement: Oximetry, now_s: float, taken_utc_ns: int) -> None:
        if self.values_armed:
            self._spo2.take_single(measurement.spo2, now_s, taken_utc_ns)
            self._pulse.take_single(measurement.pulse, now_s, taken_utc_ns)

    def tell(self, name: str, active: bool, now_s: float, data: Mapping[str, str]) -> None:
        """The monitor knows something. ValueError for a name that is no condition."""
        if name in _OF_CUFF and data.get("role", "oximeter") != "oximeter":
            name = _OF_CUFF[name]
        self._unconfirmed.pop(name, None)
        if name == "device_lost":
            self.blind.lose_link(active, now_s)
        elif name == "adapter_off":
            self.blind.is_adapter_off = active
        elif name == "device_doubted":
            self.blind.is_doubted = active
        elif name in KINDS:
            self._told.tell(name, active, now_s, data)
        else:
            raise ValueError(f"no such condition: {name}")

    def facts_of(self, alarm: str, now_s: float) -> dict[str, str]:
        """The facts of an alarm's sentence at `now_s`."""
        if alarm in bed.NAMES:
            return self.bed.facts(alarm, now_s)
        if alarm == "sources_disagree":
            return dict(self.rivals.facts())
        found = self.facts.of(alarm, now_s)
        squeezed = self.bed.same_arm and self.inflation.is_on(now_s)
        return {**found, "cuff": "1"} if squeezed and alarm in NAMES else found

    def jump(self) -> None:
        """The clock jumped: every value is stale at once."""
        self._spo2.stop()
        self._pulse.stop()
        self.blind.jump()

    def remember(self, occurrence: Occurrence, now_s: float) -> None:
        """After a restart: an occurrence that stood stays true until new facts end it, or nobody tells it again."""
        name = occurrence.name
        for channel in (self._spo2, self._pulse):
            channel.remember(name, occurrence.raised_s, occurrence.severity)
        if name == "pressure_high" and self.pressure.newest is None:
            self.pressure.severity = occurrence.severity
        if name in KINDS or name in ("device_lost", "device_doubted", "adapter_off"):
            self.tell(name, True, occurrence.raised_s, occurrence.data)
            self._unconfirmed[name] = now_s + CONFIRM_WITHIN_S

    def now(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        """Every condition that is true at `now_s` and beyond its delay."""
        for name in [name for name, until_s in self._unconfirmed.items() if now_s >= until_s]:
            self.tell(name, False, now_s, {})
            self._told.forget(name)
        self._spo2.age(now_s)
        self._pulse.age(now_s)
        if self.values_armed:
            yield from self._values(now_s)
        if self.blind.armed_s is not None:
            yield from self._technical(now_s)

    def _values(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        for channel in (self._spo2, self._pulse):
            for threshold in channel.thresholds:
                if threshold.is_true:
                    yield threshold.rule.name, threshold.severity
        if self.pressure.severity:
            yield "pressure_high", self.pressure.severity
        yield from self.bed.now(self._limits, now_s)

    def _technical(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        if blind := self.blind.now(now_s):
            yield blind
        if self.blind.is_pulse_gone():
            yield "no_pulse_signal", max(Severity.MEDIUM, self._pulse.kept.severity)
        if doubt := self._doubt.now(now_s):
            yield doubt
        if differ := self.rivals.now(now_s):
            yield "sources_disagree", differ
        for name, severity in self._told.now(now_s):
            if name != "cuff_lost" or self.values_armed:  # before the start the cuff's own page says that it refuses
                yield name, severity

    def why_over(self, name: str, wanted: Mapping[str, Severity]) -> str:
        """Why an alarm that stood is not true any more: "recovered", "data stopped" or "now <better name>"."""
        if name in NAMES and (better := next((n for n in NAMES if n in wanted), "")):
            return f"now {better}"
        if name == "spo2_area" and (better := next((n for n in ("spo2_very_low", "spo2_low") if n in wanted), "")):
            return f"now {better}"
        channel = self._pulse if name.startswith("pulse") else self._spo2
        is_stream = name in VALUE_ALARMS and name != "pressure_high"
        return "data stopped" if is_stream and not channel.is_live and channel.last_s is not None else "recovered"
