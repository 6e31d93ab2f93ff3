"""What a person asks for: imperative, frozen, versioned by tag. They flow up from the screen as one queue.

Each is validated by msgspec at the line; whether it is allowed now is decided by `kiosk.session.decision.decide`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec


class Command(msgspec.Struct, frozen=True):
    """Base of every command; never sent itself."""


class StartSession(Command, frozen=True, tag="start_session"):
    """Begin the session (value alarms arm). patient_label and sitter_label are the plan's words."""


class EndSession(Command, frozen=True, tag="end_session"):
    """End it: how is a short fixed word ("released", "stopped", "demo over")."""

    how: str = "released"


class CallSitter(Command, frozen=True, tag="call_sitter"):
    """The patient touched the rest screen or any key."""

    by: Literal["touch", "key", "click"] = "key"


class AnswerCall(Command, frozen=True, tag="answer_call"):
    """The sitter is coming; the tone of the call stops, the light on the rest screen stays."""


class EndCall(Command, frozen=True, tag="end_call"):
    """The sitter was there; the call is over."""


class Acknowledge(Command, frozen=True, tag="acknowledge"):
    """ "I'm on it": takes responsibility for one named alarm occurrence."""

    alarm: str


class PauseSounds(Command, frozen=True, tag="pause_sounds"):
    """All alarm sounds quiet for `seconds`, 120 at most."""

    seconds: int = 120


class ResumeSounds(Command, frozen=True, tag="resume_sounds"):
    """End a pause early."""


class AnswerStep(Command, frozen=True, tag="answer_step"):
    """An answer in the action panel: alarm, key of the step that follows, answer key ("done", "breathing" ...).

    on: key of the step that was answered, "" where another one was chosen.
    """

    alarm: str
    step: str
    answer: str
    on: str = ""


class CloseAlarm(Command, frozen=True, tag="close_alarm"):
    """ "Seen": closes a latched alarm whose condition is gone."""

    alarm: str


class AddNote(Command, frozen=True, tag="add_note"):
    """A note in the sitter's words, or one of the one-key notes."""

    text: str
    preset: str = ""


class UndoNote(Command, frozen=True, tag="undo_note"):
    """Withdraw a note: a new event that names the note's seq; nothing is deleted."""

    seq: int


class TypePressure(Command, frozen=True, tag="type_pressure"):
    """Blood pressure read off a cuff by hand, mmHg. utc_ns: when it was taken, None for now.

    confirmed: the sitter answered the plausibility question. corrects: seq of the typed value this replaces.
    """

    systolic: Decimal
    diastolic: Decimal
    pulse: Decimal | None = None
    utc_ns: int | None = None
    confirmed: bool = False
    corrects: int | None = None


class TypeOximetry(Command, frozen=True, tag="type_oximetry"):
    """SpO2 (%) and pulse (/min) read off an oximeter by hand."""

    spo2: Decimal | None = None
    pulse: Decimal | None = None
    utc_ns: int | None = None
    confirmed: bool = False
    corrects: int | None = None


class MarkDose(Command, frozen=True, tag="mark_dose"):
    """The dose was taken now (or at utc_ns)."""

    utc_ns: int | None = None


class MarkPhase(Command, frozen=True, tag="mark_phase"):
    """The sitter marks the actual start of a phase, by its key in the plan."""

    phase: str


class LookIn(Command, frozen=True, tag="look_in"):
    """The sitter looked at the patient."""


class RecordResponse(Command, frozen=True, tag="record_response"):
    """Response check: "normal voice", "loud voice", "touch" or "not at all"."""

    answer: Literal["normal voice", "loud voice", "touch", "not at all"]


class RecordBreaths(Command, frozen=True, tag="record_breaths"):
    """Breaths counted by taps over `seconds`."""

    count: int
    seconds: float


class ShowEmergencyCard(Command, frozen=True, tag="show_emergency_card"):
    """The emergency card was opened."""


class ReportCalled(Command, frozen=True, tag="report_called"):
    """The sitter called the emergency number."""


class OpenPane(Command, frozen=True, tag="open_pane"):
    """One display: PIN typed to open the pane. untrusted_pin never leaves the monitor and is never recorded."""

    untrusted_pin: str


class UnlockRecord(Command, frozen=True, tag="unlock_record"):
    """The passphrase or the recovery code of a locked record. untrusted_secret is never recorded nor kept."""

    untrusted_secret: str

    def __repr__(self) -> str:
        return "UnlockRecord()"


class HoldOpen(Command, frozen=True, tag="hold_open"):
    """Locked out: the sitter's key was held for 3 s; opens the live pane only, and is recorded."""


class ClosePane(Command, frozen=True, tag="close_pane"):
    """Back to the rest screen."""


class ControlMusic(Command, frozen=True, tag="control_music"):
    """Music: play, pause, skip, or set the volume (0..100); preview: the next piece at the sitter's output, or end it.

    hold: stay with what plays when the phase changes; safe: to the piece that calms, now; release: the phase's again.
    leave: look into no more of the sitter's own music; what is known already is played.
    """

    action: Literal["play", "pause", "skip", "volume", "preview", "hold", "safe", "release", "leave"]
    volume: int | None = None


class RestartLink(Command, frozen=True, tag="restart_link"):
    """Drop and reconnect one device now."""

    device: str


class AnswerPairing(Command, frozen=True, tag="answer_pairing"):
    """Answer a question about pairing by its number. untrusted_passkey: what the device shows, as typed.

    Neither number is ever recorded.
    """

    device: str
    question: int
    answer: Literal["yes", "no"]
    untrusted_passkey: str = ""


class LeavePairing(Command, frozen=True, tag="leave_pairing"):
    """The sitter has seen that a device was not paired, and leaves it so."""

    device: str


class PairAgain(Command, frozen=True, tag="pair_again"):
    """Connect a device now, and pair it if it wants that."""

    device: str


class ForgetBond(Command, frozen=True, tag="forget_bond"):
    """Remove the computer's side of a bond that the device does not know any more, then pair anew."""

    device: str


class ConfirmDevice(Command, frozen=True, tag="confirm_device"):
    """The sitter has looked at a doubted device: whether it is the chosen one."""

    device: str
    is_chosen: bool


class AnswerCheck(Command, frozen=True, tag="answer_check"):
    """Answer one check of the preparation. data: typed fields by name ("last_solids": "13:30", "arm": "left")."""

    check: str
    answer: str
    data: dict[str, str] = {}


class AnswerItem(Command, frozen=True, tag="answer_item"):
    """Answer one question of a form (`kiosk.session.form`). value: None where the person would not say."""

    form: str
    item: str
    value: int | str | bool | None


class OverrideCheck(Command, frozen=True, tag="override_check"):
    """Go on despite a failed required check: reason of at least ten characters, and who says so."""

    check: str
    reason: str
    by: str


class TestSound(Command, frozen=True, tag="test_sound"):
    """Play one tone at the sitter's output: low, medium, high or call."""

    __test__ = False
    severity: Literal["low", "medium", "high", "call"]


class Undo(Command, frozen=True, tag="undo"):
    """Take back a one-key act within its seconds, by the seq of its event."""

    seq: int


class Correct(Command, frozen=True, tag="correct"):
    """An earlier event happened at another time; reason in the sitter's words."""

    seq: int
    utc_ns: int
    reason: str


class SkipPressure(Command, frozen=True, tag="skip_pressure"):
    """Skip the blood pressure that is due, with a reason."""

    reason: str


class TapHappening(Command, frozen=True, tag="tap_happening"):
    """A one-tap event by its key (see `kiosk.session.happening`)."""

    kind: str


class HelpUp(Command, frozen=True, tag="help_up"):
    """Up with help begins (on) or is over."""

    on: bool


class BeginHandOver(Command, frozen=True, tag="begin_hand_over"):
    """Another sitter is about to take over; a tone that is tested from now on is one that they heard."""


class HandOver(Command, frozen=True, tag="hand_over"):
    """Another sitter takes over: name and what was confirmed ("present", "sober", "briefed", "sound").

    reason: why no tone was heard, ten characters or more, where "sound" is not confirmed.
    """

    name: str
    confirmed: tuple[str, ...] = ()
    reason: str = ""


class BeginStanding(Command, frozen=True, tag="begin_standing"):
    """Open the ladder sit, stand, walk; refused before the plan's minimum."""


class AnswerStand(Command, frozen=True, tag="answer_stand"):
    """One rung's answer."""

    step: Literal["sit", "stand", "walk"]
    outcome: Literal["steady", "dizzy", "back to bed"]


class MarkReady(Command, frozen=True, tag="mark_ready"):
    """All criteria are met now."""


class Release(Command, frozen=True, tag="release"):
    """The patient is released; the session ends with its own command afterwards."""


class GivePage(Command, frozen=True, tag="give_page"):
    """The patient was given the page for the hours after: "read" on the screen."""

    how: Literal["read", "saved", "printed"] = "read"


class MakePage(Command, frozen=True, tag="make_page"):
    """Make the patient's page for the hours after as a file, and print it if asked."""

    printed: bool = False


class ShareEntry(Command, frozen=True, tag="share_entry"):
    """The patient shares one entry of their journal into the record. prompt: its key; written_utc_ns: when."""

    text: str
    prompt: str = ""
    written_utc_ns: int = 0


AnyCommand = (
    StartSession
    | EndSession
    | CallSitter
    | AnswerCall
    | EndCall
    | Acknowledge
    | PauseSounds
    | ResumeSounds
    | AnswerStep
    | CloseAlarm
    | AddNote
    | UndoNote
    | TypePressure
    | TypeOximetry
    | MarkDose
    | MarkPhase
    | LookIn
    | RecordResponse
    | RecordBreaths
    | ShowEmergencyCard
    | ReportCalled
    | OpenPane
    | UnlockRecord
    | HoldOpen
    | ClosePane
    | ControlMusic
    | RestartLink
    | AnswerPairing
    | LeavePairing
    | PairAgain
    | ForgetBond
    | ConfirmDevice
    | AnswerCheck
    | AnswerItem
    | OverrideCheck
    | TestSound
    | Undo
    | Correct
    | SkipPressure
    | TapHappening
    | HelpUp
    | BeginHandOver
    | HandOver
    | BeginStanding
    | AnswerStand
    | MarkReady
    | Release
    | GivePage
    | MakePage
    | ShareEntry
)
