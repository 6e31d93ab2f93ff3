"""The report: the record's own values on paper, nothing filled in, read back by a reader that is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from devices.reading import BY_DESCRIPTION, Oximetry, Pressure, Quality, Reading, Source, Value
from kiosk.exchange.block import space
from kiosk.exchange.pdf import Document, Paper
from kiosk.exchange.report import curve, effect, first, measured
from kiosk.exchange.report.axis import Span, scale
from kiosk.exchange.report.case import Case, of
from kiosk.exchange.report.letter import Letters
from kiosk.exchange.report.report import drawn, report
from kiosk.exchange.report.sheets import Sheets
from kiosk.exchange.report.trace import Trace
from kiosk.exchange.source import of_record
from kiosk.record.reader import Reader
from kiosk.record.seal import load_signer
from kiosk.session import events as e
from kiosk.text import Names, sentence
from tests.unit.kiosk.evening import EXAMPLE, PLAN
from tests.unit.kiosk.record_samples import at, opened, recorder

OXIMETER, CUFF = "aa:bb:cc:00:00:01", "aa:bb:cc:00:00:02"
CONFIRMED = EXAMPLE + '\n[confirmed]\nby = "Dr. Okafor"\non = 2026-11-03\nrole = "prescriber"\n'
NAMES = Names("Robin", "Sam", 60)
DOSE = 600
LIMIT = "SpO2 below 90 for 15 s, set by Dr. Okafor, 3 Nov 2026"
Told = tuple[float, Any]


def ox(second: float, spo2: int | None, quality: Quality = Quality.VALID, source: Source = Source.DEVICE) -> Told:
    value = Value(None if spo2 is None else Decimal(spo2), quality)
    return second, Reading(OXIMETER, at(second), Oximetry(value, Value(Decimal(66), quality)), source=source)


def bp(minute: float, systolic: int, diastolic: int, source: Source = Source.DEVICE) -> Told:
    second = DOSE + minute * 60
    numbers = (Value(Decimal(systolic)), Value(Decimal(diastolic)), Value(Decimal(95)))
    return second, Reading(CUFF, at(second), Pressure(*numbers, Value(Decimal(70))), source=source)


def minute(m: float, *events: Any) -> list[Told]:
    return [(DOSE + m * 60, event) for event in events]


BEFORE: list[Told] = [
    (1, e.DeviceChosen(OXIMETER, "oximeter", "Ox", "plx")),
    (2, e.DeviceIdentified(OXIMETER, "Ox", "Maker", "M1", "S-17", "r2.1", known_by="public capture")),
    (2, e.DeviceRecognised(OXIMETER, "bond")),
    (3, e.DeviceChosen(CUFF, "cuff", "Cuff", "bls")),
    (4, e.DeviceIdentified(CUFF, known_by=BY_DESCRIPTION)),
    (10, e.CheckAnswered("sitter", "yes", True, {"name": "Sam Rivera"})),
    (60, e.CheckOverridden("clear_liquids", "A sip of water with the tablet.", "Sam Rivera")),
    (100, e.CheckAnswered("baseline", "take", True, {"spo2": "97", "pulse": "66"})),
    bp(-4, 126, 80),
    (400, e.CheckAnswered("pressures", "measured", True, {"first": "128/80", "second": "126/80"})),
    (590, e.SessionStarted()),
    (DOSE, e.DoseMarked(at(DOSE).utc_ns)),
    (DOSE + 1, e.PhaseMarked("onset", "Onset", True)),
]
DURING: list[Told] = [
    *(ox(DOSE + s, 97) for s in range(0, 1200, 10)),
    *(ox(DOSE + s, 84) for s in range(1800, 1900, 10)),  # after ten minutes without a value
    *(ox(DOSE + s, 95, Quality.QUESTIONABLE) for s in range(1900, 2000, 10)),
    *(ox(DOSE + s, 96) for s in range(2000, 8250, 10)),
    ox(DOSE + 2500, 61, Quality.TEST),
    ox(DOSE + 2510, 62, Quality.STORED, Source.STORED),
    *minute(15, e.ResponseRecorded("loud voice")),
    *minute(30.5, e.AlarmRaised("spo2_low", 3, LIMIT, {"value": "84"})),
    *minute(30.6, e.AlarmAcknowledged("spo2_low")),
    *minute(32, e.AlarmCleared("spo2_low", "recovered")),
    *minute(33, e.HappeningTapped("vomiting")),
    *minute(36, e.StepAnswered("happening vomiting", "stay", "over", "stay")),
    bp(33, 150, 90),
    bp(41, 166, 101),
    *minute(46, e.ResponseRecorded("touch")),
    *minute(56, e.NoteAdded("head turned, calm")),
    *minute(57, e.BreathsCounted(7, 30.0)),
    *minute(96, e.ResponseRecorded("normal voice")),
    bp(118, 127, 80, Source.TYPED),
    *minute(128, e.ReadyMarked()),
    *minute(137, e.Released("Sam Rivera")),
    *minute(138, e.SessionEnded("released")),
]
FULL = [*BEFORE, *DURING]


def record(folder: Path, rows: Iterable[Told], **changed: Any) -> Path:
    """A sealed record of these rows, in order of time."""
    folder.mkdir(mode=0o700, exist_ok=True)
    writer = recorder(folder / "record.db")
    made = {"plan_toml": CONFIRMED, "plan_confirmed": "Dr. Okafor, 2026-11-03, prescriber", "plan_author": "Dr. Okafor"}
    made |= {"medication": "Ketamine", "dose_mg": Decimal(120), "limits": PLAN.limits.sentences(), "kind": "patient"}
    writer.append_event(msgspec.structs.replace(opened("s-0a11"), **{**made, **changed}), at(0), "Session opened")
    writer.append_event(e.RunAnchored("boot-1", 60, 1), at(0), "Monitoring started")
    last_s = 0.0
    for second, row in sorted(rows, key=lambda told: told[0]):
        last_s = second
        if isinstance(row, Reading):
            writer.append_reading(row)
        else:
            writer.append_event(row, at(second), sentence(row, NAMES))
    writer.seal(load_signer(folder), at(last_s), lambda seal: f"{seal.length} rows are sealed.")
    writer.close()
    return folder / "record.db"


def case(folder: Path, rows: Iterable[Told], **changed: Any) -> Case:
    with Reader(record(folder, rows, **changed)) as reader:
        return of(of_record(reader, "s-0a11"))


def pages(content: bytes) -> list[str]:
    """Each page's text, all white space as one space."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case(tmp_path_factory.mktemp("report") / "data", FULL)


@pytest.fixture(scope="module")
def words(full: Case) -> list[str]:
    return pages(drawn(full))


# --- the form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "Patient Robin", "Patient id 7f3a", "Monitored by Sam Rivera", "Provider Dr. Okafor, 2026-11-03, prescriber",
        "Place 14 Alder Lane, Flat 3, Springfield", "Other medicines sertraline, lisinopril",
        "Medicine Ketamine", "120 mg, under the tongue", "Lot EXAMPLE-0001", "Dose taken 19:33",
        "Ready 21:41, 128 min after the dose", "Released 21:50, 137 min after the dose", "Dose to end 137 min",
        "Blood pressure before 126/80 mmHg, mean 95, pulse 70; 19:29, 4 min before the dose",
        "40 min after (30 to 50) 166/101 mmHg, mean 95, pulse 70; 20:14, 41 min after the dose; AT OR ABOVE THE LIMIT",
        "Last before release 127/80 mmHg, mean 95, pulse 70, typed by the sitter; 21:31, 118 min after the dose",
        "SpO2, pulse before SpO2 97 %, pulse 66", "SpO2 and pulse passed; blood pressure passed",
        "“ready” at 21:41: the plan's rules that could be compared were met",
        "Lowest valid SpO2 84 % at 20:03, 30 min after the dose",
        "Sedation yes 19:48, 15 min after the dose 21:09, 96 min after the dose 3 response checks; deepest: woke only",
        "Dissociation not recorded – –", "For the provider to judge: Oxygen is low; 1 breath count",
        "20:06, 33 min after the dose: Vomiting, over after 3 min",
        "19:24: No clear liquid: “A sip of water with the tablet.”, by Sam Rivera",
        "Reviewed by Signature Date",
    ],
)  # fmt: skip
def test_the_first_page_is_filled_from_the_record(words: list[str], said: str) -> None:
    assert said in words[0]


def test_what_nobody_recorded_says_so_and_no_number_is_invented(tmp_path: Path) -> None:
    bare = case(tmp_path / "data", [], medication="", dose_mg=None, plan_toml="", plan_confirmed="", plan_author="")
    found = pages(drawn(bare))
    for field in ("Provider", "Place", "Lot", "Dose taken", "Session started", "Ready", "Released", "Dose to end"):
        assert f"{field} not recorded" in found[0]
    for field in ("Blood pressure before", "Last before the end", "Lowest valid SpO2", "Valid SpO2", "Sedation"):
        assert f"{field} not recorded" in found[0]
    assert "SpO2 and pulse not recorded; blood pressure not recorded" in found[0]
    assert "Session ended not ended" in found[0]
    assert "The session had not ended when this was made." in found[0]
    assert "The plan cannot be read by this program" in " ".join(found)
    assert not re.search(r"\d+/\d+ mmHg|\d %|mg\b", found[0])


def test_share_of_valid_spo2_says_of_what_and_counts_no_questionable_value(full: Case, words: list[str]) -> None:
    share = measured.share(full)
    assert share is not None
    whole_s = 137 * 60 + 10  # from the start, ten seconds before the dose, to the release
    until_s = DOSE + 137 * 60
    gaps_s = (1800 - 1190) + (2000 - 1890)
    assert share.valid == pytest.approx(1 - gaps_s / whole_s)
    assert share.usable == pytest.approx(1 - (1800 - 1190) / whole_s)
    assert (share.from_ns, share.until_ns) == (at(590).utc_ns, at(until_s).utc_ns)
    assert "91.2 % of the time from the start of the session (19:32) to release or end (21:50)" in words[0]
    assert "Another 1.3 % had only questionable values." in words[0]


def test_forty_minutes_is_the_nearest_from_30_to_50_and_nothing_further_away(tmp_path: Path) -> None:
    far = case(tmp_path / "far", [*BEFORE, bp(20, 150, 90), bp(55, 140, 85), *minute(60, e.SessionEnded("stopped"))])
    found = measured.pressures(far)
    assert found.at_40 is None
    assert found.leaving is not None
    assert found.leaving.text == "140/85"
    assert found.before is not None
    assert found.before.text == "126/80"
    only = case(tmp_path / "only", [*BEFORE, *minute(60, e.SessionEnded("stopped"))])
    assert measured.pressures(only).leaving is None  # that of before the dose is no second one


def test_sedation_is_what_the_checks_after_the_dose_found(tmp_path: Path) -> None:
    asked = [*BEFORE, (500, e.ResponseRecorded("touch")), *minute(20, e.ResponseRecorded("normal voice"))]
    assert effect.sedation(case(tmp_path / "no", asked)) == effect.Effect(False, checks=1)
    still = effect.sedation(case(tmp_path / "still", [*asked, *minute(30, e.ResponseRecorded("not at all"))]))
    assert (still.occurred, still.resolved_ns, still.seen) == (True, None, ("not at all",))
    assert effect.sedation(case(tmp_path / "none", BEFORE)).occurred is None


def test_breathing_is_resolved_only_where_every_sign_ended_by_recovering(tmp_path: Path) -> None:
    raised = [*BEFORE, *minute(30, e.AlarmRaised("spo2_low", 3, LIMIT)), ox(700, 97)]
    for why, resolved in (("recovered", True), ("data stopped", False), ("session ended", False)):
        found = effect.breathing(
            case(tmp_path / why.replace(" ", ""), [*raised, *minute(31, e.AlarmCleared("spo2_low", why))])
        )
        assert (found.occurred, found.resolved_ns is not None) == (True, resolved)
    assert effect.breathing(case(tmp_path / "calm", [*BEFORE, ox(700, 97)])).occurred is False
    assert effect.breathing(case(tmp_path / "blind", BEFORE)).occurred is None


def test_what_must_not_be_missed_stands_before_the_form_unless_it_was_taken_back(tmp_path: Path) -> None:
    spoke = [*BEFORE, *minute(80, e.HappeningTapped("dark thoughts"), e.EmergencyCalled())]
    found = case(tmp_path / "spoke", spoke)
    assert [one.text for one in first.first(found)] == ["Robin speaks of suicide.", "Sam called for help."]
    said = pages(drawn(found))[0]
    assert said.index("Read this first") < said.index("Robin speaks of suicide.") < said.index("Patient Robin")
    row = next(row.seq for row in found.events if isinstance(row.what, e.HappeningTapped))
    back = case(tmp_path / "back", [*spoke[:-1], *minute(80.1, e.EventWithdrawn(row, "happening_tapped"))])
    assert "Read this first" not in pages(drawn(back))[0]


def test_thoughts_of_death_in_a_questionnaire_stand_before_the_form(tmp_path: Path) -> None:
    told = [*BEFORE, *minute(2, e.ThoughtsReported("phq9", "9", 1))]
    said = pages(drawn(case(tmp_path / "told", told)))[0]
    assert said.index("Read this first") < said.index("THOUGHTS") < said.index("Patient Robin")


# --- chart and lists --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "A1 20:03:30 30 20:03:36 20:05:00 high Oxygen is low: 84. SpO2 below 90 for 15 s, set by Dr. Okafor,",
        "E2 19:33:00 0 Robin took the dose at 19:33.", "N1 20:29:00 56 head turned, calm",
        "20:14:00 41 166/101 95 70", "21:31:00 118 127/80 95 70 typed by the sitter",
        "19:52:50 20:03:00 10 min 10 s", "2 readings out of a device's memory or of a test mode",
        "Set by Dr. Okafor. Confirmed by Dr. Okafor, 2026-11-03, prescriber.", "Pulse above 130 for 15 s, set by",
        "oximeter: Ox aa:bb:cc:00:00:01 Maker, M1, S-17, r2.1", "(driver plx) its pairing",
        "by description only: its numbers must be compared with its own display (driver bls) not recorded",
        "Recorded by session-room 0.1.0", "Ask the sitter, by telephone, to read out the key",
    ],
)  # fmt: skip
def test_the_lists_hold_the_record_s_own_values(words: list[str], said: str) -> None:
    assert said in " ".join(words)


def test_the_signer_s_fingerprint_stands_beside_how_to_check_it(tmp_path: Path) -> None:
    found = case(tmp_path / "data", BEFORE)
    assert load_signer(tmp_path / "data").fingerprint in pages(drawn(found))[-1]


def test_the_chart_names_its_limits_phases_marks_and_both_scales_of_time(words: list[str]) -> None:
    chart = words[1]
    assert chart.index("Chart, 19:23 to 21:51, the whole session") < chart.index("min from dose")
    for said in (
        "low 90",
        "hard 85",
        "high 130",
        "low 45",
        "high 160",
        "hard 180",
        "planned",
        "Onset",
        "A1",
        "E2",
        "N1",
    ):
        assert said in chart
    assert re.search(r"166/101.*120 21:33", chart)


def test_a_long_session_has_a_chart_of_the_whole_and_of_each_part_and_stays_small(tmp_path: Path) -> None:
    rows = [*BEFORE, *(ox(s, 96 + s % 2) for s in range(600, 6 * 3600, 4)), (6 * 3600, e.SessionEnded("stopped"))]
    content = drawn(case(tmp_path / "data", rows))
    found = pages(content)
    assert ["Chart, 19:23 to 01:23, the whole session" in found[1], "Chart, 19:23 to 22:23" in found[2]] == [True, True]
    assert "Chart, 22:23 to 01:23" in found[3]
    assert len(content) < 150_000


POINTS = st.lists(st.tuples(st.integers(1, 40), st.integers(70, 100)), min_size=1, max_size=400)


@given(POINTS, st.sampled_from([0.5, 7.0, 300.0]))
def test_reducing_invents_no_value_and_loses_no_lowest_or_highest(
    steps: list[tuple[int, int]], column_s: float
) -> None:
    t_s, run = 0, list[curve.Point]()
    for wait, value in steps:
        t_s += wait
        run.append((float(t_s), float(value)))
    line = curve.drawn(run, column_s)
    assert [t for t, _ in line] == sorted(t for t, _ in line)
    assert {v for _, v in line} <= {v for _, v in run}
    for part in (run, line):
        assert (min(v for _, v in part), max(v for _, v in part)) == (min(v for _, v in run), max(v for _, v in run))
    columns = {int(t / column_s) for t, _ in run}
    assert {int(t / column_s) for t, _ in line} <= columns
    assert len(line) <= max(2 * len(run), 4 * len(columns))


@given(POINTS.filter(lambda steps: len(steps) > 50))
def test_each_column_of_a_reduced_line_has_its_first_lowest_highest_and_last(steps: list[tuple[int, int]]) -> None:
    run = [(float(i), float(value)) for i, (_, value) in enumerate(steps)]
    line = curve.drawn(run, 25.0)
    for column in {int(t / 25) for t, _ in run}:
        mine, shown = ([p for p in part if int(p[0] / 25) == column] for part in (run, line))
        assert (shown[0], shown[-1]) == (mine[0], mine[-1])
        assert {v for _, v in shown} >= {min(v for _, v in mine), max(v for _, v in mine)}


def test_no_line_crosses_a_hole_a_doubt_or_a_missing_value() -> None:
    trace = Trace()
    numbers = {0: 97, 1: 96, 2: 95, 3: 94, 4: None, 5: 93, 30: 92, 31: 91}
    for t_s, number in numbers.items():
        quality = {2: "questionable", 4: "invalid"}.get(t_s, "valid")
        trace.take(t_s, t_s, Value(None if number is None else Decimal(number), Quality(quality)), is_typed=False)
    found = curve.stretches(trace, 15.0, 0.0, 100.0)
    assert [[v for _, v in run] for run in found] == [[97, 96], [94], [93], [92, 91]]
    assert curve.dots(trace, 1.0, 0.0, 100.0) == [(2, 95.0)]
    assert curve.stretches(trace, 15.0, 30.0, 100.0) == [[(30, 92.0), (31, 91.0)]]


def test_the_part_beyond_a_limit_ends_on_the_limit_itself() -> None:
    line = [(0.0, 92.0), (10.0, 88.0), (20.0, 92.0), (30.0, 92.0)]
    assert curve.beyond(line, 90.0, is_low=True) == [[(5.0, 90.0), (10.0, 88.0), (15.0, 90.0)]]
    assert curve.beyond(line, 91.0, is_low=False)[0] == [(0.0, 92.0), (2.5, 91.0)]


def test_a_scale_is_fixed_and_grows_by_whole_steps_for_a_value_outside() -> None:
    assert scale(70, 100, 10, 0, 60, [84, 97])[:2] == (70, 100)
    low = scale(70, 100, 10, 0, 60, [58, 97])
    assert (low.low, low.y_of(50), low.y_of(100)) == (50, 60, 0)
    span = Span(0, 36_000, 10, 150, 600)
    assert [m for _, m in span.ticks()] == [0, 60, 120, 180, 240, 300, 360, 420, 480, 540]


def test_what_came_after_the_session_and_before_it_is_told_apart_from_it(tmp_path: Path) -> None:
    earlier = e.Earlier("s-1", at(-86_400 * 3).utc_ns, at(-86_000 * 3).utc_ns, 60)
    shared = e.EntryShared("A wide, slow river.", "image")
    with Reader(record(tmp_path / "data", [(5, e.SeriesRead((earlier,))), *FULL, *minute(137.5, shared)])) as reader:
        found = of(of_record(reader, "s-0a11"))
    words = " ".join(pages(drawn(found)))
    assert "Earlier sessions 1 with a dose in this record" in words
    assert "After the session Time What 2026-11-24 21:50 Robin shared from the journal: “A wide, slow river.”" in words


def test_what_is_added_behind_the_end_stands_there_too(tmp_path: Path) -> None:
    path = record(tmp_path / "data", FULL)
    with Reader(path) as reader:
        ended = reader.ended("s-0a11")
    writer = recorder(path)
    later = at(86_400 * 2)
    writer.append_later(ended, e.RunAnchored("boot-2", 60, 2), later, "Monitoring started.")
    writer.append_later(ended, e.EntryShared("It stays with me."), later, "Robin shared: “It stays with me.”")
    writer.close()
    with Reader(path) as reader:
        found = of(of_record(reader, "s-0a11"))
    words = pages(drawn(found))
    assert "After the session Time What 2026-11-26 19:23 Robin shared: “It stays with me.”" in " ".join(words)
    assert "Chart, 19:23 to 21:51, the whole session" in words[1]
    assert "2026-11-24, 19:23 to 21:51" in words[0]


# --- every page -------------------------------------------------------------------------------------------------------


def test_every_page_has_its_number_the_session_and_what_must_be_known_of_it(tmp_path: Path) -> None:
    simulated = case(tmp_path / "data", FULL, simulated=True, speed=15.0, plan_confirmed="", kind="demo")
    found = pages(drawn(simulated, doubt="row 7 was changed"))
    assert len(found) >= 3
    for n, page in enumerate(found, 1):
        assert f"Session s-0a11, page {n} of {len(found)}" in page
        assert "SIMULATED DEVICES. The values mean nobody. The clock ran 15 times faster." in page
        assert "LIMITS NOT CONFIRMED BY A PROVIDER." in page
        assert "NOT AS RECORDED: row 7 was changed" in page
        assert "Robin (7f3a), 2026-11-24, 19:23 to 21:51, UTC+01:00" in page
    assert found[0].count("Report of a demonstration") == 1


def test_a_confirmed_plan_and_real_devices_leave_the_pages_without_a_bar(words: list[str]) -> None:
    assert not any("SIMULATED" in page or "NOT CONFIRMED" in page or "NOT AS RECORDED" in page for page in words)


def test_the_same_rows_are_the_same_bytes_on_either_paper(tmp_path: Path) -> None:
    path = record(tmp_path / "data", FULL)
    with Reader(path) as reader:
        source = of_record(reader, "s-0a11")
        for paper, size in ((Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))):
            content = report(source, paper)
            assert content == report(source, paper)
            box = PdfReader(BytesIO(content)).pages[0].mediabox
            assert (round(box.width), round(box.height)) == size
            assert "Reviewed by Signature Date" in pages(content)[0]


def test_it_has_title_language_and_outline_and_names_nobody_where_viewers_list_it(full: Case) -> None:
    read = PdfReader(BytesIO(drawn(full)))
    assert read.metadata is not None
    assert read.metadata.title == "Session report s-0a11"
    assert read.root_object["/Lang"] == "en"
    entries = [entry.title for entry in read.outline if not isinstance(entry, list)]
    assert [entries[0], *entries[-3:]] == [
        "Vital signs",
        "Devices",
        "Versions",
        "Who recorded this, and how to check it",
    ]
    assert "Chart" in entries


def test_black_and_white_print_says_the_same_because_there_is_no_colour(full: Case) -> None:
    for page in PdfReader(BytesIO(drawn(full))).pages:
        drawing = page.get_contents()
        assert drawing is not None
        assert not re.search(rb"\s(rg|RG|k|K|sc|SC|scn|SCN)\b", re.sub(rb"\((\\.|[^\\)])*\)", b"", drawing.get_data()))


# --- whatever a name or a note holds ----------------------------------------------------------------------------------

INJECTED = "(\\) Tj ET endstream endobj 9 0 obj << /S /JavaScript /JS (app.alert(1)) /URI (http://x.invalid) >> {nb}"
STRANGE = (
    "😀👩‍🚀 \u202eright to left\u202c", "مرحبا كيف", "שלום", "山" * 40, "A" * 9000, "word " * 3000, INJECTED,
    "\x00\x07\x1b[31m", "Ωμέγα Привет ñ e\u0301", "line\r\nline\u2028line", "", "\u200b\ufeff",
)  # fmt: skip


def values(thing: Any, seen: set[int]) -> Iterable[str]:
    """Every name in a PDF's objects, once."""
    if isinstance(thing, IndirectObject):
        if thing.idnum in seen:
            return
        seen.add(thing.idnum)
        thing = thing.get_object()
    if isinstance(thing, DictionaryObject):
        for key, value in thing.items():
            yield key
            yield from values(value, seen)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from values(value, seen)


def test_strange_letters_long_texts_and_injected_objects_are_harmless_and_said(tmp_path: Path) -> None:
    notes = [row for i, text in enumerate(STRANGE) for row in minute(10 + i, e.NoteAdded(text))]
    found = case(tmp_path / "data", [*BEFORE, *notes], patient_label=INJECTED + "x" * 300, patient_id="山田\u202e")
    content = drawn(found)
    read = PdfReader(BytesIO(content))
    assert not {"/JS", "/JavaScript", "/URI", "/A", "/AA", "/Annots", "/Launch"} & set(
        values(read.trailer["/Root"], set())
    )
    said = " ".join(pages(content))
    for shown in ("‹grinning face›‹woman›‹rocket›", "‹right-to-left override›right to left", "‹u+0007›", "‹CJK ×40›"):
        assert shown in said
    for shown in ("‹Arabic ×5›", "‹Hebrew ×4›", "Ωμέγα Привет ñ é", "(\\) Tj ET endstream endobj 9 0 obj"):
        assert shown in said
    assert "letters or pictures cannot be drawn with this report's fonts" in said
    assert "16000 letters of very long texts are left out" in said


@given(st.text(max_size=60))
def test_what_is_drawn_has_only_drawable_letters_and_what_can_be_drawn_is_unchanged(text: str) -> None:
    drawable = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ‹›×:+-…")
    letters = Letters(drawable)
    shown = letters.shown(text)
    assert set(shown) <= drawable | {"\n"}
    if set(text) <= drawable:
        assert (shown, letters.replaced) == (text, 0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.5, 120), min_size=1, max_size=40))
def test_no_block_lies_over_another_or_outside_of_its_page(heights: list[float]) -> None:
    with Document(Paper.LETTER, "test", date(2026, 1, 1)) as doc:
        sheets = Sheets(doc, Letters(doc.drawable), lambda n, of: space(8), lambda n, of: space(5))
        for height in heights:
            sheets.gap(1)
            sheets.add(space(height))
        for page in sheets.placed():
            ends = [(one.y, one.y + one.block.height) for one in page]
            assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(ends))
            assert ends[-1][1] <= doc.height - 12 - 5
