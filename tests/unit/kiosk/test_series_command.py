"""`kiosk series`: from a real record, on a terminal, as JSON and as a calendar file."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import msgspec
import pytest

from devices.reading import Stamp
from kiosk.cli import main
from kiosk.history import history
from kiosk.opening import known_before
from kiosk.options import MonitorOptions
from kiosk.planfile import read_plan
from kiosk.record.reader import Reader
from kiosk.session import events as e
from kiosk.session.state import State
from kiosk.zone import zone_name
from tests.unit.kiosk.evening import EXAMPLE, PLAN
from tests.unit.kiosk.record_samples import opened, recorder

FIRST = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)  # 19:00 on 4 November in Chicago


def stamp(at: datetime, minutes: float) -> Stamp:
    ns = int(at.timestamp()) * 10**9 + round(minutes * 60) * 10**9
    return Stamp(ns, ns)


def told(folder: Path, session_id: str, at: datetime, *, dose: bool = True, taken_back: bool = False) -> None:
    """One session of the example's patient, written by the real recorder."""
    begun = msgspec.structs.replace(
        opened(session_id), kind="patient", patient_id=PLAN.patient.id, utc_offset_min=-360, simulated=False
    )
    rows: list[tuple[e.AnyEvent, Stamp, str]] = [(begun, stamp(at, 0), ""), (e.SessionStarted(), stamp(at, 30), "")]
    if dose:
        rows.append((e.DoseMarked(stamp(at, 60).utc_ns), stamp(at, 60), ""))
    if taken_back:
        rows.append((e.EventWithdrawn(3, "dose_marked"), stamp(at, 61), ""))
    rows.append((e.SessionEnded("released"), stamp(at, 180), ""))
    writer = recorder(folder / "record.db")
    for event, when, text in rows:
        writer.append_event(event, when, text)
    writer.close()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    told(made, "s-1", FIRST)
    told(made, "s-2", datetime(2026, 11, 8, 1, 0, tzinfo=UTC))
    told(made, "s-3", datetime(2026, 11, 9, 1, 0, tzinfo=UTC), dose=False)
    told(made, "s-4", datetime(2026, 11, 10, 1, 0, tzinfo=UTC), taken_back=True)
    return made


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def test_only_sessions_with_a_dose_that_stands_are_of_the_series(folder: Path) -> None:
    found = history(folder / "record.db", PLAN.patient.id)
    assert [s.session_id for s in found.sessions] == ["s-1", "s-2"]
    assert found.sessions[0] == e.Earlier("s-1", stamp(FIRST, 60).utc_ns, stamp(FIRST, 180).utc_ns, -360)
    assert history(folder / "record.db", PLAN.patient.id, apart_from="s-1").sessions[0].session_id == "s-2"
    assert history(folder / "record.db", "p-somebody-else").sessions == ()
    assert history(folder / "none.db", PLAN.patient.id).sessions == ()


def test_show_tells_done_and_missed_and_what_is_left(
    folder: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("series", "--plan", plan, "--data-dir", folder) == 0
    said = capsys.readouterr().out
    for line in (
        "Session 1 of 6  Wed 4 Nov 2026 – Fri 6 Nov 2026  done",
        "Session 2 of 6  Sat 7 Nov 2026 – Tue 10 Nov 2026  done",
        "Session 3 of 6  Wed 11 Nov 2026 – Fri 13 Nov 2026  missed",
        "6 doses left",
        "The plan lasts for 4 more sessions",
    ):
        assert line in said
    assert run("series", "--plan", plan, "--data-dir", folder, "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["done"], facts["planned"], facts["doses_left"]) == (2, 6, 6)
    assert [slot["stands"] for slot in facts["slots"][:3]] == ["done", "done", "missed"]
    assert facts["sessions"][0]["dose_utc"] == "2026-11-04T20:00:00.000-06:00"


def test_the_calendar_file_is_whole_and_never_replaces_one(
    folder: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "sessions.ics"
    words = ("series", "ics", "--plan", plan, "--data-dir", folder, "--to", target, "--zone", "America/Chicago")
    assert run(*words) == 0
    calendar = icalendar.Calendar.from_ical(target.read_bytes())
    done = next(event for event in calendar.events if event["UID"] == f"{PLAN.patient.id}.session-1@session-room")
    assert done.DTSTART.isoformat() == "2026-11-04T20:00:00-06:00"
    assert target.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    before = target.read_bytes()
    assert run(*words) == 1
    assert "is there already" in capsys.readouterr().err
    assert target.read_bytes() == before


def test_what_is_no_zone_is_refused_in_one_sentence(
    folder: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("series", "ics", "--plan", plan, "--data-dir", folder, "--zone", "Mars/Olympus") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Mars/Olympus is no time zone" in said


def test_the_computers_zone_is_read_from_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    table = tmp_path / "zoneinfo" / "Europe" / "Berlin"
    table.parent.mkdir(parents=True)
    table.touch()
    link, written = tmp_path / "localtime", tmp_path / "timezone"
    link.symlink_to(table)
    assert zone_name(link, written) == "Europe/Berlin"
    written.write_text("Asia/Tokyo\n")
    assert zone_name(tmp_path / "none", written) == "Asia/Tokyo"
    written.write_text("nowhere at all\n")
    assert zone_name(tmp_path / "none", written) == ""
    monkeypatch.setenv("TZ", ":America/Chicago")
    assert zone_name(tmp_path / "none", written) == "America/Chicago"


def answers(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_questions_after_a_session_go_behind_its_end_and_are_signed_with_it(
    folder: Path, plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, "1\n0\n11\n3\n\n1\n")
    assert run("followup", "--plan", plan, "--data-dir", folder, "--form", "follow_24h", "--json") == 0
    said = capsys.readouterr()
    facts = json.loads(said.out)
    assert facts == {
        "session": "s-2",
        "answered": [
            {
                "form": "follow_24h",
                "values": {"slept": 1, "unsteady": 0, "nausea": 3, "thoughts": 1},
                "missing": ["mood"],
            }
        ],
    }
    assert "Call now.\n  Crisis line, day and night: 988\n  Dr. Okafor, provider: 555 0142" in said.err
    with Reader(folder / "record.db") as reader:
        kinds = [row.kind for row in reader.rows("s-2")]
        assert reader.verify_chain("s-2") == []
    assert kinds[kinds.index("session_ended") + 1 :] == [
        "run_anchored", *["item_answered"] * 5, "thoughts_reported", "score_taken", "chain_sealed",
    ]  # fmt: skip
    found = history(folder / "record.db", PLAN.patient.id)
    assert [(one.form, one.about) for one in found.taken] == [("follow_24h", "s-2")]


def test_thoughts_reported_after_a_session_hold_the_next_start(
    folder: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = MonitorOptions(data_dir=str(folder), kind="patient", plan=str(plan))
    before = known_before(options, read_plan(str(plan)), folder / "record.db")
    assert not any(isinstance(event, e.ThoughtsReported) for event in before)
    answers(monkeypatch, "1\n0\n11\n3\n\n1\n")
    assert run("followup", "--plan", plan, "--data-dir", folder, "--form", "follow_24h") == 0
    after = known_before(options, read_plan(str(plan)), folder / "record.db")
    reports = [event for event in after if isinstance(event, e.ThoughtsReported)]
    assert reports == [e.ThoughtsReported("follow_24h", "thoughts", 1, "s-2")]
    state = State().apply(reports[0], 1, Stamp(0, 0), 0.0)
    assert state.scores.standing


def test_questions_that_are_broken_off_leave_nothing_behind(
    folder: Path, plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, "1\n0\n")
    assert run("followup", "--plan", plan, "--data-dir", folder, "--form", "bladder") == 1
    assert "broken off. Nothing was written." in capsys.readouterr().err
    with Reader(folder / "record.db") as reader:
        assert [row.kind for row in reader.rows("s-2")][-1] == "session_ended"


def test_what_the_plan_does_not_ask_is_not_asked(folder: Path, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(EXAMPLE.replace("follow_ups = true", "follow_ups = false"), encoding="utf-8")
    assert run("followup", "--plan", plan, "--data-dir", folder) == 1
    assert "asks nothing after a session" in capsys.readouterr().err
