"""What the screen is told: the most urgent wins, nothing unknown is called well, limits show who set them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.desk import Desk
from kiosk.line.screen import View
from kiosk.planfile import read_plan
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.view import Facts, Scene, compose

OXIMETER, CUFF = "f1:01", "f2:02"
UTC = 1_796_000_000 * 10**9


class Session:
    """A session told second by second, seen as the screen sees it."""

    def __init__(self) -> None:
        self.desk = Desk(read_plan("").plan, {OXIMETER: "oximeter", CUFF: "cuff"}, 0)
        self.seq = 0
        self.note_all(self.desk.alarms.arm_technical(0.0), 0.0)

    def note_all(self, events: list[e.Event], t_s: float) -> None:
        for event in events:
            self.seq += 1
            self.desk.tell(event, self.seq, stamp(t_s), t_s, "")

    def start(self, t_s: float = 1.0) -> None:
        self.note_all([e.SessionStarted()], t_s)
        self.note_all(self.desk.alarms.arm_values(t_s), t_s)

    def oxygen(self, *values: str | None, at: float) -> None:
        for i, spo2 in enumerate(values):
            t_s = at + i
            value = Value(Decimal(spo2)) if spo2 else Value(None, Quality.INVALID, ("finger off",))
            self.take(Reading(OXIMETER, stamp(t_s), Oximetry(value, Value(Decimal(70)))), t_s)
            self.note_all(self.desk.alarms.tick(t_s), t_s)

    def typed(self, spo2: str, at: float) -> None:
        measured = Oximetry(Value(Decimal(spo2)), Value(Decimal(70)))
        self.take(Reading("typed", stamp(at), measured, source=Source.TYPED), at)

    def pressure(self, systolic: str, diastolic: str, at: float) -> None:
        none = Value(None, Quality.INVALID)
        measured = Pressure(Value(Decimal(systolic)), Value(Decimal(diastolic)), none)
        self.take(Reading(CUFF, stamp(at), measured, source=Source.DEVICE), at)

    def take(self, reading: Reading, t_s: float) -> None:
        events = self.desk.alarms.take(reading, t_s)
        self.seq += 1
        self.desk.show(reading, t_s, self.seq)
        self.note_all(events, t_s)

    def view(self, t_s: float, **facts: Any) -> View:
        self.note_all(self.desk.alarms.tick(t_s), t_s)
        d = self.desk
        return compose(
            Scene(
                plan=d.plan, state=d.state, signal=d.alarms.signal(t_s), latest=d.latest, story=d.story,
                facts=Facts(**facts), now_utc_ns=UTC + round(t_s * 1e9), t_s=t_s, offset_min=0,
            )
        )  # fmt: skip


def stamp(t_s: float) -> Stamp:
    return Stamp(UTC + round(t_s * 1e9), round(t_s * 1e9))


@pytest.fixture
def session() -> Session:
    return Session()


def test_calm_says_no_alarms_and_whose_limits(session: Session) -> None:
    session.start()
    session.oxygen("97", at=2)
    session.pressure("120", "80", at=2)
    said = session.view(3).sentence
    assert (said.kind, said.title) == ("calm", "No alarms.")
    assert said.detail == "All three values are inside Dr. Okafor's limits."


def test_until_the_dose_is_marked_the_sentence_offers_it(session: Session) -> None:
    session.start()
    session.oxygen("97", at=2)
    said = session.view(3).sentence
    assert [(b.label, b.key, b.opens) for b in said.buttons] == [("Mark the dose", "D", "dose")]
    session.note_all([e.DoseMarked(UTC)], 4)
    assert session.view(5).sentence.buttons == ()


def test_a_value_beyond_its_limit_is_named_while_its_alarm_still_waits(session: Session) -> None:
    session.start()
    session.oxygen("97", "88", at=2)
    assert session.view(4).sentence.detail == "SpO2 88 is below 90 now."


def test_values_that_are_not_live_are_not_inside_any_limit(session: Session) -> None:
    session.start()
    session.oxygen(None, at=2)
    assert "inside" not in session.view(3).sentence.detail


def test_a_low_value_fills_the_banner_the_tile_and_the_panel(session: Session) -> None:
    session.start()
    session.oxygen(*["86"] * 17, at=2)
    view = session.view(19)
    assert view.sentence.kind == "high"
    assert view.sentence.title == "Oxygen is low: 86"
    assert "Dr. Okafor, 3 Nov 2026" in view.sentence.detail
    assert view.spo2.severity == "high"
    assert view.pulse.severity == "none"
    assert view.panel is not None
    assert view.panel.say == "Check the finger probe."
    assert [b.command for b in view.sentence.buttons] == [c.Acknowledge("spo2_low"), c.PauseSounds(120)]


def test_an_answer_moves_the_panel_one_step_and_never_by_itself(session: Session) -> None:
    session.start()
    session.oxygen(*["86"] * 17, at=2)
    first = session.view(19).panel
    assert first is not None
    command = first.buttons[0].command
    assert isinstance(command, c.AnswerStep)
    session.note_all(session.desk.alarms.answer_step(command.alarm, command.step, command.answer, 20), 20)
    moved = session.view(21).panel
    assert moved is not None
    assert moved.say == "Say “Robin!” loudly."
    assert [s.state for s in moved.steps][:2] == ["done", "now"]


def test_an_answered_alarm_stays_on_the_screen_with_what_breaks_the_silence(session: Session) -> None:
    session.start()
    session.oxygen(*["86"] * 17, at=2)
    session.note_all(session.desk.alarms.acknowledge("spo2_low", 19), 19)
    view = session.view(20)
    assert view.sentence.kind == "high"
    assert view.sentence.answered
    assert (view.spo2.severity, view.spo2.answered) == ("high", True)
    assert view.sentence.held == ("You are on it, 00:53", "Below 85 sounds again")
    assert [s.name for s in view.silences] == ["Oxygen is low"]


def test_a_pause_can_be_ended_whatever_the_sentence_says(session: Session) -> None:
    session.start()
    session.oxygen(*["86"] * 17, at=2)
    session.note_all(session.desk.alarms.acknowledge("spo2_low", 19), 19)
    session.note_all(session.desk.alarms.pause(120, 19), 19)
    session.oxygen(*["97"] * 9, at=20)
    latched = session.view(29).sentence
    assert latched.latched
    assert [b.command for b in latched.buttons] == [c.CloseAlarm("spo2_low"), c.ResumeSounds()]
    session.note_all(session.desk.alarms.close("spo2_low", 30), 30)
    calm = session.view(31).sentence
    assert calm.kind == "calm"
    assert calm.buttons[-1].command == c.ResumeSounds()


def test_a_low_typed_value_fills_the_tile_and_a_better_one_is_what_is_back(session: Session) -> None:
    session.start()
    session.typed("84", at=3)
    low = session.view(6, has_oximeter=False)
    assert low.sentence.title == "Oxygen is very low: 84"
    assert (low.spo2.state, low.spo2.last, low.spo2.severity) == ("off", "84", "high")
    session.note_all(session.desk.alarms.acknowledge("spo2_very_low", 7), 7)
    session.typed("95", at=8)
    back = session.view(14, has_oximeter=False)
    assert back.sentence.title == "Oxygen is back: 95"
    assert back.spo2.severity == "none"


def test_a_number_inside_its_limit_is_not_called_low_while_the_alarm_still_stands(session: Session) -> None:
    session.start()
    session.oxygen(*["86"] * 17, at=2)
    session.oxygen("91", at=19)
    said = session.view(20).sentence
    assert (said.kind, said.alarm, said.title) == ("high", "spo2_low", "Oxygen is coming back: 91")
    session.oxygen("89", at=21)
    assert session.view(22).sentence.title == "Oxygen is low: 89"
    session.oxygen(*["80"] * 3, at=23)
    session.oxygen("88", at=26)
    assert session.view(27).sentence.title == "Oxygen is very low: 88", "above 85 and still below 90"


def test_a_number_at_its_limit_is_not_said_to_be_below_it(session: Session) -> None:
    session.start()
    session.oxygen(*["84"] * 4, at=2)
    assert session.view(5).sentence.detail.startswith("SpO2 below 85 for 3 s.")
    session.oxygen("85", at=6)
    said = session.view(6).sentence
    assert said.alarm == "spo2_very_low"
    assert said.detail.startswith("SpO2 was below 85. Over when above 87 for 5 s.")


def test_a_gap_is_still_said_when_its_alarm_only_waits_to_be_seen(session: Session) -> None:
    session.start()
    session.note_all(session.desk.alarms.condition("monitoring_restarted", True, 2, {"gap_s": "17"}), 2)
    session.oxygen(*["97"] * 8, at=3)
    said = session.view(11).sentence
    assert said.latched
    assert said.title == "Monitoring restarted. 17 s are missing"


def test_a_call_is_shown_above_calm_and_answered_with_one_key(session: Session) -> None:
    session.start()
    session.oxygen("97", at=2)
    session.note_all(session.desk.alarms.call(3, "touch"), 3)
    view = session.view(3.1)
    assert view.sentence.kind == "call"
    assert view.rest.state == "calling"
    assert view.alarm_over_rest
    session.note_all(session.desk.alarms.answer_call(4), 4)
    assert session.view(4.1).rest.state == "coming"


def test_a_call_that_is_not_confirmed_tells_the_patient_to_call_aloud(session: Session) -> None:
    session.note_all(session.desk.alarms.call(3, "touch"), 3)
    assert session.view(4.5, call_unconfirmed=True).rest.state == "aloud"


def test_a_lost_signal_takes_the_numbers_away(session: Session) -> None:
    session.start()
    session.oxygen("96", at=2)
    view = session.view(30)
    assert view.sentence.kind == "medium"
    assert view.sentence.title == "No oxygen signal for 28 s"
    assert (view.spo2.state, view.spo2.number, view.spo2.last) == ("gone", "", "96")


def test_unconfirmed_and_simulated_are_always_said(session: Session) -> None:
    assert session.view(1, simulated=True).tags == ("Simulated", "Example limits")
    assert session.view(1).tags == ("Limits not confirmed by a provider",)


def test_trouble_of_the_program_itself_is_loud_on_the_strip(session: Session) -> None:
    chips = session.view(1, recording_trouble="disk full", sound_trouble="muted").chips
    assert [(chip.text, chip.loud) for chip in chips] == [("Not recording", True), ("No alarm sound", True)]


def test_a_computer_that_runs_on_its_battery_says_so_loudly(session: Session) -> None:
    chips = [session.view(1, battery_percent=62, on_battery=on).chips for on in (False, True)]
    assert [(chip.text, chip.loud) for row in chips for chip in row if "62" in chip.text] == [
        ("62 %", False),
        ("On battery, 62 %", True),
    ]


def test_the_card_reads_out_only_numbers_that_are_live(session: Session) -> None:
    session.start()
    session.oxygen("86", at=2)
    assert session.view(3).card.now == ("Oxygen 86, pulse 70, at 00:53",)
    assert session.view(40).card.now == ("No live reading from the oximeter",)
    assert session.view(3).card.number == "911"


def test_every_limit_line_names_who_set_it(session: Session) -> None:
    lines = session.view(1).limits
    assert {line.plot for line in lines} == {"spo2", "pulse", "pressure"}
    assert all("Dr. Okafor" in line.author for line in lines)


def test_the_list_says_whether_a_known_provider_signed_the_limits(session: Session) -> None:
    assert session.view(1).plan_signature == ""
    session.note_all([e.PlanSignatureRead("1f0c4-aaaaa", True, "Dr. Okafor")], 1)
    assert session.view(1).plan_signature == "Signed by Dr. Okafor, unchanged."
    session.note_all([e.PlanSignatureRead("1f0c4-aaaaa")], 1)
    assert session.view(1).plan_signature == "Signed with an unknown key."


def test_a_locked_record_is_said_on_the_strip_and_can_be_unlocked(session: Session) -> None:
    session.start()
    view = session.view(3, recording_trouble="the key is locked", waits_for_key=True)
    assert view.chips[0].text == "Not recording: key locked"
    assert view.chips[0].loud
    assert view.acts[0].command == c.UnlockRecord("")
    session.note_all(session.desk.alarms.condition("not_recording", True, 4, {"reason": "the key is locked"}), 4)
    assert session.view(5, recording_trouble="x", waits_for_key=True).sentence.detail.startswith("Its key is locked")
    full = session.view(3, recording_trouble="disk full")
    assert full.chips[0].text == "Not recording"
    assert not any(isinstance(choice.command, c.UnlockRecord) for choice in full.acts)


def test_the_music_says_how_far_own_pieces_are_looked_into(session: Session) -> None:
    session.start()
    assert session.view(3).music.looking == ""
    assert session.view(3, music_looking=(12, 40)).music.looking == "New music: 12 of 40 looked into"
