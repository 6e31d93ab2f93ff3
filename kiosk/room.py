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
from kiosk.datadir import JOURNAL
from kiosk.director import Director
from kiosk.gate import Gate
from kiosk.holding import holding_for
from kiosk.inspector import Inspector
from kiosk.jukebox import Jukebox, sources_of
from kiosk.keeping import Keeping, levels_of
from kiosk.librarian import Librarian
from kiosk.line import monitor as up
from kiosk.line.chart import Sweep, Trend
from kiosk.line.inspection import Inspected
from kiosk.line.screen import (
    AskHistory,
    Begin,
    Covered,
    DisplaysChosen,
    Do,
    Left,
    Pictured,
    ScreenTrouble,
    Shown,
    TakePicture,
    View,
)
from kiosk.options import MonitorOptions
from kiosk.orders import Orders
from kiosk.pairing import Pairings
from kiosk.pictures import Pictures
from kiosk.preparer import Unattended
from kiosk.printer import Printer
from kiosk.session import events as e
from kiosk.session import schedule
from kiosk.session.state import Stage, State
from kiosk.shelf import Answer, Shelf
from kiosk.soundness import Heard, due_tone
from kiosk.view import Facts, Scene, compose
from media import message as m

if TYPE_CHECKING:
    from kiosk.monitor import Monitor

VIEW_EVERY_S = 1.0
CONFIRM_WITHIN_S = 1.0
COMPOSE_AFTER_S = 60.0  # what a start needs goes first
STANDS_WITHIN_S = 3.0  # a new room's pane; what a start does not need waits for it, and no longer than this
BATTERY_EVERY_S = 30.0  # session seconds
UNDO_FOR_S = 60.0
PANE_RETURN_S = 20.0
CARD_AT = 2  # escalation at which the emergency card opens by itself


def _director(options: MonitorOptions) -> Director | Unattended:
    """The demo's sitter; a patient's session from the command line has nobody who could answer."""
    if options.kind != "demo":
        return Unattended()
    return Director(options.seconds or 180.0, options.scenario, options.out, options.speed)


def asks_no_pin(options: MonitorOptions, folder: Path) -> bool:
    """A demo has a PIN only where somebody set one in its own data folder, to practise with it."""
    return options.kind == "demo" and not settings.load_state(folder).pin.hash


def _phase_of(state: State) -> str:
    phase = schedule.current_phase(state)
    return phase.key if phase else ""


class Room:
    """Children and screen of one monitor."""

    def __init__(self, owner: Monitor, asked: settings.Settings, crew: Crew) -> None:
        self.owner = owner
        options = owner.options
        self.crew = crew
        owner.desk.has_sound = options.tone
        single = options.single_screen
        self.gate = Gate(owner.folder, single, opens_freely=asks_no_pin(options, owner.folder))
        self.heard = Heard()
        sources = sources_of(options, asked, owner.desk.plan.music, owner.folder / "music")
        self.jukebox = Jukebox(self.crew.to_sound, sources)
        place = sources.place if options.sound else ""
        self.shelf = Shelf(place, sources.cache, self._own_music)
        self._looking: m.Scanning | None = None
        self.librarian = Librarian(place, sources.cache, self._music_known, self._music_looked)
        # a demo is over before the pieces of its phases are made
        composed = self.jukebox.composed if options.sound and options.kind != "demo" else None
        self.composer = Librarian("", sources.cache, self._music_known, composed=composed)
        levels = levels_of(asked, owner.desk.plan)
        self.keeping = Keeping(self._up, lambda: holding_for(owner.folder, asked), levels, options.windowed)
        self.pairings = Pairings(owner.note, self._may_ask, self._redraw)
        self.printer = Printer()
        self.inspector = Inspector(self._inspected)
        self.orders = Orders(self)
        self.pictures = Pictures(Path(options.out)) if options.out else None
        self._director = _director(options) if options.starts_itself else None
        self._settings = asked
        self._pids: dict[str, int] = {}
        self._shown = False
        self._dirty, self._is_over_rest = True, False
        self._view_at_s = 0.0
        self._tone = m.Signal("none")
        self._duck_asked_s = 0.0
        self._duck_answered = True
        self._call_at_s = 0.0
        self._call_confirmed = False
        self._battery: Battery | None = None
        self._two_displays = ("", "")  # keys of the patient's and the sitter's, once both were there
        self._card_is_due = False
        self._battery_at_s = -BATTERY_EVERY_S
        self._undo: tuple[int, float] = (0, 0.0)
        self._composing: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._stands = asyncio.Event()

    def _may_ask(self) -> bool:
        """Pairing is asked about while somebody prepares at a screen, be it still coming; never beside a session."""
        return self.owner.options.screen and self.owner.desk.state.stage is Stage.OPENED

    def _redraw(self) -> None:
        self._dirty = True

    def start(self) -> None:
        """Hear the children, and start those that do not run yet."""
        state = self.owner.desk.state
        if state.resumed:
            self.jukebox.resume(_phase_of(state), state.music_steered, state.music_paused)
        self.crew.attend(self)
        self.crew.start("tone", "screen")  # what an alarm needs
        if state.resumed or self.owner.options.because or not self.owner.options.screen:
            self._stands.set()
        self._spawn(self._begin_music())
        self._composing = asyncio.get_running_loop().call_later(COMPOSE_AFTER_S, self.composer.start)
        if self.owner.options.kind != "demo":
            self.inspector.start_later(self.owner.record, lambda: self.owner.recorder.session_id or "")

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
            self.shelf.look()
            self.librarian.start()

    def _inspected(self, found: Inspected) -> None:
        if self.owner.recorder.session_id:
            self.owner.note(e.RecordInspected(found.sessions, found.broken, found.damage))

    async def end(self) -> None:
        """End the children, bounded."""
        self._stands.set()
        self.shelf.end()
        if self._composing:
            self._composing.cancel()
        await asyncio.gather(
            self.crew.end(), self.librarian.end(), self.composer.end(), self.printer.end(), self.inspector.end()
        )

    # --- down ---------------------------------------------------------------------------------------------------

    def signal(self) -> None:
        """What must sound now goes to the tones at once, and music steps back for it."""
        self._tell_tone()
        self._dirty = True

    def _tell_tone(self) -> None:
        """Time alone changes it, too: an alarm that nobody answers grows louder and opens the card."""
        tone = due_tone(self.owner.desk.alarms.signal(self.owner.t_s()))
        if self._has_no_sitter_sound() and tone.severity not in ("none", "low"):
            tone = msgspec.structs.replace(tone, everywhere=True)
        if tone != self._tone:
            self._tone = tone
            self.crew.to_tone(tone)
            if self.jukebox.duck(tone.severity != "none"):
                self._duck_asked_s, self._duck_answered = time.monotonic(), False
            self._dirty = True
        if tone.escalation >= CARD_AT and not self._card_is_due:
            self.owner.note(e.EmergencyCardShown("alarm"))
        self._card_is_due = tone.escalation >= CARD_AT

    def _has_no_sitter_sound(self) -> bool:
        return bool(self.heard.trouble)

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
                self._call_at_s, self._call_confirmed, self.heard.played_call = time.monotonic(), False, False
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
        self._confirm_call(real_s)
        self._tell_tone()
        if not self._duck_answered and real_s - self._duck_asked_s > CONFIRM_WITHIN_S and self.crew.has("sound"):
            self._duck_answered = True
            self._spawn(self.crew.end_sound())  # music that does not step back for an alarm is ended
        self._read_battery(now_s)
        self.owner.note_all(self.jukebox.follow(_phase_of(self.owner.desk.state)))
        if self.owner.options.tone:
            trouble = self.heard.trouble
            self.owner.note_all(self.owner.desk.alarms.condition("no_sound", bool(trouble), now_s, {"reason": trouble}))
        if self._dirty or real_s - self._view_at_s >= VIEW_EVERY_S:
            self._view_at_s, self._dirty = real_s, False
            self._show(self.view(now_s))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _confirm_call(self, real_s: float) -> None:
        desk = self.owner.desk
        if self._call_confirmed or desk.alarms.standing.call != "calling":
            return
        if self.heard.played_call and self._shown and self.crew.has("screen"):
            self._call_confirmed = True
            self.owner.note(e.CallSignalled())
        elif real_s - self._call_at_s > CONFIRM_WITHIN_S:
            self._dirty = True

    def _show(self, view: View) -> None:
        self.crew.to_screen(view)
        self._is_over_rest = view.alarm_over_rest
        self.keeping.see(view, self._shown)
        if self.owner.terminal:
            self.owner.terminal.state(view, self.owner.now())
        if self._director is None or (self.owner.options.screen and not self._shown):
            return
        self._ask_lost_pictures()
        for asked in self._director.see(view):
            if isinstance(asked, TakePicture):
                self._take_picture(asked)
            else:
                self.orders.obey(0, asked)

    def _take_picture(self, asked: TakePicture) -> None:
        if self.pictures and self._shown and self.crew.has("screen"):
            self.pictures.asked(asked)
            self.crew.to_screen(asked)
        elif self._director:
            self._director.not_taken(asked)

    def _ask_lost_pictures(self) -> None:
        if self._director and self.pictures:
            for path in self.pictures.lost():
                self._director.never_came(path)

    def is_busy(self) -> bool:
        """At the end of a demo: whether a picture is still to come (bounded)."""
        if self._director is None or self.pictures is None:
            return False
        self._ask_lost_pictures()
        for asked in self._director.last_pictures():
            self._take_picture(asked)
        return self.pictures.is_waiting()

    def _glimpse(self) -> str:
        link = self.owner.desk.state.doubted("oximeter")
        return self.owner.acquaintance.glimpse(link.device, self.owner.now()) if link else ""

    def view(self, now_s: float) -> View:
        """The view of this instant."""
        owner, desk = self.owner, self.owner.desk
        unconfirmed = not self._call_confirmed and time.monotonic() - self._call_at_s > CONFIRM_WITHIN_S
        undo_seq, undo_at_s = self._undo
        facts = Facts(
            recording_trouble=owner.recording_trouble,
            waits_for_key=owner.waits_for_key,
            seals_at_end=owner.seals_at_end,
            rows_waiting=owner.recorder.waiting,
            sound_trouble=self.heard.trouble,
            battery_percent=self._battery.percent if self._battery else None,
            on_battery=bool(self._battery and self._battery.is_discharging),
            simulated=owner.options.simulated,
            speed=owner.options.speed,
            has_oximeter="oximeter" in desk.roles.values() or owner.options.any_device,
            has_sound=desk.has_sound,
            has_cuff="cuff" in desk.roles.values() or owner.options.any_device,
            pane_open=self.gate.is_open,
            single_screen=self.gate.single,
            call_unconfirmed=unconfirmed,
            undo_seq=undo_seq if time.monotonic() - undo_at_s < UNDO_FOR_S else 0,
            music_left_s=self.jukebox.left_s,
            music_volume=self.jukebox.volume,
            music_steer=self.jukebox.steer,
            music_previewing=self.jukebox.is_previewing,
            music_looking=(self._looking.done, self._looking.total) if self._looking else None,
            held=self.keeping.held,
            pairing=self.pairings.shown(),
            glimpse=self._glimpse(),
            fingerprint=owner.fingerprint,
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

    def _see_displays(self, shown: Shown) -> None:
        """A display that was there and is not any more; the sitter's own choice of one display is none of these."""
        alone = shown.one_display or shown.rest_hidden
        if not alone:
            self._two_displays = shown.keys if all(shown.keys) else (shown.patient, shown.sitter)
        gone = alone and any(self._two_displays)
        data = {"windows": ", ".join(shown.windows)}
        self.owner.note_all(self.owner.desk.alarms.condition("display_gone", gone, self.owner.t_s(), data))

    # --- children -----------------------------------------------------------------------------------------------

    def child_started(self, child: str, pid: int) -> None:
        """First messages: a new child gets the whole state."""
        self._pids[child] = pid
        self.owner.note(e.ChildStarted(child, pid))
        self._up(up.Born(child, pid))
        options, asked = self.owner.options, self._settings
        match child:
            case "tone":
                output = options.sitter_output or asked.text("sound.sitter_output")
                least = asked.number("sound.least_level_percent")
                self.crew.to_tone(m.ChooseOutput(output or None, least))
                self.crew.to_tone(self._tone)
            case "sound":
                self.jukebox.begin()
            case "screen":
                self._shown = False
                self.crew.to_screen(self._begin())
                self.history()
                self.crew.to_screen(self.view(self.owner.t_s()))
            case _:
                pass

    def _begin(self) -> Begin:
        options, desk = self.owner.options, self.owner.desk
        remembered = settings.load_state(self.owner.folder)
        patients, sitters = self._two_displays
        sitter_chosen, patient_chosen = settings.displays(self._settings, remembered)
        return Begin(
            single_screen=options.single_screen,
            windowed=options.windowed,
            leave_by_escape=options.leave_by_escape,
            simulated=options.simulated,
            patient=desk.names.patient,
            sitter=desk.names.sitter,
            origin_utc_ms=desk.origin.utc_ns // 1_000_000,
            offset_min=desk.offset_min,
            ageing_after_s=desk.plan.limits.stale.ageing_s,
            gone_after_s=desk.plan.limits.stale.gone_s,
            reduced_motion=self._settings.flag("room.reduced_motion"),
            breathing_guide=self._settings.flag("room.breathing_guide"),
            text_percent=self._settings.number("display.text_percent"),
            sitter_display=sitters or sitter_chosen,
            patient_display=patients or patient_chosen,
            ask_displays=not options.starts_itself,
            two_displays=bool(patients and sitters),
            journal=str(self.owner.folder / JOURNAL),
        )

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
            self.jukebox.lost()
        elif child == "tone" and not end.asked:
            self.heard.trouble = "the tone part ended"
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
                self._see_displays(message)
                self.gate.single = message.one_display or self.owner.options.single_screen
                self._dirty = True
                self.owner.note(e.WindowsShown(message.windows, message.one_display))
                self._up(up.ScreenShown(self._pids.get("screen", 0)))
            case AskHistory(since_s=since_s):
                self.history(since_s)
            case Pictured():
                if self.pictures:
                    self.pictures.taken(message, self.owner.t_s())
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
        before = self.heard.trouble
        self.owner.note_all(self.heard.take(message))
        if self.heard.trouble != before:
            self.signal()

    def _music_known(self, scanned: m.Scanned) -> None:
        """Every own piece was looked into, or as many as will be."""
        self._looking = None
        self.shelf.look()

    def _music_looked(self, scanning: m.Scanning) -> None:
        """So far; the next view says it."""
        self._looking = scanning

    def _own_music(self, found: Answer | None) -> None:
        """What there is of it by now, or that it is not known yet."""
        self.owner.note_all(self.jukebox.own(found))

    def from_sound(self, message: m.FromSound) -> None:
        """A message of the music."""
        if isinstance(message, m.Ducked):
            self._duck_answered = True
        self.owner.note_all(self.jukebox.take(message))
