"""One sentence for each event of the record, so that the log read in order tells the session's story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from devices.reading import BY_DESCRIPTION
from kiosk.session import events as e
from kiosk.text import alarm, form, happening, pairing, whose
from kiosk.text.answer import response, step
from kiosk.text.catalogue import _
from kiosk.text.measure import clock_time, duration
from kiosk.text.told import answered, held, opened, overridden, signature, tested


class Names(msgspec.Struct, frozen=True):
    """The plan's labels for the two people, and the zone for times within sentences."""

    patient: str = "the patient"
    sitter: str = "the sitter"
    utc_offset_min: int = 0
    roles: dict[str, str] = {}  # device -> "oximeter" or "cuff"

    def device(self, address: str) -> str:
        """A device as a person names it; one without a role keeps its address, which is never wrong."""
        role = self.roles.get(address)
        return _("the {role}").format(role=_(role)) if role else _("device {address}").format(address=address)


_LINK = {
    "searching": "Searching for {device}.",
    "connecting": "Connecting to {device}.",
    "streaming": "{device} is connected and sends.",
    "silent": "{device} is connected but sends nothing. The link is renewed.",
    "lost": "The link to {device} was lost.",
    "finished": "{device} sent its result and hung up.",
    "refused": "{device} refused the connection.",
    "held": "{device} is connected and waits to be confirmed.",
}


def _inspected(v: e.RecordInspected) -> str:
    if v.damage:
        return _("The record's file is damaged ({what}). Make no copy over a good backup.").format(what=v.damage)
    if v.broken:
        return _("Earlier sessions were altered or damaged: {ids}. Tell the provider.").format(ids=", ".join(v.broken))
    return _("Earlier sessions looked through: {n}. Every one is as it was written.").format(n=v.sessions)


def sentence(event: e.Event, names: Names) -> str:
    """The sentence of an event as the sitter reads it; every event type has one (a test checks)."""
    return _SENTENCES[type(event)](event, names)


def _link(v: e.LinkMoved, names: Names) -> str:
    return _capital(_(_LINK.get(v.state, "{device}: {state}.")).format(device=names.device(v.device), state=v.state))


def _bond(what: str, device: str, names: Names) -> str:
    return pairing.filled(pairing.SENTENCES.get(what, "{Device} was not paired."), names.device(device))


def _identified(v: e.DeviceIdentified, names: Names) -> str:
    parts = " ".join(x for x in (v.manufacturer, v.model) if x) or v.name
    number = _(", serial {serial}").format(serial=v.serial) if v.serial else ""
    text = _("{device} is {parts}{number}.").format(device=names.device(v.device), parts=parts or "?", number=number)
    untried = _(" It is read by description only.") if v.known_by == BY_DESCRIPTION else ""
    return _capital(text) + untried


def _device_clock(v: e.DeviceClockFound, names: Names) -> str:
    device = names.device(v.device)
    if v.set_to:
        return _capital(_("{device}'s clock was set.").format(device=device))
    if v.ahead_s is None:
        return _capital(_("{device}'s clock was never set: the time of its readings is unknown.").format(device=device))
    way = _("ahead") if v.ahead_s > 0 else _("behind")
    days = abs(v.ahead_s) // 86_400
    far = _("{n} days").format(n=days) if days >= 2 else duration(abs(v.ahead_s))
    text = _("{device}'s clock is {far} {way}: its readings may count as old.")
    return _capital(text.format(device=device, far=far, way=way))


def _adapter(v: e.AdapterMoved, names: Names) -> str:
    return {
        "on": _("Bluetooth is on."),
        "off": _("Bluetooth is switched off."),
        "missing": _("No Bluetooth found."),
    }.get(v.state, _("Bluetooth: {state}.").format(state=v.state))


def _note_text(v: e.NoteAdded, names: Names) -> str:
    stop = "" if v.text.endswith((".", "!", "?")) else "."
    return _("Note: {text}").format(text=_capital(v.text)) + stop


def _pin(v: e.PinRefused, names: Names) -> str:
    if v.locked_s:
        return _("Wrong PIN. Locked for {time}.").format(time=duration(v.locked_s))
    return _("Wrong PIN. 1 try left.") if v.tries_left == 1 else _("Wrong PIN. {n} tries left.").format(n=v.tries_left)


def _music_steered(v: e.MusicSteered, names: Names) -> str:
    return {
        "hold": _("Music held: it stays as it is when the phase changes."),
        "safe": _("The calming piece was asked for."),
        "release": _("Music follows the phase again."),
    }.get(v.how, _("Music for the phase: {phase}.").format(phase=v.phase or "?"))


def _music(v: e.MusicChanged, names: Names) -> str:
    if v.state == "failed":
        return _("Music failed: {detail}. The session goes on without it.").format(detail=v.detail or "?")
    return {"playing": _("Music: {track}."), "paused": _("Music paused."), "stopped": _("Music stopped.")}.get(
        v.state, _("Music: {state}.")
    ).format(track=v.track, state=v.state)


def _tone(v: e.TonePlayed, names: Names) -> str:
    level = "" if v.level_percent is None else _(", level {level} %").format(level=v.level_percent)
    return _("Alarm tone played on {output}{level}.").format(output=v.output, level=level)


def _dose(v: e.DoseMarked, names: Names) -> str:
    return _("{patient} took the dose at {time}.").format(
        patient=names.patient, time=clock_time(v.at_utc_ns, names.utc_offset_min)
    )


def _phase(v: e.PhaseMarked, names: Names) -> str:
    """By the plan's clock unless a person moved it."""
    if v.planned:
        return _("Phase: {name}.").format(name=v.name)
    return _("Phase: {name}, marked by {sitter}.").format(name=v.name, sitter=names.sitter)


_OPENED = {"pin": "with the PIN", "held key": "without the PIN, by holding the key", "demo": "without a PIN"}


def _stated(v: e.AlarmRaised | e.AlarmStepped, names: Names) -> str:
    words, end = alarm.title(v.alarm, v.data, names), _suffix(v.limit_text)
    return words if words.endswith("?") and end == "." else words + end


def _ack(v: e.AlarmAcknowledged, names: Names) -> str:
    return _("{sitter} is on it: {alarm}.").format(sitter=names.sitter, alarm=alarm.short(v.alarm))


def _sitter(v: e.SitterChanged, names: Names) -> str:
    return _("{name} took over from {before}: {confirmed}.").format(
        name=v.name, before=v.before or names.sitter, confirmed=", ".join(v.confirmed)
    )


def _corrected(v: e.EventCorrected, names: Names) -> str:
    return _("Corrected: {what} (row {seq}) was at {time}: “{reason}”").format(
        what=_act(v.kind),
        seq=v.event_seq,
        time=clock_time(v.at_utc_ns, names.utc_offset_min),
        reason=v.reason,
    )


_ACTS = {
    "note_added": "the note",
    "looked_in": "the look",
    "dose_marked": "the dose",
    "phase_marked": "the phase",
    "response_recorded": "the response check",
    "breaths_counted": "the breath count",
    "happening_tapped": "what happened",
    "help_up_began": "“up with help”",
    "pressure_skipped": "the skipped blood pressure",
}


def _act(kind: str) -> str:
    return _(_ACTS.get(kind, "an entry"))


_HELPED = {"pressed": "{patient} is back.", "time": "Up with help: its time is over.", "signal": "The signal is back."}
_RUNG = {"sit": "sitting", "stand": "standing", "walk": "walking"}
_OUTCOME = {
    "steady": "{patient} is steady: {rung}.",
    "dizzy": "{patient} is dizzy: {rung}. One step down.",
    "back to bed": "{patient} is back in bed.",
}


def _rung(v: e.StandAnswered, names: Names) -> str:
    words = _(_OUTCOME.get(v.outcome, "{patient}: {rung}."))
    return words.format(patient=names.patient, rung=_(_RUNG.get(v.step, v.step)))


_GIVEN = {
    "read": "{patient} has read the page for the hours after.",
    "saved": "The page for {patient}'s hours after was saved.",
    "printed": "The page for {patient}'s hours after was printed.",
}

_Teller = Callable[[Any, Names], str]

_SENTENCES: dict[type[e.Event], _Teller] = {
    e.SessionOpened: opened,
    e.PlanSignatureRead: lambda v, n: signature(v.key, v.known, v.name),
    e.RunAnchored: lambda v, n: _("Monitoring started.") + (_(" Plain start after failures.") if v.plain else ""),
    e.RunResumed: lambda v, n: _("The session is taken up again. Nothing was recorded for {gap}.").format(
        gap=duration(v.gap_s)
    ),
    e.ClockJumped: lambda v, n: _("The computer stood still for {gap}.").format(gap=duration(v.jump_s)),
    e.SessionStarted: lambda v, n: _("{sitter} started the session.").format(sitter=n.sitter),
    e.DoseMarked: _dose,
    e.PhaseMarked: _phase,
    e.DeviceChosen: lambda v, n: _("{name} ({device}) is the {role}.").format(
        name=v.name or "?", device=v.device, role=v.role
    ),
    e.LinkMoved: _link,
    e.PairingAsked: lambda v, n: _bond(v.question, v.device, n),
    e.Paired: lambda v, n: _bond("paired", v.device, n),
    e.PairingFailed: lambda v, n: _bond(v.why, v.device, n),
    e.BondForgotten: lambda v, n: _bond("forgotten", v.device, n),
    e.DeviceRecognised: whose.recognised,
    e.DeviceDoubted: whose.doubted,
    e.DeviceConfirmed: whose.confirmed,
    e.DeviceIdentified: _identified,
    e.DeviceClockFound: _device_clock,
    e.BatteryReported: lambda v, n: _("Battery of {device}: {p} %.").format(device=n.device(v.device), p=v.percent),
    e.AdapterMoved: _adapter,
    e.PayloadRefused: lambda v, n: _capital(
        _("{device} sent bytes that mean nothing ({reason}).").format(device=n.device(v.device), reason=v.reason)
    ),
    e.AlarmRaised: _stated,
    e.AlarmStepped: _stated,
    e.AlarmAcknowledged: _ack,
    e.AlarmSounded: lambda v, n: _("{alarm}: sounds again ({why}).").format(alarm=alarm.short(v.alarm), why=v.why),
    e.AlarmCleared: lambda v, n: alarm.cleared(v.alarm, v.why),
    e.AlarmClosed: lambda v, n: _("{alarm}: seen.").format(alarm=alarm.short(v.alarm)),
    e.StepAnswered: step,
    e.SoundsPaused: lambda v, n: _("{sitter} paused the alarm sounds for {time}.").format(
        sitter=n.sitter, time=duration(v.seconds)
    ),
    e.SoundsResumed: lambda v, n: _("Alarm sounds are on again."),
    e.TonePlayed: _tone,
    e.ToneFailed: lambda v, n: _("An alarm tone was not heard: {reason}.").format(reason=v.reason),
    e.SitterCalled: lambda v, n: _("{patient} calls.").format(patient=n.patient),
    e.CallSignalled: lambda v, n: _("The call is shown and sounds."),
    e.CallAnswered: lambda v, n: _("{sitter} is coming.").format(sitter=n.sitter),
    e.CallEnded: lambda v, n: _("{sitter} was there.").format(sitter=n.sitter),
    e.NoteAdded: _note_text,
    e.NoteWithdrawn: lambda v, n: _("The note (row {seq}) was taken back.").format(seq=v.note_seq),
    e.ValueWithdrawn: lambda v, n: _("A typed value (row {seq}) was taken back.").format(seq=v.reading_seq),
    e.LookedIn: lambda v, n: _("{sitter} looked at {patient}.").format(sitter=n.sitter, patient=n.patient),
    e.ResponseRecorded: response,
    e.BreathsCounted: lambda v, n: _("{n} breaths in {time}.").format(n=v.count, time=duration(v.seconds)),
    e.EmergencyCardShown: lambda v, n: (
        _("Nobody answered: the emergency card opened by itself.")
        if v.by == "alarm"
        else _("The emergency card was opened.")
    ),
    e.EmergencyCalled: lambda v, n: _("{sitter} called for help.").format(sitter=n.sitter),
    e.PaneOpened: lambda v, n: _("The sitter's pane was opened {how}.").format(how=_(_OPENED.get(v.how, str(v.how)))),
    e.PaneClosed: lambda v, n: _("The rest screen is back."),
    e.PinRefused: _pin,
    e.MusicChanged: _music,
    e.MusicSteered: _music_steered,
    e.ChildStarted: lambda v, n: _("The {child} part started.").format(child=v.child),
    e.WindowsShown: lambda v, n: _("The room is shown: {windows}.").format(windows=", ".join(v.windows)),
    e.RoomCovered: lambda v, n: (
        _("The room is in front again.") if v.is_over else _("Another window is in front of the room.")
    ),
    e.ChildEnded: lambda v, n: _("The {child} part ended: {how}.").format(child=v.child, how=v.how),
    e.MessageRefused: lambda v, n: _("The {child} part sent something that is not its own: {reason}.").format(
        child=v.child, reason=v.reason
    ),
    e.ProtectionLost: lambda v, n: _("Restart protection is lost."),
    e.RecordingFailed: lambda v, n: _("Not recording: {reason}.").format(reason=v.reason),
    e.RecordInspected: lambda v, n: _inspected(v),
    e.RecordingRestored: lambda v, n: _("Recording again. {n} rows waited and are stored.").format(n=v.waited),
    e.ChainSealed: lambda v, n: _("{length} rows are sealed with the key {key}.").format(length=v.length, key=v.key),
    e.SealingFailed: lambda v, n: _("The record goes on without a seal: {reason}.").format(reason=v.reason),
    e.FaultHappened: lambda v, n: _("A fault in the program at {where}. Monitoring goes on.").format(where=v.where),
    e.CheckAnswered: answered,
    e.CheckOverridden: overridden,
    e.HoldBegan: held,
    e.SoundTested: tested,
    e.HandOverBegan: lambda v, n: _("{sitter} begins to hand over.").format(sitter=n.sitter),
    e.SitterChanged: _sitter,
    e.EventWithdrawn: lambda v, n: _("Taken back at once: {what} (row {seq}).").format(
        what=_act(v.kind), seq=v.event_seq
    ),
    e.EventCorrected: _corrected,
    e.PressureSkipped: lambda v, n: _("Blood pressure at {m:g} min was skipped: “{why}”").format(
        m=v.at_min, why=v.reason
    ),
    e.HappeningTapped: lambda v, n: happening.sentence(v.kind, n),
    e.HelpUpBegan: lambda v, n: _("{patient} is up with help. Probe alarms wait, {time} at most.").format(
        patient=n.patient, time=duration(v.seconds)
    ),
    e.HelpUpEnded: lambda v, n: _(_HELPED.get(v.why, "Up with help is over.")).format(patient=n.patient),
    e.StandingBegan: lambda v, n: _("{patient} begins to get up.").format(patient=n.patient),
    e.StandAnswered: _rung,
    e.ReadyMarked: lambda v, n: _("{patient} is ready: every rule of the plan is met.").format(patient=n.patient),
    e.Released: lambda v, n: _("{sitter} released {patient}.").format(sitter=v.by or n.sitter, patient=n.patient),
    e.PageGiven: lambda v, n: _(_GIVEN.get(v.how, "{patient} was given the page.")).format(patient=n.patient),
    e.EntryShared: lambda v, n: _("{patient} shared from the journal: “{text}”").format(patient=n.patient, text=v.text),
    e.SessionEnded: lambda v, n: _("The session ended: {how}.").format(how=v.how),
    e.QuestionnaireRead: lambda v, n: _("Questions from a file: {title}.").format(title=v.questions.title),
    e.ItemAnswered: lambda v, n: form.answered(v, n.patient),
    e.ScoreTaken: lambda v, n: form.taken(v, n.patient),
    e.ThoughtsReported: lambda v, n: form.reported(v, n.patient),
    e.SeriesRead: lambda v, n: _("Earlier sessions of {patient} in this record: {n}.").format(
        patient=n.patient, n=len(v.sessions)
    ),
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _suffix(limit_text: str) -> str:
    return f". {limit_text}." if limit_text else "."
