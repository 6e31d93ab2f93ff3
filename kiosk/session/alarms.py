"""The alarms of a session: readings and facts in, events out, and the signal that follows from them.

Pure and owned by the monitor: `take` and `tick` never wait, time is a parameter (session seconds). Conditions are
worked out from readings; everything else is the fold of the events returned here (`Standing`), so that a restarted
monitor signals what the record says. It never judges a stored, test, invalid or old value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from devices.reading import Oximetry, Pressure, Reading, Source
from kiosk.session import events as e
from kiosk.session.alarm import suppression
from kiosk.session.alarm.blindness import NAMES, Blindness, Doubt, Use
from kiosk.session.alarm.condition import Channel, pulse_rules, spo2_rules
from kiosk.session.alarm.facts import Facts
from kiosk.session.alarm.occurrence import VALUE_ALARMS, Occurrence, Standing
from kiosk.session.alarm.pressure import PressureJudge
from kiosk.session.alarm.signal import Listed, Signal, signal
from kiosk.session.alarm.told import KINDS, Told
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Limits

__all__ = ["Alarms", "Listed", "Occurrence", "Resumable", "Signal", "Standing"]


class Resumable(Protocol):
    """What a resumed session's state tells the alarms (`kiosk.session.state.State`)."""

    @property
    def standing(self) -> Standing:
        """Occurrences, pause and call as recorded."""
        ...

    @property
    def technical_armed_s(self) -> float | None:
        """When the devices were switched on; None before and after."""
        ...

    @property
    def values_armed_s(self) -> float | None:
        """When the session started; None before and after."""
        ...


class Alarms:
    """All conditions of one session. roles: device key -> "oximeter" or "cuff"; may grow while devices come."""

    def __init__(self, limits: Limits, roles: Mapping[str, str], oximeter: Use = "required") -> None:
        self._limits, self._roles = limits, roles
        gone_s = limits.stale.gone_s
        self._spo2 = Channel(spo2_rules(limits), gone_s)
        self._pulse = Channel(pulse_rules(limits), gone_s)
        self._pressure = PressureJudge(limits)
        self._blind = Blindness(self._spo2, self._pulse, limits.stale, oximeter)
        self._doubt = Doubt(self._spo2, limits.stale, limits.clear.hold_s)
        self._told = Told()
        self._facts = Facts(limits, (self._spo2, self._pulse), self._pressure, self._blind, self._told)
        self._judged_device = ""
        self._values_armed = False
        self.standing = Standing()

    # --- facts in -----------------------------------------------------------------------------------------------

    def take(self, reading: Reading, now_s: float, replaces_utc_ns: int | None = None) -> list[Event]:
        """One reading that arrived at `now_s`; returns what it changed.

        replaces_utc_ns: a typed correction: when the withdrawn value was taken (its stamp's utc_ns).
        """
        if replaces_utc_ns is not None:
            self._pressure.withdraw(replaces_utc_ns)
        self._feed(reading, now_s)
        return self._settle(now_s)

    def tick(self, now_s: float) -> list[Event]:
        """Time passed; call at least twice a second."""
        return self._settle(now_s)

    def condition(self, name: str, active: bool, now_s: float, data: Mapping[str, str] | None = None) -> list[Event]:
        """The monitor knows something (see `told.KINDS`, "adapter_off", "device_lost"). ValueError if unknown.

        device_lost: data role "cuff" for the cuff; without it, it is the oximeter's link.
        """
        facts = dict(data or {})
        if name == "device_lost" and facts.get("role", "oximeter") != "oximeter":
            name = "cuff_lost"
        if name == "device_lost":
            self._blind.is_link_lost = active
        elif name == "adapter_off":
            self._blind.is_adapter_off = active
        elif name in KINDS:
            self._told.tell(name, active, now_s, facts)
        else:
            raise ValueError(f"no such condition: {name}")
        return self._settle(now_s)

    def jumped(self, now_s: float) -> list[Event]:
        """The clock jumped (more than 3 s between two ticks): every value is stale at once."""
        for channel in (self._spo2, self._pulse):
            channel.stop()
        self._blind.jump()
        return self._settle(now_s)

    # --- arming -------------------------------------------------------------------------------------------------

    def arm_technical(self, now_s: float) -> list[Event]:
        """Devices on: silence counts from here."""
        if self._blind.armed_s is None:
            self._blind.armed_s = now_s
        return self._settle(now_s)

    def arm_values(self, now_s: float) -> list[Event]:
        """The session started: values are judged from the next one on."""
        self._values_armed = True
        return self._settle(now_s)

    @property
    def armed(self) -> tuple[str, ...]:
        """What is armed: "technical", "values"."""
        technical = ("technical",) if self._blind.armed_s is not None else ()
        return (*technical, "values") if self._values_armed else technical

    def end(self, now_s: float) -> list[Event]:
        """The session ended: nothing is armed, everything that stood is cleared."""
        self._values_armed, self._blind.armed_s = False, None
        out: list[Event] = []
        for name in [o.name for o in self.standing.occurrences.values() if o.is_active]:
            self._emit(e.AlarmCleared(name, "session ended"), now_s, out)
        self.standing = Standing()
        return out

    def resume(self, state: Resumable, recent: Iterable[tuple[Reading, float]], now_s: float) -> list[Event]:
        """Take up a recorded session. recent: at least the last 75 s of readings and the newest pressure, oldest first.

        Silence counts from the last recorded reading, so a lost device alarms in time even if nothing ever comes.
        """
        self.standing = state.standing
        self._blind.armed_s = state.technical_armed_s
        self._values_armed = state.values_armed_s is not None
        for reading, t_s in recent:
            self._feed(reading, t_s)
        for occurrence in self.standing.occurrences.values():
            if occurrence.is_active:
                self._remember(occurrence)
        return self._settle(now_s)

    def _remember(self, occurrence: Occurrence) -> None:
        """An occurrence that stood stays true until new facts end it."""
        name = occurrence.name
        for channel in (self._spo2, self._pulse):
            channel.remember(name, occurrence.raised_s, occurrence.severity)
        if name == "pressure_high" and self._pressure.newest is None:
            self._pressure.severity = occurrence.severity
        self._blind.is_link_lost |= name == "device_lost"
        self._blind.is_adapter_off |= name == "adapter_off"
        if name in KINDS:
            self._told.tell(name, True, occurrence.raised_s, occurrence.data)

    # --- the sitter and the patient -----------------------------------------------------------------------------

    def acknowledge(self, name: str, now_s: float) -> list[Event]:
        """ "I'm on it": silent until it clears, gets worse or 120 s pass. [] if it does not stand or already is."""
        return self._said(suppression.acknowledge(self.standing, name, now_s), now_s)

    def pause(self, seconds: float, now_s: float) -> list[Event]:
        """All alarm sounds quiet for at most 120 s; the call and the pictures go on, a new high alarm ends it."""
        return self._said(suppression.pause(self.standing, seconds, now_s), now_s)

    def resume_sounds(self, now_s: float) -> list[Event]:
        """End the pause early."""
        return self._said(suppression.resume_sounds(self.standing, now_s), now_s)

    def close(self, name: str, now_s: float) -> list[Event]:
        """ "Seen": close a latched alarm. [] while its condition is true."""
        return self._said(suppression.close(self.standing, name), now_s)

    def answer_step(self, alarm: str, step: str, answer: str, now_s: float) -> list[Event]:
        """An answer in the action panel: somebody is there, so escalation counts anew."""
        return self._said([e.StepAnswered(alarm, step, answer)], now_s)

    def call(self, now_s: float, by: str = "key") -> list[Event]:
        """The patient calls. Sounds whatever is armed, answered or paused; a running call is not doubled."""
        return [] if self.standing.call == "calling" else self._said([e.SitterCalled(by)], now_s)

    def answer_call(self, now_s: float) -> list[Event]:
        """The sitter is coming."""
        return self._said([e.CallAnswered()], now_s) if self.standing.call == "calling" else []

    def end_call(self, now_s: float) -> list[Event]:
        """The sitter was there."""
        return self._said([e.CallEnded()], now_s) if self.standing.call else []

    def signal(self, now_s: float) -> Signal:
        """What must sound and be shown at `now_s`."""
        return signal(self.standing, now_s, lambda name: self._facts.of(name, now_s))

    # --- inside -------------------------------------------------------------------------------------------------

    def _feed(self, reading: Reading, now_s: float) -> None:
        measurement = reading.measurement
        if reading.source is Source.STORED:
            return
        if isinstance(measurement, Pressure):
            if self._roles.get(reading.device) == "cuff" or reading.source is Source.TYPED:
                self._pressure.take(measurement, reading.stamp.utc_ns, now_s, self._values_armed)
        elif isinstance(measurement, Oximetry):
            if reading.source is Source.TYPED:
                self._take_single(measurement, now_s)
            elif self._is_judged(reading.device):
                self._take_oximetry(measurement, now_s)

    def _is_judged(self, device: str) -> bool:
        """The first oximeter that speaks is judged to the end: no other takes over in silence."""
        if self._roles.get(device) != "oximeter":
            return False
        self._judged_device = self._judged_device or device
        return device == self._judged_device

    def _take_oximetry(self, measurement: Oximetry, now_s: float) -> None:
        if measurement.spot and not self._spo2.is_live:
            self._take_single(measurement, now_s)
        is_usable = self._spo2.take(measurement.spo2, now_s, self._values_armed)
        self._pulse.take(measurement.pulse, now_s, self._values_armed)
        self._blind.take(measurement.spo2, now_s, is_usable)
        if is_usable:
            self._doubt.take(measurement.spo2, now_s)

    def _take_single(self, measurement: Oximetry, now_s: float) -> None:
        if self._values_armed:
            self._spo2.take_single(measurement.spo2, now_s)
            self._pulse.take_single(measurement.pulse, now_s)

    def _wanted(self, now_s: float) -> Iterator[tuple[str, Severity]]:
        """Every condition that is true now, most urgent kind first."""
        for channel in (self._spo2, self._pulse):
            channel.age(now_s)
        if self._values_armed:
            for channel in (self._spo2, self._pulse):
                for threshold in channel.thresholds:
                    if threshold.is_true:
                        yield threshold.rule.name, threshold.severity
            if self._pressure.severity:
                yield "pressure_high", self._pressure.severity
        if self._blind.armed_s is None:
            return
        if blind := self._blind.now(now_s):
            yield blind
        if self._blind.is_pulse_gone():
            yield "no_pulse_signal", max(Severity.MEDIUM, self._pulse.kept.severity)
        if doubt := self._doubt.now(now_s):
            yield doubt
        yield from self._told.now(now_s)

    def _settle(self, now_s: float) -> list[Event]:
        """Compare what is true with what stands, and say the difference; first what begins, then what ends."""
        wanted = dict(self._wanted(now_s))
        out: list[Event] = []
        if not wanted and not self.standing.occurrences and self.standing.pause_until_s is None:
            return out
        for name, severity in wanted.items():
            self._begin(name, severity, now_s, out)
        for name in [o.name for o in self.standing.occurrences.values() if o.is_active and o.name not in wanted]:
            self._emit(e.AlarmCleared(name, self._why_cleared(name, wanted)), now_s, out)
        for event in suppression.expired(self.standing, now_s):
            self._emit(event, now_s, out)
        return out

    def _begin(self, name: str, severity: Severity, now_s: float, out: list[Event]) -> None:
        found = self.standing.active(name)
        if found is not None and severity <= found.severity:
            return
        data, text = self._facts.of(name, now_s), self._facts.limit_text(name)
        if found is not None:
            self._emit(e.AlarmStepped(name, severity, text, data), now_s, out)
            return
        old = next((n for n in NAMES if self.standing.active(n)), "") if name in NAMES else ""
        self._emit(e.AlarmRaised(name, severity, text, {**data, "follows": old} if old else data), now_s, out)

    def _why_cleared(self, name: str, wanted: Mapping[str, Severity]) -> str:
        if name in NAMES and (now := next((n for n in NAMES if n in wanted), "")):
            return f"now {now}"
        channel = self._pulse if name.startswith("pulse") else self._spo2
        is_stream = name in VALUE_ALARMS and name != "pressure_high"
        return "data stopped" if is_stream and not channel.is_live and channel.last_s is not None else "recovered"

    def _said(self, said: list[Event], now_s: float) -> list[Event]:
        out: list[Event] = []
        for event in said:
            self._emit(event, now_s, out)
        return out

    def _emit(self, event: Event, now_s: float, out: list[Event]) -> None:
        before = self.standing
        self.standing = before.apply(event, now_s)
        out.append(event)
        for more in suppression.broken(before, event, now_s):
            self.standing = self.standing.apply(more, now_s)
            out.append(more)
