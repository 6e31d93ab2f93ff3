"""What happened: past tense, frozen, versioned by tag. The append-only log of these is the whole truth.

Every event is one row of the record (`kiosk.record`), in order, with its stamp beside it; state is their fold
(`kiosk.session.state.apply`). A correction is a new event that names the seq it corrects. Fields are facts, not
sentences: `kiosk.text` makes the sentence. New fields get defaults; a tag is never reused for another meaning.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum

import msgspec


class Severity(IntEnum):
    """Ordered, so that the severity of a whole is max() of its parts."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Event(msgspec.Struct, frozen=True):
    """Base of every event; never stored itself."""


class SessionOpened(Event, frozen=True, tag="session_opened"):
    """First event of a session record. kind: patient, trial or demo. Times are in the row's own stamp."""

    session_id: str
    kind: str
    simulated: bool
    speed: float
    patient_id: str
    patient_label: str
    sitter_label: str
    program_version: str
    utc_offset_min: int
    plan: str  # file name of the plan
    plan_toml: str  # its whole text
    plan_author: str
    plan_confirmed: str  # "by, on, role" or "" when not confirmed by a provider
    medication: str
    route: str
    dose_mg: Decimal | None
    limits: tuple[str, ...]  # one sentence each, with who set it and when
    settings: dict[str, str] = {}
    versions: dict[str, str] = {}
    last_session_end_utc_ns: int = 0  # of the same patient_id; 0: none is known here


class RunAnchored(Event, frozen=True, tag="run_anchored"):
    """Each run of the monitor: boot id and both clocks (in the row's stamp), zone, process id."""

    boot_id: str
    utc_offset_min: int
    pid: int
    plain: bool = False  # started plain after repeated failures


class RunResumed(Event, frozen=True, tag="run_resumed"):
    """The session was open and is taken up again. gap_s: seconds since the last recorded row."""

    gap_s: float
    bridged: bool  # across a boot, so by UTC


class ClockJumped(Event, frozen=True, tag="clock_jumped"):
    """More than 3 s passed between two ticks (suspend, freeze): every value became stale at once."""

    jump_s: float


class SessionStarted(Event, frozen=True, tag="session_started"):
    """The sitter started the session: value alarms are armed."""


class DoseMarked(Event, frozen=True, tag="dose_marked"):
    """The dose was taken; at_utc_ns is when, which may be earlier than the row."""

    at_utc_ns: int


class PhaseMarked(Event, frozen=True, tag="phase_marked"):
    """The actual start of a phase; planned is True when the plan's clock moved it, False when the sitter did."""

    phase: str
    name: str
    planned: bool = False


class DeviceChosen(Event, frozen=True, tag="device_chosen"):
    """A device takes part: role is "oximeter" or "cuff"."""

    device: str
    role: str
    name: str
    driver: str
    simulated: bool = False


class LinkMoved(Event, frozen=True, tag="link_moved"):
    """A device's link changed (`devices.reading.LinkState` as word)."""

    device: str
    state: str
    detail: str = ""


class PairingAsked(Event, frozen=True, tag="pairing_asked"):
    """A person was asked before a device was paired: a number "shown", "asked", "compared", or none ("allowed").

    The number itself is never recorded.
    """

    device: str
    question: str


class Paired(Event, frozen=True, tag="paired"):
    """Device and computer have a bond from now on."""

    device: str


class PairingFailed(Event, frozen=True, tag="pairing_failed"):
    """There is no bond, or none that the device knows (`devices.pairing.PairingFault` as word)."""

    device: str
    why: str
    detail: str = ""


class BondForgotten(Event, frozen=True, tag="bond_forgotten"):
    """The computer's side of a bond was removed, because a person asked for it."""

    device: str


class DeviceRecognised(Event, frozen=True, tag="device_recognised"):
    """It is the chosen device, known by its "bond", its "serial" number or its "address"."""

    device: str
    by: str
    address: str = ""
    serial: str = ""


class DeviceDoubted(Event, frozen=True, tag="device_doubted"):
    """It may be another device than the chosen one: nothing that it measures is taken before a person has looked.

    address: where it is, another than `device` where the chosen one's serial number came from there. serial: what it
    says; expected: what the chosen one said.
    """

    device: str
    address: str
    serial: str
    expected: str


class DeviceConfirmed(Event, frozen=True, tag="device_confirmed"):
    """A person has looked at a doubted device: whether it is the chosen one, from now on as it is."""

    device: str
    is_chosen: bool
    address: str = ""
    serial: str = ""


class DeviceIdentified(Event, frozen=True, tag="device_identified"):
    """Manufacturer, model, serial, firmware as the device said.

    driver: who reads it. known_by: how that is known, "public capture" or "built from description only".
    """

    device: str
    name: str = ""
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    features: str = ""
    driver: str = ""
    known_by: str = ""


class DeviceClockFound(Event, frozen=True, tag="device_clock_found"):
    """A device's own clock is wrong, or was set. Fields as `devices.reading.DeviceClock`."""

    device: str
    device_time: str = ""
    ahead_s: int | None = None
    set_to: str = ""


class BatteryReported(Event, frozen=True, tag="battery_reported"):
    """Battery of a device, percent."""

    device: str
    percent: int


class AdapterMoved(Event, frozen=True, tag="adapter_moved"):
    """The computer's Bluetooth went on, off or missing."""

    state: str
    detail: str = ""


class PayloadRefused(Event, frozen=True, tag="payload_refused"):
    """Bytes no driver accepts: kept as hex."""

    device: str
    characteristic: str
    raw_hex: str
    reason: str
    detail: str = ""


class AlarmRaised(Event, frozen=True, tag="alarm_raised"):
    """An occurrence began. data: the facts of its sentence (value, limit, seconds, last value ...), as text."""

    alarm: str
    severity: int
    limit_text: str = ""
    data: dict[str, str] = {}


class AlarmStepped(Event, frozen=True, tag="alarm_stepped"):
    """The same occurrence changed severity or words (escalated, worse)."""

    alarm: str
    severity: int
    limit_text: str = ""
    data: dict[str, str] = {}


class AlarmAcknowledged(Event, frozen=True, tag="alarm_acknowledged"):
    """The sitter took responsibility for this occurrence."""

    alarm: str


class AlarmSounded(Event, frozen=True, tag="alarm_sounded"):
    """The alarm signals again: the acknowledgement ended (worse, or 2 minutes passed)."""

    alarm: str
    why: str  # "worse" or "two minutes"


class AlarmCleared(Event, frozen=True, tag="alarm_cleared"):
    """The condition ended; why: "recovered", "data stopped", "session ended"."""

    alarm: str
    why: str = "recovered"
    data: dict[str, str] = {}


class AlarmClosed(Event, frozen=True, tag="alarm_closed"):
    """The sitter pressed Seen on a latched alarm."""

    alarm: str


class StepAnswered(Event, frozen=True, tag="step_answered"):
    """An answer in the action panel. step: key of the one that follows; on: of the one that was answered, or ""."""

    alarm: str
    step: str
    answer: str
    on: str = ""


class SoundsPaused(Event, frozen=True, tag="sounds_paused"):
    """All alarm sounds quiet for this many seconds."""

    seconds: int


class SoundsResumed(Event, frozen=True, tag="sounds_resumed"):
    """The pause ended; why: "pressed", "time", "worse"."""

    why: str


class TonePlayed(Event, frozen=True, tag="tone_played"):
    """First burst of a signal that the audio server took, and each change of output, level or mute."""

    severity: int
    output: str
    frames: int
    level_percent: int | None = None
    muted: bool | None = None


class ToneFailed(Event, frozen=True, tag="tone_failed"):
    """A burst was not heard: output gone, muted, too quiet, no audio server."""

    reason: str
    output: str = ""


class SitterCalled(Event, frozen=True, tag="sitter_called"):
    """The patient called."""

    by: str


class CallSignalled(Event, frozen=True, tag="call_signalled"):
    """Banner and tone of the call are under way: only now may the patient read "is coming"."""


class CallAnswered(Event, frozen=True, tag="call_answered"):
    """The sitter is coming."""


class CallEnded(Event, frozen=True, tag="call_ended"):
    """The sitter was there."""


class NoteAdded(Event, frozen=True, tag="note_added"):
    """A note."""

    text: str
    preset: str = ""


class NoteWithdrawn(Event, frozen=True, tag="note_withdrawn"):
    """A note was taken back; the note itself stays in the record."""

    note_seq: int


class ValueWithdrawn(Event, frozen=True, tag="value_withdrawn"):
    """A typed value was replaced: reading_seq no longer counts; the new one is its own row."""

    reading_seq: int


class LookedIn(Event, frozen=True, tag="looked_in"):
    """The sitter looked at the patient."""


class ResponseRecorded(Event, frozen=True, tag="response_recorded"):
    """Response check."""

    answer: str


class BreathsCounted(Event, frozen=True, tag="breaths_counted"):
    """Breaths tapped over seconds."""

    count: int
    seconds: float


class EmergencyCardShown(Event, frozen=True, tag="emergency_card_shown"):
    """The card was opened; by: "sitter" or "alarm"."""

    by: str = "sitter"


class EmergencyCalled(Event, frozen=True, tag="emergency_called"):
    """The sitter says the emergency number was called."""


class PaneOpened(Event, frozen=True, tag="pane_opened"):
    """One display: how: "pin", "held key", "alarm"."""

    how: str


class PaneClosed(Event, frozen=True, tag="pane_closed"):
    """One display: back to rest."""


class PinRefused(Event, frozen=True, tag="pin_refused"):
    """A wrong PIN; locked_s is the lock-out that follows, 0 if none."""

    tries_left: int
    locked_s: float = 0


class MusicChanged(Event, frozen=True, tag="music_changed"):
    """What is heard: state playing, paused, stopped, failed; track is its title."""

    state: str
    track: str = ""
    detail: str = ""


class MusicSteered(Event, frozen=True, tag="music_steered"):
    """Which music is wanted changed. how: phase (the session's phase did it), hold, safe or release (a person did)."""

    how: str
    phase: str = ""


class ChildStarted(Event, frozen=True, tag="child_started"):
    """A child process began: screen, sound or tone."""

    child: str
    pid: int


class WindowsShown(Event, frozen=True, tag="windows_shown"):
    """The screen's windows are on their displays, built and alive: "rest on HDMI-1", "sitter on eDP-1"."""

    windows: tuple[str, ...]
    one_display: bool = False


class RoomCovered(Event, frozen=True, tag="room_covered"):
    """Another program's window had the keys. is_over: the room has them back after for_s seconds, else so far."""

    for_s: float
    is_over: bool = False


class ChildEnded(Event, frozen=True, tag="child_ended"):
    """How a child ended, exactly: "exit 0", "signal 11 (SIGSEGV)", "never started", "silent 1.5 s, killed"."""

    child: str
    how: str


class MessageRefused(Event, frozen=True, tag="message_refused"):
    """A child sent a message that its kind may not send, or that cannot be read."""

    child: str
    reason: str


class ProtectionLost(Event, frozen=True, tag="protection_lost"):
    """The supervisor is gone: nobody restarts the monitor now."""


class RecordingFailed(Event, frozen=True, tag="recording_failed"):
    """A write failed; rows wait in memory. reason as the system says it."""

    reason: str


class RecordingRestored(Event, frozen=True, tag="recording_restored"):
    """Writing works again; waited: rows that waited and are now stored."""

    waited: int


class ChainSealed(Event, frozen=True, tag="chain_sealed"):
    """All rows so far were signed. length: their number; head: the last one's hash; key: the signer's fingerprint.

    public_key, head and signature (Ed25519) are in hex; `kiosk.record.seal` says over which bytes.
    """

    length: int
    head: str
    key: str
    public_key: str
    signature: str


class SealingFailed(Event, frozen=True, tag="sealing_failed"):
    """The signing key cannot be used: recording goes on without seals. reason as `kiosk.record.seal` says it."""

    reason: str


class FaultHappened(Event, frozen=True, tag="fault_happened"):
    """One of our own bugs; a crash file was left. where: module.function."""

    where: str
    what: str


class CheckAnswered(Event, frozen=True, tag="check_answered"):
    """One check of the preparation was answered; a later answer replaces it. data: what was typed or measured."""

    check: str
    answer: str
    passed: bool
    data: dict[str, str] = {}


class CheckOverridden(Event, frozen=True, tag="check_overridden"):
    """A failed required check was overridden: typed reason and name, read by the provider first."""

    check: str
    reason: str
    by: str


class HoldBegan(Event, frozen=True, tag="hold_began"):
    """The start is held for `seconds` until a check is done again (blood pressure above the hold limit)."""

    check: str
    seconds: float
    why: str


class SoundTested(Event, frozen=True, tag="sound_tested"):
    """An alarm tone was played for the sound test: what the sound server said of it.

    severity: 1 to 3, 0 for the patient's call. trouble: why it was not heard, "" if it was played.
    """

    severity: int
    output: str
    level_percent: int | None = None
    muted: bool | None = None
    trouble: str = ""


class HandOverBegan(Event, frozen=True, tag="hand_over_began"):
    """Another sitter is about to take over: what they hear from now on is theirs."""


class SitterChanged(Event, frozen=True, tag="sitter_changed"):
    """Another person sits now. confirmed: present, sober, briefed, sound; without sound its check was overridden."""

    name: str
    before: str
    confirmed: tuple[str, ...] = ()


class EventWithdrawn(Event, frozen=True, tag="event_withdrawn"):
    """A one-key act was undone within its seconds; the event itself stays in the record. kind: tag of that event."""

    event_seq: int
    kind: str = ""


class EventCorrected(Event, frozen=True, tag="event_corrected"):
    """The time of an earlier event was wrong: at_utc_ns is when it was; reason in the sitter's words. kind: its tag."""

    event_seq: int
    at_utc_ns: int
    reason: str
    kind: str = ""


class PressureSkipped(Event, frozen=True, tag="pressure_skipped"):
    """A planned blood pressure was skipped, with the reason; at_min is its minute in the plan."""

    at_min: float
    reason: str


class HappeningTapped(Event, frozen=True, tag="happening_tapped"):
    """A one-tap event: vomiting, agitation, bathroom, distress, seizure, chest pain, dark thoughts, ..."""

    kind: str


class HelpUpBegan(Event, frozen=True, tag="help_up_began"):
    """Up with help: only finger-off and no-signal are suspended, for `seconds` at most (600)."""

    seconds: int


class HelpUpEnded(Event, frozen=True, tag="help_up_ended"):
    """Back; why: "pressed", "time", "signal"."""

    why: str


class StandingBegan(Event, frozen=True, tag="standing_began"):
    """The ladder of standing up was opened; the plan's minimum is over."""


class StandAnswered(Event, frozen=True, tag="stand_answered"):
    """One rung: step sit, stand or walk; outcome "steady", "dizzy" or "back to bed"."""

    step: str
    outcome: str


class ReadyMarked(Event, frozen=True, tag="ready_marked"):
    """All criteria are met: the patient would be ready; kept apart from leaving."""


class Released(Event, frozen=True, tag="released"):
    """The patient was released by the sitter; observation ends."""

    by: str = ""


class SessionEnded(Event, frozen=True, tag="session_ended"):
    """The end. how: "released", "stopped", "demo over", "interrupted"."""

    how: str


AnyEvent = (
    SessionOpened
    | RunAnchored
    | RunResumed
    | ClockJumped
    | SessionStarted
    | DoseMarked
    | PhaseMarked
    | DeviceChosen
    | LinkMoved
    | PairingAsked
    | Paired
    | PairingFailed
    | BondForgotten
    | DeviceRecognised
    | DeviceDoubted
    | DeviceConfirmed
    | DeviceIdentified
    | DeviceClockFound
    | BatteryReported
    | AdapterMoved
    | PayloadRefused
    | AlarmRaised
    | AlarmStepped
    | AlarmAcknowledged
    | AlarmSounded
    | AlarmCleared
    | AlarmClosed
    | StepAnswered
    | SoundsPaused
    | SoundsResumed
    | TonePlayed
    | ToneFailed
    | SitterCalled
    | CallSignalled
    | CallAnswered
    | CallEnded
    | NoteAdded
    | NoteWithdrawn
    | ValueWithdrawn
    | LookedIn
    | ResponseRecorded
    | BreathsCounted
    | EmergencyCardShown
    | EmergencyCalled
    | PaneOpened
    | PaneClosed
    | PinRefused
    | MusicChanged
    | MusicSteered
    | ChildStarted
    | WindowsShown
    | RoomCovered
    | ChildEnded
    | MessageRefused
    | ProtectionLost
    | RecordingFailed
    | RecordingRestored
    | ChainSealed
    | SealingFailed
    | FaultHappened
    | CheckAnswered
    | CheckOverridden
    | HoldBegan
    | SoundTested
    | HandOverBegan
    | SitterChanged
    | EventWithdrawn
    | EventCorrected
    | PressureSkipped
    | HappeningTapped
    | HelpUpBegan
    | HelpUpEnded
    | StandingBegan
    | StandAnswered
    | ReadyMarked
    | Released
    | SessionEnded
)
