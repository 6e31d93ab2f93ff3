"""Whether a command is allowed now, and which events follow from it: decide(state, command, now) -> events.

Pure; called by the monitor for every command but the alarms' own (`SUPPRESSING`) and those that act outside the
session (PIN, music, links). A refusal is a reason, never a sentence. It never repairs a number that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from devices.reading import Measurement, Oximetry, Pressure, Quality, Stamp, Value
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.events import Event
from kiosk.session.state import Stage, State

SUPPRESSING = (
    c.CallSitter
    | c.AnswerCall
    | c.EndCall
    | c.Acknowledge
    | c.PauseSounds
    | c.ResumeSounds
    | c.AnswerStep
    | c.CloseAlarm
)
"""Commands that `kiosk.session.alarms.Alarms` answers itself."""


class Why(StrEnum):
    """Why a command is refused; the key of its sentence."""

    NOT_OPEN = "not open"
    NOT_STARTED = "not started"
    ALREADY_STARTED = "already started"
    ENDED = "ended"
    SECOND_DOSE = "second dose"
    IN_THE_FUTURE = "in the future"
    TOO_LONG_AGO = "too long ago"
    NO_SUCH_PHASE = "no such phase"
    NO_SUCH_NOTE = "no such note"
    EMPTY = "empty"
    IMPOSSIBLE = "impossible"
    SOMETHING_STANDS = "something stands"  # the pane stays while anything is signalled or the patient calls
    NOT_HERE = "not here"  # not a command of the session's state


class Refused(msgspec.Struct, frozen=True):
    """The command does nothing. field: which typed field, if one."""

    why: Why
    field: str = ""


class Ask(msgspec.Struct, frozen=True):
    """Outside the plausible band: ask back, and take it when the command comes again confirmed."""

    field: str
    value: Decimal
    low: Decimal
    high: Decimal


class Typed(msgspec.Struct, frozen=True):
    """A typed value: the monitor makes a reading of it (device "typed", source TYPED), then takes `events`.

    utc_ns: when it was taken. replaces: seq of the reading that no longer counts.
    """

    measurement: Measurement
    utc_ns: int
    events: tuple[Event, ...] = ()
    replaces: int | None = None


Decision = list[Event] | Refused | Ask | Typed

OLDEST_TYPED_NS = 12 * 3600 * 10**9  # a session lasts hours, not days: an older time is a slip
SLACK_NS = 60 * 10**9  # typed times have minutes only


class Band(msgspec.Struct, frozen=True):
    """possible: outside it is refused. plausible: outside it is asked back. Both ends included."""

    possible_low: Decimal
    plausible_low: Decimal
    plausible_high: Decimal
    possible_high: Decimal


def _band(*ends: int) -> Band:
    return Band(*(Decimal(end) for end in ends))


BANDS = {  # possible as for devices (`devices.drivers.judge`); plausible: what a lying adult may show
    "systolic": _band(40, 80, 200, 300),
    "diastolic": _band(20, 40, 120, 200),
    "spo2": _band(1, 70, 100, 100),
    "pulse": _band(1, 35, 180, 300),
}


def decide(state: State, command: c.Command, now: Stamp, phases: dict[str, str] | None = None) -> Decision:
    """Events of `command` at `now`, or why not. phases: key -> name of the plan's phases for MarkPhase."""
    rule = _RULES.get(type(command))
    if rule is None:
        return Refused(Why.NOT_HERE)
    if state.stage not in rule.stages:
        return Refused(_why_stage(state.stage))
    if isinstance(command, c.MarkPhase):
        name = (phases or {}).get(command.phase)
        return Refused(Why.NO_SUCH_PHASE) if name is None else [e.PhaseMarked(command.phase, name)]
    return rule.act(state, command, now)


def _why_stage(stage: Stage) -> Why:
    return {
        Stage.NONE: Why.NOT_OPEN,
        Stage.OPENED: Why.NOT_STARTED,
        Stage.STARTED: Why.ALREADY_STARTED,
        Stage.ENDED: Why.ENDED,
    }[stage]


def _dose(state: State, command: c.MarkDose, now: Stamp) -> Decision:
    if state.dose is not None:
        return Refused(Why.SECOND_DOSE)
    when = _when(command.utc_ns, now)
    return when if isinstance(when, Refused) else [e.DoseMarked(when)]


def _when(utc_ns: int | None, now: Stamp) -> int | Refused:
    """The instant meant, now if None; a time in the future or too long ago is a slip."""
    if utc_ns is None:
        return now.utc_ns
    if utc_ns > now.utc_ns + SLACK_NS:
        return Refused(Why.IN_THE_FUTURE, "time")
    if now.utc_ns - utc_ns > OLDEST_TYPED_NS:
        return Refused(Why.TOO_LONG_AGO, "time")
    return min(utc_ns, now.utc_ns)


def _note(state: State, command: c.AddNote, now: Stamp) -> Decision:
    text = command.text.strip()
    return [e.NoteAdded(text, command.preset)] if text else Refused(Why.EMPTY, "text")


def _undo(state: State, command: c.UndoNote, now: Stamp) -> Decision:
    note = state.note(command.seq)
    if note is None or note.withdrawn:
        return Refused(Why.NO_SUCH_NOTE)
    return [e.NoteWithdrawn(command.seq)]


def _breaths(state: State, command: c.RecordBreaths, now: Stamp) -> Decision:
    if command.count < 0 or not 0 < command.seconds <= 600:
        return Refused(Why.IMPOSSIBLE, "breaths")
    return [e.BreathsCounted(command.count, command.seconds)]


def _close_pane(state: State, command: c.ClosePane, now: Stamp) -> Decision:
    standing = state.standing
    if standing.occurrences or standing.pause_until_s is not None or standing.call:
        return Refused(Why.SOMETHING_STANDS)
    return [e.PaneClosed()]


def _pressure(state: State, command: c.TypePressure, now: Stamp) -> Decision:
    typed = {"systolic": command.systolic, "diastolic": command.diastolic, "pulse": command.pulse}
    doubt = _doubt(typed, command.confirmed)
    if doubt is not None:
        return doubt
    if command.diastolic >= command.systolic:
        return Refused(Why.IMPOSSIBLE, "diastolic")
    pulse = None if command.pulse is None else Value(command.pulse)
    mean = Value(None, Quality.INVALID, ("not typed",))
    pressure = Pressure(Value(command.systolic), Value(command.diastolic), mean, pulse)
    return _typed(pressure, command, now)


def _oximetry(state: State, command: c.TypeOximetry, now: Stamp) -> Decision:
    if command.spo2 is None and command.pulse is None:
        return Refused(Why.EMPTY, "spo2")
    doubt = _doubt({"spo2": command.spo2, "pulse": command.pulse}, command.confirmed)
    return doubt if doubt is not None else _typed(Oximetry(_value(command.spo2), _value(command.pulse)), command, now)


def _value(number: Decimal | None) -> Value:
    return Value(None, Quality.INVALID, ("not typed",)) if number is None else Value(number)


def _typed(measurement: Measurement, command: c.TypePressure | c.TypeOximetry, now: Stamp) -> Decision:
    when = _when(command.utc_ns, now)
    if isinstance(when, Refused):
        return when
    withdrawn = () if command.corrects is None else (e.ValueWithdrawn(command.corrects),)
    return Typed(measurement, when, withdrawn, command.corrects)


def _doubt(typed: dict[str, Decimal | None], confirmed: bool) -> Refused | Ask | None:
    """Refuses what cannot be, asks back what hardly can; the first such field."""
    given = {name: number for name, number in typed.items() if number is not None}
    for name, number in given.items():
        band = BANDS[name]
        if not number.is_finite() or not band.possible_low <= number <= band.possible_high:
            return Refused(Why.IMPOSSIBLE, name)
    for name, number in given.items():
        band = BANDS[name]
        if not confirmed and not band.plausible_low <= number <= band.plausible_high:
            return Ask(name, number, band.plausible_low, band.plausible_high)
    return None


class _Rule(msgspec.Struct, frozen=True):
    stages: tuple[Stage, ...]
    act: Callable[[State, Any, Stamp], Decision]


_OPEN = (Stage.OPENED, Stage.STARTED)

# Table of transitions: in which stage a command may act, and what it says.
_RULES: dict[type[c.Command], _Rule] = {
    c.StartSession: _Rule((Stage.OPENED,), lambda s, v, now: [e.SessionStarted()]),
    c.EndSession: _Rule(_OPEN, lambda s, v, now: [e.SessionEnded(v.how)]),
    c.MarkDose: _Rule((Stage.STARTED,), _dose),
    c.MarkPhase: _Rule((Stage.STARTED,), lambda s, v, now: []),
    c.AddNote: _Rule(_OPEN, _note),
    c.UndoNote: _Rule(_OPEN, _undo),
    c.TypePressure: _Rule(_OPEN, _pressure),
    c.TypeOximetry: _Rule(_OPEN, _oximetry),
    c.LookIn: _Rule(_OPEN, lambda s, v, now: [e.LookedIn()]),
    c.RecordResponse: _Rule(_OPEN, lambda s, v, now: [e.ResponseRecorded(v.answer)]),
    c.RecordBreaths: _Rule(_OPEN, _breaths),
    c.ShowEmergencyCard: _Rule(tuple(Stage), lambda s, v, now: [e.EmergencyCardShown()]),
    c.ReportCalled: _Rule(_OPEN, lambda s, v, now: [e.EmergencyCalled()]),
    c.HoldOpen: _Rule(_OPEN, lambda s, v, now: [e.PaneOpened("held key")]),
    c.ClosePane: _Rule(_OPEN, _close_pane),
}
