"""Tiles: a number that is not live leaves its place, and what is not known is never shown as known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from devices.reading import Oximetry, Quality, Reading, Source, Stamp, Value
from kiosk.latest import Latest, TileRules, tile
from tests.unit.kiosk.evening import PLAN

RULES = TileRules()


def oximetry(spo2: str | None, quality: Quality = Quality.VALID, *reasons: str) -> Oximetry:
    number = None if spo2 is None else Decimal(spo2)
    return Oximetry(Value(number, quality, tuple(reasons)), Value(number, quality, tuple(reasons)))


def latest_with(*readings: tuple[float, Oximetry], source: Source = Source.DEVICE) -> Latest:
    latest = Latest()
    for t_s, measurement in readings:
        latest.take(Reading("f1", Stamp(int(t_s * 1e9), int(t_s * 1e9)), measurement, source=source), t_s)
    return latest


@pytest.mark.parametrize(
    ("age_s", "state"), [(0, "live"), (5, "live"), (5.5, "ageing"), (15, "ageing"), (15.5, "gone")]
)
def test_a_number_greys_at_5_s_and_leaves_its_place_at_15_s(age_s: float, state: str) -> None:
    shown = tile(latest_with((10, oximetry("97"))).spo2, 10 + age_s, RULES, (), "none")
    assert shown.state == state
    assert shown.number == ("" if state == "gone" else "97")
    assert shown.last == "97"
    assert shown.age_s == age_s


def test_a_finger_out_of_the_probe_takes_the_number_away_at_once() -> None:
    latest = latest_with((10, oximetry("97")), (11, oximetry(None, Quality.INVALID, "finger off")))
    shown = tile(latest.spo2, 11.2, RULES, (), "none")
    assert (shown.state, shown.number, shown.last) == ("invalid", "", "97")
    assert shown.note == "Finger is out of the probe"


def test_a_questionable_value_is_shown_as_such_with_its_reason() -> None:
    shown = tile(latest_with((1, oximetry("82", Quality.QUESTIONABLE, "low perfusion"))).spo2, 1, RULES, (), "none")
    assert shown.questionable
    assert shown.note == "Weak pulse at the finger"


def test_stored_and_test_values_are_never_the_newest() -> None:
    assert latest_with((1, oximetry("97")), source=Source.STORED).spo2.seen is None
    shown = tile(latest_with((1, oximetry("97", Quality.TEST))).spo2, 1, RULES, (), "none")
    assert shown.number == ""


def test_without_a_device_the_tile_says_who_decided() -> None:
    assert tile(Latest().spo2, 5, RULES, (), "none", off="no respiratory concern").state == "off"
    assert tile(Latest().spo2, 5, RULES, (), "none").state == "waiting"


def test_the_count_moves_with_each_reading() -> None:
    latest = latest_with((1, oximetry("97")), (2, oximetry("97")), (3, oximetry(None, Quality.INVALID)))
    assert tile(latest.spo2, 3, RULES, (), "none").count == 3


def test_a_typed_number_counts_only_until_the_device_sends_a_newer_one() -> None:
    latest = latest_with((10, oximetry("97")))
    typed = Reading("typed", Stamp(0, 0), Oximetry(Value(Decimal(94)), Value(Decimal(70))), source=Source.TYPED)
    latest.take(typed, 20)
    assert latest.bedside(PLAN, 40, has_sound=True).typed["spo2"] == (Decimal(94), 20)
    assert latest.bedside(PLAN, 40, has_sound=True).spo2 is None
    latest.take(Reading("f1:00", Stamp(0, 0), oximetry("97")), 41)
    assert "spo2" not in latest.bedside(PLAN, 42, has_sound=True).typed
