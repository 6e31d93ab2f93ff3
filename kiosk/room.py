"""The room around the monitor: children, what they are told, what they say. Facts go down, commands come up.

Owned by the monitor. Nothing here decides what is true; it carries, counts seconds for a confirmation, and composes
the view. A child that is gone is told nothing and misses nothing: its successor gets the whole state.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from devices.power import Battery, battery
from kiosk import settings
from kiosk.child import ChildEnd
from kiosk.crew import Crew
from kiosk.displays import Displays
from kiosk.gate import Gate
from kiosk.holding import holding_for
from kiosk.inspector import Inspector
from kiosk.keeping import Keeping, levels_of
from kiosk.line import monitor as up
from kiosk.line.chart import Sweep, Trend
from kiosk.line.inspection import Inspected
from kiosk.line.screen import (
    AskHistory,
    Covered,
    DisplaysChosen,
    Do,
    Left,
    Pictured,
    ScreenTrouble,
    Shown,
    View,
)
from kiosk.music import Music
from kiosk.options import MonitorOptions
from kiosk.orders import Orders
from kiosk.pairing import Pairings
from kiosk.printer import Printer
from kiosk.rehearsal import Rehearsal
from kiosk.session import events as e
from kiosk.session.state import Stage
from kiosk.sounding import Sounding
from kiosk.view import Facts, Scene, compose
from media import message as m

if TYPE_CHECKING:
    from kiosk.monitor import Monitor

VIEW_EVERY_S = 1.0
STANDS_WITHIN_S = 3.0  # a new room's pane; what a start does not need waits for it, and no longer than this
BATTERY_EVERY_S = 30.0  # session seconds
UNDO_FOR_S = 60.0


def asks_no_pin(options: MonitorOptions, folder: Path) -> bool:
    """A demo has a PIN only where somebody set one in its own data folder, to practise with it."""
    return options.kind == "demo" and not settings.load_state(folder).pin.hash


class Room:
    """Children and screen of one monitor."""

    def __init__(self, owner: Monitor, asked: settings.Settings, crew: Crew) -> None:
        self.owner = owner
        options = owner.options
        self.crew = crew
        owner.desk.has_sound = options.tone
        single = options.single_screen
        self.gate = Gate(owner.folder, single, opens_freely=asks_no_pin(options, owner.folder))
        self.music = Music(owner, crew, asked)
        self.sounding = Sounding(owner, crew, self.music.jukebox, asked)
        levels = levels_of(asked, owner.desk.plan)
        self.keeping = Keeping(self._up, lambda: holding_for(owner.folder, asked), levels, options.windowed)
        self.pairings = Pairings(owner.note, self._may_ask, self._redraw)
        self.printer = Printer()
        self.inspector = Inspector(self._inspected)
        self.orders = Orders(self)
        self._rehearsal = Rehearsal(options, crew, lambda command: self.orders.obey(0, command), self._is_shown)
        self._displays = Displays(owner, asked)
        self._pids: dict[str, int] = {}
        self._shown = False
        self._dirty, self._is_over_rest = True, False
        self._view_at_s = 0.0
        self._battery: Battery | None = None
        self._battery_at_s = -BATTERY_EVERY_S
        self._undo: tuple[int, float] = (0, 0.0)
        self._ending: set[asyncio.Task[None]] = set()
        self._stands = asyncio.Event()

    def _may_ask(self) -> bool:
        """Pairing is asked about while somebody prepares at a screen, be it still coming; never beside a session."""
        return self.owner.options.screen and self.owner.desk.state.stage is Stage.OPENED

    def _redraw(self) -> None:
        self._dirty = True

    def start(self) -> None:
        """Hear the children, and start those that do not run yet."""
        self.music.start()
        self.crew.attend(self)
        self.crew.start("tone", "screen")  # what an alarm needs
        if self.owner.desk.state.resumed or self.owner.options.because or not self.owner.options.screen:
            self._stands.set()
        self._spawn(self._begin_music())
        if self.owner.options.kind != "demo":
            self.inspector.start_later(self.owner.record, lambda: self.owner.books.recorder.session_id or "")

    async def standing(self) -> None:
        """Wait for a new room's pane, bounded: on two cores everything else that loads makes it later.

        A session that is taken up again waits for nothing.
        """
        with contextlib.suppress(TimeoutError):
            # not `wait_for`: until Python 3.12 that takes no notice of a cancel which comes together with the news
            async with asyncio.timeout(STANDS_WITHIN_S):
                await self._stands.wait()

    async def _begin_music(self) -> None:
        await self.standing()
        if not self.owner.over.is_set():
            self.crew.start()
            self.music.look()

    def _inspected(self, found: Inspected) -> None:
        if self.owner.books.recorder.session_id:
            self.owner.note(e.RecordInspected(found.sessions, found.broken, found.damage))

    async def end(self) -> None:
        """End the children, bounded."""
        self._stands.set()
        self.music.unwanted()
        await asyncio.gather(self.crew.end(), self.music.end(), self.printer.end(), self.inspector.end())

    # --- down ---------------------------------------------------------------------------------------------------

    def signal(self) -> None:
        """What must sound now goes to the tones at once, and music steps back for it."""
        self.sounding.tell()
        self._dirty = True

    def trend(self, trend: Trend | None) -> None:
        """New points for the chart."""
        if trend is not None:
            self.crew.to_screen(trend)
            self._dirty = self._dirty or self._is_seen()

    def _is_seen(self) -> bool:
        """Whether anybody sees numbers; behind the rest screen of a single display a reading alone changes nothing."""
        return self.gate.is_open or self._is_over_rest

    def sweep(self, device: str, run: Sweep) -> None:
        """A stretch of waveform: the judged oximeter's is drawn."""
        if device == self.owner.desk.alarms.judged:
            self.crew.to_screen(run)

    def noted(self, event: e.Event, seq: int) -> None:
        """An event was accepted."""
        self._dirty = True
        match event:
            case e.SitterCalled():
                self.sounding.called()
            case e.NoteAdded():
                self._undo = seq, time.monotonic()
            case e.SessionStarted():
                self.pairings.stop()
            case _:
                pass

    def stored(self, seqs: set[int]) -> None:
        """Rows reached the disk."""
        self.owner.desk.story.store(seqs, "")
        self.orders.stored(seqs)

    def tick(self, now_s: float) -> None:
        """Each tick: confirmations, the view when due."""
        real_s = time.monotonic()
        self._sound()
        self._read_battery(now_s)
        self.music.follow()
        if self.owner.options.tone:
            trouble = self.sounding.trouble
            self.owner.note_all(self.owner.desk.alarms.condition("no_sound", bool(trouble), now_s, {"reason": trouble}))
        if self._dirty or real_s - self._view_at_s >= VIEW_EVERY_S:
            self._view_at_s, self._dirty = real_s, False
            self._show(self.view(now_s))

    def _sound(self) -> None:
        """What time alone changes of tones, call and music."""
        is_overdue = self.sounding.confirm_call(self._is_shown())
        is_other = self.sounding.tell()
        self._dirty = self._dirty or is_overdue or is_other
        if self.sounding.music_stands_in_the_way():
            self._spawn(self.crew.end_sound())  # music that does not step back for an alarm is ended

    def _is_shown(self) -> bool:
        """Whether a screen shows its windows."""
        return self._shown and self.crew.has("screen")

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _show(self, view: View) -> None:
        self.crew.to_screen(view)
        self._is_over_rest = view.alarm_over_rest
        self.keeping.see(view, self._shown)
        if self.owner.terminal:
            self.owner.terminal.state(view, self.owner.now())
        if self._shown or not self.owner.options.screen:
            self._rehearsal.see(view)

    def is_busy(self) -> bool:
        """At the end of a demo: whether a picture is still to come (bounded)."""
        return self._rehearsal.is_busy()

    def _glimpse(self) -> str:
        link = self.owner.desk.state.doubted("oximeter")
        return self.owner.acquaintance.glimpse(link.device, self.owner.now()) if link else ""

    def view(self, now_s: float) -> View:
        """The view of this instant."""
        owner, desk = self.owner, self.owner.desk
        jukebox = self.music.jukebox
        undo_seq, undo_at_s = self._undo
        facts = Facts(
            recording_trouble=owner.books.trouble,
            waits_for_key=owner.books.waits_for_key,
            seals_at_end=owner.books.seals_at_end,
            rows_waiting=owner.books.recorder.waiting,
            sound_trouble=self.sounding.trouble,
            battery_percent=self._battery.percent if self._battery else None,
            on_battery=bool(self._battery and self._battery.is_discharging),
            simulated=owner.options.simulated,
            speed=owner.options.speed,
            has_oximeter="oximeter" in desk.roles.values() or owner.options.any_device,
            has_sound=desk.has_sound,
            has_cuff="cuff" in desk.roles.values() or owner.options.any_device,
            pane_open=self.gate.is_open,
            single_screen=self.gate.single,
            call_unconfirmed=self.sounding.is_call_overdue,
            undo_seq=undo_seq if time.monotonic() - undo_at_s < UNDO_FOR_S else 0,
            music_left_s=jukebox.left_s,
            music_volume=jukebox.volume,
            music_steer=jukebox.steer,
            music_previewing=jukebox.is_previewing,
            music_looking=self.music.looking,
            held=self.keeping.held,
            pairing=self.pairings.shown(),
            glimpse=self._glimpse(),
            fingerprint=owner.books.fingerprint,
        )
        return compose(
            Scene(
                plan=desk.plan,
                state=desk.state,
                signal=desk.alarms.signal(now_s),
                latest=desk.latest,
                story=desk.story,
                facts=facts,
                now_utc_ns=owner.now().utc_ns,
                t_s=now_s,
                offset_min=desk.offset_min,
            )
        )

    def _read_battery(self, now_s: float) -> None:
        if now_s - self._battery_at_s < BATTERY_EVERY_S:
            return
        self._battery_at_s = now_s
        self._battery = battery()
        self.owner.note_all(self.owner.desk.power(self._battery, now_s))

    # --- children -----------------------------------------------------------------------------------------------

    def child_started(self, child: str, pid: int) -> None:
        """First messages: a new child gets the whole state."""
        self._pids[child] = pid
        self.owner.note(e.ChildStarted(child, pid))
        self._up(up.Born(child, pid))
        match child:
            case "tone":
                self.sounding.begin()
            case "sound":
                self.music.jukebox.begin()
            case "screen":
                self._shown = False
                self.crew.to_screen(self._displays.begin())
                self.history()
                self.crew.to_screen(self.view(self.owner.t_s()))
            case _:
                pass

    def history(self, since_s: float = 0.0) -> None:
        """The whole chart, in pages."""
        for page in self.owner.desk.trace.pages(since_s):
            self.crew.to_screen(page)

    def screen_needs_history(self) -> None:
        """Points were dropped for a slow screen."""
        self.history()

    def child_ready(self, child: str, pid: int) -> None:
        """The child's own loop runs."""
        if child == "screen":
            self._stands.set()
        self._up(up.Ready(child, pid))

    def child_ended(self, child: str, end: ChildEnd) -> None:
        """A child is gone; the record says how."""
        if end.pid:
            self._up(up.Ended(child, end.pid))
        if child == "screen":
            self._shown = False
        elif child == "sound":
            self.music.jukebox.lost()
        elif child == "tone" and not end.asked:
            self.sounding.tones_ended()
        if not self.owner.over.is_set():
            self.owner.note(e.ChildEnded(child, end.how))

    def child_refused(self, child: str, reason: str) -> None:
        """A child said what its kind may not say."""
        self.owner.note(e.MessageRefused(child, reason[:200]))

    def _up(self, message: msgspec.Struct) -> None:
        if self.owner.line:
            self.owner.line.send(message)

    # --- up -----------------------------------------------------------------------------------------------------

    def from_screen(self, message: Any) -> None:
        """A message of the screen."""
        match message:
            case Do(id=number, command=command):
                self.orders.obey(number, command)
                self.owner.ticks.hurry()
            case Shown() if not self.owner.over.is_set():  # a display that goes while the room closes is nobody's news
                self._shown = True
                self.keeping.displays(message)
                self._displays.see(message)
                self.gate.single = message.one_display or self.owner.options.single_screen
                self._dirty = True
                self.owner.note(e.WindowsShown(message.windows, message.one_display))
                self._up(up.ScreenShown(self._pids.get("screen", 0)))
            case AskHistory(since_s=since_s):
                self.history(since_s)
            case Pictured():
                self._rehearsal.taken(message, self.owner.t_s())
            case Left():
                self.owner.finish("left by the sitter")
            case DisplaysChosen():
                self.orders.remember_displays(message)
            case Covered(for_s=for_s, is_over=is_over):
                self.owner.note(e.RoomCovered(for_s, is_over))
            case ScreenTrouble(text=text):
                self.owner.note(e.FaultHappened("screen", text[:200]))
            case _:
                pass

    def from_tone(self, message: m.FromTone) -> None:
        """A message of the tones."""
        if self.sounding.take(message):
            self.signal()

    def from_sound(self, message: m.FromSound) -> None:
        """A message of the music."""
        if isinstance(message, m.Ducked):
            self.sounding.music_stepped_back()
        self.owner.note_all(self.music.jukebox.take(message))
