"""The alarms as the monitor's desk feeds them: corrections, restarts, what the sitter found, help, cuff and battery."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from devices.power import Battery
from devices.reading import (
    CuffPressure,
    LinkChanged,
    LinkState,
    Oximetry,
    Pressure,
    Quality,
    Reading,
    Source,
    Stamp,
    Value,
)
from kiosk.desk import Desk
from kiosk.line.screen import Answer
from kiosk.orders import Orders
from kiosk.planfile import read_plan
from kiosk.record.reader import Row
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session.events import Severity
from kiosk.view import Facts, Scene, compose

OX, OX2, CUFF = "f1:01", "f1:02", "f2:01"
UTC = 1_796_000_000 * 10**9
ROLES = {OX: "oximeter", CUFF: "cuff", OX2: "oximeter"}


def stamp(t_s: float) -> Stamp:
    return Stamp(UTC + round(t_s * 1e9), round(t_s * 1e9))


class Bedroom:
    """A desk with its rows kept, so that a second desk can fold them as a restarted monitor does."""

    def __init__(self) -> None:
        self.desk = Desk(read_plan("").plan, ROLES, 0)
        self.rows: list[Row] = []
        self.note([opened()], 0)
        self.note([e.DeviceChosen(d, role, "", "") for d, role in ROLES.items()], 0)
        self.note(self.desk.alarms.arm_technical(0), 0)

    def start(self) -> None:
        self.note([e.SessionStarted()], 1)
        self.note(self.desk.alarms.arm_values(1), 1)

    def note(self, events: list[Any], t_s: float) -> int:
        for event in events:
            self.rows.append(Row(len(self.rows) + 1, stamp(t_s), t_s, "event", event, "", 0))
            self.desk.tell(event, len(self.rows), stamp(t_s), t_s, "")
        return len(self.rows)

    def take(self, reading: Reading, t_s: float, replaces: int | None = None) -> int:
        events = self.desk.alarms.take(reading, t_s, self.desk.typed_utc_ns(replaces))
        self.rows.append(Row(len(self.rows) + 1, reading.stamp, t_s, "reading", reading, "", 0))
        seq = len(self.rows)
        self.desk.show(reading, t_s, seq)
        self.note(events, t_s)
        return seq

    def oxygen(self, spo2: int, t_s: float, device: str = OX) -> None:
        self.take(Reading(device, stamp(t_s), Oximetry(Value(Decimal(spo2)), Value(Decimal(70)))), t_s)

    def until(self, from_s: int, to_s: int, spo2: int = 97) -> None:
        for second in range(from_s, to_s):
            self.oxygen(spo2, second)
            self.tick(second)

    def tick(self, t_s: float) -> None:
        self.note(self.desk.planned(t_s), t_s)
        self.note(self.desk.alarms.tick(t_s), t_s)

    def standing(self, t_s: float) -> dict[str, Severity]:
        return {o.name: o.severity for o in self.desk.alarms.signal(t_s).occurrences if not o.latched}

    def restarted(self, t_s: float) -> Bedroom:
        other = Bedroom.__new__(Bedroom)
        other.desk, other.rows = Desk(read_plan("").plan, ROLES, 0), []
        for row in self.rows:
            other.desk.fold(row)
            other.rows.append(row)
        other.note(other.desk.resume_alarms(t_s), t_s)
        return other

    def view(self, t_s: float) -> Any:
        d = self.desk
        return compose(
            Scene(
                plan=d.plan, state=d.state, signal=d.alarms.signal(t_s), latest=d.latest, story=d.story,
                facts=Facts(), now_utc_ns=UTC + round(t_s * 1e9), t_s=t_s, offset_min=0,
            )
        )  # fmt: skip


def opened() -> e.SessionOpened:
    return e.SessionOpened("s", "demo", True, 1, "", "", "", "", 0, "", "", "", "", "", "", None, ())


def pressure(systolic: int, t_s: float) -> Reading:
    none = Value(None, Quality.INVALID)
    measured = Pressure(Value(Decimal(systolic)), Value(Decimal(80)), none)
    return Reading("typed", stamp(t_s), measured, source=Source.TYPED)


@pytest.fixture
def room() -> Bedroom:
    made = Bedroom()
    made.start()
    made.until(2, 30)
    return made


def test_a_typed_correction_takes_the_alarm_of_the_value_it_replaces_away(room: Bedroom) -> None:
    wrong = room.take(pressure(192, 29), 29)
    assert room.standing(29) == {"pressure_high": Severity.HIGH}
    room.note([e.ValueWithdrawn(wrong)], 30)
    room.take(pressure(129, 25), 30, replaces=wrong)
    assert room.standing(30) == {}


def test_orders_tell_the_alarms_which_value_a_correction_replaces(room: Bedroom) -> None:
    wrong = room.take(pressure(192, 29), 29)
    replaced: list[int | None] = []
    answers: list[Answer] = []

    def take_reading(reading: Reading, replaces_utc_ns: int | None = None) -> Any:
        replaced.append(replaces_utc_ns)
        return SimpleNamespace(seq=99)

    owner = SimpleNamespace(
        desk=room.desk,
        t_s=lambda _stamp=None: 30.0,
        now=lambda: stamp(30),
        note=lambda event: (None, stamp(30)),
        take_reading=take_reading,
    )
    stage = SimpleNamespace(owner=owner, history=lambda: None, crew=SimpleNamespace(to_screen=answers.append))

    async def obey() -> None:
        command = c.TypePressure(Decimal(129), Decimal(80), utc_ns=stamp(25).utc_ns, corrects=wrong)
        Orders(stage).obey(1, command)  # type: ignore[arg-type]

    asyncio.run(obey())
    assert replaced == [stamp(29).utc_ns]
    assert [a.state for a in answers] == ["saving"]


def test_a_corrected_oxygen_value_ends_its_alarm_however_long_ago_it_was_taken() -> None:
    room = Bedroom()
    room.start()
    for second in range(2, 200):
        room.tick(second)
    typed = Reading(
        "typed", stamp(199), Oximetry(Value(Decimal(79)), Value(None, Quality.INVALID)), source=Source.TYPED
    )
    wrong = room.take(typed, 199)
    assert "spo2_very_low" in room.standing(200)
    room.note([e.ValueWithdrawn(wrong)], 201)
    right = Oximetry(Value(Decimal(97)), Value(None, Quality.INVALID))
    room.take(Reading("typed", stamp(100), right, source=Source.TYPED), 201, replaces=wrong)
    room.tick(201)
    assert "spo2_very_low" not in room.standing(201)


def test_a_withdrawn_value_does_not_alarm_again_after_a_restart(room: Bedroom) -> None:
    wrong = room.take(pressure(192, 29), 29)
    room.note([e.ValueWithdrawn(wrong)], 30)
    room.take(pressure(129, 25), 30, replaces=wrong)
    again = room.restarted(31)
    assert again.standing(31) == {}
    again.take(pressure(185, 32), 32)
    assert again.standing(32) == {"pressure_high": Severity.HIGH}


def test_a_value_that_alarms_still_does_after_a_restart(room: Bedroom) -> None:
    room.take(pressure(192, 29), 29)
    assert room.restarted(31).standing(31) == {"pressure_high": Severity.HIGH}


def test_no_answer_in_time_is_a_condition_until_somebody_looks_and_survives_a_restart(room: Bedroom) -> None:
    room.until(30, 1 + 15 * 60 + 121)
    assert room.standing(1022) == {"look_in_due": Severity.MEDIUM}
    again = room.restarted(1022)
    assert again.standing(1022) == {"look_in_due": Severity.MEDIUM}
    again.note([e.LookedIn()], 1023)
    again.until(1023, 1025)
    assert again.standing(1025) == {}


def test_a_poor_answer_is_a_condition_and_taking_it_back_ends_it(room: Bedroom) -> None:
    seq = room.note([e.ResponseRecorded("not at all")], 30)
    room.until(30, 32)
    assert room.standing(32) == {"response_poor": Severity.HIGH}
    assert room.restarted(32).standing(32) == {"response_poor": Severity.HIGH}
    room.note([e.EventWithdrawn(seq)], 33)
    room.until(33, 35)
    assert room.standing(35) == {}


def test_a_count_that_is_too_short_hides_no_slow_breathing_before_it(room: Bedroom) -> None:
    room.note([e.BreathsCounted(3, 30.0)], 30)
    room.note([e.BreathsCounted(4, 12.0)], 31)
    room.until(31, 33)
    assert room.standing(33) == {"breaths_low": Severity.HIGH}


def test_up_with_help_is_listed_with_its_end_and_shows_how_to_end_it(room: Bedroom) -> None:
    room.note([e.HelpUpBegan(600)], 30)
    for second in range(30, 50):
        room.tick(second)
    view = room.view(50)
    assert room.standing(50) == {"no_signal": Severity.MEDIUM}
    assert room.desk.alarms.signal(50).severity is Severity.NONE
    assert view.sentence.held == ("Up with help", "Sounds again in 9 min 40 s")
    assert c.HelpUp(on=False) in [button.command for button in view.sentence.buttons]
    assert [silence.remaining_s for silence in view.silences] == [580]
    assert view.panel is None
    assert view.spo2.severity == "none"
    again = room.restarted(60)
    assert again.desk.alarms.signal(60).severity is Severity.NONE


def test_help_ends_by_a_signal_that_is_back_and_the_next_loss_alarms(room: Bedroom) -> None:
    room.note([e.HelpUpBegan(600)], 30)
    for second in range(30, 60):
        room.tick(second)
    room.until(60, 70)
    assert room.desk.alarms.signal(70).help_until_s is None
    for second in range(70, 90):
        room.tick(second)
    assert room.desk.alarms.signal(90).severity is Severity.MEDIUM


def squeeze(room: Bedroom, t_s: float) -> None:
    room.take(Reading(CUFF, stamp(t_s), CuffPressure(Value(Decimal(120)))), t_s)


def test_a_value_under_the_cuff_on_the_probes_arm_is_drawn_doubted_and_the_record_keeps_it(room: Bedroom) -> None:
    room.note([e.CheckAnswered("probe", "left", True), e.CheckAnswered("cuff", "left", True)], 30)
    room.until(30, 32)
    squeeze(room, 32)
    room.oxygen(84, 33)
    tile = room.view(33).spo2
    assert (tile.number, tile.questionable, tile.note) == ("84", True, "Cuff squeezes the probe's arm")
    assert room.desk.trace.points[-1].spo2_quality == "questionable"
    recorded = next(row.what for row in reversed(room.rows) if isinstance(row.what, Reading))
    assert recorded.measurement.spo2.quality is Quality.VALID
    assert room.restarted(34).desk.trace.points[-1].spo2_quality == "questionable"


def test_a_second_oximeter_is_neither_shown_nor_does_it_take_over_after_a_restart(room: Bedroom) -> None:
    room.oxygen(80, 30, OX2)
    assert room.view(30).spo2.number == "97"
    for second in range(30, 130):
        room.oxygen(99, second, OX2)
    again = room.restarted(130)
    assert again.view(130).spo2.number != "99"
    assert again.standing(130)["no_signal"] is Severity.HIGH


def linked(room: Bedroom, device: str, state: LinkState, t_s: float) -> None:
    room.note(room.desk.told_by(LinkChanged(device, stamp(t_s), state), t_s), t_s)


def test_a_cuff_that_refuses_us_is_missed_until_it_streams_and_one_that_hangs_up_never(room: Bedroom) -> None:
    linked(room, CUFF, LinkState.LOST, 30)
    linked(room, CUFF, LinkState.FINISHED, 31)
    assert room.standing(31) == {}
    linked(room, CUFF, LinkState.REFUSED, 32)
    assert room.standing(32) == {"cuff_lost": Severity.LOW}
    linked(room, CUFF, LinkState.SEARCHING, 33)
    linked(room, CUFF, LinkState.CONNECTING, 34)
    assert room.standing(34) == {"cuff_lost": Severity.LOW}
    linked(room, CUFF, LinkState.STREAMING, 35)
    assert room.standing(35) == {}


def silent_link(room: Bedroom, states: dict[int, str], from_s: int, to_s: int) -> None:
    """Time passes without a value; the oximeter's link goes to these states at these seconds."""
    for second in range(from_s, to_s):
        for state in states.get(second, "").split():
            linked(room, OX, LinkState(state), second)
        room.tick(second)


def test_a_silent_oximeter_is_out_of_reach_only_when_it_is_not_found_again(room: Bedroom) -> None:
    room.until(30, 31)
    silent_link(room, {41: "silent lost", 49: "searching", 50: "connecting", 52: "streaming"}, 31, 62)
    assert list(room.standing(61)) == ["no_signal"]
    silent_link(room, {62: "silent lost", 70: "searching"}, 62, 75)
    assert list(room.standing(74)) == ["no_signal"]
    silent_link(room, {}, 75, 76)
    assert list(room.standing(75)) == ["device_lost"]


def test_an_oximeter_whose_link_the_radio_lost_is_out_of_reach(room: Bedroom) -> None:
    room.until(30, 31)
    silent_link(room, {36: "lost", 37: "searching"}, 31, 47)
    assert list(room.standing(46)) == ["device_lost"]


def test_the_computers_battery_counts_only_when_it_is_not_plugged_in(room: Bedroom) -> None:
    room.note(room.desk.power(Battery(15, is_discharging=False), 30), 30)
    assert room.standing(30) == {}
    room.note(room.desk.power(Battery(15, is_discharging=True), 31), 31)
    assert room.standing(31) == {"laptop_battery": Severity.LOW}
    room.note(room.desk.power(Battery(10, is_discharging=True), 32), 32)
    assert room.standing(32) == {"laptop_battery": Severity.MEDIUM}
    room.note(room.desk.power(None, 33), 33)
    assert room.standing(33) == {}


def test_nobody_answering_the_call_is_first_on_the_screen_and_its_button_answers(room: Bedroom) -> None:
    room.note(room.desk.alarms.call(30, "touch"), 30)
    room.until(30, 61)
    view = room.view(61)
    assert view.sentence.title == "Robin calls. Nobody has answered"
    assert view.panel is not None
    assert view.panel.say == "Go to Robin now."
    room.note(room.desk.alarms.acknowledge("call_unanswered", 62), 62)
    assert room.desk.alarms.acknowledge("call_unanswered", 62) == []
    room.until(62, 63)
    assert room.standing(63) == {}
    assert room.desk.alarms.signal(63).call_state == "coming"
