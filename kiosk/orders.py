"""What a person asked for, carried out: alarms answer their own, the session decides, gate and music act.

Owned by the monitor. Alarms, call, acknowledgement and card act at once; dose, note and typed values say "saving"
until they are on the disk, and "NOT SAVED" when they cannot be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import msgspec

from devices.reading import Reading, Source, Stamp
from kiosk import settings
from kiosk.line.page import FromPage, NotMade
from kiosk.line.screen import Answer, DisplaysChosen, PinAnswer
from kiosk.pin import PinError
from kiosk.printer import page_wanted
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.decision import Ask, Refused, Typed, Why, decide
from kiosk.soundness import TEST
from kiosk.text.aftercare import not_made, page_made
from kiosk.text.refusal import ask_back, refused
from kiosk.text.vault import why
from kiosk.vault import known
from kiosk.vault.fault import VaultError
from media import message as m

if TYPE_CHECKING:
    from kiosk.room import Room

NOT_SAVED_AFTER_S = 3.0
_STORED = (
    c.MarkDose,
    c.AddNote,
    c.UndoNote,
    c.TypePressure,
    c.TypeOximetry,
    c.OverrideCheck,
    c.Undo,
    c.Correct,
    c.SkipPressure,
    c.HandOver,
    c.MarkReady,
    c.Release,
    c.GivePage,
    c.ShareEntry,
)
_RESPONSES = ("normal voice", "loud voice", "touch", "not at all")


class Orders:
    """Carries out commands of one run; `number` is the id that the answer to the screen names, 0 for none."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._waiting: dict[int, int] = {}  # seq -> id of the command that waits to be stored
        self._work: set[asyncio.Task[None]] = set()

    def obey(self, number: int, command: c.Command) -> None:
        """One command, now."""
        owner = self._room.owner
        now_s = owner.t_s()
        own = self._suppressing(command, now_s)
        if own is not None:
            owner.note_all(own)
            self._answer(number, "done")
            return
        match command:
            case c.ControlMusic(action="leave"):
                self._room.music.leave_looking()
            case c.ControlMusic():
                owner.note_all(self._room.music.jukebox.control(command))
            case c.RestartLink(device=device):
                owner.radio.restart_link(device)
            case c.ConfirmDevice(device=device, is_chosen=is_chosen):
                owner.note_all(owner.radio.confirm(device, is_chosen))
            case c.AnswerPairing() | c.LeavePairing() | c.PairAgain() | c.ForgetBond():
                self._pair(number, command)
                return
            case c.TestSound(severity=severity):
                self._test_sound(number, severity)
                return
            case c.MakePage(printed=printed):
                self._make_page(number, printed)
                return
            case c.OpenPane(untrusted_pin=pin):
                self._try_pin(pin)
            case c.UnlockRecord(untrusted_secret=secret):
                self._spawn(self._unlock(number, secret))
                return
            case _:
                self._decide(number, command)
                return
        self._answer(number, "done")

    def _pair(self, number: int, command: c.AnswerPairing | c.LeavePairing | c.PairAgain | c.ForgetBond) -> None:
        """About a device that is being paired, or could not be."""
        pairings, device = self._room.pairings, command.device
        why = None
        if isinstance(command, c.AnswerPairing):
            why = pairings.answer(command)
        else:
            pairings.leave(device)
        if isinstance(command, c.PairAgain):
            self._room.owner.radio.restart_link(device)
        elif isinstance(command, c.ForgetBond):
            self._spawn(self._room.owner.radio.forget_bond(device))
        self._answer(number, "done") if why is None else self._answer(number, "refused", refused(Refused(why)))

    def _test_sound(self, number: int, severity: str) -> None:
        """One tone at the sitter's output; what came of it comes back as `SoundTested`. Never over a high alarm."""
        owner = self._room.owner
        signal = owner.desk.alarms.signal(owner.t_s())
        busy = signal.call or signal.severity is e.Severity.HIGH
        if busy or not owner.desk.has_sound:
            self._answer(number, "refused", refused(Refused(Why.SOMETHING_STANDS if busy else Why.NOT_HERE)))
            return
        self._room.crew.to_tone(m.Test(severity, f"{TEST}{severity}"))  # pyright: ignore[reportArgumentType]
        self._answer(number, "done")

    def _make_page(self, number: int, printed: bool) -> None:
        """The patient's page as a file, made by a child; told in the record once it is on the disk."""
        owner = self._room.owner
        if owner.desk.state.ladder.released_utc_ns is None:
            self._answer(number, "refused", refused(Refused(Why.NOT_RELEASED)))
            return
        self._answer(number, "saving")
        self._room.printer.make(page_wanted(owner, printed), lambda made: self._page_made(number, made))

    def _page_made(self, number: int, made: FromPage) -> None:
        owner = self._room.owner
        if isinstance(made, NotMade):
            self._answer(number, "failed", not_made(made.reason, made.detail, made.path))
            return
        if not owner.over.is_set():
            owner.note(e.PageGiven("printed" if made.printed else "saved"))
        self._answer(number, "saved", page_made(made.path, made.printed))

    def _suppressing(self, command: c.Command, now_s: float) -> list[e.Event] | None:
        alarms = self._room.owner.desk.alarms
        acts: dict[type[c.Command], Callable[[Any], list[e.Event]]] = {
            c.CallSitter: lambda v: alarms.call(now_s, v.by),
            c.AnswerCall: lambda v: alarms.answer_call(now_s),
            c.EndCall: lambda v: alarms.end_call(now_s),
            c.Acknowledge: lambda v: alarms.acknowledge(v.alarm, now_s),
            c.PauseSounds: lambda v: alarms.pause(v.seconds, now_s),
            c.ResumeSounds: lambda v: alarms.resume_sounds(now_s),
            c.CloseAlarm: lambda v: alarms.close(v.alarm, now_s),
            c.AnswerStep: lambda v: self._step(v, now_s),
        }
        act = acts.get(type(command))
        return None if act is None else act(command)

    def _step(self, v: c.AnswerStep, now_s: float) -> list[e.Event]:
        """An answer of the panel; some are facts of their own: what wakes the person, a look, an answered call."""
        alarms = self._room.owner.desk.alarms
        events = alarms.answer_step(v.alarm, v.step, v.answer, now_s, v.on)
        if v.answer in _RESPONSES:
            events.append(e.ResponseRecorded(v.answer))
        elif v.answer == "breathing":
            events.append(e.LookedIn())
        elif v.answer in ("ours", "not ours"):
            events += self._confirmed(v)
        elif v.answer == "coming":
            events += alarms.answer_call(now_s)
        return events

    def _confirmed(self, v: c.AnswerStep) -> list[e.Event]:
        """What a person saw at a device that was in doubt."""
        owner = self._room.owner
        link = owner.desk.state.doubted("cuff" if v.alarm.startswith("cuff") else "oximeter")
        return [] if link is None else owner.radio.confirm(link.device, v.answer == "ours")

    def _decide(self, number: int, command: c.Command) -> None:
        owner = self._room.owner
        phases = {phase.key: phase.name for phase in owner.desk.plan.route_phases}
        now = owner.now()
        decision = decide(owner.desk.state, command, now, phases, owner.desk.bedside(owner.t_s(now)))
        match decision:
            case Refused():
                self._answer(number, "refused", refused(decision))
            case Ask():
                self._answer(number, "ask", ask_back(decision))
            case Typed():
                self._take_typed(number, decision, now)
            case _:
                self._take_events(number, command, decision)

    def _take_events(self, number: int, command: c.Command, events: list[e.Event]) -> None:
        owner = self._room.owner
        seq = 0
        for event in events:
            if isinstance(event, e.SessionEnded):
                owner.finish(event.how)
                return
            ticket, _ = owner.note(event)
            seq = ticket.seq if ticket else 0
            self._act_on(event)
        self._room.signal()
        if isinstance(command, _STORED):
            self._await_stored(number, seq)
        else:
            self._answer(number, "done")

    def _act_on(self, event: e.Event) -> None:
        match event:
            case e.SessionStarted():
                owner = self._room.owner
                owner.note_all(owner.desk.alarms.arm_values(owner.t_s()))
            case e.PaneOpened():
                self._room.gate.open()
            case e.PaneClosed():
                self._room.gate.close()
            case _:
                pass

    def _take_typed(self, number: int, typed: Typed, now: Stamp) -> None:
        """A typed value is a reading under the time when it was taken, and withdraws the one it corrects."""
        owner = self._room.owner
        taken = Stamp(typed.utc_ns, now.boot_ns - (now.utc_ns - typed.utc_ns))
        reading = Reading("typed", taken, typed.measurement, source=Source.TYPED)
        for event in typed.events:
            owner.note(event)
        ticket = owner.take_reading(reading, owner.desk.typed_utc_ns(typed.replaces))
        if typed.replaces:
            self._room.history()
        self._await_stored(number, ticket.seq if ticket else 0)

    def _await_stored(self, number: int, seq: int) -> None:
        if seq == 0:
            self._answer(number, "failed")
            return
        self._waiting[seq] = number
        self._room.owner.desk.story.store({seq}, "saving")
        self._answer(number, "saving")
        asyncio.get_running_loop().call_later(NOT_SAVED_AFTER_S, self._not_stored, seq)

    def stored(self, seqs: set[int]) -> None:
        """Rows are on the disk: who waits for one is told."""
        for seq in seqs & self._waiting.keys():
            self._answer(self._waiting.pop(seq), "saved")

    def _not_stored(self, seq: int) -> None:
        if seq in self._waiting:
            self._room.owner.desk.story.store({seq}, "failed")
            self._answer(self._waiting[seq], "failed")

    def _try_pin(self, untrusted_pin: str) -> None:
        self._spawn(self._check_pin(untrusted_pin))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _check_pin(self, untrusted_pin: str) -> None:
        """argon2id takes a tenth of a second and much memory: in a thread, alarms go on."""
        room = self._room
        try:
            result, event = await asyncio.to_thread(room.gate.try_pin, untrusted_pin, room.owner.now().utc_ns)
        except (PinError, settings.SettingsError):
            room.crew.to_screen(PinAnswer(ok=False))
            return
        if result.ok:
            room.gate.open()
        room.owner.note(event)
        room.crew.to_screen(PinAnswer(result.ok, result.tries_left, result.locked_s))

    async def _unlock(self, number: int, untrusted_secret: str) -> None:
        """As slow as a PIN, for the same reason."""
        owner = self._room.owner
        try:
            key = await asyncio.to_thread(known.opened_by, owner.folder, untrusted_secret)
        except VaultError as error:
            self._answer(number, "refused", why(error))
            return
        taken = owner.books.take_key(key)
        self._answer(number, "done") if taken else self._answer(number, "refused", refused(Refused(Why.NOT_HERE)))

    def remember_displays(self, chosen: DisplaysChosen) -> None:
        """The sitter swapped the displays: the next start knows."""
        folder = self._room.owner.folder
        state = settings.load_state(folder)
        state = msgspec.structs.replace(
            state, sitter_display=chosen.sitter_display, patient_display=chosen.patient_display
        )
        settings.save_state(folder, state)

    def _answer(self, number: int, state: Any, sentence: str = "") -> None:
        if number:
            self._room.crew.to_screen(Answer(number, state, sentence))
