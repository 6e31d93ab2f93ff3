"""What the screen is told of preparation, standing up and one-tap acts; the demo's sitter goes through it all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.desk import Desk
from kiosk.line.pane import TakeOver
from kiosk.line.prepare import CheckPage
from kiosk.line.screen import View
from kiosk.preparer import NOBODY_ASKED, Preparer, Unattended
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.session import schedule
from kiosk.session.check import TONES
from kiosk.session.decision import Refused, Typed, decide
from kiosk.session.prepared import LEVELS
from kiosk.text import sentence
from kiosk.view import Facts, Scene, compose
from tests.unit.kiosk.evening import BASE_NS, MIN, PLAN, opened

OXIMETER, CUFF = "f1:01", "f2:02"


class Bed:
    """A desk as the monitor keeps it, and the view of it; sounds are played at once."""

    def __init__(self, kind: str = "demo", plan: Any = PLAN) -> None:
        self.desk = Desk(plan, {OXIMETER: "oximeter", CUFF: "cuff"}, 0)
        self.seq, self.t_s = 0, 0.0
        self.texts: list[str] = []
        self.desk.begin(self.now)
        self.note(opened(kind))

    @property
    def now(self) -> Stamp:
        ns = round(self.t_s * 1e9)
        return Stamp(BASE_NS + ns, ns)

    def note(self, event: e.Event) -> None:
        self.seq += 1
        self.texts.append(sentence(event, self.desk.names))
        self.desk.tell(event, self.seq, self.now, self.t_s, self.texts[-1])

    def pass_to(self, t_s: float) -> None:
        self.t_s = t_s
        for event in self.desk.planned(t_s):
            self.note(event)

    def oxygen(self, spo2: str = "97", pulse: str = "70") -> None:
        self.show(Oximetry(Value(Decimal(spo2)), Value(Decimal(pulse))), OXIMETER)

    def pressure(self, systolic: str, diastolic: str, source: Source = Source.DEVICE) -> None:
        values = Value(Decimal(systolic)), Value(Decimal(diastolic)), Value(None, Quality.INVALID)
        self.show(Pressure(*values, Value(Decimal(70))), CUFF, source)
        self.pass_to(self.t_s)

    def show(self, measurement: Any, device: str, source: Source = Source.DEVICE) -> None:
        self.seq += 1
        self.desk.show(Reading(device, self.now, measurement, source=source), self.t_s, self.seq)

    def do(self, command: c.Command) -> Any:
        if isinstance(command, c.TestSound):
            self.note(e.SoundTested(LEVELS[command.severity], "sitter", 70, False))
            return None
        phases = schedule.phase_names(self.desk.plan)
        said = decide(self.desk.state, command, self.now, phases, self.desk.bedside(self.t_s))
        if isinstance(said, Typed):
            for event in said.events:
                self.note(event)
            self.show(said.measurement, "typed", Source.TYPED)
        elif isinstance(said, list):
            for event in said:
                self.note(event)
        self.pass_to(self.t_s)
        return said

    def view(self) -> View:
        d = self.desk
        return compose(
            Scene(
                plan=d.plan,
                state=d.state,
                signal=d.alarms.signal(self.t_s),
                latest=d.latest,
                story=d.story,
                facts=Facts(fingerprint="1f0c4-77a1b-03e9d-5520f-c3d18"),
                now_utc_ns=self.now.utc_ns,
                t_s=self.t_s,
                offset_min=0,
            )
        )

    def page(self, key: str) -> CheckPage:
        prepare = self.view().prepare
        assert prepare is not None
        return next(page for page in prepare.pages if page.key == key)


def prepared(bed: Bed | None = None) -> Bed:
    """The demo's sitter has gone through everything."""
    bed, sitter = bed or Bed(), Preparer(1.0)
    for second in range(1, 40):
        bed.pass_to(float(second))
        bed.oxygen()
        for command in sitter.see(bed.view()):
            assert not isinstance(bed.do(command), Refused), command  # type: ignore[arg-type]
        if bed.view().started:
            return bed
    raise AssertionError(bed.view().prepare)


def test_before_the_start_the_view_holds_every_check_and_what_is_missing() -> None:
    view = Bed().view()
    assert view.prepare is not None
    assert view.prepare.start is None
    assert view.prepare.missing.startswith("19 checks are missing: Robin lies here, ")
    assert view.sentence.buttons == ()
    assert view.prepare.pages[0].group == "Robin"
    assert all(
        page.state == "todo" for page in view.prepare.pages if page.key not in ("gap", "plan_confirmed", "series")
    )


def test_nothing_is_filled_in_before_a_person_typed_it() -> None:
    prepare = Bed().view().prepare
    assert prepare is not None
    assert all(field.value == "" for page in prepare.pages for field in page.fields)
    assert all(tile.value == "" for page in prepare.pages for tile in page.tiles)


def test_the_demos_sitter_passes_every_check_by_the_pages_own_buttons() -> None:
    bed = prepared()
    assert bed.desk.state.started_s is not None
    assert bed.t_s < 10
    assert bed.view().prepare is None
    assert set(bed.desk.state.prepared.heard) == set(TONES)
    assert bed.desk.state.prepared.overrides == {}


def test_the_first_pressure_fills_its_tile_and_the_second_waits() -> None:
    bed = Bed(plan=msgspec.structs.replace(PLAN, checks=msgspec.structs.replace(PLAN.checks, pressures_apart_s=60)))
    bed.pass_to(10)
    bed.pressure("128", "79")
    page = bed.page("pressures")
    assert (page.say, page.result) == ("Start the cuff again.", "First reading is below the hold.")
    assert [(t.label, t.value, t.detail) for t in page.tiles] == [
        ("First", "128/79", "20:00 · pulse 70"),
        ("Second", "", ""),
    ]
    assert ("shield-check", "140/90 or higher holds the start. Dr. Okafor, 3 Nov 2026") in page.notes


def test_after_the_second_pressure_nobody_is_told_to_start_the_cuff() -> None:
    bed = Bed(plan=msgspec.structs.replace(PLAN, checks=msgspec.structs.replace(PLAN.checks, pressures_apart_s=60)))
    for at_s in (10, 80):
        bed.pass_to(at_s)
        bed.pressure("128", "79")
    page = bed.page("pressures")
    assert (page.state, page.say) == ("passed", "Both pressures are taken.")
    assert [button.label for button in page.buttons] == ["Measure again"]
    bed.pass_to(90)
    bed.do(page.buttons[0].command)  # type: ignore[arg-type]
    assert bed.texts[-1] == "Blood pressure before the dose is taken again."
    assert (bed.page("pressures").state, bed.page("pressures").say) == ("todo", "Start the cuff.")


def test_a_check_says_why_the_plan_has_its_device() -> None:
    assert ("info", "Why the plan has it: hypertension") in Bed().page("pressures").notes


def test_a_pressure_out_of_the_cuffs_memory_fills_nothing() -> None:
    bed = Bed()
    bed.pass_to(10)
    bed.pressure("128", "79", Source.STORED)
    assert [tile.value for tile in bed.page("pressures").tiles] == ["", ""]


def test_a_held_start_counts_down_to_the_next_measurement() -> None:
    bed = Bed()
    bed.pass_to(10)
    bed.pressure("146", "92")
    bed.pass_to(70)
    page = bed.page("pressures")
    assert (page.state, page.say, page.hold_s) == ("failed", "Start is held: pressure 146/92.", 240)
    assert page.can_override
    bed.pass_to(310)
    assert bed.page("pressures").say == "Start the cuff."


def test_an_override_stands_written_out_with_reason_name_and_time() -> None:
    bed = Bed()
    bed.do(c.AnswerCheck("clear_liquids", "time", {"last_liquids": "19:05"}))
    page = bed.page("clear_liquids")
    assert (page.state, page.value, page.can_override) == ("failed", "last 19:05", True)
    assert page.result == "0.9 hours ago. That is too recent."
    bed.do(c.OverrideCheck("clear_liquids", "A sip with the tablet.", "Sam Rivera"))
    assert bed.page("clear_liquids").overridden == ("A sip with the tablet.", "Sam Rivera", "20:00")
    assert bed.texts[-1] == "OVERRIDDEN by Sam Rivera: No clear liquid. “A sip with the tablet.”"


def test_only_a_played_tone_can_be_called_heard() -> None:
    bed = Bed()
    assert isinstance(bed.page("sound").buttons[0].command, c.TestSound)
    bed.note(e.SoundTested(LEVELS["low"], "sitter", 5, False, "the output is too quiet"))
    assert isinstance(bed.page("sound").buttons[0].command, c.TestSound)
    bed.note(e.SoundTested(LEVELS["low"], "sitter", 70, False))
    assert bed.page("sound").buttons[0].command == c.AnswerCheck("sound", "heard", {"tone": "low"})


def test_a_session_from_the_command_line_invents_no_answer() -> None:
    bed, nobody = Bed("patient"), Unattended()
    for second in (1, 2, 3):
        bed.pass_to(float(second))
        for command in nobody.see(bed.view()):
            bed.do(command)  # type: ignore[arg-type]
    state = bed.desk.state
    assert state.started_s == 2
    assert state.prepared.answers == {}
    assert {(o.reason, o.by) for o in state.prepared.overrides.values()} == {(NOBODY_ASKED, "kiosk monitor")}
    assert state.dose is None


# --- during the session -----------------------------------------------------------------------------------------------


def test_the_newest_act_can_be_undone_for_ten_seconds() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    view = bed.view()
    assert view.undo_text.startswith("Robin took the dose at")
    assert view.undo_seq == bed.desk.state.dose.seq  # type: ignore[union-attr]
    bed.pass_to(bed.t_s + 11)
    assert (bed.view().undo_seq, bed.view().undo_text) == (0, "")


def test_a_dose_taken_back_leaves_the_chart() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    assert "dose" in [mark.shape for mark in bed.view().marks]
    bed.do(c.Undo(bed.view().undo_seq))
    assert "dose" not in [mark.shape for mark in bed.view().marks]
    assert bed.view().acts[0].command == c.MarkDose()


def test_a_happening_shows_its_guidance_until_it_is_over() -> None:
    bed = prepared()
    assert len(bed.view().happenings) == 10
    bed.do(c.TapHappening("vomiting"))
    view = bed.view()
    assert view.sentence.kind == "prompt"
    assert view.sentence.title == "Robin vomits."
    assert view.panel is not None
    assert view.panel.say == "Roll Robin onto one side."
    following = view.panel.buttons[0].command
    assert isinstance(following, c.AnswerStep)
    bed.note(e.StepAnswered(following.alarm, following.step, following.answer))
    panel = bed.view().panel
    assert panel is not None
    assert (panel.say, [s.state for s in panel.steps]) == ("Clear the mouth.", ["done", "now", "next"])
    bed.note(e.StepAnswered(following.alarm, "stay", "over"))
    assert bed.view().panel is None
    assert bed.view().sentence.kind == "calm"


def test_an_alarms_script_goes_before_a_happenings() -> None:
    bed = prepared()
    bed.do(c.TapHappening("vomiting"))
    bed.note(e.AlarmRaised("no_signal", e.Severity.MEDIUM))
    bed.desk.alarms.standing = bed.desk.state.standing
    panel = bed.view().panel
    assert panel is not None
    assert panel.say == "Look at Robin. Breathing?"


def test_a_due_look_is_a_quiet_prompt() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + 15 * MIN)
    said = bed.view().sentence
    assert (said.kind, said.title) == ("prompt", "Look at Robin now.")
    assert said.buttons[0].command == c.LookIn()
    bed.do(c.LookIn())
    assert bed.view().sentence.kind == "calm"


def test_up_with_help_is_a_listed_silence_with_its_rest() -> None:
    bed = prepared()
    bed.do(c.HelpUp(on=True))
    bed.pass_to(bed.t_s + 30)
    silence = bed.view().silences[-1]
    assert (silence.ends, silence.remaining_s) == ("9:30", 570)
    assert c.HelpUp(on=False) in [act.command for act in bed.view().acts]


def test_without_bluetooth_the_device_checks_say_what_to_try_and_can_be_gone_on_without() -> None:
    bed = Bed()
    assert bed.page("probe").trouble is None
    assert not bed.page("probe").can_override
    bed.note(e.AdapterMoved("missing", "org.bluez has no adapter"))
    trouble = bed.page("probe").trouble
    assert trouble is not None
    assert (trouble.title, len(trouble.tries)) == ("No Bluetooth found.", 3)
    assert bed.page("probe").can_override
    assert bed.page("baseline").trouble is None  # can be typed
    assert bed.page("baseline").tiles[0].detail == "No Bluetooth"
    bed.do(c.AnswerCheck("baseline", "typed", {"spo2": "97", "pulse": "66"}))
    assert "same_number" not in [page.key for page in bed.view().prepare.pages]  # type: ignore[union-attr]
    bed.note(e.AdapterMoved("on"))
    assert bed.page("probe").trouble is None


def test_without_bluetooth_the_tiles_say_why_and_show_what_was_typed_as_typed() -> None:
    bed = prepared()
    assert bed.view().spo2.unread == ""
    bed.note(e.AdapterMoved("off"))
    bed.pass_to(bed.t_s + 30)
    tile = bed.view().spo2
    assert (tile.state, tile.number, tile.unread) == ("gone", "", "Bluetooth is off")
    bed.do(c.TypeOximetry(Decimal(95), Decimal(71)))
    bed.pass_to(bed.t_s + 60)
    view = bed.view()
    assert [(t.number, t.last, t.note, t.age_s) for t in (view.spo2, view.pulse)] == [
        ("", "95", "typed", 60), ("", "71", "typed", 60),
    ]  # fmt: skip
    bed.note(e.AdapterMoved("on"))
    bed.oxygen("97")
    assert (bed.view().spo2.number, bed.view().spo2.unread) == ("97", "")


def test_after_a_hand_over_the_new_sitter_is_named() -> None:
    bed = prepared()
    assert bed.view().hand_over is None
    bed.do(c.BeginHandOver())
    assert bed.view().hand_over == TakeOver(False, "Play the tone: they must hear it themselves.")
    bed.note(e.SoundTested(3, "sitter", 5, False, "the output is too quiet"))
    assert bed.view().hand_over == TakeOver(False, "The tone was not heard: the output is too quiet.")
    bed.do(c.TestSound("high"))
    assert bed.view().hand_over == TakeOver(True, "Played on sitter, level 70 %.")
    bed.do(c.HandOver("Jo", ("present", "sober", "briefed", "sound")))
    assert bed.view().hand_over is None
    assert bed.texts[-1] == "Jo took over from Sam: present, sober, briefed, sound."
    bed.do(c.LookIn())
    assert bed.texts[-1] == "Jo looked at Robin."
    assert bed.view().rest.say.endswith("Jo")


def test_standing_up_is_offered_at_the_minimum_and_shows_stairs_and_reasons() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    dose_s = bed.t_s
    bed.pass_to(dose_s + 119 * MIN)
    assert c.BeginStanding() not in [act.command for act in bed.view().acts]
    bed.pass_to(dose_s + 120 * MIN)
    bed.oxygen()
    bed.pressure("127", "80")
    bed.do(c.RecordResponse("normal voice"))
    assert c.BeginStanding() in [act.command for act in bed.view().acts]
    bed.do(c.BeginStanding())
    bed.pass_to(bed.t_s + 30)
    bed.oxygen()
    stand = bed.view().stand
    assert stand is not None
    assert [r.state for r in stand.rungs] == ["now", "next", "next", "next"]
    assert (stand.say, stand.wait_s, stand.wait_of_s) == ("Help Robin sit up. Wait.", 90, 120)
    assert [ok for ok, _, _ in stand.why] == [True, True, True, True]
    assert [(row.label, row.now, row.before, row.ok) for row in stand.compared] == [
        ("SpO2 %", "97", "97", True),
        ("Pulse", "70", "70", True),
        ("Blood pressure", "127/80", "124/80", True),
    ]
    assert stand.rules == "Rules by Dr. Okafor, 3 Nov 2026"


def test_at_the_top_the_page_says_what_comes_next() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + 121 * MIN)
    bed.oxygen()
    bed.pressure("127", "80")
    bed.do(c.RecordResponse("normal voice"))
    bed.do(c.BeginStanding())
    for step in ("sit", "stand", "walk"):
        bed.pass_to(bed.t_s + 2 * MIN)
        bed.oxygen()
        bed.do(c.AnswerStand(step, "steady"))  # type: ignore[arg-type]
    said: list[str] = []
    for command in (c.MarkReady(), c.Release(), None):
        stand = bed.view().stand
        assert stand is not None
        said.append(stand.say)
        if command is not None:
            bed.do(command)
    assert said == [
        "Is Robin ready to leave?",
        "Does Robin leave now?",
        "Robin may leave. End the session.",
    ]


def test_a_phase_in_force_is_not_offered_once_more() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + 5)
    onset, rest, *later = bed.view().phases
    assert (onset.name, onset.marked, rest.name, rest.marked) == ("Onset", True, "Onset", False)
    assert rest.key == ""
    assert [phase.key for phase in later] == ["peak", "return", "after"]


def test_a_dose_that_was_taken_back_takes_its_phase_out_of_the_list() -> None:
    bed = prepared()
    bed.do(c.MarkDose())
    bed.pass_to(bed.t_s + 5)
    assert bed.view().events[0].text == "Phase: Onset."
    assert bed.desk.state.dose is not None
    bed.do(c.Undo(bed.desk.state.dose.seq))
    assert "Onset" not in " ".join(line.text for line in bed.view().events)


def test_typed_oxygen_is_a_line_of_the_list_and_the_devices_own_is_not() -> None:
    bed = prepared()
    bed.oxygen("97", "70")
    assert "97" not in bed.view().events[0].text
    bed.do(c.TypeOximetry(Decimal(96), Decimal(66)))
    assert bed.view().events[0].text == "SpO2 96, pulse 66 typed."
    bed.do(c.TypeOximetry(None, Decimal(64)))
    assert bed.view().events[0].text == "Pulse 64 typed."
