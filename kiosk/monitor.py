"""The monitor: wires bytes -> reading -> alarm -> record -> screen, and commands back. No domain rule of its own.

The one process that is the truth of a session. It never waits for a child, a disk or a device; a tick runs the alarms
and beats to the supervisor, so that a monitor which cannot judge is noticed and replaced.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from devices.reading import DecodeFailed, Oximetry, Pressure, Reading, Report, Source, Stamp, Waveform
from kiosk import clock, settings
from kiosk.acquaintance import Acquaintance
from kiosk.books import Books
from kiosk.crew import Crew
from kiosk.desk import Desk
from kiosk.hatch import Hatch
from kiosk.line.childline import ChildLine, LineBack, LineLost
from kiosk.line.monitor import EndRun, Held, Said, SessionState
from kiosk.opening import (
    Resumed,
    anchor_event,
    known_before,
    last_end_utc_ns,
    opened_event,
    signature_event,
)
from kiosk.options import MonitorOptions
from kiosk.planfile import ReadPlan
from kiosk.radio import Radio
from kiosk.record.fault import RecordError
from kiosk.record.opener import is_locked
from kiosk.record.recorder import Ticket
from kiosk.room import Room
from kiosk.session import events as e
from kiosk.session.state import Stage
from kiosk.telling import event_of
from kiosk.terminal import Terminal
from kiosk.text import sentence
from kiosk.ticks import EVERY_S, Ticks
from kiosk.waveform import Waveforms

JUMP_S = 3.0
HANG_UP_WITHIN_S = 3.0
SETTLE_WITHIN_S = 1.0  # half of what the supervisor takes for silence; a cuff's reading is worth that much
CLOSE_WITHIN_S = 12.0  # children 9 s at most, the disk the rest
KEY_WITHIN_S = 1.0  # for a keyring that is open; one that asks a person first is not waited for
RESUME_WITHIN_S = 12 * 3600  # a session lasts hours; what was open longer ago is another evening


class Monitor:
    """One run. Everything happens on one event loop, so nothing here is locked."""

    def __init__(
        self,
        options: MonitorOptions,
        folder: Path,
        record: Path,
        read: ReadPlan,
        resumed: Resumed | None,
        crew: Crew,
    ) -> None:
        origin = Stamp(options.origin_utc_ns, options.origin_boot_ns) if options.origin_utc_ns else None
        self.options, self.folder, self.record, self.read = options, folder, record, read
        self.clock = clock.Clock(options.speed, origin)
        self.offset_min = clock.utc_offset_min()
        self.over, self.ticks = asyncio.Event(), Ticks()
        self.code, self._how = 0, ""
        self._session_id, self._end_seq = "", 0
        self.line: ChildLine | None = None
        self.terminal = Terminal(self.offset_min) if options.terminal else None
        self._settings = settings.load_settings(folder)
        self._resumed = resumed
        is_new = resumed is None and options.kind == "patient"
        self._is_locked = is_locked(record)
        looks = is_new and not self._is_locked
        self._last_end_utc_ns = (
            last_end_utc_ns(record, read.plan.patient.id) if looks else None if self._is_locked else 0
        )
        self._past = known_before(options, read, record) if resumed is None and not self._is_locked else ()
        self._chosen = chosen_devices(options, settings.load_state(folder))
        self.acquaintance = Acquaintance(None if options.devices else folder, self.say)
        self.desk = Desk(read.plan, {d.address: d.role for d in self._chosen}, self.offset_min)
        self._last_tick: Stamp | None = None
        self.books = Books(self, was_locked=self._is_locked)
        self.room = Room(self, self._settings, crew)
        self._hatch = Hatch(folder, self.books.take_key)
        self.radio = Radio(self, self._chosen)
        self._waveforms = Waveforms(self._record_waveform, self.room.sweep, options.speed)

    # --- begin and end ------------------------------------------------------------------------------------------

    async def run(self) -> int:
        """From the first alarm armed to the last row stored; the exit code."""
        self._open()
        self.room.start()
        await self._hatch.open()
        links = asyncio.create_task(self._begin_late(), name="links")
        try:
            while not self.over.is_set():
                self._tick()
                await self.ticks.due()
        finally:
            beats = asyncio.create_task(self._beat_while_closing(), name="beats")
            links.cancel()
            await asyncio.wait({links}, timeout=HANG_UP_WITHIN_S)
            self._end_session()
            await asyncio.gather(links, return_exceptions=True)
            await self._hatch.close()
            await self.room.end()
            await asyncio.to_thread(self._close)
            beats.cancel()
            await asyncio.gather(beats, return_exceptions=True)
        return self.code

    async def _beat_while_closing(self) -> None:
        """A monitor that closes in peace is not silent; one that cannot close is killed in the end."""
        for _ in range(round(CLOSE_WITHIN_S / EVERY_S)):
            if self.line:
                self.line.beat()
            await asyncio.sleep(EVERY_S)

    def _open(self) -> None:
        self.books.open(self._resumed.session_id if self._resumed else None)
        if self._resumed and self._is_too_old(self._resumed):
            self._end_old()
            self._resumed = None
        if self._resumed:
            self._resume(self._resumed)
        else:
            opened = opened_event(self.options, self.read, self._settings.as_text(), self._last_end_utc_ns)
            self.desk.begin(self.note(opened)[1])
            self.note(anchor_event(self.options.plain))
            self.note(signature_event(self.read, self.folder))
            self.note_all(list(self._past))
            for one in self._chosen:
                self.note(e.DeviceChosen(one.address, one.role, one.name, one.driver, self.options.simulated))
            self.note_all(self.desk.alarms.arm_technical(self.t_s()))
        self.books.opened()
        self._session_id = self.books.recorder.session_id or ""
        if self.line:
            self.line.send(SessionState(True, self._session_id))

    def _resume(self, resumed: Resumed) -> None:
        """Fold the rows, anchor the run, record the gap, arm the alarms: in this order, before anything else."""
        self.desk.begin(resumed.first)
        for row in resumed.rows:
            self.desk.fold(row)
        last = resumed.rows[-1]
        self.note(anchor_event(self.options.plain))
        gap_s = max(self.t_s() - last.t_s, 0.0)
        self.note(e.RunResumed(gap_s, self.desk.boot_changed))
        self.note_all(self.desk.resume_alarms(self.t_s()))
        self.note_all(self.desk.alarms.condition("monitoring_restarted", True, self.t_s(), {"gap_s": f"{gap_s:.0f}"}))

    def _is_too_old(self, resumed: Resumed) -> bool:
        return (self.now().utc_ns - resumed.rows[-1].stamp.utc_ns) / 1e9 > RESUME_WITHIN_S

    def _end_old(self) -> None:
        """A session that was left open long ago is ended as what it was; this run is a new one."""
        for event in (anchor_event(self.options.plain), e.SessionEnded("interrupted")):
            self.books.recorder.append_event(event, self.now(), sentence(event, self.desk.names))

    def _close(self) -> None:
        self.radio.close()
        self.room.keeping.close()
        self.books.close()

    def finish(self, how: str, code: int = 0) -> None:
        """End the run. how "" leaves the session open, to be taken up again."""
        if not self.over.is_set():
            self._how, self.code = how, code
            self.over.set()
            self.ticks.end()

    def _end_session(self) -> None:
        """The last events, once the links are down: a value that was on its way still belongs to the session."""
        self._waveforms.end()
        if self._how and self.desk.state.stage is not Stage.ENDED:
            self.note_all(self.desk.alarms.end(self.t_s()))
            ticket, _ = self.note(e.SessionEnded(self._how))
            self._end_seq = ticket.seq if ticket else 0
        elif self.books.recorder.session_id:
            self.books.seal()

    def say(self, text: str, error: bool = False) -> None:
        """A line for the person at the terminal."""
        if self.line:
            self.line.send(Said(text, error))
        else:
            print(text, file=sys.stderr)

    # --- facts --------------------------------------------------------------------------------------------------

    def now(self) -> Stamp:
        """This instant by the session's clock."""
        return self.clock.now()

    def t_s(self, stamp: Stamp | None = None) -> float:
        """Session seconds of an instant, now without one."""
        return self.books.recorder.timeline.t_s(stamp or self.now())

    def note(self, event: e.Event) -> tuple[Ticket | None, Stamp]:
        """One event: stamped, worded, recorded, folded and shown. The ticket is None when memory is full."""
        stamp = self.now()
        text = sentence(event, self.desk.names)
        try:
            ticket = self.books.recorder.append_event(event, stamp, text)  # pyright: ignore[reportArgumentType]
        except RecordError as error:
            self.books.not_recording(str(error.reason))
            return None, stamp
        self.desk.tell(event, ticket.seq, stamp, ticket.t_s, text)
        self.room.noted(event, ticket.seq)
        if isinstance(event, e.SessionEnded):
            self.books.seal()
        if self.terminal:
            self.terminal.event(event, ticket.seq, stamp, ticket.t_s, text)
        return ticket, stamp

    def note_all(self, events: list[e.Event]) -> None:
        """Several events, in order; what they signal goes out at once."""
        for event in events:
            self.note(event)
        if events:
            self.room.signal()

    def stored(self, tickets: list[Ticket]) -> None:
        """Rows reached the disk; behind the session's last one nobody needs to be kept awake."""
        self.room.stored({ticket.seq for ticket in tickets})
        if self._end_seq and not self.books.recorder.waiting:
            self._end_seq = 0
            self._let_sleep()

    def _let_sleep(self) -> None:
        """Nobody is watched any more, and the end is on the disk. Pages that stay open for later keep nobody awake."""
        self.room.keeping.session_ended()
        if self.line:
            self.line.send(SessionState(False, self._session_id))

    def take(self, report: Report) -> None:
        """One report of a device: alarms first, then the record, then the screen."""
        closes = self.over.is_set() and not isinstance(report, Reading | Waveform | DecodeFailed)
        if closes or self.books.recorder.session_id is None:
            return
        self._waveforms.take(report)
        self.radio.hear(report)
        if isinstance(report, Reading):
            self.take_reading(report)
            return
        event = event_of(report)
        if event is not None:
            self.note(event)
        self.room.pairings.hear(report)
        self.acquaintance.hear(report)
        self.note_all(self.desk.told_by(report, self.t_s()))

    def take_reading(self, reading: Reading, replaces_utc_ns: int | None = None) -> Ticket | None:
        """One reading, live, stored or typed. replaces_utc_ns: stamp of the typed value that it corrects."""
        t_s = self.t_s(reading.stamp)
        if reading.source is Source.DEVICE and reading.device not in self.desk.roles:
            self.desk.adopt(reading)
        events = self.desk.alarms.take(reading, t_s, replaces_utc_ns)
        ticket: Ticket | None = None
        try:
            ticket = self.books.recorder.append_reading(reading)
        except RecordError as error:
            self.books.not_recording(str(error.reason))
        self.room.trend(self.desk.show(reading, t_s, ticket.seq if ticket else 0))
        if self.terminal:
            self.terminal.reading(reading, t_s)
        self.note_all(events)
        if isinstance(reading.measurement, Oximetry | Pressure):  # not for a cuff that inflates, many times a second
            self.ticks.hurry()
        return ticket

    def _record_waveform(self, block: Waveform) -> None:
        """A block of waveform goes into the record and nowhere else."""
        try:
            self.books.recorder.append_waveform(block)
        except RecordError as error:
            self.books.not_recording(str(error.reason))

    # --- time ---------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self.now()
        now_s = self.t_s(now)
        last, self._last_tick = self._last_tick, now
        if last is not None and (now.boot_ns - last.boot_ns) / 1e9 > JUMP_S * max(self.options.speed, 1):
            jump_s = (now.boot_ns - last.boot_ns) / 1e9
            self.note(e.ClockJumped(jump_s))
            self.note_all(self.desk.alarms.jumped(now_s, jump_s))
        self.note_all(self.desk.alarms.tick(now_s))
        self.note_all(self.desk.planned(now_s))
        self.room.tick(now_s)
        self.books.tick(now, now_s)
        if self.line:
            self.line.beat()
        if self.options.seconds and now_s >= self.options.seconds and not self.room.is_busy():
            self.finish("demo over" if self.options.kind == "demo" else "time over")

    async def _begin_late(self) -> None:
        """What a new room's pane need not wait for, but what loads for it would: the signing key, the radio."""
        await self.room.standing()
        self.books.load_signer()
        await self.radio.keep(self._pressures_before())

    def _pressures_before(self) -> list[Reading]:
        """What earlier runs of this session have of the cuffs, which may say it again."""
        rows = self._resumed.rows if self._resumed else ()
        readings = [row.what for row in rows if isinstance(row.what, Reading)]
        return [one for one in readings if isinstance(one.measurement, Pressure)]

    # --- supervisor ---------------------------------------------------------------------------------------------

    def from_supervisor(self, message: Any) -> None:
        """A message of the supervisor, or the news that it is gone."""
        match message:
            case EndRun():
                self.finish("" if self.options.kind == "patient" else "interrupted")
            case Held():
                self.room.keeping.held = message
            case LineLost() if self.line and not self.line.was_heard:
                self.finish("")  # whoever began this room went before anybody kept it
            case LineLost():
                self.room.keeping.supervisor_lost()
                self.note(e.ProtectionLost())
                self.note_all(self.desk.alarms.condition("protection_lost", True, self.t_s()))
            case LineBack():
                self.room.keeping.supervisor_back()
                self.note_all(self.desk.alarms.condition("protection_lost", False, self.t_s()))
            case _:
                pass


def chosen_devices(options: MonitorOptions, state: settings.State) -> tuple[settings.ChosenDevice, ...]:
    """The devices of this run: the demo's, else those that a person chose."""
    if options.devices:
        return tuple(settings.ChosenDevice(a.lower(), role, driver, name) for a, driver, role, name in options.devices)
    return () if options.any_device else state.devices
