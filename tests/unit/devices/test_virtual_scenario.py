"""Stories: the same for the same seed, told in full in runs of half a minute to hours."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from devices.virtual.cuff import finished_bytes, pressures
from devices.virtual.encoding import DeviceTime
from devices.virtual.garbage import BROKEN
from devices.virtual.oximeter import sample_bytes
from devices.virtual.scenario import (
    INVALID_MEASUREMENT,
    SCENARIOS,
    SENSOR_UNCONNECTED_TO_USER,
    Sample,
    Story,
    UnknownScenario,
)

LENGTHS = [30, 45, 60, 120, 600, 7200, 6 * 3600]


def samples(name: str, length_s: int, seed: int = 1) -> list[Sample]:
    story = Story(name, length_s, seed)
    return [story.sample(second) for second in range(length_s)]


def spo2(name: str, length_s: int) -> list[int]:
    return [int(each.spo2) for each in samples(name, length_s) if each.spo2 is not None]


def first(values: list[int], below: int) -> int:
    return next(second for second, value in enumerate(values) if value < below)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_tells_the_same_story_and_another_seed_another(name: str) -> None:
    assert samples(name, 60, seed=7) == samples(name, 60, seed=7)
    assert samples(name, 60, seed=7) != samples(name, 60, seed=8)


def test_an_unknown_scenario_is_refused() -> None:
    with pytest.raises(UnknownScenario):
        Story("nonsense", 60, 1)


@pytest.mark.parametrize("length_s", LENGTHS)
@pytest.mark.parametrize("name", ["calm", "help-call", "hypertension", "frozen", "disconnect"])
def test_oxygen_stays_high_where_the_story_is_not_about_it(name: str, length_s: int) -> None:
    values = spo2(name, length_s)
    assert len(values) == length_s
    assert min(values) >= 95


def test_one_minute_of_desaturation_shows_the_fall_and_the_recovery() -> None:
    values = spo2("desaturation", 60)
    assert min(values[:12]) >= 95
    assert first(values, 90) <= 20
    assert first(values, 85) <= 25
    assert all(value < 88 for value in values[22:38])
    assert all(value >= 94 for value in values[46:])


@pytest.mark.parametrize("length_s", LENGTHS)
def test_desaturation_falls_below_85_long_enough_to_alarm_and_recovers_before_the_end(length_s: int) -> None:
    values = spo2("desaturation", length_s)
    low = [second for second, value in enumerate(values) if value < 88]
    deepest = [second for second, value in enumerate(values) if value < 85]
    assert all(value < 88 for value in values[deepest[0] : deepest[-1] + 1])
    assert 10 <= len(low) <= 150
    assert min(values[-length_s // 5 :]) >= 94


@pytest.mark.parametrize("length_s", LENGTHS)
def test_without_finger_numbers_are_first_marked_invalid_then_missing_and_come_back(length_s: int) -> None:
    sent = samples("dropout", length_s)
    off = [second for second, each in enumerate(sent) if each.sensor_status & SENSOR_UNCONNECTED_TO_USER]
    assert off == list(range(off[0], off[-1] + 1))
    assert 10 <= len(off) <= 120
    for second in off[:4]:
        assert sent[second].spo2 == sent[off[0] - 1].spo2
        assert sent[second].measurement_status & INVALID_MEASUREMENT
    assert all(sent[second].spo2 is None and sent[second].pulse is None for second in off[4:])
    assert sample_bytes(sent[off[4]])[1:5].hex() == "ff07ff07"
    assert sent[off[-1] + 1].spo2 is not None


@pytest.mark.parametrize("length_s", LENGTHS)
def test_frozen_values_never_change_while_calm_ones_do(length_s: int) -> None:
    frozen = [sample_bytes(each) for each in samples("frozen", length_s)]
    assert len(set(frozen[length_s // 2 :])) == 1
    calm = [sample_bytes(each) for each in samples("calm", length_s)]
    assert all(len(set(calm[start : start + 5])) > 1 for start in range(length_s - 5))


def test_one_minute_of_garbage_holds_every_broken_payload_among_good_ones() -> None:
    sent = samples("garbage", 60)
    broken = {each.raw for each in sent if each.raw is not None}
    assert broken == set(BROKEN)
    assert sum(each.raw is None for each in sent) > 40


@pytest.mark.parametrize("length_s", LENGTHS)
def test_the_link_goes_and_comes_back_within_the_run(length_s: int) -> None:
    story = Story("disconnect", length_s, 1)
    away = [second for second in range(length_s) if story.absent(second)]
    assert away == list(range(away[0], away[-1] + 1))
    assert 4 <= len(away) <= 60
    assert away[-1] < length_s * 0.8


@pytest.mark.parametrize("length_s", LENGTHS)
def test_the_cuff_measures_early_and_has_finished_before_the_end(length_s: int) -> None:
    runs = Story("hypertension", length_s, 1).cuff_runs()
    assert (runs[0].systolic, runs[0].diastolic) == (168, 104)
    assert runs[0].start_s <= 20
    assert all(later.start_s > earlier.start_s + earlier.inflate_s for earlier, later in pairwise(runs))
    assert runs[-1].start_s + runs[-1].inflate_s < length_s


def test_one_minute_measures_at_8_s_for_10_s() -> None:
    run = Story("calm", 60, 1).cuff_runs()[0]
    assert (run.start_s, run.inflate_s) == (8, 10)


def test_the_cuff_rises_beyond_the_systolic_and_ends_below_the_diastolic() -> None:
    run = Story("hypertension", 3600, 1).cuff_runs()[0]
    values = pressures(run)
    top = values.index(max(values))
    assert len(values) == 50
    assert max(values) > run.systolic
    assert values[: top + 1] == sorted(values[: top + 1])
    assert values[top:] == sorted(values[top:], reverse=True)
    assert values[-1] < run.diastolic


def test_a_finished_measurement_carries_numbers_time_pulse_and_status() -> None:
    run = Story("hypertension", 60, 1).cuff_runs()[0]
    payload = finished_bytes(run, DeviceTime(2026, 7, 16, 14, 30, 5))
    assert payload.hex().upper() == "16A80068007D00" + "EA0707100E1E05" + "5C00" + "0000"


def test_every_number_of_every_story_can_be_sent() -> None:
    for name in SCENARIOS:
        for each in samples(name, 60):
            assert sample_bytes(each) is not None
            assert each.spo2 is None or Decimal(0) <= each.spo2 <= 100
