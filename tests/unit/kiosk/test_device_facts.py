"""What a device says of itself and its clock, from report to record, sentence and screen."""

import pytest

from devices.reading import BY_DESCRIPTION, DeviceClock, DeviceDescribed, Stamp
from kiosk.session import events as e
from kiosk.telling import event_of
from kiosk.text import Names, sentence
from tests.unit.kiosk.test_view_prepare import CUFF, OXIMETER, Bed

STAMP = Stamp(0, 0)
NAMES = Names("Robin", "Sam", 0, {CUFF: "cuff", OXIMETER: "oximeter"})
UNTRIED = "Its readings are built from description only: compare closely."


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (DeviceClock(CUFF, STAMP, "2026-11-24T14:05:00", 7500), "ahead"),
        (DeviceClock(CUFF, STAMP, "2026-11-24T11:00:00", -3600), "behind"),
    ],
)
def test_a_wrong_clock_is_an_event_with_how_far_and_which_way(report: DeviceClock, text: str) -> None:
    event = event_of(report)
    assert event == e.DeviceClockFound(CUFF, report.device_time, report.ahead_s)
    far = {"ahead": "2 h 5 min", "behind": "1 h"}[text]
    assert sentence(event, NAMES) == f"The cuff's clock is {far} {text}: its readings may count as old."


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (e.DeviceClockFound(CUFF, "2025-03-01T08:00:00", -60_000_000), "The cuff's clock is 694 days behind"),
        (e.DeviceClockFound(CUFF, "0000-04-17T20:41:59"), "The cuff's clock was never set: the time"),
        (e.DeviceClockFound(CUFF, set_to="2026-11-24T12:00:00"), "The cuff's clock was set."),
    ],
)
def test_a_clock_s_sentence_says_what_a_sitter_can_use(event: e.DeviceClockFound, text: str) -> None:
    assert sentence(event, NAMES).startswith(text)


def test_how_a_device_s_driver_is_known_goes_into_its_identity() -> None:
    event = event_of(DeviceDescribed(OXIMETER, STAMP, model="BM1000", driver="bci", known_by=BY_DESCRIPTION))
    assert isinstance(event, e.DeviceIdentified)
    assert (event.driver, event.known_by) == ("bci", BY_DESCRIPTION)
    assert sentence(event, NAMES) == "The oximeter is BM1000. It is read by description only."


def test_the_pane_and_the_page_where_numbers_are_compared_say_that_a_device_is_read_by_description() -> None:
    bed = Bed()
    for device, role in ((OXIMETER, "oximeter"), (CUFF, "cuff")):
        bed.note(e.DeviceChosen(device, role, "", "any"))
    bed.note(e.DeviceIdentified(CUFF, model="BM85", known_by="public capture"))
    bed.oxygen()
    assert bed.view().spo2.note == "Good signal"
    assert not [chip for chip in bed.view().chips if chip.icon == "info"]
    for device in (OXIMETER, CUFF):
        bed.note(e.DeviceIdentified(device, known_by=BY_DESCRIPTION))
    assert bed.view().spo2.note == "Good signal, by description only"
    assert [chip.text for chip in bed.view().chips if chip.icon == "info"] == ["Cuff by description only"]
    for page in ("same_number", "same_pressure"):
        assert ("info", UNTRIED) in bed.page(page).notes
    assert ("info", UNTRIED) not in bed.page("probe").notes
