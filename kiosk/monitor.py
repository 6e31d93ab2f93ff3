"""The monitor: wires bytes -> reading -> alarm -> record -> screen, and commands back. No domain rule of its own.

The one process that is the truth of a session. It never waits for a child, a disk or a device; a tick runs the alarms
and beats to the supervisor, so that a monitor which cannot judge is noticed and replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from devices.reading import DecodeFailed, Oximetry, Pressure, Reading, Report, Source, Stamp, Waveform
from kiosk import clock, crash, datadir, settings
from kiosk.acquaintance import Acquaintance
from kiosk.crew import Crew, kinds_of
from kiosk.desk import Desk
from kiosk.failure import Reason, Refusal
from kiosk.hatch import Hatch
from kiosk.launch import record_sentence, take_leftovers
from kiosk.line.childline import ChildLine, LineBack, LineLost
from kiosk.line.monitor import EndRun, Held, KeyKnown, Said, SessionState
from kiosk.opening import (
    Resumed,
    anchor_event,
    find_open,
    is_ended,
    known_before,
    last_end_utc_ns,
    opened_event,
    plan_for,
    signature_event,
)
from kiosk.options import MonitorOptions
from kiosk.planfile import ReadPlan
from kiosk.record.fault import RecordError
from kiosk.record.opener import is_locked
from kiosk.record.recorder import Recorder, Ticket
from kiosk.record.schema import bring_up
from kiosk.record.writer import SWITCH_S
from kiosk.room import Room
from kiosk.sealing import Sealing
from kiosk.session import events as e
from kiosk.session.state import Stage
from kiosk.telling import event_of
from kiosk.terminal import Terminal
from kiosk.text import sentence
from kiosk.text import vault as vault_text
from kiosk.ticks import EVERY_S, Ticks
from kiosk.vault import known, place
from kiosk.vault.fault import VaultError
from kiosk.vault.key import Key
from kiosk.waveform import Waveforms

if TYPE_CHECKING:
    from devices.links import Links
    from kiosk.capture import Capture

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
        self._recorder: Recorder | None = None
        self._sealing: Sealing | None = None
        self._links: Links | None = None
        self._last_tick: Stamp | None = None
        self._recording_trouble = ""
        self._waits_for_key = self._seals_at_end = False
        self.room = Room(self, self._settings, crew)
        self._hatch = Hatch(folder, self.take_key)
        self._capture = self._open_capture() if options.capture else None
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
        self._recorder = self._open_recorder()
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
        self._sealing = Sealing(self._recorder, self.note, self._not_recording, self.desk.names)
        self._session_id = self._recorder.session_id or ""
        self._tell_key()
        if self.line:
            self.line.send(SessionState(True, self._session_id))

    def _open_capture(self) -> Capture:
        from kiosk.capture import Capture  # a session has none, and its import would delay a restart

        options = self.options
        is_session = options.kind == "patient"
        return Capture(
            Path(options.capture), self.offset_min, self.say, is_real=options.capture_real, is_session=is_session
        )

    def _open_recorder(self) -> Recorder:
        """A new session is refused where it cannot be recorded; an open one is tried again, by the supervisor."""
        try:
            return Recorder(
                self.record,
                self.clock.now,
                asyncio.get_running_loop().call_soon_threadsafe,
                self._stored,
                self._not_recording,
                self._recording_again,
                resume=self._resumed.session_id if self._resumed else None,
                waits_for_key=self._is_locked,
            )
        except RecordError as error:
            if self._resumed or self.options.because:
                raise
            raise Refusal(Reason.RECORD, record_sentence(error)) from error

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
            self.recorder.append_event(event, self.now(), sentence(event, self.desk.names))

    def _close(self) -> None:
        assert self._recorder is not None
        if self._capture:
            self._capture.close()
        self.room.keeping.close()
        try:
            self._recorder.close(5.0)
        except RecordError as error:
            self._leave_sealed(error)

    def _leave_sealed(self, refused: RecordError) -> None:
        """What waited for a locked key is left for who has it; what else the disk did not take is lost, and said."""
        from kiosk.record.leftover import leave

        rows = self.recorder.unsaved() if is_locked(self.record) else []
        try:
            if not rows:
                raise refused
            self.say(vault_text.left_sealed(len(rows), str(leave(self.record, rows, self.now().utc_ns))), error=True)
        except RecordError as error:
            self.say(vault_text.lost(error.count, str(error)), error=True)
            self.code = self.code or 1

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
        elif self._sealing and self.recorder.session_id:
            self._sealing.seal(self.now())

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
        assert self._recorder is not None
        return self._recorder.timeline.t_s(stamp or self.now())

    @property
    def fingerprint(self) -> str:
        """Of the key that seals, "" while there is none."""
        signer = self._sealing.signer if self._sealing else None
        return signer.fingerprint if signer else ""

    def note(self, event: e.Event) -> tuple[Ticket | None, Stamp]:
        """One event: stamped, worded, recorded, folded and shown. The ticket is None when memory is full."""
        stamp = self.now()
        text = sentence(event, self.desk.names)
        try:
            ticket = self.recorder.append_event(event, stamp, text)  # pyright: ignore[reportArgumentType]
        except RecordError as error:
            self._not_recording(str(error.reason))
            return None, stamp
        self.desk.tell(event, ticket.seq, stamp, ticket.t_s, text)
        self.room.noted(event, ticket.seq)
        if self._sealing and isinstance(event, e.SessionEnded):
            self._sealing.seal(self.now())
        if self.terminal:
            self.terminal.event(event, ticket.seq, stamp, ticket.t_s, text)
        return ticket, stamp

    def note_all(self, events: list[e.Event]) -> None:
        """Several events, in order; what they signal goes out at once."""
        for event in events:
            self.note(event)
        if events:
            self.room.signal()

    @property
    def recorder(self) -> Recorder:
        """The record's one writer."""
        assert self._recorder is not None
        return self._recorder

    def take(self, report: Report) -> None:
        """One report of a device: alarms first, then the record, then the screen."""
        closes = self.over.is_set() and not isinstance(report, Reading | Waveform | DecodeFailed)
        if closes or self.recorder.session_id is None:
            return
        self._waveforms.take(report)
        if self._capture:
            self._capture.hear(report)
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
            ticket = self.recorder.append_reading(reading)
        except RecordError as error:
            self._not_recording(str(error.reason))
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
            self.recorder.append_waveform(block)
        except RecordError as error:
            self._not_recording(str(error.reason))

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
        if self._sealing and self.recorder.session_id:
            self._sealing.tick(now, now_s)
        if self.line:
            self.line.beat()
        if self.options.seconds and now_s >= self.options.seconds and not self.room.is_busy():
            self.finish("demo over" if self.options.kind == "demo" else "time over")

    async def _begin_late(self) -> None:
        """What a new room's pane need not wait for, but what loads for it would: the signing key, the radio."""
        await self.room.standing()
        assert self._sealing is not None
        self._sealing.load(self.folder, asyncio.get_running_loop().call_soon_threadsafe)
        await self._keep_links()

    async def _keep_links(self) -> None:
        """Bluetooth until cancelled. Its end for any other reason is our bug: the supervisor starts us anew."""
        try:
            # The radio's libraries take a second to import: in a thread, after the alarms are armed.
            links = await asyncio.to_thread(importlib.import_module, "devices.links")
            pace = await asyncio.to_thread(importlib.import_module, "devices.pace")
            if self.options.adapter.startswith("virtual:"):
                await asyncio.to_thread(importlib.import_module, "devices.virtual.radio")
            chosen = [links.Chosen(d.address, d.driver, d.role, d.name, d.serial, d.bonded) for d in self._chosen]
            kept: Links = links.Links(
                self.options.adapter,
                chosen,
                self.options.any_device,
                self.now,
                self.take,
                pace=pace.Pace(speed=self.options.speed),
                ask=self.room.pairings.ask,
                settle=lambda: self.recorder.settle(SETTLE_WITHIN_S),
                recorded=self._pressures_before(),
                tap=self._capture.take if self._capture else None,
            )
            self._links = kept
            await kept.run()
        except Exception as error:  # noqa: BLE001 - the top of the radio's task
            crash.leave_file(error)
            self.note(e.FaultHappened(crash.where(error), "the radio's task ended"))
            self.finish("", crash.EXIT_CRASHED)

    def _pressures_before(self) -> list[Reading]:
        """What earlier runs of this session have of the cuffs, which may say it again."""
        rows = self._resumed.rows if self._resumed else ()
        readings = [row.what for row in rows if isinstance(row.what, Reading)]
        return [one for one in readings if isinstance(one.measurement, Pressure)]

    def confirm(self, device: str, is_chosen: bool) -> list[e.Event]:
        """A person has looked at a doubted device: what is to be noted; [] where nothing is in doubt."""
        events = self.desk.confirm(device, is_chosen, self.t_s())
        for event in events:
            if isinstance(event, e.DeviceConfirmed) and is_chosen:
                self.acquaintance.confirmed(device, event.address, event.serial)
        if self._links and events:
            self._links.answer(device, is_chosen)
        return events

    def restart_link(self, device: str) -> None:
        """Drop and reconnect one device."""
        if self._links:
            self._links.restart(device)

    async def forget_bond(self, device: str) -> None:
        """Remove this computer's side of a bond, then pair anew."""
        if self._links:
            await self._links.forget_bond(device)

    # --- record -------------------------------------------------------------------------------------------------

    @property
    def recording_trouble(self) -> str:
        """Why rows do not reach the disk, "" while they do."""
        return self._recording_trouble

    @property
    def waits_for_key(self) -> bool:
        """Whether a person can mend that by typing the record's passphrase or recovery code."""
        return self._waits_for_key

    @property
    def seals_at_end(self) -> bool:
        """Whether rows that still wait for it when the room ends are left sealed; else they are lost."""
        return self._seals_at_end

    def _stored(self, tickets: list[Ticket]) -> None:
        self.room.stored({ticket.seq for ticket in tickets})
        if self._end_seq and not self.recorder.waiting:
            self._end_seq = 0
            self._let_sleep()

    def _let_sleep(self) -> None:
        """Nobody is watched any more, and the end is on the disk. Pages that stay open for later keep nobody awake."""
        self.room.keeping.session_ended()
        if self.line:
            self.line.send(SessionState(False, self._session_id))

    def _not_recording(self, reason: str) -> None:
        if self._recording_trouble:
            return
        self._recording_trouble = reason or "unknown"
        self._waits_for_key = is_locked(self.record)
        self._seals_at_end = self._waits_for_key and place.has_letterbox(self.folder)
        self.note(e.RecordingFailed(reason))
        self.note_all(self.desk.alarms.condition("not_recording", True, self.t_s(), {"reason": reason}))

    def _recording_again(self, waited: int) -> None:
        self._tell_key()  # a keyring may have answered late
        self._recording_trouble, self._waits_for_key = "", False
        self.note(e.RecordingRestored(waited))
        self.note_all(self.desk.alarms.condition("not_recording", False, self.t_s()))

    def take_key(self, key: Key) -> bool:
        """The folder's key, from a person: what waits is written at the next try. False: it is another folder's."""
        try:
            known.give(self.folder, key)
        except VaultError:
            return False
        Thread(target=known.remember_letterbox, args=(self.folder,), name="letterbox", daemon=True).start()
        self._tell_key()
        return True

    def _tell_key(self) -> None:
        """The supervisor keeps it, so that a restart in mid-session finds its record again without a person."""
        key = known.given(self.folder)
        if key and self.line:
            self.line.send(KeyKnown(key.secret.hex()))

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


def record_file(folder: Path, plain: bool) -> Path:
    """The record; a plain start writes a new file beside it, because the old one may be what fails."""
    if not plain:
        return folder / datadir.RECORD
    taken = len(list(folder.glob("record-plain-*.db")))
    return folder / f"record-plain-{taken + 1}.db"


def begin(options: MonitorOptions, crew: Crew | None = None) -> tuple[Monitor, datadir.Lock]:
    """Everything that can be refused, before anything is shown. Raises Refusal."""
    try:
        folder = datadir.prepare(Path(options.data_dir))
        lock = datadir.hold_lock(folder)
        record = record_file(folder, options.plain)
        known.ask(folder, KEY_WITHIN_S)
        known.remember_letterbox(folder)
        resumed = None
        if not is_locked(record):
            bring_up(record)
            for told in [] if options.plain else take_leftovers(folder):
                print(f"kiosk: {told}", file=sys.stderr)
            resumed = find_open(record, options.kind) if not options.plain else None
        crew = crew or Crew(kinds_of(options))
        return Monitor(options, folder, record, plan_for(options, resumed), resumed, crew), lock
    except datadir.DataDirError as error:
        raise Refusal(Reason.DATA_FOLDER, str(error)) from error
    except settings.SettingsError as error:
        raise Refusal(Reason.BAD_SETTING, str(error)) from error
    except RecordError as error:
        raise Refusal(Reason.RECORD, record_sentence(error)) from error


def run_monitor(options: MonitorOptions) -> int:
    """Run a monitor in this process until its end; the exit code. Raises Refusal before anything was written."""
    return asyncio.run(watch(options))


async def watch(options: MonitorOptions, line: ChildLine | None = None, crew: Crew | None = None) -> int:
    """The same on a loop that runs. line: to the supervisor. crew: whose screen may have been started already."""
    sys.setswitchinterval(SWITCH_S)
    monitor, lock = begin(options, crew)
    with lock:
        _end_on_signals(monitor)
        if line:
            monitor.line = line
            loop = asyncio.get_running_loop()
            line.listen(lambda message: _pass_on(loop, monitor, message))
        return await monitor.run()


def _pass_on(loop: asyncio.AbstractEventLoop, monitor: Monitor, message: Any) -> None:
    """From the line's thread into the loop; after the loop's end nobody listens any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(monitor.from_supervisor, message)


def _end_on_signals(monitor: Monitor) -> None:
    import signal

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, monitor.from_supervisor, EndRun(signal.Signals(number).name))


def is_over(options: MonitorOptions, session_of_run: str) -> bool:
    """The monitor before this one died after it had stored the session's end: no second session is to follow."""
    if not session_of_run:
        return False
    try:
        return is_ended(Path(options.data_dir) / datadir.RECORD, session_of_run)
    except RecordError:
        return False  # `begin` says what is wrong with the record
