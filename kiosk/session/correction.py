"""Undo within ten seconds, and correcting a time later: each a new event that names the one it is about.

Pure. Acts are what a person does with one key; they are kept with the state so that state can be folded anew
without one, or with another time. Nothing in the record is ever changed or removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from devices.reading import Stamp
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.events import Event
from kiosk.session.verdict import Decision, Refused, Why, instant

if TYPE_CHECKING:
    from kiosk.session.state import State

UNDO_FOR_S = 10.0
ACTS = (
    e.NoteAdded,
    e.LookedIn,
    e.DoseMarked,
    e.PhaseMarked,
    e.ResponseRecorded,
    e.BreathsCounted,
    e.HappeningTapped,
    e.HelpUpBegan,
    e.PressureSkipped,
)


class Act(msgspec.Struct, frozen=True):
    """One act. t_s, utc_ns: when it happened, as corrected; done_s: when its row came. planned: the clock did it.

    dose_s: for what the clock did, where the dose stood then, so that it moves with a corrected dose.
    """

    seq: int
    t_s: float
    utc_ns: int
    done_s: float
    event: Event
    planned: bool = False
    dose_s: float | None = None
    withdrawn: bool = False


def act_of(event: Event, seq: int, stamp: Stamp, t_s: float, dose_s: float | None) -> Act | None:
    """The act that an event is, None for what is not one."""
    if not isinstance(event, ACTS):
        return None
    planned = isinstance(event, e.PhaseMarked) and event.planned
    at_utc_ns = event.at_utc_ns if isinstance(event, e.DoseMarked) else stamp.utc_ns
    happened_s = t_s - (stamp.utc_ns - at_utc_ns) / 1e9
    return Act(seq, happened_s, at_utc_ns, t_s, event, planned, dose_s if planned else None)


def withdrawn(acts: tuple[Act, ...], seq: int) -> tuple[Act, ...]:
    """Without that act; with the dose goes what the clock did because of it."""
    found = find(acts, seq)
    is_dose = found is not None and isinstance(found.event, e.DoseMarked)
    return tuple(
        msgspec.structs.replace(a, withdrawn=True) if a.seq == seq or (is_dose and a.planned) else a for a in acts
    )


def corrected(acts: tuple[Act, ...], event: e.EventCorrected, stamp: Stamp, t_s: float) -> tuple[Act, ...]:
    """With that act at its right time; with the dose moves what the clock did, and what is still to come goes."""
    found = find(acts, event.event_seq)
    if found is None:
        return acts
    at_s = t_s - (stamp.utc_ns - event.at_utc_ns) / 1e9
    moved = msgspec.structs.replace(found, t_s=at_s, utc_ns=event.at_utc_ns)
    if not isinstance(found.event, e.DoseMarked):
        return tuple(moved if a.seq == found.seq else a for a in acts)
    moved = msgspec.structs.replace(moved, event=e.DoseMarked(event.at_utc_ns))
    return tuple(moved if a.seq == found.seq else _with_dose(a, at_s, t_s) for a in acts)


def _with_dose(act: Act, dose_s: float, now_s: float) -> Act:
    if not act.planned or act.dose_s is None:
        return act
    by_s = dose_s - act.dose_s
    moved = msgspec.structs.replace(act, t_s=act.t_s + by_s, utc_ns=act.utc_ns + round(by_s * 1e9), dose_s=dose_s)
    return msgspec.structs.replace(moved, withdrawn=act.withdrawn or moved.t_s > now_s)


def find(acts: tuple[Act, ...], seq: int) -> Act | None:
    """The act of that row, if it still counts."""
    return next((a for a in acts if a.seq == seq and not a.withdrawn), None)


def in_order(acts: tuple[Act, ...]) -> list[Act]:
    """Acts that count, by when they happened."""
    return sorted((a for a in acts if not a.withdrawn), key=lambda a: (a.t_s, a.seq))


def can_be_undone(acts: tuple[Act, ...], now_s: float) -> Act | None:
    """The newest act of a person within its seconds, None if there is none."""
    mine = (a for a in reversed(acts) if not a.withdrawn and not a.planned)
    found = next(mine, None)
    return found if found is not None and now_s - found.done_s <= UNDO_FOR_S else None


def undo(state: State, command: c.Undo, now_s: float) -> Decision:
    """Take back a one-key act, ten seconds at most after it."""
    found = find(state.acts, command.seq)
    if found is None or found.planned:
        return Refused(Why.NO_SUCH_ACT)
    if now_s - found.done_s > UNDO_FOR_S:
        return Refused(Why.TOO_LATE_TO_UNDO)
    if isinstance(found.event, e.NoteAdded):
        return [e.NoteWithdrawn(command.seq)]
    ended: list[Event] = []
    if isinstance(found.event, e.HelpUpBegan) and state.help_up_until_s is not None:
        ended.append(e.HelpUpEnded("pressed"))
    return [*ended, e.EventWithdrawn(command.seq, _tag(found.event))]


def correct(state: State, command: c.Correct, now: Stamp) -> Decision:
    """Another time for an earlier act, with the sitter's reason."""
    found = find(state.acts, command.seq)
    if found is None:
        return Refused(Why.NO_SUCH_ACT)
    if not command.reason.strip():
        return Refused(Why.EMPTY, "reason")
    when = instant(command.utc_ns, now)
    if isinstance(when, Refused):
        return when
    return [e.EventCorrected(command.seq, when, command.reason.strip(), _tag(found.event))]


def _tag(event: Event) -> str:
    return str(type(event).__struct_config__.tag)
