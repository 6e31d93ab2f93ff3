"""State is the fold of events; a command becomes events or a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import msgspec
import pytest

from devices.reading import Oximetry, Pressure, Quality, Stamp, Value
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.decision import SUPPRESSING, Ask, Refused, Typed, Why, decide
from kiosk.session.events import Event, Severity
from kiosk.session.state import Stage, State

BASE_NS = 1_795_000_000 * 10**9
OPENED = e.SessionOpened("s", "demo", True, 1, "p", "Robin", "Sam", "0", 0, "", "", "", "", "K", "oral", None, ())


def at(t_s: float) -> Stamp:
    return Stamp(BASE_NS + int(t_s * 1e9), int(t_s * 1e9))


def fold(*rows: tuple[float, Event], state: State | None = None) -> State:
    state = state or State()
    for t_s, event in rows:
        state = state.apply(event, state.seq + 1, at(t_s), t_s)
    return state


OPEN = fold((0, OPENED))
STARTED = fold((10, e.SessionStarted()), state=OPEN)
ENDED = fold((100, e.SessionEnded("released")), state=STARTED)


def test_a_session_goes_from_opened_to_started_to_ended() -> None:
    assert [s.stage for s in (State(), OPEN, STARTED, ENDED)] == list(Stage)
    assert (STARTED.started_s, ENDED.ended_s, ENDED.ended_how) == (10, 100, "released")
    assert (OPEN.technical_armed_s, OPEN.values_armed_s) == (0, None)
    assert (STARTED.technical_armed_s, STARTED.values_armed_s) == (0, 10)
    assert (ENDED.technical_armed_s, ENDED.values_armed_s) == (None, None)


def test_each_stage_allows_only_its_own_commands() -> None:
    assert decide(OPEN, c.StartSession(), at(1)) == [e.SessionStarted()]
    assert decide(STARTED, c.StartSession(), at(1)) == Refused(Why.ALREADY_STARTED)
    assert decide(OPEN, c.MarkDose(), at(1)) == Refused(Why.NOT_STARTED)
    assert decide(State(), c.AddNote("hello"), at(1)) == Refused(Why.NOT_OPEN)
    assert decide(ENDED, c.LookIn(), at(1)) == Refused(Why.ENDED)
    assert decide(STARTED, c.EndSession("stopped"), at(1)) == [e.SessionEnded("stopped")]


def test_the_emergency_card_is_never_refused() -> None:
    for state in (State(), OPEN, STARTED, ENDED):
        assert decide(state, c.ShowEmergencyCard(), at(1)) == [e.EmergencyCardShown()]


def test_every_command_of_the_room_has_one_owner() -> None:
    pairing = {c.AnswerPairing, c.LeavePairing, c.PairAgain, c.ForgetBond}
    elsewhere = {*get_args(SUPPRESSING), c.OpenPane, c.ControlMusic, c.RestartLink, *pairing}
    plain = {c.StartSession, c.EndSession, c.MarkDose, c.TypeOximetry, c.LookIn, c.ShowEmergencyCard, c.ReportCalled}
    for command in {*elsewhere, *plain, c.HoldOpen, c.ClosePane, *EXAMPLES}:
        made = msgspec.convert(EXAMPLES.get(command, {}), command)
        is_elsewhere = decide(STARTED, made, at(20), {"peak": "Peak"}) == Refused(Why.NOT_HERE)
        assert is_elsewhere == (command in elsewhere), command


EXAMPLES: dict[type, dict[str, object]] = {
    c.Acknowledge: {"alarm": "x"},
    c.AnswerStep: {"alarm": "x", "step": "y", "answer": "z"},
    c.CloseAlarm: {"alarm": "x"},
    c.AddNote: {"text": "x"},
    c.UndoNote: {"seq": 1},
    c.TypePressure: {"systolic": 120, "diastolic": 80},
    c.MarkPhase: {"phase": "peak"},
    c.RecordResponse: {"answer": "touch"},
    c.RecordBreaths: {"count": 6, "seconds": 30},
    c.OpenPane: {"untrusted_pin": "1"},
    c.ControlMusic: {"action": "play"},
    c.RestartLink: {"device": "x"},
    c.AnswerPairing: {"device": "x", "question": 1, "answer": "yes"},
    c.LeavePairing: {"device": "x"},
    c.PairAgain: {"device": "x"},
    c.ForgetBond: {"device": "x"},
}


def test_a_second_dose_is_refused() -> None:
    dosed = fold((20, e.DoseMarked(at(20).utc_ns)), state=STARTED)
    assert decide(STARTED, c.MarkDose(), at(20)) == [e.DoseMarked(at(20).utc_ns)]
    assert decide(dosed, c.MarkDose(), at(30)) == Refused(Why.SECOND_DOSE)


def test_a_dose_marked_late_counts_from_when_it_was_taken() -> None:
    said = decide(STARTED, c.MarkDose(at(15).utc_ns), at(75))
    assert said == [e.DoseMarked(at(15).utc_ns)]
    dosed = fold((75, e.DoseMarked(at(15).utc_ns)), state=STARTED)
    assert dosed.dose is not None
    assert dosed.dose.t_s == 15


def test_a_time_that_cannot_be_is_a_slip() -> None:
    assert decide(STARTED, c.MarkDose(at(1000).utc_ns), at(20)) == Refused(Why.IN_THE_FUTURE, "time")
    assert decide(STARTED, c.MarkDose(at(-13 * 3600).utc_ns), at(20)) == Refused(Why.TOO_LONG_AGO, "time")
    assert decide(STARTED, c.MarkDose(at(50).utc_ns), at(20)) == [e.DoseMarked(at(20).utc_ns)]  # minutes only


def test_phases_are_marked_by_the_plans_key() -> None:
    names = {"peak": "Peak"}
    assert decide(STARTED, c.MarkPhase("peak"), at(20), names) == [e.PhaseMarked("peak", "Peak")]
    assert decide(STARTED, c.MarkPhase("paek"), at(20), names) == Refused(Why.NO_SUCH_PHASE)


def test_a_note_is_withdrawn_once_and_stays() -> None:
    noted = fold((20, e.NoteAdded("hand moved")), state=STARTED)
    seq = noted.notes[0].seq
    assert decide(noted, c.UndoNote(seq), at(21)) == [e.NoteWithdrawn(seq)]
    undone = fold((21, e.NoteWithdrawn(seq)), state=noted)
    assert [(n.text, n.withdrawn) for n in undone.notes] == [("hand moved", True)]
    assert decide(undone, c.UndoNote(seq), at(22)) == Refused(Why.NO_SUCH_NOTE)
    assert decide(noted, c.UndoNote(999), at(22)) == Refused(Why.NO_SUCH_NOTE)
    assert decide(noted, c.AddNote("  "), at(22)) == Refused(Why.EMPTY, "text")


def test_a_typed_pressure_is_kept_as_typed() -> None:
    said = decide(STARTED, c.TypePressure(Decimal(138), Decimal(86), Decimal(72)), at(30))
    assert isinstance(said, Typed)
    assert isinstance(said.measurement, Pressure)
    assert said.measurement.systolic == Value(Decimal(138))
    assert said.measurement.mean.number is None  # never computed here
    assert (said.utc_ns, said.events) == (at(30).utc_ns, ())


def test_a_hardly_possible_value_is_asked_back_once() -> None:
    typed = c.TypePressure(Decimal(230), Decimal(86))
    assert decide(STARTED, typed, at(30)) == Ask("systolic", Decimal(230), Decimal(80), Decimal(200))
    assert isinstance(decide(STARTED, msgspec.structs.replace(typed, confirmed=True), at(30)), Typed)
    assert decide(STARTED, c.TypeOximetry(spo2=Decimal(65)), at(30)) == Ask(
        "spo2", Decimal(65), Decimal(70), Decimal(100)
    )


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (c.TypePressure(Decimal(1386), Decimal(86), confirmed=True), "systolic"),
        (c.TypePressure(Decimal(86), Decimal(138), confirmed=True), "diastolic"),
        (c.TypePressure(Decimal("NaN"), Decimal(86), confirmed=True), "systolic"),
        (c.TypePressure(Decimal(138), Decimal(86), Decimal(0), confirmed=True), "pulse"),
        (c.TypeOximetry(spo2=Decimal(101), confirmed=True), "spo2"),
        (c.RecordBreaths(-1, 30), "breaths"),
        (c.RecordBreaths(4, float("nan")), "breaths"),
    ],
)
def test_an_impossible_value_is_refused_even_if_confirmed(command: c.Command, field: str) -> None:
    assert decide(STARTED, command, at(30)) == Refused(Why.IMPOSSIBLE, field)


def test_what_was_not_typed_stays_unknown() -> None:
    said = decide(STARTED, c.TypeOximetry(spo2=Decimal(96)), at(30))
    assert isinstance(said, Typed)
    assert isinstance(said.measurement, Oximetry)
    assert said.measurement.pulse == Value(None, Quality.INVALID, ("not typed",))
    assert decide(STARTED, c.TypeOximetry(), at(30)) == Refused(Why.EMPTY, "spo2")


def test_a_correction_withdraws_the_value_it_replaces() -> None:
    said = decide(STARTED, c.TypePressure(Decimal(128), Decimal(86), corrects=17), at(30))
    assert isinstance(said, Typed)
    assert said.events == (e.ValueWithdrawn(17),)
    assert said.replaces == 17
    assert fold((30, e.ValueWithdrawn(17)), state=STARTED).withdrawn_readings == {17}


def test_the_pane_stays_while_anything_stands() -> None:
    low = fold((20, e.AlarmRaised("spo2_low", Severity.HIGH)), state=STARTED)
    latched = fold((30, e.AlarmCleared("spo2_low")), state=low)
    paused = fold((30, e.SoundsPaused(60)), state=STARTED)
    called = fold((30, e.SitterCalled("key")), state=STARTED)
    for state in (low, latched, paused, called):
        assert decide(state, c.ClosePane(), at(40)) == Refused(Why.SOMETHING_STANDS)
    assert decide(STARTED, c.ClosePane(), at(40)) == [e.PaneClosed()]


def test_the_panels_answers_belong_to_one_occurrence() -> None:
    low = fold(
        (20, e.AlarmRaised("no_signal", Severity.MEDIUM)), (22, e.StepAnswered("no_signal", "look", "1")), state=STARTED
    )
    better_name = fold((25, e.AlarmRaised("device_lost", Severity.MEDIUM, "", {"follows": "no_signal"})), state=low)
    assert [a.step for a in better_name.answers_to("device_lost")] == ["look"]
    again = fold((40, e.AlarmRaised("no_signal", Severity.MEDIUM)), state=low)
    assert again.answers_to("no_signal") == ()


def test_links_keep_what_is_known_of_each_device() -> None:
    state = fold(
        (1, e.DeviceChosen("ox", "oximeter", "PLX", "plx")),
        (2, e.LinkMoved("ox", "streaming")),
        (3, e.BatteryReported("ox", 55)),
        (4, e.LinkMoved("stranger", "lost")),
        (5, e.AdapterMoved("off")),
        state=OPEN,
    )
    assert state.roles == {"ox": "oximeter"}
    assert (state.links["ox"].state, state.links["ox"].battery_percent, state.adapter) == ("streaming", 55, "off")


def test_the_call_is_signalled_only_after_it_is() -> None:
    called = fold((20, e.SitterCalled("touch")), state=STARTED)
    assert (called.standing.call, called.call_signalled) == ("calling", False)
    coming = fold((21, e.CallSignalled()), (22, e.CallAnswered()), state=called)
    assert (coming.standing.call, coming.call_signalled) == ("coming", True)
    over = fold((23, e.CallEnded()), state=coming)
    assert (over.standing.call, over.call_signalled) == ("", False)
    again = fold((24, e.SitterCalled("touch")), state=coming)
    assert (again.standing.call, again.call_signalled) == ("calling", False)
