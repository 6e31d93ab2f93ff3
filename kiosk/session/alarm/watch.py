"""What is true now: all conditions of a session together, fed with readings and with what the monitor tells.

Pure, time is a parameter. It keeps what the record does not need (runs, newest values) and is rebuilt from the last
recorded readings. It raises nothing: `kiosk.session.alarms` compares what is true with what stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from devices.reading import Oximetry, Pressure, Reading, Source
from kiosk.session.alarm.blindness import NAMES, Blindness, Doubt, Use
from kiosk.session.alarm.condition import Channel, pulse_rules, spo2_rules
from kiosk.session.alarm.facts import Facts
from kiosk.session.alarm.occurrence import VALUE_ALARMS, Occurrence
from kiosk.session.alarm.pressure import PressureJudge
from kiosk.session.alarm.told import KINDS, Told
from kiosk.session.events import Severity
from kiosk.session.limits import Limits

TYPED_COUNTS_FOR_S = 60.0  # typed times have minutes only
CONFIRM_WITHIN_S = 10.0  # a restarted monitor knows its link, adapter, disk and sound again within this time


class Watch:
    """All conditions. roles: device key -> "oximeter" or "cuff"; may grow while devices come."""

    def __init__(self, limits: Limits, roles: Mapping[str, str], oximeter: Use) -> None:
        self._roles = roles
        gone_s = limits.stale.gone_s
        self._spo2 = Channel(spo2_rules(limits), gone_s)
        self._pulse = Channel(pulse_rules(limits), gone_s)
        self.pressure = PressureJudge(limits)
        self.blind = Blindness(self._spo2, self._pulse, limits.stale, oximeter)
        self._doubt = Doubt(self._spo2, limits.stale, limits.clear.hold_s)
        self._told = Told()
        self.facts = Facts(limits, (self._spo2, self._pulse), self.pressure, self.blind, self._told)
        self._judged_device = ""
        self._unconfirmed: dict[str, float] = {}
        self.values_armed = False

    def feed(self, reading: Reading, taken_s: float, now_s: float) -> None:
        """One reading; stored ones are nobody's state now, nor is an oxygen value typed for a time long gone."""
        measurement = reading.measurement
        if reading.source is Source.STORED:
            return
        if isinstance(measurement, Pressure):
            if self._roles.get(reading.device) == "cuff" or reading.source is Source.TYPED:
                self.pressure.take(measurement, reading.stamp.utc_ns, taken_s, self.values_armed)
        elif isinstance(measurement, Oximetry):
            if reading.source is Source.TYPED:
                if now_s - taken_s <= TYPED_COUNTS_FOR_S:
                    self._take_single(measurement, now_s)
            elif self._is_judged(reading.device):
                self._take_oximetry(measurement, taken_s)

    def _is_judged(self, device: str) -> bool:
        """The first oximeter that speaks is judged to the end: no other takes over in silence."""
        if self._roles.get(device) != "oximeter":
            return False
        self._judged_device = self._judged_device or device
        return device == self._judged_device

    def _take_oximetry(self, measurement: Oximetry, now_s: float) -> None:
        if measurement.spot and not self._spo2.is_live:
            self._take_single(measurement, now_s)
        is_usable = self._spo2.take(measurement.spo2, now_s, self.values_armed)
        self._pulse.take(measurement.pulse, now_s, self.values_armed)
        self.blind.take(measurement.spo2, now_s, is_usable)
        if is_usable:
            self._doubt.take(measurement.spo2, now_s)

    def _take_single(self, measurement: Oximetry, now_s: float) -> None:
        if self.values_armed:
            self._spo2.take_single(measurement.spo2, now_s)
            self._pulse.take_single(measurement.pulse, now_s)

    def tell(self, name: str, active: bool, now_s: float, data: Mapping[str, str]) -> None:
        """The monitor knows something. ValueError for a name that is no condition."""
        if name == "device_lost" and data.get("role", "oximeter") != "oximeter":
            name = "cuff_lost"
        self._unconfirmed.pop(name, None)
        if name == "device_lost":
            self.blind.is_link_lost = active
        elif name == "adapter_off":
            self.blind.is_adapter_off = active
        elif name in KINDS:
            self._told.tell(name, active, now_s, data)
        else:
            raise ValueError(f"no such condition: {name}")

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
        if name in KINDS or name in ("device_lost", "adapter_off"):
            since_s = occurrence.raised_s if name in KINDS else now_s
            self.tell(name, True, since_s, occurrence.data)
            self._unconfirmed[name] = now_s + CONFIRM_WITHIN_S

    def now(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        """Every condition that is true at `now_s` and beyond its delay."""
        for name in [name for name, until_s in self._unconfirmed.items() if now_s >= until_s]:
            self.tell(name, False, now_s, {})
            self._told.forget(name)
        self._spo2.age(now_s)
        self._pulse.age(now_s)
        if self.values_armed:
            yield from self._values()
        if self.blind.armed_s is not None:
            yield from self._technical(now_s)

    def _values(self) -> Iterator[tuple[str, Severity]]:
        for channel in (self._spo2, self._pulse):
            for threshold in channel.thresholds:
                if threshold.is_true:
                    yield threshold.rule.name, threshold.severity
        if self.pressure.severity:
            yield "pressure_high", self.pressure.severity

    def _technical(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        if blind := self.blind.now(now_s):
            yield blind
        if self.blind.is_pulse_gone():
            yield "no_pulse_signal", max(Severity.MEDIUM, self._pulse.kept.severity)
        if doubt := self._doubt.now(now_s):
            yield doubt
        yield from self._told.now(now_s)

    def why_over(self, name: str, wanted: Mapping[str, Severity]) -> str:
        """Why an alarm that stood is not true any more: "recovered", "data stopped" or "now <better name>"."""
        if name in NAMES and (better := next((n for n in NAMES if n in wanted), "")):
            return f"now {better}"
        channel = self._pulse if name.startswith("pulse") else self._spo2
        is_stream = name in VALUE_ALARMS and name != "pressure_high"
        return "data stopped" if is_stream and not channel.is_live and channel.last_s is not None else "recovered"
