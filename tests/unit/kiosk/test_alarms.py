"""What the replays cannot say in plain words: order, time limits, corrections, restarts, and speed."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from devices.reading import Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.session import events as e
from kiosk.session.alarms import Alarms
from kiosk.session.events import AnyEvent, Severity
from kiosk.session.limits import Delayed, Hard, Limits, Stale, Tiered
from kiosk.session.replay import Replayed, Sample, replay

LIMITS = Limits(
    author="Dr. Okafor",
    set_on=date(2026, 11, 3),
    spo2_low=Delayed(Decimal(90)),
    spo2_hard=Hard(Decimal(85)),
    pulse_high=Delayed(Decimal(130)),
    systolic_high=Tiered(Decimal(160), Decimal(180)),
    diastolic_high=Tiered(Decimal(100), Decimal(110)),
)
ROLES = {"ox": "oximeter", "ox2": "oximeter", "cuff": "cuff"}


def stamp(t_s: float) -> Stamp:
    return Stamp(int(t_s * 1e9), int(t_s * 1e9))


def oximetry(spo2: int | None, t_s: float, device: str = "ox", quality: Quality = Quality.VALID) -> Reading:
    value = Value(None if spo2 is None else Decimal(spo2), quality)
    return Reading(device, stamp(t_s), Oximetry(value, Value(Decimal(70))))


def pressure(systolic: int, taken_s: float, source: Source = Source.DEVICE) -> Reading:
    measured = Pressure(Value(Decimal(systolic)), Value(Decimal(90)), Value(None, Quality.INVALID))
    return Reading("typed" if source is Source.TYPED else "cuff", stamp(taken_s), measured, source=source)


def armed(limits: Limits = LIMITS) -> Alarms:
    alarms = Alarms(limits, ROLES)
    alarms.arm_technical(0)
    alarms.arm_values(0)
    return alarms


def names(alarms: Alarms, now_s: float) -> list[str]:
    return [listed.name for listed in alarms.signal(now_s).occurrences]


def test_a_raised_alarm_names_its_limit_and_who_set_it() -> None:
    alarms = armed()
    alarms.take(oximetry(84, 1), 1)
    (raised,) = alarms.tick(3)
    assert isinstance(raised, e.AlarmRaised)
    assert raised.limit_text == "SpO2 below 85 for 2 s, set by Dr. Okafor, 3 Nov 2026"
    assert raised.data == {"limit": "85", "for_s": "2", "value": "84"}


def test_a_cuff_that_refuses_sounds_from_the_start_of_the_session_on() -> None:
    alarms = Alarms(LIMITS, ROLES)
    alarms.arm_technical(0)
    assert alarms.condition("device_lost", True, 1, {"role": "cuff"}) == []
    assert alarms.tick(10) == []
    assert [event.alarm for event in alarms.arm_values(11) if isinstance(event, e.AlarmRaised)] == ["cuff_lost"]
    alarms.condition("device_lost", False, 12, {"role": "cuff"})
    assert not alarms.standing.active("cuff_lost")


def test_events_survive_the_record() -> None:
    alarms = armed()
    said = [*alarms.take(oximetry(80, 1), 1), *alarms.tick(3), *alarms.pause(60, 4), *alarms.tick(40)]
    assert len(said) >= 4
    for event in said:
        assert msgspec.json.decode(msgspec.json.encode(event), type=AnyEvent) == event


def test_the_banner_counts_on_without_new_events() -> None:
    alarms = armed()
    alarms.tick(15)
    assert alarms.tick(40) == []
    assert alarms.signal(40).occurrences[0].data["for_s"] == "40"


def test_the_most_urgent_stands_first_and_latched_ones_last() -> None:
    alarms = armed()
    for second in range(1, 31):
        alarms.take(oximetry(84 if second < 10 else 97, second), second)
    alarms.take(pressure(165, 30), 30)
    alarms.condition("battery_low", True, 30)
    assert names(alarms, 30) == ["pressure_high", "battery_low", "spo2_very_low"]
    assert alarms.signal(30).severity is Severity.MEDIUM
    assert alarms.signal(30).shown is Severity.MEDIUM


def test_a_run_of_low_values_does_not_bridge_a_gap_even_if_nobody_ticked() -> None:
    alarms = armed(msgspec.structs.replace(LIMITS, spo2_hard=None))
    alarms.take(oximetry(84, 10), 10)
    alarms.take(oximetry(84, 30), 30)
    alarms.tick(40)
    assert "spo2_low" not in names(alarms, 40)
    alarms.take(oximetry(84, 42), 42)
    alarms.tick(45)
    assert "spo2_low" in names(alarms, 45)


@pytest.mark.parametrize("quality", [Quality.STORED, Quality.TEST, Quality.INVALID])
def test_a_value_that_is_nobodys_state_now_never_alarms(quality: Quality) -> None:
    alarms = armed()
    for second in range(14):
        assert alarms.take(oximetry(70, second, quality=quality), second) == []
    measured = Pressure(Value(Decimal(220), quality), Value(Decimal(130), quality), Value(None))
    assert alarms.take(Reading("cuff", stamp(14), measured), 14) == []


def test_a_cuffs_memory_is_not_judged() -> None:
    alarms = armed()
    assert alarms.take(pressure(220, 1, Source.STORED), 1) == []


def test_an_older_pressure_never_replaces_a_newer_one() -> None:
    alarms = armed()
    alarms.take(oximetry(97, 99), 99)
    alarms.take(pressure(185, 100), 100)
    alarms.take(pressure(120, 50, Source.TYPED), 101)
    assert names(alarms, 101) == ["pressure_high"]


def test_a_corrected_pressure_takes_its_alarm_away_even_if_its_time_is_earlier() -> None:
    alarms = armed()
    alarms.take(oximetry(97, 99), 99)
    alarms.take(pressure(264, 100, Source.TYPED), 100)
    assert names(alarms, 100) == ["pressure_high"]
    alarms.take(pressure(124, 90, Source.TYPED), 101, replaces_utc_ns=100 * 10**9)
    assert alarms.signal(101).shown is Severity.NONE


def test_no_second_oximeter_takes_over_in_silence() -> None:
    alarms = armed()
    alarms.take(oximetry(97, 1), 1)
    for second in range(2, 17):
        alarms.take(oximetry(97, second, "ox2"), second)
    assert names(alarms, 16) == ["no_signal"]


def test_a_stranger_is_not_judged() -> None:
    alarms = armed()
    for second in range(10):
        assert alarms.take(oximetry(70, second, "somebody"), second) == []


def test_a_typed_value_is_not_judged_beside_a_live_stream() -> None:
    alarms = armed()
    alarms.take(oximetry(97, 1), 1)
    typed = Reading("typed", stamp(2), Oximetry(Value(Decimal(70)), Value(None)), source=Source.TYPED)
    assert alarms.take(typed, 2) == []


def test_a_value_typed_for_an_earlier_time_alarms_now_and_an_oxygen_value_long_gone_does_not() -> None:
    alarms = Alarms(LIMITS, ROLES, oximeter="unused")
    alarms.arm_technical(0)
    alarms.arm_values(0)
    alarms.tick(1000)
    typed = Reading("typed", stamp(900), Oximetry(Value(Decimal(80)), Value(None)), source=Source.TYPED)
    assert alarms.take(typed, 900) == []
    alarms.take(pressure(185, 700, Source.TYPED), 700)
    (listed,) = alarms.signal(1000).occurrences
    assert (listed.name, listed.raised_s) == ("pressure_high", 1000)
    alarms.take(msgspec.structs.replace(typed, stamp=stamp(980)), 980)
    assert names(alarms, 1000) == ["spo2_very_low", "spo2_low", "pressure_high"]


def test_the_plan_can_shorten_the_ages() -> None:
    alarms = armed(Limits(stale=Stale(gone_s=8, high_s=20)))
    assert [type(event) for event in alarms.tick(8)] == [e.AlarmRaised]
    assert [type(event) for event in alarms.tick(20)] == [e.AlarmStepped]


def test_an_unknown_condition_is_a_bug_that_shows() -> None:
    with pytest.raises(ValueError, match="no such condition: nonsense"):
        armed().condition("nonsense", True, 1)


def test_a_full_battery_of_one_device_does_not_hide_an_empty_one_of_another() -> None:
    alarms = armed()
    alarms.condition("battery_low", True, 1, {"role": "oximeter"})
    assert alarms.condition("battery_low", False, 2, {"role": "cuff"}) == []
    assert names(alarms, 2) == ["battery_low"]
    alarms.condition("battery_low", False, 3, {"role": "oximeter"})
    assert names(alarms, 3) == []


def test_what_still_stands_cannot_be_closed() -> None:
    alarms = armed()
    alarms.tick(15)
    assert alarms.close("no_signal", 16) == []


def test_a_pause_of_nothing_or_too_much_is_one_second_or_two_minutes() -> None:
    for asked, given in ((0, 1), (-5, 1), (10_000, 120), (30, 30)):
        assert armed().pause(asked, 1) == [e.SoundsPaused(given)]


def test_what_is_armed_is_told() -> None:
    alarms = Alarms(LIMITS, ROLES)
    assert alarms.armed == ()
    alarms.arm_technical(0)
    assert alarms.armed == ("technical",)
    alarms.arm_values(1)
    assert alarms.armed == ("technical", "values")
    alarms.end(2)
    assert alarms.armed == ()


def samples(*parts: tuple[int, int | None]) -> list[Sample]:
    values = [value for seconds, value in parts for _ in range(seconds)]
    return [Sample(float(t), None if v is None else Decimal(v), Decimal(70)) for t, v in enumerate(values)]


def test_a_recording_is_replayed_by_the_same_rules() -> None:
    found = replay(samples((60, 97), (30, 88), (60, 97)), LIMITS)
    text = "SpO2 below 90 for 15 s, set by Dr. Okafor, 3 Nov 2026"
    assert found == (Replayed("spo2_low", Severity.HIGH, 75, 95, text),)


def test_missing_rows_and_empty_rows_are_the_same_silence() -> None:
    rows = samples((30, 97), (40, 97), (10, 97))
    gap = [row for row in rows if not 30 <= row.t_s < 70]
    empty = [Sample(r.t_s, None) if 30 <= r.t_s < 70 else r for r in rows]
    assert replay(gap, LIMITS) == replay(empty, LIMITS) == (Replayed("no_signal", Severity.MEDIUM, 44, 70),)


def test_an_alarm_at_the_end_of_a_recording_stays_open() -> None:
    (found,) = replay(samples((10, 97)), LIMITS, until_s=100)
    assert (found.name, found.severity, found.raised_s, found.cleared_s) == ("no_signal", Severity.HIGH, 24, None)
    assert replay([], LIMITS) == ()


def test_eight_hours_at_1_hz_replay_in_under_two_seconds() -> None:
    parts = [(110, 97), (30, 86), (40, 83), (20, None)] * 144
    rows = samples(*parts)
    began = time.process_time()
    found = replay(rows, LIMITS)
    assert len(rows) == 8 * 3600
    assert len(found) > 144
    assert time.process_time() - began < 2
