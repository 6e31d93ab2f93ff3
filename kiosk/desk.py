"""Everything of one session that is a fold or projection: state, alarms, newest values, chart, story. No I/O.

Owned by the monitor, which records; the desk only follows. After a restart the same rows build the same desk.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from devices.power import Battery
from devices.reading import (
    AdapterChanged,
    BatteryRead,
    DeviceDoubted,
    DeviceRecognised,
    HeartRate,
    LinkChanged,
    LinkState,
    Oximetry,
    Pressure,
    Reading,
    Report,
    Source,
    Stamp,
)
from kiosk.latest import Latest
from kiosk.line.chart import Trend
from kiosk.record.reader import Row
from kiosk.session import events as e
from kiosk.session import observed, schedule
from kiosk.session.alarm.told import LAPTOP_LOW_PERCENT
from kiosk.session.alarms import Alarms
from kiosk.session.bedside import Bedside
from kiosk.session.plan import Plan
from kiosk.session.preparation import pressures_taken
from kiosk.session.state import Stage, State, apply
from kiosk.story import Story
from kiosk.text import Names
from kiosk.trace import Trace, is_high

BATTERY_LOW_PERCENT = 15
_LOST = {"oximeter": frozenset({LinkState.LOST, LinkState.REFUSED}), "cuff": frozenset({LinkState.REFUSED})}
RECENT_S = 80.0  # readings that the alarms need to take up a session: silence of 60 s and what came before it


class Desk:
    """The session as it stands. roles: device -> "oximeter" or "cuff"; grows with `adopt` (any device)."""

    def __init__(self, plan: Plan, roles: Mapping[str, str], offset_min: int) -> None:
        self.plan, self.offset_min = plan, offset_min
        self.roles = dict(roles)
        self.has_sound = True  # whether this run has a tone child
        self.names = Names(plan.patient.label, plan.sitter.label, offset_min, self.roles)
        self.state = State()
        self.alarms = Alarms(plan.limits, self.roles, plan.devices.oximeter.use)
        self.latest, self.story = Latest(), Story()
        self.trace = Trace(lambda pressure: is_high(pressure, self.plan.limits))
        self.origin = Stamp(0, 0)
        self.boot_changed = False
        self._recent: list[tuple[int, Reading, float]] = []  # seq, reading, session second
        self._pressures: list[tuple[int, Reading, float]] = []
        self._typed_utc_ns: dict[int, int] = {}  # seq of a typed value -> its stamp
        self._boot_id = ""
        self._recycled: set[str] = set()  # devices whose link we ended because it was silent

    def begin(self, first: Stamp) -> None:
        """The instant of the session's first row."""
        self.origin = first

    def fold(self, row: Row) -> None:
        """One recorded row, on resume."""
        if isinstance(row.what, Reading):
            if row.what.source is Source.DEVICE and row.what.device not in self.roles:
                self.adopt(row.what)  # a device nobody chose (`--any`): judged before the restart, so after it too
            self.show(row.what, row.t_s, row.seq)
            self._recent.append((row.seq, row.what, row.t_s))
        else:
            self.tell(row.what, row.seq, row.stamp, row.t_s, row.text)

    def tell(self, event: e.Event, seq: int, stamp: Stamp, t_s: float, text: str) -> None:
        """One accepted event."""
        self.state = apply(self.state, event, seq, stamp, t_s)  # pyright: ignore[reportArgumentType]
        self.alarms.hear(event, t_s)
        if isinstance(event, e.CheckAnswered):
            self._observe()  # which arms: readings that follow are drawn by it
        self.story.tell(event, seq, stamp, t_s, text)
        match event:
            case e.RunAnchored():
                self.boot_changed = bool(self._boot_id) and event.boot_id != self._boot_id
                self._boot_id = event.boot_id
            case e.DeviceChosen():
                self.roles[event.device] = event.role
            case e.ValueWithdrawn():
                self.trace.withdraw_seq(event.reading_seq)
                self.latest.withdraw(event.reading_seq)
            case e.SitterChanged() | e.CheckAnswered() if self.state.sitter_name:
                self.names = msgspec.structs.replace(self.names, sitter=self.state.sitter_name)
            case _:
                pass

    def show(self, reading: Reading, t_s: float, seq: int) -> Trend | None:
        """One accepted reading; returns what the chart needs to add. Only the judged oximeter's numbers are shown."""
        if self.roles.get(reading.device) == "oximeter" and not self.alarms.is_judged(reading.device):
            return None
        reading = self.alarms.annotated(reading, t_s)
        self.latest.take(reading, t_s, seq)
        self.story.tell_reading(reading, seq)
        if isinstance(reading.measurement, Pressure):
            self._pressures.append((seq, reading, t_s))
        if reading.source is Source.TYPED:
            self._typed_utc_ns[seq] = reading.stamp.utc_ns
        return self.trace.take(reading, t_s, seq)

    def typed_utc_ns(self, seq: int | None) -> int | None:
        """The stamp of the typed value of that row, None if there is none."""
        return None if seq is None else self._typed_utc_ns.get(seq)

    def resume_alarms(self, now_s: float) -> list[e.Event]:
        """Arm the alarms of a resumed session from what was recorded last."""
        last_s = self._recent[-1][2] if self._recent else 0.0
        counts = [row for row in self._recent if row[2] >= last_s - RECENT_S]
        counts = [*self._pressures, *(row for row in counts if not isinstance(row[1].measurement, Pressure))]
        withdrawn = self.state.withdrawn_readings
        recent = [(reading, t_s) for seq, reading, t_s in counts if seq not in withdrawn]
        self._recent = []
        self._observe()
        return self.alarms.resume(self.state, recent, now_s)

    def _observe(self) -> None:
        self.alarms.observe(observed.bed_of(self.plan, self.state))

    def adopt(self, reading: Reading) -> None:
        """A device nobody chose (`--any`) gets the role of what it sends, so that its values are judged."""
        if reading.device != "typed":
            sends: dict[type, str] = {Oximetry: "oximeter", HeartRate: "strap"}
            self.roles[reading.device] = sends.get(type(reading.measurement), "cuff")

    def planned(self, now_s: float) -> list[e.Event]:
        """Phases that the plan's clock reached; and the alarms learn what the sitter found at the bed."""
        self._observe()
        bedside, stage = self.bedside(now_s), self.state.stage
        found: list[e.Event | None] = [schedule.phase_due(self.plan, self.state, now_s)]
        if stage is Stage.STARTED:
            found.append(schedule.help_up_over(self.state, bedside))
        elif stage is Stage.OPENED:
            found += pressures_taken(self.state, bedside)
        return [event for event in found if event is not None]

    def bedside(self, now_s: float) -> Bedside:
        """What can be seen at the bed now, for decisions."""
        return self.latest.bedside(self.plan, now_s, self.has_sound)

    def power(self, battery: Battery | None, now_s: float) -> list[e.Event]:
        """The computer's own battery, None where it has none."""
        low = battery is not None and battery.is_discharging and battery.percent <= LAPTOP_LOW_PERCENT
        data = {} if battery is None else {"value": str(battery.percent)}
        return self.alarms.condition("laptop_battery", low, now_s, data)

    def told_by(self, report: Report, now_s: float) -> list[e.Event]:
        """Technical facts that a report carries: link, adapter and battery."""
        match report:
            case LinkChanged(device=device, state=state):
                return self._linked(device, state, now_s)
            case DeviceDoubted(device=device) | DeviceRecognised(device=device):
                return self._doubted(device, isinstance(report, DeviceDoubted), now_s)
            case AdapterChanged(state=state):
                return self.alarms.condition("adapter_off", state != "on", now_s, {"state": state})
            case BatteryRead(percent=percent, device=device):
                low = percent <= BATTERY_LOW_PERCENT
                role = self.roles.get(device, "")
                return self.alarms.condition("battery_low", low, now_s, {"value": str(percent), "role": role})
            case _:
                return []

    def confirm(self, device: str, is_chosen: bool, now_s: float) -> list[e.Event]:
        """A person has looked at a doubted device; [] where nothing is in doubt."""
        link = self.state.links.get(device)
        if link is None or link.doubt is None:
            return []
        said = e.DeviceConfirmed(device, is_chosen, link.doubt.address, link.doubt.serial)
        return [said, *self._doubted(device, False, now_s)]

    def _doubted(self, device: str, is_doubted: bool, now_s: float) -> list[e.Event]:
        role = self.roles.get(device, "")
        if role not in _LOST:
            return []  # a strap is only compared
        return self.alarms.condition("device_doubted", is_doubted, now_s, {"role": role})

    def _linked(self, device: str, state: LinkState, now_s: float) -> list[e.Event]:
        """A cuff hangs up after each measurement; only one that refuses us is missed.

        A silent oximeter's link is ended by ourselves: it is lost only once we look for it again.
        """
        role = self.roles.get(device, "")
        is_lost = state in _LOST.get(role, ())
        if state is LinkState.SILENT:
            self._recycled.add(device)
        elif device in self._recycled and state in (LinkState.LOST, LinkState.SEARCHING):
            is_lost = state is LinkState.SEARCHING
        else:
            self._recycled.discard(device)
        if role not in _LOST or not (is_lost or state is LinkState.STREAMING):
            return []
        return self.alarms.condition("device_lost", is_lost, now_s, {"role": role})
