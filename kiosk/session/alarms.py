"""The alarms of a session: readings and facts in, events out, and the signal that follows from them.

Pure and owned by the monitor: `take` and `tick` never wait, time is a parameter (session seconds). Conditions are
worked out from readings; everything else is the fold of the events returned here (`Standing`), so that a restarted
monitor signals what the record says. It never judges a stored, test, invalid or old value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from devices.reading import Reading
from kiosk.session import events as e
from kiosk.session.alarm import suppression
from kiosk.session.alarm.bed import Bed
from kiosk.session.alarm.blindness import NAMES, Use
from kiosk.session.alarm.occurrence import Occurrence, Standing
from kiosk.session.alarm.signal import Listed, Signal, signal
from kiosk.session.alarm.watch import Watch
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Limits

CALL_UNANSWERED_S = 30.0  # louder, every output, both displays; the card at 60 s of the call

__all__ = ["Alarms", "Bed", "Listed", "Occurrence", "Resumable", "Signal", "Standing"]


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
        self._watch = Watch(limits, roles, oximeter)
        self._latest_s = 0.0
        self.standing = Standing()

    # --- facts in -----------------------------------------------------------------------------------------------

    def take(self, reading: Reading, now_s: float, replaces_utc_ns: int | None = None) -> list[Event]:
        """One reading of `now_s`; returns what it changed. A late one (typed for an earlier time) alarms now.

        replaces_utc_ns: a typed correction: when the withdrawn value was taken (its stamp's utc_ns).
        """
        if replaces_utc_ns is not None:
            self._watch.withdraw(replaces_utc_ns)
        self._watch.feed(reading, now_s, max(now_s, self._latest_s))
        return self._settle(now_s)

    def tick(self, now_s: float) -> list[Event]:
        """Time passed; call at least twice a second."""
        return self._settle(now_s)

    def condition(self, name: str, active: bool, now_s: float, data: Mapping[str, str] | None = None) -> list[Event]:
        """The monitor knows something (`told.KINDS`, "adapter_off", "device_lost", "device_doubted"), else ValueError.

        device_lost, device_doubted: data role "cuff" for the cuff; without it, they are about the oximeter.
        """
        self._watch.tell(name, active, now_s, dict(data or {}))
        return self._settle(now_s)

    def jumped(self, now_s: float, by_s: float = 0.0) -> list[Event]:
        """The clock jumped by so much (more than 3 s between two ticks): every value is stale at once."""
        self._watch.jump()
        self._watch.tell("clock_jumped", True, now_s, {"gap_s": f"{by_s:.0f}"})
        return self._settle(now_s)

    def observe(self, bed: Bed) -> None:
        """What the sitter last found at the bed, by the session's state; judged from the next tick on."""
        self._watch.bed = bed

    def hear(self, event: Event, t_s: float) -> None:
        """An accepted event of others that changes what may sound: "up with help" begins or is over."""
        if isinstance(event, e.HelpUpBegan | e.HelpUpEnded):
            self.standing = self.standing.apply(event, t_s)

    def judge(self, device: str) -> None:
        """After a restart: the oximeter that was judged before goes on being the judged one."""
        self._watch.judged_device = device

    @property
    def judged(self) -> str | None:
        """The oximeter that is judged; None until one has spoken."""
        return self._watch.judged_device

    def is_judged(self, device: str) -> bool:
        """Whether this oximeter is the one that is judged; the first one that speaks is."""
        return self._watch.is_judged(device)

    def annotated(self, reading: Reading, t_s: float) -> Reading:
        """The reading as it is judged, to be drawn the same: doubted while the cuff squeezes the probe's arm."""
        return self._watch.inflation.annotated(reading, t_s, self._watch.bed.same_arm)

    # --- arming -------------------------------------------------------------------------------------------------

    def arm_technical(self, now_s: float) -> list[Event]:
        """Devices on: silence counts from here."""
        if self._watch.blind.armed_s is None:
            self._watch.blind.armed_s = now_s
        return self._settle(now_s)

    def arm_values(self, now_s: float) -> list[Event]:
        """The session started: values are judged from the next one on."""
        self._watch.values_armed = True
        return self._settle(now_s)

    @property
    def armed(self) -> tuple[str, ...]:
        """What is armed: "technical", "values"."""
        technical = ("technical",) if self._watch.blind.armed_s is not None else ()
        return (*technical, "values") if self._watch.values_armed else technical

    def end(self, now_s: float) -> list[Event]:
        """The session ended: nothing is armed, everything that stood is cleared."""
        self._watch.values_armed, self._watch.blind.armed_s = False, None
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
        self._watch.blind.armed_s = state.technical_armed_s
        self._watch.values_armed = state.values_armed_s is not None
        for reading, t_s in recent:
            self._watch.feed(reading, t_s, t_s)
        for occurrence in self.standing.occurrences.values():
            if occurrence.is_active:
                self._watch.remember(occurrence, now_s)
        return self._settle(now_s)

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

    def answer_step(self, alarm: str, step: str, answer: str, now_s: float, on: str = "") -> list[Event]:
        """An answer in the action panel: somebody is there, so escalation counts anew. on: the step answered."""
        return self._said([e.StepAnswered(alarm, step, answer, on)], now_s)

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
        return signal(self.standing, now_s, lambda name: self._watch.facts_of(name, now_s))

    # --- inside -------------------------------------------------------------------------------------------------

    def _settle(self, now_s: float) -> list[Event]:
        """Compare what is true with what stands, and say the difference; first what begins, then what ends."""
        self._latest_s = now_s = max(now_s, self._latest_s)
        wanted = dict(self._watch.now(now_s))
        if self.standing.call == "calling" and now_s - self.standing.call_s >= CALL_UNANSWERED_S:
            wanted["call_unanswered"] = Severity.HIGH
        out: list[Event] = []
        if not wanted and not self.standing.occurrences and self.standing.pause_until_s is None:
            return out
        for name, severity in wanted.items():
            self._begin(name, severity, now_s, out)
        for name in [o.name for o in self.standing.occurrences.values() if o.is_active and o.name not in wanted]:
            self._emit(e.AlarmCleared(name, self._watch.why_over(name, wanted)), now_s, out)
        for event in suppression.expired(self.standing, now_s):
            self._emit(event, now_s, out)
        return out

    def _begin(self, name: str, severity: Severity, now_s: float, out: list[Event]) -> None:
        found = self.standing.active(name)
        if found is not None and severity <= found.severity:
            return
        data, text = self._watch.facts_of(name, now_s), self._watch.facts.limit_text(name)
        if found is not None:
            self._emit(e.AlarmStepped(name, severity, text, data), now_s, out)
            return
        old = next((n for n in NAMES if self.standing.active(n)), "") if name in NAMES else ""
        self._emit(e.AlarmRaised(name, severity, text, {**data, "follows": old} if old else data), now_s, out)

    def _said(self, said: list[Event], now_s: float) -> list[Event]:
        self._latest_s = now_s = max(now_s, self._latest_s)
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
