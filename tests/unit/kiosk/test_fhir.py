"""The FHIR bundle: by HL7's schema, by a validator in another language, by rules of our own, and by the record."""

from __future__ import annotations

import copy
import functools
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastjsonschema
import fhirkit
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.reading import HeartRate, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.exchange.fhir import bundle
from kiosk.exchange.fhir.trend import Trend
from kiosk.exchange.source import of_record
from kiosk.record.reader import Reader
from kiosk.session import events as e
from tests.fhir_rules import problems
from tests.unit.kiosk.evening import EXAMPLE
from tests.unit.kiosk.record_samples import START, at, opened, oximetry, recorder, select

Json = dict[str, Any]
SCHEMA = json.loads((Path(__file__).parents[2] / "data" / "fhir" / "r4-subset.schema.json").read_text())
OXIMETER, CUFF = "aa:bb:cc:00:00:01", "aa:bb:cc:00:00:02"


@functools.cache
def by_schema() -> Callable[[Any], Any]:
    return fastjsonschema.compile({**SCHEMA, "$ref": "#/definitions/Bundle"})


def ox(second: float, spo2: str | None, quality: Quality = Quality.VALID, source: Source = Source.DEVICE) -> Reading:
    value = Value(None if spo2 is None else Decimal(spo2), quality, ("weak signal",) if spo2 is None else ())
    return Reading(OXIMETER, at(second), Oximetry(value, Value(Decimal("61.5"), quality)), source=source)


def bp(second: float, systolic: str | None, diastolic: str, source: Source = Source.DEVICE) -> Reading:
    upper = Value(None, Quality.INVALID, ("implausible",)) if systolic is None else Value(Decimal(systolic))
    values = Pressure(upper, Value(Decimal(diastolic)), Value(Decimal(96)), Value(Decimal(70)))
    return Reading("typed" if source is Source.TYPED else CUFF, at(second), values, source=source)


TAKEN_BACK = 36  # the row of that note, which a test below holds
FULL: tuple[Any, ...] = (
    e.DeviceChosen(OXIMETER, "oximeter", "Ox", "plx"),
    e.DeviceIdentified(OXIMETER, "Ox 3000", "Maker", "M1", "S-17", "r2.1"),
    e.DeviceChosen(CUFF, "cuff", "Cuff", "bls"),
    e.CheckAnswered("sitter", "yes", True, {"name": "Sam Rivera"}),
    e.CheckOverridden("gap", "the provider said so", "Sam Rivera"),
    e.SessionStarted(),
    e.DoseMarked(at(7).utc_ns),
    *(ox(10 + n, spo2) for n, spo2 in enumerate(("97", "96", None, "88", "84"))),
    ox(17, "95"),
    ox(18, "93", Quality.QUESTIONABLE),
    ox(19, "99", Quality.TEST),
    ox(75, None, Quality.INVALID),
    ox(76, "94", Quality.QUESTIONABLE),
    ox(80, "91", Quality.STORED, Source.STORED),
    Reading("typed", at(81), Oximetry(Value(Decimal(92)), Value(None)), source=Source.TYPED),
    bp(90, "131", "82"),
    bp(95, None, "80"),
    bp(96, "121", "79", Source.TYPED),
    Reading("dd", at(97), HeartRate(Value(Decimal(71)))),
    e.AlarmRaised("spo2_low", 2, "SpO2 below 90 for 15 s, set by Dr. Okafor", {"value": "84"}),
    e.AlarmStepped("spo2_low", 3),
    e.AlarmAcknowledged("spo2_low"),
    e.AlarmCleared("spo2_low"),
    e.AlarmRaised("battery_low", 1, "", {"role": "cuff", "value": "12"}),
    e.BreathsCounted(7, 30.0),
    e.BreathsCounted(1, 5.0),
    e.ResponseRecorded("loud voice"),
    e.HappeningTapped("vomiting"),
    e.NoteAdded('Calm, "far away" <b>&</b> ümlaut 山'),
    e.NoteAdded("taken back"),
    e.NoteWithdrawn(TAKEN_BACK),
    e.RunAnchored("boot-1", -300, 2),
    e.SitterChanged("Alex", "Sam Rivera", ("present",)),
    e.ReadyMarked(),
    e.Released("Alex"),
    e.SessionEnded("released"),
)  # fmt: skip


def made(path: Path, *rows: Any, **changed: Any) -> bytes:
    writer = recorder(path)
    first = msgspec.structs.replace(opened(), **{"plan_toml": EXAMPLE, "medication": "Ketamine", **changed})
    writer.append_event(first, at(0), "Session opened")
    writer.append_event(e.RunAnchored("boot-1", 60, 1), at(0), "Monitoring started")
    for second, row in enumerate(rows, 100):
        if isinstance(row, Reading):
            writer.append_reading(row)
        else:
            writer.append_event(row, at(second), f"Sentence {second}")
    writer.close()
    with Reader(path) as reader:
        source = of_record(reader, "s1")
        content, again = io.BytesIO(), io.BytesIO()
        for out in (content, again):
            bundle.write(source, out)
        assert again.getvalue() == content.getvalue()
    return content.getvalue()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return made(tmp_path_factory.mktemp("fhir") / "record.db", *FULL)


@pytest.fixture
def full(content: bytes) -> Json:
    return json.loads(content, parse_float=Decimal)


def of(kind: str, full: Json) -> list[Json]:
    return [entry["resource"] for entry in full["entry"] if entry["resource"]["resourceType"] == kind]


def coded(code: str, full: Json) -> list[Json]:
    found = of("Observation", full)
    return [r for r in found if code in [c["code"] for c in r["code"].get("coding", [])] and "effectiveDateTime" in r]


def spoken(text: str, full: Json) -> list[str]:
    return [r["valueString"] for r in of("Observation", full) if r["code"]["text"] == text]


def test_it_passes_the_schema_the_validator_and_our_rules(content: bytes) -> None:
    by_schema()(json.loads(content))
    assert [str(issue) for issue in fhirkit.validate(content)] == []
    assert problems(json.loads(content)) == []


def test_an_open_session_without_dose_plan_or_readings_passes_too(tmp_path: Path) -> None:
    bare = made(tmp_path / "record.db", medication="", dose_mg=None, plan="", plan_toml="",
        plan_author="", limits=(), patient_label="", sitter_label="")  # fmt: skip
    by_schema()(json.loads(bare))
    assert [str(issue) for issue in fhirkit.validate(bare)] == []
    found = json.loads(bare)
    assert problems(found) == []
    assert of("Encounter", found)[0]["status"] == "in-progress"
    assert of("MedicationAdministration", found) == []


BROKEN: list[tuple[str, Callable[[Json], object]]] = [
    ("US-style date", lambda b: of("Encounter", b)[0]["period"].update(start="11/24/2026")),
    ("time without offset", lambda b: coded("2708-6", b)[0].update(effectiveDateTime="2026-11-24T18:23:00")),
    ("no code", lambda b: coded("2708-6", b)[0].pop("code")),
    ("unknown status", lambda b: coded("2708-6", b)[0].update(status="finished")),
    ("two values", lambda b: coded("2708-6", b)[0].update(valueString="97")),
    ("misspelt element", lambda b: coded("2708-6", b)[0].update(statuss="final")),
    ("value and reason for none", lambda b: coded("2708-6", b)[0].update(dataAbsentReason={"text": "error"})),
    ("unit code", lambda b: coded("2708-6", b)[0]["valueQuantity"].update(code="pct")),
    ("one code of the pair", lambda b: coded("2708-6", b)[0]["code"]["coding"].pop(1)),
    ("reference out of the bundle", lambda b: coded("2708-6", b)[0]["subject"].update(reference="Patient/1")),
    ("end before start", lambda b: of("Encounter", b)[0]["period"].update(end="2020-01-01T00:00:00+00:00")),
    ("twice the same", lambda b: b["entry"].append(b["entry"][0])),
    ("mark in one resource only", lambda b: b["entry"][0]["resource"].update(meta={"security": [{"code": "HTEST"}]})),
    ("invented sample", lambda b: next(r for r in of("Observation", b) if "valueSampledData" in r)["valueSampledData"]
     .update(data="97 ~ 98")),
]  # fmt: skip


@pytest.mark.parametrize(("what", "spoil"), BROKEN, ids=[what for what, _ in BROKEN])
def test_each_known_defect_is_caught_by_one_of_the_three(
    what: str, spoil: Callable[[Json], object], full: Json
) -> None:
    spoilt = copy.deepcopy(json.loads(json.dumps(full, default=float)))
    spoil(spoilt)
    caught = [str(issue) for issue in fhirkit.validate(json.dumps(spoilt))]
    try:
        by_schema()(spoilt)
    except fastjsonschema.JsonSchemaException as error:
        caught.append(str(error))
    try:
        caught += problems(spoilt)
    except (KeyError, ValueError) as error:
        caught.append(str(error))
    assert caught, what


def test_the_trend_is_the_record_second_by_second_and_a_gap_is_an_e(full: Json) -> None:
    (trend,) = [r for r in of("Observation", full) if r["code"]["text"] == "Oxygen saturation, trend"]
    samples = trend["valueSampledData"]["data"].split(" ")
    assert samples[:10] == ["97", "96", "E", "88", "84", "E", "E", "95", "93", "E"]
    assert samples[-2:] == ["E", "94"]
    assert len(samples) == 67
    assert trend["valueSampledData"]["period"] == 1000
    assert trend["effectivePeriod"]["start"] == "2026-11-24T19:23:10.000+01:00"


def test_every_valid_number_of_the_records_view_is_in_the_trend(tmp_path: Path) -> None:
    rows = [oximetry(n, None if n % 7 == 3 else str(80 + n % 20)) for n in range(400)]
    found = json.loads(made(tmp_path / "record.db", *rows))
    (trend,) = [r for r in of("Observation", found) if r["code"]["text"] == "Oxygen saturation, trend"]
    shown = select(tmp_path / "record.db", "SELECT spo2_percent FROM v_vitals ORDER BY t_s")
    expected = ["E" if row["spo2_percent"] is None else str(row["spo2_percent"]) for row in shown]
    assert trend["valueSampledData"]["data"].split(" ") == expected


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0.6, 1.4), st.one_of(st.none(), st.integers(50, 100))), min_size=1, max_size=60))
def test_a_trend_invents_no_number_and_keeps_their_order(steps: list[tuple[float, int | None]]) -> None:
    trend, t_s = Trend(0), 0.0
    for gap_s, number in steps:
        t_s += gap_s
        value = Value(None if number is None else Decimal(number))
        trend.take(t_s, 0, Oximetry(value, Value(Decimal(60))))
    samples = trend.samples("spo2")
    sent = iter([str(n) for _, n in steps if n is not None])
    assert all(any(sample == s for s in sent) for sample in samples if sample != "E")
    last = steps[-1][1]
    assert samples[-1] == ("E" if last is None else str(last))


def test_once_a_minute_a_reading_stands_as_vital_signs_with_both_codes(full: Json) -> None:
    values = [(r["effectiveDateTime"][11:19], r.get("valueQuantity", {}).get("value")) for r in coded("59408-5", full)]
    assert values == [("19:23:10", 97), ("19:24:16", 94), ("19:24:21", 92)]


def test_doubt_and_absence_are_said_and_stored_or_test_values_are_not_there(full: Json) -> None:
    shown = json.dumps(coded("59408-5", full), default=float)
    assert "questionable" in shown
    numbers = [r["valueQuantity"]["value"] for r in coded("59408-5", full) if "valueQuantity" in r]
    assert 91 not in numbers
    assert 99 not in numbers


def test_a_pressure_is_a_panel_and_a_missing_half_has_its_reason(full: Json) -> None:
    first, second, typed = coded("85354-9", full)
    assert [c["valueQuantity"]["value"] for c in first["component"]] == [131, 82, 96]
    assert second["component"][0]["dataAbsentReason"]["coding"][0]["code"] == "error"
    assert "valueQuantity" not in second["component"][0]
    assert "device" not in typed
    assert typed["method"]["text"] == "Typed by the sitter"


def test_an_alarm_has_its_times_its_limit_and_who_set_it(full: Json) -> None:
    low, battery = of("DetectedIssue", full)
    assert low["severity"] == "high"
    assert low["status"] == "final"
    assert "SpO2 below 90 for 15 s, set by Dr. Okafor (limits not confirmed by a provider)" in low["detail"]
    assert low["mitigation"][0]["action"]["text"] == "Taken on by the sitter"
    assert low["implicated"]
    assert battery["status"] == "preliminary"
    assert battery["severity"] == "low"
    alert, _ = of("Communication", full)
    assert alert["priority"] == "stat"
    assert alert["payload"][0]["contentString"] == low["detail"]


def test_what_the_sitter_saw_is_there_and_what_was_taken_back_is_not(full: Json) -> None:
    assert spoken("Note by the sitter", full) == ['Calm, "far away" <b>&</b> ümlaut 山']
    assert spoken("Event seen by the sitter", full) == ["Vomiting"]
    assert spoken("Response to voice and touch", full) == ["loud voice"]
    (breaths,) = coded("9279-1", full)
    assert breaths["valueQuantity"]["value"] == Decimal("14.0")
    assert len(spoken("Ready to leave", full)) == len(spoken("Released", full)) == 1
    assert of("Flag", full)[0]["code"]["text"].startswith("Sentence")


def test_what_the_patient_shared_of_their_journal_is_the_patients_own_word(tmp_path: Path) -> None:
    content = made(tmp_path / "record.db", e.EntryShared("A wide,\nslow river.", "images"))
    full = json.loads(content)
    by_schema()(full)
    assert [str(issue) for issue in fhirkit.validate(content)] == []
    assert problems(full) == []
    (entry,) = [r for r in of("Observation", full) if r["code"]["text"] == "Journal entry shared by the patient"]
    assert entry["valueString"] == "A wide,\nslow river."
    (patient,) = of("Patient", full)
    assert entry["performer"] == [{"reference": f"urn:uuid:{patient['id']}"}]


def test_dose_lot_and_who_answers_for_the_limits(full: Json) -> None:
    (dose,) = of("MedicationAdministration", full)
    assert dose["dosage"]["dose"] == {
        "value": Decimal("120.5"), "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg",
    }  # fmt: skip
    assert dose["effectiveDateTime"] == "2026-11-24T19:23:07.000+01:00"
    assert of("Medication", full)[0]["batch"]["lotNumber"] == "EXAMPLE-0001"
    assert "NOT CONFIRMED BY A PROVIDER" in of("CarePlan", full)[0]["description"]


def test_each_instant_has_the_offset_that_held_then_and_the_sitter_who_sat_then(full: Json) -> None:
    (released,) = [r for r in of("Observation", full) if r["code"]["text"] == "Released"]
    assert released["effectiveDateTime"].endswith("-05:00")
    people = {f"urn:uuid:{r['id']}": r["name"][0]["text"] for r in of("RelatedPerson", full)}
    assert people[released["performer"][0]["reference"]] == "Alex"
    assert sorted(people.values()) == ["Alex", "Sam Rivera"]


def test_simulated_data_are_marked_in_every_resource(tmp_path: Path) -> None:
    found = json.loads(made(tmp_path / "record.db", *FULL, simulated=True))
    for resource in (found, *(entry["resource"] for entry in found["entry"])):
        assert resource["meta"]["security"][0]["code"] == "HTEST"
    assert problems(found) == []


def test_real_data_have_no_such_mark(content: bytes) -> None:
    assert b"HTEST" not in content


def test_a_dose_that_was_taken_back_or_moved_is_told_as_it_is_in_the_end(tmp_path: Path) -> None:
    moved = made(
        tmp_path / "a.db", e.SessionStarted(), e.DoseMarked(at(50).utc_ns), e.EventCorrected(4, START.utc_ns, "x")
    )
    assert of("MedicationAdministration", json.loads(moved))[0]["effectiveDateTime"] == "2026-11-24T19:23:00.000+01:00"
    undone = made(tmp_path / "b.db", e.SessionStarted(), e.DoseMarked(at(50).utc_ns), e.EventWithdrawn(4))
    assert of("MedicationAdministration", json.loads(undone)) == []
