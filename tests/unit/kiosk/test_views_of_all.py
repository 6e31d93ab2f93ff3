"""The views that other programs read: the same names and columns in a record, its plain copy and a library."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import mutations
from kiosk.cli import main
from kiosk.record import opener
from kiosk.record.copy import plain_copy
from kiosk.record.view import BOOKKEEPING
from tests.unit.kiosk.record_samples import select

COLUMNS = {
    "v_sessions": "session_id patient_id patient_label kind started_utc ended_utc utc_offset_min plan plan_author "
    "medication route dose_mg simulated speed ended_how program_version signer verified imported_utc",
    "v_vitals": "session_id utc t_s device spo2_percent pulse_bpm perfusion_percent quality quality_pulse source",
    "v_blood_pressure": "session_id utc t_s device systolic_mmhg diastolic_mmhg mean_mmhg pulse_bpm quality "
    "device_time source",
    "v_events": "session_id seq utc t_s kind text data stored",
    "v_alarms": "session_id name severity raised_utc acknowledged_utc cleared_utc limit_text",
    "v_waveform": "session_id utc t_s device rate_hz samples beats full_scale",
    "v_remarks": "session_id seq utc t_s author text withdraws signer",
    "v_deleted": "session_id deleted_utc deleted_by rows head",
    "v_story": "session_id seq utc t_s kind text",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A record, its copy, a library and the library's copy."""
    folder = tmp_path_factory.mktemp("views")
    mutations.case(folder)
    assert main(["import", str(folder), "--data-dir", str(folder / "practice")]) == 0
    found = {"record": folder / "record.db", "library": folder / "practice" / "library.db"}
    for name in tuple(found):
        plain_copy(found[name], folder / f"{name}-copy.db")
        found[f"{name}'s copy"] = folder / f"{name}-copy.db"
    return found


@pytest.mark.parametrize("name", ["record", "record's copy", "library", "library's copy"])
def test_every_view_has_its_columns_and_lines(files: dict[str, Path], name: str) -> None:
    connection = opener.connect(files[name], read_only=True)
    for view, columns in COLUMNS.items():
        cursor = connection.execute(f"SELECT * FROM {view}")
        assert [column[0] for column in cursor.description] == columns.split()
        is_empty = view in ("v_remarks", "v_blood_pressure", "v_deleted")
        assert (cursor.fetchone() is None) == is_empty
    connection.close()


def test_the_copies_tell_what_their_originals_tell(files: dict[str, Path]) -> None:
    for name in ("record", "library"):
        for view in COLUMNS:
            query = f"SELECT * FROM {view}"
            assert select(files[name], query) == select(files[f"{name}'s copy"], query)


def test_the_story_is_the_events_without_the_programs_bookkeeping(files: dict[str, Path]) -> None:
    story = select(files["library"], "SELECT seq, kind, text FROM v_story WHERE session_id = 's-0' ORDER BY seq")
    events = select(files["library"], "SELECT seq, kind, text FROM v_events WHERE session_id = 's-0' ORDER BY seq")
    assert story == [row for row in events if row["kind"] not in BOOKKEEPING and row["text"]]
    assert {"note_added", "alarm_raised", "session_ended"} <= {row["kind"] for row in story}
    assert len(story) < len(events)
