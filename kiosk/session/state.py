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
from kiosk.session import correction
from kiosk.session import events as e
from kiosk.session.alarm.occurrence import Standing
from kiosk.session.answers import Answers
from kiosk.session.correction import Act
from kiosk.session.events import Event
from kiosk.session.fact import Answer, Dose, Link, Note, PhaseMark, Said
from kiosk.session.form import Form
from kiosk.session.happening import PREFIX, Happened, closed, newest_open
from kiosk.session.prepared import Prepared
from kiosk.session.standing import Ladder

__all__ = ["Answer", "Dose", "Link", "Note", "PhaseMark", "Said", "Stage", "State", "apply"]

replace = msgspec.structs.replace


class Stage(StrEnum):
    """Where a session is; only forward."""

    NONE = "none"
    OPENED = "opened"
    STARTED = "started"
    ENDED = "ended"


class State(msgspec.Struct, frozen=True):
    """Everything that is true of a session now. Times are session seconds, None: did not happen."""

    stage: Stage = Stage.NONE
    seq: int = 0
    t_s: float = 0.0
    opened: e.SessionOpened | None = None
    signature: e.PlanSignatureRead | None = None  # of the plan; None in a record of an older program
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
    music_paused: bool = False  # by a person
    music_steered: e.MusicSteered | None = None
    resumed: int = 0  # how many times the monitor came back
    plain: bool = False  # this session was begun by a plain restart
    sitter_name: str = ""
    prepared: Prepared = Prepared()
    ladder: Ladder = Ladder()
    page_given_utc_ns: int | None = None  # the patient has the page for the hours after
    acts: tuple[Act, ...] = ()
    happenings: tuple[Happened, ...] = ()
    help_up_until_s: float | None = None  # "up with help": finger-off and no-signal are suspended until then
    help_up_since_s: float | None = None
    hand_over_s: float | None = None  # a hand-over began and nobody took over yet
    skipped_min: frozenset[float] = frozenset()  # blood pressures of the plan, by their minute
    series: e.SeriesRead | None = None  # what was known of earlier sessions at the opening
    imported: tuple[Form, ...] = ()  # sets of questions from files, as they were at the opening
    scores: Answers = Answers()

    @property
    def happening(self) -> Happened | None:
        """The one whose guidance is shown."""
        return newest_open(self.happenings)

    @property
    def seen_s(self) -> float | None:
        """When somebody was last at the patient: looked in, checked the response, or counted breaths."""
        times = [x for x in (self.looked_in_s, *(s.t_s for s in (self.response, self.breaths) if s)) if x is not None]
        return max(times, default=None)

    @property
    def technical_armed_s(self) -> float | None:
        """Technical alarms: from the first event to the end."""
        return self.opened_s if self.stage in (Stage.OPENED, Stage.STARTED) else None

    @property
    def values_armed_s(self) -> float | None:
        """Value alarms: from the start to the end."""
        return self.started_s if self.stage is Stage.STARTED else None

    def doubted(self, role: str) -> Link | None:
        """The device of this role that a person has to look at, None where there is none."""
        return next((link for link in self.links.values() if link.role == role and link.doubt is not None), None)

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
        state = replace(
            self,
            seq=seq,
            t_s=t_s,
            standing=self.standing.apply(event, t_s),
            prepared=self.prepared.apply(event, seq, t_s, stamp.utc_ns),
            ladder=self.ladder.apply(event, t_s, stamp.utc_ns),
            scores=self.scores.apply(event, seq, stamp.utc_ns),
        )
        fold = _FOLDS.get(type(event))
        state = state if fold is None else fold(state, event, row)
        act = correction.act_of(event, seq, stamp, t_s, state.dose.t_s if state.dose else None)
        return state if act is None else replace(state, acts=(*state.acts, act))


def apply(state: State, event: Event, seq: int, stamp: Stamp, t_s: float) -> State:
    """The state after `event`, row `seq` of the record, at `t_s`."""
    return state.apply(event, seq, stamp, t_s)


class _Row(msgspec.Struct, frozen=True):
    seq: int
    stamp: Stamp
    t_s: float


def _opened(s: State, v: e.SessionOpened, r: _Row) -> State:
    return replace(
        s, stage=Stage.OPENED, opened=v, opened_s=r.t_s, opened_utc_ns=r.stamp.utc_ns, sitter_name=v.sitter_label
    )


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


def _is_paused(s: State, music: str) -> bool:
    """Failing and stopping are not what a person wished."""
    return music == "paused" if music in ("paused", "playing") else s.music_paused


def _noted(s: State, v: e.NoteAdded, r: _Row) -> State:
    return replace(s, notes=(*s.notes, Note(r.seq, r.t_s, v.text, v.preset)))


def _unnoted(s: State, v: e.NoteWithdrawn, r: _Row) -> State:
    return replace(
        s,
        notes=tuple(replace(n, withdrawn=True) if n.seq == v.note_seq else n for n in s.notes),
        acts=correction.withdrawn(s.acts, v.note_seq),
    )


def _undone(s: State, v: e.EventWithdrawn, r: _Row) -> State:
    return _refolded(replace(s, acts=correction.withdrawn(s.acts, v.event_seq)))


def _corrected(s: State, v: e.EventCorrected, r: _Row) -> State:
    return _refolded(replace(s, acts=correction.corrected(s.acts, v, r.stamp, r.t_s)))


def _refolded(s: State) -> State:
    """What acts alone decide, folded anew from those that count, each at its own time."""
    over = {h.seq: h.closed_s for h in s.happenings}
    s = replace(
        s, dose=None, phases=(), looked_in_s=None, response=None, breaths=None, happenings=(), skipped_min=frozenset()
    )
    for act in correction.in_order(s.acts):
        row = _Row(act.seq, Stamp(act.utc_ns, 0), act.t_s)
        if isinstance(act.event, e.NoteAdded):
            s = replace(s, notes=tuple(replace(n, t_s=act.t_s) if n.seq == act.seq else n for n in s.notes))
        elif not isinstance(act.event, e.HelpUpBegan):
            s = _FOLDS[type(act.event)](s, act.event, row)
    return replace(s, happenings=tuple(replace(h, closed_s=over.get(h.seq)) for h in s.happenings))


def _tapped(s: State, v: e.HappeningTapped, r: _Row) -> State:
    new = Happened(v.kind, r.seq, r.t_s, r.stamp.utc_ns)
    answers = tuple(a for a in s.answers if a.alarm != new.script)
    return replace(s, happenings=(*s.happenings, new), answers=answers)


def _helped(s: State, v: e.HelpUpBegan, r: _Row) -> State:
    return replace(s, help_up_until_s=r.t_s + v.seconds, help_up_since_s=r.t_s)


def _named(s: State, v: e.CheckAnswered, r: _Row) -> State:
    return replace(s, sitter_name=v.data.get("name", s.sitter_name)) if v.check == "sitter" and v.passed else s


def _raised(s: State, v: e.AlarmRaised, r: _Row) -> State:
    """A new occurrence begins its script at the first step, but not when it only got a better name."""
    follows = v.data.get("follows", "")
    moved = (replace(a, alarm=v.alarm) if follows and a.alarm == follows else a for a in s.answers)
    return replace(s, answers=tuple(a for a in moved if follows or a.alarm != v.alarm))


def _step(s: State, v: e.StepAnswered, r: _Row) -> State:
    if v.alarm.startswith(PREFIX) and v.answer == "over":
        s = replace(s, happenings=closed(s.happenings, v.alarm, r.t_s))
    return replace(s, answers=(*s.answers, Answer(v.alarm, v.step, v.answer, r.t_s)))


def _counted(s: State, v: e.BreathsCounted, r: _Row) -> State:
    return replace(s, breaths=Said(f"{v.count} in {v.seconds:g} s", r.t_s, r.stamp.utc_ns))


_FOLDS: dict[type[Event], Callable[[State, Any, _Row], State]] = {
    e.SessionOpened: _opened,
    e.PlanSignatureRead: lambda s, v, r: replace(s, signature=v),
    e.RunAnchored: lambda s, v, r: replace(s, plain=s.plain or v.plain),
    e.RunResumed: lambda s, v, r: replace(s, resumed=s.resumed + 1),
    e.SessionStarted: _started,
    e.SessionEnded: _ended,
    e.DoseMarked: _dosed,
    e.PhaseMarked: _phase,
    e.DeviceChosen: _chosen,
    e.LinkMoved: lambda s, v, r: _link(s, v.device, state=v.state, detail=v.detail),
    e.DeviceIdentified: lambda s, v, r: _link(s, v.device, known_by=v.known_by),
    e.DeviceRecognised: lambda s, v, r: _link(s, v.device, doubt=None),
    e.DeviceDoubted: lambda s, v, r: _link(s, v.device, doubt=v),
    e.DeviceConfirmed: lambda s, v, r: _link(s, v.device, doubt=None),
    e.PairingAsked: lambda s, v, r: _link(s, v.device, pairing=""),
    e.Paired: lambda s, v, r: _link(s, v.device, pairing=""),
    e.PairingFailed: lambda s, v, r: _link(s, v.device, pairing=v.why),
    e.BondForgotten: lambda s, v, r: _link(s, v.device, pairing=""),
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
    e.MusicChanged: lambda s, v, r: replace(s, music=v, music_paused=_is_paused(s, v.state)),
    e.MusicSteered: lambda s, v, r: replace(s, music_steered=v),
    e.EventWithdrawn: _undone,
    e.EventCorrected: _corrected,
    e.HappeningTapped: _tapped,
    e.HelpUpBegan: _helped,
    e.HelpUpEnded: lambda s, v, r: replace(s, help_up_until_s=None, help_up_since_s=None),
    e.CheckAnswered: _named,
    e.HandOverBegan: lambda s, v, r: replace(s, hand_over_s=r.t_s),
    e.SitterChanged: lambda s, v, r: replace(s, sitter_name=v.name, hand_over_s=None),
    e.PageGiven: lambda s, v, r: replace(s, page_given_utc_ns=r.stamp.utc_ns),
    e.SeriesRead: lambda s, v, r: replace(s, series=v),
    e.QuestionnaireRead: lambda s, v, r: replace(s, imported=(*s.imported, v.questions)),
    e.PressureSkipped: lambda s, v, r: replace(s, skipped_min=s.skipped_min | {v.at_min}),
}
