"""Whose device: what is asked, shown and remembered; a doubted device's numbers stand beside the question only."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from devices.reading import (
    BondForgotten,
    DeviceDoubted,
    DeviceGlimpsed,
    DeviceRecognised,
    LinkChanged,
    LinkState,
    Oximetry,
    Paired,
    Quality,
    Stamp,
    Value,
)
from kiosk import settings
from kiosk.acquaintance import Acquaintance
from kiosk.line.screen import View
from kiosk.session import commands as c
from kiosk.session import events as e
from kiosk.telling import event_of
from kiosk.text import Names, sentence
from kiosk.view import Facts, Scene, compose
from kiosk.view.whose import answers, choices, in_doubt
from tests.unit.kiosk.test_view_prepare import CUFF, OXIMETER, Bed

NAMES = Names("Robin", "Sam", 0, {OXIMETER: "oximeter", CUFF: "cuff"})


def at(second: float) -> Stamp:
    return Stamp(0, round(second * 1e9))


def doubt(device: str = OXIMETER, address: str = "", serial: str = "5678") -> DeviceDoubted:
    return DeviceDoubted(device, at(0), address or device, serial, "1234")


def numbers(spo2: str = "97", pulse: str = "72") -> Oximetry:
    return Oximetry(Value(Decimal(spo2)), Value(Decimal(pulse)))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (e.DeviceRecognised(OXIMETER, "serial"), "The oximeter is the chosen one, known by its serial number."),
        (e.DeviceRecognised(CUFF, "bond"), "The cuff is the chosen one, known by its bond."),
        (
            e.DeviceDoubted(OXIMETER, OXIMETER, "5678", "1234"),
            "The oximeter may be another one. Its serial number is 5678, not 1234.",
        ),
        (
            e.DeviceDoubted(OXIMETER, OXIMETER, "", "1234"),
            "The oximeter may be another one. It says no serial number; it was 1234.",
        ),
        (
            e.DeviceDoubted(OXIMETER, "f9:09", "1234", "1234"),
            "The oximeter may be another one. The same serial number, 1234, at another address.",
        ),
        (e.DeviceConfirmed(OXIMETER, True), "Sam looked: the oximeter is ours."),
        (e.DeviceConfirmed(CUFF, False), "Sam looked: the cuff is another one."),
    ],
)
def test_each_fact_about_whose_device_it_is_is_told(event: e.Event, said: str) -> None:
    assert sentence(event, NAMES) == said


class Held(Bed):
    """A bed with an oximeter and a cuff; glimpse: what a doubted oximeter shows."""

    def __init__(self) -> None:
        super().__init__()
        self.glimpse = ""
        for device, role in ((OXIMETER, "oximeter"), (CUFF, "cuff")):
            self.note(e.DeviceChosen(device, role, "", "plx", False))
        self.note_all(self.desk.alarms.arm_technical(0.0))

    def note_all(self, events: list[e.Event]) -> None:
        for event in events:
            self.note(event)

    def hear(self, report: DeviceDoubted | DeviceRecognised | LinkChanged) -> None:
        event = event_of(report)
        assert event
        self.note(event)
        self.note_all(self.desk.told_by(report, self.t_s))

    def scene(self) -> Scene:
        d, now = self.desk, self.now.utc_ns
        facts, signal = Facts(glimpse=self.glimpse), d.alarms.signal(self.t_s)
        return Scene(
            plan=d.plan, state=d.state, signal=signal, latest=d.latest, story=d.story, facts=facts, now_utc_ns=now,
            t_s=self.t_s, offset_min=0,
        )  # fmt: skip

    def view(self) -> View:
        return compose(self.scene())

    def standing(self) -> list[str]:
        return [o.name for o in self.desk.alarms.signal(self.t_s).occurrences if not o.latched]


def test_a_doubted_oximeter_alarms_at_once_and_the_answer_ends_it() -> None:
    bed = Held()
    bed.hear(doubt())
    assert bed.standing() == ["device_doubted"]
    bed.hear(LinkChanged(OXIMETER, at(1), LinkState.HELD))
    assert bed.standing() == ["device_doubted"]
    bed.note_all(bed.desk.confirm(OXIMETER, True, bed.t_s))
    assert bed.standing() == []
    assert bed.desk.state.doubted("oximeter") is None
    assert bed.desk.confirm(OXIMETER, True, bed.t_s) == []


def test_a_doubted_cuff_is_told_low_and_a_strap_not_at_all() -> None:
    bed = Held()
    bed.hear(doubt(CUFF))
    assert bed.standing() == ["cuff_doubted"]
    bed.hear(DeviceRecognised(CUFF, at(1), "serial", CUFF, "1234"))
    assert bed.standing() == []
    bed.desk.roles["f3:03"] = "strap"
    assert bed.desk.told_by(doubt("f3:03"), 1.0) == []


def test_the_question_stands_at_the_check_of_its_device_with_what_it_shows_and_two_answers() -> None:
    bed = Held()
    bed.hear(doubt())
    bed.glimpse = "97 %, 72"
    pages = {page.key: page for page in bed.view().prepare.pages}
    said = "Its serial number is 5678, not 1234. It shows 97 %, 72."
    for key in ("probe", "same_number"):
        assert (pages[key].say, pages[key].detail) == ("Same number as on the oximeter?", said)
        commands = [button.command for button in pages[key].buttons]
        assert commands == [c.ConfirmDevice(OXIMETER, is_chosen=True), c.ConfirmDevice(OXIMETER, is_chosen=False)]
    assert "serial" not in pages["cuff"].detail


def test_in_a_running_session_the_answers_are_among_the_acts_whatever_stands_in_front() -> None:
    bed = Held()
    bed.hear(doubt())
    bed.note(e.SessionStarted())
    view = bed.view()
    commands = [choice.command for choice in view.acts]
    assert commands[:2] == [c.ConfirmDevice(OXIMETER, is_chosen=True), c.ConfirmDevice(OXIMETER, is_chosen=False)]
    assert view.sentence.title == "Is this Robin's oximeter?"
    assert view.sentence.detail == "Its serial number is 5678, not 1234. Nothing of it is recorded."
    assert view.panel
    assert [button.label for button in view.panel.buttons][:2] == ["Same: it is ours", "Not ours"]
    assert view.spo2.number == ""


def test_nothing_is_asked_where_nothing_is_in_doubt() -> None:
    scene = Held().scene()
    assert (in_doubt(scene, "oximeter"), answers(scene, "oximeter"), choices(scene)) == ("", (), ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chosen = settings.ChosenDevice(OXIMETER, "oximeter", "eb", "CMS50D"), settings.ChosenDevice(CUFF, "cuff", "bls")
    settings.save_state(tmp_path, settings.State(devices=chosen))
    return tmp_path


def kept(folder: Path, address: str = OXIMETER) -> settings.ChosenDevice:
    return next(one for one in settings.load_state(folder).devices if one.address == address)


def test_what_a_device_said_is_remembered_for_the_next_run(folder: Path) -> None:
    known = Acquaintance(folder, pytest.fail)
    known.hear(DeviceRecognised(OXIMETER, at(0), "address", OXIMETER, "1234"))
    assert kept(folder).serial == "1234"
    known.hear(DeviceRecognised(OXIMETER, at(0), "address", OXIMETER, ""))
    assert kept(folder).serial == "1234"
    known.hear(Paired(CUFF, at(0)))
    assert kept(folder, CUFF).bonded
    known.hear(BondForgotten(CUFF, at(0)))
    assert not kept(folder, CUFF).bonded


def test_what_a_person_confirmed_is_the_chosen_one_from_then_on(folder: Path) -> None:
    known = Acquaintance(folder, pytest.fail)
    known.hear(DeviceRecognised(OXIMETER, at(0), "address", OXIMETER, "1234"))
    known.confirmed(OXIMETER, "f9:09", "1234")
    known.hear(DeviceRecognised(OXIMETER, at(1), "serial", "f9:09", "1234"))
    known.confirmed(OXIMETER, "f9:09", "5678")
    moved = kept(folder, "f9:09")
    assert (moved.serial, moved.name, moved.role) == ("5678", "CMS50D", "oximeter")
    assert [one.address for one in settings.load_state(folder).devices] == ["f9:09", CUFF]


def test_a_doubt_alone_changes_nothing_that_is_remembered(folder: Path) -> None:
    before = settings.load_state(folder)
    known = Acquaintance(folder, pytest.fail)
    known.hear(doubt())
    known.hear(DeviceGlimpsed(OXIMETER, at(0), numbers()))
    assert settings.load_state(folder) == before
    Acquaintance(None, pytest.fail).confirmed(OXIMETER, "f9:09", "5678")
    assert settings.load_state(folder) == before


def test_a_state_that_cannot_be_kept_is_said_and_stops_nothing(folder: Path) -> None:
    said: list[str] = []
    (folder / "state.json").write_text("{")
    Acquaintance(folder, said.append).hear(Paired(CUFF, at(0)))
    assert len(said) == 1


def test_numbers_are_shown_for_comparison_while_they_come_and_only_what_the_device_vouches_for(folder: Path) -> None:
    known = Acquaintance(folder, pytest.fail)
    assert known.glimpse(OXIMETER, at(0)) == ""
    known.hear(DeviceGlimpsed(OXIMETER, at(1), numbers()))
    assert known.glimpse(OXIMETER, at(2)) == "97 %, 72"
    assert known.glimpse(OXIMETER, at(7)) == ""
    off = Value(None, Quality.INVALID)
    known.hear(DeviceGlimpsed(OXIMETER, at(8), Oximetry(off, off)))
    assert known.glimpse(OXIMETER, at(8)) == ""
    known.hear(DeviceGlimpsed(OXIMETER, at(9), numbers()))
    known.hear(DeviceRecognised(OXIMETER, at(9), "serial", OXIMETER, "1234"))
    assert known.glimpse(OXIMETER, at(9)) == ""


def test_a_state_from_before_serial_numbers_is_read(tmp_path: Path) -> None:
    old = {"devices": [{"address": OXIMETER, "role": "oximeter", "driver": "eb"}], "version": 1}
    (tmp_path / "state.json").write_bytes(msgspec.json.encode(old))
    assert kept(tmp_path) == settings.ChosenDevice(OXIMETER, "oximeter", "eb")
