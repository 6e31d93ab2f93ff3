"""The session's state: the fold of its events, and nothing else. Nobody keeps a second copy.

Pure; the monitor folds each event as it is accepted, review and resume fold the record. It never reads a clock:
`stamp` and `t_s` (seconds since the session's first event) come with each row.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from devices.reading import Stamp
from kiosk.session import events as e
from kiosk.session.alarm.occurrence import Standing
from kiosk.session.events import Event

replace = msgspec.structs.replace


class Stage(StrEnum):
    """Where a session is; only forward."""

    NONE = "none"
    OPENED = "opened"
    STARTED = "started"
    ENDED = "ended"


class Note(msgspec.Struct, frozen=True):
    """A note; withdrawn ones stay in the record."""

    seq: int
    t_s: float
    text: str
    preset: str = ""
    withdrawn: bool = False


class PhaseMark(msgspec.Struct, frozen=True):
    """A phase that began; planned: the plan's clock moved it."""

    key: str
    name: str
    t_s: float
    planned: bool


class Dose(msgspec.Struct, frozen=True):
    """When the dose was taken, on both scales."""

    at_utc_ns: int
    t_s: float
    seq: int


class Answer(msgspec.Struct, frozen=True):
    """An answer in the action panel, of the alarm's present occurrence."""

    alarm: str
    step: str
    answer: str
    t_s: float


class Said(msgspec.Struct, frozen=True):
    """The newest response check or breath count: what and when."""

    text: str
    t_s: float
    utc_ns: int


class Link(msgspec.Struct, frozen=True):
    """A chosen device and what is known of it."""

    device: str
    role: str
    name: str
    driver: str
    state: str = "searching"
    detail: str = ""
    battery_percent: int | None = None


class State(msgspec.Struct, frozen=True):
    """Everything that is true of a session now. Times are session seconds, None: did not happen."""

    stage: Stage = Stage.NONE
    seq: int = 0
    t_s: float = 0.0
    opened: e.SessionOpened | None = None
    opened_s: float = 0.0
    opened_utc_ns: int = 0
    started_s: float | None = None
    ended_s: float | None = None
    ended_how: str = ""
    dose: Dose | None = None
    phases: tuple[PhaseMark, ...] = ()
    links: dict[str, Link] = {}
    adapter: str = ""
    standing: Standing = Standing()
    notes: tuple[Note, ...] = ()
    withdrawn_readings: frozenset[int] = frozenset()
    looked_in_s: float | None = None
    response: Said | None = None
    breaths: Said | None = None
    answers: tuple[Answer, ...] = ()
    card_shown_s: float | None = None
    called_utc_ns: int | None = None  # the emergency number
    call_signalled: bool = False  # banner and tone of the patient's call are under way
    pane_open: bool = False
    music: e.MusicChanged | None = None
    resumed: int = 0  # how many times the monitor came back

    @property
    def technical_armed_s(self) -> float | None:
        """Technical alarms: from the first event to the end."""
        return self.opened_s if self.stage in (Stage.OPENED, Stage.STARTED) else None

    @property
    def values_armed_s(self) -> float | None:
        """Value alarms: from the start to the end."""
        return self.started_s if self.stage is Stage.STARTED else None

    @property
    def roles(self) -> dict[str, str]:
        """Device key -> role."""
        return {link.device: link.role for link in self.links.values()}

    def answers_to(self, alarm: str) -> tuple[Answer, ...]:
        """What the sitter answered in the panel since this alarm was raised."""
        return tuple(answer for answer in self.answers if answer.alarm == alarm)

    def note(self, seq: int) -> Note | None:
        """The note with that seq."""
        return next((note for note in self.notes if note.seq == seq), None)

    def apply(self, event: Event, seq: int, stamp: Stamp, t_s: float) -> State:
        """The state after `event`, row `seq` of the record, at `t_s`."""
        row = _Row(seq, stamp, t_s)
        state = replace(self, seq=seq, t_s=t_s, standing=self.standing.apply(event, t_s))
        fold = _FOLDS.get(type(event))
        return state if fold is None else fold(state, event, row)


def apply(state: State, event: Event, seq: int, stamp: Stamp, t_s: float) -> State:
    """The state after `event`, row `seq` of the record, at `t_s`."""
    return state.apply(event, seq, stamp, t_s)


class _Row(msgspec.Struct, frozen=True):
    seq: int
    stamp: Stamp
    t_s: float


def _opened(s: State, v: e.SessionOpened, r: _Row) -> State:
    return replace(s, stage=Stage.OPENED, opened=v, opened_s=r.t_s, opened_utc_ns=r.stamp.utc_ns)


def _started(s: State, v: e.SessionStarted, r: _Row) -> State:
    return replace(s, stage=Stage.STARTED, started_s=r.t_s)


def _ended(s: State, v: e.SessionEnded, r: _Row) -> State:
    return replace(s, stage=Stage.ENDED, ended_s=r.t_s, ended_how=v.how)


def _dosed(s: State, v: e.DoseMarked, r: _Row) -> State:
    return replace(s, dose=Dose(v.at_utc_ns, r.t_s - (r.stamp.utc_ns - v.at_utc_ns) / 1e9, r.seq))


def _phase(s: State, v: e.PhaseMarked, r: _Row) -> State:
    return replace(s, phases=(*s.phases, PhaseMark(v.phase, v.name, r.t_s, v.planned)))


def _chosen(s: State, v: e.DeviceChosen, r: _Row) -> State:
    return replace(s, links={**s.links, v.device: Link(v.device, v.role, v.name, v.driver)})


def _link(s: State, device: str, **fields: Any) -> State:
    found = s.links.get(device)
    return s if found is None else replace(s, links={**s.links, device: replace(found, **fields)})


def _noted(s: State, v: e.NoteAdded, r: _Row) -> State:
    return replace(s, notes=(*s.notes, Note(r.seq, r.t_s, v.text, v.preset)))


def _unnoted(s: State, v: e.NoteWithdrawn, r: _Row) -> State:
    return replace(s, notes=tuple(replace(n, withdrawn=True) if n.seq == v.note_seq else n for n in s.notes))


def _raised(s: State, v: e.AlarmRaised, r: _Row) -> State:
    """A new occurrence begins its script at the first step, but not when it only got a better name."""
    follows = v.data.get("follows", "")
    moved = (replace(a, alarm=v.alarm) if follows and a.alarm == follows else a for a in s.answers)
    return replace(s, answers=tuple(a for a in moved if follows or a.alarm != v.alarm))


def _step(s: State, v: e.StepAnswered, r: _Row) -> State:
    return replace(s, answers=(*s.answers, Answer(v.alarm, v.step, v.answer, r.t_s)))


def _counted(s: State, v: e.BreathsCounted, r: _Row) -> State:
    return replace(s, breaths=Said(f"{v.count} in {v.seconds:g} s", r.t_s, r.stamp.utc_ns))


_FOLDS: dict[type[Event], Callable[[State, Any, _Row], State]] = {
    e.SessionOpened: _opened,
    e.RunResumed: lambda s, v, r: replace(s, resumed=s.resumed + 1),
    e.SessionStarted: _started,
    e.SessionEnded: _ended,
    e.DoseMarked: _dosed,
    e.PhaseMarked: _phase,
    e.DeviceChosen: _chosen,
    e.LinkMoved: lambda s, v, r: _link(s, v.device, state=v.state, detail=v.detail),
    e.BatteryReported: lambda s, v, r: _link(s, v.device, battery_percent=v.percent),
    e.AdapterMoved: lambda s, v, r: replace(s, adapter=v.state),
    e.AlarmRaised: _raised,
    e.StepAnswered: _step,
    e.SitterCalled: lambda s, v, r: replace(s, call_signalled=False),
    e.CallSignalled: lambda s, v, r: replace(s, call_signalled=True),
    e.CallEnded: lambda s, v, r: replace(s, call_signalled=False),
    e.NoteAdded: _noted,
    e.NoteWithdrawn: _unnoted,
    e.ValueWithdrawn: lambda s, v, r: replace(s, withdrawn_readings=s.withdrawn_readings | {v.reading_seq}),
    e.LookedIn: lambda s, v, r: replace(s, looked_in_s=r.t_s),
    e.ResponseRecorded: lambda s, v, r: replace(s, response=Said(v.answer, r.t_s, r.stamp.utc_ns)),
    e.BreathsCounted: _counted,
    e.EmergencyCardShown: lambda s, v, r: replace(s, card_shown_s=r.t_s),
    e.EmergencyCalled: lambda s, v, r: replace(s, called_utc_ns=r.stamp.utc_ns),
    e.PaneOpened: lambda s, v, r: replace(s, pane_open=True),
    e.PaneClosed: lambda s, v, r: replace(s, pane_open=False),
    e.MusicChanged: lambda s, v, r: replace(s, music=v),
}
