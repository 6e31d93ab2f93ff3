"""Whether a command is allowed now, and which events follow from it: decide(state, command, now) -> events.

Pure; called by the monitor for every command but the alarms' own (`SUPPRESSING`) and those that act outside the
session (PIN, music, links, the sound test). A refusal is a reason, never a sentence. The rules of one matter have
their own module (`preparation`, `standing`, `correction`, `typed`); here is the table of what may happen when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from devices.reading import Stamp
from kiosk.session import aftercare, correction, hand_over, happening, preparation, schedule, score, standing, typed
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.bedside import Bedside
from kiosk.session.state import Stage, State
from kiosk.session.verdict import Ask, Decision, Refused, Typed, Why, instant

__all__ = ["SUPPRESSING", "Ask", "Bedside", "Decision", "Refused", "Typed", "Why", "decide"]

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

HELP_UP_S = 600  # "up with help" at most
BEFORE_RELEASE = "stopped before release"


class Here(msgspec.Struct, frozen=True):
    """The instant of a decision. bedside: what can be seen at the bed, None where nobody gathered it (tests)."""

    now: Stamp
    now_s: float
    bedside: Bedside | None
    phases: Mapping[str, str]


def decide(
    state: State,
    command: c.Command,
    now: Stamp,
    phases: Mapping[str, str] | None = None,
    bedside: Bedside | None = None,
) -> Decision:
    """Events of `command` at `now`, or why not. phases: key -> name of the plan's phases for MarkPhase."""
    rule = _RULES.get(type(command))
    if rule is None:
        return Refused(Why.NOT_HERE)
    if state.stage not in rule.stages:
        return Refused(_why_stage(state.stage))
    now_s = bedside.now_s if bedside else state.opened_s + (now.utc_ns - state.opened_utc_ns) / 1e9
    return rule.act(state, command, Here(now, now_s, bedside, phases or {}))


def _why_stage(stage: Stage) -> Why:
    return {
        Stage.NONE: Why.NOT_OPEN,
        Stage.OPENED: Why.NOT_STARTED,
        Stage.STARTED: Why.ALREADY_STARTED,
        Stage.ENDED: Why.ENDED,
    }[stage]


def _end(state: State, command: c.EndSession, at: Here) -> Decision:
    """An end is never refused; only it is not called a release where nobody was released."""
    is_released = state.ladder.released_utc_ns is not None
    return [e.SessionEnded(command.how if is_released or command.how != "released" else BEFORE_RELEASE)]


def _dose(state: State, command: c.MarkDose, at: Here) -> Decision:
    if state.dose is not None:
        return Refused(Why.SECOND_DOSE)
    when = instant(command.utc_ns, at.now)
    return when if isinstance(when, Refused) else [e.DoseMarked(when)]


def _phase(state: State, command: c.MarkPhase, at: Here) -> Decision:
    name = at.phases.get(command.phase)
    return Refused(Why.NO_SUCH_PHASE) if name is None else [e.PhaseMarked(command.phase, name)]


def _note(state: State, command: c.AddNote, at: Here) -> Decision:
    text = command.text.strip()
    return [e.NoteAdded(text, command.preset)] if text else Refused(Why.EMPTY, "text")


def _unnote(state: State, command: c.UndoNote, at: Here) -> Decision:
    note = state.note(command.seq)
    if note is None or note.withdrawn:
        return Refused(Why.NO_SUCH_NOTE)
    return [e.NoteWithdrawn(command.seq)]


def _breaths(state: State, command: c.RecordBreaths, at: Here) -> Decision:
    if command.count < 0 or not 0 < command.seconds <= 600:
        return Refused(Why.IMPOSSIBLE, "breaths")
    return [e.BreathsCounted(command.count, command.seconds)]


def _close_pane(state: State, command: c.ClosePane, at: Here) -> Decision:
    standing = state.standing
    if standing.occurrences or standing.pause_until_s is not None or standing.call:
        return Refused(Why.SOMETHING_STANDS)
    return [e.PaneClosed()]


def _skip(state: State, command: c.SkipPressure, at: Here) -> Decision:
    """The pressure of the plan that is due or late now."""
    if not command.reason.strip():
        return Refused(Why.EMPTY, "reason")
    due_min = schedule.skippable_min(state, at.bedside) if at.bedside else None
    return Refused(Why.NOTHING_DUE) if due_min is None else [e.PressureSkipped(due_min, command.reason.strip())]


def _tap(state: State, command: c.TapHappening, at: Here) -> Decision:
    """Some of them open the emergency card with the same tap."""
    kind = happening.BY_KEY.get(command.kind)
    if kind is None:
        return Refused(Why.NO_SUCH_HAPPENING)
    return [e.HappeningTapped(kind.key), *([e.EmergencyCardShown()] if kind.card else [])]


def _help_up(state: State, command: c.HelpUp, at: Here) -> Decision:
    if command.on == (state.help_up_until_s is not None):
        return Refused(Why.ALREADY_SO)
    return [e.HelpUpBegan(HELP_UP_S)] if command.on else [e.HelpUpEnded("pressed")]


def _item(state: State, command: c.AnswerItem, at: Here) -> Decision:
    plan = at.bedside.plan if at.bedside else None
    return score.answer(state, command, plan, before=state.stage is Stage.OPENED)


class _Rule(msgspec.Struct, frozen=True):
    stages: tuple[Stage, ...]
    act: Callable[[State, Any, Here], Decision]


_OPEN = (Stage.OPENED, Stage.STARTED)
_STARTED = (Stage.STARTED,)

# Table of transitions: in which stage a command may act, and what it says.
_RULES: dict[type[c.Command], _Rule] = {
    c.AnswerCheck: _Rule((Stage.OPENED,), lambda s, v, at: preparation.answer(s, v, at.now, at.bedside)),
    c.OverrideCheck: _Rule((Stage.OPENED,), lambda s, v, at: preparation.override(s, v, at.bedside)),
    c.AnswerItem: _Rule(_OPEN, _item),
    c.StartSession: _Rule((Stage.OPENED,), lambda s, v, at: preparation.start(s, at.bedside)),
    c.EndSession: _Rule(_OPEN, _end),
    c.MarkDose: _Rule(_STARTED, _dose),
    c.MarkPhase: _Rule(_STARTED, _phase),
    c.AddNote: _Rule(_OPEN, _note),
    c.UndoNote: _Rule(_OPEN, _unnote),
    c.Undo: _Rule(_OPEN, lambda s, v, at: correction.undo(s, v, at.now_s)),
    c.Correct: _Rule(_OPEN, lambda s, v, at: correction.correct(s, v, at.now)),
    c.TypePressure: _Rule(_OPEN, lambda s, v, at: typed.pressure(v, at.now)),
    c.TypeOximetry: _Rule(_OPEN, lambda s, v, at: typed.oximetry(v, at.now)),
    c.SkipPressure: _Rule(_STARTED, _skip),
    c.LookIn: _Rule(_OPEN, lambda s, v, at: [e.LookedIn()]),
    c.RecordResponse: _Rule(_OPEN, lambda s, v, at: [e.ResponseRecorded(v.answer)]),
    c.RecordBreaths: _Rule(_OPEN, _breaths),
    c.TapHappening: _Rule(_OPEN, _tap),
    c.HelpUp: _Rule(_STARTED, _help_up),
    c.BeginHandOver: _Rule(_OPEN, lambda s, v, at: hand_over.begin(s, at.now_s)),
    c.HandOver: _Rule(_OPEN, lambda s, v, at: hand_over.finish(s, v, at.now_s, at.bedside)),
    c.BeginStanding: _Rule(_STARTED, lambda s, v, at: standing.begin(s, at.bedside)),
    c.AnswerStand: _Rule(_STARTED, lambda s, v, at: standing.answer(s, v, at.bedside)),
    c.MarkReady: _Rule(_STARTED, lambda s, v, at: standing.ready(s, at.bedside)),
    c.Release: _Rule(_STARTED, lambda s, v, at: standing.release(s)),
    c.GivePage: _Rule(_STARTED, lambda s, v, at: aftercare.give(s, v)),
    c.ShareEntry: _Rule(_OPEN, lambda s, v, at: aftercare.share(s, v)),
    c.ShowEmergencyCard: _Rule(tuple(Stage), lambda s, v, at: [e.EmergencyCardShown()]),
    c.ReportCalled: _Rule(_OPEN, lambda s, v, at: [e.EmergencyCalled()]),
    c.HoldOpen: _Rule(_OPEN, lambda s, v, at: [e.PaneOpened("held key")]),
    c.ClosePane: _Rule(_OPEN, _close_pane),
}
