"""The views: what other programs read is what was measured, and nothing where nothing valid was."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from devices.reading import CuffPressure, Oximetry, Quality, Reading, Source, Value
from kiosk.session.events import (
    AlarmAcknowledged,
    AlarmCleared,
    AlarmRaised,
    AlarmStepped,
    NoteAdded,
    SessionEnded,
    ValueWithdrawn,
)
from tests.unit.kiosk.record_samples import at, oximetry, pressure, select, waveform, write


@pytest.fixture
def path(tmp_path):
    return tmp_path / "record.db"


@pytest.mark.parametrize(
    ("number", "quality", "shown"),
    [
        ("97", Quality.VALID, 97),
        ("96.5", Quality.VALID, 96.5),
        ("88", Quality.QUESTIONABLE, 88),
        ("91", Quality.STORED, 91),
        ("97", Quality.INVALID, None),
        ("97", Quality.TEST, None),
        (None, Quality.VALID, None),
        ("NaN", Quality.VALID, None),
        ("Infinity", Quality.VALID, None),
        ("-Infinity", Quality.VALID, None),
        ("NaN123", Quality.VALID, None),
        ("1E+2", Quality.VALID, 100),
        ("5", Quality.VALID, 5),
        ("0", Quality.VALID, 0),
    ],
)
def test_a_number_stands_in_the_view_only_if_it_is_a_valid_one(path, number, quality, shown):
    write(path, oximetry(1, number, quality))
    (line,) = select(path, "SELECT * FROM v_vitals")
    assert line["spo2_percent"] == shown
    assert type(line["spo2_percent"]) is type(shown)
    assert line["quality"] == quality
    assert (line["pulse_bpm"], line["quality_pulse"], line["perfusion_percent"]) == (61.5, "valid", None)


def test_a_reading_has_its_time_by_both_rules(path):
    write(path, oximetry(12.3456))
    (line,) = select(path, "SELECT utc, t_s, device, source FROM v_vitals")
    assert line == {"utc": "2026-11-24T18:23:12.345+00:00", "t_s": 12.346, "device": "aa:bb", "source": "device"}


def test_a_withdrawn_typed_value_leaves_the_view_and_stays_in_the_table(path):
    tickets = write(path, pressure(1, "210", "80", typed=True), pressure(2, "120", "80", typed=True), ValueWithdrawn(3))
    assert tickets[2].seq == 3
    (line,) = select(path, "SELECT systolic_mmhg, diastolic_mmhg, mean_mmhg, source, quality FROM v_blood_pressure")
    assert line == {
        "systolic_mmhg": 120,
        "diastolic_mmhg": 80,
        "mean_mmhg": None,
        "source": "typed",
        "quality": "valid",
    }
    assert select(path, "SELECT count(*) AS n FROM reading") == [{"n": 2}]


def test_a_withdrawn_spo2_leaves_the_vitals(path):
    typed = Reading("typed", at(1), Oximetry(Value(Decimal(59)), Value(None)), source=Source.TYPED)
    write(path, typed, ValueWithdrawn(3), oximetry(3))
    assert [line["spo2_percent"] for line in select(path, "SELECT * FROM v_vitals")] == [97]


def test_cuff_pressures_are_in_neither_view(path):
    write(path, Reading("cc", at(1), CuffPressure(Value(Decimal(150)))))
    assert select(path, "SELECT * FROM v_vitals") == select(path, "SELECT * FROM v_blood_pressure") == []


def test_a_block_of_waveform_is_a_line_with_null_where_the_device_had_no_sample(path):
    write(path, waveform(12.3456, 64, None, 127, 0, beats=(2,)))
    (line,) = select(path, "SELECT * FROM v_waveform")
    assert line == {
        "session_id": "s1",
        "utc": "2026-11-24T18:23:12.345+00:00",
        "t_s": 12.346,
        "device": "aa:bb",
        "rate_hz": 60.0,
        "samples": "[64,null,127,0]",
        "beats": "[2]",
        "full_scale": 127,
    }
    each = "SELECT t_s + key / rate_hz AS t_s, value FROM v_waveform, json_each(samples)"
    assert [(round(row["t_s"], 3), row["value"]) for row in select(path, each)] == [
        (12.346, 64),
        (12.363, None),
        (12.379, 127),
        (12.396, 0),
    ]
    assert select(path, "SELECT * FROM v_vitals") == []


def test_an_event_carries_the_sentence_as_it_was_shown_and_its_data(path):
    write(path, (NoteAdded("says “ok” ☺"), at(3), "Note: says “ok” ☺"))
    line = select(path, "SELECT * FROM v_events")[-1]
    assert (line["seq"], line["t_s"], line["kind"], line["text"]) == (3, 3.0, "note_added", "Note: says “ok” ☺")
    assert json.loads(line["data"]) == {"type": "note_added", "text": "says “ok” ☺", "preset": ""}
    assert line["stored"] == "2026-11-24T18:23:00.000+00:00"


def test_each_occurrence_of_an_alarm_is_a_line_with_its_own_times_and_highest_severity(path):
    write(
        path,
        AlarmRaised("spo2_low", 2, "low 90"),
        AlarmRaised("no_signal", 2),
        AlarmStepped("spo2_low", 3, "hard 85"),
        AlarmAcknowledged("spo2_low"),
        AlarmStepped("spo2_low", 2, "low 90"),
        AlarmCleared("spo2_low"),
        AlarmRaised("spo2_low", 2, "low 90"),
        AlarmCleared("spo2_low"),
    )
    seconds = {
        key: None if value is None or key in ("session_id", "name", "severity", "limit_text") else int(value[17:19])
        for key, value in select(path, "SELECT * FROM v_alarms ORDER BY raised_utc")[0].items()
    }
    assert (seconds["raised_utc"], seconds["acknowledged_utc"], seconds["cleared_utc"]) == (1, 4, 6)
    lines = select(
        path, "SELECT name, severity, acknowledged_utc, cleared_utc, limit_text FROM v_alarms ORDER BY raised_utc"
    )
    assert [(line["name"], line["severity"], line["limit_text"]) for line in lines] == [
        ("spo2_low", "high", "low 90"),
        ("no_signal", "medium", ""),
        ("spo2_low", "medium", "low 90"),
    ]
    assert lines[1]["cleared_utc"] is None
    assert lines[2]["acknowledged_utc"] is None
    assert lines[2]["cleared_utc"].startswith("2026-11-24T18:23:08")


def test_a_session_line_says_how_it_ended_and_nothing_of_the_end_before(path, tmp_path):
    write(path, oximetry(1))
    (line,) = select(path, "SELECT * FROM v_sessions")
    assert (line["ended_utc"], line["ended_how"]) == (None, None)
    assert (line["dose_mg"], line["simulated"], line["speed"]) == (120.5, 0, 1.0)
    ended = tmp_path / "ended.db"
    write(ended, SessionEnded("released"))
    (line,) = select(ended, "SELECT * FROM v_sessions")
    assert (line["ended_utc"], line["ended_how"]) == ("2026-11-24T18:23:01.000+00:00", "released")
