"""CSV: what the standard library reads back is what the record holds, by its own views; a gap stays a gap."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.reading import CuffPressure, HeartRate, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.exchange import folder, o2insight, tables
from kiosk.exchange.columns import ALWAYS, DICTIONARY, TABLES, VITALS
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.source import of_record, whole
from kiosk.record.reader import Reader
from kiosk.session import events as e
from kiosk.text.measure import number
from tests.unit.devices.others import o2
from tests.unit.kiosk.record_samples import START, at, opened, oximetry, pressure, recorder, select, waveform, write

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def exported(record: Path, target: Path) -> Path:
    target.mkdir()
    with Reader(record) as reader:
        folder.fill(of_record(reader, "s1"), target)
    return target


def same(cell: str, value: object) -> bool:
    """A cell and what the view shows: NULL is empty, a number is that number, JSON its content."""
    if value is None:
        return cell == ""
    if isinstance(value, int | float):
        return Decimal(cell) == Decimal(str(value))
    if str(value).startswith("{"):
        return json.loads(cell) == json.loads(str(value))
    return cell.removeprefix("'") == str(value).removeprefix("'")


RICH = (
    oximetry(1, "97"),
    oximetry(2, "96.50"),
    oximetry(3, "88", Quality.QUESTIONABLE),
    oximetry(4, "97", Quality.INVALID),
    oximetry(5, None),
    oximetry(6, "NaN"),
    pressure(30, "130", "82"),
    pressure(31, "210", "80", typed=True),
    e.ValueWithdrawn(10),
    pressure(33, "121", "80", typed=True),
    Reading("ee", at(34), HeartRate(Value(Decimal(71)))),
    Reading("cc", at(35), CuffPressure(Value(Decimal(140)))),
    e.AlarmRaised("spo2_low", 2, "SpO2 below 90 for 15 s, set by Dr. Okafor", {"value": "84"}),
    e.AlarmStepped("spo2_low", 3),
    e.AlarmAcknowledged("spo2_low"),
    e.AlarmAcknowledged("spo2_low"),
    e.AlarmCleared("spo2_low"),
    e.AlarmRaised("spo2_low", 1),
    e.AlarmCleared("no_signal"),
    e.AlarmRaised("no_signal", 2),
    e.NoteAdded('=HYPERLINK("http://x"),\r\n"quoted", ümlaut 山'),
    e.RunAnchored("boot-1", -300, 2),
    waveform(40, 1, None, 3, beats=(2,)),
    oximetry(41, "95"),
    e.SessionEnded("released"),
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("record") / "record.db"
    write(path, *RICH)
    return path


@pytest.fixture(scope="module")
def made(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(record, tmp_path_factory.mktemp("out") / "csv")


@pytest.mark.parametrize(
    ("file", "view"),
    [
        ("vitals", "v_vitals"),
        ("blood_pressure", "v_blood_pressure"),
        ("events", "v_events"),
        ("alarms", "v_alarms"),
        ("session", "v_sessions"),
        ("waveform", "v_waveform"),
    ],
)
def test_each_table_reads_back_as_the_records_own_view(file: str, view: str, record: Path, made: Path) -> None:
    order = {"v_alarms": "raised_utc, name", "v_sessions": "session_id"}.get(view, "t_s")
    lines, shown = read(made / f"{file}.csv"), select(record, f"SELECT * FROM {view} ORDER BY {order}")
    if view == "v_alarms":
        lines.sort(key=lambda line: (line["raised_utc"], line["name"]))
    assert len(lines) == len(shown) > 0
    for line, row in zip(lines, shown, strict=True):
        for column in line.keys() & row.keys():
            value = {0: "false", 1: "true"}[row[column]] if column == "simulated" else row[column]
            assert same(line[column], value), (column, line[column], value)
    assert not set(shown[0]) - set(lines[0]) - {"stored", "signer", "verified", "imported_utc"}


def test_a_number_that_nobody_vouched_for_is_an_empty_cell(made: Path) -> None:
    assert [line["spo2_percent"] for line in read(made / "vitals.csv")] == ["97", "96.50", "88", "", "", "", "95"]


def test_every_instant_has_its_zone_and_the_offset_that_held_then(made: Path) -> None:
    first, *_, last = read(made / "vitals.csv")
    assert (first["utc"], first["local"]) == ("2026-11-24T18:23:01.000+00:00", "2026-11-24T19:23:01.000+01:00")
    assert (last["utc"], last["local"]) == ("2026-11-24T18:23:41.000+00:00", "2026-11-24T13:23:41.000-05:00")


def test_lines_end_as_rfc_4180_says_and_there_is_no_mark(made: Path) -> None:
    for path in made.glob("*.csv"):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\r\n")
        assert content.replace(b"\r\n", b"").count(b"\n") == 0, path


def test_a_text_that_a_spreadsheet_would_run_is_guarded_and_can_be_had_back(made: Path) -> None:
    note = next(line for line in read(made / "events.csv") if line["kind"] == "note_added")
    assert json.loads(note["data"])["text"] == RICH[20].text  # type: ignore[union-attr]
    assert not any(
        cell.startswith(("=", "+", "@")) for path in made.glob("*.csv") for line in read(path) for cell in line.values()
    )


@given(st.text(st.sampled_from("=+-@'\t\r\n a1＝"), max_size=4))
def test_the_guard_is_undone_by_taking_one_apostrophe_away(text: str) -> None:
    guarded = tables.guarded(text)
    assert guarded.removeprefix("'") == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


_TEXT = st.one_of(st.text(max_size=5), st.text("\",\r\n=+-@'a ", max_size=5), st.sampled_from(list(Quality)))


@given(st.lists(_TEXT, min_size=12, max_size=12))
def test_a_line_is_what_pythons_own_writer_makes_of_its_guarded_cells(cells: list[str]) -> None:
    """Most lines are joined and never see that writer."""
    numbers = {place for place, column in enumerate(VITALS.columns) if column.kind in ("number", "time")}
    cells = ["-1.5" if place in numbers else cell for place, cell in enumerate(cells)]
    expected = io.StringIO()
    guarded = [cell if place in numbers else tables.guarded(cell) for place, cell in enumerate(cells)]
    csv.writer(expected, lineterminator="\r\n").writerow(guarded)
    assert tables.written(tables.Line(VITALS, tuple(cells))) == expected.getvalue()


def test_a_negative_number_is_no_formula(tmp_path: Path) -> None:
    with tables.Files(tmp_path) as files:
        files.add(tables.Line(TABLES[0], tuple("-1" for _ in TABLES[0].columns)))
    (line,) = read(tmp_path / "session.csv")
    assert line["utc_offset_min"] == "-1"
    assert line["plan"] == "'-1"


def test_the_dictionary_names_every_column_of_every_file(made: Path) -> None:
    told = [(line["file"], line["column"]) for line in read(made / "dictionary.csv")]
    there = {p.name for p in made.glob("*.csv") if p.name != "dictionary.csv" and "o2-insight" not in p.name}
    headers = {t.name: (made / f"{t.name}.csv").read_text(encoding="utf-8").splitlines()[0] for t in TABLES}
    found = [(f"{name}.csv", column) for name, header in headers.items() for column in header.split(",")]
    assert told == found
    assert {file for file, _ in told} == there
    assert all(column.meaning for table in (*TABLES, DICTIONARY) for column in table.columns)


def test_limits_that_nobody_confirmed_say_so_in_every_file_that_has_limits(made: Path) -> None:
    for name in ("session", "alarms"):
        assert read(made / f"{name}.csv")[0]["limits_confirmed"] == "limits not confirmed by a provider"
    assert "NOT CONFIRMED BY A PROVIDER" in (made / "README.txt").read_text(encoding="utf-8")


def test_an_empty_session_has_the_tables_with_their_headers_only(tmp_path: Path) -> None:
    write(tmp_path / "record.db")
    made = exported(tmp_path / "record.db", tmp_path / "csv")
    names = {f"{table.name}.csv" for table in ALWAYS} | {"dictionary.csv", "README.txt"}
    assert {p.name for p in made.iterdir()} == names
    assert read(made / "vitals.csv") == []
    assert "had not ended" in (made / "README.txt").read_text(encoding="utf-8")


def test_rows_without_an_opening_are_refused() -> None:
    with pytest.raises(ExchangeError) as refused:
        whole(())
    assert refused.value.reason is Reason.NO_SESSION


# --- the oximetry tools' form -----------------------------------------------------------------------------------------


def test_only_valid_live_seconds_have_a_line_for_oximetry_tools(made: Path) -> None:
    lines = (made / "o2-insight-1.csv").read_bytes().decode().split("\r\n")
    assert lines == [
        o2insight.HEADER,
        '"07:23:01PM Nov 24, 2026",97,62,,,,',
        '"07:23:02PM Nov 24, 2026",97,62,,,,',
        '"01:23:41PM Nov 24, 2026",95,62,,,,',
        "",
    ]


def test_another_program_reads_the_records_valid_values_from_it(record: Path, made: Path) -> None:
    """o2ring-analyzer, by its own rules for encoding, delimiter, header and columns."""
    raw = (made / "o2-insight-1.csv").read_bytes()
    text = raw.decode(o2.detect_encoding(raw))
    delimiter, header = o2.detect_delimiter_and_header(text)
    assert (header, o2.detect_decimal(text, delimiter, header)) == (0, ".")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    names = list(lines[0])
    time, spo2, pulse = (
        o2._match_column(names, synonyms) for synonyms in (o2.TIME_SYNONYMS, o2.SPO2_SYNONYMS, o2.PULSE_SYNONYMS)
    )
    query = "SELECT t_s, spo2_percent, pulse_bpm FROM v_vitals WHERE quality = 'valid' AND spo2_percent IS NOT NULL"
    kept = select(record, query)
    numbers = [(number(Decimal(str(one["spo2_percent"]))), number(Decimal(str(one["pulse_bpm"])))) for one in kept]
    assert [(one[spo2], one[pulse]) for one in lines] == numbers
    times = [datetime.strptime(one[time], "%I:%M:%S%p %b %d, %Y") for one in lines]
    begun = datetime.fromtimestamp(START.utc_ns // 10**9, UTC).replace(tzinfo=None)
    zones = [timedelta(hours=1), timedelta(hours=1), timedelta(hours=-5)]  # it was another one when monitoring went on
    seconds = [(when - zone - begun).total_seconds() for when, zone in zip(times, zones, strict=True)]
    assert seconds == [one["t_s"] for one in kept]


def test_each_device_has_a_file_of_its_own_and_a_missing_pulse_is_no_zero(tmp_path: Path) -> None:
    other = Reading("dd", at(2), Oximetry(Value(Decimal(93)), Value(Decimal(50), Quality.QUESTIONABLE)))
    typed = Reading("typed", at(3), Oximetry(Value(Decimal(92)), Value(None)), source=Source.TYPED)
    write(tmp_path / "record.db", oximetry(1), other, typed, oximetry(4))
    made = exported(tmp_path / "record.db", tmp_path / "csv")
    assert len((made / "o2-insight-1.csv").read_text().splitlines()) == 3
    assert (made / "o2-insight-2.csv").read_text().splitlines()[1] == '"07:23:02PM Nov 24, 2026",93,--,,,,'
    assert len(list(made.glob("o2-insight-*"))) == 2


@settings(max_examples=300)
@given(st.integers(0, 2_000_000_000), st.integers(-720, 840))
def test_twelve_hour_times_are_the_same_instant(second: int, offset_min: int) -> None:
    told = datetime.strptime(o2insight._time(second * 10**9, offset_min), "%I:%M:%S%p %b %d, %Y").replace(tzinfo=UTC)
    assert told - timedelta(minutes=offset_min) == datetime.fromtimestamp(second, UTC)


def test_a_pair_is_judged_by_its_worst_as_in_the_view(tmp_path: Path) -> None:
    qualities = list(Quality)
    pairs = [(a, b) for a in qualities for b in qualities]
    rows = [
        Reading("cc", at(i), Pressure(Value(Decimal(120), a), Value(Decimal(80), b), Value(None)))
        for i, (a, b) in enumerate(pairs)
    ]
    write(tmp_path / "record.db", *rows)
    made = exported(tmp_path / "record.db", tmp_path / "csv")
    shown = select(tmp_path / "record.db", "SELECT quality FROM v_blood_pressure ORDER BY t_s")
    assert [line["quality"] for line in read(made / "blood_pressure.csv")] == [row["quality"] for row in shown]


def test_the_limits_of_a_confirmed_plan_name_who_confirmed_them(tmp_path: Path) -> None:
    v = msgspec.structs.replace(opened(), plan_confirmed="Dr. Okafor, 2026-11-03, prescriber")
    writer = recorder(tmp_path / "record.db")
    writer.append_event(v, at(0), "Session opened")
    writer.close()
    made = exported(tmp_path / "record.db", tmp_path / "csv")
    assert read(made / "session.csv")[0]["limits_confirmed"] == "Dr. Okafor, 2026-11-03, prescriber"
