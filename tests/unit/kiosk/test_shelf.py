"""What the provider's window reads: lists, one session, a series, other limits; and that nothing in it is made up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median_low

import msgspec
import pytest

from bench import practice
from devices.reading import Oximetry, Quality, Reading
from kiosk.cli import main
from kiosk.exchange.glance import glanced
from kiosk.planfile import read_plan
from kiosk.record import driver
from kiosk.record.copy import plain_copy
from kiosk.record.fault import Reason, RecordError
from kiosk.record.shelf import Shelf
from kiosk.record.summary import summed
from kiosk.session.limits import Hard, Limits
from tests.unit.kiosk.record_samples import select

MINUTES = 24


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("practice")
    for n in (0, 1, practice.PATIENTS):
        practice.pack(n, practice.signer_of(), folder, MINUTES)
    assert main(["import", str(folder), "--data-dir", str(folder)]) == 0
    return folder / "library.db"


@pytest.fixture
def shelf(library: Path) -> Iterator[Shelf]:
    with Shelf(library) as opened:
        yield opened


def changed(library: Path, to: Path, *statements: str) -> Path:
    """A copy into which somebody wrote past the program."""
    target = to / "changed.db"
    plain_copy(library, target)
    connection = driver.connect(target, read_only=False)
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return target


def test_the_list_has_the_newest_first_with_its_flags(shelf: Shelf) -> None:
    entries = shelf.entries()
    assert [entry.line.session_id for entry in entries] == [practice.session_id(n) for n in (practice.PATIENTS, 1, 0)]
    first = entries[-1]
    assert (first.line.verified, first.line.simulated, first.line.ended_how) == ("unknown", False, "released")
    assert first.summary.severities == {"high": 1}
    assert first.summary.limits_confirmed == ""
    assert (first.summary.dose_s, first.summary.notes, first.remarks) == (900.0, 2, 0)
    assert len(first.summary.gaps) == 1
    assert 60 < first.summary.gap_s < 64


def test_each_minute_is_of_its_valid_values_and_a_minute_without_is_not_there(shelf: Shelf) -> None:
    session = shelf.session(practice.session_id(0))
    by_minute: dict[int, list[Decimal]] = {}
    for row in session.rows:
        if isinstance(row.what, Reading) and isinstance(row.what.measurement, Oximetry):
            value = row.what.measurement.spo2
            if value.quality is Quality.VALID and value.number is not None:
                by_minute.setdefault(int((row.t_s - 900) // 60), []).append(value.number)
    (part,) = (one for one in shelf.series(practice.patient_id(0)).parts if one.line == session.line)
    found = {minute: spo2 for minute, spo2, _ in map(msgspec.structs.astuple, part.minutes["dose"]) if spo2}
    assert found.keys() == by_minute.keys()
    assert len(found) == MINUTES - 2  # the minute before the start, and the gap
    for minute, spread in found.items():
        expected = by_minute[minute]
        assert (Decimal(spread.low), Decimal(spread.high)) == (min(expected), max(expected))
        assert (Decimal(spread.median), spread.count) == (median_low(expected), len(expected))
    assert {minute.minute for minute in part.minutes["started"]} == {minute + 14 for minute in found}


def test_a_session_is_folded_and_its_chart_comes_in_pages(shelf: Shelf) -> None:
    session = shelf.session(practice.session_id(1))
    assert session.state.ended_how == "released"
    assert session.plan is not None
    assert (session.pages[0].reset, session.pages[-1].more) == (True, False)
    points = [point for page in session.pages for point in page.points]
    assert len(points) == session.summary.readings - len(session.summary.pressures)
    assert any(point.spo2 is None for point in points)
    assert [alarm.name for alarm in session.alarms] == ["spo2_low"]
    with pytest.raises(RecordError) as caught:
        shelf.session("s-none")
    assert caught.value.reason is Reason.UNKNOWN_SESSION


def test_a_series_is_of_one_patient_the_oldest_first(shelf: Shelf) -> None:
    series = shelf.series(practice.patient_id(0))
    assert [part.line.session_id for part in series.parts] == [practice.session_id(n) for n in (0, practice.PATIENTS)]
    assert shelf.series("nobody").parts == ()


def test_other_limits_would_have_alarmed_otherwise(shelf: Shelf) -> None:
    session_id = practice.session_id(0)
    none, strict = Limits(), Limits(spo2_hard=Hard(Decimal(95)))
    names = lambda limits: {alarm.name for alarm in shelf.judged(session_id, limits).alarms}  # noqa: E731
    assert names(none) == {"no_signal"}
    assert "spo2_very_low" in names(strict)
    assert shelf.judged(session_id, strict) is shelf.judged(session_id, strict)
    assert shelf.judged(session_id, read_plan("").plan.limits).severities["high"] > 0


def test_what_was_kept_is_what_the_rows_come_to_and_somebody_who_changes_it_is_told(
    library: Path, shelf: Shelf, tmp_path: Path
) -> None:
    session_id = practice.session_id(0)
    assert shelf.problems(session_id) == []
    better = "UPDATE summary SET minutes = replace(minutes, '[93.0', '[97.0')"
    with Shelf(changed(library, tmp_path, better)) as bent:
        (problem,) = bent.problems(session_id)
    assert "summary" in problem.what


def test_a_summary_of_another_end_or_form_or_without_sense_is_made_anew(
    library: Path, shelf: Shelf, tmp_path: Path
) -> None:
    expected = shelf.series(practice.patient_id(0))
    for n, change in enumerate(("rows = rows - 1", "form = 99", "body = '{', minutes = '['")):
        folder = tmp_path / str(n)
        folder.mkdir()
        with Shelf(changed(library, folder, f"UPDATE summary SET {change}")) as other:
            assert other.series(practice.patient_id(0)) == expected
            assert [entry.summary for entry in other.entries()] == [entry.summary for entry in shelf.entries()]


def test_a_record_without_summaries_tells_the_same(shelf: Shelf, library: Path, tmp_path: Path) -> None:
    with Shelf(changed(library, tmp_path, "DELETE FROM summary")) as plain:
        assert plain.series(practice.patient_id(0)) == shelf.series(practice.patient_id(0))


def test_a_session_file_is_looked_at_without_a_library_and_leaves_nothing(library: Path, tmp_path: Path) -> None:
    path = library.parent / "00000.session.zip"
    with glanced(path, lambda _: "false", 1) as seen:
        assert seen.library is not None
        with Shelf(seen.library) as shelf:
            assert [entry.line.session_id for entry in shelf.entries()] == [practice.session_id(0)]
    assert not seen.library.exists()
    cut = tmp_path / "cut.session.zip"
    cut.write_bytes(path.read_bytes()[:-1])
    with glanced(cut, lambda _: "false", 1) as seen:
        assert (seen.library, seen.outcome.what) == (None, "quarantined")


def test_a_summary_of_nothing_is_of_nothing() -> None:
    made = summed(()).summary()
    assert (made.rows, made.valid_share, made.gaps, made.dose_s) == (0, None, (), None)


def test_the_views_of_the_library_are_those_of_the_contract(library: Path) -> None:
    (count,) = select(library, "SELECT count(*) AS n FROM v_remarks")
    assert count == {"n": 0}


def test_replay_says_of_a_series_what_other_limits_would_have_alarmed(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["replay", str(library), "--series", practice.patient_id(0)]
    assert main(words) == 0
    *sessions, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in sessions] == [practice.session_id(n) for n in (0, practice.PATIENTS)]
    assert last.startswith("With the limits of example-plan.toml (not confirmed by a provider) this series of 2 would")
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    by_session = {one["session"]: sum(one["counts"].values()) for one in told["sessions"]}
    assert by_session == Counter(alarm["session"] for alarm in told["alarms"])
    assert main(["replay", str(library), "--series", "nobody"]) == 1
    assert "no session of patient 'nobody'" in capsys.readouterr().err


def test_a_library_is_exported_but_no_session_is_signed_anew_from_it(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "--from", str(library), "--data-dir", str(library.parent), "--yes"]
    copy = tmp_path / "practice.db"
    assert main([*words, "all", "--format", "sqlite", "--to", str(copy)]) == 0
    assert [row["session_id"] for row in select(copy, "SELECT session_id FROM v_sessions ORDER BY started_utc")] == [
        practice.session_id(n) for n in (0, 1, practice.PATIENTS)
    ]
    assert main([*words, "last", "--format", "csv", "--to", str(tmp_path / "csv")]) == 0
    assert (tmp_path / "csv" / "vitals.csv").exists()
    capsys.readouterr()
    assert main([*words, "last"]) == 1
    assert "signed by who recorded it" in capsys.readouterr().err
    assert main(["export", "all", "--from", str(tmp_path / "none.db"), "--format", "csv"]) == 1
    assert "none.db is not there" in capsys.readouterr().err
